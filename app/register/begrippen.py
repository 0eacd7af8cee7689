"""The code lists of `seed/begrippen`: one CSV per list, read once, checked whole, and copied to the database for derivations in SQL."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import psycopg
from psycopg.types.json import Jsonb

from app.database.connections import Role, connect
from app.problems import ConfigurationFault
from app.settings import Settings

FOLDER = "begrippen"
LISTS = "lijst"
COLUMNS = ("code", "naam", "definitie", "bron", "ouder", "exact_match")
REQUIRED = ("code", "naam", "definitie", "bron")
# A code stands in addresses, in lists separated by commas and in Dutch CSV.
CODE = re.compile(r"[^\s,;/\\?#]+( [^\s,;/\\?#]+)*")
WEB = ("http://", "https://")
# Per list the columns that may not be empty, and those that hold a code of the list of the same name.
SAYS = {"beperking": ("ouder", "hardheid", "regime", "gezag", "bevestigd")}
NAMES = {"beperking": ("hardheid", "regime"), "objecttype": ("objectgroep",)}
DIMENSIONS = ("drager", "subsector", "techniek", "richting")

type Row = tuple[str, str, str, str | None, dict[str, str], int]


class Aggregatie(StrEnum):
    """How figures of gemeenten become the figure of a larger gebied."""

    SOM = "SOM"
    GEWOGEN_GEMIDDELDE = "GEWOGEN_GEMIDDELDE"
    MAX = "MAX"
    NIET = "NIET"
    AFGELEID = "AFGELEID"


@dataclass(frozen=True)
class Begrip:
    """One code of one list; `ouder` is the code it rolls up to, in the list that `Begrippen.ouderlijst_of` names."""

    lijst: str
    code: str
    naam: str
    definitie: str
    bron: str
    ouder: str | None = None
    exact_match: tuple[str, ...] = ()
    kenmerken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """What figures of one indicator are: their unit, how they add up, and along which dimensions they may be split."""

    code: str
    naam: str
    thema: str
    grootheid: str
    eenheid: str
    aggregatie: Aggregatie
    gewicht: str | None = None
    dimensies: tuple[str, ...] = ()
    decimalen: int | None = None
    minimum: float | None = None
    tolerantie: float | None = None


@dataclass(frozen=True)
class Begrippen:
    """All code lists, each in the order of its file."""

    by_lijst: Mapping[str, Mapping[str, Begrip]]

    def __getitem__(self, lijst: str) -> Mapping[str, Begrip]:
        """Return the codes of a list, or raise KeyError."""
        return self.by_lijst[lijst]

    def __iter__(self) -> Iterator[Begrip]:
        """Yield every begrip, list by list."""
        return (begrip for lijst in self.by_lijst.values() for begrip in lijst.values())

    @property
    def lijsten(self) -> tuple[str, ...]:
        """The names of the lists."""
        return tuple(self.by_lijst)

    @cached_property
    def indicatoren(self) -> Mapping[str, Indicator]:
        """The indicators with their kenmerken as types."""
        return MappingProxyType({code: _indicator(each) for code, each in self.by_lijst["indicator"].items()})

    @cached_property
    def above(self) -> Mapping[str, tuple[str, ...]]:
        """For each techniek that is part of others those others, the nearest first."""
        technieken = self.by_lijst["techniek"]
        return MappingProxyType({code: tuple(_upward(code, technieken)[1:]) for code, each in technieken.items() if each.ouder})

    def ouderlijst_of(self, lijst: str) -> str | None:
        """Return the list that the `ouder` of a code in this list is in."""
        return self.by_lijst[LISTS][lijst].kenmerken.get("ouderlijst")

    def ouder_of(self, begrip: Begrip) -> Begrip | None:
        """Return what a begrip rolls up to."""
        lijst = self.ouderlijst_of(begrip.lijst)
        return self.by_lijst[lijst][begrip.ouder] if lijst and begrip.ouder else None

    def children_of(self, begrip: Begrip) -> tuple[Begrip, ...]:
        """Return what rolls up to a begrip, from any list."""
        return self._children.get((begrip.lijst, begrip.code), ())

    @cached_property
    def _children(self) -> Mapping[tuple[str, str], tuple[Begrip, ...]]:
        found: dict[tuple[str, str], tuple[Begrip, ...]] = {}
        for begrip in self:
            if ouder := self.ouder_of(begrip):
                key = (ouder.lijst, ouder.code)
                found[key] = (*found.get(key, ()), begrip)
        return found

    def hoofdsector_of(self, subsector: str) -> str | None:
        """Return the hoofdsector that a subsector rolls up to, None for one that belongs to none."""
        return self.by_lijst["subsector"][subsector].ouder

    def keten_of(self, drager: str) -> str | None:
        """Return the keten of an energiedrager, None for the total of all."""
        return self.by_lijst["energiedrager"][drager].ouder


def read_begrippen(folders: tuple[Path, ...]) -> Begrippen:
    """Read the lists in `begrippen` of these folders, or raise ConfigurationFault naming every fault with its file and line.

    A folder of one's own may add codes to a list and lists to the service; it cannot change what is there.
    """
    reading = _Reading()
    for path in (path for folder in folders for path in sorted((folder / FOLDER).glob("*.csv"))):
        reading.read(path)
    begrippen = reading.finish()
    if reading.faults:
        raise ConfigurationFault("Er zijn fouten in de begrippen.", reading.faults)
    return begrippen


class _Reading:
    """What was read until now, where each code stands, and everything that is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._lists: dict[str, dict[str, Begrip]] = {}
        self._places: dict[tuple[str, str], str] = {}
        self._is_whole = True

    def read(self, path: Path) -> None:
        """Read one file."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.reader(file, strict=True)
                header = next(rows, [])
                if self._header_is_good(path, header):
                    for cells in filter(None, rows):
                        self._read_row(path, header, (rows.line_num, cells))
        except (UnicodeDecodeError, csv.Error) as fault:
            self._skip(f"{path}: geen leesbare CSV in UTF-8 ({fault})")

    def _skip(self, fault: str) -> None:
        self.faults.append(fault)
        self._is_whole = False

    def _header_is_good(self, path: Path, header: list[str]) -> bool:
        wrong = [f"de kolom {name!r} ontbreekt" for name in COLUMNS if name not in header]
        wrong += [f"de kolom {name!r} staat er meer dan eens" for name in sorted(set(header)) if header.count(name) > 1]
        for each in wrong:
            self._skip(f"{path}: {each}")
        return not wrong

    def _read_row(self, path: Path, header: list[str], row: tuple[int, list[str]]) -> None:
        line, cells = row
        place = f"{path}:{line}"
        if len(cells) != len(header):
            self._skip(f"{place}: {len(cells)} waarden bij {len(header)} kolommen")
            return
        begrip = _begrip(path.stem, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
        self.faults += [f"{place}: {fault}" for fault in _faults_in(begrip)]
        key = (begrip.lijst, begrip.code)
        if key in self._places:
            self.faults.append(f"{place}: de code {begrip.code!r} staat al in {self._places[key]}")
            return
        self._places[key] = place
        self._lists.setdefault(begrip.lijst, {})[begrip.code] = begrip

    def finish(self) -> Begrippen:
        """Check what goes across lists and return everything in the order of the list of lists."""
        named = self._lists.get(LISTS, {})
        self.faults += [f"{lijst}.csv: de lijst {lijst!r} staat niet in {LISTS}.csv" for lijst in self._lists if lijst not in named]
        self.faults += [f"{self._places[LISTS, lijst]}: er is geen bestand {lijst}.csv" for lijst in named if lijst not in self._lists]
        begrippen = Begrippen(MappingProxyType({lijst: MappingProxyType(self._lists[lijst]) for lijst in named if lijst in self._lists}))
        # Of what could not be read, everything that refers to it would be a fault too.
        if self._is_whole:
            for begrip in begrippen:
                place = self._places[begrip.lijst, begrip.code]
                self.faults += [f"{place}: {fault}" for fault in _faults_across(begrip, begrippen)]
        return begrippen


def _begrip(lijst: str, cells: Mapping[str, str]) -> Begrip:
    return Begrip(
        lijst=lijst,
        code=cells["code"],
        naam=cells["naam"],
        definitie=cells["definitie"],
        bron=cells["bron"],
        ouder=cells["ouder"] or None,
        exact_match=tuple(cells["exact_match"].split()),
        kenmerken=MappingProxyType({name: cell for name, cell in cells.items() if name not in COLUMNS and cell}),
    )


def _faults_in(begrip: Begrip) -> Iterator[str]:
    for name in REQUIRED:
        if not getattr(begrip, name):
            yield f"de kolom {name!r} is leeg"
    if begrip.code and not CODE.fullmatch(begrip.code):
        yield f"de code {begrip.code!r} bevat een teken dat in een adres of een lijst niet kan (, ; / \\ ? #)"
    for address in begrip.exact_match:
        if not address.startswith(WEB):
            yield f"{address!r} in 'exact_match' is geen webadres"


def _faults_across(begrip: Begrip, begrippen: Begrippen) -> Iterator[str]:
    yield from _faults_of_ouder(begrip, begrippen)
    for name in SAYS.get(begrip.lijst, ()):
        if not (begrip.ouder if name == "ouder" else begrip.kenmerken.get(name)):
            yield f"de kolom {name!r} is leeg"
    for name in NAMES.get(begrip.lijst, ()):
        yield from _unknown(begrippen, name, begrip.kenmerken.get(name))
    if begrip.lijst == LISTS:
        yield from _unknown(begrippen, LISTS, begrip.kenmerken.get("ouderlijst"))
    if begrip.lijst == "aggregatie" and begrip.code not in list(Aggregatie):
        yield f"de service kan niet optellen volgens {begrip.code!r}"
    if begrip.lijst == "grootheid":
        yield from _unknown(begrippen, "eenheid", begrip.kenmerken.get("eenheid", ""))
        yield from _faults_of_unit(begrip.code, begrip.kenmerken.get("eenheid", ""), begrippen)
    if begrip.lijst == "indicator":
        yield from _faults_of_indicator(begrip, begrippen)


def _faults_of_ouder(begrip: Begrip, begrippen: Begrippen) -> Iterator[str]:
    lijst = begrippen.ouderlijst_of(begrip.lijst)
    if begrip.ouder and not lijst:
        yield f"{begrip.code!r} heeft een ouder, maar {LISTS}.csv noemt bij {begrip.lijst!r} geen ouderlijst"
    elif lijst and lijst in begrippen.lijsten:
        yield from _unknown(begrippen, lijst, begrip.ouder)
        if lijst == begrip.lijst and begrip.ouder in begrippen[lijst] and _goes_round(begrip, begrippen[lijst]):
            yield f"{begrip.code!r} is langs zijn ouders een ouder van zichzelf"


def _goes_round(begrip: Begrip, lijst: Mapping[str, Begrip]) -> bool:
    return lijst[_upward(begrip.code, lijst)[-1]].ouder == begrip.code


def _unknown(begrippen: Begrippen, lijst: str, code: str | None) -> Iterator[str]:
    if code is not None and code not in begrippen.by_lijst.get(lijst, {}):
        yield f"{code!r} staat niet in de lijst {lijst!r}"


def _faults_of_indicator(begrip: Begrip, begrippen: Begrippen) -> Iterator[str]:
    said = begrip.kenmerken
    for lijst in ("thema", "grootheid", "eenheid", "aggregatie"):
        yield from [f"de kolom {lijst!r} is leeg"] if lijst not in said else _unknown(begrippen, lijst, said[lijst])
    yield from _unknown(begrippen, "indicator", said.get("gewicht"))
    if (said.get("aggregatie") == Aggregatie.GEWOGEN_GEMIDDELDE) != ("gewicht" in said):
        yield "een gewogen gemiddelde heeft een gewicht, en alleen een gewogen gemiddelde"
    if unknown := set(said.get("dimensies", "").split()).difference(DIMENSIONS):
        yield f"onbekende dimensies {', '.join(sorted(unknown))}; bekend zijn {', '.join(DIMENSIONS)}"
    for name, kind in (("decimalen", int), ("minimum", float), ("tolerantie", float)):
        yield from _faults_of_number(name, kind, said.get(name))
    if {"grootheid", "eenheid"} <= said.keys():
        yield from _faults_of_unit(said["grootheid"], said["eenheid"], begrippen)


def _faults_of_number(name: str, kind: type[int] | type[float], text: str | None) -> Iterator[str]:
    try:
        kind(text or "0")
    except ValueError:
        yield f"{name!r} is {text!r} in plaats van een getal"


def _faults_of_unit(grootheid: str, eenheid: str, begrippen: Begrippen) -> Iterator[str]:
    """A unit fits its own grootheid and every narrower one: MWh is energy, and so also storage capacity."""
    grootheden, known = begrippen.by_lijst.get("grootheid", {}), begrippen.by_lijst.get("eenheid", {})
    if eenheid in known and grootheid in grootheden and known[eenheid].ouder not in _upward(grootheid, grootheden):
        yield f"de eenheid {eenheid!r} hoort niet bij de grootheid {grootheid!r}"


def _upward(code: str, lijst: Mapping[str, Begrip]) -> list[str]:
    """Return a code and what it rolls up to within its list, until that ends or comes round."""
    path = [code]
    while (ouder := lijst[path[-1]].ouder) is not None and ouder in lijst and ouder not in path:
        path.append(ouder)
    return path


def _indicator(begrip: Begrip) -> Indicator:
    said = begrip.kenmerken
    return Indicator(
        code=begrip.code,
        naam=begrip.naam,
        thema=said["thema"],
        grootheid=said["grootheid"],
        eenheid=said["eenheid"],
        aggregatie=Aggregatie(said["aggregatie"]),
        gewicht=said.get("gewicht"),
        dimensies=tuple(said.get("dimensies", "").split()),
        decimalen=int(said["decimalen"]) if "decimalen" in said else None,
        minimum=float(said["minimum"]) if "minimum" in said else None,
        tolerantie=float(said["tolerantie"]) if "tolerantie" in said else None,
    )


def _rows(begrippen: Begrippen) -> list[Row]:
    """Return what `facts.begrip` holds: all that a derivation can use, so without definitions."""
    return [
        (each.lijst, each.code, each.naam, each.ouder, dict(each.kenmerken), place)
        for lijst in begrippen.by_lijst.values()
        for place, each in enumerate(lijst.values(), start=1)
    ]


def digest_of(begrippen: Begrippen) -> str:
    """Return a hash that changes when a derivation from the code lists may come out otherwise."""
    digest = hashlib.sha256()
    for lijst, code, naam, ouder, kenmerken, place in _rows(begrippen):
        digest.update(repr((lijst, code, naam, ouder, sorted(kenmerken.items()), place)).encode())
    return digest.hexdigest()


def store_begrippen(settings: Settings, begrippen: Begrippen) -> bool:
    """Replace the code lists in the database in one transaction if they differ, and tell whether they did."""
    rows = _rows(begrippen)
    with connect(settings, Role.IMPORT) as connection:
        if _by_code(_stored(connection)) == _by_code(rows):
            return False
        # Whoever else is replacing them finishes first; readers see the old lists until this one commits.
        connection.execute("lock table facts.begrip in share row exclusive mode")
        connection.execute("delete from facts.begrip")
        statement = "copy facts.begrip (lijst, code, naam, ouder, kenmerken, volgorde) from stdin"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for lijst, code, naam, ouder, kenmerken, place in rows:
                copy.write_row((lijst, code, naam, ouder, Jsonb(kenmerken), place))
    return True


def _stored(connection: psycopg.Connection) -> list[Row]:
    return connection.execute("select lijst, code, naam, ouder, kenmerken, volgorde from facts.begrip").fetchall()


def _by_code(rows: list[Row]) -> dict[tuple[str, str], Row]:
    return {row[:2]: row for row in rows}
