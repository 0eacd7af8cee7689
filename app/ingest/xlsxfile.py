"""Read a sheet of a workbook by the row; numbers stay numbers, text stays text, and a formula counts only with its outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from app.ingest.quarantine import Delivered
from app.ingest.report import Account, Row, fault
from app.ingest.table import Table

type Cells = tuple[object, ...]
REDO = "Sla de werkmap opnieuw op als .xlsx."
UNREADABLE = (InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, OSError)


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet as they are shown, and the same with formulas in place of their outcome."""

    shown: list[Cells]
    written: list[Cells]


def read_xlsx(delivered: Delivered, name: str | None, account: Account) -> Table | None:
    """Read the sheet `name`, or the only one; None when it cannot be read, which the account then explains."""
    sheet = read_sheet(delivered, name, account)
    header = None if sheet is None else _header(sheet, account)
    return None if sheet is None or header is None else _table(sheet, header, account)


def read_sheet(delivered: Delivered, name: str | None, account: Account) -> Sheet | None:
    """Return the rows of the sheet `name`, or of the only one; None when they cannot be read, which the account then explains."""
    try:
        return _read_sheet(delivered.path, name, account)
    except UNREADABLE as broken:
        account.add(fault("bestand-onleesbaar", f"de werkmap is niet te lezen: {broken}", REDO))
        return None


def _read_sheet(path: Path, name: str | None, account: Account) -> Sheet | None:
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    chosen = name or (names[0] if len(names) == 1 else None)
    if chosen not in names:
        reason = f"het werkblad staat niet in de werkmap; wel: {', '.join(names)}"
        account.add(fault("werkblad-ontbreekt", reason, "Controleer de naam van het werkblad (`layer`) in de bron."))
        return None
    return Sheet(*(list(_rows(path, chosen, outcomes=outcomes)) for outcomes in (True, False)))


def _rows(path: Path, name: str, *, outcomes: bool) -> Iterator[Cells]:
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=outcomes)
    try:
        sheet = workbook[name]
        # What a program wrote about the size of its sheet need not be so.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    finally:
        workbook.close()


def _header(sheet: Sheet, account: Account) -> list[str] | None:
    if not sheet.shown or not any(cell is not None for cell in sheet.shown[0]):
        account.add(fault("kop-onjuist", "de eerste rij van het werkblad is leeg", "Zet de kolomnamen in rij 1."), Row(1))
        return None
    header = ["" if cell is None else str(cell).strip() for cell in sheet.shown[0]]
    while header and not header[-1]:
        header.pop()
    if "" in header or len(set(header)) < len(header):
        twice = sorted({each for each in header if header.count(each) > 1})
        reason = f"kolomnamen ontbreken of komen dubbel voor: {', '.join(twice)}"
        account.add(fault("kop-onjuist", reason, "Geef elke kolom een eigen naam, in rij 1."), Row(1))
        return None
    return header


def _table(sheet: Sheet, header: list[str], account: Account) -> Table:
    kept: list[Cells] = []
    numbers: list[int] = []
    for number, (cells, written) in enumerate(zip(sheet.shown[1:], sheet.written[1:], strict=True), start=2):
        report_formulas(cells, written, (header, number), account)
        if all(cell is None for cell in cells):
            continue
        if any(cell is not None for cell in cells[len(header) :]):
            account.add(
                fault("regel-onvolledig", "de rij heeft waarden buiten de kolommen met een naam", "Geef elke kolom een naam."), Row(number)
            )
        kept.append(fitted(cells, len(header)))
        numbers.append(number)
    attributes = pd.DataFrame(kept, columns=header, dtype=object)
    return Table(attributes, np.array(numbers, dtype=np.int64))


def fitted(cells: Sequence[object], width: int) -> Cells:
    """Return the first cells of a row, and nothing where it has fewer."""
    return (*cells[:width], *(None,) * (width - len(cells)))


def report_formulas(cells: Cells, written: Cells, at: tuple[list[str], int], account: Account) -> None:
    """A formula that was never computed shows as an empty cell, which is something else than no figure."""
    header, number = at
    for position, (cell, formula) in enumerate(zip(cells, written, strict=False)):
        if cell is None and isinstance(formula, str) and formula.startswith("="):
            column = header[position] if position < len(header) else None
            reason = "de formule heeft geen uitkomst in het bestand"
            remedy = "Open de werkmap in Excel, laat haar rekenen en sla haar op; of zet waarden in plaats van formules."
            account.add(fault("formule-zonder-uitkomst", reason, remedy), Row(number, column, formula))
