"""The route of coverages (OGC API Coverages, draft 19-087): the cells of a raster, or those in a part of it, as they were delivered.

What a client asks is first brought to whole cells in RD and its size is bounded, so nothing that is asked takes more memory than
MAX_CELLS allow.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.ogc.rasters import COVERAGE_JSON, GEOTIFF, box_to_rd
from app.problems import BadRequest, LayerNotFound
from app.register.crs import CRS84, RD, Crs, crs_of
from app.register.publication import Box, Publication, PublishedRaster
from app.register.rasters import raster_path
from app.web.caching import FRESH, has_already, tag_for
from app.web.negotiation import negotiate, refuse_repeated, refuse_unknown

OFFERS = {"GTiff": GEOTIFF, "json": COVERAGE_JSON}
PARAMETERS = ("f", "bbox", "bbox-crs", "subset")
MAX_CELLS = {"GTiff": 16_000_000, "json": 250_000}
SUBSET = re.compile(r"\s*([xyXYENen])\(\s*([-+.\deE]+)\s*:\s*([-+.\deE]+)\s*\)\s*")

type Query = Mapping[str, str]


@dataclass(frozen=True)
class CoverageRoutes:
    """The coverage route; `current` gives the publication that is served now, `folder` holds the files."""

    current: Callable[[], Publication]
    folder: Path

    async def coverage(self, request: Request) -> Response:
        """Answer the cells of a raster in a rectangle; without one all of them, if those are not too many."""
        publication = self.current()
        raster = _raster(publication, request.path_params["collection_id"])
        query = refuse_repeated(request.query_params.multi_items())
        refuse_unknown(query, PARAMETERS)
        wanted = negotiate(request, OFFERS, "GTiff")
        box = _whole_cells(raster, _asked(query), wanted)
        tag = tag_for(publication, str(request.url.path).encode() + b"?" + request.url.query.encode() + wanted.encode())
        headers = {"ETag": tag, "Cache-Control": FRESH, "Vary": "Accept, Accept-Encoding"}
        if has_already(request, tag):
            return Response(status_code=304, headers=headers)
        # Imported when first asked: a worker that reads no cells need not have the libraries for it in memory.
        from app.ogc.coverage_cells import read_cells  # noqa: PLC0415

        body = await run_in_threadpool(read_cells, raster, raster_path(self.folder, raster.description.sha256), box, wanted)
        headers |= {"Content-Crs": f"<{RD.uri}>"}
        if wanted == "GTiff":
            headers |= {"Content-Disposition": f'attachment; filename="{raster.id}.tif"'}
        return Response(body, media_type=OFFERS[wanted], headers=headers)


def _raster(publication: Publication, collection: str) -> PublishedRaster:
    if collection in publication.rasters:
        return publication.rasters[collection]
    layer = publication[collection]
    raise LayerNotFound(f"De kaartlaag {layer.id!r} heeft objecten en geen cellen: /v1/collections/{layer.id}/items.")


def _asked(query: Query) -> Box | None:
    """Return the rectangle (RD) that is asked for, or BadRequest."""
    if "bbox" in query and "subset" in query:
        raise BadRequest("'bbox' en 'subset' gaan niet samen: geef een van beide.")
    if "subset" in query:
        return _subset(query["subset"])
    if "bbox" not in query:
        return None
    return _rectangle(query["bbox"], crs_of(query["bbox-crs"], "bbox-crs") if "bbox-crs" in query else CRS84)


def _rectangle(text: str, crs: Crs) -> Box:
    explain = f"De waarde {text!r} van 'bbox' is geen rechthoek. Geef vier getallen: minx,miny,maxx,maxy in het stelsel van bbox-crs."
    west, south, east, north = _numbers(text.split(","), 4, explain)
    if crs.latitude_first:
        west, south, east, north = south, west, north, east
    if west >= east or south >= north:
        raise BadRequest(explain)
    if crs is not RD and crs.column == "geom_crs84" and not (-180 <= west < east <= 180 and -90 < south < north < 90):
        raise BadRequest(f"'bbox' ligt buiten {crs.name}. Zet bij RD-coördinaten bbox-crs={RD.uri}.")
    return _finite(box_to_rd((west, south, east, north), crs), explain)


def _finite(box: Box, explain: str) -> Box:
    if not all(map(math.isfinite, box)):
        raise BadRequest(explain)
    return box


def _subset(text: str) -> Box:
    explain = f"De waarde {text!r} van 'subset' is geen deel van het raster. Geef meters in RD: subset=x(155000:156000),y(463000:464000)."
    bounds = {"x": (-math.inf, math.inf), "y": (-math.inf, math.inf)}
    seen = set()
    for part in text.split(","):
        match = SUBSET.fullmatch(part)
        axis = {"e": "x", "n": "y"}.get(match[1].lower(), match[1].lower()) if match else ""
        if match is None or axis in seen:
            raise BadRequest(explain)
        seen.add(axis)
        low, high = _numbers([match[2], match[3]], 2, explain)
        if low >= high:
            raise BadRequest(explain)
        bounds[axis] = low, high
    (west, east), (south, north) = bounds["x"], bounds["y"]
    return west, south, east, north


def _numbers(parts: list[str], count: int, explain: str) -> list[float]:
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise BadRequest(explain) from None
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise BadRequest(explain)
    return numbers


def _whole_cells(raster: PublishedRaster, asked: Box | None, wanted: str) -> Box:
    """Return the part of the raster that is asked for in whole cells, or BadRequest when it is empty or too large."""
    told = raster.description
    size, _, left, _, height, top = told.transform
    west, south, east, north = told.bounds
    box = asked or told.bounds
    first, last = math.floor((max(box[0], west) - left) / size), math.ceil((min(box[2], east) - left) / size)
    upper, lower = math.floor((min(box[3], north) - top) / height), math.ceil((max(box[1], south) - top) / height)
    if first >= last or upper >= lower:
        raise BadRequest(
            f"In dit deel ligt geen cel van {raster.id!r}. Het raster loopt van {west:g},{south:g} tot {east:g},{north:g} (RD)."
        )
    cells, limit = (last - first) * (lower - upper), MAX_CELLS[wanted]
    if cells > limit:
        raise BadRequest(
            f"Dit zijn {cells} cellen; als {wanted} gaan er hoogstens {limit} in één antwoord. Vraag een deel met bbox of subset."
        )
    return left + first * size, top + lower * height, left + last * size, top + upper * height
