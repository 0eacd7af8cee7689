"""Make a tile with one statement, from the generalised copy that fits its level, and keep it while the publication lasts."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import bindparam, column, func, literal_column, select, table
from sqlalchemy.dialects import postgresql

from app.database import Envelope, Reader
from app.register.publication import Box, Description, PublishedLayer
from app.register.tables import SCHEMA
from app.tiles.matrix import TileAddress

DIALECT = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
CELLS = 4096
BUFFER = 64
# Praktijkrichtlijn vector tiling: at most 500 kB.
MOST_BYTES = 500_000
KILOBYTE_WORTH_ZIPPING = 1_000


@dataclass(frozen=True)
class Tile:
    """The bytes of a Mapbox Vector Tile 2.1, empty where the layer has nothing."""

    content: bytes

    @cached_property
    def zipped(self) -> bytes | None:
        """The gzipped tile, where that is worth it."""
        return gzip.compress(self.content, compresslevel=5) if len(self.content) > KILOBYTE_WORTH_ZIPPING else None


EMPTY = Tile(b"")


@dataclass(frozen=True)
class _Grade:
    """A table to draw tiles from, and the columns in it."""

    table_name: str
    columns: tuple[str, ...]


class TileMaker:
    """Makes tiles once per process and publication: equal requests wait for the same answer, the least used tiles are forgotten."""

    def __init__(self, reader: Reader, cache_bytes: int) -> None:
        self._reader = reader
        self._room = cache_bytes
        self._tiles: OrderedDict[tuple[str, TileAddress], Tile] = OrderedDict()
        self._busy: dict[tuple[str, TileAddress], asyncio.Future[Tile]] = {}

    async def tile(self, published: PublishedLayer, address: TileAddress) -> Tile:
        """Return a tile of a layer."""
        key = (published.table_name, address)
        if (known := self._tiles.get(key)) is not None:
            self._tiles.move_to_end(key)
            return known
        if (busy := self._busy.get(key)) is not None:
            return await asyncio.shield(busy)
        making = self._busy[key] = asyncio.ensure_future(self._make(published, address))
        try:
            made = await asyncio.shield(making)
        finally:
            self._busy.pop(key, None)
        self._keep(key, made)
        return made

    def _keep(self, key: tuple[str, TileAddress], tile: Tile) -> None:
        self._tiles[key] = tile
        self._room -= _size(tile)
        while self._room < 0 and self._tiles:
            _, forgotten = self._tiles.popitem(last=False)
            self._room += _size(forgotten)

    async def _make(self, published: PublishedLayer, address: TileAddress) -> Tile:
        if address.level not in address.matrix_set.zooms(published.layer) or not _reaches(published.description, address):
            return EMPTY
        content = b""
        for grade in _grades(published, address.web_level):
            row = await self._reader.row(_statement(published.id, grade, address.matrix_set.crs.column), _parameters(address))
            content = bytes(row[0]) if row and row[0] is not None else b""
            if len(content) <= MOST_BYTES:
                break
        return Tile(content) if content else EMPTY


def _grades(published: PublishedLayer, web_level: int) -> Iterator[_Grade]:
    """Yield the table that fits this level, then ever more generalised ones for where it is too much."""
    overviews = published.description.overviews
    fitting = [each for each in overviews if each.max_zoom >= web_level]
    coarser = [each for each in overviews if each.max_zoom < web_level]
    layer = published.layer
    if fitting:
        coarser = [fitting[-1], *coarser]
    else:
        yield _Grade(published.table_name, tuple(layer.properties))
    for each in coarser:
        yield _Grade(each.table_name, (*each.properties, "aantal"))


def _reaches(description: Description, address: TileAddress) -> bool:
    """Tell whether a tile can hold anything of the layer."""
    extent = description.extent_rd if address.matrix_set.crs.column == "geom_rd" else description.extent_3857
    if extent is None:
        return False
    west, south, east, north = _around(address)
    return west <= extent[2] and east >= extent[0] and south <= extent[3] and north >= extent[1]


def _around(address: TileAddress) -> Box:
    west, south, east, north = address.box
    margin = (east - west) * BUFFER / CELLS
    return west - margin, south - margin, east + margin, north + margin


def _parameters(address: TileAddress) -> dict[str, object]:
    srid = address.matrix_set.crs.srid
    return {"tile": Envelope(srid, address.box), "around": Envelope(srid, _around(address))}


@lru_cache(maxsize=1024)
def _statement(layer_id: str, grade: _Grade, geometry: str) -> str:
    names = ("rid", "id", *grade.columns)
    source = table(grade.table_name, column(geometry), *map(column, names), schema=SCHEMA)
    bounds = bindparam("tile").op("::")(literal_column("geometry::box2d"))
    drawn = func.ST_AsMVTGeom(source.c[geometry], bounds, literal_column(str(CELLS)), literal_column(str(BUFFER)), literal_column("true"))
    near = source.c[geometry].op("&&", is_comparison=True)(bindparam("around").op("::")(literal_column("geometry")))
    features = select(*(source.c[name] for name in names), drawn.label("geom")).where(near).subquery("tile")
    encoded = func.ST_AsMVT(features.table_valued(), literal_column(f"'{layer_id}', {CELLS}, 'geom', 'rid'"))
    return str(select(encoded).select_from(features).compile(dialect=DIALECT))


def _size(tile: Tile) -> int:
    return len(tile.content) + 200
