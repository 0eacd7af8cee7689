"""The ruimtezoeker: where in an area an energy object of some size would find room, best first, with what remains against each place."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched

import numpy as np
import shapely
from numpy.typing import NDArray

from app.database import Reader
from app.overlap.footprint import Attributes, Footprint, Methode
from app.overlap.judging import ERNSTEN, KOPPELKANS, ernst_rank, weigh, weight_of
from app.overlap.measuring import Geometries, Measured, Metres, Numbers, Parts, measure
from app.overlap.nearby import read_near
from app.overlap.objects import Published, object_layers
from app.overlap.opgaven import Encounter, Energieobject, Numbered, Opgave
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
SILENT = frozenset({"GEEN", KOPPELKANS})

type Progress = Callable[[float], None]


@dataclass(frozen=True)
class Nabijheid:
    """Near what to be, or far from what: features of a layer, or energy objects of a type, of at least so many kV, within `metres`."""

    laag: str | None
    objecttype: str | None
    metres: float
    kv: float | None = None


@dataclass(frozen=True)
class Wens:
    """What is looked for (RD, m, m²): an object of a size, in an area, away from what is avoided (severities and beperkingen), near things.

    `most` is how many places are told; a place is nowhere narrower than `width`.
    """

    objecttype: str
    objectgroep: str
    attributes: Attributes
    m2: float
    area: shapely.Geometry
    vermijd: frozenset[str]
    nabij: tuple[Nabijheid, ...] = ()
    ver: tuple[Nabijheid, ...] = ()
    width: float = 20.0
    most: int = 10


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
class _Piece:
    """A place before it is tested: its ground, and the provincie whose rules hold there."""

    geometry: shapely.Geometry
    provincie: str | None


@dataclass(frozen=True)
class _Around:
    """All there is in and around the area: parts of opgaven, who they are, where layers are complete, and stations."""

    parts: Parts
    opgaven: Numbered
    covered: Mapping[str, Geometries]
    stations: Sequence[Published]


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
            pieces += [_Piece(each, provincie) for each in await asyncio.to_thread(_fitting, whole, wens)]
        free_m2, fitting_m2 = (sum(shape.area for shape in shapes) for shapes in (free, [each.geometry for each in pieces]))
        cut = await asyncio.to_thread(_cut, pieces, wens, fitting_m2)
        ranked = await self._ranked(wens, cut, around_, progress)
        plaatsen, dropped = await self._tested(wens, ranked, around_, progress)
        return Gevonden(plaatsen, len(cut) - dropped, free_m2, fitting_m2, dropped)

    async def _around(self, wens: Wens) -> _Around:
        opgaven = self.toets.opgaven
        parts = await opgaven.parts_near(wens.area, self._reach(wens))
        found = await opgaven.named(np.unique(parts.owners))
        valid = {nr: opgave for nr, opgave in found.items() if opgave.is_valid_on(self.toets.day)}
        covered = await opgaven.coverage_parts(shapely.box(*wens.area.bounds).buffer(NEAR_M))
        kept = np.isin(parts.owners, list(valid))
        stations = await self._found(wens.area, Nabijheid(None, STATION, STATION_M, _voltage(wens)))
        return _Around(Parts(parts.geometries[kept], parts.owners[kept]), valid, covered, stations)

    def _reach(self, wens: Wens) -> Reach:
        return Reach.of(self.toets.reaches(_subject(wens, wens.area, ())))

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

    async def _avoided(self, wens: Wens, provincie: str | None, around_: _Around) -> Taken:
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
        self, wens: Wens, pieces: Sequence[_Piece], around_: _Around, progress: Progress
    ) -> list[tuple[_Piece, Published | None, float | None]]:
        """Return the places, best first: judged before not judged, then by what remains against them, how much of it, and the station."""
        keyed = []
        stations = np.array([each.geometry for each in around_.stations], dtype=object)
        held = _Held(self.toets, wens, around_, self._reach(wens))
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
        ranked: Sequence[tuple[_Piece, Published | None, float | None]],
        around_: _Around,
        progress: Progress,
    ) -> tuple[tuple[Plaats, ...], int]:
        """Hold the best places against the overlaptoets itself: what it still objects to is dropped, whatever the geometry promised."""
        held = _Held(self.toets, wens, around_, self._reach(wens))
        plaatsen: list[Plaats] = []
        dropped = 0
        for piece, station, metres in ranked:
            if len(plaatsen) == wens.most:
                break
            uitkomst = await self.toets.test(_subject(wens, piece.geometry, (piece.provincie,) if piece.provincie else ()))
            if any(_is_avoided(each.first.ernst, each.first.opgave.beperking, wens) for each in uitkomst.bevindingen if not each.randraak):
                dropped += 1
                continue
            told = [each for each in uitkomst.niet_beoordeeld if each.beperking in held.must_know]
            more = [
                each
                for each in held.unknown(piece.geometry)
                if (each.beperking, each.laag) not in {(one.beperking, one.laag) for one in told}
            ]
            plaatsen.append(Plaats(piece.geometry, uitkomst, (*told, *more), station, metres))
            progress(0.8 + 0.2 * len(plaatsen) / wens.most)
        return tuple(plaatsen), dropped


class _Held:
    """Holds places against the opgaven around the area in memory, by the same measure and the same rules as the overlaptoets."""

    def __init__(self, toets: Toets, wens: Wens, around_: _Around, reach: Reach) -> None:
        self._toets, self._wens, self._around = toets, wens, around_
        far: Numbers = np.array([nr for nr, each in around_.opgaven.items() if each.beperking in reach.far], dtype=np.int64)
        is_far = np.isin(around_.parts.owners, far)
        # What rules look far for is measured apart, so that they do not look as far for everything.
        self._groups = [(_some(around_.parts, ~is_far), reach.near), (_some(around_.parts, is_far), reach.furthest)]
        self.must_know = _must_know(toets, wens)
        self._covered = {laag: shapely.union_all(parts) for laag, parts in around_.covered.items()}
        for shape in self._covered.values():
            shapely.prepare(shape)

    def remains(self, pieces: Sequence[_Piece]) -> list[tuple[bool, int, float]]:
        """Return of each place what orders it: whether something was not judged, the worst that was found, and for which share of it."""
        shapes = np.array([each.geometry for each in pieces], dtype=object)
        footprints = Parts(shapes, np.arange(len(pieces), dtype=np.int64))
        told: list[dict[int, float]] = [{} for _ in pieces]
        for parts, reach in self._groups:
            for measured in measure(footprints, parts, reach=np.full(len(shapes), reach), workers=1):
                for nr, encounter in _encounters(measured, self._around.opgaven):
                    self._add(told[nr], pieces[nr], encounter)
        return [(bool(self.unknown(piece.geometry)), *_worst(found, piece)) for found, piece in zip(told, pieces, strict=True)]

    def _add(self, told: dict[int, float], piece: _Piece, encounter: Encounter) -> None:
        subject = _subject(self._wens, piece.geometry, (piece.provincie,) if piece.provincie else ())
        for oordeel in weigh(subject, encounter, self._toets.regelset, self._toets.day):
            rank = ernst_rank(oordeel.ernst)
            if rank < ernst_rank("GEEN") and not oordeel.randraak:
                told[rank] = told.get(rank, 0.0) + encounter.m2

    def unknown(self, shape: shapely.Geometry) -> list[NietBeoordeeld]:
        """Return what of what is avoided no layer is known to be complete of, at a place and as far around it as rules look nearby."""
        found = []
        for metres, beperkingen in self.must_know.by_reach.items():
            looked = shapely.buffer(shape, metres) if metres else shape
            covered = {laag: 1.0 for laag, ground in self._covered.items() if shapely.covers(ground, looked)}
            partly = {laag: _share(ground, looked) for laag, ground in self._covered.items() if laag not in covered}
            found += list(self._toets.uncovered(beperkingen, covered | partly))
        return found


@dataclass(frozen=True)
class _MustKnow:
    """The beperkingen that something avoided can follow from, by how far rules look for them (m)."""

    by_reach: Mapping[float, Sequence[str]]

    def __contains__(self, beperking: object) -> bool:
        return any(beperking in codes for codes in self.by_reach.values())


def _must_know(toets: Toets, wens: Wens) -> _MustKnow:
    wanted = {*wens.vermijd, *(["UITSLUITING"] if "ZWAARWEGEND" in wens.vermijd else [])}
    telling = [
        regel
        for regel in toets.regelset
        if regel.objectgroep == wens.objectgroep
        and regel.is_valid(toets.day)
        and (regel.ernst in wanted or (regel.beperking in wens.vermijd and regel.ernst not in SILENT))
    ]
    found: dict[float, list[str]] = {}
    for code in sorted({regel.beperking for regel in telling} | {code for code in wens.vermijd if code not in ERNSTEN}):
        reach = max((regel.reach_m(wens.attributes) for regel in telling if regel.beperking == code), default=0.0)
        # Nobody is complete as far as a radar looks: beyond this the place itself is what must be covered.
        found.setdefault(reach if reach <= NEAR_M else 0.0, []).append(code)
    return _MustKnow(found)


def _is_avoided(ernst: str, beperking: str, wens: Wens) -> bool:
    return ernst in wens.vermijd or (beperking in wens.vermijd and ernst not in SILENT)


def _worst(found: Mapping[int, float], piece: _Piece) -> tuple[int, float]:
    rank = min(found, default=ernst_rank("GEEN"))
    return -rank, min(1.0, found.get(rank, 0.0) / piece.geometry.area)


def _share(ground: shapely.Geometry, looked: shapely.Geometry) -> float:
    if not shapely.intersects(ground, looked):
        return 0.0
    share = float(shapely.intersection(ground, looked).area / looked.area)
    # Borders are kept to the millimetre; what is complete but for that is complete.
    return 1.0 if share > 1 - 1e-6 else share


def _encounters(measured: Measured, opgaven: Numbered) -> Iterator[tuple[int, Encounter]]:
    for at, (nr, opgave) in enumerate(zip(measured.footprints.tolist(), measured.opgaven.tolist(), strict=True)):
        yield nr, Encounter(opgaven[opgave], float(measured.m2[at]), float(measured.afstand_m[at]), bool(measured.meets[at]))


def _some(parts: Parts, kept: NDArray[np.bool_]) -> Parts:
    return Parts(parts.geometries[kept], parts.owners[kept])


def _subject(wens: Wens, shape: shapely.Geometry, provincies: tuple[str, ...]) -> Energieobject:
    footprint = Footprint(shape, Methode.GEMETEN)
    return Energieobject(wens.objecttype, wens.objectgroep, wens.attributes, footprint, provincies)


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


def _cut(pieces: Iterable[_Piece], wens: Wens, whole_m2: float) -> list[_Piece]:
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


def _tie(piece: _Piece) -> tuple[float, float, float]:
    """What decides between equals: the larger, then the one more to the west and south."""
    west, south, _, _ = piece.geometry.bounds
    return -round(piece.geometry.area), west, south
