"""Hold every figure against the code lists, the units, the years, the gebieden, its bounds and the other figures."""

import datetime as dt
import math
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.ingest.cijfers.declaration import KEY, NEEDED
from app.ingest.cijfers.gathering import NO_YEAR
from app.ingest.cijfers.ledger import Ledger
from app.ingest.cijfers.validity import BELOW_GEMEENTE, Gebieden
from app.ingest.mapping import UNSTORABLE
from app.ingest.report import Remark, fault
from app.ingest.source import Source
from app.ingest.table import Mask
from app.problems import Problem
from app.register.begrippen import DIMENSIONS, Aggregatie, Begrippen
from app.register.eenheden import factor

FIRST_YEAR = 1990
LAST_YEAR = 2050
LISTS = {
    "indicator": "indicator",
    "drager": "energiedrager",
    "subsector": "subsector",
    "techniek": "techniek",
    "richting": "richting",
    "soort": "soort",
    "herkomst": "herkomst",
    "kwaliteit": "kwaliteit",
    "reden_leeg": "reden-leeg",
}
OF_THE_SERVICE = {
    "drager": ("TOTAAL", "Laat drager leeg voor een totaal."),
    "herkomst": ("AFGELEID", "Geef een andere herkomst: dit is wat de service zelf berekent."),
}


@dataclass(frozen=True)
class Register:
    """What figures are held against."""

    source: Source
    begrippen: Begrippen
    gebieden: Gebieden


def check(ledger: Ledger, register: Register) -> None:
    """Report every fault of every figure; figures of a division that is not loaded are left out."""
    _leave_out_unchecked(ledger, register)
    _check_codes(ledger, register.begrippen)
    _check_methods(ledger)
    _check_dimensions(ledger, register.begrippen)
    _check_added(ledger, register.begrippen)
    _check_beelden(ledger, register.source)
    _check_soorten(ledger, register.source)
    _check_years(ledger, register.source)
    _check_gebieden(ledger, register.gebieden)
    _convert(ledger, register.begrippen)
    _check_minimum(ledger, register.begrippen)
    _check_bounds(ledger)
    _check_keys(ledger)


def _leave_out_unchecked(ledger: Ledger, register: Register) -> None:
    days = ledger.texts("indeling")
    for day in sorted(set(days[ledger.asked & (ledger.whole("jaar") != NO_YEAR)])):
        if not register.gebieden.is_loaded(day):
            rows: Mask = ledger.asked & (days == day)
            remedy = "Importeer de gemeenten van die indeling om deze cijfers op te kunnen nemen."
            ledger.leave_out(rows, "indeling-niet-geladen", f"de indeling in gemeenten van {day} is niet geladen", remedy)


def _check_codes(ledger: Ledger, begrippen: Begrippen) -> None:
    for field, lijst in LISTS.items():
        values, known = ledger.texts(field), begrippen[lijst]
        if field in NEEDED:
            ledger.refuse_code(ledger.asked & ledger.is_(field, ""), field, _missing(field))
        unknown: Mask = ledger.asked & ~ledger.among(field, {"", *known})
        remarks = {value: _unknown(str(value), lijst, sorted(known)) for value in set(values[unknown])}
        ledger.refuse_code(unknown, field, [remarks[value] for value in values[unknown]])
    ledger.refuse_code(ledger.asked & ledger.is_("eenheid", ""), "eenheid", _missing("eenheid"))
    for field, (code, remedy) in OF_THE_SERVICE.items():
        remark = fault("code-van-de-service", f"{code} wordt niet geleverd maar berekend", remedy)
        ledger.refuse_code(ledger.asked & ledger.is_(field, code), field, remark)


def _missing(field: str) -> Remark:
    return fault("waarde-ontbreekt", f"{field} ontbreekt", "Vul de code in, of geef haar in de bron.")


def _unknown(value: str, lijst: str, known: list[str]) -> Remark:
    like = get_close_matches(value.upper(), known, n=1, cutoff=0.7) or get_close_matches(value.lower(), known, n=1, cutoff=0.7)
    shown = f"Bedoeld is {like[0]}?" if like else f"Bekend zijn {', '.join(known[:12])}{' …' if len(known) > 12 else ''}."
    return fault("onbekende-code", f"deze code staat niet in de lijst {lijst}", f"{shown} Een bron kan codes vertalen met `values`.")


def _check_methods(ledger: Ledger) -> None:
    where, distinct = pd.factorize(ledger.texts("methode"))
    unfit: Mask = np.array([bool(UNSTORABLE.search(str(text))) for text in distinct], dtype=bool)[where]
    remark = fault("tekst-onbruikbaar", "de tekst bevat tekens die geen tekst zijn", "Verwijder de stuurtekens.")
    ledger.refuse_code(ledger.asked & unfit, "methode", remark)


