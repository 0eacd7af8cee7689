"""The route of coverages (OGC API Coverages, draft 19-087): the cells of a raster, or those in a part of it, as they were delivered.

pygeoapi's rasterio provider reads the cells. What a client asks is first brought to whole cells in RD and its size is bounded, so nothing
that is asked takes more memory than MAX_CELLS allow.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from pygeoapi.provider.base import ProviderGenericError
from pygeoapi.provider.rasterio_ import RasterioProvider
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.layers import Raster
from app.ogc.rasters import COVERAGE_JSON, GEOTIFF, VALUE, box_to_rd
from app.problems import BadRequest, LayerNotFound, Unavailable
from app.register.crs import CRS84, RD, Crs, crs_of
from app.register.publication import Box, Publication, PublishedRaster
from app.register.rasters import raster_path
from app.web.addresses import Json
from app.web.caching import FRESH, has_already, tag_for
from app.web.negotiation import negotiate, refuse_repeated, refuse_unknown

OFFERS = {"GTiff": GEOTIFF, "json": COVERAGE_JSON}
PARAMETERS = ("f", "bbox", "bbox-crs", "subset")
HAIR = 1e-6
MAX_CELLS = {"GTiff": 16_000_000, "json": 250_000}
SUBSET = re.compile(r"\s*([xyXYENen])\(\s*([-+.\deE]+)\s*:\s*([-+.\deE]+)\s*\)\s*")

type Query = Mapping[str, str]
type Cells = NDArray[np.float64]


class CoverageProvider(RasterioProvider):  # type: ignore[misc]  # pygeoapi has no types
    """pygeoapi's provider, with CoverageJSON as its specification asks: centres of cells, null without data, and the value by its name.

    `value` in its definition tells what the cells hold.
    """

    def __init__(self, provider_def: Json) -> None:
        super().__init__(provider_def)
        self.raster: Raster = provider_def["value"]

    def gen_covjson(self, metadata: Json, data: "np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]") -> Json:
        """Return the cells as a Grid coverage (OGC 21-069r2)."""
        said, transform, (_, rows, columns) = self.raster, metadata["transform"], data.shape
        first, last = transform @ (0.5, 0.5), transform @ (columns - 0.5, rows - 0.5)
        sides = (("x", columns), ("y", rows))
        axes = {name: {"start": first[at], "stop": last[at], "num": count} for at, (name, count) in enumerate(sides)}
        values = data.astype(np.float64).ravel().tolist()
        system = {"type": "ProjectedCRS", "id": RD.uri}
        label = {"nl": said.title}
        return {
            "type": "Coverage",
            "domain": {
                "type": "Domain",
                "domainType": "Grid",
                "axes": axes,
                "referencing": [{"coordinates": ["x", "y"], "system": system}],
            },
            "parameters": {VALUE: {"type": "Parameter", "observedProperty": {"label": label}, "unit": {"symbol": said.unit}}},
            "ranges": {
                VALUE: {"type": "NdArray", "dataType": "float", "axisNames": ["y", "x"], "shape": [rows, columns], "values": values}
            },
        }


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
        body = await run_in_threadpool(_read, raster, raster_path(self.folder, raster.description.sha256), box, wanted)
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


def _read(raster: PublishedRaster, path: Path, box: Box, wanted: str) -> bytes:
    if not path.is_file():
        raise Unavailable(f"Het bestand van het raster {raster.id!r} is nu niet te lezen.")
    native = {"name": "GTiff", "mimetype": GEOTIFF}
    definition = {"name": "rasterio", "type": "coverage", "data": str(path), "format": native, "value": raster.layer.raster}
    west, south, east, north = box
    # A hair inward: a cell of which only the side touches is not asked for.
    inner = [west + HAIR, south + HAIR, east - HAIR, north - HAIR]
    try:
        answer = CoverageProvider(definition).query(bbox=inner, bbox_crs=RD.epsg, format_=wanted)
    except ProviderGenericError as fault:
        raise Unavailable(f"Het raster {raster.id!r} is nu niet te lezen.") from fault
    return orjson.dumps(answer) if wanted == "json" else bytes(answer)
