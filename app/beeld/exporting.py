"""A whole selection as a file, in constant memory: PostgreSQL writes CSV, and what else is asked is made from that a block at a time.

Everything here blocks; who calls it does so from a thread.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from psycopg.abc import Query

from app.beeld.columns import Column
from app.database import Role, connect
from app.settings import Settings

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SENT_AT_ONCE = 256_000
# A slow client keeps its connection to the database busy no longer than this.
LONGEST_S = 900
# One row of an Excel sheet is the header.
MOST_ROWS_OF_EXCEL = 1_048_575

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
