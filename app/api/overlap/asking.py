"""Read a question for the overlaptoets: what to test and how, every fault at once and before anything is asked of the database."""

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import shapely

from app.api.asking import Faults
from app.overlap.drawing import CRS_NAMES, read_drawing
from app.overlap.footprint import CAPACITIES, Attributes
from app.problems import BadRequest
from app.register.begrippen import Begrippen
from app.register.crs import CRS84, Crs
from app.register.voorwaarden import ATTRIBUTES
from app.web.addresses import Json

FIELDS = ("geometrie", "objecten", "gebied", "objecttype", "kenmerken", "crs", "datum", "publicatie", "metGeometrie")
SUBJECTS = ("geometrie", "objecten", "gebied")
MOST_OBJECTS = 50
# What may be told of an object besides what rules ask of it: what its ground follows from.
NUMBERS = frozenset({*ATTRIBUTES, *CAPACITIES.values(), "oppervlakte_ha"})
TEXTS = frozenset({"drager_in"})
GREATEST = 1e6
# Of a question that is wholly wrong, so many names are looked at, so much of each.
MANY = 20
LONGEST = 60
HOW = (
    'Geef wat er getoetst wordt in één van deze velden: "geometrie" (GeoJSON, met "objecttype"), "objecten" (een lijst van'
    ' {"laag", "id"}) of "gebied" (een code, met "objecttype").'
)


@dataclass(frozen=True)
class Vraag:
    """One question: a drawing (RD), published objects (layer and id) or a gebied; what it is, what is known of it, and how to answer."""

    drawing: shapely.Geometry | None
    objecten: tuple[tuple[str, str], ...]
    gebied: str | None
    objecttype: str | None
    kenmerken: Attributes
    crs: Crs
    day: dt.date
    publicatie: str | None
    with_geometry: bool
    asked: Json


def read_vraag(body: Json, begrippen: Begrippen, *, today: dt.date) -> Vraag:
    """Return the question in a JSON object, or raise BadRequest naming every fault; nothing in it costs more than reading it."""
    faults = Faults()
    for name in sorted(body.keys() - set(FIELDS))[:MANY]:
        faults.add(f"Het veld {name[:LONGEST]!r} is onbekend.{like(name, FIELDS)} Bekend zijn: {', '.join(FIELDS)}.")
    given = [name for name in SUBJECTS if body.get(name) is not None]
    if len(given) != 1:
        faults.add(HOW if not given else f"Geef er één van, niet {' en '.join(given)}. {HOW}")
    crs = read_crs(body, faults)
    vraag = Vraag(
        drawing=read_geometry(body, crs, faults),
        objecten=tuple(_objecten(body, faults)),
        gebied=read_text(body, "gebied", faults),
        objecttype=read_objecttype(body, given, begrippen, faults),
        kenmerken=read_kenmerken(body, given, faults),
        crs=crs,
        day=read_day(body, today, faults),
        publicatie=read_text(body, "publicatie", faults),
        with_geometry=read_flag(body, "metGeometrie", faults),
        asked={name: value for name, value in body.items() if value is not None},
    )
    faults.refuse()
    return vraag


def read_geometry(body: Json, crs: Crs, faults: Faults) -> shapely.Geometry | None:
    """Return the drawing in the field `geometrie` (RD), or None."""
    if body.get("geometrie") is None:
        return None
    try:
        return read_drawing(body["geometrie"], crs)
    except BadRequest as fault:
        if not fault.errors:
            faults.add(f"geometrie: {fault.detail}")
        for error in fault.errors:
            faults.add(f"geometrie: {fault.detail} {error[0].upper()}{error[1:]}.")
        return None


def _objecten(body: Json, faults: Faults) -> Iterator[tuple[str, str]]:
    told = body.get("objecten")
    if told is None:
        return
    if not isinstance(told, list) or not told:
        faults.add('objecten: dit is een lijst van objecten, elk als {"laag": "installaties", "id": "…"}.')
        return
    if len(told) > MOST_OBJECTS:
        faults.add(
            f"objecten: er staan er {len(told)} in; meer dan {MOST_OBJECTS} tegelijk kan niet. De laag overlapsignalen heeft ze alle."
        )
        return
    for at, each in enumerate(told):
        if isinstance(each, dict) and set(each) == {"laag", "id"} and all(isinstance(value, str) for value in each.values()):
            yield each["laag"], each["id"]
        else:
            faults.add(f'objecten[{at}]: een object is {{"laag": "installaties", "id": "…"}}, met twee teksten en niets anders.')


