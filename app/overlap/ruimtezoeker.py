"""The ruimtezoeker: where in an area an energy object of some size would find room, best first, with what remains against each place."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched

import numpy as np
import shapely

from app.database import Reader
from app.overlap.holding import SILENT, Around, Held, Nabijheid, Piece, Wens, is_avoided, subject_of
from app.overlap.judging import weight_of
from app.overlap.measuring import Geometries, Metres, Parts
from app.overlap.nearby import read_near
from app.overlap.objects import Published, object_layers
from app.overlap.opgaven import Opgave
from app.overlap.reading import NEAR_M, Reach
from app.overlap.ruimte import Room, Taken, around, in_order, pieces_of, polygons_of, widened
from app.overlap.toets import NietBeoordeeld, Toets, Uitkomst
from app.register.publication import PublishedLayer

STATION = "STATION"
VOLTAGE = "spanning_kv"
# A place is cut in pieces of one to four times the size that is asked, or larger ones when they would be more than this.
TIMES = 4
MOST_PIECES = 500
AT_A_TIME = 25
# How far around the area (m) the nearest station is looked for.
STATION_M = 20_000.0

type Progress = Callable[[float], None]


@dataclass(frozen=True)
class Plaats:
    """One place that was found: its ground, what the overlaptoets says of it, what of what is avoided was not judged, and its station."""

    geometry: shapely.Geometry
    uitkomst: Uitkomst
    niet_beoordeeld: tuple[NietBeoordeeld, ...]
    station: Published | None
    station_m: float | None

    @property
    def is_free(self) -> bool:
        """Whether all that is avoided was judged here, and not found."""
        return not self.niet_beoordeeld


@dataclass(frozen=True)
class Gevonden:
    """The places, best first; how many there are in all, and how much is free of what is avoided (m²), also in what is too small."""

    plaatsen: tuple[Plaats, ...]
    aantal: int
    free_m2: float
    fitting_m2: float
    dropped: int


@dataclass(frozen=True)
class Ruimtezoeker:
    """Looks for room in a publication, by the rules of the toets."""

    reader: Reader
    toets: Toets

    async def seek(self, wens: Wens, progress: Progress) -> Gevonden:
        """Return the places where the object would find room; between steps `progress` hears how far it is, and a task can be cancelled."""
        around_ = await self._around(wens)
        progress(0.1)
        pieces, free = [], []
        regions = await self._regions(wens)
        for number, (provincie, region) in enumerate(regions):
            room = Room(region, await self._avoided(wens, provincie, around_))
            left: list[shapely.Geometry] = []
            for at, tile in enumerate(room.tiles):
                left += await asyncio.to_thread(room.left, tile)
                progress(0.1 + 0.5 * (number + (at + 1) / len(room.tiles)) / len(regions))
            whole = await asyncio.to_thread(room.together, left)
            free += whole
            pieces += [Piece(each, provincie) for each in await asyncio.to_thread(_fitting, whole, wens)]
        free_m2, fitting_m2 = (sum(shape.area for shape in shapes) for shapes in (free, [each.geometry for each in pieces]))
        cut = await asyncio.to_thread(_cut, pieces, wens, fitting_m2)
        ranked = await self._ranked(wens, cut, around_, progress)
        plaatsen, dropped = await self._tested(wens, ranked, around_, progress)
        return Gevonden(plaatsen, len(cut) - dropped, free_m2, fitting_m2, dropped)

    async def _around(self, wens: Wens) -> Around:
        opgaven = self.toets.opgaven
        parts = await opgaven.parts_near(wens.area, self._reach(wens))
        found = await opgaven.named(np.unique(parts.owners))
        valid = {nr: opgave for nr, opgave in found.items() if opgave.is_valid_on(self.toets.day)}
        covered = await opgaven.coverage_parts(shapely.box(*wens.area.bounds).buffer(NEAR_M))
        kept = np.isin(parts.owners, list(valid))
        stations = await self._found(wens.area, Nabijheid(None, STATION, STATION_M, _voltage(wens)))
        return Around(Parts(parts.geometries[kept], parts.owners[kept]), valid, covered, stations)

    def _reach(self, wens: Wens) -> Reach:
        return Reach.of(self.toets.reaches(subject_of(wens, wens.area, ())))

    async def _regions(self, wens: Wens) -> list[tuple[str | None, shapely.Geometry]]:
        """Return the area as far as it lies near what is asked, per provincie, as each can have rules of its own."""
        area = wens.area
        for each in wens.nabij:
            near = await self._found(area, each)
            shapes = np.array([one.geometry for one in near], dtype=object)
            area = shapely.intersection(area, await asyncio.to_thread(around, shapes, each.metres))
        provincies = await self.toets.opgaven.provincie_parts(wens.area)
        return await asyncio.to_thread(_per_provincie, area, provincies)

    async def _found(self, area: shapely.Geometry, wanted: Nabijheid) -> list[Published]:
        publication = self.toets.publication
        layers: Iterable[PublishedLayer] = [publication[wanted.laag]] if wanted.laag else object_layers(publication)
        found = [each for layer in layers for each in await read_near(self.reader, layer, area, wanted.metres)]
        return [each for each in found if _is_wanted(each, wanted)]

    async def _avoided(self, wens: Wens, provincie: str | None, around_: Around) -> Taken:
        """Return all ground that may not be used in a provincie: what rules keep the object away from, and what must be far."""
        metres = {nr: self._stay_away(wens, opgave, provincie) for nr, opgave in around_.opgaven.items()}
        owners = around_.parts.owners.tolist()
        kept = [at for at, nr in enumerate(owners) if metres[nr] is not None]
        shapes, distances = list(around_.parts.geometries[kept]), [metres[owners[at]] or 0.0 for at in kept]
        for each in wens.ver:
            found = await self._found(wens.area, each)
            shapes += [one.geometry for one in found]
            distances += [each.metres] * len(found)
        return Taken(np.array(shapes, dtype=object), np.array(distances, dtype=np.float64))

    def _stay_away(self, wens: Wens, opgave: Opgave, provincie: str | None) -> float | None:
        """Return how far to stay from an opgave (m), or None where nothing that is avoided follows from it."""
        regels = self.toets.regelset.for_pair(wens.objectgroep, opgave.beperking, provincie, self.toets.day)
        named = opgave.beperking in wens.vermijd
        told = [
            regel.reach_m(wens.attributes)
            for regel in regels
            if regel.holds(wens.attributes, opgave.attributes)
            and ((ernst := weight_of(regel, opgave)[0]) in wens.vermijd or (named and ernst not in SILENT))
        ]
        return max([*told, *([0.0] if named else [])], default=None)

    async def _ranked(
        self, wens: Wens, pieces: Sequence[Piece], around_: Around, progress: Progress
    ) -> list[tuple[Piece, Published | None, float | None]]:
        """Return the places, best first: judged before not judged, then by what remains against them, how much of it, and the station."""
        keyed = []
        stations = np.array([each.geometry for each in around_.stations], dtype=object)
        held = Held(self.toets, wens, around_, self._reach(wens))
        for number, some in enumerate(batched(pieces, AT_A_TIME)):
            remains = await asyncio.to_thread(held.remains, some)
            for piece, remain in zip(some, remains, strict=True):
                at, metres = _nearest(piece.geometry, stations)
                station = around_.stations[at] if at is not None else None
                keyed.append(((*remain, np.inf if metres is None else metres, *_tie(piece)), (piece, station, metres)))
            progress(0.6 + 0.2 * min(1.0, (number + 1) * AT_A_TIME / len(pieces)))
        return [each for _, each in sorted(keyed, key=lambda each: each[0])]

    async def _tested(
        self,
        wens: Wens,
        ranked: Sequence[tuple[Piece, Published | None, float | None]],
        around_: Around,
        progress: Progress,
    ) -> tuple[tuple[Plaats, ...], int]:
        """Hold the best places against the overlaptoets itself: what it still objects to is dropped, whatever the geometry promised."""
        held = Held(self.toets, wens, around_, self._reach(wens))
        plaatsen: list[Plaats] = []
        dropped = 0
        for piece, station, metres in ranked:
            if len(plaatsen) == wens.most:
                break
            uitkomst = await self.toets.test(subject_of(wens, piece.geometry, (piece.provincie,) if piece.provincie else ()))
            if any(is_avoided(each.first.ernst, each.first.opgave.beperking, wens) for each in uitkomst.bevindingen if not each.randraak):
                dropped += 1
                continue
            plaatsen.append(Plaats(piece.geometry, uitkomst, held.not_judged(piece.geometry, uitkomst), station, metres))
            progress(0.8 + 0.2 * len(plaatsen) / wens.most)
        return tuple(plaatsen), dropped


def _per_provincie(area: shapely.Geometry, provincies: Mapping[str, Geometries]) -> list[tuple[str | None, shapely.Geometry]]:
    found: list[tuple[str | None, shapely.Geometry]] = []
    rest = area
    for code, parts in provincies.items():
        ground = shapely.union_all(parts)
        found.append((code, _area_of(shapely.intersection(area, ground))))
        rest = shapely.difference(rest, ground)
    return [(code, shape) for code, shape in (*found, (None, _area_of(rest))) if not shape.is_empty]


def _area_of(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.union_all(polygons_of(shape))


def _is_wanted(each: Published, wanted: Nabijheid) -> bool:
    if wanted.laag is None and each.objecttype != wanted.objecttype:
        return False
    told = each.attributes.get(VOLTAGE)
    return wanted.kv is None or (isinstance(told, int | float) and told >= wanted.kv)


def _voltage(wens: Wens) -> float | None:
    return max((each.kv for each in wens.nabij if each.kv is not None), default=None)


def _fitting(whole: Iterable[shapely.Geometry], wens: Wens) -> list[shapely.Geometry]:
    large = (each for each in whole if each.area >= _least(wens))
    return [each for each in widened(large, wens.width) if each.area >= _least(wens)]


def _least(wens: Wens) -> float:
    """What misses less than a square metre of the size fits: borders are kept to the millimetre."""
    return wens.m2 - 1.0


def _cut(pieces: Iterable[Piece], wens: Wens, whole_m2: float) -> list[Piece]:
    most = max(TIMES * wens.m2, whole_m2 / MOST_PIECES * 2)
    return [
        replace(piece, geometry=each)
        for piece in pieces
        for each in in_order(pieces_of(piece.geometry, max(_least(wens), most / TIMES), most))
    ]


def _nearest(shape: shapely.Geometry, stations: Geometries) -> tuple[int | None, float | None]:
    if len(stations) == 0:
        return None, None
    metres: Metres = shapely.distance(stations, shape)
    at = int(np.argmin(metres))
    return at, float(metres[at])


def _tie(piece: Piece) -> tuple[float, float, float]:
    """What decides between equals: the larger, then the one more to the west and south."""
    west, south, _, _ = piece.geometry.bounds
    return -round(piece.geometry.area), west, south
