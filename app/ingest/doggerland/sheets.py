"""Sheets: the rows of one delivered layer, as the generator hands them to the files it writes."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely

type Cell = str | int | float | None


@dataclass(frozen=True)
class Row:
    """One feature: its attributes and, unless it is a row of a key file, its geometry in RD on whole millimetres."""

    cells: Mapping[str, Cell]
    geometry: shapely.Geometry | None = None


@dataclass(frozen=True)
class Sheet:
    """One layer: a name in snake_case and its rows, which all have the same attributes."""

    name: str
    rows: tuple[Row, ...]
