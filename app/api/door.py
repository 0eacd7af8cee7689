"""What the routes of figures and gebieden share: one question at a time, its tag, its format, and the answer around its bytes."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import orjson
from psycopg import errors
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.asking import Asker, Query
from app.beeld import Figures, Gebieden
from app.beeld.archive import Archive, UnreadablePublication
from app.beeld.reading import Tables
from app.database import Reader
from app.problems import NotFound
from app.register.begrippen import Begrippen
from app.register.publication import Origin, Publication
from app.settings import Settings
from app.web.addresses import HTML, Addresses, Json, base_url_of, link
from app.web.caching import FRESH, has_already, tag_for
from app.web.negotiation import choose_format, refuse_repeated, refuse_unknown
from app.web.pages import PAGE_POLICY, Frame, prepare_environment, render

ENVIRONMENT = prepare_environment(Path(__file__).parent / "templates")
# The parameter by which an answer comes from an earlier publication.
PERMALINK = "publicatie"
NO_LONGER = "Publicatie {versie} heeft niet alles wat deze vraag nodig heeft. Laat 'publicatie' weg voor de nieuwste, of vraag minder."


@dataclass(frozen=True)
class Door:
    """What every route needs; `current` gives the publication that is served now."""

    current: Callable[[], Publication]
    reader: Reader
    begrippen: Begrippen
    settings: Settings

    @cached_property
    def archive(self) -> Archive:
        """The earlier publications."""
        return Archive(self.reader, self.current)

    async def publication(self, query: Query) -> Publication:
        """Return the publication that a query names, or else the one that is served now."""
        return await self.archive(query[PERMALINK]) if PERMALINK in query else self.current()


@dataclass(frozen=True)
class Resource:
    """What an address has to offer: its formats (name → media type, the first is the default) and its parameters.

    `revision` says of which edition an answer is that does not follow from the publication alone; `by_day` that it can differ by the day.
    """

    path: str
    offers: Mapping[str, str]
    parameters: frozenset[str]
    revision: str = ""
    by_day: bool = False


@dataclass(frozen=True)
class Ask:
    """One request, read as far as every route needs it."""

    door: Door
    resource: Resource
    request: Request
    publication: Publication
    query: Query
    form: str

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses for the base URL of this request."""
        return Addresses(base_url_of(self.request, self.door.settings))

    @cached_property
    def day(self) -> dt.date:
        """The day of the question, where the service runs."""
        return dt.datetime.now().astimezone().date()

    @cached_property
    def tag(self) -> str:
        """The entity tag of the answer."""
        edition = f"{self.resource.revision}{self.day if self.resource.by_day else ''}"
        question = f"{self.request.url.path}?{self.request.url.query}|{self.form}|{self.addresses.base_url}|{edition}"
        return tag_for(self.publication, question.encode())

    @cached_property
    def figures(self) -> Figures:
        """The published figures, or NotFound when there are none."""
        figures = self.publication.figures
        if figures is None:
            raise NotFound("Er zijn nog geen cijfers gepubliceerd. Zodra die er zijn, staan ze hier.")
        return Figures(self.door.reader, Tables(figures.table_name, figures.count, self.gebieden.table))

    @cached_property
    def gebieden(self) -> Gebieden:
        """The published gebieden, or NotFound when there are none."""
        if self.publication.gebieden is None:
            raise NotFound("Er zijn nog geen gebieden gepubliceerd. Zodra die er zijn, staan ze hier.")
        return Gebieden(self.door.reader, self.publication.gebieden)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The leveringen behind the published figures."""
        return self.publication.figures.origins if self.publication.figures else ()

    @property
    def asker(self) -> Asker:
        """Who reads the parameters that select figures."""
        return Asker(self.door.begrippen, self.figures, self.gebieden)

    @property
    def is_head(self) -> bool:
        """Whether only the headers are asked."""
        return self.request.method == "HEAD"

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every answer."""
        return {"ETag": self.tag, "Cache-Control": FRESH, "Vary": "Accept, Accept-Encoding", "Content-Language": "nl"}

    def address(self, **changes: str | None) -> str:
        """Return the address of this question with some parameters changed, or left out (None)."""
        query = {name: value for name, value in {**self.query, **changes}.items() if value is not None}
        asked = "&".join(f"{name}={quote(value, safe=',:/')}" for name, value in query.items())
        path = quote(self.request.url.path, safe="/")
        return f"{self.addresses.base_url}{path}" + (f"?{asked}" if asked else "")

    def links(self, titles: Mapping[str, str]) -> list[Json]:
        """Return the links to this answer in every format, and to what it will always be; a file holds the whole selection."""
        paged = ("json", "html")
        lasting = self.address(**{PERMALINK: self.publication.versie})
        cite = link("cite-as", lasting, self.resource.offers[self.form], f"Dit antwoord uit publicatie {self.publication.versie}, voorgoed")
        return [
            link(
                "self" if name == self.form else "alternate",
                self.address(f=name) if name in paged else self.address(f=name, limit=None, cursor=None),
                media_type,
                titles[name],
            )
            for name, media_type in sorted(self.resource.offers.items(), key=lambda offer: offer[0] != self.form)
        ] + ([cite] if PERMALINK in self.resource.parameters else [])

    def answer(self, body: bytes) -> Response:
        """Answer finished bytes."""
        return Response(body, media_type=self.resource.offers[self.form], headers=self.headers)

    def document(self, document: Json, template: str) -> Response:
        """Answer a document as JSON, or as the page that a template makes of it."""
        if self.form == "json":
            return self.answer(orjson.dumps(document))
        is_earlier = self.publication.id != self.door.current().id
        frame = Frame(self.publication, self.addresses, self.address(), is_earlier=is_earlier)
        page = render(ENVIRONMENT, template, document, frame)
        headers = self.headers | {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
        return Response(page.encode(), media_type=HTML, headers=headers)


def route(door: Door, resource: Resource, handle: Callable[[Ask], Awaitable[Response]]) -> Route:
    """Return the route of a resource: it refuses what the resource does not know, and answers 304 before any question is asked."""
    offers = tuple(resource.offers.items())

    async def answer(request: Request) -> Response:
        query = refuse_repeated(request.query_params.multi_items())
        refuse_unknown(query, resource.parameters)
        asked = (query["f"],) if "f" in query else ()
        form = choose_format(asked, ",".join(request.headers.getlist("accept")), offers, offers[0][0])
        ask = Ask(door, resource, request, await door.publication(query), query, form)
        if has_already(request, ask.tag):
            return Response(status_code=304, headers=ask.headers)
        try:
            return await handle(ask)
        except (errors.UndefinedTable, errors.UndefinedColumn) as fault:
            if PERMALINK not in query:
                raise
            raise UnreadablePublication(NO_LONGER.format(versie=ask.publication.versie)) from fault

    return Route(f"/v1{resource.path}", answer)
