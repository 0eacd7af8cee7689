"""Read the cells of a raster as a GeoTIFF or as CoverageJSON, with pygeoapi's rasterio provider."""

from pathlib import Path

import numpy as np
import orjson
from pygeoapi.provider.base import ProviderGenericError
from pygeoapi.provider.rasterio_ import RasterioProvider

from app.layers import Raster
from app.ogc.rasters import GEOTIFF, VALUE
from app.problems import Unavailable
from app.register.crs import RD
from app.register.publication import Box, PublishedRaster
from app.web.addresses import Json

HAIR = 1e-6


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


def read_cells(raster: PublishedRaster, path: Path, box: Box, wanted: str) -> bytes:
    """Return the cells in a rectangle (RD, whole cells) as a GeoTIFF or as CoverageJSON (`json`), or raise Unavailable."""
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
