"""The hot routes of OGC API Features: items and item, answered with one statement and an envelope around its bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import orjson

from app.database import Reader
from app.features import Cursor, Page, PageQuestion, read_feature, read_page
from app.ogc.hot import Answer, Ask, not_modified
from app.ogc.pages import item_html, items_html
from app.ogc.parsing import Query, parse_crs, parse_page_question
from app.register.crs import CRS84, Crs
from app.register.publication import Publication, PublishedLayer
from app.settings import Settings
from app.web.addresses import GEOJSON, HTML, JSON, Addresses, Json, link
from app.web.negotiation import refuse_unknown
from app.web.pages import PAGE_POLICY

OFFERS = (("json", GEOJSON), ("html", HTML))
MEDIA_TYPES = dict(OFFERS)
PLACE = ("limit", "offset", "cursor")
ITEM_PARAMETERS = frozenset({"crs", "f"})
PAGE_LIMIT_FOR_READERS = "50"
LARGE = 100_000
HTML_HEADERS = ((b"content-security-policy", PAGE_POLICY.encode()), (b"content-language", b"nl"))


@dataclass(frozen=True)
class FeatureRoutes:
    """Items and item; `current` gives the publication that is served now."""

    current: Callable[[], Publication]
    reader: Reader
    settings: Settings

    async def items(self, ask: Ask, layer_id: str) -> Answer:
        """Answer a page of a collection."""
        publication = self.current()
        published = publication[layer_id]
        wanted = ask.wants(OFFERS, "json")
        query = ask.query if wanted == "json" else {"limit": PAGE_LIMIT_FOR_READERS} | ask.query
        question = parse_page_question(published.layer, query)
        tag = ask.tag(publication, wanted)
        if ask.knows(tag):
            return not_modified(tag)
        page = await read_page(self.reader, published, question)
        collected = _Collected(published, query, question, page, Addresses(ask.base_url(self.settings)), wanted)
        if wanted == "html":
            features = orjson.loads(b"".join(collected.body()))
            return _html(items_html(publication, published, features, collected.addresses.base_url), tag)
        headers = (_content_crs(question.crs), (b"link", collected.link_header().encode()))
        return Answer(200, collected.body(), GEOJSON, tag, headers)

    async def item(self, ask: Ask, layer_id: str, feature_id: str) -> Answer:
        """Answer one feature."""
        publication = self.current()
        published = publication[layer_id]
        wanted = ask.wants(OFFERS, "json")
        refuse_unknown(ask.query, ITEM_PARAMETERS)
        crs = parse_crs(ask.query)
        tag = ask.tag(publication, wanted)
        if ask.knows(tag):
            return not_modified(tag)
        feature = await read_feature(self.reader, published, feature_id, CRS84 if wanted == "html" else crs)
        addresses = Addresses(ask.base_url(self.settings))
        linked = b'%b,"links":%b}' % (feature[:-1], orjson.dumps(_item_links(addresses, published, feature_id)))
        if wanted == "html":
            return _html(item_html(publication, published, orjson.loads(linked), addresses.base_url), tag)
        return Answer(200, linked, GEOJSON, tag, (_content_crs(crs),))


@dataclass(frozen=True)
class _Collected:
    """A page with all that its envelope says."""

    published: PublishedLayer
    query: Query
    question: PageQuestion
    page: Page
    addresses: Addresses
    form: str

    def body(self) -> tuple[bytes, ...]:
        """Return the feature collection, in parts where it is large."""
        envelope: Json = {"type": "FeatureCollection", "numberReturned": self.page.returned}
        if self.page.matched is not None:
            envelope["numberMatched"] = self.page.matched
        else:
            envelope["numberMatchedAtLeast"] = self.page.returned
        envelope["links"] = self.links
        parts = (orjson.dumps(envelope)[:-1] + b',"features":[', self.page.features, b"]}")
        return parts if len(self.page.features) > LARGE else (b"".join(parts),)

    def link_header(self) -> str:
        """Return the same links for clients that read no JSON (RFC 8288)."""
        return ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"' for each in self.links)

    @cached_property
    def links(self) -> list[Json]:
        own, other = ("self", "alternate") if self.form == "json" else ("alternate", "self")
        asked_place = _encoded({name: value for name, value in self.query.items() if name in PLACE})
        links = [
            link(own, self._address(asked_place, "f=json"), GEOJSON, "Deze objecten als GeoJSON"),
            link(other, self._address(asked_place, "f=html"), HTML, "Deze objecten als webpagina"),
            link("collection", self.addresses.at("collections", self.published.id), JSON, self.published.layer.title),
        ]
        if self.page.next is not None:
            place = "cursor" if isinstance(self.page.next, Cursor) else "offset"
            links.append(self._link_to("next", f"{place}={self.page.next}", "Volgende bladzijde"))
        if self.question.offset > 0:
            start = max(0, self.question.offset - self.question.limit)
            links.append(self._link_to("prev", f"offset={start}", "Vorige bladzijde"))
        return links

    def _link_to(self, rel: str, place: str, title: str) -> Json:
        return link(rel, self._address(f"limit={self.question.limit}&{place}", f"f={self.form}"), MEDIA_TYPES[self.form], title)

    @cached_property
    def _selection(self) -> str:
        return _encoded({name: value for name, value in self.query.items() if name not in PLACE and name != "f"})

    def _address(self, place: str, form: str) -> str:
        query = "&".join(part for part in (self._selection, place, form) if part)
        return f"{self.addresses.at('collections', self.published.id, 'items')}?{query}"


def _content_crs(crs: Crs) -> tuple[bytes, bytes]:
    return b"content-crs", f"<{crs.uri}>".encode()


def _encoded(query: Query) -> str:
    return "&".join(f"{name}={quote(value, safe=',:/')}" for name, value in query.items())


def _item_links(addresses: Addresses, published: PublishedLayer, feature_id: str) -> list[Json]:
    own = addresses.at("collections", published.id, "items", feature_id)
    return [
        link("self", f"{own}?f=json", GEOJSON, "Dit object als GeoJSON"),
        link("alternate", f"{own}?f=html", HTML, "Dit object als webpagina"),
        link("collection", addresses.at("collections", published.id), JSON, published.layer.title),
    ]


def _html(page: str, tag: str) -> Answer:
    return Answer(200, page.encode(), f"{HTML}; charset=utf-8", tag, HTML_HEADERS)
