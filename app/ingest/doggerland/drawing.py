"""Draw natural lines: curves through control points, made rough by gradient noise that a fixed seed decides.

All coordinates are RD metres. Noise moves points of the plane, not of a line, so lines that share a course keep sharing it.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

type Points = NDArray[np.float64]
type Numbers = NDArray[np.float64]

PERIOD = 256
MILLIMETRE = 0.001


@dataclass(frozen=True)
class Octave:
    """One size of wiggle: its wavelength and the largest displacement it causes, in metres."""

    wavelength: float
    amplitude: float


@dataclass(frozen=True)
class Noise:
    """Gradient noise in the plane (Perlin, "An image synthesizer", 1985) over a lattice of shuffled directions."""

    order: NDArray[np.int64]
    directions: Points

    @classmethod
    def of(cls, random: np.random.Generator) -> "Noise":
        """Shuffle a lattice of `PERIOD` directions."""
        angles = 2 * np.pi * np.arange(PERIOD) / PERIOD
        # Rounded, because the last bit of a cosine differs between processors.
        return cls(random.permutation(PERIOD), np.round(np.column_stack((np.cos(angles), np.sin(angles))), 12))

    def at(self, points: Points, wavelength: float) -> Numbers:
        """Return a smooth value of about -1 to 1 for each point; it changes over distances of `wavelength`."""
        scaled = points / wavelength
        corner = np.floor(scaled).astype(np.int64)
        within = scaled - corner
        weight = within**3 * (within * (within * 6 - 15) + 10)
        south = _between(self._slope(corner, within, 0, 0), self._slope(corner, within, 1, 0), weight[:, 0])
        north = _between(self._slope(corner, within, 0, 1), self._slope(corner, within, 1, 1), weight[:, 0])
        value: Numbers = 1.5 * _between(south, north, weight[:, 1])
        return value

    def _slope(self, corner: NDArray[np.int64], within: Points, east: int, north: int) -> Numbers:
        column = self.order[(corner[:, 0] + east) % PERIOD]
        direction = self.directions[self.order[(column + corner[:, 1] + north) % PERIOD]]
        slope: Numbers = direction[:, 0] * (within[:, 0] - east) + direction[:, 1] * (within[:, 1] - north)
        return slope


def _between(low: Numbers, high: Numbers, weight: Numbers) -> Numbers:
    return low + weight * (high - low)


@dataclass(frozen=True)
class Warp:
    """Displace points of the plane by noise in both directions, octave upon octave."""

    eastward: Noise
    northward: Noise
    octaves: tuple[Octave, ...]

    @classmethod
    def of(cls, random: np.random.Generator, *octaves: Octave) -> "Warp":
        """Make a warp with noise of its own."""
        return cls(Noise.of(random), Noise.of(random), octaves)

    def moved(self, points: Points, strength: Numbers | float = 1.0) -> Points:
        """Return the points where the warp puts them; `strength` (one number, or one per point) scales the displacement."""
        shift = np.zeros_like(points)
        for octave in self.octaves:
            shift[:, 0] += octave.amplitude * self.eastward.at(points, octave.wavelength)
            shift[:, 1] += octave.amplitude * self.northward.at(points, octave.wavelength)
        moved: Points = points + shift * np.reshape(strength, (-1, 1))
        return moved


def curve(control: Points, spacing: float, *, closed: bool = False) -> Points:
    """Return a smooth curve (Catmull-Rom) through the control points, a vertex about every `spacing` metres.

    Columns after x and y (such as roughness or width) are carried along. A closed curve ends where it starts.
    """
    around = np.vstack((control[-1:], control, control[:2])) if closed else np.vstack((control[:1], control, control[-1:]))
    pieces = [_piece(around[index : index + 4], spacing) for index in range(len(around) - 3)]
    return np.vstack((*pieces, around[-2]))


def _piece(four: Points, spacing: float) -> Points:
    before, start, end, after = four
    steps = max(1, int(np.ceil(np.hypot(*(end - start)[:2]) / spacing)))
    t = (np.arange(steps) / steps)[:, None]
    bent = t**2 * (2 * before - 5 * start + 4 * end - after) + t**3 * (3 * (start - end) + after - before)
    piece: Points = 0.5 * (2 * start + t * (end - before) + bent)
    return piece


def dense(line: shapely.LineString, spacing: float) -> Points:
    """Return the vertices of a line with extra ones, so that no step exceeds `spacing` metres."""
    coordinates: Points = shapely.get_coordinates(shapely.segmentize(line, spacing))
    return coordinates


def rough_ring(control: Points, warp: Warp, spacing: float) -> shapely.Polygon:
    """Return the valid polygon inside a warped closed curve; a third column of `control` says how rough each stretch is."""
    outline = curve(control, spacing, closed=True)
    return largest(snapped(shapely.make_valid(shapely.Polygon(warp.moved(outline[:, :2], outline[:, 2])))))


def travelled(line: Points) -> Numbers:
    """Return how far each vertex is along the line."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate((np.zeros(1), np.cumsum(steps)))


