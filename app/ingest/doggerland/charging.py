"""Public charging locations in Doggerland: dense in towns, sparse around villages."""

from collections.abc import Iterator

import numpy as np
import shapely

from app.ingest.doggerland.drawing import snapped
from app.ingest.doggerland.land import Land
from app.ingest.doggerland.places import inhabited_places
from app.ingest.doggerland.plan import Gemeente, Plan
from app.ingest.doggerland.sheets import Cell, Row, Sheet

FEWEST = 3
UNKNOWN_KW = 0.0
TRUCK_KW = 300.0
FAST_KW = 50.0
POWERS_KW = (UNKNOWN_KW, 11.0, 22.0, FAST_KW, 150.0, TRUCK_KW)
POWER_ODDS = (0.12, 0.52, 0.2, 0.06, 0.06, 0.04)
PRICES_EUR_PER_KWH = (0.29, 0.49)
FAST_EUR_PER_KWH = 0.22
PRICE_KNOWN = 0.7


def draw_charging(plan: Plan, land: Land, random: np.random.Generator) -> Sheet:
    """Return the charging locations with the gemeente of the newest division that each lies in."""
    rows = [row for gemeente in plan.gemeenten for row in _locations(plan, gemeente, land.gemeenten[gemeente.code], random)]
    return Sheet("laadpunten", tuple(Row({"id": f"DL{number:04d}", **row.cells}, row.geometry) for number, row in enumerate(rows, 1)))


def _locations(plan: Plan, gemeente: Gemeente, area: shapely.MultiPolygon, random: np.random.Generator) -> Iterator[Row]:
    count = max(FEWEST, round(gemeente.inhabitants / plan.charging.inhabitants_per_location))
    code = plan.merger.code if gemeente.code in plan.merger.predecessors else gemeente.code
    for number, place in enumerate(inhabited_places(plan, gemeente, area, random)[:count], 1):
        cells: dict[str, Cell] = {"naam": f"Laadlocatie {gemeente.naam} {number}", "plaats": gemeente.naam, "gemeente_code": code}
        yield Row({**cells, **_offer(plan, random)}, snapped(shapely.Point(place)))


def _offer(plan: Plan, random: np.random.Generator) -> dict[str, Cell]:
    power = float(random.choice(POWERS_KW, p=POWER_ODDS))
    price = random.uniform(*PRICES_EUR_PER_KWH) + (FAST_EUR_PER_KWH if power >= FAST_KW else 0)
    return {
        "doelgroep": "vrachtwagen" if power >= TRUCK_KW else "personenauto",
        "exploitant": str(random.choice(plan.charging.operators)),
        "vermogen_kw": power,
        "prijs_eur_per_kwh": round(float(price), 2) if random.uniform() < PRICE_KNOWN else None,
    }
