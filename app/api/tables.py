"""A small table as a file: CSV for other software, CSV for Excel in Dutch, or a workbook."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from app.api.cijfers import CSV
from app.api.door import Ask
from app.beeld.exporting import BYTE_ORDER_MARK

type Cell = str | int | float | bool | None

FORMULA = ("=", "+", "-", "@")


def answer_table(ask: Ask, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer rows as a CSV file (RFC 4180), or with semicolons, decimal commas and the mark that Excel knows UTF-8 by (`csv-nl`)."""
    dutch = ask.form == "csv-nl"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if dutch else ",", lineterminator="\r\n" if dutch else "\n")
    writer.writerow(header)
    writer.writerows([_written(cell, dutch=dutch) for cell in row] for row in rows)
    body = out.getvalue().encode()
    media_type = f"{CSV}; charset=utf-8; header=present"
    return Response(BYTE_ORDER_MARK + body if dutch else body, media_type=media_type, headers=_headers(ask, name, "csv"))


def answer_workbook(ask: Ask, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer rows as an Excel workbook of one sheet."""
    # Imported when first asked: a worker that writes no workbooks need not have their library in memory.
    from app.beeld.workbooks import workbook_of  # noqa: PLC0415

    body = workbook_of(name.capitalize(), header, rows)
    return Response(body, media_type=ask.resource.offers[ask.form], headers=_headers(ask, name, "xlsx"))


def _headers(ask: Ask, name: str, kind: str) -> dict[str, str]:
    return ask.headers | {"Content-Disposition": f'attachment; filename="{name}-{ask.publication.versie}.{kind}"'}


def _written(cell: Cell, *, dutch: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return ("ja" if cell else "nee") if dutch else str(cell).lower()
    if isinstance(cell, float):
        text = repr(cell).removesuffix(".0")
        return text.replace(".", ",") if dutch else text
    text = str(cell)
    # Excel would calculate a text that begins like a formula.
    return f"'{text}" if dutch and isinstance(cell, str) and text.startswith(FORMULA) else text
