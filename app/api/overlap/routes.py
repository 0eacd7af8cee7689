"""`POST /v1/overlaptoetsen`: the overlaptoets as one plain JSON call; it reckons and keeps nothing."""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.api.overlap.answering import Overlaptoets
from app.web.addresses import JSON, Addresses, base_url_of
from app.web.body import read_json
from app.web.negotiation import refuse_unknown_parameters


def routes(toets: Overlaptoets) -> list[BaseRoute]:
    """Return the route of the overlaptoets."""

    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ())
        vraag = toets.read(await read_json(request))
        addresses = Addresses(base_url_of(request, toets.door.settings))
        told = await toets.answer(vraag, addresses)
        return Response(orjson.dumps(told), media_type=JSON, headers={"Cache-Control": "no-store", "Content-Language": "nl"})

    return [Route("/v1/overlaptoetsen", answer, methods=["POST"])]
