"""The part of the OpenAPI document about rasters."""

from app.ogc.describing import Operation, object_of, query_parameter
from app.ogc.rasters import COVERAGE_JSON, GEOTIFF
from app.web.addresses import Json

TAG = "Rasters"
TAGS = {TAG: "Gebiedsopgaven in cellen, zoals de diepte van een overstroming (OGC API Coverages)."}
OPERATIONS = (
    Operation(
        "/collections/{collectionId}/coverage",
        "getCoverage",
        TAG,
        "De cellen van een raster",
        "Coverage",
        ("bbox", "bbox-crs", "subset", "f-coverage"),
    ),
)
FORMATS = {"f-coverage": ["GTiff", "json"]}


def parameters() -> Json:
    """Return the query parameters by the name of their component."""
    what = "Alleen deze cellen, in meters RD, zoals x(155000:156000),y(463000:464000); niet samen met bbox"
    return {"subset": query_parameter("subset", what, {"type": "string"})}


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    content = {GEOTIFF: {"schema": {"type": "string", "format": "binary"}}}
    grid = object_of(("type", "domain", "parameters", "ranges"), type={"type": "string", "enum": ["Coverage"]})
    return {"Coverage": ("De cellen", {**content, COVERAGE_JSON: {"schema": grid}})}
