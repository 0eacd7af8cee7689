"""Read the rows of a CSV that this deployment is configured with; what cannot be read is a fault with its file and line."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

type Cells = dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where a row stands."""

    path: Path
    line: int

    def __str__(self) -> str:
        """The place as a fault names it."""
        return f"{self.path}:{self.line}"


def read_rows(path: Path, columns: tuple[str, ...], faults: list[str]) -> Iterator[tuple[Place, Cells]]:
    """Yield every row with its place; the header has exactly these columns, in any order. What is wrong is added to `faults`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            wrong = list(_faults_of_header(header, columns))
            faults += [f"{path}: {fault}" for fault in wrong]
            for cells in () if wrong else filter(None, rows):
                place = Place(path, rows.line_num)
                if len(cells) == len(header):
                    yield place, dict(zip(header, (cell.strip() for cell in cells), strict=True))
                else:
                    faults.append(
                        f"{place}: {len(cells)} waarden bij {len(header)} kolommen; zet tekst met een komma tussen aanhalingstekens"
                    )
    except (UnicodeDecodeError, csv.Error) as fault:
        faults.append(f"{path}: geen leesbare CSV in UTF-8 ({fault})")


def _faults_of_header(header: list[str], columns: tuple[str, ...]) -> Iterator[str]:
    yield from (f"de kolom {name!r} ontbreekt" for name in columns if name not in header)
    yield from (f"de kolom {name!r} is onbekend; haal haar weg" for name in header if name not in columns)
    yield from (f"de kolom {name!r} staat er meer dan eens" for name in sorted(set(header)) if header.count(name) > 1)
