"""Parse the query of a question about figures: codes against the code lists and what is published, every fault at once."""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.api.herindeling import outside_division, read_day
from app.beeld import Conversion, Figures, Gebieden, Selection
from app.beeld.gebied import REST_LEVEL
from app.beeld.question import DEFAULT_LIMIT, MAX_LIMIT, NOT_SPLIT, Kind
from app.problems import BadRequest, Problem
from app.register.begrippen import Aggregatie, Begrippen
from app.register.eenheden import UnknownUnit, canonical, factor

type Query = Mapping[str, str]

# Per parameter the column it selects on, and the code list of its values.
LISTED = {
    "niveau": ("niveau", "schaalniveau"),
    "thema": ("thema", "thema"),
    "indicator": ("indicator", "indicator"),
    "drager": ("drager", "energiedrager"),
    "keten": ("keten", "keten"),
    "subsector": ("subsector", "subsector"),
    "sector": ("hoofdsector", "hoofdsector"),
    "techniek": ("techniek", "techniek"),
    "richting": ("richting", "richting"),
    "oordeel": ("oordeel", "oordeel"),
}
# Values that no list fixes: what is published decides.
PUBLISHED = {"beeld": "beeld", "versie": "energiebeeld"}
# How a client asks for the figures of every energiebeeld, also of those that newer ones took the place of.
ALL_VERSIONS = "alle"
CAN_BE_NOT_SPLIT = frozenset({"drager", "keten", "subsector", "sector", "techniek", "richting"})
# How a client asks for figures that are not split along a dimension.
NOT_SPLIT_ASKED = "-"
SELECTING = ("gebied", *LISTED, *PUBLISHED, "jaar")
COLLAPSED: Mapping[str, frozenset[str]] = {
    "gebied": frozenset({"gebied", "gebied_naam"}),
    "drager": frozenset({"drager"}),
    "keten": frozenset({"drager", "keten"}),
    "subsector": frozenset({"subsector"}),
    "sector": frozenset({"subsector", "hoofdsector"}),
    "techniek": frozenset({"techniek"}),
}
REASONS = {
    Aggregatie.MAX: "een hoogste waarde telt niet op, want niet alle gebieden hebben hun hoogste waarde op hetzelfde moment",
    Aggregatie.NIET: "deze waarden vallen niet samen of overlappen elkaar, dus hun som betekent niets",
    Aggregatie.GEWOGEN_GEMIDDELDE: "een gemiddelde telt niet op; het gewicht ervan is {gewicht}",
    Aggregatie.AFGELEID: "dit wordt uit andere cijfers berekend en telt zelf niet op",
}
YEARS = (1900, 2100)
PERIOD = re.compile(r"(\d{4}|\.\.)/(\d{4}|\.\.)")
MANY = 40
LONGEST_QUERY_VALUE = 4_000


@dataclass
class Faults:
    """What is wrong with a question, gathered while it is read."""

    found: dict[str, None] = field(default_factory=dict)

    def add(self, fault: str) -> None:
        """Remember a fault; the same fault counts once."""
        self.found[fault] = None

    def refuse(self) -> None:
        """Raise BadRequest with all faults, if there are any."""
        if self.found:
            faults = list(self.found)
            raise BadRequest(faults[0] if len(faults) == 1 else f"De vraag bevat {len(faults)} fouten.", faults)


