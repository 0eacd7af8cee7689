"""The text of an SLD literal as a value of the property that it is compared with."""

import datetime as dt
import math
from collections.abc import Callable, Mapping

from app.layers import PropertyType

type Literal = str | int | float | bool


def parse_literal(text: str, kind: PropertyType) -> Literal | None:
    """Return the value, or None when the text is no value of this kind. Dates stay text: ISO order is their order in a tile too."""
    try:
        return PARSERS[kind](text)
    except (ValueError, KeyError):
        return None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


PARSERS: Mapping[PropertyType, Callable[[str], Literal]] = {
    PropertyType.TEXT: str,
    PropertyType.INTEGER: int,
    PropertyType.NUMBER: _finite,
    PropertyType.BOOLEAN: {"true": True, "false": False}.__getitem__,
    PropertyType.DATE: lambda text: dt.date.fromisoformat(text).isoformat(),
}
