"""A whole selection as a file, in constant memory: PostgreSQL writes CSV, and what else is asked is made from that a block at a time.

Everything here blocks; who calls it does so from a thread.
"""

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Generator, Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from psycopg.abc import Query

from app.beeld.columns import Column, Kind
from app.database import Role, connect
from app.settings import Settings

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SENT_AT_ONCE = 256_000
# A slow client keeps its connection to the database busy no longer than this.
LONGEST_S = 900
# One row of an Excel sheet is the header.
MOST_ROWS_OF_EXCEL = 1_048_575
SPOOLED_IN_MEMORY = 8_000_000
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

type Parts = Generator[bytes]


@dataclass(frozen=True)
class Copy:
    """A COPY to stdout with its values, and the columns that it writes."""

    statement: str
    values: Mapping[str, object]
    columns: tuple[Column, ...]


def csv_parts(settings: Settings, copy: Copy, *, for_excel: bool = False) -> Parts:
    """Yield the file as PostgreSQL writes it; for Excel with the mark by which it knows UTF-8."""
    if for_excel:
        yield BYTE_ORDER_MARK
    yield from copied(settings, copy, SENT_AT_ONCE)


def copied(settings: Settings, copy: Copy, size: int) -> Parts:
    """Yield what COPY writes in blocks of whole rows, over a connection of its own; closing the generator stops PostgreSQL."""
    with connect(settings, Role.READ, autocommit=True) as connection, connection.cursor() as cursor:
        connection.execute(f"set statement_timeout = '{LONGEST_S}s'")
        query: Query = copy.statement.encode()
        with cursor.copy(query, dict(copy.values)) as rows:
            block, length = [], 0
            for row in rows:
                block.append(row)
                length += len(row)
                if length >= size:
                    yield b"".join(block)
                    block, length = [], 0
            if block:
                yield b"".join(block)


def xlsx_parts(settings: Settings, copy: Copy, notes: Mapping[str, str]) -> Parts:
    """Yield an Excel workbook: the figures (COPY without a header) on the first sheet, notes on the second.

    Between blocks it yields nothing (b""): no part of the file yet, but a moment at which it can be stopped.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Cijfers")
    sheet.freeze_panes = "A2"
    sheet.append([bold_cell(sheet, column.name) for column in copy.columns])
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
        sheet.append([bold_cell(sheet, name), _cell(sheet, text, Kind.TEXT)])


def _cell(sheet: WriteOnlyWorksheet, text: str, kind: Kind) -> object:
    if not text:
        return None
    if kind is Kind.NUMBER:
        return float(text)
    if kind is Kind.INTEGER:
        return int(text)
    if kind is Kind.DATE:
        return dt.date.fromisoformat(text)
    return text_cell(sheet, text)


def text_cell(sheet: WriteOnlyWorksheet, text: str) -> object:
    """Return the value of a cell with text, which never becomes a formula, whatever it begins with."""
    readable = NOT_IN_XML.sub("", text)
    if not readable.startswith("="):
        return readable
    cell = WriteOnlyCell(sheet, readable)
    cell.data_type = "s"
    return cell


def bold_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """Return a heading."""
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
