"""The strips along the overhead lines of Doggerland in which the grid operator has a say."""

import shapely

from app.ingest.doggerland.drawing import snapped
from app.ingest.doggerland.sheets import Row, Sheet

# To either side, in metres: what `seed/kengetallen.csv` takes in hectares per kilometre.
WIDE_M, NARROW_M = 36.0, 28.5
WIDE_FROM_V = 220_000


def draw_stroken(connections: Sheet) -> Sheet:
    """Return the strip of each overhead connection."""
    lines = (row for row in connections.rows if row.cells["objecttype"] == "VERBINDING_BOVENGRONDS")
    return Sheet("hoogspanningsstroken", tuple(_strook(row) for row in lines))


def _strook(row: Row) -> Row:
    volt = int(str(row.cells["spanning"]).split(";")[0])
    reach = WIDE_M if volt >= WIDE_FROM_V else NARROW_M
    strip = shapely.normalize(snapped(shapely.buffer(row.geometry, reach, cap_style="flat")))
    cells = {"id": row.cells["id"], "naam": row.cells["naam"], "spanning_kv": volt / 1000, "breedte_m": 2 * reach}
    return Row({**cells, "oppervlakte_ha": round(strip.area / 1e4, 2)}, strip)
