"""Filters as MapLibre expressions, in the plain forms that QGIS reads too: all, any, has and comparisons, negation pushed inwards."""

from collections.abc import Mapping, Sequence

from app.layers import Layer
from app.styles.literals import parse_literal
from app.styles.model import And, Comparison, Filter, IsNull, Not, Operator, Or

type Json = str | int | float | bool | Sequence["Json"] | Mapping[str, "Json"] | None


def to_expression(layer: Layer, given: Filter, *, negated: bool = False) -> Json:
    """Return the MapLibre expression that is true for the features of this filter (or, negated, for all others)."""
    if isinstance(given, Comparison):
        return _comparison(layer, given, negated=negated)
    if isinstance(given, IsNull):
        return _has(given.property) if negated else _lacks(given.property)
    if isinstance(given, Not):
        return to_expression(layer, given.part, negated=not negated)
    parts = [to_expression(layer, part, negated=negated) for part in given.parts]
    return ["all" if isinstance(given, And) != negated else "any", *parts]


def none_of(layer: Layer, filters: Sequence[Filter]) -> Json:
    """Return the expression for what none of these filters takes, as an ElseFilter does."""
    return to_expression(layer, Or(tuple(filters)), negated=True)


def _comparison(layer: Layer, given: Comparison, *, negated: bool) -> Json:
    value = parse_literal(given.literal, layer.properties[given.property].type)
    read: Json = ["get", given.property]
    if negated:
        return ["any", _lacks(given.property), [given.operator.inverse.value, read, value]]
    if given.operator is Operator.EQUAL:
        return [given.operator.value, read, value]
    # Tiles leave out what is null, and to compare nothing is an error in MapLibre.
    return ["all", _has(given.property), [given.operator.value, read, value]]


def _has(name: str) -> Json:
    return ["has", name]


def _lacks(name: str) -> Json:
    return ["!", ["has", name]]
