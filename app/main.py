"""`create_app()`: where the floors meet. Everything wrong in layers, styles or settings is said here, before the first request."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from starlette_compress import add_compress_type

from app import __version__
from app.api import balans, cijfers, energiebeelden, gebieden, health, kengetallen, reeks, regels, vergelijk, verschil
from app.api import begrippen as begrip_routes
from app.api.door import Door
from app.api.overlap import gebied as gebiedsoverlap
from app.api.overlap import routes as overlap_routes
from app.api.overlap.answering import Overlaptoets
from app.api.overlap.processes import processes as overlap_processes
from app.database import Reader
from app.layers import read_layers
from app.ogc import features, metadata, styles, tiles
from app.ogc.answers import UNFORESEEN, CommonHeaders, compressing, explain
from app.ogc.coverages import CoverageRoutes
from app.ogc.hot import HotRoutes
from app.ogc.processes import routes as process_routes
from app.ogc.processes.echo import Echo
from app.ogc.processes.jobs import Jobs
from app.ogc.processes.process import Processes
from app.ogc.processes.routes import Desk
from app.ogc.processes.runner import Runner
from app.overlap.footprint import Ground
from app.portal import pages as portal
from app.problems import BadRequest, MethodNotAllowed, NotFound, Problem
from app.register.afleidingen import read_afleidingen
from app.register.begrippen import read_begrippen
from app.register.columns import check_columns
from app.register.crs import use_grid
from app.register.current import CurrentPublication
from app.register.grid import GRIDS, WITHOUT_GRID, grid_folder
from app.register.rasters import check_rasters
from app.register.regels import read_regels
from app.settings import Settings
from app.styles.checking import check_styles
from app.styles.sld import read_styles
from app.tiles import TileMaker
from app.web.addresses import GEOJSON, OPENAPI_JSON, SCHEMA_JSON

# New objects between two collections: a request leaves no cycles worth looking for more often.
COLLECT_EVERY = 50_000
API = (begrip_routes, cijfers, gebieden, balans, vergelijk, reeks, gebiedsoverlap, energiebeelden, verschil)

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> ASGIApp:
    """Return the service as an ASGI application; raises ConfigurationFault naming every fault in the files of this deployment."""
    settings = settings or Settings()
    if not use_grid(grid_folder(settings)):
        log.warning(WITHOUT_GRID.format(names=" en ".join(GRIDS), folder=grid_folder(settings)))
    layers, sld = read_layers(settings.layer_folders), read_styles(settings.sld_folders)
    begrippen = read_begrippen(settings.seed_folders)
    check_styles(sld, layers)
    check_columns(layers, begrippen)
    check_rasters(layers, begrippen)
    regelset = read_regels(settings.seed_folders, begrippen)
    reader = Reader(settings)
    current = CurrentPublication(reader, layers)
    door = Door(current, reader, begrippen, settings)
    afleidingen = read_afleidingen(settings.seed_folders, begrippen)
    maker = TileMaker(reader, settings.tile_cache_mb * 1_000_000)
    feature_routes, tile_routes = features.FeatureRoutes(current, reader, settings), tiles.TileRoutes(current, maker)
    toets = Overlaptoets(door, regelset, Ground(begrippen, afleidingen.kengetallen))
    desk = Desk(Processes((*overlap_processes(toets), Echo())), Jobs(settings), current, settings)
    app = FastAPI(openapi_url=None, redirect_slashes=False, lifespan=_lifespan(reader, current, desk))
    app.router.routes.extend(
        [
            *metadata.routes(current, settings),
            *styles.routes(current, sld, settings),
            *portal.routes(current, sld, begrippen["beeld"], settings),
            *(route for part in API for route in part.routes(door)),
            *kengetallen.routes(door, afleidingen.kengetallen),
            *regels.routes(door, regelset),
            *overlap_routes.routes(toets),
            *process_routes.routes(desk),
            Route("/v1/collections/{collection_id}/coverage", CoverageRoutes(current, settings.raster_folder).coverage),
        ]
    )
    app.include_router(health.router(current, reader))
    _say_what_is_wrong(app)
    for media_type in (GEOJSON, SCHEMA_JSON, OPENAPI_JSON, cijfers.CSV, styles.MAPLIBRE):
        add_compress_type(media_type)
    hot = HotRoutes(compressing(app), items=feature_routes.items, item=feature_routes.item, tile=tile_routes.tile)
    return CommonHeaders(hot, version=__version__)


def _lifespan(reader: Reader, current: CurrentPublication, desk: Desk) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with contextlib.suppress(Problem):
            await current.refresh()
        beside = [asyncio.create_task(each) for each in (current.watch(), Runner(desk.jobs, desk.processes).work())]
        # What the process now holds it keeps: the garbage collector need not walk it again for every thousand requests.
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECT_EVERY, 20, 20)
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await desk.jobs.close()
            await reader.close()

    return lifespan


def _say_what_is_wrong(app: FastAPI) -> None:
    """Answer every fault as problem+json (RFC 9457), whatever raised it."""

    async def problem(_: Request, fault: Exception) -> Response:
        return explain(fault if isinstance(fault, Problem) else BadRequest("De vraag is niet geldig."))

    async def framework(request: Request, fault: Exception) -> Response:
        path, status = request.url.path, getattr(fault, "status_code", 500)
        if status == 405:
            return explain(MethodNotAllowed(f"{path} kent de methode {request.method} niet."))
        return explain(NotFound(f"Er staat niets op {path}. Begin bij /v1.") if status == 404 else Problem(str(fault)), status)

    async def unforeseen(_: Request, __: Exception) -> Response:
        return explain(UNFORESEEN)

    app.add_exception_handler(Exception, unforeseen)
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, problem)
    app.add_exception_handler(HTTPException, framework)
