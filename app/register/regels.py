"""The regelset of `seed/regels`: what a gebiedsopgave means for an energy object, as rows with a reason and a source."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from app.problems import ConfigurationFault
from app.register.begrippen import Begrippen
from app.register.rows import Cells, Place, read_rows
from app.register.voorwaarden import ATTRIBUTES, Values, Voorwaarde, known_number, read_voorwaarde

FOLDER = "regels"
NAME = re.compile(r"\d{4}-\d{2}")
COLUMNS = (
    *("code", "objectgroep", "beperking", "relatie", "afstand_m", "afstand_attribuut", "afstand_factor", "voorwaarde"),
    *("ernst", "hardheid", "reden", "bron", "bevestigd", "gebied", "geldig_vanaf", "geldig_tot"),
)
REQUIRED = ("code", "objectgroep", "beperking", "relatie", "ernst", "hardheid", "reden", "bron", "bevestigd")
FROM_LISTS = ("objectgroep", "beperking", "relatie", "ernst", "hardheid")
NUMBERS = ("afstand_m", "afstand_factor")
DAYS = ("geldig_vanaf", "geldig_tot")
DISTANCE = "BINNEN_AFSTAND"
CAN_BE_TOLD = ("OVERLAPT", DISTANCE)
# What every answer that follows from rules says of itself.
SENTENCE = "Signalering; geen besluit of toestemming."
EXCLUDES, LEGAL, POLICY = "UITSLUITING", "JURIDISCH", "WBS"
CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]*")
PROVINCIE = re.compile(r"PV\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ANSWERS = {"ja": True, "nee": False}


@dataclass(frozen=True)
class Regel:
    """One rule: what meeting (`relatie`) an opgave of a beperking means for objects of an objectgroep.

    `gebied` is None for the whole land, or the provincie where it takes the place of the national rule for the same pair, relatie and
    voorwaarde. `bevestigd` is False as long as no source or authority was found for it. `geldig_tot` is exclusive.
    """

    code: str
    objectgroep: str
    beperking: str
    relatie: str
    afstand_m: float | None
    afstand_attribuut: str | None
    afstand_factor: float | None
    voorwaarde: Voorwaarde | None
    ernst: str
    hardheid: str
    reden: str
    bron: str
    bevestigd: bool
    gebied: str | None = None
    geldig_vanaf: date | None = None
    geldig_tot: date | None = None

    def reach_m(self, attributes: Values) -> float:
        """Return how far from the object (m) the rule still looks for opgaven: 0 when only an overlap counts."""
        size = known_number(attributes.get(self.afstand_attribuut or ""))
        grown = (self.afstand_factor or 0.0) * size if size is not None else 0.0
        return max(self.afstand_m or 0.0, grown)

    def holds(self, attributes: Values, opgave: Values) -> bool:
        """Tell whether the object and the opgave are as the rule wants them; where they lie is not asked."""
        return self.voorwaarde is None or self.voorwaarde.holds(attributes, opgave)

    def is_valid(self, day: date) -> bool:
        """Tell whether the rule counts on a day."""
        return (self.geldig_vanaf or date.min) <= day < (self.geldig_tot or date.max)

    @property
    def place(self) -> tuple[str, Voorwaarde | None]:
        """What a provincie replaces: of one pair the rule with this relatie and voorwaarde."""
        return (self.relatie, self.voorwaarde)


@dataclass(frozen=True)
class Regelset:
    """All rules of one version, in the order of the files; `versie` changes with every change in them."""

    versie: str
    regels: tuple[Regel, ...]

    def __iter__(self) -> Iterator[Regel]:
        """Yield every rule."""
        return iter(self.regels)

    def __len__(self) -> int:
        return len(self.regels)

    @cached_property
    def by_code(self) -> Mapping[str, Regel]:
        """The rules by their code."""
        return {regel.code: regel for regel in self.regels}

    @cached_property
    def gebieden(self) -> tuple[str, ...]:
        """The provincies with rules of their own."""
        return tuple(sorted({regel.gebied for regel in self.regels if regel.gebied}))

    @cached_property
    def by_pair(self) -> Mapping[tuple[str, str], tuple[Regel, ...]]:
        """The rules by objectgroep and beperking, of every gebied and every day."""
        found: dict[tuple[str, str], tuple[Regel, ...]] = {}
        for regel in self.regels:
            key = (regel.objectgroep, regel.beperking)
            found[key] = (*found.get(key, ()), regel)
        return found

    @cached_property
    def _counting(self) -> dict[tuple[str, str, str | None, date], tuple[Regel, ...]]:
        """What was asked before: there are millions of encounters, and few pairs."""
        return {}

    def for_pair(self, objectgroep: str, beperking: str, gebied: str | None, day: date) -> tuple[Regel, ...]:
        """Return the rules that count in a provincie (None: nowhere in particular): the national ones, with its own in their place."""
        asked = (objectgroep, beperking, gebied, day)
        if asked not in self._counting:
            self._counting[asked] = self._for_pair(*asked)
        return self._counting[asked]

    @cached_property
    def _telling(self) -> dict[tuple[str, date], tuple[str, ...]]:
        return {}

    def telling(self, objectgroep: str, day: date) -> tuple[str, ...]:
        """Return the beperkingen that can mean something for objects of an objectgroep on a day."""
        asked = (objectgroep, day)
        if asked not in self._telling:
            mine = (each for each in self.regels if each.objectgroep == objectgroep and each.ernst != "GEEN" and each.is_valid(day))
            self._telling[asked] = tuple(sorted({each.beperking for each in mine}))
        return self._telling[asked]

    def _for_pair(self, objectgroep: str, beperking: str, gebied: str | None, day: date) -> tuple[Regel, ...]:
        valid = [regel for regel in self.by_pair.get((objectgroep, beperking), ()) if regel.is_valid(day)]
        own = {regel.place: regel for regel in valid if gebied is not None and regel.gebied == gebied}
        national = {regel.place: regel for regel in valid if regel.gebied is None}
        return tuple((national | own).values())

    def within(self, gebied: str | None, day: date) -> tuple[Regel, ...]:
        """Return the rules that count in a provincie, of all pairs."""
        return tuple(regel for pair in self.by_pair for regel in self.for_pair(*pair, gebied, day))

    def reach_m(self, objectgroep: str, beperking: str, attributes: Values) -> float:
        """Return how far from an object (m) any rule for the pair looks, wherever and whenever it counts."""
        return max((regel.reach_m(attributes) for regel in self.by_pair.get((objectgroep, beperking), ())), default=0.0)

    def replaces(self, regel: Regel, day: date) -> Regel | None:
        """Return the national rule that the rule of a provincie takes the place of."""
        if regel.gebied is None:
            return None
        national = self.for_pair(regel.objectgroep, regel.beperking, None, day)
        return next((each for each in national if each.place == regel.place), None)


def read_regels(folders: tuple[Path, ...], begrippen: Begrippen) -> Regelset:
    """Read the rules in `regels` of these folders, or raise ConfigurationFault naming every fault with file, line and remedy.

    A folder of one's own adds rows in a file of the same name; it cannot change what is there.
    """
    paths = [path for folder in folders for path in sorted((folder / FOLDER).glob("*.csv"))]
    faults = list(_faults_of_names(paths))
    rows = [row for path in paths for row in read_rows(path, COLUMNS, faults)]
    good: list[tuple[Place, Regel]] = []
    for place, told in rows:
        wrong = [f"{place}: {fault}" for fault in _faults_in(told, begrippen)]
        faults += wrong
        if not wrong:
            good.append((place, _regel(told)))
    faults += _clashes(good)
    if faults:
        raise ConfigurationFault("Er zijn fouten in de regels.", faults)
    return Regelset(f"{paths[0].stem}-{_digest(told for _, told in rows)}", tuple(regel for _, regel in good))


def _faults_of_names(paths: list[Path]) -> Iterator[str]:
    """One regelset at a time: rows of another edition were written against other national rules."""
    if not paths:
        yield f"er zijn geen regels: leg een bestand {FOLDER}/2026-11.csv in een map met gegevens"
    yield from (f"{path}: noem het bestand naar jaar en maand, zoals 2026-11.csv" for path in paths if not NAME.fullmatch(path.stem))
    for path in paths[1:]:
        if path.stem != paths[0].stem:
            yield f"{path}: hoort niet bij de regelset {paths[0].stem}; loop de rijen na en noem het bestand {paths[0].name}"


def _digest(rows: Iterator[Cells]) -> str:
    digest = hashlib.sha256()
    for row in sorted(repr(tuple(told[name] for name in COLUMNS)) for told in rows):
        digest.update(row.encode())
    return digest.hexdigest()[:6]


def _faults_in(told: Cells, begrippen: Begrippen) -> Iterator[str]:
    yield from (f"de kolom {name!r} is leeg; vul haar" for name in REQUIRED if not told[name])
    if told["code"] and not CODE.fullmatch(told["code"]):
        yield f"'code' is {told['code']!r}; gebruik hoofdletters, cijfers, _ en -"
    for name in FROM_LISTS:
        if told[name] and told[name] not in begrippen[name]:
            yield f"{name!r} is {told[name]!r}, en dat staat niet in seed/begrippen/{name}.csv"
    if told["bevestigd"] and told["bevestigd"] not in ANSWERS:
        yield f"'bevestigd' is {told['bevestigd']!r}; schrijf ja of nee"
    if told["gebied"] and not PROVINCIE.fullmatch(told["gebied"]):
        yield f"'gebied' is {told['gebied']!r}: laat het leeg (heel het land) of noem een provincie, zoals PV25"
    yield from _faults_of_days(told)
    yield from _faults_of_distance(told)
    yield from _faults_of_voorwaarde(told["voorwaarde"])
    yield from _faults_of_weight(told, begrippen)


def _faults_of_days(told: Cells) -> Iterator[str]:
    days = [told[name] for name in DAYS]
    for name in DAYS:
        if told[name] and _day(told[name]) is None:
            yield f"{name!r} is {told[name]!r} in plaats van een datum als 2026-11-01"
    since, until = map(_day, days)
    if since and until and since >= until:
        yield f"'geldig_tot' is {told['geldig_tot']!r}; dat ligt niet na 'geldig_vanaf' ({told['geldig_vanaf']})"


def _faults_of_distance(told: Cells) -> Iterator[str]:
    for name in NUMBERS:
        number = known_number(told[name])
        if told[name] and (number is None or number <= 0):
            yield f"{name!r} is {told[name]!r} in plaats van een getal boven nul met een decimale punt, zoals 0.5"
    attribute, factor = told["afstand_attribuut"], told["afstand_factor"]
    if attribute and attribute not in ATTRIBUTES:
        yield f"'afstand_attribuut' is {attribute!r}; kies uit {', '.join(ATTRIBUTES)}"
    if bool(attribute) != bool(factor):
        yield f"'afstand_attribuut' is {attribute!r} en 'afstand_factor' {factor!r}; vul beide of geen van beide"
    has_distance = bool(told["afstand_m"] or attribute or factor)
    if told["relatie"] == DISTANCE and not has_distance:
        yield f"'relatie' is {DISTANCE!r} zonder afstand; vul afstand_m, of afstand_attribuut met afstand_factor"
    if told["relatie"] == "OVERLAPT" and has_distance:
        yield f"'relatie' is 'OVERLAPT' met een afstand; schrijf {DISTANCE} of laat de afstand leeg"
    if told["relatie"] == "ONBEKEND":
        yield f"'relatie' is 'ONBEKEND', en dat kan een regel niet vragen; schrijf {' of '.join(CAN_BE_TOLD)}"


def _faults_of_voorwaarde(text: str) -> Iterator[str]:
    try:
        _voorwaarde(text)
    except ValueError as fault:
        yield f"'voorwaarde' is {text!r}: {fault}"


def _faults_of_weight(told: Cells, begrippen: Begrippen) -> Iterator[str]:
    """Policy never excludes: only a legal regime yields UITSLUITING."""
    if told["ernst"] != EXCLUDES:
        return
    if told["hardheid"] != LEGAL:
        yield f"'hardheid' is {told['hardheid']!r} bij {EXCLUDES}; alleen wat {LEGAL} is sluit uit, kies anders ZWAARWEGEND"
    beperking = begrippen["beperking"].get(told["beperking"])
    if beperking is None:
        return
    if beperking.kenmerken.get("regime") == POLICY:
        yield f"'ernst' is {EXCLUDES!r} bij {beperking.code}, en dat is beleid (regime {POLICY}); kies hoogstens ZWAARWEGEND"
    elif beperking.kenmerken.get("hardheid") != LEGAL:
        yield f"'ernst' is {EXCLUDES!r} bij {beperking.code}, dat geen wettelijk regime kent; kies hoogstens ZWAARWEGEND"


def _clashes(good: list[tuple[Place, Regel]]) -> Iterator[str]:
    """Two rules for the same place would leave to chance which one counts."""
    codes: dict[str, Place] = {}
    places: dict[tuple[object, ...], list[tuple[Place, Regel]]] = {}
    for place, regel in good:
        if regel.code in codes:
            yield f"{place}: 'code' is {regel.code!r}, en die staat al in {codes[regel.code]}; kies een andere"
        codes.setdefault(regel.code, place)
        same = places.setdefault((regel.objectgroep, regel.beperking, *regel.place, regel.gebied), [])
        for other_place, other in same:
            if _overlap(regel, other):
                yield f"{place}: {regel.code} gaat over hetzelfde als {other.code} ({other_place}); houd er een, of scheid hun geldigheid"
        same.append((place, regel))


def _overlap(one: Regel, other: Regel) -> bool:
    since = max(one.geldig_vanaf or date.min, other.geldig_vanaf or date.min)
    return since < min(one.geldig_tot or date.max, other.geldig_tot or date.max)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _voorwaarde(text: str) -> Voorwaarde | None:
    return read_voorwaarde(text) if text else None


def _regel(told: Cells) -> Regel:
    return Regel(
        **{name: told[name] for name in ("code", "objectgroep", "beperking", "relatie", "ernst", "hardheid", "reden", "bron")},
        afstand_m=known_number(told["afstand_m"]),
        afstand_attribuut=told["afstand_attribuut"] or None,
        afstand_factor=known_number(told["afstand_factor"]),
        voorwaarde=_voorwaarde(told["voorwaarde"]),
        bevestigd=ANSWERS[told["bevestigd"]],
        gebied=told["gebied"] or None,
        geldig_vanaf=_day(told["geldig_vanaf"]),
        geldig_tot=_day(told["geldig_tot"]),
    )
