"""The energy of Doggerland: installations, solar power, wind farms at sea and the areas searched for more."""

from collections.abc import Iterator

import numpy as np
import shapely

from app.ingest.doggerland.drawing import angular, snapped
from app.ingest.doggerland.land import Land
from app.ingest.doggerland.places import rural_place
from app.ingest.doggerland.plan import Installation, Plan
from app.ingest.doggerland.sheets import Cell, Row, Sheet

INVERTER_SHARE = 0.8
HECTARE_PER_MWP = 0.95


def draw_energy(plan: Plan, land: Land, random: np.random.Generator) -> tuple[Sheet, ...]:
    """Return installations, wind farms at sea and search areas."""
    farms = tuple(_wind_farms(plan, random))
    searched = tuple(_search_areas(plan, random))
    installations = (*_planned(plan, land), *_solar_fields(plan, land, random), *_roofs(plan, land), *_foreseen(plan, land))
    numbered = tuple(Row({"id": f"DI{number:03d}", **row.cells}, row.geometry) for number, row in enumerate(installations, 1))
    return Sheet("installaties", numbered), Sheet("windparken_op_zee", farms), Sheet("zoekgebieden_wind_op_zee", searched)


def _wind_farms(plan: Plan, random: np.random.Generator) -> Iterator[Row]:
    for number, farm in enumerate(plan.wind_farms, 1):
        area = angular(tuple(plan.rd((farm.at,))[0]), (farm.radii[0] * 1000, farm.radii[1] * 1000), random)
        cells: dict[str, Cell] = {
            "id": f"WZ{number:02d}",
            "naam": farm.naam,
            "status": farm.status,
            "bouwjaar": farm.year,
            "vermogen_mw": farm.mw,
        }
        yield Row({**cells, "eigenaar": f"Windpark {farm.naam} BV", "oppervlakte_ha": round(area.area / 1e4, 1)}, area)


def _search_areas(plan: Plan, random: np.random.Generator) -> Iterator[Row]:
    for number, searched in enumerate(plan.search_areas, 1):
        area = angular(tuple(plan.rd((searched.at,))[0]), (searched.radii[0] * 1000, searched.radii[1] * 1000), random)
        cells: dict[str, Cell] = {
            "id": f"ZG{number:02d}",
            "naam": searched.naam,
            "beoordeling": searched.verdict,
            "vermogen_mw": searched.gw * 1000,
        }
        yield Row({**cells, "oppervlakte_km2": round(area.area / 1e6, 1)}, area)


def _planned(plan: Plan, land: Land) -> Iterator[Row]:
    for installation in plan.installations:
        yield _installation(plan, land, installation)


def _foreseen(plan: Plan, land: Land) -> Iterator[Row]:
    for installation in plan.foreseen:
        yield _installation(plan, land, installation)


def _solar_fields(plan: Plan, land: Land, random: np.random.Generator) -> Iterator[Row]:
    areas = np.array([land.gemeenten[gemeente.code].area for gemeente in plan.gemeenten])
    for naam in plan.solar.fields:
        gemeente = plan.gemeenten[int(random.choice(len(areas), p=areas / areas.sum()))]
        place = rural_place(plan, gemeente, land.gemeenten[gemeente.code], random)
        mwp = round(float(random.uniform(*plan.solar.mwp)), 1)
        year = int(random.integers(*plan.solar.years, endpoint=True))
        status = "BESTAAND" if year < plan.solar.years[1] else "IN_AANLEG"
        solar = {"mwp": mwp, "mw": round(mwp * INVERTER_SHARE, 1), "hectare": round(mwp * HECTARE_PER_MWP, 1)}
        field = Installation(naam=f"Zonnepark {naam}", type="ZONNEPARK_LAND", status=status, year=year, at=place, **solar)
        yield _installation(plan, land, field)


def _roofs(plan: Plan, land: Land) -> Iterator[Row]:
    for gemeente in plan.gemeenten:
        mwp = round(gemeente.inhabitants * plan.solar.roof_kwp_per_inhabitant / 1000, 1)
        solar = {"mwp": mwp, "mw": round(mwp * INVERTER_SHARE, 1)}
        roofs = Installation(naam=f"Zon op dak {gemeente.naam}", type="ZON_DAK", year=plan.solar.years[0], at=gemeente.centre, **solar)
        yield _installation(plan, land, roofs)


def _installation(plan: Plan, land: Land, installation: Installation) -> Row:
    point = snapped(shapely.Point(plan.rd((installation.at,))[0]))
    gemeente = min(plan.gemeenten, key=lambda each: land.gemeenten[each.code].distance(point))
    return Row(
        {
            "naam": installation.naam,
            "objecttype": installation.type,
            "drager": installation.drager_uit,
            "drager_in": installation.drager_in,
            "vermogen_mw": installation.mw,
            "vermogen_piek_mwp": installation.mwp,
            "opslag_mwh": installation.mwh,
            "tiphoogte_m": installation.tip_m,
            "boordiepte_m": installation.depth_m,
            "temperatuur_c": installation.celsius,
            "oppervlakte_ha": installation.hectare,
            "eigenaar": installation.owner,
            "status": installation.status,
            "bouwjaar": installation.year,
            "plaats": gemeente.naam,
            "provincie": next(each.naam for each in plan.provincies if each.code == gemeente.provincie),
        },
        point,
    )
