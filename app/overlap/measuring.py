"""The one measure of overlap: which opgaven a footprint shares ground with or lies near, and how much, in RD (EPSG:28992).

Both sides come in parts: a large shape cut into small ones (PostGIS, `ST_Subdivide`) that do not overlap each other, so that areas of parts
add up to the area of the whole and no overlay ever meets more than a few hundred vertices. A search tree finds the pairs, GEOS does the
overlay in every thread that it is given, and no thread prepares a geometry that another one reads.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

# Parts of footprints that one thread takes at a time.
CHUNK = 4_000
# An overlap smaller than both of these is where two drawings of the same border meet.
SLIVER_M2 = 100.0
SLIVER_SHARE = 0.001

type Geometries = NDArray[np.object_]
type Numbers = NDArray[np.int64]
type Metres = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """Shapes cut into parts (RD): part i belongs to the shape numbered `owners[i]`; the parts of one shape lie one after another."""

    geometries: Geometries
    owners: Numbers

    def __len__(self) -> int:
        return len(self.owners)

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> "Parts":
        """Return what a query tells: (owner, part as WKB)."""
        listed = list(rows)
        shapes: Geometries = shapely.from_wkb(np.array([wkb for _, wkb in listed], dtype=object))
        return cls(shapes, np.array([owner for owner, _ in listed], dtype=np.int64))


@dataclass(frozen=True)
class Measured:
    """Pairs of a footprint and an opgave (numbers of their owners): the area they share (m²) and how far apart they are (m).

    They `meet` where they share ground, or where an opgave that has none (a line, a point) lies in the footprint; a border in common is
    `afstand_m` 0 and no more. `pieces` are the parts of the overlap, of the pair at `piece_pairs`.
    """

    footprints: Numbers
    opgaven: Numbers
    m2: Metres
    afstand_m: Metres
    meets: NDArray[np.bool_]
    pieces: Geometries
    piece_pairs: Numbers

    def __len__(self) -> int:
        return len(self.footprints)

    def joined(self, other: "Measured") -> "Measured":
        """Return these pairs with those of another measure behind them."""
        return Measured(
            footprints=np.concatenate((self.footprints, other.footprints)),
            opgaven=np.concatenate((self.opgaven, other.opgaven)),
            m2=np.concatenate((self.m2, other.m2)),
            afstand_m=np.concatenate((self.afstand_m, other.afstand_m)),
            meets=np.concatenate((self.meets, other.meets)),
            pieces=np.concatenate((self.pieces, other.pieces)),
            piece_pairs=np.concatenate((self.piece_pairs, other.piece_pairs + len(self))),
        )

    @classmethod
    def nothing(cls) -> "Measured":
        """Return what was measured where nothing meets."""
        whole, metres, shapes = np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=object)
        return cls(whole, whole, metres, metres, np.empty(0, dtype=bool), shapes, whole)


def measure(footprints: Parts, opgaven: Parts, *, reach: Metres | None = None, workers: int = 0, keep: bool = False) -> Iterator[Measured]:
    """Measure every footprint against every opgave that it meets, or that lies within the `reach` (m) of each part of a footprint.

    Yields the pairs of some footprints at a time, all pairs of a footprint together, so memory stays bounded whatever the number.
    `keep` keeps the geometry of the overlap; 0 `workers` are as many as there are processors.
    """
    if len(footprints) == 0 or len(opgaven) == 0:
        return
    tree = shapely.STRtree(opgaven.geometries)
    target = _Target(tree, opgaven, keep)

    def one(chunk: slice) -> Measured:
        some = Parts(footprints.geometries[chunk], footprints.owners[chunk])
        return _measure_chunk(some, target, None if reach is None else reach[chunk])

    yield from _side_by_side(one, _chunks(footprints.owners), workers or os.cpu_count() or 1)


@dataclass(frozen=True)
class _Target:
    """The opgaven with their search tree; whether overlaps are kept."""

    tree: shapely.STRtree
    opgaven: Parts
    keep: bool


def _chunks(owners: Numbers) -> Iterator[slice]:
    """Cut where the owner changes, at about every CHUNK parts."""
    changes: Numbers = np.append(np.flatnonzero(np.diff(owners)) + 1, len(owners))
    start = 0
    while start < len(owners):
        end = int(changes[np.searchsorted(changes, min(start + CHUNK, len(owners)))])
        yield slice(start, end)
        start = end


def _side_by_side[T](one: Callable[[slice], T], chunks: Iterable[slice], workers: int) -> Iterator[T]:
    """Map in order over threads, with no more under way than they need."""
    if workers == 1:
        yield from map(one, chunks)
        return
    with ThreadPoolExecutor(workers) as threads:
        under_way: deque[Future[T]] = deque()
        for chunk in chunks:
            under_way.append(threads.submit(one, chunk))
            if len(under_way) > workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _measure_chunk(some: Parts, target: _Target, reach: Metres | None) -> Measured:
    if reach is None:
        mine, theirs = target.tree.query(some.geometries, predicate="intersects")
    else:
        mine, theirs = target.tree.query(some.geometries, predicate="dwithin", distance=reach)
    near, far = some.geometries[mine], target.opgaven.geometries[theirs]
    touching: NDArray[np.bool_] = np.ones(len(mine), dtype=bool) if reach is None else shapely.intersects(near, far)
    pieces = np.empty(len(mine), dtype=object)
    pieces[touching] = _overlaps(near[touching], far[touching])
    inside, apart = np.zeros(len(mine)), np.zeros(len(mine))
    inside[touching] = shapely.area(pieces[touching])
    apart[~touching] = shapely.distance(near[~touching], far[~touching])
    meets = (inside > 0) | touching & (shapely.get_dimensions(far) < 2)
    return _per_pair(Parts(pieces, some.owners[mine]), target.opgaven.owners[theirs], _Measures(inside, apart, meets), keep=target.keep)


def _overlaps(near: Geometries, far: Geometries) -> Geometries:
    """Return what each pair shares; where one lies wholly inside the other there is nothing to overlay."""
    mine, theirs = shapely.bounds(near), shapely.bounds(far)
    pieces = np.empty(len(near), dtype=object)
    open_: NDArray[np.bool_] = np.ones(len(near), dtype=bool)
    for inner, outer, boxes in ((near, far, (mine, theirs)), (far, near, (theirs, mine))):
        fits = open_ & _box_fits(*boxes)
        fits[fits] = shapely.covers(outer[fits], inner[fits])
        pieces[fits] = inner[fits]
        open_ &= ~fits
    pieces[open_] = shapely.intersection(near[open_], far[open_])
    return pieces


def _box_fits(inner: Metres, outer: Metres) -> NDArray[np.bool_]:
    fits: NDArray[np.bool_] = np.all(inner[:, :2] >= outer[:, :2], axis=1) & np.all(inner[:, 2:] <= outer[:, 2:], axis=1)
    return fits


@dataclass(frozen=True)
class _Measures:
    """Of pairs of parts: the area they share (m²), how far apart they are (m), and whether they meet."""

    inside: Metres
    apart: Metres
    meets: NDArray[np.bool_]


def _per_pair(pieces: Parts, opgaven: Numbers, measures: _Measures, *, keep: bool) -> Measured:
    """Add up what parts share to what shapes share."""
    pairs, at = np.unique(np.column_stack((pieces.owners, opgaven)), axis=0, return_inverse=True)
    at = at.reshape(-1)
    nearest = np.full(len(pairs), np.inf)
    np.minimum.at(nearest, at, measures.apart)
    kept = np.flatnonzero(measures.inside > 0) if keep else np.empty(0, dtype=np.int64)
    return Measured(
        footprints=pairs[:, 0],
        opgaven=pairs[:, 1],
        m2=np.bincount(at, weights=measures.inside, minlength=len(pairs)),
        afstand_m=nearest,
        meets=np.bincount(at, weights=measures.meets, minlength=len(pairs)) > 0,
        pieces=pieces.geometries[kept],
        piece_pairs=at[kept],
    )


def is_sliver(m2: float, footprint_m2: float) -> bool:
    """Tell whether an overlap is no more than where borders that were drawn apart cross each other."""
    return 0 < m2 < min(SLIVER_M2, SLIVER_SHARE * footprint_m2)


def united(pieces: Geometries) -> shapely.Geometry:
    """Return the polygons of these pieces as one shape: ground under two opgaven counts once."""
    flat = shapely.get_parts(pieces)
    return shapely.union_all(flat[shapely.get_dimensions(flat) == 2])
