"""Marks that MapLibre has no layer type for (squares, triangles) as a sprite: one PNG and where each mark lies in it."""

import math
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.styles.maplibre import icon_name, icons
from app.styles.model import Fill, PointSymbolizer, Shape, Stroke, Style

CORNERS: Mapping[Shape, Sequence[tuple[float, float]]] = {
    Shape.SQUARE: ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    Shape.TRIANGLE: ((0, -1), (1, 1), (-1, 1)),
}
"""Outlines in a box from -1 to 1, y downwards, clockwise on the screen."""

type Raster = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where a mark lies in the sheet, in pixels of the sheet."""

    x: int
    y: int
    width: int
    height: int
    pixelRatio: int  # noqa: N815 - the sprite specification spells it so


@dataclass(frozen=True)
class Sprite:
    """A sheet of marks: the PNG and the index that MapLibre reads beside it."""

    png: bytes
    places: Mapping[str, Place]


def make_sprite(styles: Iterable[Style], ratio: int = 1) -> Sprite:
    """Draw every mark of these styles next to each other, at `ratio` pixels of the sheet per pixel of the style."""
    drawn = {icon_name(style, mark): draw_mark(mark, ratio) for style in styles for mark in icons(style)}
    height = max((image.shape[0] for image in drawn.values()), default=1)
    places: dict[str, Place] = {}
    x = 0
    for name, image in drawn.items():
        places[name] = Place(x, 0, image.shape[1], image.shape[0], ratio)
        x += image.shape[1]
    sheet = np.zeros((height, max(x, 1), 4), dtype=np.uint8)
    for name, image in drawn.items():
        place = places[name]
        sheet[: place.height, place.x : place.x + place.width] = image
    return Sprite(_png(sheet), places)


def draw_mark(mark: PointSymbolizer, ratio: int) -> NDArray[np.uint8]:
    """Draw one mark as straight-alpha RGBA, its stroke centred on the outline and mitred."""
    stroke = mark.stroke.width if mark.stroke else 0
    half = math.ceil((mark.size / 2 + stroke * 1.5 + 1) * ratio)
    distance = _distance(CORNERS[mark.shape], mark.size / 2 * ratio, half)
    inside = _coverage(distance + stroke / 2 * ratio)
    edge = _coverage(distance - stroke / 2 * ratio) - inside
    colors, alphas = zip(_paint(mark.fill, inside), _paint(mark.stroke, edge), strict=True)
    alpha = alphas[0] + alphas[1]
    mixed = (colors[0] * alphas[0][..., None] + colors[1] * alphas[1][..., None]) / np.maximum(alpha, 1e-6)[..., None]
    return np.round(np.dstack((mixed, alpha * 255))).astype(np.uint8)


def _distance(corners: Sequence[tuple[float, float]], radius: float, half: int) -> Raster:
    """Return per pixel how far it lies outside (positive) or inside a convex outline, along the nearest side's normal."""
    axis = np.arange(-half, half) + 0.5
    x, y = np.meshgrid(axis, axis)
    sides = []
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        normal = np.array((y2 - y1, x1 - x2)) / math.hypot(x2 - x1, y2 - y1)
        sides.append((x - x1 * radius) * normal[0] + (y - y1 * radius) * normal[1])
    outline: Raster = np.max(sides, axis=0)
    return outline


def _coverage(distance: Raster) -> Raster:
    covered: Raster = np.clip(0.5 - distance, 0, 1)
    return covered


def _paint(paint: Fill | Stroke | None, covered: Raster) -> tuple[NDArray[np.int_], Raster]:
    if paint is None:
        return np.zeros(3, dtype=np.int_), np.zeros_like(covered)
    return np.array([int(paint.color[start : start + 2], 16) for start in (1, 3, 5)]), covered * paint.opacity


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Write 8-bit RGBA (PNG, W3C 2003, clauses 5 and 11), every row unfiltered."""
    height, width = pixels.shape[:2]
    rows = np.hstack((np.zeros((height, 1), dtype=np.uint8), pixels.reshape(height, width * 4)))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