def _check_beelden(ledger: Ledger, source: Source) -> None:
    for each in source.energiebeelden:
        known = sorted(beeld.code for beeld in each.beelden)
        reason = f"energiebeeld {each.id} heeft geen beeld met deze code; wel: {', '.join(known)}"
        rows: Mask = ledger.asked & ledger.is_("energiebeeld", each.id) & ~ledger.among("beeld", known)
        ledger.refuse_code(rows, "beeld", fault("onbekend-beeld", reason, "Verbeter de code, of beschrijf het beeld in de bron."))


def _check_soorten(ledger: Ledger, source: Source) -> None:
    """What was realised is of now, what is imagined of later."""
    remedy = "Een realisatie hoort bij het huidige beeld, een beeld van de toekomst bij een beeld van later."
    for each in source.energiebeelden:
        mine: Mask = ledger.asked & ledger.is_("energiebeeld", each.id)
        now = ledger.among("beeld", [beeld.code for beeld in each.beelden if beeld.soort == "HUIDIG"])
        later = ledger.among("beeld", [beeld.code for beeld in each.beelden if beeld.soort != "HUIDIG"])
        wrong: Mask = mine & ((now & ledger.is_("soort", "BEELD")) | (later & ledger.is_("soort", "REALISATIE")))
        ledger.refuse_code(wrong, "soort", fault("soort-past-niet", "deze soort cijfer hoort niet bij dit beeld", remedy))


def _check_dimensions(ledger: Ledger, begrippen: Begrippen) -> None:
    """An indicator is split along its own dimensions only."""
    for name in DIMENSIONS:
        along = {code for code, each in begrippen.indicatoren.items() if name in each.dimensies}
        wrong: Mask = (
            ledger.asked & ~ledger.is_(name, "") & ~ledger.among("indicator", along) & ledger.among("indicator", begrippen.indicatoren)
        )
        remark = fault("dimensie-past-niet", f"deze indicator wordt niet gesplitst naar {name}", f"Laat {name} leeg bij deze indicator.")
        ledger.refuse_code(wrong, name, remark)


def _check_added(ledger: Ledger, begrippen: Begrippen) -> None:
    """Columns may be added into one figure only where that figure adds up."""
    additive = {code for code, each in begrippen.indicatoren.items() if each.aggregatie is Aggregatie.SOM}
    for reading, measures in enumerate(ledger.measures):
        for number, each in ((number, each) for number, each in enumerate(measures) if len(each.columns) > 1):
            mine: Mask = ledger.asked & (ledger.whole("reading") == reading) & (ledger.whole("maat") == number)
            wrong: Mask = mine & ledger.among("indicator", begrippen.indicatoren) & ~ledger.among("indicator", additive)
            reason = f"de kolommen {', '.join(each.columns)} geven samen één cijfer, en deze indicator telt niet op"
            remedy = "Geef elke kolom een eigen code (`techniek`), of zeg waarom zij wordt weggelaten (`leave_out`)."
            ledger.refuse_code(wrong, "indicator", fault("telt-niet-op", reason, remedy))


def _check_years(ledger: Ledger, source: Source) -> None:
    years = ledger.whole("jaar")
    unreadable: Mask = ledger.asked & (years == NO_YEAR)
    ledger.refuse_code(unreadable, "jaar", _year("het jaar is niet te lezen"))
    outside: Mask = ledger.asked & ~unreadable & ((years < FIRST_YEAR) | (years > LAST_YEAR))
    ledger.refuse_code(outside, "jaar", _year(f"het jaar ligt niet tussen {FIRST_YEAR} en {LAST_YEAR}"))
    later: Mask = ledger.asked & ledger.is_("soort", "REALISATIE") & ~outside & (years > source.peildatum.year)
    ledger.refuse_code(later, "jaar", _year(f"een realisatie kan niet van na de peildatum ({source.peildatum}) zijn"))


def _year(reason: str) -> Remark:
    return fault("jaar-onjuist", reason, "Schrijf een jaar als 2023 (of 2023JJ00).")


def _check_gebieden(ledger: Ledger, gebieden: Gebieden) -> None:
    codes, days = ledger.texts("gebied"), ledger.texts("indeling")
    readable: Mask = ledger.asked & (ledger.whole("jaar") != NO_YEAR)
    wrong = np.zeros(len(codes), dtype=bool)
    for day in set(days[readable]):
        wrong |= readable & (days == day) & ~ledger.among("gebied", gebieden.valid_on(day))
    pairs = list(zip(codes[wrong], days[wrong], strict=True))
    remarks = {pair: _invalid(gebieden, str(pair[0]), pair[1]) for pair in set(pairs)}
    ledger.refuse_code(wrong, "gebied", [remarks[pair] for pair in pairs])