@dataclass(frozen=True)
class Asker:
    """Reads questions about one publication."""

    begrippen: Begrippen
    figures: Figures
    gebieden: Gebieden

    async def selection(self, query: Query, faults: Faults) -> Selection:
        """Return which figures a query selects; codes that do not exist are faults."""
        values: dict[str, tuple[str, ...]] = {}
        day = await self._division(query, faults) if "indeling" in query else None
        for name, (column, list_name) in LISTED.items():
            if name in query:
                values[column] = self._listed(name, list_name, query, faults)
        for name, column in PUBLISHED.items():
            if name in query and query[name] != ALL_VERSIONS:
                values[column] = codes_in(name, query, faults)
                refuse_codes(name, values[column], await self.figures.known(column), faults)
        if "gebied" in query:
            values["gebied"] = await self.gebieden_of("gebied", query, faults, day)
        years = _years(query, faults) if "jaar" in query else ()
        return Selection({column: codes for column, codes in values.items() if codes}, years, indeling=day)

    async def conversion(self, unit: str, selection: Selection) -> Conversion | None:
        """Return how the selected figures are converted to a unit, or raise BadRequest naming every indicator that it does not fit."""
        faults, factors = Faults(), dict[str, dict[str, float]]()
        for kind in await self.figures.kinds(selection):
            try:
                factors.setdefault(kind.eenheid, {})[kind.drager] = factor(kind.eenheid, unit, kind.drager)
            except Problem as problem:
                faults.add(f"eenheid={unit} past niet bij indicator {kind.indicator}{_of(kind)}: {problem.detail}")
        faults.refuse()
        return Conversion(unit, tuple(_simplified(factors))) if factors else None

    async def refuse_sum(self, name: str, query: Query, selection: Selection) -> None:
        """Raise BadRequest when the selected figures may not be added up along a dimension."""
        faults, kinds = Faults(), await self.figures.kinds(selection)
        for code in dict.fromkeys((*selection.values.get("indicator", ()), *(kind.indicator for kind in kinds))):
            indicator = self.begrippen.indicatoren[code]
            if indicator.aggregatie is not Aggregatie.SOM:
                reason = REASONS[indicator.aggregatie].format(gewicht=indicator.gewicht)
                faults.add(f"Indicator {code} ({indicator.naam}) is niet op te tellen: {reason} ({indicator.aggregatie}).")
        if name == "gebied":
            _refuse_levels(query, kinds, faults)
        faults.refuse()

    def _listed(self, name: str, list_name: str, query: Query, faults: Faults) -> tuple[str, ...]:
        known = (*self.begrippen[list_name], *((REST_LEVEL,) if name == "niveau" else ()))
        codes = codes_in(name, query, faults)
        if name in CAN_BE_NOT_SPLIT:
            refuse_codes(name, [code for code in codes if code != NOT_SPLIT_ASKED], (*known, NOT_SPLIT_ASKED), faults)
            return tuple(NOT_SPLIT if code == NOT_SPLIT_ASKED else code for code in codes)
        refuse_codes(name, codes, known, faults)
        return codes

    async def gebieden_of(self, name: str, query: Query, faults: Faults, day: dt.date | None = None) -> tuple[str, ...]:
        """Return the codes of gebieden that a parameter holds; those that do not exist are faults."""
        codes = codes_in(name, query, faults)
        periods = await self.gebieden.periods_of(codes)
        known = {period.code for period in periods}
        for code in codes:
            if code not in known:
                faults.add(f"Onbekend gebied {code!r}. Alle gebieden staan op /v1/gebieden.")
        for fault in await outside_division(self.gebieden, periods, day) if day else ():
            faults.add(fault)
        return codes

    async def _division(self, query: Query, faults: Faults) -> dt.date | None:
        day = read_day(query["indeling"])
        if day is None:
            faults.add(f"indeling={query['indeling']!r} is geen jaar of dag. Schrijf 2025, of 2025-01-01.")
        elif not await self.gebieden.has_division(day):
            faults.add(f"Van {day} is geen indeling in gemeenten bekend. Welke er zijn, staat bij de perioden op /v1/gebieden.")
            return None
        return day


def parse_unit(query: Query, faults: Faults) -> str | None:
    """Return the unit that a client asks, checked to exist."""
    unit = query.get("eenheid")
    if unit is None:
        return None
    try:
        return canonical(unit)
    except UnknownUnit as problem:
        faults.add(" ".join((problem.detail, *problem.errors)))
        return None


def parse_limit(query: Query, faults: Faults, default: int = DEFAULT_LIMIT) -> int:
    """Return how many figures a page holds; a larger number is the maximum."""
    return min(_number("limit", query, faults, 1), MAX_LIMIT) if "limit" in query else default


