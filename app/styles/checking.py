"""Whether styles and layers agree, and what a style needs to know of a feature."""

from collections.abc import Iterator, Mapping

from app.layers import Geometry, Layer, Layers, PropertyType
from app.problems import ConfigurationFault
from app.styles.literals import parse_literal
from app.styles.model import Comparison, Filter, IsNull, LineSymbolizer, Not, Operator, PointSymbolizer, PolygonSymbolizer, Style

WHOLE = "energiebeeld"
"""The style that holds every layer; no SLD file may take its name."""

DRAWS: Mapping[Geometry, tuple[type, ...]] = {
    Geometry.POINT: (PointSymbolizer,),
    Geometry.LINE: (LineSymbolizer,),
    Geometry.POLYGON: (PolygonSymbolizer, LineSymbolizer),
}
KINDS = {PointSymbolizer: "PointSymbolizer", LineSymbolizer: "LineSymbolizer", PolygonSymbolizer: "PolygonSymbolizer"}


def used_properties(style: Style) -> frozenset[str]:
    """Return the properties that the rules compare: what a tile must hold at every zoom for the style to be drawn."""
    return frozenset(part.property for rule in style.rules for part in _leaves(rule.filter))


def drawn_properties(styles: Mapping[str, Style], layers: Layers) -> Mapping[str, frozenset[str]]:
    """Return per layer what its style, and the one in which it lies under the map, compare."""
    named = {layer.id: filter(None, (layer.style, layer.background)) for layer in layers.values()}
    return {layer_id: frozenset().union(*(used_properties(styles[name]) for name in names)) for layer_id, names in named.items()}


def check_styles(styles: Mapping[str, Style], layers: Layers) -> None:
    """Raise ConfigurationFault with every layer and style that contradict each other."""
    faults = [fault for layer in layers.values() for fault in _layer_faults(layer, styles)]
    if WHOLE in styles:
        faults.append(f"sld/{WHOLE}.sld: deze naam is van de stijl met alle lagen samen")
    if faults:
        raise ConfigurationFault("Lagen en stijlen passen niet bij elkaar.", faults)


def _layer_faults(layer: Layer, styles: Mapping[str, Style]) -> Iterator[str]:
    for name in filter(None, (layer.style, layer.background)):
        if name in styles:
            yield from (f"sld/{name}.sld bij laag {layer.id}: {fault}" for fault in _faults(layer, styles[name]))
        else:
            yield f"laag {layer.id}: de stijl {name!r} bestaat niet (sld/{name}.sld)"


def _faults(layer: Layer, style: Style) -> Iterator[str]:
    for rule in style.rules:
        for symbolizer in rule.symbolizers:
            if not isinstance(symbolizer, DRAWS[layer.geometry]):
                yield f"regel {rule.title!r}: {KINDS[type(symbolizer)]} past niet bij geometrie {layer.geometry.value!r}"
        for part in _leaves(rule.filter):
            yield from (f"regel {rule.title!r}: {fault}" for fault in _leaf_faults(layer, part))


def _leaf_faults(layer: Layer, part: Comparison | IsNull) -> Iterator[str]:
    known = layer.properties.get(part.property)
    if known is None:
        yield f"de laag heeft geen eigenschap {part.property!r}; wel: {', '.join(layer.properties)}"
    elif isinstance(part, Comparison):
        if parse_literal(part.literal, known.type) is None:
            yield f"de waarde {part.literal!r} van {part.property!r} is geen {known.type.value}"
        if known.type is PropertyType.BOOLEAN and part.operator not in {Operator.EQUAL, Operator.NOT_EQUAL}:
            yield f"{part.property!r} is waar of onwaar en heeft geen volgorde"


def _leaves(given: Filter | None) -> Iterator[Comparison | IsNull]:
    if isinstance(given, Comparison | IsNull):
        yield given
    elif isinstance(given, Not):
        yield from _leaves(given.part)
    elif given is not None:
        for part in given.parts:
            yield from _leaves(part)
