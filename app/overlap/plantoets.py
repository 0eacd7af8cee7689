"""The plantoets: which energy objects a plan touches or comes near, and what the rules say of each where the plan is itself an opgave."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from app.database import Reader
from app.overlap.footprint import Ground, Methode
from app.overlap.judging import Oordeel, ernst_rank, weigh
from app.overlap.measuring import Geometries, Measured, Metres, Parts, measure, united
from app.overlap.nearby import cut, read_near
from app.overlap.objects import Published, object_layers
from app.overlap.opgaven import Encounter, Energieobject, Opgave
from app.overlap.reading import Opgaven
from app.problems import BadRequest
from app.register.publication import Publication
from app.register.regels import Regelset

# What is known as a point can take ground up to so far from it (m): a circle of 1 256 ha.
WIDEST_M = 2_000.0
# As far as a rule can look for the height or rotor of an object (m).
TALLEST_M = 1_000.0
MOST_OBJECTS = 20_000
TOO_MANY = (
    "In en om dit plan liggen meer dan {most} energieobjecten; dat is te veel voor één vraag. Teken een kleiner vlak, of vraag een kleinere"
    " afstand."
)
OF_THE_NET = "ENERGIENET"
ONBEKEND = "ONBEKEND"


@dataclass(frozen=True)
class Plan:
    """A plan area (polygon in RD), how far around it objects are looked for (m), and what opgave it is, if it is one."""

    geometry: shapely.Geometry
    afstand_m: float = 0.0
    opgave: Opgave | None = None


@dataclass(frozen=True)
class Geraakt:
    """One energy object in or near a plan: its ground inside (RD, m²), its length inside (km, of a line), and how far off it is (m)."""

    object: Energieobject
    m2: float
    km: float
    afstand_m: float
    inside: shapely.Geometry | None
    netvlak: str | None


@dataclass(frozen=True)
class InOpgave:
    """An opgave of the energy net that the plan lies in, and the ground they share (m²)."""

    opgave: Opgave
    m2: float


@dataclass(frozen=True)
class Planuitkomst:
    """What a plan touches (`geraakt`), what the rules say of objects around it, worst first, and which opgaven of the net it lies in.

    `zonder_regels` counts the objects near it that no rules are about; `covered` tells per layer of such opgaven for which share of the
    plan it is known to be complete.
    """

    plan: Plan
    geraakt: tuple[Geraakt, ...]
    beoordeeld: tuple[tuple[Geraakt, Oordeel], ...]
    zonder_regels: int
    energienet: tuple[InOpgave, ...]
    covered: Mapping[str, float]

    @property
    def grond(self) -> shapely.Geometry:
        """The ground inside the plan that is known to be taken; where objects share it, it counts once."""
        return ground_of(self.geraakt)


def ground_of(geraakt: Iterable[Geraakt]) -> shapely.Geometry:
    """Return the ground (RD) inside the plan of the objects of which it is known."""
    known = [each.inside for each in geraakt if each.inside is not None and each.object.footprint.methode is not Methode.ONBEKEND]
    return united(np.array(known, dtype=object))


@dataclass(frozen=True)
class _Gemeten:
    """An object with its own geometry (RD) and how it lies to the plan."""

    object: Energieobject
    geometry: shapely.Geometry
    m2: float
    afstand_m: float
    meets: bool
    inside: shapely.Geometry | None


@dataclass(frozen=True)
class Plantoets:
    """What a plan is held against: the energy objects and opgaven of a publication, by the rules of a regelset, on a day."""

    reader: Reader
    publication: Publication
    opgaven: Opgaven
    regelset: Regelset
    ground: Ground
    day: dt.date

    async def test(self, plan: Plan) -> Planuitkomst:
        """Hold a plan against every published energy object, or raise BadRequest when there are too many around it."""
        parts = await cut(self.reader, plan.geometry)
        features = await self._features(plan)
        gemeten = await asyncio.to_thread(self._measure, plan, features, parts)
        if plan.opgave and any(regel.gebied for regel in self.regelset if regel.beperking == plan.opgave.beperking):
            gemeten = await self._placed(gemeten)
        energienet, covered = await self._energienet(plan, parts)
        uitkomst = Planuitkomst(plan, (), (), 0, energienet, covered)
        return await asyncio.to_thread(self._conclude, uitkomst, gemeten, parts)

    def _conclude(self, uitkomst: Planuitkomst, gemeten: Sequence[_Gemeten], parts: Geometries) -> Planuitkomst:
        plan = uitkomst.plan
        near = [each for each in gemeten if each.afstand_m <= plan.afstand_m]
        told = [(self._geraakt(each, parts), one) for each in gemeten for one in self._weighed(plan, each)]
        return replace(
            uitkomst,
            geraakt=tuple(self._geraakt(each, parts) for each in near),
            beoordeeld=tuple(sorted(told, key=_order)),
            zonder_regels=sum(not each.object.objectgroep for each in near),
        )

    async def _features(self, plan: Plan) -> list[Published]:
        metres = max(plan.afstand_m, self._furthest(plan)) + WIDEST_M
        features: list[Published] = []
        for layer in object_layers(self.publication):
            features += await read_near(self.reader, layer, plan.geometry, metres)
            if len(features) > MOST_OBJECTS:
                raise BadRequest(TOO_MANY.format(most=MOST_OBJECTS))
        return features

    def _furthest(self, plan: Plan) -> float:
        rules = [regel for regel in self.regelset if plan.opgave and regel.beperking == plan.opgave.beperking]
        return max((max(regel.afstand_m or 0, TALLEST_M if regel.afstand_attribuut else 0) for regel in rules), default=0.0)

    def _measure(self, plan: Plan, features: Sequence[Published], parts: Geometries) -> list[_Gemeten]:
        objects = [self._object(feature) for feature in features]
        shapes = np.array([each.footprint.geometry for each in objects], dtype=object)
        pieces, owners = shapely.get_parts(shapes, return_index=True)
        reach: Metres = np.array([self._reach(plan, each) for each in objects])
        footprints = Parts(pieces, owners.astype(np.int64))
        target = Parts(parts, np.zeros(len(parts), dtype=np.int64))
        found = []
        for measured in measure(footprints, target, reach=reach[owners], workers=1, keep=True):
            inside = _inside(measured)
            for at, nr in enumerate(measured.footprints.tolist()):
                m2, apart, meets = float(measured.m2[at]), float(measured.afstand_m[at]), bool(measured.meets[at])
                found.append(_Gemeten(objects[nr], features[nr].geometry, m2, apart, meets, inside.get(at)))
        return found

    def _object(self, feature: Published) -> Energieobject:
        objecttype = feature.objecttype or ONBEKEND
        known = self.ground.begrippen["objecttype"].get(objecttype)
        return Energieobject(
            objecttype=objecttype,
            objectgroep=(known.kenmerken.get("objectgroep") or "") if known else "",
            attributes=feature.attributes,
            footprint=self.ground.footprint(feature.geometry, objecttype, feature.attributes),
            id=feature.id,
            laag=feature.laag,
            naam=feature.naam,
        )

    def _reach(self, plan: Plan, each: Energieobject) -> float:
        if plan.opgave is None or not each.objectgroep:
            return plan.afstand_m
        return max(plan.afstand_m, self.regelset.reach_m(each.objectgroep, plan.opgave.beperking, each.attributes))

    async def _placed(self, gemeten: Sequence[_Gemeten]) -> list[_Gemeten]:
        """Tell of every object which provincies it lies in, as a provincie has rules of its own about such a plan."""
        if not gemeten:
            return []
        shapes = np.array([each.object.footprint.geometry for each in gemeten], dtype=object)
        provincies = await self.opgaven.provincie_parts(shapely.box(*shapely.total_bounds(shapes)))
        return await asyncio.to_thread(_in_provincies, gemeten, shapes, provincies)

    def _weighed(self, plan: Plan, each: _Gemeten) -> tuple[Oordeel, ...]:
        if plan.opgave is None or not each.object.objectgroep:
            return ()
        encounter = Encounter(plan.opgave, each.m2, each.afstand_m, each.meets)
        return tuple(one for one in weigh(each.object, encounter, self.regelset, self.day) if one.ernst != "GEEN")

    def _geraakt(self, each: _Gemeten, parts: Geometries) -> Geraakt:
        km, netvlak = 0.0, None
        if shapely.get_dimensions(each.geometry) == 1:
            # A line along the border of two parts lies in both, and counts once.
            km = float(shapely.union_all(shapely.intersection(each.geometry, parts)).length) / 1000
            kind = "VERBINDING_BOVENGRONDS" if each.object.objecttype == ONBEKEND else each.object.objecttype
            netvlak = self.ground.techniek(kind, each.object.attributes) or ONBEKEND
        return Geraakt(each.object, each.m2, km, each.afstand_m, each.inside, netvlak)

    async def _energienet(self, plan: Plan, parts: Geometries) -> tuple[tuple[InOpgave, ...], Mapping[str, float]]:
        codes = [code for code, each in self.ground.begrippen["beperking"].items() if each.ouder == OF_THE_NET]
        near = await self.opgaven.parts_of(plan.geometry, codes)
        footprint = Parts(parts, np.zeros(len(parts), dtype=np.int64))
        measured = await asyncio.to_thread(lambda: next(iter(measure(footprint, near, workers=1)), Measured.nothing()))
        named = await self.opgaven.named(measured.opgaven)
        met = [(named[nr], m2) for nr, m2, meets in zip(*_columns(measured), strict=True) if meets and named[nr].is_valid_on(self.day)]
        return tuple(InOpgave(opgave, m2) for opgave, m2 in met), await self.opgaven.coverage_at(plan.geometry)


def _columns(measured: Measured) -> tuple[list[int], list[float], list[bool]]:
    return measured.opgaven.tolist(), measured.m2.tolist(), measured.meets.tolist()


def _inside(measured: Measured) -> dict[int, shapely.Geometry]:
    """Return the ground that each pair shares."""
    order = np.argsort(measured.piece_pairs, kind="stable")
    pairs, starts = np.unique(measured.piece_pairs[order], return_index=True)
    groups = np.split(measured.pieces[order], starts[1:])
    return {int(at): united(group) for at, group in zip(pairs, groups, strict=False)}


def _in_provincies(gemeten: Sequence[_Gemeten], shapes: Geometries, provincies: Mapping[str, Geometries]) -> list[_Gemeten]:
    codes = [code for code, parts in provincies.items() for _ in parts]
    if not codes:
        return list(gemeten)
    tree = shapely.STRtree(np.concatenate(list(provincies.values())))
    found: list[set[str]] = [set() for _ in gemeten]
    for mine, part in tree.query(shapes, predicate="intersects").T.tolist():
        found[mine].add(codes[part])
    return [replace(each, object=replace(each.object, provincies=tuple(sorted(own)))) for each, own in zip(gemeten, found, strict=True)]


def _order(told: tuple[Geraakt, Oordeel]) -> tuple[bool, int, float, float, str]:
    geraakt, oordeel = told
    return oordeel.randraak, ernst_rank(oordeel.ernst), -geraakt.m2, geraakt.afstand_m, geraakt.object.id or ""
