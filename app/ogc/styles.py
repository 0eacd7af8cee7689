"""The routes of the styles (OGC API Styles, draft 20-009): lists, style sheets as MapLibre or SLD, legends and sprites."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.problems import NotFound
from app.register.publication import Publication, PublishedLayer
from app.settings import Settings
from app.styles.checking import WHOLE
from app.styles.legend import legend_svg, make_legend
from app.styles.maplibre import View, icons, style_document, whole_views
from app.styles.model import Style
from app.styles.sprites import Sprite, make_sprite
from app.web.addresses import JSON, Addresses, base_url_of, link
from app.web.caching import FRESH, has_already
from app.web.negotiation import negotiate, refuse_unknown_parameters

MAPLIBRE = "application/vnd.mapbox.style+json"
SLD = "application/vnd.ogc.sld+xml;version=1.1"
SVG = "image/svg+xml"
PNG = "image/png"
STYLE_SHEETS = {"mapbox": MAPLIBRE, "sld": SLD}
SPRITES: Mapping[str, tuple[int, str]] = {
    "sprite.json": (1, JSON),
    "sprite.png": (1, PNG),
    "sprite@2x.json": (2, JSON),
    "sprite@2x.png": (2, PNG),
}

type Entry = Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """The bytes of one answer."""

    body: bytes
    media_type: str


@dataclass(frozen=True)
class Shelf:
    """What one request may ask about: the publication that is served now, the styles, and where addresses start."""

    publication: Publication
    styles: Mapping[str, Style]
    addresses: Addresses

    def used(self) -> Mapping[str, list[PublishedLayer]]:
        """Return the styles that published layers use, with those layers."""
        layers: dict[str, list[PublishedLayer]] = {}
        for published in self.publication.values():
            layers.setdefault(published.layer.style, []).append(published)
        return layers

    def layers_of(self, style_id: str) -> list[PublishedLayer]:
        """Return the published layers in this style, or raise NotFound."""
        if style_id not in self.used():
            raise NotFound(f"Er is geen stijl met id {style_id!r}. Alle stijlen staan op /v1/styles.")
        return self.used()[style_id]

    def style_of(self, layer_id: str, style_id: str) -> tuple[PublishedLayer, Style]:
        """Return the layer and its style, or raise LayerNotFound or NotFound."""
        published = self.publication[layer_id]
        if style_id != published.layer.style:
            raise NotFound(f"De kaartlaag {layer_id!r} heeft geen stijl {style_id!r}, wel {published.layer.style!r}.")
        return published, self.styles[style_id]


type Make = Callable[[Shelf, Request], Answer]


def routes(current: Callable[[], Publication], styles: Mapping[str, Style], settings: Settings) -> list[BaseRoute]:
    """Return the style routes; `current` gives the publication that is served now."""

    def shelf_for(request: Request) -> Shelf:
        return Shelf(current(), styles, Addresses(base_url_of(request, settings)))

    def route(path: str, make: Make, parameters: Sequence[str] = ("f",)) -> Route:
        async def answer(request: Request) -> Response:
            refuse_unknown_parameters(request, parameters)
            return _respond(request, await run_in_threadpool(make, shelf_for(request), request))

        return Route(f"/v1{path}", answer)

    return [
        route("/styles", _all_styles),
        route("/styles/{style_id}", _style),
        route("/styles/{style_id}/{sprite}", _sprite, ()),
        route("/collections/{collection_id}/styles", _collection_styles),
        route("/collections/{collection_id}/styles/{style_id}", _collection_style),
        route("/collections/{collection_id}/styles/{style_id}/legend", _legend),
    ]


def _all_styles(shelf: Shelf, request: Request) -> Answer:
    negotiate(request, {"json": JSON}, "json")
    whole = _entry(WHOLE, "Energiebeeld: alle kaartlagen samen", shelf.addresses.at("styles", WHOLE), {"mapbox": MAPLIBRE})
    entries = [_entry(each, shelf.styles[each].title, shelf.addresses.at("styles", each), STYLE_SHEETS) for each in shelf.used()]
    return _listed(shelf.addresses.at("styles"), WHOLE, [whole, *entries])


def _collection_styles(shelf: Shelf, request: Request) -> Answer:
    negotiate(request, {"json": JSON}, "json")
    published = shelf.publication[request.path_params["collection_id"]]
    style, address = shelf.styles[published.layer.style], shelf.addresses.at("collections", published.id, "styles")
    own = f"{address}/{style.id}"
    legend = [
        link("http://www.opengis.net/def/rel/ogc/1.0/legend", f"{own}/legend?f=svg", SVG, "Legenda"),
        link("http://www.opengis.net/def/rel/ogc/1.0/legend", f"{own}/legend?f=json", JSON, "Legenda als gegevens"),
    ]
    return _listed(address, style.id, [_entry(style.id, style.title, own, STYLE_SHEETS, legend)])


def _entry(style_id: str, title: str, address: str, offers: Mapping[str, str], more: Iterable[Entry] = ()) -> Entry:
    sheets = [link("stylesheet", f"{address}?f={name}", media_type, title) for name, media_type in offers.items()]
    return {"id": style_id, "title": title, "links": [*sheets, *more]}


def _listed(address: str, default: str, entries: list[Entry]) -> Answer:
    own = link("self", f"{address}?f=json", JSON, "Dit document")
    return Answer(orjson.dumps({"default": default, "styles": entries, "links": [own]}), JSON)


def _style(shelf: Shelf, request: Request) -> Answer:
    style_id = request.path_params["style_id"]
    if style_id == WHOLE:
        negotiate(request, {"mapbox": MAPLIBRE}, "mapbox")
        return _maplibre(shelf, "Energiebeeld", whole_views(shelf.publication.values(), shelf.styles), WHOLE)
    layers, style = shelf.layers_of(style_id), shelf.styles[style_id]
    if negotiate(request, STYLE_SHEETS, "mapbox") == "sld":
        return Answer(style.sld.encode(), SLD)
    return _maplibre(shelf, style.title, [View(published, style) for published in layers], style_id)


def _collection_style(shelf: Shelf, request: Request) -> Answer:
    published, style = shelf.style_of(request.path_params["collection_id"], request.path_params["style_id"])
    if negotiate(request, STYLE_SHEETS, "mapbox") == "sld":
        return Answer(style.sld.encode(), SLD)
    return _maplibre(shelf, published.layer.title, [View(published, style)], style.id)


def _maplibre(shelf: Shelf, title: str, views: Sequence[View], style_id: str) -> Answer:
    has_icons = any(icons(view.style) for view in views)
    sprite = f"{shelf.addresses.at('styles', style_id)}/sprite" if has_icons else None
    return Answer(orjson.dumps(style_document(title, views, shelf.addresses.root, sprite)), MAPLIBRE)


def _legend(shelf: Shelf, request: Request) -> Answer:
    published, style = shelf.style_of(request.path_params["collection_id"], request.path_params["style_id"])
    legend = make_legend(style, published.layer.title)
    if negotiate(request, {"json": JSON, "svg": SVG}, "json") == "svg":
        return Answer(legend_svg(legend).encode(), SVG)
    return Answer(orjson.dumps(legend), JSON)


def _sprite(shelf: Shelf, request: Request) -> Answer:
    name, style_id = request.path_params["sprite"], request.path_params["style_id"]
    if name not in SPRITES:
        raise NotFound(f"Een stijl heeft geen onderdeel {name!r}; wel: {', '.join(SPRITES)}.")
    if style_id != WHOLE:
        shelf.layers_of(style_id)
    ratio, media_type = SPRITES[name]
    drawn = shelf.used() if style_id == WHOLE else [style_id]
    sprite = _drawn_sprite(tuple(shelf.styles[each] for each in drawn), ratio)
    return Answer(sprite.png if media_type == PNG else orjson.dumps(sprite.places), media_type)


@lru_cache(maxsize=32)
def _drawn_sprite(styles: tuple[Style, ...], ratio: int) -> Sprite:
    return make_sprite(styles, ratio)


def _respond(request: Request, answer: Answer) -> Response:
    # The tag follows the content, because a deployment may change its SLD without a new publication.
    tag = f'W/"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": FRESH, "Vary": "Accept, Accept-Encoding", "Content-Language": "nl"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)
