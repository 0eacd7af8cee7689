"""Read a cross table from a workbook: columns are called by their letters, and what stands above them tells what they hold."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

from app.ingest.cijfers.headings import Headings
from app.ingest.quarantine import Delivered
from app.ingest.report import Account, Row, fault
from app.ingest.table import Table
from app.ingest.xlsxfile import Cells, Sheet, fitted, read_sheet, report_formulas


def read_crosstable(delivered: Delivered, name: str | None, headings: Headings, account: Account) -> Table | None:
    """Read the sheet `name`, or the only one, with the headings of its columns; None when it cannot be read, as the account then says."""
    sheet = read_sheet(delivered, name, account)
    if sheet is None:
        return None
    if len(sheet.shown) < headings.first:
        reason = f"het werkblad heeft {len(sheet.shown)} rijen; de cijfers horen op rij {headings.first} te beginnen"
        account.add(fault("kop-onjuist", reason, "Lever het werkblad in de afgesproken vorm."), Row(len(sheet.shown)))
        return None
    letters = [get_column_letter(number) for number in range(1, max(map(len, sheet.shown)) + 1)]
    table = _rows(sheet, letters, headings, account)
    found = _headings(sheet, letters, headings)
    if not found:
        reason = f"boven geen enkele kolom staat {' of '.join(headings.rows)}"
        account.add(fault("kop-onjuist", reason, "Lever het werkblad in de afgesproken vorm."), Row(min(headings.rows.values())))
        return None
    _report_incomplete(found, headings, account)
    _report_nameless(table, found, account)
    return Table(table.attributes, table.rows, headings=found)


def _headings(sheet: Sheet, letters: Sequence[str], headings: Headings) -> Mapping[str, Mapping[str, str]]:
    """Return what stands above each column that has any heading."""
    above = {name: fitted(sheet.shown[row - 1], len(letters)) for name, row in headings.rows.items()}
    texts = {
        letter: {name: "" if cells[at] is None else str(cells[at]).strip() for name, cells in above.items()}
        for at, letter in enumerate(letters)
    }
    return {letter: each for letter, each in texts.items() if any(each.values())}


def _rows(sheet: Sheet, letters: list[str], headings: Headings, account: Account) -> Table:
    kept: list[Cells] = []
    numbers: list[int] = []
    below = zip(sheet.shown[headings.first - 1 :], sheet.written[headings.first - 1 :], strict=True)
    for number, (cells, written) in enumerate(below, start=headings.first):
        report_formulas(cells, written, (letters, number), account)
        if any(cell is not None for cell in cells):
            kept.append(fitted(cells, len(letters)))
            numbers.append(number)
    return Table(pd.DataFrame(kept, columns=letters, dtype=object), np.array(numbers, dtype=np.int64))


def _report_incomplete(found: Mapping[str, Mapping[str, str]], headings: Headings, account: Account) -> None:
    for letter, texts in found.items():
        given = [name for name, text in texts.items() if text]
        for name in (name for name, text in texts.items() if not text):
            reason = f"boven deze kolom staat wel {' en '.join(given)} maar geen {name}"
            remark = fault("kop-onvolledig", reason, "Vul de kop boven elke kolom in, ook bij samengevoegde cellen.")
            account.add(remark, Row(headings.rows[name], letter))


def _report_nameless(table: Table, found: Mapping[str, Mapping[str, str]], account: Account) -> None:
    """A column to the right of the first heading that holds numbers without saying what they are is not left out in silence."""
    letters = list(map(str, table.attributes.columns))
    for letter in (each for each in letters[letters.index(next(iter(found))) :] if each not in found):
        cells = table.attributes[letter].to_numpy(dtype=object)
        numbers = [at for at, cell in enumerate(cells) if isinstance(cell, int | float)]
        if numbers:
            reason = "de kolom heeft getallen, maar er staat niet boven wat zij zijn"
            remark = fault("kolom-zonder-kop", reason, "Zet er koppen boven, of laat haar weg.")
            account.add(remark, Row(int(table.rows[numbers[0]]), letter, cells[numbers[0]]))


def report_unknown(table: Table, headings: Headings, account: Account) -> bool:
    """Report every heading of which the source does not say what it stands for."""
    found = False
    for letter, texts in table.headings.items():
        for name in (name for name in headings.unknown_in(texts) if texts[name]):
            others = " en ".join(f"{other} {text}" for other, text in texts.items() if other != name)
            reason = f"de bron zegt niet waar {name} {texts[name]!r} voor staat" + (f" (bij {others})" if others else "")
            remedy = f"{headings.like(name, texts[name])} Verbeter de kop, of vul de `rules` in de bron aan."
            account.add(fault("kop-onbekend", reason, remedy), Row(headings.rows[name], letter, texts[name]))
            found = True
    return found
