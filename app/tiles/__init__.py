"""Vector tiles of a published layer in WebMercatorQuad and NetherlandsRDNewQuad, made by PostGIS and remembered."""

from app.tiles.making import Tile, TileMaker
from app.tiles.matrix import TILE_MATRIX_SETS, TileAddress, TileMatrixSet, tile_matrix_set_of

__all__ = ["TILE_MATRIX_SETS", "Tile", "TileAddress", "TileMaker", "TileMatrixSet", "tile_matrix_set_of"]
