"""What every answer has: the version of the API, open access for other sites, safe defaults for browsers; and how a problem looks."""

import orjson
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import Problem

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5
METHODS = "GET, HEAD, POST, OPTIONS"
EXPOSED = "Content-Crs, Link, ETag, API-Version, OGC-NumberMatched, Retry-After"


def explain(problem: Problem, status: int | None = None) -> Response:
    """Return a problem as RFC 9457 describes it, in Dutch, with every fault in `errors`."""
    status = status or problem.status
    document = {"type": "about:blank", "title": problem.title, "status": status, "detail": problem.detail}
    if problem.errors:
        document["errors"] = [{"detail": error} for error in problem.errors]
    headers = {"Cache-Control": "no-store", "Content-Language": "nl"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(orjson.dumps(document), status, headers, PROBLEM_JSON)


class CommonHeaders:
    """Middleware: adds to each answer what Dutch API rules ask of all, and answers OPTIONS for every address."""

    def __init__(self, app: ASGIApp, version: str) -> None:
        self._app = app
        self._headers = {
            "API-Version": version,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": EXPOSED,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if "content-security-policy" not in headers:
                    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
                    headers["X-Frame-Options"] = "DENY"
            await send(message)

        if scope["method"] == "OPTIONS":
            allowed = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "*"}
            await Response(status_code=204, headers=allowed | {"Access-Control-Max-Age": "86400"})(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)
