"""The hot routes of OGC API Features: items and item, answered with one statement and an envelope around its bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.database import Reader
from app.features import Cursor, Page, PageQuestion, read_feature, read_page
from app.ogc.addresses import GEOJSON, HTML, Addresses, Json, base_url_of, link
from app.ogc.caching import FRESH, has_already, tag_of
from app.ogc.negotiation import negotiate, refuse_unknown_parameters
from app.ogc.pages import PAGE_POLICY, item_html, items_html
from app.ogc.parsing import Query, parse_crs, parse_page_question, refuse_repeated
from app.register.crs import CRS84, Crs
from app.register.publication import Publication, PublishedLayer
from app.settings import Settings

OFFERS = {"json": GEOJSON, "html": HTML}
PAGE_LIMIT_FOR_READERS = 50


@dataclass(frozen=True)
class FeatureRoutes:
    """The items routes; `current` gives the publication that is served now."""

    current: Callable[[], Publication]
    reader: Reader
    settings: Settings

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/v1/collections/{collection_id}/items", self.items),
            Route("/v1/collections/{collection_id}/items/{feature_id:path}", self.item),
        ]

    async def items(self, request: Request) -> Response:
        """Answer a page of a collection."""
        publication = self.current()
        published = publication[request.path_params["collection_id"]]
        wanted = negotiate(request, OFFERS, "json")
        query = refuse_repeated(request.query_params.multi_items())
        if wanted == "html" and "limit" not in query:
            query["limit"] = str(PAGE_LIMIT_FOR_READERS)
        question = parse_page_question(published.layer, query)
        tag = tag_of(publication, request, wanted)
        if has_already(request, tag):
            return _not_modified(tag)
        page = await read_page(self.reader, published, question)
        collected = _Collected(published, query, question, page, Addresses(base_url_of(request, self.settings)))
        if wanted == "html":
            features = orjson.loads(collected.body("html"))
            return _html(items_html(publication, published, features, collected.addresses.base_url), tag)
        return Response(collected.body("json"), headers=_headers(question.crs, tag) | {"Link": collected.link_header()})

    async def item(self, request: Request) -> Response:
        """Answer one feature."""
        publication = self.current()
        published = publication[request.path_params["collection_id"]]
        wanted = negotiate(request, OFFERS, "json")
        refuse_unknown_parameters(request, ("crs", "f"))
        crs = parse_crs(refuse_repeated(request.query_params.multi_items()))
        tag = tag_of(publication, request, wanted)
        if has_already(request, tag):
            return _not_modified(tag)
        feature_id = request.path_params["feature_id"]
        feature = await read_feature(self.reader, published, feature_id, CRS84 if wanted == "html" else crs)
        addresses = Addresses(base_url_of(request, self.settings))
        linked = b'%b,"links":%b}' % (feature[:-1], orjson.dumps(_item_links(addresses, published, feature_id)))
        if wanted == "html":
            return _html(item_html(publication, published, orjson.loads(linked), addresses.base_url), tag)
        return Response(linked, headers=_headers(crs, tag))


@dataclass(frozen=True)
class _Collected:
    """A page with all that its envelope says."""

    published: PublishedLayer
    query: Query
    question: PageQuestion
    page: Page
    addresses: Addresses

    def body(self, form: str) -> bytes:
        envelope: Json = {"type": "FeatureCollection", "numberReturned": self.page.returned}
        if self.page.matched is not None:
            envelope["numberMatched"] = self.page.matched
        else:
            envelope["numberMatchedAtLeast"] = self.page.returned
        envelope["links"] = self._links(form)
        return b'%b,"features":[%b]}' % (orjson.dumps(envelope)[:-1], self.page.features)

    def link_header(self) -> str:
        """Return the same links for clients that read no JSON (RFC 8288)."""
        return ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"' for each in self._links("json"))

    def _links(self, form: str) -> list[Json]:
        at = self.addresses.at("collections", self.published.id)
        links = [
            link("self" if form == "json" else "alternate", self._href(f="json"), GEOJSON, "Deze objecten als GeoJSON"),
            link("alternate" if form == "json" else "self", self._href(f="html"), HTML, "Deze objecten als webpagina"),
            link("collection", at, "application/json", self.published.layer.title),
        ]
        media_type = OFFERS[form]
        if self.page.next is not None:
            links.append(link("next", self._next(form), media_type, "Volgende bladzijde"))
        if self.question.offset > 0:
            start = max(0, self.question.offset - self.question.limit)
            links.append(link("prev", self._href(f=form, offset=start), media_type, "Vorige bladzijde"))
        return links

    def _next(self, form: str) -> str:
        following = self.page.next
        if isinstance(following, Cursor):
            return self._href(without=("offset",), f=form, limit=self.question.limit, cursor=following)
        return self._href(f=form, limit=self.question.limit, offset=following)

    def _href(self, without: tuple[str, ...] = (), **changed: object) -> str:
        query = {name: value for name, value in self.query.items() if name not in without} | changed
        return f"{self.addresses.at('collections', self.published.id, 'items')}?{urlencode(query, safe=',:/')}"


def _item_links(addresses: Addresses, published: PublishedLayer, feature_id: str) -> list[Json]:
    own = addresses.at("collections", published.id, "items", feature_id)
    return [
        link("self", f"{own}?f=json", GEOJSON, "Dit object als GeoJSON"),
        link("alternate", f"{own}?f=html", HTML, "Dit object als webpagina"),
        link("collection", addresses.at("collections", published.id), "application/json", published.layer.title),
    ]


def _headers(crs: Crs, tag: str) -> dict[str, str]:
    return {"Content-Type": GEOJSON, "Content-Crs": f"<{crs.uri}>", "ETag": tag, "Cache-Control": FRESH, "Vary": "Accept"}


def _not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": FRESH, "Vary": "Accept"})


def _html(page: str, tag: str) -> Response:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Content-Language": "nl", "ETag": tag, "Cache-Control": FRESH}
    return Response(page, media_type=HTML, headers=headers | {"Vary": "Accept", "Content-Crs": f"<{CRS84.uri}>"})