def _invalid(gebieden: Gebieden, code: str, day: dt.date) -> Remark:
    if code == "":
        return fault("waarde-ontbreekt", "gebied ontbreekt", "Vul de code van het gebied in.")
    reason, remedy = gebieden.why_not(code, day)
    return fault("onder-gemeente" if BELOW_GEMEENTE.fullmatch(code) else "gebied-ongeldig", reason, remedy)


def _convert(ledger: Ledger, begrippen: Begrippen) -> None:
    """Convert every number to the unit of its indicator, also of figures left out: they are in the sums."""
    where, combinations = pd.factorize(pd.MultiIndex.from_frame(ledger.frame(("eenheid", "indicator", "drager"))))
    found = [_factor(begrippen, *map(str, each)) for each in combinations]
    factors = np.array([math.nan if isinstance(each, Remark) else each for each in found], dtype=np.float64)[where]
    for name, origin in {"waarde": "bron", "ondergrens": "onder", "bovengrens": "boven"}.items():
        ledger.put(name, _converted(ledger.numbers(origin), factors))
    wrong: Mask = ledger.asked & np.array([isinstance(each, Remark) for each in found], dtype=bool)[where]
    remarks = [each for each in (found[at] for at in where[wrong]) if isinstance(each, Remark)]
    ledger.refuse_code(wrong, "eenheid", remarks)


def _converted(numbers: NDArray[np.float64], factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply as decimals: 0.1 GWh is 0.36 TJ, where doubles make 0.36000000000000004; fifteen digits are what a double can hold."""
    values: NDArray[np.float64] = numbers * factors
    changed = np.flatnonzero(np.isfinite(values) & (factors != 1))
    values[changed] = [float(f"{value:.15g}") for value in values[changed]]
    return values


def _factor(begrippen: Begrippen, eenheid: str, indicator: str, drager: str) -> float | Remark:
    """Return what to multiply by, or why the unit does not fit; what is unknown or missing has been reported already."""
    if indicator not in begrippen.indicatoren or eenheid == "":
        return math.nan
    canonical = begrippen.indicatoren[indicator].eenheid
    try:
        return factor(eenheid, canonical, drager)
    except Problem as problem:
        remedy = f"Lever dit cijfer in {canonical} of in een eenheid die daarin is om te rekenen."
        return fault("eenheid-past-niet", problem.detail, remedy)


def _check_minimum(ledger: Ledger, begrippen: Begrippen) -> None:
    where, indicators = pd.factorize(ledger.texts("indicator"))
    known = [begrippen.indicatoren[code].minimum if code in begrippen.indicatoren else None for code in indicators]
    least = np.array([-math.inf if each is None else each for each in known], dtype=np.float64)[where]
    low: Mask = ledger.asked & (ledger.numbers("waarde") < least)
    reason = "de waarde is kleiner dan {:g}, en dat kan bij deze indicator niet"
    remarks = [fault("waarde-te-klein", reason.format(each), "Controleer het teken en de eenheid.") for each in least[low]]
    ledger.refuse(low, remarks)


def _check_bounds(ledger: Ledger) -> None:
    value, low, high = (ledger.numbers(name) for name in ("waarde", "ondergrens", "bovengrens"))
    wrong: Mask = ledger.asked & ((value < low) | (value > high) | (low > high))
    ledger.refuse(
        wrong, fault("grenzen-onjuist", "de waarde ligt niet tussen ondergrens en bovengrens", "Verbeter de waarde of de grenzen.")
    )


def _check_keys(ledger: Ledger) -> None:
    """Find figures that are delivered twice; the message names both rows."""
    keys = ledger.frame(KEY, ledger.asked)
    twice = keys[keys.duplicated(keep=False)]
    first: dict[tuple[object, ...], int] = {}
    remarks: dict[int, Remark] = {}
    for at, key in zip(twice.index, twice.itertuples(index=False, name=None), strict=True):
        if first.setdefault(key, at) != at:
            remarks[at] = _double(ledger, first[key], at, key)
    rows = np.zeros(len(ledger), dtype=bool)
    rows[list(remarks)] = True
    ledger.refuse(rows, remarks.values())


def _double(ledger: Ledger, first: int, second: int, key: tuple[object, ...]) -> Remark:
    named = "; ".join(f"{name} {value}" for name, value in zip(KEY, key, strict=True) if value != "" and name != "energiebeeld")
    reason = f"dit cijfer staat er al: {ledger.whereabouts(first, second)} ({named})"
    same_row = all(ledger.whole(name)[first] == ledger.whole(name)[second] for name in ("reading", "rij"))
    remedy = "Tel kolommen alleen op met `samen`." if same_row else "Lever elk cijfer een keer; splits anders naar een dimensie."
    return fault("dubbel-cijfer", reason, remedy)
