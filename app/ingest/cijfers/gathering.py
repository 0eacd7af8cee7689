"""Make of tables the ledger of their figures: read every cell, with the codes and the year that go with it."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.ingest.cijfers.declaration import CODES, LEVERING, Code, Figures, FromColumn, Resolved
from app.ingest.cijfers.ledger import Ledger, Part, Reading, ledger_of
from app.ingest.cijfers.numbers import Notation, is_ambiguous
from app.ingest.crosstable import report_unknown
from app.ingest.mapping import Values, as_text
from app.ingest.report import Remark, Row, fault
from app.ingest.table import Mask, Table

YEAR = re.compile(r"(\d{4})(?:JJ00|\.0|-01-01(?: 00:00:00)?)?", re.ASCII)
ABSENT = "GEEN_RIJ"
GEMEENTE = "GM"
NO_YEAR = 0


@dataclass(frozen=True)
class _Numbers:
    """What the cells of a measure hold: the number, why there is none (`empty`), or why it cannot be read (`wrong`)."""

    texts: Values
    numbers: NDArray[np.float64]
    empty: Values
    wrong: Values


@dataclass(frozen=True)
class _Sheet:
    """A table of figures with what its declaration makes of it."""

    reading: Reading

    @property
    def table(self) -> Table:
        return self.reading.table

    @property
    def figures(self) -> Figures:
        return self.reading.figures

    @cached_property
    def notation(self) -> Notation:
        return Notation(self.figures.decimal, self.figures.thousands)

    def texts(self, column: str) -> Values:
        return as_text(self.table.attributes[column])

    def codes(self, code: Code) -> Values:
        """Return the codes of a dimension, one for each row."""
        if isinstance(code, str):
            return _all(code, len(self.table))
        where, distinct = pd.factorize(self.texts(code.column))
        return _objects(_translated(str(text), code) for text in distinct)[where]

    def numbers(self, column: str) -> _Numbers:
        """Read a column of figures."""
        cells = self.table.attributes[column].to_numpy(dtype=object)
        texts = self.texts(column)
        read = {key: self._number(*key) for key in {(_number_or_none(cell), text) for cell, text in zip(cells, texts, strict=True)}}
        found = [read[_number_or_none(cell), text] for cell, text in zip(cells, texts, strict=True)]
        numbers, empty, wrong = zip(*found, strict=True) if found else ((), (), ())
        return _Numbers(texts, np.array(numbers, dtype=np.float64), _objects(empty), _objects(wrong))

    def _number(self, number: float | None, text: str) -> tuple[float, str, str]:
        meaning = self.figures.empty.get(text, ABSENT if text == "" else None)
        if meaning is not None:
            return (0.0, "", "") if meaning == "NUL" else (math.nan, meaning, "")
        found = self.notation.read(text if number is None else number)
        return (math.nan, "", found) if isinstance(found, str) else (found, "", "")


def gather(readings: Sequence[Reading]) -> Ledger:
    """Return the ledger of these tables; cells that cannot be read are refused in it, and rows that the source excludes are left out."""
    sheets = [_Sheet(reading) for reading in readings]
    measures = tuple(sheet.figures.resolved(tuple(map(str, sheet.table.attributes.columns)), sheet.table.headings) for sheet in sheets)
    parts = [
        _of_measure(sheet, measure, (number, maat)) for number, sheet in enumerate(sheets) for maat, measure in enumerate(measures[number])
    ]
    ledger = ledger_of(parts, readings, measures)
    for number, sheet in enumerate(sheets):
        _exclude(ledger, sheet, number)
    _leave_out_columns(ledger)
    _refuse_unreadable(ledger)
    return ledger


def missing_columns(reading: Reading) -> bool:
    """Report every column that the declaration needs and the table lacks, and columns or headings that nobody knows."""
    present = tuple(map(str, reading.table.attributes.columns))
    needed = (*reading.figures.named_columns, *(each.column for each in reading.dataset.exclude))
    missing = [name for name in dict.fromkeys(needed) if name not in present]
    for name in missing:
        reason = f"de kolom ontbreekt; wel aanwezig: {', '.join(present)}"
        reading.account.add(fault("kolom-ontbreekt", reason, "Controleer de kolomnaam in de bron en in het bestand."), Row(column=name))
    unknown = [name for name in present if name not in LEVERING] if reading.figures.form == "levering" else []
    for name in unknown:
        reason = f"deze kolom hoort niet in een levering van cijfers; bekend zijn: {', '.join(LEVERING)}"
        reading.account.add(fault("kolom-onbekend", reason, "Verbeter de kolomnaam of laat de kolom weg."), Row(1, name))
    headings = reading.figures.header
    strange = headings is not None and report_unknown(reading.table, headings, reading.account)
    return bool(missing or unknown or strange)


def _of_measure(sheet: _Sheet, measure: Resolved, place: tuple[int, int]) -> Part:
    """Read a measure: a row for every cell that makes a figure, or should."""
    cells = _together(sheet, measure)
    if measure.reden_leeg is not None:
        cells = _with_reasons(cells, sheet.texts(measure.reden_leeg), meant="" in sheet.figures.empty)
    bounds = [_bound(sheet, name) for name in measure.bounds]
    wrong = cells.wrong
    for name, bound in zip(measure.bounds, bounds, strict=True):
        wrong = np.where((bound.wrong != "") & (wrong == ""), _objects(f"{name}: {reason}" for reason in bound.wrong), wrong)
    rows = np.flatnonzero(cells.empty != ABSENT)
    texts = {"tekst": cells.texts, **_key(sheet, measure), "reden_leeg": cells.empty, "fout": wrong}
    said = {"kolom": _title(measure), "energiebeeld": sheet.figures.energiebeeld, "uitgesloten": "", "geweigerd": ""}
    numbers = {"bron": cells.numbers, "onder": bounds[0].numbers, "boven": bounds[1].numbers}
    return Part(
        {**{name: values[rows] for name, values in texts.items()}, **{name: _all(text, len(rows)) for name, text in said.items()}},
        {name: values[rows] for name, values in numbers.items()},
        {
            "reading": np.full(len(rows), place[0], dtype=np.int64),
            "maat": np.full(len(rows), place[1], dtype=np.int64),
            "rij": sheet.table.rows[rows],
            "jaar": _years(sheet, measure)[0][rows],
        },
    )


def _title(measure: Resolved) -> str:
    first, count = measure.columns[0], len(measure.columns)
    return first if count == 1 else f"{first} en {count - 1} andere"


def _key(sheet: _Sheet, measure: Resolved) -> dict[str, Values]:
    """Return what tells a figure from others besides its year, and its codes."""
    years, year_texts = _years(sheet, measure)
    gebieden = sheet.codes(measure.gebied)
    return {
        "gebied": gebieden,
        "gebied_bron": sheet.texts(measure.gebied.column),
        **{name: sheet.codes(measure.codes[name]) for name in CODES},
        "jaar_bron": year_texts,
        "indeling": _divisions(sheet, years, gebieden),
    }


def _together(sheet: _Sheet, measure: Resolved) -> _Numbers:
    """Read the columns of a measure and add them up; a part that is missing makes the sum unknown."""
    read = [sheet.numbers(column) for column in measure.columns]
    if len(read) == 1:
        return read[0]
    numbers = np.array([math.fsum(parts) for parts in zip(*(each.numbers for each in read), strict=True)], dtype=np.float64)
    texts = _objects(" + ".join(parts) for parts in zip(*(each.texts for each in read), strict=True))
    empties = np.array([each.empty != "" for each in read])
    empty: Values = np.where(empties.all(axis=0), read[0].empty, "")
    wrong = _all("", len(numbers))
    wrong[empties.any(axis=0) & ~empties.all(axis=0)] = "een deel van de optelling ontbreekt"
    for column, each in zip(measure.columns, read, strict=True):
        wrong = np.where(each.wrong != "", _objects(f"{column}: {reason}" for reason in each.wrong), wrong)
    return _Numbers(texts, numbers, empty, wrong)


def _with_reasons(cells: _Numbers, reasons: Values, *, meant: bool) -> _Numbers:
    """Hold numbers against the reasons for having none: a figure has one or the other, unless an empty cell is `meant` as something."""
    empty, wrong = cells.empty.copy(), cells.wrong.copy()
    blank, explained = cells.texts == "", reasons != ""
    empty[blank & explained] = reasons[blank & explained]
    if not meant:
        empty[blank & ~explained] = ""
        wrong[blank & ~explained] = "de waarde ontbreekt zonder reden_leeg"
    wrong[~blank & explained & (empty == "") & (wrong == "")] = "er staat een waarde én een reden_leeg"
    return _Numbers(cells.texts, cells.numbers, empty, wrong)


def _years(sheet: _Sheet, measure: Resolved) -> tuple[NDArray[np.int64], Values]:
    texts = _all(str(measure.jaar), len(sheet.table)) if isinstance(measure.jaar, int) else sheet.codes(measure.jaar)
    where, distinct = pd.factorize(texts)
    read = [int(found[1]) if (found := YEAR.fullmatch(str(text))) else NO_YEAR for text in distinct]
    return np.array(read, dtype=np.int64)[where], texts


def _divisions(sheet: _Sheet, years: NDArray[np.int64], gebieden: Values) -> Values:
    declared, newest = sheet.figures.indeling, sheet.reading.peildatum.year
    if isinstance(declared, dt.date):
        return _all(declared, len(years))
    where, distinct = pd.factorize(years)
    days = _objects(dt.date(max(1, min(int(year), newest)), 1, 1) for year in distinct)[where]
    if sheet.figures.indeling_ouders is not None:
        days[[not str(code).startswith(GEMEENTE) for code in gebieden]] = sheet.figures.indeling_ouders
    return days


def _bound(sheet: _Sheet, name: str | None) -> _Numbers:
    if name is not None:
        return sheet.numbers(name)
    nothing = _all("", len(sheet.table))
    return _Numbers(nothing, np.full(len(sheet.table), math.nan), nothing, nothing)


def _exclude(ledger: Ledger, sheet: _Sheet, number: int) -> None:
    mine = ledger.whole("reading") == number
    for rule in sheet.reading.dataset.exclude:
        expression = re.compile(rule.matches)
        where, distinct = pd.factorize(sheet.texts(rule.column))
        hit = np.array([bool(expression.fullmatch(str(text))) for text in distinct], dtype=bool)[where]
        rows = np.isin(ledger.whole("rij"), sheet.table.rows[hit])
        ledger.leave_out(mine & rows & ledger.asked, "uitgesloten", rule.reason)


def _leave_out_columns(ledger: Ledger) -> None:
    """Leave out the columns of cross tables of which the source says why they are not taken."""
    for reading, measures in enumerate(ledger.measures):
        for reason in dict.fromkeys(each.leave_out for each in measures if each.leave_out is not None):
            columns = [number for number, each in enumerate(measures) if each.leave_out == reason]
            rows = (ledger.whole("reading") == reading) & np.isin(ledger.whole("maat"), columns)
            ledger.leave_out(rows & ledger.asked, "uitgesloten", reason)


def _refuse_unreadable(ledger: Ledger) -> None:
    wrong = ledger.texts("fout")
    rows: Mask = ledger.asked & (wrong != "")
    ledger.refuse(rows, (_unreadable(str(reason)) for reason in wrong[rows]))


def _unreadable(reason: str) -> Remark:
    if is_ambiguous(reason):
        remedy = "Zeg in de bron wat het teken tussen duizendtallen is (`thousands`), of schrijf het getal zonder."
        return fault("getal-dubbelzinnig", reason, remedy)
    if "reden_leeg" in reason:
        return fault("waarde-of-reden", reason, "Geef een waarde, of laat haar leeg en geef een reden_leeg: het een of het ander.")
    if "optelling" in reason:
        return fault("som-onvolledig", reason, "Vul alle delen in, of zeg in de bron wat een lege cel betekent (`empty`).")
    return fault("getal-onleesbaar", reason, "Schrijf een getal, of laat de cel leeg.")


def _translated(text: str, code: FromColumn) -> str:
    if text in code.values:
        return code.values[text]
    if text == "":
        return code.default
    return f"{code.prefix}{text}" if code.prefix and text.isdigit() else text


def _number_or_none(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) and not math.isnan(cell) else None


def _all(value: object, count: int) -> Values:
    array: Values = np.full(count, value, dtype=object)
    return array


def _objects(values: Iterable[object]) -> Values:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
