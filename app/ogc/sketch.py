"""A small drawing of one geometry as inline SVG, so that a page shows a shape without scripts or a background map."""

import math
from collections.abc import Iterator

from markupsafe import Markup

from app.web.addresses import Json

WIDTH, HEIGHT, MARGIN = 320.0, 240.0, 12.0

type Line = list[tuple[float, float]]


def sketch(geometry: Json | None) -> str:
    """Return an SVG drawing of a GeoJSON geometry in lon/lat, or nothing when there is none to draw."""
    lines = [_stretch(line) for line in _lines(geometry)] if geometry else []
    if not lines:
        return ""
    fitted = _fit(lines)
    kind = str(geometry["type"]).removeprefix("Multi") if geometry else ""
    if kind == "Point":
        marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6"/>' for line in fitted for x, y in line)
        return _frame(marks)
    close = "Z" if kind == "Polygon" else ""
    return _frame(f'<path class="{kind.lower()}" d="{"".join(_path(line) + close for line in fitted)}"/>')


def _lines(geometry: Json) -> Iterator[Line]:
    """Yield every ring, line or point as a list of positions."""
    yield from _walk(geometry.get("coordinates") or [])


def _walk(coordinates: list[object]) -> Iterator[Line]:
    first = coordinates[0] if coordinates else None
    if isinstance(first, int | float):
        yield [_position(coordinates)]
    elif isinstance(first, list) and first and isinstance(first[0], int | float):
        yield [_position(each) for each in coordinates if isinstance(each, list)]
    else:
        for part in coordinates:
            yield from _walk(part if isinstance(part, list) else [])


def _position(coordinates: list[object]) -> tuple[float, float]:
    x, y = (float(each) for each in coordinates[:2] if isinstance(each, int | float))
    return x, y


def _stretch(line: Line) -> Line:
    """Make a degree east about as long as a degree north, as at 52° north."""
    return [(x * math.cos(math.radians(52)), -y) for x, y in line]


def _fit(lines: list[Line]) -> list[Line]:
    xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    span = max((max(xs) - min(xs)) / (WIDTH - 2 * MARGIN), (max(ys) - min(ys)) / (HEIGHT - 2 * MARGIN)) or 1.0
    return [[(WIDTH / 2 + (x - middle_x) / span, HEIGHT / 2 + (y - middle_y) / span) for x, y in line] for line in lines]


def _path(line: Line) -> str:
    """Write the line at a tenth of a pixel, without the positions that fall together."""
    seen = dict.fromkeys((round(x, 1), round(y, 1)) for x, y in line)
    if len(seen) < 2:
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in seen)


def _frame(drawing: str) -> str:
    opening = f'<svg class="sketch" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="Vorm van het object">'
    # Only numbers and our own names are in the drawing.
    return Markup(f"{opening}{drawing}</svg>")  # noqa: S704
