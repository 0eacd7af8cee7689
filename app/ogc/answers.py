"""What every answer has: the version of the API, open access for other sites, safe defaults for browsers; and how a problem looks."""

import logging
import re

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from app.problems import Problem

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5
# QGIS asks with OPTIONS whether a layer can be edited: no layer takes a POST, only questions and jobs do.
METHODS = "GET, HEAD, OPTIONS"
ASKED = re.compile(r"/v1/(overlaptoetsen|plantoetsen|ruimtezoekers|processes/[^/]+/execution|jobs/[^/]+(/herstart)?)")
COMMON = {
    b"access-control-allow-origin": "*",
    b"access-control-expose-headers": "Content-Crs, Link, ETag, API-Version, Retry-After",
    b"x-content-type-options": "nosniff",
    b"referrer-policy": "no-referrer",
    b"strict-transport-security": "max-age=31536000; includeSubDomains",
}
UNFRAMED = [(b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"), (b"x-frame-options", b"DENY")]
ALLOWED = {"Access-Control-Allow-Headers": "*", "Access-Control-Max-Age": "86400"}

UNFORESEEN = Problem("De service kon dit niet beantwoorden. De beheerder vindt de oorzaak in het logboek.")
WORTH_COMPRESSING = 1_000

log = logging.getLogger(__name__)


def explain(problem: Problem, status: int | None = None) -> Response:
    """Return a problem as RFC 9457 describes it, in Dutch, with every fault in `errors`."""
    status = status or problem.status
    document = {"type": problem.type, "title": problem.title, "status": status, "detail": problem.detail}
    if problem.errors:
        document["errors"] = [{"detail": error} for error in problem.errors]
    headers = {"Cache-Control": "no-store", "Content-Language": "nl"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(orjson.dumps(document), status, headers, PROBLEM_JSON)


def compressing(app: ASGIApp) -> ASGIApp:
    """Compress what an application answers, as the client accepts."""
    return CompressMiddleware(app, minimum_size=WORTH_COMPRESSING, zstd=False)


class CommonHeaders:
    """The outermost layer: adds to each answer what Dutch API rules ask of all, answers OPTIONS everywhere, and a fault nobody foresaw."""

    def __init__(self, app: ASGIApp, version: str) -> None:
        self._app = app
        self._headers = [(name, value.encode()) for name, value in {b"api-version": version, **COMMON}.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = message["headers"]
                framable = any(name == b"content-security-policy" for name, _ in own)
                message["headers"] = [*own, *self._headers] if framable else [*own, *self._headers, *UNFRAMED]
            await send(message)

        if scope["method"] == "OPTIONS":
            methods = f"{METHODS}, POST, DELETE" if ASKED.fullmatch(scope["path"]) else METHODS
            allowed = ALLOWED | {"Allow": methods, "Access-Control-Allow-Methods": methods}
            await Response(status_code=204, headers=allowed)(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if started:
                raise
            log.exception("Unforeseen fault on %s", scope["path"])
            await explain(UNFORESEEN)(scope, receive, send_with_headers)
