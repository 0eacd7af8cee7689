"""`POST /v1/overlaptoetsen` and its kin: each as one plain JSON call; it reckons and keeps nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.api.overlap.answering import Overlaptoets
from app.api.overlap.plantoetsen import Plantoetsen
from app.api.overlap.ruimtezoekers import Ruimtezoekers
from app.problems import BadRequest
from app.web.addresses import JSON, Addresses, Json, base_url_of
from app.web.body import read_json
from app.web.negotiation import refuse_unknown_parameters

# A search that takes longer than this is for the process, which runs on while the client does something else.
PATIENCE_S = 60.0
TOO_LONG = "Zoeken duurt hier langer dan een minuut. Zoek in een kleiner gebied, of naar iets groters."

type Answer = Callable[[Json, Addresses], Awaitable[Json]]


def routes(toets: Overlaptoets) -> list[BaseRoute]:
    """Return the routes of the overlaptoets, the plantoets and the ruimtezoeker."""
    plantoetsen, ruimtezoekers = Plantoetsen(toets), Ruimtezoekers(toets)

    async def seek(body: Json, addresses: Addresses) -> Json:
        vraag = ruimtezoekers.read(body)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await ruimtezoekers.answer(vraag, addresses)
        except TimeoutError:
            raise BadRequest(TOO_LONG) from None

    return [
        _route("/v1/overlaptoetsen", toets, lambda body, addresses: toets.answer(toets.read(body), addresses)),
        _route("/v1/plantoetsen", toets, lambda body, addresses: plantoetsen.answer(plantoetsen.read(body), addresses)),
        _route("/v1/ruimtezoekers", toets, seek),
    ]


def _route(path: str, toets: Overlaptoets, answer: Answer) -> Route:
    async def respond(request: Request) -> Response:
        refuse_unknown_parameters(request, ())
        body = await read_json(request)
        told = await answer(body, Addresses(base_url_of(request, toets.door.settings)))
        return Response(orjson.dumps(told), media_type=JSON, headers={"Cache-Control": "no-store", "Content-Language": "nl"})

    return Route(path, respond, methods=["POST"])