def fading(line: Points, distance: float) -> Numbers:
    """Return for each vertex a strength of 1 that fades to 0 over `distance` at both ends, so that a line ends where it should."""
    along = travelled(line)
    strength: Numbers = np.minimum(1.0, np.minimum(along, along[-1] - along) / distance)
    return strength


def meander(line: Points, wavelength: float, amplitude: float) -> Points:
    """Bend a line to and fro as a river does: bends grow from nothing at both ends."""
    along = np.gradient(line, axis=0)
    normal = np.column_stack((-along[:, 1], along[:, 0])) / np.hypot(along[:, 0], along[:, 1])[:, None]
    phase = 2 * np.pi * travelled(line) / wavelength
    bend = amplitude * fading(line, wavelength) * (np.sin(phase) + 0.45 * np.sin(0.57 * phase))
    bent: Points = line + normal * bend[:, None]
    return bent


def ribbon(line: Points, widths: Numbers) -> shapely.Polygon:
    """Return the polygon along a line that is `widths` metres wide at each vertex."""
    segments = shapely.linestrings(np.stack((line[:-1], line[1:]), axis=1))
    return largest(snapped(shapely.union_all(shapely.buffer(segments, (widths[:-1] + widths[1:]) / 4, quad_segs=4))))


def blob(centre: tuple[float, float], radii: tuple[float, float], warp: Warp) -> shapely.Polygon:
    """Return an irregular area around a centre."""
    angle = 2 * np.pi * np.arange(120) / 120
    ring = np.column_stack((centre[0] + radii[0] * np.cos(angle), centre[1] + radii[1] * np.sin(angle)))
    return largest(snapped(shapely.buffer(shapely.Polygon(warp.moved(ring)), 0)))


def largest(geometry: shapely.Geometry) -> shapely.Polygon:
    """Return the largest polygon of a geometry, without holes smaller than 0.2 km2."""
    polygons = [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon)]
    polygon = max(polygons, key=lambda part: part.area)
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area > 200_000]
    return shapely.Polygon(polygon.exterior, holes)


def snapped(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return the geometry, valid, with every coordinate on a whole millimetre."""
    return shapely.set_precision(geometry, MILLIMETRE)


def between(line: shapely.LineString, start: shapely.Point, end: shapely.Point) -> shapely.LineString:
    """Return the part of a line between the vertices nearest to two points; of a closed line the shorter of both ways."""
    coordinates = shapely.get_coordinates(line)
    first, last = (int(np.argmin(np.hypot(*(coordinates - point.coords[0]).T))) for point in (start, end))
    if not line.is_closed:
        return shapely.LineString(coordinates[min(first, last) : max(first, last) + 1])
    ring = coordinates[:-1]
    ways = [np.roll(ring, -begin, axis=0)[: (finish - begin) % len(ring) + 1] for begin, finish in ((first, last), (last, first))]
    return min((shapely.LineString(way) for way in ways), key=lambda way: way.length)


def angular(centre: tuple[float, float], radii: tuple[float, float], random: np.random.Generator) -> shapely.Polygon:
    """Return a convex area with a few straight sides, as areas at sea are drawn."""
    corners = 7
    angle = 2 * np.pi * (np.arange(corners) + random.uniform(-0.3, 0.3, corners)) / corners
    reach = random.uniform(0.82, 1.06, corners)
    ring = np.column_stack((centre[0] + radii[0] * reach * np.cos(angle), centre[1] + radii[1] * reach * np.sin(angle)))
    return largest(snapped(shapely.convex_hull(shapely.Polygon(ring))))
