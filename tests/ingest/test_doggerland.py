"""Doggerland: the same on every machine, a seamless mosaic, and accepted by the ordinary import without a single remark."""

import hashlib
from pathlib import Path

import app.ingest  # noqa: F401  (restricts what GDAL may read, which has to precede geopandas)

# isort: split
import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely

from app.database import Role, connect
from app.ingest.demo import import_demo
from app.ingest.doggerland import generate
from app.ingest.report import Outcome, Report
from app.ingest.source import Source, read_sources
from app.layers import read_layers
from app.settings import Settings

NORTHERNMOST_OF_THE_NETHERLANDS_M = 620_000
FINGERPRINT = "69771adad78bd75682f780f54b99151cc46eb08b057a8b15e9329932f9df3817"
AFLOAT = {"ZONNEPARK_WATER", "WATERKRACHT"}

type Layers = dict[str, gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def laadpunten(folder: Path) -> gpd.GeoDataFrame:
    table = pd.read_csv(folder / "doggerland-laadpunten.csv")
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table.x, table.y), crs=28992)


@pytest.fixture(scope="module")
def demo_sources() -> dict[str, Source]:
    return {source.id: source for source in read_sources(Settings().seed_folders).values() if source.demo}


@pytest.fixture(scope="module")
def reports(database_settings: Settings) -> list[Report]:
    """The reports of the first import."""
    return import_demo(database_settings)


def test_a_second_drawing_has_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path)
    first, second = ({path.name: path.read_bytes() for path in sorted(each.iterdir())} for each in (folder, tmp_path))
    assert first == second


def test_every_coordinate_is_the_one_drawn_before(layers: Layers, laadpunten: gpd.GeoDataFrame) -> None:
    millimetres = [np.rint(shapely.get_coordinates(each.geometry.values) * 1000).astype("<i8") for each in [*layers.values(), laadpunten]]
    assert hashlib.sha256(b"".join(each.tobytes() for each in millimetres)).hexdigest() == FINGERPRINT


def test_coordinates_are_whole_millimetres(layers: Layers) -> None:
    for name, layer in layers.items():
        millimetres = shapely.get_coordinates(layer.geometry.values) * 1000
        assert np.abs(millimetres - np.rint(millimetres)).max() < 1e-4, name


def test_everything_lies_in_open_sea_far_from_the_coast(layers: Layers, demo_sources: dict[str, Source]) -> None:
    west, south, east, north = next(iter(demo_sources.values())).datasets[0].extent
    for name, layer in layers.items():
        low_x, low_y, high_x, high_y = layer.total_bounds
        assert low_y > NORTHERNMOST_OF_THE_NETHERLANDS_M + 80_000, name
        assert west < low_x < high_x < east, name
        assert south < low_y < high_y < north, name


@pytest.mark.parametrize(("division", "count"), [("gemeenten_2022", 24), ("gemeenten_2024", 23)])
def test_gemeenten_fill_the_land_without_gap_or_overlap(layers: Layers, division: str, count: int) -> None:
    shapes = layers[division].geometry.values
    assert len(shapes) == count
    assert shapely.coverage_is_valid(shapes)
    summed, united = shapely.area(shapes).sum(), shapely.union_all(shapes).area
    assert summed == pytest.approx(united, abs=0.01)
    assert summed == pytest.approx(layers["provincies"].area.sum(), abs=0.01)
    assert 3_300e6 < summed < 3_600e6


def test_every_geometry_is_valid(layers: Layers) -> None:
    for name, layer in layers.items():
        assert layer.is_valid.all(), name
        assert not layer.is_empty.any(), name


def test_the_merged_gemeente_is_the_sum_of_its_predecessors(layers: Layers) -> None:
    before, after = (layers[name].set_index("code").geometry for name in ("gemeenten_2022", "gemeenten_2024"))
    gone, come = sorted(set(before.index) - set(after.index)), sorted(set(after.index) - set(before.index))
    assert (gone, come) == (["GM9001", "GM9007"], ["GM9025"])
    assert after["GM9025"].area == pytest.approx(before[gone].area.sum(), abs=0.01)


def test_only_rond_het_meer_crosses_the_provincial_border(folder: Path) -> None:
    for year in (2022, 2024):
        key = pd.read_csv(folder / f"doggerland-indeling-{year}.csv")
        provincies = key.groupby("es_naam").pv_code.nunique()
        assert provincies[provincies > 1].index.tolist() == ["Rond het Meer"]
        assert len(provincies) == 5


def test_rivers_and_lakes_do_not_cover_each_other(layers: Layers) -> None:
    lakes = layers["grote_wateren"].query("categorie in ['meer', 'kustwater', 'overgangswater']").geometry.values
    assert len(lakes) == 6
    assert shapely.area(lakes).sum() == pytest.approx(shapely.union_all(lakes).area, abs=1)


