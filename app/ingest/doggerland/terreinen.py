"""The terreinen of Doggerland that someone has drawn: its largest stations on land and its older solar fields, each a square."""

import math
from collections.abc import Iterator

import shapely

from app.ingest.doggerland.drawing import snapped
from app.ingest.doggerland.sheets import Cell, Row, Sheet

LARGEST_KV = 380
DRAWN_UNTIL = 2021


def draw_terreinen(stations: Sheet, installations: Sheet) -> Sheet:
    """Return a square as large as is stated around the point of each."""
    return Sheet("energieterreinen", tuple(_terreinen(stations, installations)))


def _terreinen(stations: Sheet, installations: Sheet) -> Iterator[Row]:
    for row in stations.rows:
        if row.cells["spanning_kv"] == LARGEST_KV:
            yield _terrein(row, {"id": row.cells["code"], "objecttype": "STATION"})
    for row in installations.rows:
        year = row.cells["bouwjaar"]
        if row.cells["objecttype"] == "ZONNEPARK_LAND" and isinstance(year, int) and year <= DRAWN_UNTIL:
            yield _terrein(row, {"id": row.cells["id"], "objecttype": "ZONNEPARK_LAND"})


def _terrein(row: Row, told: dict[str, Cell]) -> Row:
    if row.geometry is None:
        raise AssertionError(row.cells)
    hectare = float(row.cells["oppervlakte_ha"] or 0)
    x, y = row.geometry.coords[0]
    half = math.sqrt(hectare * 10_000) / 2
    cells: dict[str, Cell] = {
        **told,
        **{name: row.cells.get(name) for name in ("naam", "spanning_kv", "bouwjaar")},
        "oppervlakte_ha": hectare,
    }
    return Row(cells, shapely.normalize(snapped(shapely.box(x - half, y - half, x + half, y + half))))