def read_objecttype(body: Json, given: Iterable[str], begrippen: Begrippen, faults: Faults) -> str | None:
    """Return the objecttype, which must be one that rules are about; of published objects (`given` names them) it is known."""
    objecttype = read_text(body, "objecttype", faults)
    types, choices = begrippen["objecttype"], f"Kies uit: {', '.join(weighable(begrippen))}."
    if "objecten" in given:
        if objecttype is not None:
            faults.add("objecttype: van gepubliceerde objecten staat het type al vast; laat het veld weg.")
        return None
    if objecttype is None:
        if "objecttype" not in body:
            faults.add(f"objecttype: dit veld ontbreekt. {choices}")
        return None
    if objecttype not in types:
        faults.add(
            f"objecttype: {objecttype[:LONGEST]!r} is onbekend.{like(objecttype, types)} Kies uit: {', '.join(weighable(begrippen))}."
        )
    elif objecttype not in weighable(begrippen):
        faults.add(f"objecttype: voor {types[objecttype].naam.lower()} zijn er geen regels. {choices}")
    return objecttype


def weighable(begrippen: Begrippen) -> list[str]:
    """Return the objecttypes that there are rules about."""
    return [code for code, each in begrippen["objecttype"].items() if each.kenmerken.get("objectgroep") and ":" not in code]


def read_kenmerken(body: Json, given: Iterable[str], faults: Faults) -> Attributes:
    """Return what is told of the object."""
    told = body.get("kenmerken")
    if told is None:
        return {}
    if not isinstance(told, dict):
        faults.add('kenmerken: dit is een object, zoals {"vermogen_mw": 5.6, "tiphoogte_m": 220}.')
        return {}
    if "objecten" in given:
        faults.add("kenmerken: van gepubliceerde objecten zijn de kenmerken bekend; laat het veld weg.")
    known = sorted(NUMBERS | TEXTS)
    for name, value in list(told.items())[:MANY]:
        if name not in known:
            faults.add(f"kenmerken.{name[:LONGEST]}: dit kenmerk is onbekend.{like(name, known)} Bekend zijn: {', '.join(known)}.")
        elif value is not None and (reason := _unfit(name, value)):
            faults.add(f"kenmerken.{name}: {reason}")
    return told


def _unfit(name: str, value: object) -> str | None:
    if name in TEXTS:
        return None if isinstance(value, str) else "hier hoort een tekst."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "hier hoort een getal (met een punt als decimaalteken), of null als het onbekend is."
    return None if 0 < value <= GREATEST else f"het getal moet groter zijn dan 0 en hoogstens {GREATEST:.0f}; onbekend is null."


def read_crs(body: Json, faults: Faults) -> Crs:
    """Return the coordinate system of what is drawn and answered: CRS84 or RD."""
    told = body.get("crs")
    if told is None:
        return CRS84
    if not isinstance(told, str) or told not in CRS_NAMES:
        faults.add(f"crs: {told!r} kan niet. Kies uit: {', '.join(CRS_NAMES)}.")
        return CRS84
    return CRS_NAMES[told]


def read_day(body: Json, today: dt.date, faults: Faults) -> dt.date:
    """Return the day on which rules and opgaven must hold."""
    text = read_text(body, "datum", faults)
    if text is None:
        return today
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        faults.add(f"datum: {text!r} is geen dag. Schrijf jaar-maand-dag, zoals 2026-11-01.")
        return today


def read_text(body: Json, name: str, faults: Faults) -> str | None:
    """Return a field that is a text, or None."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        faults.add(f"{name}: hier hoort een tekst.")
        return None
    return value


def read_flag(body: Json, name: str, faults: Faults) -> bool:
    """Tell whether a field is true."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        faults.add(f"{name}: hier hoort true of false.")
    return value is True


def like(name: str, known: Iterable[str] | Mapping[str, object]) -> str:
    """Return the question whether a name of this likeness was meant, or nothing."""
    like = difflib.get_close_matches(name[:LONGEST], list(known), n=1, cutoff=0.6)
    return f" Bedoelt u {like[0]!r}?" if like else ""