def parse_cursor(query: Query, faults: Faults) -> int:
    """Return the number after which the page starts."""
    return _number("cursor", query, faults, 0) if "cursor" in query else 0


def parse_collapsed(query: Query, faults: Faults) -> str | None:
    """Return the name of the dimension along which a client wants a sum."""
    name = query.get("aggregeer")
    if name is not None and name not in COLLAPSED:
        faults.add(f"aggregeer={name!r} bestaat niet. Optellen kan over: {', '.join(COLLAPSED)}.")
        return None
    return name


def codes_in(name: str, query: Query, faults: Faults) -> tuple[str, ...]:
    """Return the codes that a parameter holds, separated by commas."""
    text = query[name]
    codes = tuple(dict.fromkeys(text.split(",")))
    if not all(codes) or "\0" in text:
        faults.add(f"{name}={text!r} heeft een lege waarde. Schrijf codes met komma's ertussen, zonder spaties.")
        return ()
    if len(text) > LONGEST_QUERY_VALUE:
        faults.add(f"{name} is langer dan {LONGEST_QUERY_VALUE} tekens. Vraag minder tegelijk.")
        return ()
    return codes


def refuse_codes(name: str, codes: Iterable[str], known: tuple[str, ...], faults: Faults) -> None:
    """Make a fault of every code that is not known, with the one that may have been meant."""
    for code in codes:
        if code in known:
            continue
        likely = difflib.get_close_matches(code.casefold(), [each.casefold() for each in known], 1, 0.7)
        meant = next((f" Bedoelt u {each!r}?" for each in known if likely and each.casefold() == likely[0]), "")
        listed = ", ".join(known[:MANY]) + (" …" if len(known) > MANY else "")
        faults.add(f"Onbekende waarde {code!r} van {name!r}.{meant} Bekend zijn: {listed or 'geen'}.")


def _years(query: Query, faults: Faults) -> tuple[int, ...]:
    years: dict[int, None] = {}
    for part in query["jaar"].split(","):
        period = PERIOD.fullmatch(part) or PERIOD.fullmatch(f"{part}/{part}")
        bounds = zip(period.groups(), YEARS, strict=True) if period else ()
        first, last = [open_end if bound == ".." else int(bound) for bound, open_end in bounds] or (1, 0)
        if YEARS[0] <= first <= last <= YEARS[1]:
            years |= dict.fromkeys(range(first, last + 1))
        else:
            faults.add(f"jaar={part!r} is geen jaar of periode. Schrijf 2023, 2030,2035 of 2030/2050 (met .. voor een open einde).")
    return tuple(years)


def _number(name: str, query: Query, faults: Faults, least: int) -> int:
    text = query[name]
    # Only plain digits: int() also takes "1_000", " 7" and Arabic numerals.
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or int(text) < least:
        faults.add(f"De waarde {text!r} van {name!r} is geen geheel getal van minstens {least}.")
        return least
    return int(text)


def _of(kind: Kind) -> str:
    return f" met drager {kind.drager}" if kind.drager else ""


def _simplified(factors: Mapping[str, Mapping[str, float]]) -> Iterable[tuple[str, str | None, float]]:
    """Name the drager only where it matters."""
    for unit, by_drager in factors.items():
        if len(set(by_drager.values())) == 1:
            yield unit, None, next(iter(by_drager.values()))
        else:
            yield from ((unit, drager, number) for drager, number in by_drager.items())


def _refuse_levels(query: Query, kinds: Iterable[Kind], faults: Faults) -> None:
    if "gebied" not in query:
        faults.add("aggregeer=gebied vraagt ook gebied=, met wat u wilt optellen; regio's, provincies en het land zijn al opgeteld.")
    levels = sorted({kind.niveau for kind in kinds} - {REST_LEVEL})
    if len(levels) > 1:
        faults.add(f"De gebieden zijn van verschillend niveau ({', '.join(levels)}): hun som zou gemeenten dubbel tellen.")
