"""The routes of the web map: the page for visitors, the page for iframes, its files, and what it shows."""

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.portal.build import output_folder
from app.portal.contents import describe_contents
from app.problems import NotFound, Unavailable
from app.register.begrippen import Begrip
from app.register.publication import Publication
from app.settings import Settings
from app.styles.model import Style

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)
ENCODINGS = {"br": ".br", "gzip": ".gz"}
FOR_EVER = "public, max-age=31536000, immutable"


def routes(
    current: Callable[[], Publication], styles: Mapping[str, Style], beelden: Mapping[str, Begrip], settings: Settings
) -> list[BaseRoute]:
    """Return the routes of the web map; `current` gives the publication that is served now."""
    folder = output_folder(settings)
    names = {code: each.naam for code, each in beelden.items()}

    def page(ancestors: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            return _file(request, folder / "index.html", "no-cache", ancestors)

        return answer

    def asset(request: Request) -> Response:
        return _file(request, folder / "assets" / request.path_params["name"], FOR_EVER)

    def icon(request: Request) -> Response:
        return _file(request, folder / "favicon.svg", "public, max-age=86400")

    async def contents(request: Request) -> Response:
        return _tagged(request, await run_in_threadpool(lambda: orjson.dumps(describe_contents(current(), styles, names))), "application/json")

    return [
        Route("/", page("'self'")),
        Route("/kaart", page("*")),
        Route("/kaart/inhoud.json", contents),
        Route("/assets/{name}", asset),
        Route("/favicon.svg", icon),
        Route("/favicon.ico", icon),
    ]


def _file(request: Request, path: Path, caching: str, ancestors: str = "'none'") -> Response:
    if not path.is_file():
        if path.name == "index.html":
            raise Unavailable("De webkaart is nog niet gebouwd. Dat gebeurt bij ./energiebeeld start.")
        raise NotFound("Dit bestand hoort niet bij deze versie van de webkaart.")
    accepted = request.headers.get("accept-encoding", "")
    encoding = next((name for name, ending in ENCODINGS.items() if name in accepted and path.with_name(path.name + ending).is_file()), None)
    body = (path.with_name(path.name + ENCODINGS[encoding]) if encoding else path).read_bytes()
    response = _tagged(request, body, mimetypes.guess_type(path.name)[0] or "application/octet-stream")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = caching
    # Files too: a worker fetches under the policy of its own script.
    response.headers["Content-Security-Policy"] = POLICY.format(ancestors=ancestors)
    return response


def _tagged(request: Request, body: bytes, media_type: str) -> Response:
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
