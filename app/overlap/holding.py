"""Hold places against the opgaven around them in memory, by the measure and the rules of the overlaptoets, and say what nobody knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from app.overlap.footprint import Attributes, Footprint, Methode
from app.overlap.judging import ERNSTEN, KOPPELKANS, Oordeel, ernst_rank, weigh
from app.overlap.measuring import Geometries, Measured, Numbers, Parts, measure
from app.overlap.objects import Published
from app.overlap.opgaven import Encounter, Energieobject, Numbered
from app.overlap.reading import NEAR_M, Reach
from app.overlap.toets import NietBeoordeeld, Toets, Uitkomst
from app.register.voorwaarden import ATTRIBUTES, OPGAVE_FIELDS

NAMES = {**ATTRIBUTES, **OPGAVE_FIELDS}
DEPENDS = "Of dit hier vermeden moet worden, hangt af van iets wat niet bekend is: {naam}."
SILENT = frozenset({"GEEN", KOPPELKANS})


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
class Piece:
    """A place before it is tested: its ground, and the provincie whose rules hold there."""

    geometry: shapely.Geometry
    provincie: str | None


@dataclass(frozen=True)
class Around:
    """All there is in and around the area: parts of opgaven, who they are, where layers are complete, and stations."""

    parts: Parts
    opgaven: Numbered
    covered: Mapping[str, Geometries]
    stations: Sequence[Published]


@dataclass
class _Remains:
    """What was found at a place: how much ground (m²) by the rank of its severity, and whether an unknown attribute decides on it."""

    m2_by_rank: dict[int, float] = field(default_factory=dict)
    is_open: bool = False


class Held:
    """Holds places against what is around them; `must_know` are the beperkingen that something avoided can follow from."""

    """Holds places against the opgaven around the area in memory, by the same measure and the same rules as the overlaptoets."""

    def __init__(self, toets: Toets, wens: Wens, around_: Around, reach: Reach) -> None:
        self._toets, self._wens, self._around = toets, wens, around_
        far: Numbers = np.array([nr for nr, each in around_.opgaven.items() if each.beperking in reach.far], dtype=np.int64)
        is_far = np.isin(around_.parts.owners, far)
        # What rules look far for is measured apart, so that they do not look as far for everything.
        self._groups = [(_some(around_.parts, ~is_far), reach.near), (_some(around_.parts, is_far), reach.furthest)]
        self.must_know = _must_know(toets, wens)
        self._covered = {laag: shapely.union_all(parts) for laag, parts in around_.covered.items()}
        for shape in self._covered.values():
            shapely.prepare(shape)

    def remains(self, pieces: Sequence[Piece]) -> list[tuple[bool, int, float]]:
        """Return of each place what orders it: whether something was not judged, the worst that was found, and for which share of it."""
        shapes = np.array([each.geometry for each in pieces], dtype=object)
        footprints = Parts(shapes, np.arange(len(pieces), dtype=np.int64))
        told = [_Remains() for _ in pieces]
        for parts, reach in self._groups:
            for measured in measure(footprints, parts, reach=np.full(len(shapes), reach), workers=1):
                for nr, encounter in _encounters(measured, self._around.opgaven):
                    self._add(told[nr], pieces[nr], encounter)
        return [
            (found.is_open or bool(self.unknown(piece.geometry)), *_worst(found.m2_by_rank, piece))
            for found, piece in zip(told, pieces, strict=True)
        ]

    def _add(self, told: "_Remains", piece: Piece, encounter: Encounter) -> None:
        subject = subject_of(self._wens, piece.geometry, (piece.provincie,) if piece.provincie else ())
        for oordeel in weigh(subject, encounter, self._toets.regelset, self._toets.day):
            rank = ernst_rank(oordeel.ernst)
            if rank < ernst_rank("GEEN") and not oordeel.randraak:
                told.m2_by_rank[rank] = told.m2_by_rank.get(rank, 0.0) + encounter.m2
                told.is_open = told.is_open or self.depends_on(oordeel) is not None

    def depends_on(self, oordeel: Oordeel) -> str | None:
        """Return the attribute that decides whether what is avoided is here, when nobody told it: not knowing a height frees no place."""
        voorwaarde = oordeel.regel.voorwaarde
        is_open = voorwaarde is not None and voorwaarde.vergelijking is None and oordeel.opgave.beperking in self.must_know
        return voorwaarde.naam if voorwaarde is not None and is_open else None

    def not_judged(self, shape: shapely.Geometry, uitkomst: Uitkomst) -> tuple[NietBeoordeeld, ...]:
        """Return all of what is avoided that was not judged at a place, each layer once."""
        told = [each for each in uitkomst.niet_beoordeeld if each.beperking in self.must_know]
        told += [
            NietBeoordeeld(each.first.opgave.beperking, each.first.opgave.laag, DEPENDS.format(naam=NAMES[naam]))
            for each in uitkomst.bevindingen
            if not each.randraak and (naam := self.depends_on(each.first))
        ]
        told += self.unknown(shape)
        return tuple({(each.beperking, each.laag): each for each in reversed(told)}.values())[::-1]

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


def is_avoided(ernst: str, beperking: str, wens: Wens) -> bool:
    """Tell whether a finding is of what must be avoided."""
    return ernst in wens.vermijd or (beperking in wens.vermijd and ernst not in SILENT)


def _worst(found: Mapping[int, float], piece: Piece) -> tuple[int, float]:
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


def subject_of(wens: Wens, shape: shapely.Geometry, provincies: tuple[str, ...]) -> Energieobject:
    """Return a place as the energy object that would stand there."""
    footprint = Footprint(shape, Methode.GEMETEN)
    return Energieobject(wens.objecttype, wens.objectgroep, wens.attributes, footprint, provincies)