def test_zones_of_a_dyke_do_not_overlap(layers: Layers) -> None:
    for naam, zones in layers["waterkeringszones"].groupby("naam"):
        assert zones.area.sum() == pytest.approx(zones.geometry.union_all().area, rel=1e-6), naam
        assert zones.zone.tolist() == ["kernzone", "beschermingszone", "buitenbeschermingszone"]


def test_a_charging_location_lies_in_its_gemeente(layers: Layers, laadpunten: gpd.GeoDataFrame) -> None:
    gemeenten = layers["gemeenten_2024"].set_index("code").geometry
    assert laadpunten.within(gpd.GeoSeries(gemeenten[laadpunten.gemeente_code].values, laadpunten.index, crs=28992)).all()
    assert len(laadpunten) == 558
    assert laadpunten.gemeente_code.nunique() == 23


def test_installations_stand_on_land_unless_they_float(layers: Layers) -> None:
    installaties = layers["installaties"]
    on_land = installaties.within(layers["provincies"].geometry.union_all())
    assert set(installaties[~on_land].objecttype) == AFLOAT
    assert installaties.objecttype.nunique() >= 18


def test_connections_end_in_stations(layers: Layers) -> None:
    stations = layers["stations"].set_index("code").geometry
    for connection in layers["hoogspanningsverbindingen"].itertuples():
        ends = connection.geometry.coords[0], connection.geometry.coords[-1]
        assert ends == (stations[connection.van_station].coords[0], stations[connection.naar_station].coords[0])


def test_sources_fill_only_properties_that_layers_publish(demo_sources: dict[str, Source]) -> None:
    published = read_layers(Settings().layer_folders)
    for dataset in (dataset for source in demo_sources.values() for dataset in source.datasets if dataset.columns and dataset.collection):
        assert set(dataset.columns) <= set(published[dataset.collection].properties), dataset.collection


def test_the_import_has_nothing_to_remark(reports: list[Report]) -> None:
    assert [report.outcome for report in reports] == [Outcome.OPGESLAGEN] * 9
    assert [str(finding) for report in reports for finding in report.findings] == []


def test_the_register_holds_both_divisions(reports: list[Report], database_settings: Settings) -> None:
    assert reports
    with connect(database_settings, Role.IMPORT) as connection:
        assert _rows(connection, "select soort, geldig_vanaf::text, count(*) from facts.current_gebied group by 1, 2 order by 1, 2") == [
            ("GEMEENTE", "2022-01-01", 24),
            ("GEMEENTE", "2024-01-01", 23),
            ("PROVINCIE", "2022-01-01", 2),
        ]
        members = (
            "select count(*) from facts.current_gebied_relatie where ouder_soort = 'REGIO' group by geldig_vanaf order by geldig_vanaf"
        )
        assert _rows(connection, members) == [(24,), (23,)]


def test_what_parties_stand_behind_lies_over_the_concept(reports: list[Report], database_settings: Settings) -> None:
    assert reports
    with connect(database_settings, Role.IMPORT) as connection:
        columns = "status, cardinality(gedragen_door), gebaseerd_op, grondslag"
        (described,) = _rows(connection, f"select {columns} from facts.current_energiebeeld where gebied = 'ES96'")
        concept = _rows(connection, "select id from facts.levering where bron = 'doggerland-cijfers'")
        assert described == ("GEDRAGEN", 3, "DL01-2026-0.1", [concept[0][0]])
        own = "from facts.current_cijfer where energiebeeld = 'ES96-2026-1.0' group by 1, 2 order by 1, 2"
        assert _rows(connection, f"select herkomst, reden_leeg, count(*) {own}") == [
            ("AANVULLING_GEBIED", None, 24),
            ("CORRECTIE_GEBIED", "NVT", 1),
            ("CORRECTIE_GEBIED", None, 2),
        ]
        plans = "from facts.current_beeld where energiebeeld = 'ES96-2026-1.0' and code = 'PLAN'"
        assert _rows(connection, f"select soort, cardinality(rekening_gehouden_met) {plans}") == [("PLAN", 4)]
        planned = "select distinct soort, beeld, jaar::int from facts.current_cijfer where soort = 'PLAN_VASTGESTELD'"
        assert _rows(connection, planned) == [("PLAN_VASTGESTELD", "PLAN", 2030)]


def test_an_unchanged_demo_is_not_stored_again(reports: list[Report], database_settings: Settings) -> None:
    assert reports
    assert {report.outcome for report in import_demo(database_settings)} == {Outcome.ONGEWIJZIGD}


def _rows(connection: psycopg.Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query.encode()).fetchall()
