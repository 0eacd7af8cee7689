"""Styles as MapLibre style documents: one per collection, one per SLD, and one with everything."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.layers import Layer
from app.register.publication import Origin, PublishedLayer
from app.styles.expressions import Json, none_of, to_expression
from app.styles.model import (
    Fill,
    Filter,
    LineSymbolizer,
    PointSymbolizer,
    PolygonSymbolizer,
    Rule,
    Scales,
    Shape,
    Stroke,
    Style,
    Symbolizer,
)

SEA = "#d3e3ec"
SCALE_AT_ZOOM_0 = 279_541_132.014 * math.cos(math.radians(52.1))
"""Scale denominator of zoom 0 (tiles of 512 px, pixels of 0.28 mm, OGC 17-083r4 annex D) at the latitude of the Netherlands."""

DEEPEST_TILE = 16
"""Level beyond which clients enlarge tiles: a unit of its grid is 15 cm."""

UNSEEN = Fill("#ffffff", 0.0)

JOINS = {"mitre": "miter"}


@dataclass(frozen=True)
class View:
    """One layer in one style, as it takes part in a document; the `ground` lies beneath everything else."""

    published: PublishedLayer
    style: Style
    visible: bool = True
    ground: bool = False

    @property
    def prefix(self) -> str:
        """What the ids of its MapLibre layers start with."""
        return f"ondergrond:{self.published.id}" if self.ground else self.published.id


def to_maplibre(layer: Layer, style: Style, tile_url: str, source_layer: str) -> Mapping[str, Json]:
    """Return a whole style document for one tile address (with `{z}`, `{y}` and `{x}`), drawing nothing but this layer."""
    return _document(style.title, {source_layer: _source(layer, tile_url)}, style_layers(layer, style, source_layer))


def style_document(name: str, views: Sequence[View], base_url: str, sprite: str | None = None) -> Mapping[str, Json]:
    """Return the style document of these views, bottom first, with the tiles that `base_url` (ending in /v1) serves.

    Only a map with a ground has the sea behind it: QGIS lays the style of a single layer over other layers, which a background would hide.
    """
    sources = {view.published.id: _published_source(view.published, base_url) for view in views}
    layers = [layer for view in views for layer in _view_layers(view)]
    if any(view.ground for view in views):
        layers.insert(0, {"id": "achtergrond", "type": "background", "paint": {"background-color": SEA}})
    return {**_document(name, sources, layers), **({"sprite": sprite} if sprite else {})}


def whole_views(published: Iterable[PublishedLayer], styles: Mapping[str, Style]) -> list[View]:
    """Return every layer for the map of everything: the ground, then polygons, lines and points; off unless the layer is `shown`."""
    layers = list(published)
    ground = [View(each, styles[each.layer.background], ground=True) for each in layers if each.layer.background]
    order = ["polygon", "line", "point"]
    drawn = sorted(layers, key=lambda each: order.index(each.layer.geometry.value))
    # A mosaic covers all there is, so it lies beneath; and fewer gebieden are larger ones.
    ground.sort(key=lambda view: (not view.published.layer.mosaic, view.published.description.count))
    return [*ground, *(View(each, styles[each.layer.style], visible=each.layer.shown) for each in drawn)]


def style_layers(layer: Layer, style: Style, source: str, prefix: str | None = None) -> list[Mapping[str, Json]]:
    """Return the MapLibre layers of a style in drawing order, their ids `{prefix}/{number}`."""
    drawn = [each for group in style.groups for rule in group for each in _rule_layers(layer, style, group, rule)]
    common: Mapping[str, Json] = {"source": source, "source-layer": layer.id, "metadata": {"energiebeeld:collectie": layer.id}}
    return [{"id": f"{prefix or layer.id}/{number}", **common, **each} for number, each in enumerate(drawn)]


def icon_name(style: Style, symbolizer: PointSymbolizer) -> str:
    """Return the name of a mark in the sprite."""
    return f"{style.id}/{icons(style).index(symbolizer)}"


def icons(style: Style) -> list[PointSymbolizer]:
    """Return the marks of a style that MapLibre can only draw from a sprite: all but circles, each once."""
    marks = [each for rule in style.rules for each in rule.symbolizers if isinstance(each, PointSymbolizer)]
    return list(dict.fromkeys(mark for mark in marks if mark.shape is not Shape.CIRCLE))


def _view_layers(view: View) -> list[Mapping[str, Json]]:
    layers = style_layers(view.published.layer, view.style, view.published.id, view.prefix)
    if view.visible:
        return layers
    return [{**layer, "layout": {**_mapping(layer.get("layout")), "visibility": "none"}} for layer in layers]


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _document(name: str, sources: Mapping[str, Json], layers: Sequence[Json]) -> Mapping[str, Json]:
    return {"version": 8, "name": name, "sources": sources, "layers": layers}


def _source(layer: Layer, tile_url: str) -> Mapping[str, Json]:
    return {"type": "vector", "tiles": [tile_url], "minzoom": layer.zoom.min, "maxzoom": min(layer.zoom.max, DEEPEST_TILE)}


def _published_source(published: PublishedLayer, base_url: str) -> Mapping[str, Json]:
    tiles = f"{base_url}/collections/{published.id}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?f=mvt"
    extent = published.description.extent_crs84
    bounds: Mapping[str, Json] = {"bounds": list(extent)} if extent else {}
    return {**_source(published.layer, tiles), **bounds, "attribution": attribution(published.description.origins)}


def attribution(origins: Iterable[Origin]) -> str:
    """Return who must be named, in one line."""
    return ", ".join(dict.fromkeys(origin.attribution or f"© {origin.publisher}" for origin in origins))


def _rule_layers(layer: Layer, style: Style, group: Sequence[Rule], rule: Rule) -> list[Mapping[str, Json]]:
    return [
        {**drawn, **_zooms(scales), **({"filter": condition} if condition else {})}
        for scales, condition in _conditions(layer, group, rule)
        for symbolizer in rule.symbolizers
        for drawn in _drawn(style, symbolizer)
    ]


def _conditions(layer: Layer, group: Sequence[Rule], rule: Rule) -> list[tuple[Scales, Json]]:
    """Return at which scales a rule takes which features; an ElseFilter is cut up where the other rules come and go."""
    if not rule.is_else:
        return [(rule.scales, to_expression(layer, rule.filter) if rule.filter else None)]
    conditions: list[tuple[Scales, Json]] = []
    for part in _cut(rule.scales, [other.scales for other in group]):
        active = [other.filter for other in group if other is not rule and _covers(other.scales, part)]
        if None not in active:
            filters: list[Filter] = [each for each in active if each is not None]
            conditions.append((part, none_of(layer, filters) if filters else None))
    return conditions


def _cut(scales: Scales, others: Sequence[Scales]) -> list[Scales]:
    low, high = scales.smallest or 0, scales.largest or math.inf
    limits = {limit for each in others for limit in (each.smallest, each.largest) if limit and low < limit < high}
    edges = [low, *sorted(limits), high]
    return [Scales(smallest or None, None if math.isinf(largest) else largest) for smallest, largest in pairwise(edges)]


def _covers(scales: Scales, part: Scales) -> bool:
    return (scales.smallest or 0) <= (part.smallest or 0) and (scales.largest or math.inf) >= (part.largest or math.inf)


def _zooms(scales: Scales) -> Mapping[str, Json]:
    limits = {"minzoom": scales.largest, "maxzoom": scales.smallest}
    return {name: _zoom(limit) for name, limit in limits.items() if limit}


def _zoom(denominator: float) -> float:
    return round(min(max(math.log2(SCALE_AT_ZOOM_0 / denominator), 0), 24), 2)


def _drawn(style: Style, symbolizer: Symbolizer) -> list[Mapping[str, Json]]:
    match symbolizer:
        case LineSymbolizer(stroke):
            return [_line(stroke)]
        case PolygonSymbolizer(fill, outline):
            # An area without fill still answers to a click inside it.
            return [_fill(fill or UNSEEN), *([_line(outline)] if outline else [])]
        case PointSymbolizer(shape=Shape.CIRCLE):
            return [_circle(symbolizer)]
    layout: Mapping[str, Json] = {
        "icon-image": icon_name(style, symbolizer),
        "icon-allow-overlap": True,
        "icon-ignore-placement": True,
    }
    return [{"type": "symbol", "layout": layout}]


def _fill(fill: Fill) -> Mapping[str, Json]:
    return {"type": "fill", "paint": {"fill-color": fill.color, "fill-opacity": fill.opacity}}


def _line(stroke: Stroke) -> Mapping[str, Json]:
    paint: dict[str, Json] = {"line-color": stroke.color, "line-width": stroke.width, "line-opacity": stroke.opacity}
    if stroke.dash:
        # MapLibre counts dashes in line widths, SVG in pixels.
        paint["line-dasharray"] = [round(length / stroke.width, 3) for length in stroke.dash]
    return {"type": "line", "layout": {"line-join": JOINS.get(stroke.join, stroke.join), "line-cap": stroke.cap}, "paint": paint}


def _circle(mark: PointSymbolizer) -> Mapping[str, Json]:
    paint: dict[str, Json] = {"circle-radius": mark.size / 2, "circle-opacity": mark.fill.opacity if mark.fill else 0}
    if mark.fill:
        paint["circle-color"] = mark.fill.color
    if mark.stroke:
        paint["circle-stroke-color"] = mark.stroke.color
        paint["circle-stroke-width"] = mark.stroke.width
        paint["circle-stroke-opacity"] = mark.stroke.opacity
    return {"type": "circle", "paint": paint}
