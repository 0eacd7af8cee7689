"""A small publication by hand, with names that try to break out of the page, behind the real routes."""

import asyncio
import datetime as dt
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from app.layers import Layer
from app.ogc.metadata import routes
from app.problems import Problem
from app.register.publication import Description, Origin, Publication, PublishedLayer
from app.settings import Settings

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"

GEMEENTEN = Layer(
    id="gemeenten",
    title="Gemeenten",
    description="Grenzen van alle gemeenten.",
    theme="gebieden",
    geometry="polygon",
    style="gemeenten",
    keywords=("grenzen",),
    label="naam",
    period={"start": "geldig_vanaf", "end": "geldig_tot"},
    properties={
        "naam": {"title": "Naam", "source": "Kadaster"},
        "oppervlakte_ha": {"title": "Oppervlakte", "type": "number", "unit": "ha", "description": "Gemeten in RD."},
        "inwoners": {"title": "Inwoners", "type": "integer", "unit": "inwoners"},
        "geldig_vanaf": {"title": "Geldig vanaf", "type": "date"},
        "geldig_tot": {"title": "Geldig tot", "type": "date"},
    },
)
TURBINES = Layer(
    id="wind-turbines",
    title=f"Turbines {ATTACK}",
    description=f"Minder dan 5: <5 & meer. {ATTACK}",
    theme="aanbod",
    geometry="point",
    style="wind-turbines",
    zoom={"min": 8, "max": 16},
    properties={"bouwjaar": {"title": f"Bouwjaar {ATTACK}", "type": "integer"}},
)
CBS = Origin(
    levering_id=1,
    bron="cbs-gemeenten",
    title="CBS gebiedsindelingen",
    publisher="CBS",
    license="https://creativecommons.org/licenses/by/4.0/",
    homepage="https://www.cbs.nl/",
    attribution="© CBS, Kadaster",
    peildatum=dt.date(2025, 1, 1),
    demo=False,
)
ROGUE = CBS.model_copy(
    update={"title": ATTACK, "homepage": "javascript:alert(3)", "license": "javascript:alert(4)", "attribution": None, "demo": True}
)


def _publish(layer: Layer, description: Description) -> PublishedLayer:
    return PublishedLayer(layer, f"{layer.table_name}_1", description, dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))


@pytest.fixture
def publication() -> Publication:
    gemeenten = Description(
        count=342,
        extent_crs84=(3.2, 50.75, 7.22, 53.7),
        extent_rd=(13565.4, 306846.0, 278026.0, 619352.5),
        extent_3857=(356222.0, 6573000.0, 803725.0, 7106000.0),
        period=(dt.date(2022, 1, 1), None),
        origins=(CBS,),
    )
    layers = (_publish(GEMEENTEN, gemeenten), _publish(TURBINES, Description(count=0, extent_crs84=None, extent_rd=None, origins=(ROGUE,))))
    return Publication(7, "2026-11-23.1", dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC), {each.id: each for each in layers})


type Get = Callable[..., httpx.Response]


@pytest.fixture
def get(publication: Publication) -> Get:
    return open_door(lambda: publication, Settings(url=None))


def open_door(current: Callable[[], Publication], settings: Settings) -> Get:
    """Return a function that asks the routes like a client does."""

    async def explain(_: Request, problem: Exception) -> JSONResponse:
        assert isinstance(problem, Problem)
        return JSONResponse({"title": problem.title, "detail": problem.detail, "errors": problem.errors}, problem.status)

    app = Starlette(routes=routes(current, settings), exception_handlers={Problem: explain})
    app.router.redirect_slashes = False

    async def ask(path: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kaart.test") as client:
            return await client.get(path, headers=headers)

    return lambda path, **headers: asyncio.run(ask(path, {name.replace("_", "-"): value for name, value in headers.items()}))
