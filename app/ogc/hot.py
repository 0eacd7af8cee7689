"""The routes that carry the load, in front of the framework: for a small answer, routing and middleware cost more than the query.

A hot route reads what it needs of a request from an `Ask` and returns an `Answer`; `HotRoutes` does the rest.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from app.ogc.answers import compressing, explain
from app.ogc.parsing import Query
from app.problems import MethodNotAllowed, Problem
from app.register.publication import Publication
from app.settings import Settings
from app.web.addresses import base_url_at
from app.web.caching import FRESH, is_known, tag_for
from app.web.negotiation import choose_format, refuse_repeated

PREFIX = "/v1/collections/"
METHODS = ("GET", "HEAD")
CACHED = ((b"cache-control", FRESH.encode()), (b"vary", b"Accept, Accept-Encoding"))

type Handler = Callable[..., Awaitable[Answer]]
type Offers = tuple[tuple[str, str], ...]
type Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Ask:
    """One request: the ASGI scope, read as far as a route needs."""

    scope: Scope

    @property
    def path(self) -> str:
        """The path, percent-decoded."""
        path: str = self.scope["path"]
        return path

    @cached_property
    def headers(self) -> Mapping[bytes, bytes]:
        """The headers by lower-case name; of a repeated one the last."""
        return dict(self.scope["headers"])

    @cached_property
    def query(self) -> dict[str, str]:
        """The query parameters, or BadRequest when one is given twice."""
        text = self.scope["query_string"].decode("latin-1")
        return refuse_repeated(parse_qsl(text, keep_blank_values=True)) if text else {}

    def base_url(self, settings: Settings) -> str:
        """Return the base URL for links."""
        return base_url_at(self.scope["scheme"], self.headers.get(b"host", b"").decode("latin-1"), settings.url)

    def wants(self, offers: Offers, default: str) -> str:
        """Return the format that the client wants (`f` before Accept)."""
        asked = (self.query["f"],) if "f" in self.query else ()
        return choose_format(asked, self.headers.get(b"accept", b"").decode("latin-1"), offers, default)

    def tag(self, publication: Publication, representation: str) -> str:
        """Return the entity tag of the answer to this request."""
        return tag_for(publication, self.path.encode() + b"?" + self.scope["query_string"] + representation.encode())

    def knows(self, tag: str) -> bool:
        """Tell whether the client has the answer already."""
        header = self.headers.get(b"if-none-match")
        return header is not None and is_known(tag, header.decode("latin-1"))


@dataclass(frozen=True)
class Answer:
    """What goes back, as an ASGI application; `tag` makes it cacheable. A large body comes in parts, because joining them would copy it."""

    status: int
    body: bytes | tuple[bytes, ...] = b""
    media_type: str | None = None
    tag: str | None = None
    headers: tuple[Header, ...] = ()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answer."""
        await send({"type": "http.response.start", "status": self.status, "headers": self._raw_headers()})
        *parts, last = (b"",) if scope["method"] == "HEAD" else self._parts
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": last})

    @property
    def _parts(self) -> tuple[bytes, ...]:
        return (self.body,) if isinstance(self.body, bytes) else self.body

    def _raw_headers(self) -> list[Header]:
        headers = [*self.headers]
        if self.tag:
            headers += ((b"etag", self.tag.encode()), *CACHED)
        if self.media_type:
            headers.append((b"content-type", self.media_type.encode()))
        if self.status not in (204, 304):
            headers.append((b"content-length", b"%d" % sum(map(len, self._parts))))
        return headers


class HotRoutes:
    """Answers items, item and tile itself and passes on all else."""

    def __init__(self, app: ASGIApp, items: Handler, item: Handler, tile: Handler) -> None:
        self._app = app
        self._items = items
        self._item = item
        self._tile = tile

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        found = self._find(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        handler, arguments = found
        try:
            if scope["method"] not in METHODS:
                raise MethodNotAllowed(f"{scope['path']} is alleen te lezen: vraag met GET of HEAD.")
            ask = Ask(scope)
            answer = await handler(ask, *arguments)
        except Problem as problem:
            await explain(problem)(scope, receive, send)
            return
        deliver = compressing(answer) if b"accept-encoding" in ask.headers else answer
        await deliver(scope, receive, send)

    def _find(self, path: str) -> tuple[Handler, list[str]] | None:
        if not path.startswith(PREFIX):
            return None
        layer_id, _, rest = path.removeprefix(PREFIX).partition("/")
        if rest == "items":
            return self._items, [layer_id]
        if rest.startswith("items/"):
            return self._item, [layer_id, rest.removeprefix("items/")]
        if rest.startswith("tiles/") and len(parts := rest.split("/")) == 5:
            return self._tile, [layer_id, *parts[1:]]
        return None


def not_modified(tag: str) -> Answer:
    """Return the answer to who knows it already."""
    return Answer(304, tag=tag)


def refuse_unknown(query: Query, known: frozenset[str]) -> None:
    """Raise BadRequest naming every query parameter that this address does not have."""
