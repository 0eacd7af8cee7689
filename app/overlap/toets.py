"""The overlaptoets: hold one energy object against every published gebiedsopgave, and say what could not be judged."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from app.overlap.cells import Cells
from app.overlap.judging import KOPPELKANS, Oordeel, ernst_rank, weigh
from app.overlap.measuring import Geometries, Measured, Numbers, Parts, measure, united
from app.overlap.opgaven import Encounter, Energieobject, Opgave
from app.overlap.reading import Opgaven, Reach
from app.register.publication import Publication
from app.register.rasters import raster_path
from app.register.regels import Regelset

NOT_JUDGED = "NIET_BEOORDEELD"
NO_LAYER = "Deze publicatie heeft geen kaartlaag van deze gebiedsopgave."
NOT_KNOWN = "Van deze kaartlaag is niet bekend dat zij hier volledig is: niets vinden zegt hier niets."


@dataclass(frozen=True)
class Bevinding:
    """What one rule says of one layer: the opgaven it holds for, the ground they share with the object (m²), and that ground (RD).

    `afstand_m` is 0 where they meet; `randraak` tells that all they share is where two drawings of a border cross.
    """

    oordelen: tuple[Oordeel, ...]
    m2: float
    afstand_m: float
    overlap: shapely.Geometry | None

    @property
    def first(self) -> Oordeel:
        """The oordeel that stands for all of them."""
        return self.oordelen[0]

    @property
    def randraak(self) -> bool:
        """Whether none of the opgaven is more than touched."""
        return all(each.randraak for each in self.oordelen)


@dataclass(frozen=True)
class NietBeoordeeld:
    """What could not be judged: the beperking, the layer if there is one, why, and for which share of the object."""

    beperking: str
    laag: str | None
    reden: str
    aandeel: float = 1.0


@dataclass(frozen=True)
class Uitkomst:
    """The answer: what was tested, what was found (worst first), what may go together, what says nothing, and what was not judged."""

    subject: Energieobject
    bevindingen: tuple[Bevinding, ...]
    koppelkansen: tuple[Bevinding, ...]
    geen_melding: tuple[str, ...]
    niet_beoordeeld: tuple[NietBeoordeeld, ...]

    @property
    def ernst(self) -> str:
        """The worst that was found; slivers do not count."""
        found = [each.first.ernst for each in self.bevindingen if not each.randraak]
        return min(found, key=ernst_rank, default="GEEN")


@dataclass(frozen=True)
class Toets:
    """What the overlaptoets holds objects against: the opgaven of a publication, by the rules of a regelset, on a day.

    `rasters` is the folder with the cells of rasters; without it they are not looked at.
    """

    publication: Publication
    opgaven: Opgaven
    regelset: Regelset
    day: dt.date
    rasters: Path | None = None

    async def test(self, subject: Energieobject) -> Uitkomst:
        """Hold one object against the opgaven; the provincies that it lies in are looked up where they are not known."""
        shape = subject.footprint.geometry
        reach = Reach.of(self.reaches(subject))
        parts, covered, provincies = await asyncio.gather(
            self.opgaven.parts_near(shape, reach), self.opgaven.coverage_at(shape), self.opgaven.provincies_of(shape)
        )
        subject = replace(subject, provincies=subject.provincies or provincies)
        # Who they are is read while they are measured.
        measured, named, (cells, known) = await asyncio.gather(
            asyncio.to_thread(_measure, shape, parts, reach.furthest),
            self.opgaven.named(np.unique(parts.owners)),
            self._on_rasters(subject),
        )
        measured = measured.joined(cells)
        found = named | await self.opgaven.named(cells.opgaven)
        valid = {nr: opgave for nr, opgave in found.items() if opgave.is_valid_on(self.day)}
        return await asyncio.to_thread(self._conclude, subject, _Met(measured, valid), covered | known)

    async def _on_rasters(self, subject: Energieobject) -> tuple[Measured, dict[str, float]]:
        """Measure an object on the cells of rasters that can mean something for it; per raster tell on which share of it there is data."""
        weighed, rasters = set(self._weighed(subject)), self.publication.rasters
        if self.rasters is None or not rasters:
            return Measured.nothing(), {}
        numbers = await self.opgaven.numbers_of(sorted(rasters))
        measured, known = Measured.nothing(), {}
        for name, published in rasters.items():
            opgaven = {int(number): nr for number, nr in numbers.get(name, {}).items()}
            cells = Cells(published.layer, raster_path(self.rasters, published.description.sha256), opgaven)
            if cells.layer.raster.codes & weighed:
                more, shares = await asyncio.to_thread(cells.measure, [subject.footprint.geometry])
                measured, known[name] = measured.joined(more), shares[0]
        return measured, known

    def reaches(self, subject: Energieobject) -> dict[str, float]:
        """Return how far (m) the rules for such an object look for each beperking."""
        pairs = [beperking for groep, beperking in self.regelset.by_pair if groep == subject.objectgroep]
        return {beperking: self.regelset.reach_m(subject.objectgroep, beperking, subject.attributes) for beperking in pairs}

    def _conclude(self, subject: Energieobject, met: "_Met", covered: Mapping[str, float]) -> Uitkomst:
        told: list[tuple[int, Oordeel]] = []
        without_rule: set[tuple[str, str]] = set()
        for at, encounter in met.encounters():
            oordelen = weigh(subject, encounter, self.regelset, self.day)
            told.extend((at, each) for each in oordelen)
            if encounter.meets and (not oordelen or any(each.ernst == NOT_JUDGED for each in oordelen)):
                without_rule.add((encounter.opgave.laag, encounter.opgave.beperking))
        bevindingen = sorted(_grouped(told, met.measured), key=_order)
        flagged = [each for each in bevindingen if each.first.ernst not in ("GEEN", NOT_JUDGED)]
        not_judged = tuple(self._not_judged(subject, covered, without_rule))
        return Uitkomst(
            subject=subject,
            bevindingen=tuple(each for each in flagged if each.first.ernst != KOPPELKANS),
            koppelkansen=tuple(each for each in flagged if each.first.ernst == KOPPELKANS),
            geen_melding=tuple(self._silent(subject, flagged, not_judged)),
            niet_beoordeeld=not_judged,
        )

    def _weighed(self, subject: Energieobject) -> tuple[str, ...]:
        """Return the beperkingen that can mean something for such an object."""
        return self.regelset.telling(subject.objectgroep, self.day)

    def _silent(self, subject: Energieobject, flagged: Iterable[Bevinding], not_judged: Iterable[NietBeoordeeld]) -> list[str]:
        told = {each.first.opgave.beperking for each in flagged} | {each.beperking for each in not_judged}
        return [beperking for beperking in self._weighed(subject) if beperking not in told]

    def _not_judged(
        self, subject: Energieobject, covered: Mapping[str, float], without_rule: Iterable[tuple[str, str]]
    ) -> Iterator[NietBeoordeeld]:
        """Absence is not innocence: tell of every beperking that matters where no layer says whether it is there."""
        for laag, beperking in sorted(without_rule):
            yield NietBeoordeeld(
                beperking, laag, "De gebiedsopgave ligt hier, maar er is geen regel die zegt wat zij voor dit object betekent."
            )
        yield from self.uncovered(self._weighed(subject), covered)

    def uncovered(self, beperkingen: Iterable[str], covered: Mapping[str, float]) -> Iterator[NietBeoordeeld]:
        """Tell of every beperking that no layer has, or that a layer is not known to be complete of; `covered` is the share per layer."""
        codes = {name: published.layer.opgave.codes for name, published in self.publication.items() if published.layer.opgave}
        codes |= {
            name: frozenset(each.beperking or "" for each in it.layer.raster.classes) for name, it in self.publication.rasters.items()
        }
        for beperking in beperkingen:
            telling = [name for name, mine in codes.items() if beperking in mine]
            if not telling:
                yield NietBeoordeeld(beperking, None, NO_LAYER)
            for name in telling:
                share = covered.get(name, 0.0)
                if share < 1:
                    yield NietBeoordeeld(beperking, name, _why(share), 1 - share)


def _why(share: float) -> str:
    if share == 0:
        return NOT_KNOWN
    return "Voor een deel van de plek is niet bekend dat deze kaartlaag er volledig is."


@dataclass(frozen=True)
class _Met:
    """What was measured, and the opgaven in it that hold."""

    measured: Measured
    opgaven: Mapping[int, Opgave]

    def encounters(self) -> Iterator[tuple[int, Encounter]]:
        measured = self.measured
        for at, nr in enumerate(measured.opgaven.tolist()):
            if nr in self.opgaven:
                yield at, Encounter(self.opgaven[nr], float(measured.m2[at]), float(measured.afstand_m[at]), bool(measured.meets[at]))


def _measure(shape: shapely.Geometry, parts: Parts, furthest: float) -> Measured:
    pieces = shapely.get_parts(np.array([shape], dtype=object))
    # Parts made here are of this thread alone; prepared, they are quickly held against many others.
    shapely.prepare(pieces)
    footprint = Parts(pieces, np.zeros(len(pieces), dtype=np.int64))
    found = list(measure(footprint, parts, reach=np.full(len(pieces), furthest), workers=1, keep=True))
    return found[0] if found else Measured.nothing()


def _grouped(told: Iterable[tuple[int, Oordeel]], measured: Measured) -> Iterator[Bevinding]:
    """Put together what the same rule says of one layer; ground under two opgaven counts once."""
    groups: dict[tuple[object, ...], list[tuple[int, Oordeel]]] = {}
    for at, oordeel in told:
        key = (oordeel.opgave.laag, oordeel.opgave.beperking, oordeel.regel.code, oordeel.ernst, oordeel.hardheid, oordeel.is_overlap)
        groups.setdefault(key, []).append((at, oordeel))
    for group in groups.values():
        pairs: Numbers = np.array([at for at, _ in group], dtype=np.int64)
        overlap = united(_pieces_of(measured, pairs))
        yield Bevinding(
            oordelen=tuple(oordeel for _, oordeel in group),
            m2=float(overlap.area),
            afstand_m=float(measured.afstand_m[pairs].min()),
            overlap=overlap if overlap.area else None,
        )


def _pieces_of(measured: Measured, pairs: Numbers) -> Geometries:
    return measured.pieces[np.isin(measured.piece_pairs, pairs)]


def _order(bevinding: Bevinding) -> tuple[bool, int, float, str]:
    """Worst first; of equals the one that takes most ground, and what is no more than a sliver at the end."""
    first = bevinding.first
    return bevinding.randraak, ernst_rank(first.ernst), -bevinding.m2, first.regel.code
