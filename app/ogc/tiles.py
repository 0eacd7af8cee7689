"""The route of vector tiles (OGC API Tiles, geodata tilesets): level, row, column."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.ogc.addresses import MVT
from app.ogc.caching import FRESH, has_already, tag_of
from app.ogc.negotiation import negotiate, refuse_unknown_parameters
from app.problems import TileNotFound
from app.register.publication import Publication
from app.tiles import TileAddress, TileMaker, tile_matrix_set_of

OFFERS = {"mvt": MVT}
LONGEST_NUMBER = 10


@dataclass(frozen=True)
class TileRoutes:
    """The tile route; `current` gives the publication that is served now."""

    current: Callable[[], Publication]
    maker: TileMaker

    def routes(self) -> list[BaseRoute]:
        """Return the route."""
        return [Route("/v1/collections/{collection_id}/tiles/{tms_id}/{level}/{row}/{column}", self.tile)]

    async def tile(self, request: Request) -> Response:
        """Answer one tile, or 204 where the layer has nothing."""
        publication = self.current()
        published = publication[request.path_params["collection_id"]]
        negotiate(request, OFFERS, "mvt")
        refuse_unknown_parameters(request, ("f",))
        address = _address(request)
        tag = tag_of(publication, request, "mvt")
        headers = {"ETag": tag, "Cache-Control": FRESH}
        if has_already(request, tag):
            return Response(status_code=304, headers=headers)
        tile = await self.maker.tile(published, address)
        if not tile.content:
            return Response(status_code=204, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", "") and tile.zipped is not None:
            return Response(tile.zipped, media_type=MVT, headers=headers | {"Content-Encoding": "gzip"})
        return Response(tile.content, media_type=MVT, headers=headers)


def _address(request: Request) -> TileAddress:
    parts = [request.path_params[name] for name in ("level", "row", "column")]
    if not all(part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in parts):
        raise TileNotFound(f"Tegel {'/'.join(parts)!r} bestaat niet: niveau, rij en kolom zijn gehele getallen.")
    level, row, column = map(int, parts)
    return TileAddress(tile_matrix_set_of(request.path_params["tms_id"]), level, row, column)
