"""Draw the whole of Doggerland from the plan and write it as the GeoPackages and CSVs that the sources `doggerland-*` read."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import shapely

from app.ingest.doggerland.areas import Scenery, draw_areas
from app.ingest.doggerland.charging import draw_charging
from app.ingest.doggerland.energy import draw_energy
from app.ingest.doggerland.figures import draw_figures
from app.ingest.doggerland.files import write_csv, write_geopackage
from app.ingest.doggerland.flood import draw_flood, write_raster
from app.ingest.doggerland.gedragen import draw_gedragen
from app.ingest.doggerland.land import Land, draw_land
from app.ingest.doggerland.network import draw_network
from app.ingest.doggerland.parcels import draw_farmland
from app.ingest.doggerland.plan import Gemeente, Merger, Named, Plan, read_plan
from app.ingest.doggerland.sheets import Cell, Row, Sheet
from app.ingest.doggerland.stroken import draw_stroken
from app.ingest.doggerland.terreinen import draw_terreinen
from app.ingest.doggerland.water import draw_waters
from app.settings import ROOT

PLAN = ROOT / "seed" / "doggerland.yaml"


def generate(folder: Path) -> None:
    """Write the demo area into a folder: the same coordinates on every machine, to the millimetre."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = read_plan(PLAN)
    land = draw_land(plan, _random(plan, "land"))
    waters = draw_waters(plan, land, _random(plan, "water"))
    scenery = Scenery.of(plan, land, waters, _random(plan, "gebiedsopgaven"))
    write_geopackage(folder / "doggerland-gebieden.gpkg", _gebieden(plan, land))
    for sheet in _keys(plan):
        write_csv(folder / f"doggerland-{sheet.name}.csv", sheet)
    write_csv(folder / "doggerland-opvolging.csv", _succession(plan))
    network, energy = draw_network(plan, _random(plan, "net")), draw_energy(plan, land, _random(plan, "energie"))
    write_geopackage(folder / "doggerland-energie.gpkg", (*network, *energy, draw_terreinen(network[0], energy[0])))
    write_csv(folder / "doggerland-laadpunten.csv", draw_charging(plan, land, _random(plan, "laden")))
    drawn = (*draw_areas(scenery), *draw_farmland(scenery, _random(plan, "landbouw")), draw_stroken(network[1]))
    write_geopackage(folder / "doggerland-gebiedsopgaven.gpkg", drawn)
    write_raster(folder / "doggerland-overstroming.tif", draw_flood(scenery, _random(plan, "overstroming")))
    write_csv(folder / "doggerland-cijfers.csv", draw_figures(plan, _random(plan, "cijfers")))
    write_csv(folder / "doggerland-gedragen.csv", draw_gedragen(plan.gedragen))


def _random(plan: Plan, subject: str) -> np.random.Generator:
    """Return a stream of its own for each subject, so that more of the one leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([plan.random_seed, *subject.encode("ascii")]))


def _gebieden(plan: Plan, land: Land) -> tuple[Sheet, ...]:
    named: tuple[Named | Gemeente | Merger, ...] = (*plan.gemeenten, plan.merger, *plan.provincies)
    names = {each.code: each.naam for each in named}
    layers = {
        f"gemeenten_{plan.divisions.first.year}": land.gemeenten,
        f"gemeenten_{plan.divisions.second.year}": land.second_division(),
        "provincies": land.provincies(),
    }
    return tuple(
        Sheet(layer, tuple(_gebied(code, names, geometries) for code in sorted(geometries))) for layer, geometries in layers.items()
    )


def _gebied(code: str, names: Mapping[str, str], geometries: Mapping[str, shapely.MultiPolygon]) -> Row:
    return Row({"code": code, "naam": names[code]}, geometries[code])


def _keys(plan: Plan) -> Iterator[Sheet]:
    """Yield the key gemeente, provincie, regio of each division."""
    names = {each.code: each.naam for each in (*plan.provincies, *plan.regios)}
    first = [(each.code, each.naam, each.provincie, each.regio) for each in plan.gemeenten]
    kept = [each for each in first if each[0] not in plan.merger.predecessors]
    member = next(each for each in plan.gemeenten if each.code == plan.merger.predecessors[0])
    second = [*kept, (plan.merger.code, plan.merger.naam, member.provincie, member.regio)]
    for division, members in ((plan.divisions.first, first), (plan.divisions.second, second)):
        yield Sheet(f"indeling-{division.year}", tuple(_key(each, names) for each in members))


def _succession(plan: Plan) -> Sheet:
    """Return what became of the gemeenten that merged: each went over as a whole."""
    merger = plan.merger
    told: dict[str, Cell] = {"nieuw": merger.code, "datum": plan.divisions.second.isoformat()}
    passed: dict[str, Cell] = {"soort": "FUSIE", "aandeel": 1, "grondslag": "GEHEEL"}
    return Sheet("opvolging", tuple(Row({"oud": code, **told, **passed}) for code in sorted(merger.predecessors)))


def _key(member: tuple[str, str, str, str], names: Mapping[str, str]) -> Row:
    code, naam, provincie, regio = member
    cells = {"gm_code": code, "gm_naam": naam, "pv_code": provincie, "pv_naam": names[provincie]}
    return Row({**cells, "es_code": regio, "es_naam": names[regio]})
