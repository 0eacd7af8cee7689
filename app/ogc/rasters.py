"""Rasters as clients read them: a collection without items, with its grid, its classes and the way to its coverage."""

import numpy as np
import shapely

from app.register.crs import CRS84, RD, Crs, from_rd, to_rd
from app.register.publication import Box, PublishedRaster
from app.web.addresses import HTML, JSON, OGC_REL, SCHEMA_JSON, Addresses, Json, is_web_address, link

GEOTIFF = "image/tiff; application=geotiff"
COVERAGE_JSON = "application/prs.coverage+json"
VALUE = "waarde"
EDGE_PARTS = 32


def describe_raster(raster: PublishedRaster, addresses: Addresses) -> Json:
    """Return the description of a collection of cells (OGC API Coverages, draft 19-087), without links to itself."""
    layer, told = raster.layer, raster.description
    address = addresses.at("collections", raster.id)
    return {
        "id": raster.id,
        "title": layer.title,
        "description": layer.description,
        "keywords": [layer.theme.value, *layer.keywords],
        "attribution": "; ".join(each.attribution or f"{each.publisher}, {each.title}" for each in told.origins),
        "theme": layer.theme.value,
        "dataType": "coverage",
        "extent": {"spatial": {"bbox": [list(_box_in(told.bounds, CRS84))], "crs": CRS84.uri, "storageCrsBbox": [list(told.bounds)]}},
        "storageCrs": RD.uri,
        "crs": [RD.uri],
        "cellen": _grid(raster),
        "waarde": {"title": layer.raster.title, "unit": layer.raster.unit, **told.model_dump(include={"minimum", "mean", "maximum"})},
        "klassen": _classes(raster),
        "bronnen": [origin.model_dump(mode="json", exclude={"levering_id"}) for origin in told.origins],
        "links": [
            link(f"{OGC_REL}/coverage", f"{address}/coverage?f=GTiff", GEOTIFF, f"{layer.title}: cellen als GeoTIFF"),
            link(f"{OGC_REL}/coverage", f"{address}/coverage?f=json", COVERAGE_JSON, f"{layer.title}: cellen als CoverageJSON"),
            link(f"{OGC_REL}/schema", f"{address}/schema?f=json", SCHEMA_JSON, f"{layer.title}: beschrijving van de waarde"),
            link("root", f"{addresses.root}?f=json", JSON, "Beginpagina van de service"),
            *(link("license", each.license, HTML, "Licentie van de bron") for each in told.origins if is_web_address(each.license)),
        ],
    }


def link_raster(raster: PublishedRaster, addresses: Addresses) -> Json:
    """Return the raster as JSON-LD (schema.org Dataset)."""
    west, south, east, north = _box_in(raster.description.bounds, CRS84)
    return {
        "@context": "https://schema.org/docs/jsonldcontext.jsonld",
        "@type": "Dataset",
        "@id": addresses.at("collections", raster.id),
        "name": raster.layer.title,
        "description": raster.layer.description,
        "keywords": [raster.layer.theme.value, *raster.layer.keywords],
        "license": [each.license for each in raster.description.origins],
        "spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": f"{south},{west} {north},{east}"}},
    }


def describe_raster_schema(raster: PublishedRaster, addresses: Addresses) -> Json:
    """Return the JSON Schema of what a cell holds (OGC API Common 3)."""
    declared = raster.layer.raster
    value = {"title": declared.title, "type": "number", "x-ogc-unit": declared.unit, "x-ogc-propertySeq": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": addresses.at("collections", raster.id, "schema"),
        "title": raster.layer.title,
        "description": raster.layer.description,
        "type": "object",
        "properties": {VALUE: value},
        "additionalProperties": False,
    }


def box_to_rd(box: Box, crs: Crs) -> Box:
    """Return the smallest rectangle in RD around a rectangle (x/y or lon/lat) in `crs`, whose sides are curves there."""
    drawn = shapely.segmentize(shapely.box(*box), max((box[2] - box[0]), (box[3] - box[1])) / EDGE_PARTS or None)
    return _bounds(drawn if crs is RD else to_rd(np.array([drawn]), crs.epsg)[0])


def _box_in(box: Box, crs: Crs) -> Box:
    drawn = shapely.segmentize(shapely.box(*box), max(box[2] - box[0], box[3] - box[1]) / EDGE_PARTS)
    return _bounds(from_rd(np.array([drawn]), crs)[0])


def _bounds(geometry: shapely.Geometry) -> Box:
    west, south, east, north = map(float, shapely.bounds(geometry))
    return west, south, east, north


def _grid(raster: PublishedRaster) -> Json:
    told = raster.description
    return {
        "kolommen": told.width,
        "rijen": told.height,
        "breedteM": told.transform[0],
        "hoogteM": -told.transform[4],
        "metWaarde": told.known,
    }


def _classes(raster: PublishedRaster) -> list[Json]:
    counted = {each.label: each for each in raster.description.classes}
    return [
        {
            "label": each.label,
            "van": each.low,
            "tot": each.to,
            "kleur": each.colour,
            "beperking": each.beperking,
            "cellen": counted[each.label].cells,
            "oppervlakteHa": round(counted[each.label].m2 / 1e4, 4),
        }
        for each in raster.layer.raster.classes
    ]
