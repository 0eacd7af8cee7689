"""Hold the succession of gebieden against the divisions that are loaded, the code lists, other sources and itself."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.database.connections import Role, connect
from app.ingest.cijfers.validity import Period
from app.ingest.report import Account, Remark, Row, fault, warning
from app.ingest.source import OPVOLGING, Column, Dataset, Source
from app.ingest.storing import Checked
from app.register.begrippen import Begrippen, read_begrippen
from app.settings import Settings

# How far the shares of one oud may be from 1 together: shares are often rounded to three decimals.
TOLERANTIE = 0.001
GRENSWIJZIGING, SPLITSING, GEHEEL = "GRENSWIJZIGING", "SPLITSING", "GEHEEL"
WHOLE = frozenset({"FUSIE", "NAAMSWIJZIGING"})
LISTS = {"soort": "opvolgingssoort", "grondslag": "verdeelgrondslag"}

PERIODS = """
select code, soort, geldig_vanaf, geldig_tot from facts.current_gebied
join facts.levering on levering.id = levering_id where demo = %s and soort = %s
"""
ELSEWHERE = """
select oud, datum, min(current_gebied_opvolging.bron) from facts.current_gebied_opvolging
where current_gebied_opvolging.bron <> %s and soort <> 'GRENSWIJZIGING' and oud = any(%s)
group by oud, datum
"""

type Finding = tuple[Remark, str, object]


@dataclass(frozen=True)
class _Opvolging:
    """One row: what became of a gebied, or of a part of it, on the first day of a new division."""

    rij: int
    sleutel: str
    oud: str
    nieuw: str
    datum: dt.date
    soort: str
    aandeel: float
    grondslag: str

    @property
    def day_before(self) -> dt.date:
        return self.datum - dt.timedelta(days=1)

    @property
    def moves(self) -> bool:
        """Whether figures go along: with a strip of land they do not."""
        return self.soort != GRENSWIJZIGING


@dataclass(frozen=True)
class _Register:
    """What successions are held against: who exists when, the code lists, and what other sources say of the same gebieden."""

    soort: str
    periods: Sequence[Period]
    begrippen: Begrippen
    elsewhere: Mapping[tuple[str, dt.date], str]

    def loaded(self, day: dt.date) -> bool:
        return any(each.covers(day) for each in self.periods)

    def exists(self, code: str, day: dt.date) -> bool:
        return any(each.code == code and each.covers(day) for each in self.periods)

    def when(self, code: str) -> str:
        known = sorted({each for each in self.periods if each.code == code}, key=lambda each: each.start)
        return f"{code} geldt {' en '.join(map(str, known))}" if known else f"er is geen {self.soort.lower()} met deze code"


def opvolging_columns(dataset: Dataset) -> Mapping[str, Column]:
    """Return the columns as they are read: each has a value in every row, of its own type."""
    types = {"datum": "date", "aandeel": "number"}
    return {
        name: column.model_copy(update={"required": True, "unfit": "fault", "type": types.get(name, "text")})
        for name, column in dataset.columns.items()
    }


def check_opvolging(settings: Settings, source: Source, checked: Checked, account: Account) -> None:
    """Report every fault of the rows that could be read."""
    names = {name: column.origins[0] if column.origins else name for name, column in checked.dataset.columns.items()}
    rows = list(_rows(checked, account))
    register = _read_register(settings, source, checked.dataset, {each.oud for each in rows})
    for each in rows:
        for remark, name, value in (*_codes(each, register), *_share(each), *_existence(each, register), *_elsewhere(each, register)):
            account.add(remark, Row(each.rij, names.get(name, name), value))
    for remark, row in (*_unchecked(rows, register), *_doubles(rows), *_sums(rows), *_remaining(rows, register)):
        account.add(remark, row)


def _rows(checked: Checked, account: Account) -> Iterator[_Opvolging]:
    """Yield what could be read; what is missing or unreadable has been reported, save what the source itself gives."""
    columns = zip(*(checked.properties[name] for name in OPVOLGING), strict=True)
    for number, key, values in zip(checked.table.rows, checked.keys, columns, strict=True):
        if any(value is None for value in values):
            continue
        oud, nieuw, day, soort, aandeel, grondslag = map(str, values)
        try:
            yield _Opvolging(int(number), str(key), oud, nieuw, dt.date.fromisoformat(day), soort, float(aandeel), grondslag)
        except ValueError:
            remark = fault("waarde-onjuist", "datum of aandeel is in de bron niet goed opgegeven", "Schrijf '2023-01-01' en 0.6.")
            account.add(remark, Row(int(number), "datum, aandeel", f"{day}, {aandeel}"))


def _read_register(settings: Settings, source: Source, dataset: Dataset, ouden: set[str]) -> _Register:
    soort = dataset.soort or "GEMEENTE"
    with connect(settings, Role.IMPORT) as connection:
        periods = [Period(*row) for row in connection.execute(PERIODS, [source.demo, soort])]
        others = connection.execute(ELSEWHERE, [source.id, sorted(ouden)]).fetchall()
    return _Register(soort, periods, read_begrippen(settings.seed_folders), {(oud, datum): bron for oud, datum, bron in others})


def _codes(each: _Opvolging, register: _Register) -> Iterator[Finding]:
    for name, lijst in LISTS.items():
        value, known = getattr(each, name), sorted(register.begrippen[lijst])
        if value not in known:
            like = get_close_matches(value.upper(), known, n=1, cutoff=0.7)
            shown = f"Bedoeld is {like[0]}?" if like else f"Bekend zijn {', '.join(known)}."
            yield fault("onbekende-code", f"deze code staat niet in de lijst {lijst}", shown), name, value


def _share(each: _Opvolging) -> Iterator[Finding]:
    if not 0 < each.aandeel <= 1:
        yield fault("aandeel-onjuist", "een aandeel is groter dan 0 en hoogstens 1", "Schrijf 60 % als 0.6."), "aandeel", each.aandeel
    elif each.aandeel < 1 and (each.soort in WHOLE or each.grondslag == GEHEEL):
        reason = f"bij {each.soort} met grondslag {each.grondslag} hoort aandeel 1: het hele gebied gaat over"
        yield fault("aandeel-onjuist", reason, f"Verdeelt u een gebied, noem dat dan {SPLITSING} en de grondslag."), "aandeel", each.aandeel


def _existence(each: _Opvolging, register: _Register) -> Iterator[Finding]:
    """Who is succeeded exists until the day before, who succeeds from that day; of a strip of land both exist on both days."""
    demands = [("oud", each.oud, each.day_before), ("nieuw", each.nieuw, each.datum)]
    if not each.moves:
        demands += [("oud", each.oud, each.datum), ("nieuw", each.nieuw, each.day_before)]
    for name, code, day in demands:
        if register.loaded(day) and not register.exists(code, day):
            reason = f"{register.when(code)}, niet op {day}"
            remedy = "Verbeter de code of de datum; datum is de eerste dag van de nieuwe indeling."
            yield fault("onbekende-gebiedscode", reason, remedy), name, code
    if each.oud == each.nieuw and each.soort != SPLITSING:
        reason = f"een gebied volgt zichzelf alleen op bij {SPLITSING}, met het deel dat bleef"
        yield fault("opvolging-van-zichzelf", reason, "Laat de rij weg."), "nieuw", each.nieuw


def _elsewhere(each: _Opvolging, register: _Register) -> Iterator[Finding]:
    bron = register.elsewhere.get((each.oud, each.datum))
    if bron is not None and each.moves:
        reason = f"bron {bron!r} levert de opvolging van {each.oud} per {each.datum} al; samen zouden zij dubbel tellen"
        remedy = "Lever haar in één bron; de andere trekt u in met ./energiebeeld withdraw."
        yield fault("opvolging-al-geleverd", reason, remedy), "oud", each.oud


def _unchecked(rows: Sequence[_Opvolging], register: _Register) -> Iterator[tuple[Remark, Row]]:
    days = {("oud", each.day_before) for each in rows} | {("nieuw", each.datum) for each in rows}
    for name, day in sorted(days):
        if not register.loaded(day):
            reason = f"er is geen indeling geladen die geldt op {day}; de codes van {name} zijn niet gecontroleerd"
            yield warning("codes-niet-gecontroleerd", reason, "Importeer eerst de gebieden."), Row(column=name)


def _doubles(rows: Sequence[_Opvolging]) -> Iterator[tuple[Remark, Row]]:
    """Report what is the same only when read: a date written in two ways. The same text twice has been reported as a key."""
    first: dict[tuple[str, str, dt.date], _Opvolging] = {}
    for each in rows:
        other = first.setdefault((each.oud, each.nieuw, each.datum), each)
        if other.sleutel != each.sleutel:
            reason = f"deze opvolging staat ook op rij {other.rij}"
            yield fault("dubbele-sleutel", reason, "Laat één van beide rijen over."), Row(each.rij, value=each.sleutel)


def _moving(rows: Sequence[_Opvolging]) -> Mapping[tuple[str, dt.date], list[_Opvolging]]:
    """Return the rows along which figures go, by the gebied that is succeeded and the day."""
    grouped: dict[tuple[str, dt.date], list[_Opvolging]] = {}
    for each in rows:
        if each.moves:
            grouped.setdefault((each.oud, each.datum), []).append(each)
    return grouped


def _sums(rows: Sequence[_Opvolging]) -> Iterator[tuple[Remark, Row]]:
    for (oud, datum), parts in _moving(rows).items():
        total = math.fsum(each.aandeel for each in parts)
        if abs(total - 1) > TOLERANTIE and all(0 < each.aandeel <= 1 for each in parts):
            where = ", ".join(str(each.rij) for each in parts)
            reason = f"de aandelen van {oud} per {datum} zijn samen {total:.6g}, en dat moet 1 zijn (op {TOLERANTIE} na); rij {where}"
            remedy = "Vul aan wat ontbreekt, ook het deel dat zijn code hield, of verbeter de aandelen."
            yield fault("aandelen-sluiten-niet", reason, remedy), Row(parts[0].rij, "aandeel", f"{total:.6g}")


def _remaining(rows: Sequence[_Opvolging], register: _Register) -> Iterator[tuple[Remark, Row]]:
    """Report gebieden that are said to be gone and still exist, of which then everything would count twice."""
    for (oud, datum), parts in _moving(rows).items():
        if register.exists(oud, datum) and oud not in {each.nieuw for each in parts}:
            reason = f"{oud} bestaat op {datum} nog, en gaat hier toch geheel over naar {', '.join(each.nieuw for each in parts)}"
            remedy = f"Gaf het alleen grond af, dan is het {GRENSWIJZIGING}; bleef een deel, geef dat dan als {SPLITSING} naar zichzelf."
            yield fault("oud-bestaat-nog", reason, remedy), Row(parts[0].rij, "oud", oud)
