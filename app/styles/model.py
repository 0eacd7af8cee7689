"""What a style is, once its SLD has been read: rules with a filter, a scale range and symbolizers.

The names are those of OGC Symbology Encoding 1.1 (05-077r4) and Filter Encoding 1.1 (04-095). Sizes and widths are in pixels.
"""

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """Well-known marks of the subset."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"


class Operator(StrEnum):
    """Comparisons; the value is how MapLibre writes them."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="

    @property
    def inverse(self) -> "Operator":
        """The comparison that holds for every other value."""
        return _INVERSE[self]


_INVERSE = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
}


@dataclass(frozen=True)
class Comparison:
    """A property against a literal; false where the property has no value."""

    operator: Operator
    property: str
    literal: str


@dataclass(frozen=True)
class IsNull:
    """True where the property has no value."""

    property: str


@dataclass(frozen=True)
class And:
    """True where every part is."""

    parts: "tuple[Filter, ...]"


@dataclass(frozen=True)
class Or:
    """True where some part is."""

    parts: "tuple[Filter, ...]"


@dataclass(frozen=True)
class Not:
    """True where the part is false, so also where a comparison had no value to compare."""

    part: "Filter"


type Filter = Comparison | IsNull | And | Or | Not


@dataclass(frozen=True)
class Fill:
    """The inside of a polygon or mark."""

    color: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """A line or an outline; `dash` holds the lengths of strokes and gaps."""

    color: str
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    join: str = "mitre"
    cap: str = "butt"


@dataclass(frozen=True)
class PolygonSymbolizer:
    """A polygon with a fill, an outline or both."""

    fill: Fill | None
    stroke: Stroke | None


@dataclass(frozen=True)
class LineSymbolizer:
    """A line, or the boundary of a polygon."""

    stroke: Stroke


@dataclass(frozen=True)
class PointSymbolizer:
    """A mark of `size` pixels across."""

    shape: Shape
    size: float
    fill: Fill | None
    stroke: Stroke | None


type Symbolizer = PolygonSymbolizer | LineSymbolizer | PointSymbolizer


@dataclass(frozen=True)
class Scales:
    """The scale denominators between which a rule draws: `smallest` ≤ denominator < `largest`; None is no limit."""

    smallest: float | None = None
    largest: float | None = None


@dataclass(frozen=True)
class Rule:
    """One class of features: its legend text, which features, at which scales, drawn how (later symbolizers on top)."""

    title: str
    filter: Filter | None
    is_else: bool
    scales: Scales
    symbolizers: tuple[Symbolizer, ...]


@dataclass(frozen=True)
class Style:
    """One SLD file. `groups` are its FeatureTypeStyles: each is drawn over the one before, and has its own ElseFilter."""

    id: str
    title: str
    groups: tuple[tuple[Rule, ...], ...]
    sld: str

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule in the order in which it is drawn."""
        return tuple(rule for group in self.groups for rule in group)
