"""Figures and small tables as Excel workbooks, written row by row."""

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from app.beeld.columns import Kind
from app.beeld.exporting import SENT_AT_ONCE, Copy, Parts, copied
from app.settings import Settings

SPOOLED_IN_MEMORY = 8_000_000
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook_of(title: str, header: Sequence[str], rows: Iterable[Sequence[str | float | bool | None]]) -> bytes:
    """Return a workbook of one sheet with these rows."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, column) for column in header])
    for row in rows:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def xlsx_parts(settings: Settings, copy: Copy, notes: Mapping[str, str]) -> Parts:
    """Yield an Excel workbook: the figures (COPY without a header) on the first sheet, notes on the second.

    Between blocks it yields nothing (b""): no part of the file yet, but a moment at which it can be stopped.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Cijfers")
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, column.name) for column in copy.columns])
    kinds = [column.kind for column in copy.columns]
    for block in copied(settings, copy, SENT_AT_ONCE):
        for row in csv.reader(io.StringIO(block.decode(), newline="")):
            sheet.append([_cell(sheet, text, kind) for text, kind in zip(row, kinds, strict=True)])
        yield b""
    _explain(workbook, copy, notes)
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY) as file:
        workbook.save(file)
        file.seek(0)
        while part := file.read(SENT_AT_ONCE):
            yield part


def _explain(workbook: Workbook, copy: Copy, notes: Mapping[str, str]) -> None:
    sheet = workbook.create_sheet("Toelichting")
    for name, text in (*notes.items(), *((column.name, column.title) for column in copy.columns)):
        sheet.append([_bold(sheet, name), _cell(sheet, text, Kind.TEXT)])


def _cell(sheet: WriteOnlyWorksheet, text: str, kind: Kind) -> object:
    if not text:
        return None
    if kind is Kind.NUMBER:
        return float(text)
    if kind is Kind.INTEGER:
        return int(text)
    if kind is Kind.DATE:
        return dt.date.fromisoformat(text)
    return _text(sheet, text)


def _text(sheet: WriteOnlyWorksheet, text: str) -> object:
    # A text never becomes a formula, whatever it begins with.
    readable = NOT_IN_XML.sub("", text)
    if not readable.startswith("="):
        return readable
    cell = WriteOnlyCell(sheet, readable)
    cell.data_type = "s"
    return cell


def _bold(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
