"""How tile matrix sets and the tilesets of each layer are described (OGC 17-083r4)."""

from app.layers import Geometry
from app.register.crs import CRS84, RD, Crs
from app.register.publication import Box, PublishedLayer
from app.tiles.matrix import TileMatrixSet
from app.web.addresses import JSON, MVT, OGC_REL, Addresses, Json, link

DIMENSIONS = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}


def describe_tile_matrix_set(tms: TileMatrixSet) -> Json:
    """Return the definition of a tile matrix set."""
    return {
        "id": tms.id,
        "title": tms.title,
        "uri": tms.uri,
        "crs": tms.crs.uri,
        "orderedAxes": list(tms.axes),
        **({"wellKnownScaleSet": tms.scale_set} if tms.scale_set else {}),
        "tileMatrices": [_describe_matrix(tms, level) for level in range(tms.levels)],
    }


def _describe_matrix(tms: TileMatrixSet, level: int) -> Json:
    return {
        "id": str(level),
        # 0.28 mm is the pixel that OGC assumes (OGC 17-083r4 §6.1.1.1).
        "scaleDenominator": tms.cell_size(level) / 0.00028,
        "cellSize": tms.cell_size(level),
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": list(tms.origin),
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 2**level,
        "matrixHeight": 2**level,
    }


def summarise_tile_matrix_set(tms: TileMatrixSet, addresses: Addresses) -> Json:
    """Return the entry of a tile matrix set in the list of all."""
    own = link("self", f"{addresses.at('tileMatrixSets', tms.id)}?f=json", JSON, tms.title)
    return {"id": tms.id, "title": tms.title, "uri": tms.uri, "crs": tms.crs.uri, "links": [own]}


def summarise_tileset(layer: PublishedLayer, tms: TileMatrixSet, addresses: Addresses) -> Json:
    """Return the entry of a tileset in the list of those of its layer."""
    title = f"{layer.layer.title} ({tms.id})"
    return {
        "title": title,
        "dataType": "vector",
        "crs": tms.crs.uri,
        "tileMatrixSetURI": tms.uri,
        "links": [
            link("self", f"{addresses.at('collections', layer.id, 'tiles', tms.id)}?f=json", JSON, title),
            link(f"{OGC_REL}/tiling-scheme", f"{addresses.at('tileMatrixSets', tms.id)}?f=json", JSON, tms.title),
        ],
    }


def describe_tileset(layer: PublishedLayer, tms: TileMatrixSet, addresses: Addresses, schema: Json) -> Json:
    """Return the tileset metadata: what the tiles hold, where they are, and the template of their addresses."""
    tileset = summarise_tileset(layer, tms, addresses)
    zooms, box = tms.zooms(layer.layer), _extent_in(layer, tms.crs)
    tiles = f"{addresses.at('collections', layer.id, 'tiles', tms.id)}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f=mvt"
    template = link("item", tiles, MVT, f"Tegels van {layer.layer.title}") | {"templated": True}
    collection = link(f"{OGC_REL}/geodata", addresses.at("collections", layer.id), JSON, layer.layer.title)
    return {
        **tileset,
        "description": layer.layer.description,
        "attribution": attribution_of(layer),
        "links": [*tileset["links"][1:], template, collection],
        "tileMatrixSetLimits": [_describe_limits(tms, box, level) for level in zooms] if box else [],
        **({"boundingBox": _describe_box(layer.description.extent_crs84)} if layer.description.extent_crs84 else {}),
        "layers": [_describe_tile_layer(layer, zooms, schema)],
    }


def attribution_of(layer: PublishedLayer) -> str:
    """Return how to cite the origins of a layer, in one line."""
    return "; ".join(dict.fromkeys(origin.attribution or f"{origin.publisher}, {origin.title}" for origin in layer.description.origins))


def _extent_in(layer: PublishedLayer, crs: Crs) -> Box | None:
    return layer.description.extent_rd if crs is RD else layer.description.extent_3857


def _describe_limits(tms: TileMatrixSet, box: Box, level: int) -> Json:
    names = ("minTileRow", "maxTileRow", "minTileCol", "maxTileCol")
    return {"tileMatrix": str(level), **dict(zip(names, tms.tiles_over(box, level), strict=True))}


def _describe_box(box: Box) -> Json:
    return {"lowerLeft": list(box[:2]), "upperRight": list(box[2:]), "crs": CRS84.uri, "orderedAxes": ["Lon", "Lat"]}


def _describe_tile_layer(layer: PublishedLayer, zooms: range, schema: Json) -> Json:
    return {
        "id": layer.id,
        "title": layer.layer.title,
        "description": layer.layer.description,
        "dataType": "vector",
        "geometryDimension": DIMENSIONS[layer.layer.geometry],
        "minTileMatrix": str(zooms[0]),
        "maxTileMatrix": str(zooms[-1]),
        "propertiesSchema": {"type": "object", "properties": schema["properties"]},
    }
