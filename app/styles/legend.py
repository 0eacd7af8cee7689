"""Styles as legends: per class its text and its swatches, as data and as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from app.styles.model import Fill, LineSymbolizer, PointSymbolizer, PolygonSymbolizer, Rule, Shape, Stroke, Style, Symbolizer

WIDTH, HEIGHT = 28.0, 20.0
LINE = 24


@dataclass(frozen=True)
class Swatch:
    """One symbolizer as a legend shows it: `polygon`, `line` or `point`; a point has a shape and a size in pixels."""

    kind: str
    fill: Fill | None = None
    stroke: Stroke | None = None
    shape: Shape | None = None
    size: float | None = None


@dataclass(frozen=True)
class LegendItem:
    """A class: what it is called, how it is drawn (later swatches on top), and that drawing as SVG."""

    title: str
    swatches: tuple[Swatch, ...]
    svg: str


@dataclass(frozen=True)
class Legend:
    """The classes of a style, in the order of its rules."""

    title: str
    items: tuple[LegendItem, ...]


def make_legend(style: Style, title: str | None = None) -> Legend:
    """Return the legend of a style; rules with the same title (one class at several scales, or a casing) are one item."""
    drawn: dict[str, tuple[Swatch, ...]] = {}
    for group in style.groups:
        first: dict[str, Rule] = {}
        for rule in group:
            first.setdefault(rule.title, rule)
        for name, rule in first.items():
            drawn[name] = (*drawn.get(name, ()), *(_swatch(each) for each in rule.symbolizers))
    return Legend(title or style.title, tuple(LegendItem(name, swatches, swatch_svg(swatches)) for name, swatches in drawn.items()))


def swatch_svg(swatches: Sequence[Swatch]) -> str:
    """Draw swatches over each other as one small SVG image."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{HEIGHT:g}">{_shapes(swatches)}</svg>'


def legend_svg(legend: Legend) -> str:
    """Draw a whole legend as one SVG image."""
    rows = "".join(
        f'<g transform="translate(0 {LINE * (number + 1)})">{_shapes(item.swatches)}'
        f'<text x="{WIDTH + 8:g}" y="14">{escape(item.title)}</text></g>'
        for number, item in enumerate(legend.items)
    )
    longest = max(len(text) for text in (legend.title, *(item.title for item in legend.items)))
    size = f'width="{longest * 8 + 48}" height="{LINE * (len(legend.items) + 1)}"'
    heading = f'<text y="15" font-weight="bold">{escape(legend.title)}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">{heading}{rows}</svg>'


def _swatch(symbolizer: Symbolizer) -> Swatch:
    match symbolizer:
        case PolygonSymbolizer(fill, stroke):
            return Swatch("polygon", fill, stroke)
        case LineSymbolizer(stroke):
            return Swatch("line", None, stroke)
        case PointSymbolizer(shape, size, fill, stroke):
            return Swatch("point", fill, stroke, shape, size)


def _shapes(swatches: Sequence[Swatch]) -> str:
    return "".join(f"<{_outline(swatch)} {_fill(swatch.fill)} {_stroke(swatch.stroke)}/>" for swatch in swatches)


def _outline(swatch: Swatch) -> str:
    if swatch.kind == "polygon":
        return f'rect x="2" y="2" width="{WIDTH - 4:g}" height="{HEIGHT - 4:g}" rx="2"'
    if swatch.kind == "line":
        return f'path d="M1 {HEIGHT / 2:g}H{WIDTH - 1:g}"'
    x, y, radius = WIDTH / 2, HEIGHT / 2, min(swatch.size or 0, HEIGHT - 4) / 2
    if swatch.shape is Shape.CIRCLE:
        return f'circle cx="{x:g}" cy="{y:g}" r="{radius:g}"'
    if swatch.shape is Shape.SQUARE:
        return f'rect x="{x - radius:g}" y="{y - radius:g}" width="{radius * 2:g}" height="{radius * 2:g}"'
    return f'path d="M{x:g} {y - radius:g}L{x + radius:g} {y + radius:g}H{x - radius:g}Z"'


def _fill(fill: Fill | None) -> str:
    return f'fill="{fill.color}" fill-opacity="{fill.opacity:g}"' if fill else 'fill="none"'


def _stroke(stroke: Stroke | None) -> str:
    if stroke is None:
        return 'stroke="none"'
    dash = f' stroke-dasharray="{" ".join(f"{length:g}" for length in stroke.dash)}"' if stroke.dash else ""
    return f'stroke="{stroke.color}" stroke-width="{stroke.width:g}" stroke-opacity="{stroke.opacity:g}"{dash}'
