"""Answer a question for the ruimtezoeker: read it, find the area, look for room and tell the places, best first."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import shapely

from app.api.asking import Faults
from app.api.overlap.answering import NO_OPGAVEN, Overlaptoets, Progress, Turn
from app.api.overlap.asking import like, read_crs, read_day, read_kenmerken, read_objecttype, read_text
from app.api.overlap.plantoetsen import read_number, refuse_fields
from app.api.overlap.plekken import Plek, find_plek, read_plek
from app.api.overlap.zoek_telling import Zoekteller
from app.overlap.footprint import Attributes, Ground
from app.overlap.holding import Nabijheid, Wens
from app.overlap.objects import object_layers
from app.overlap.reading import Opgaven
from app.overlap.ruimtezoeker import VOLTAGE, Ruimtezoeker
from app.overlap.toets import Toets
from app.problems import BadRequest, NotFound
from app.register.begrippen import Begrippen
from app.register.crs import Crs
from app.register.publication import Publication
from app.web.addresses import Addresses, Json

WHAT = ("objecttype", "oppervlakteHa", "kenmerken", "breedteM")
WHERE = ("geometrie", "gebied", "vermijd", "nabij", "verVan")
FIELDS = (*WHAT, *WHERE, "aantal", "crs", "datum", "publicatie")
AVOIDABLE = ("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT")
AVOIDED = frozenset({"UITSLUITING", "ZWAARWEGEND"})
LINES = frozenset({"LEIB", "LEIO"})
MOST_KM2 = 6_000.0
MOST_PLACES, PLACES = 50, 10
MOST_HA, LEAST_HA = 10_000.0, 0.01
WIDEST_M, WIDTH_M = 1_000.0, 20.0
MOST_WISHES = 5
FURTHEST_KM = 50.0
NEAR = '{"objecttype": "STATION", "minstensKv": 110, "hoogstensKm": 5} of {"laag": "…", "hoogstensKm": 5}'
FAR = '{"objecttype": "STATION", "minstensKm": 2} of {"laag": "…", "minstensKm": 2}'
NO_SIZE = "oppervlakteHa: zonder kengetal voor dit vermogen is niet te zeggen hoe groot de plek moet zijn; geef de oppervlakte in hectare."


@dataclass(frozen=True)
class Zoekvraag:
    """One question: what is looked for and how large (m²), where, what to avoid, near and far from what, and how to answer."""

    objecttype: str
    kenmerken: Attributes
    m2: float
    plek: Plek
    vermijd: frozenset[str]
    nabij: tuple[Nabijheid, ...]
    ver: tuple[Nabijheid, ...]
    width: float
    aantal: int
    crs: Crs
    day: dt.date
    publicatie: str | None
    asked: Json


def read_zoekvraag(body: Json, ground: Ground, *, today: dt.date) -> Zoekvraag:
    """Return the question in a JSON object, or raise BadRequest naming every fault, before anything is asked of the database."""
    faults, begrippen = Faults(), ground.begrippen
    refuse_fields(body, FIELDS, faults)
    crs = read_crs(body, faults)
    objecttype = read_objecttype(body, (), begrippen, faults)
    kenmerken = read_kenmerken(body, (), faults)
    vraag = Zoekvraag(
        objecttype=objecttype or "",
        kenmerken=kenmerken,
        m2=_size(body, objecttype, ground, kenmerken, faults),
        plek=read_plek(body, crs, faults, ("geometrie", "gebied")),
        vermijd=_vermijd(body, begrippen, faults),
        nabij=tuple(_wishes(body, "nabij", begrippen, faults)),
        ver=tuple(_wishes(body, "verVan", begrippen, faults)),
        width=_or(read_number(body, "breedteM", (0.0, WIDEST_M), faults), WIDTH_M),
        aantal=_aantal(body, faults),
        crs=crs,
        day=read_day(body, today, faults),
        publicatie=read_text(body, "publicatie", faults),
        asked={name: value for name, value in body.items() if value is not None},
    )
    faults.refuse()
    return vraag


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _aantal(body: Json, faults: Faults) -> int:
    value = body.get("aantal")
    if value is None:
        return PLACES
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_PLACES:
        faults.add(f"aantal: hier hoort een geheel getal van 1 tot en met {MOST_PLACES}.")
        return PLACES
    return value


def _size(body: Json, objecttype: str | None, ground: Ground, kenmerken: Attributes, faults: Faults) -> float:
    """Return how large the place must be (m²): as it is told, or by the key figure for the capacity that is told."""
    hectares = read_number(body, "oppervlakteHa", (LEAST_HA, MOST_HA), faults)
    if hectares is not None:
        return hectares * 10_000
    if objecttype is None or body.get("oppervlakteHa") is not None or faults.found:
        return 0.0
    known = ground.begrippen["objecttype"].get(objecttype)
    if known and known.kenmerken.get("objectgroep") in LINES:
        faults.add(f"objecttype: {known.naam.lower()} is een lijn; de ruimtezoeker zoekt een vlak.")
        return 0.0
    m2 = ground.footprint(shapely.Point(0, 0), objecttype, kenmerken).m2
    if m2 is None:
        faults.add(NO_SIZE)
    return m2 or 0.0


def _vermijd(body: Json, begrippen: Begrippen, faults: Faults) -> frozenset[str]:
    told = body.get("vermijd")
    if told is None:
        return AVOIDED
    known = (*AVOIDABLE, *begrippen["beperking"])
    if not isinstance(told, list) or not told or not all(isinstance(each, str) for each in told) or len(told) > len(known):
        faults.add('vermijd: dit is een lijst van ernsten en beperkingen, zoals ["UITSLUITING", "ZWAARWEGEND", "WB-GWB"].')
        return AVOIDED
    for each in told:
        if each not in known:
            faults.add(f"vermijd: {each[:60]!r} is onbekend.{like(each, known)} Kies uit: {', '.join(AVOIDABLE)} of een beperking.")
    return frozenset(told)


def _wishes(body: Json, name: str, begrippen: Begrippen, faults: Faults) -> Iterator[Nabijheid]:
    told, distance = body.get(name), "hoogstensKm" if name == "nabij" else "minstensKm"
    if told is None:
        return
    if not isinstance(told, list) or len(told) > MOST_WISHES:
        faults.add(f"{name}: dit is een lijst van hoogstens {MOST_WISHES}, elk als {NEAR if name == 'nabij' else FAR}.")
        return
    for at, each in enumerate(told):
        place = f"{name}[{at}]"
        if not isinstance(each, dict) or not set(each) <= {"laag", "objecttype", "minstensKv", distance} or distance not in each:
            faults.add(f"{place}: dit is {NEAR if name == 'nabij' else FAR}.")
            continue
        wish = {f"{place}.{key}": value for key, value in each.items()}
        laag, objecttype = read_text(wish, f"{place}.laag", faults), read_text(wish, f"{place}.objecttype", faults)
        if (laag is None) == (objecttype is None):
            faults.add(f"{place}: noem óf een laag, óf een objecttype.")
        if objecttype is not None and objecttype not in begrippen["objecttype"]:
            faults.add(f"{place}.objecttype: {objecttype[:60]!r} is onbekend.{like(objecttype, begrippen['objecttype'])}")
        km = read_number(wish, f"{place}.{distance}", (0.0, FURTHEST_KM), faults)
        yield Nabijheid(laag, objecttype, _or(km, 0.0) * 1000, read_number(wish, f"{place}.minstensKv", (0.0, 1_000.0), faults))


@dataclass(frozen=True)
class Ruimtezoekers:
    """The ruimtezoeker of this deployment, by the rules of its overlaptoets; one search at a time, as each keeps a processor busy."""

    toets: Overlaptoets
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def read(self, body: Json) -> Zoekvraag:
        """Return the question in a JSON object, or raise BadRequest with every fault in it."""
        return read_zoekvraag(body, self.toets.ground, today=dt.datetime.now(dt.UTC).date())

    async def answer(self, vraag: Zoekvraag, addresses: Addresses, progress: Progress = lambda _: None) -> Json:
        """Return the whole answer to a question, or raise NotFound or BadRequest for what it names and is not there."""
        door = self.toets.door
        publication = await door.archive(vraag.publicatie) if vraag.publicatie else door.current()
        if publication.opgaven is None:
            raise NotFound(NO_OPGAVEN)
        _check_layers((*vraag.nabij, *vraag.ver), publication)
        found = await find_plek(self.toets, vraag.plek, publication)
        if found.geometry.area > MOST_KM2 * 1e6:
            raise BadRequest(f"{found.naam or 'Het gebied'} is {found.geometry.area / 1e6:.0f} km²; zoek in hoogstens {MOST_KM2:.0f} km².")
        wens = Wens(
            objecttype=vraag.objecttype,
            objectgroep=self.toets.objectgroep(vraag.objecttype) or "",
            attributes=vraag.kenmerken,
            m2=vraag.m2,
            area=found.geometry,
            vermijd=vraag.vermijd,
            nabij=vraag.nabij,
            ver=vraag.ver,
            width=vraag.width,
            most=vraag.aantal,
        )
        opgaven = Opgaven(door.reader, publication.opgaven.table_name)
        toets = Toets(publication, opgaven, self.toets.regelset, vraag.day, door.settings.raster_folder)
        async with Turn(self._room):
            gevonden = await Ruimtezoeker(door.reader, toets).seek(wens, progress)
        teller = Zoekteller(door.begrippen, publication, self.toets.regelset, addresses, vraag.crs, with_geometry=True)
        told = await asyncio.to_thread(teller.tell_places, gevonden, wens)
        progress(1.0)
        return told | {
            "datum": vraag.day.isoformat(),
            "invoer": {**vraag.asked, "datum": vraag.day.isoformat(), "publicatie": publication.versie},
        }


def _check_layers(wishes: Iterable[Nabijheid], publication: Publication) -> None:
    faults = []
    for each in wishes:
        if each.laag is not None and each.laag not in publication:
            faults.append(
                f"Er is geen kaartlaag {each.laag[:60]!r}.{like(each.laag, list(publication))} Alle lagen staan op /v1/collections."
            )
        elif each.laag is not None and each.kv is not None and VOLTAGE not in publication[each.laag].layer.properties:
            faults.append(f"De laag {each.laag!r} heeft geen spanning ({VOLTAGE}); laat 'minstensKv' weg.")
    kinds = [each for each in wishes if each.laag is None]
    if kinds and not object_layers(publication):
        faults.append("Deze publicatie heeft geen energieobjecten om bij in de buurt te zijn.")
    if faults:
        raise BadRequest("Niet alles waar de plek bij of vandaan moet liggen is er.", faults)
