"""Answer a question for the plantoets: read it, find the plan, hold it against the energy objects and tell what it touches."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.api.asking import Faults
from app.api.overlap.answering import NO_OPGAVEN, Overlaptoets, Progress
from app.api.overlap.asking import like, read_crs, read_day, read_flag, read_text
from app.api.overlap.plan_telling import Planteller
from app.api.overlap.plekken import Plek, find_plek, read_plek
from app.layers import Opgave as Declared
from app.overlap.objects import Published
from app.overlap.opgaven import Opgave
from app.overlap.plantoets import Plan, Plantoets
from app.overlap.reading import Opgaven
from app.problems import BadRequest, NotFound
from app.register.begrippen import Begrippen
from app.register.crs import Crs
from app.register.publication import Publication
from app.web.addresses import Addresses, Json

FIELDS = ("geometrie", "object", "gebied", "afstandM", "beperking", "hoogteMaxM", "crs", "datum", "publicatie", "metGeometrie")
FURTHEST_M = 5_000.0
HIGHEST_M = 1_000.0


@dataclass(frozen=True)
class Planvraag:
    """One question: where the plan is, how far around it is looked (m), what opgave it is (with a greatest height), how to answer."""

    plek: Plek
    afstand_m: float
    beperking: str | None
    hoogte_max_m: float | None
    crs: Crs
    day: dt.date
    publicatie: str | None
    with_geometry: bool
    asked: Json


def read_planvraag(body: Json, begrippen: Begrippen, *, today: dt.date) -> Planvraag:
    """Return the question in a JSON object, or raise BadRequest naming every fault, before anything is asked of the database."""
    faults = Faults()
    refuse_fields(body, FIELDS, faults)
    crs = read_crs(body, faults)
    vraag = Planvraag(
        plek=read_plek(body, crs, faults),
        afstand_m=read_number(body, "afstandM", (0.0, FURTHEST_M), faults) or 0.0,
        beperking=_beperking(body, begrippen, faults),
        hoogte_max_m=read_number(body, "hoogteMaxM", (0.0, HIGHEST_M), faults),
        crs=crs,
        day=read_day(body, today, faults),
        publicatie=read_text(body, "publicatie", faults),
        with_geometry=read_flag(body, "metGeometrie", faults),
        asked={name: value for name, value in body.items() if value is not None},
    )
    faults.refuse()
    return vraag


def refuse_fields(body: Json, fields: tuple[str, ...], faults: Faults) -> None:
    """Add a fault for every field that a question does not know."""
    for name in sorted(body.keys() - set(fields))[:20]:
        faults.add(f"Het veld {name[:60]!r} is onbekend.{like(name, fields)} Bekend zijn: {', '.join(fields)}.")


def read_number(body: Mapping[str, object], name: str, bounds: tuple[float, float], faults: Faults) -> float | None:
    """Return a field that is a number between bounds, or None."""
    value = body.get(name)
    if value is None:
        return None
    least, most = bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        faults.add(f"{name}: hier hoort een getal van {least:g} tot en met {most:g} (met een punt als decimaalteken).")
        return None
    return float(value)


def _beperking(body: Json, begrippen: Begrippen, faults: Faults) -> str | None:
    code = read_text(body, "beperking", faults)
    known = begrippen["beperking"]
    if code is not None and code not in known:
        faults.add(f"beperking: {code[:60]!r} is onbekend.{like(code, known)} Alle codes staan op /v1/begrippen/beperking.")
    return code


@dataclass(frozen=True)
class Plantoetsen:
    """The plantoets of this deployment; it shares rules, ground and places at the measure with the overlaptoets."""

    toets: Overlaptoets

    def read(self, body: Json) -> Planvraag:
        """Return the question in a JSON object, or raise BadRequest with every fault in it."""
        return read_planvraag(body, self.toets.door.begrippen, today=dt.datetime.now(dt.UTC).date())

    async def answer(self, vraag: Planvraag, addresses: Addresses, progress: Progress = lambda _: None) -> Json:
        """Return the whole answer to a question, or raise NotFound or BadRequest for what it names and is not there."""
        toets, door = self.toets, self.toets.door
        publication = await door.archive(vraag.publicatie) if vraag.publicatie else door.current()
        if publication.opgaven is None:
            raise NotFound(NO_OPGAVEN)
        found = await find_plek(toets, vraag.plek, publication)
        opgaven = Opgaven(door.reader, publication.opgaven.table_name)
        plantoets = Plantoets(door.reader, publication, opgaven, toets.regelset, toets.ground, vraag.day)
        progress(0.1)
        async with toets.turn():
            uitkomst = await plantoets.test(Plan(found.geometry, vraag.afstand_m, _opgave(vraag, found, publication)))
        progress(0.9)
        teller = Planteller(door.begrippen, publication, toets.regelset, addresses, vraag.crs, vraag.with_geometry)
        told = await asyncio.to_thread(teller.tell_plan, uitkomst, found)
        progress(1.0)
        return told | {
            "datum": vraag.day.isoformat(),
            "invoer": {**vraag.asked, "datum": vraag.day.isoformat(), "publicatie": publication.versie},
        }


def _opgave(vraag: Planvraag, found: Published, publication: Publication) -> Opgave | None:
    """Return what the plan is as an opgave: what the question says, or else what its own layer says of a published feature."""
    declared = publication[found.laag].layer.opgave if found.laag else None
    beperking = vraag.beperking or (_declared(declared, found) if declared else None)
    if beperking is None:
        if vraag.hoogte_max_m is not None:
            raise BadRequest("hoogteMaxM: een hoogte zegt pas iets met een beperking, zoals LV-LIB; geef 'beperking'.")
        return None
    height = found.attributes.get(declared.hoogte_max) if declared and declared.hoogte_max else None
    return Opgave(
        nr=0,
        laag=found.laag,
        id=found.id,
        naam=found.naam,
        beperking=beperking,
        hardheid=declared.hardheid if declared and vraag.beperking is None else None,
        hoogte_max_m=vraag.hoogte_max_m or (float(height) if isinstance(height, int | float) else None),
        kenmerken=found.attributes,
    )


def _declared(declared: Declared, found: Published) -> str | None:
    return declared.beperkingen.get(str(found.attributes.get(declared.per))) if declared.per else declared.beperking
