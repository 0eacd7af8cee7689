"""The key figures of `seed/kengetallen.csv`: how much ground a unit of capacity takes, with bounds, source and how hard that is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from app.problems import ConfigurationFault, Problem
from app.register.begrippen import Begrippen
from app.register.eenheden import factor
from app.register.rows import Cells, read_rows

FILE = "kengetallen.csv"
COLUMNS = (
    *("code", "techniek", "indicator", "ruimtebeslagsoort", "teller_eenheid", "noemer_eenheid", "onder", "midden", "boven"),
    *("bron", "jaar", "hardheid", "geldig_gebied", "bevestigd", "toelichting"),
)
MAY_BE_EMPTY = frozenset({"jaar", "geldig_gebied", "toelichting"})
NUMBERS = ("onder", "midden", "boven")
FROM_LISTS = ("techniek", "indicator", "ruimtebeslagsoort", "hardheid")
GROUND = "ha"
CODE = re.compile(r"[A-Z][A-Z0-9_]*")
YEAR = re.compile(r"(19|20)\d\d")
PROVINCIE = re.compile(r"PV\d\d")
ANSWERS = {"ja": True, "nee": False}


@dataclass(frozen=True)
class Kengetal:
    """One key figure: `midden` of the first unit per one of the second, between `onder` and `boven`.

    It multiplies figures of `indicator` and `techniek`; `per_eenheid` is what turns it into hectares per unit of that indicator. One
    with a `geldig_gebied` (a provincie) goes before the national one there. `bevestigd` is False when no public source was checked.
    """

    code: str
    techniek: str
    indicator: str
    ruimtebeslagsoort: str
    teller_eenheid: str
    noemer_eenheid: str
    onder: Decimal
    midden: Decimal
    boven: Decimal
    bron: str
    jaar: int | None
    hardheid: str
    geldig_gebied: str
    bevestigd: bool
    toelichting: str
    per_eenheid: float
    eenheid: str

    @cached_property
    def omschrijving(self) -> str:
        """What a figure that was computed with it says of its method."""
        bounds = f" ({_dutch(self.onder)}–{_dutch(self.boven)})" if self.onder < self.boven else ""
        per = "per stuk" if self.noemer_eenheid == "aantal" else f"per {self.noemer_eenheid}"
        doubt = "" if self.bevestigd else ", niet bevestigd"
        return f"Kengetal {self.code}: {_dutch(self.midden)} {self.teller_eenheid} {per}{bounds}, {self.bron}{doubt}"


def _dutch(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


def read_kengetallen(folders: tuple[Path, ...], begrippen: Begrippen) -> tuple[Kengetal, ...]:
    """Read the key figures of these folders, or raise ConfigurationFault naming every fault with its file and line.

    A folder of one's own may add rows, and replace a row by one with the same code.
    """
    faults: list[str] = []
    found: dict[str, tuple[str, Kengetal]] = {}
    for path in (folder / FILE for folder in folders):
        if path.exists():
            found |= _read(path, begrippen, faults)
    faults += _clashes(found)
    if faults:
        raise ConfigurationFault("Er zijn fouten in de kengetallen.", faults)
    return tuple(kengetal for _, kengetal in found.values())


def _read(path: Path, begrippen: Begrippen, faults: list[str]) -> dict[str, tuple[str, Kengetal]]:
    """Return the rows of one file by code, each with its place."""
    found: dict[str, tuple[str, Kengetal]] = {}
    for place, told in read_rows(path, COLUMNS, faults):
        problems = [*_faults_in(told, begrippen)]
        problems += [f"de code {told['code']!r} staat al in {found[told['code']][0]}"] if told["code"] in found else []
        faults += [f"{place}: {problem}" for problem in problems]
        if not problems:
            found[told["code"]] = (str(place), _kengetal(told, begrippen))
    return found


def _faults_in(told: Cells, begrippen: Begrippen) -> Iterator[str]:
    empty = [name for name in COLUMNS if not told[name] and name not in MAY_BE_EMPTY]
    yield from (f"de kolom {name!r} is leeg" for name in empty)
    if told["code"] and not CODE.fullmatch(told["code"]):
        yield f"de code {told['code']!r} bestaat uit hoofdletters, cijfers en _"
    for name in FROM_LISTS:
        if told[name] and told[name] not in begrippen[name]:
            yield f"{told[name]!r} staat niet in de lijst {name!r}"
    if told["jaar"] and not YEAR.fullmatch(told["jaar"]):
        yield f"'jaar' is {told['jaar']!r} in plaats van een jaartal"
    if told["geldig_gebied"] and not PROVINCIE.fullmatch(told["geldig_gebied"]):
        yield f"'geldig_gebied' is {told['geldig_gebied']!r}: laat het leeg (landelijk) of noem een provincie, zoals PV25"
    if told["bevestigd"] and told["bevestigd"] not in ANSWERS:
        yield f"'bevestigd' is {told['bevestigd']!r}; schrijf ja of nee"
    yield from _faults_of_numbers(told)
    if told["indicator"] in begrippen["indicator"]:
        yield from _faults_of_units(told, begrippen)


def _faults_of_numbers(told: Cells) -> Iterator[str]:
    numbers = {name: _number(told[name]) for name in NUMBERS}
    for name, number in numbers.items():
        if told[name] and (number is None or number <= 0):
            yield f"{name!r} is {told[name]!r} in plaats van een getal boven nul met een decimale punt, zoals 1.2"
    onder, midden, boven = numbers.values()
    if onder is not None and midden is not None and boven is not None and not onder <= midden <= boven:
        yield f"onder ({onder}), midden ({midden}) en boven ({boven}) staan niet van laag naar hoog"


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _faults_of_units(told: Cells, begrippen: Begrippen) -> Iterator[str]:
    pairs = ((told["teller_eenheid"], GROUND), (told["noemer_eenheid"], begrippen.indicatoren[told["indicator"]].eenheid))
    for unit, target in pairs:
        try:
            factor(unit or target, target)
        except Problem as fault:
            yield fault.detail


def _kengetal(told: Cells, begrippen: Begrippen) -> Kengetal:
    eenheid = begrippen.indicatoren[told["indicator"]].eenheid
    return Kengetal(
        **{name: told[name] for name in COLUMNS if name not in (*NUMBERS, "jaar", "bevestigd")},
        onder=Decimal(told["onder"]),
        midden=Decimal(told["midden"]),
        boven=Decimal(told["boven"]),
        jaar=int(told["jaar"]) if told["jaar"] else None,
        bevestigd=ANSWERS[told["bevestigd"]],
        per_eenheid=factor(told["teller_eenheid"], GROUND) / factor(told["noemer_eenheid"], eenheid),
        eenheid=eenheid,
    )


def _clashes(found: Mapping[str, tuple[str, Kengetal]]) -> Iterator[str]:
    """Two key figures for the same ground would count it twice, or leave to chance which of them counts."""
    seen: dict[tuple[str, str, str], str] = {}
    for place, each in found.values():
        key = (each.techniek, each.ruimtebeslagsoort, each.geldig_gebied)
        if key in seen:
            yield f"{place}: {each.code} en {seen[key]} gelden allebei voor {', '.join(filter(None, key))}; vervang de een door de ander"
        seen.setdefault(key, each.code)
