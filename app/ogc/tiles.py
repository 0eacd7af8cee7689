"""The route of vector tiles (OGC API Tiles, geodata tilesets): level, row, column."""

from collections.abc import Callable
from dataclasses import dataclass

from app.ogc.hot import Answer, Ask, not_modified
from app.problems import TileNotFound
from app.register.publication import Publication
from app.tiles import TileAddress, TileMaker, tile_matrix_set_of
from app.web.addresses import MVT
from app.web.negotiation import refuse_unknown

OFFERS = (("mvt", MVT),)
PARAMETERS = frozenset({"f"})
LONGEST_NUMBER = 10


@dataclass(frozen=True)
class TileRoutes:
    """The tile route; `current` gives the publication that is served now."""

    current: Callable[[], Publication]
    maker: TileMaker

    async def tile(self, ask: Ask, layer_id: str, matrix_set: str, *place: str) -> Answer:
        """Answer one tile, or 204 where the layer has nothing."""
        publication = self.current()
        published = publication[layer_id]
        ask.wants(OFFERS, "mvt")
        refuse_unknown(ask.query, PARAMETERS)
        address = _address(matrix_set, place)
        tag = ask.tag(publication, "mvt")
        if ask.knows(tag):
            return not_modified(tag)
        tile = await self.maker.tile(published, address)
        if not tile.content:
            return Answer(204, tag=tag)
        if b"gzip" in ask.headers.get(b"accept-encoding", b"") and tile.zipped is not None:
            return Answer(200, tile.zipped, MVT, tag, ((b"content-encoding", b"gzip"),))
        return Answer(200, tile.content, MVT, tag)


def _address(matrix_set: str, place: tuple[str, ...]) -> TileAddress:
    if not all(part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in place):
        raise TileNotFound(f"Tegel {'/'.join(place)!r} bestaat niet: niveau, rij en kolom zijn gehele getallen.")
    level, row, column = map(int, place)
    return TileAddress(tile_matrix_set_of(matrix_set), level, row, column)
