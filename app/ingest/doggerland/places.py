"""Places within a gemeente, drawn by lot: in the country, or where people live."""

import numpy as np
import shapely

from app.ingest.doggerland.drawing import Points
from app.ingest.doggerland.plan import Gemeente, Place, Plan

TOWN_RADIUS_M = 1_500.0
TOWN_OF = 50_000
VILLAGES = 4
VILLAGE_SHARE = 0.45
VILLAGE_SIZE = 0.35
ATTEMPTS = 1_000


def rural_place(plan: Plan, gemeente: Gemeente, area: shapely.MultiPolygon, random: np.random.Generator) -> Place:
    """Return a place (in kilometres of the plan) away from town and border; where there is none, one near the middle."""
    low, high = np.array(area.bounds[:2]), np.array(area.bounds[2:])
    candidates = low + (high - low) * random.uniform(size=(ATTEMPTS, 2))
    town = plan.rd((gemeente.centre,))[0]
    rural = shapely.contains_xy(shapely.buffer(area, -600), candidates) & (np.hypot(*(candidates - town).T) > 1.5 * TOWN_RADIUS_M)
    east, north = candidates[np.argmax(rural)] if rural.any() else area.representative_point().coords[0]
    return round(float(east - plan.origin[0]) / 1000, 6), round(float(north - plan.origin[1]) / 1000, 6)


def inhabited_places(plan: Plan, gemeente: Gemeente, area: shapely.MultiPolygon, random: np.random.Generator) -> Points:
    """Return many points (RD) on the land of a gemeente, normally spread around its town and a few villages."""
    villages = [rural_place(plan, gemeente, area, random) for _ in range(VILLAGES)]
    centres = plan.rd((gemeente.centre, *villages))
    chosen = random.choice(len(centres), size=ATTEMPTS, p=[1 - VILLAGE_SHARE, *([VILLAGE_SHARE / VILLAGES] * VILLAGES)])
    reach = TOWN_RADIUS_M * np.sqrt(gemeente.inhabitants / TOWN_OF) * np.where(chosen == 0, 1.0, VILLAGE_SIZE)
    places: Points = centres[chosen] + random.normal(size=(ATTEMPTS, 2)) * reach[:, None]
    on_land: Points = places[shapely.contains_xy(area, places)]
    return on_land
