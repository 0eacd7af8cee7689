"""Read a CSV by the line, so that every finding can name it; every cell stays text."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from app.ingest.mapping import as_text
from app.ingest.quarantine import Delivered
from app.ingest.report import Account, Row, fault
from app.ingest.source import CsvGeometry
from app.ingest.table import Geometry, Mask, Table, geometry_of_wkt, plain_geometry

if TYPE_CHECKING:
    import _csv

LONGEST_CELL = 16 * 1024**2
CURVED = re.compile(r"CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE", re.IGNORECASE)
MEASURED = re.compile(r"^\s*[A-Z]+\s+Z?M\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Lines:
    header: list[str]
    cells: list[list[str]]
    numbers: list[int]


def read_csv(delivered: Delivered, places: CsvGeometry | None, crs: str | None, account: Account) -> Table | None:
    """Read all rows; None when the file cannot be read or lacks a column that `places` names."""
    lines = _read_lines(delivered, account)
    if lines is None:
        return None
    attributes = pd.DataFrame(lines.cells, columns=lines.header, dtype=object)
    rows = np.array(lines.numbers, dtype=np.int64)
    if places is None:
        return Table(attributes, rows)
    missing = [name for name in (places.x, places.y, places.wkt) if name is not None and name not in attributes.columns]
    for name in missing:
        account.add(fault("kolom-ontbreekt", f"de kolom met coördinaten ontbreekt; wel: {', '.join(lines.header)}"), Row(1, name))
    return None if missing else Table(attributes, rows, _geometry(Table(attributes, rows), places, crs, account))


def _read_lines(delivered: Delivered, account: Account) -> _Lines | None:
    declared = delivered.declared
    csv.field_size_limit(LONGEST_CELL)
    try:
        with delivered.path.open(encoding="utf-8-sig" if declared.encoding == "utf-8" else declared.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=declared.delimiter, strict=True)
            header = [name.strip() for name in next(reader, [])]
            lines = _Lines(header, *_rows(reader, len(header), account))
    except UnicodeDecodeError as broken:
        reason = f"het bestand is geen {declared.encoding}: {broken.reason} bij byte {broken.start}"
        account.add(fault("tekencodering", reason, "Lever het als UTF-8, of pas `encoding` in de bron aan."))
        return None
    except csv.Error as broken:
        account.add(fault("bestand-afgebroken", f"het CSV is niet te lezen na regel {reader.line_num}: {broken}"), Row(reader.line_num))
        return None
    return lines if _header_is_sound(header, account) else None


def _rows(reader: "_csv.Reader", width: int, account: Account) -> tuple[list[list[str]], list[int]]:
    cells: list[list[str]] = []
    numbers: list[int] = []
    for line in _records(reader):
        if len(line) != width:
            reason = f"de regel heeft {len(line)} velden in plaats van {width}"
            remedy = "Controleer scheidingstekens en aanhalingstekens, en of het bestand heel is."
            account.add(fault("regel-onvolledig", reason, remedy), Row(reader.line_num))
            continue
        cells.append(line)
        numbers.append(reader.line_num)
    return cells, numbers


def _records(reader: "_csv.Reader") -> Iterator[list[str]]:
    return (line for line in reader if line)


def _header_is_sound(header: list[str], account: Account) -> bool:
    if len(header) == len(set(header)) and header:
        return True
    twice = sorted({name for name in header if header.count(name) > 1})
    reason = f"kolomnamen ontbreken of komen dubbel voor: {', '.join(twice)}"
    account.add(fault("kop-onjuist", reason, "Geef elke kolom een eigen naam."), Row(1))
    return False


def _geometry(table: Table, places: CsvGeometry, crs: str | None, account: Account) -> Geometry:
    if places.wkt is not None:
        return _from_wkt(table.attributes[places.wkt], crs)
    x, y = (_coordinates(table, name, account) for name in (places.x, places.y) if name is not None)
    shapes = np.full(len(table), None, dtype=object)
    known = np.isfinite(x) & np.isfinite(y)
    shapes[known] = shapely.points(x[known], y[known])
    return plain_geometry(shapes, crs)


def _from_wkt(texts: "pd.Series[str]", crs: str | None) -> Geometry:
    values = as_text(texts)
    given = values.copy()
    given[values == ""] = None
    geometry = geometry_of_wkt(given, crs)
    curved, measured = (np.array([bool(pattern.search(text)) for text in values], dtype=bool) for pattern in (CURVED, MEASURED))
    return Geometry(geometry.shapes, crs, curved, measured, geometry.unclosed, geometry.unreadable & ~curved)


def _coordinates(table: Table, name: str, account: Account) -> NDArray[np.float64]:
    """Read a coordinate column; an empty cell is NaN, anything else that is no finite number a fault."""
    texts = as_text(table.attributes[name])
    numbers: NDArray[np.float64] = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    wrong: Mask = (texts != "") & ~np.isfinite(numbers)
    remark = fault("coordinaat-geen-getal", "de coördinaat is geen eindig getal", "Schrijf een getal met een punt, of laat de cel leeg.")
    account.add_rows(remark, (Row(int(table.rows[at]), name, texts[at]) for at in np.flatnonzero(wrong)))
    return numbers
