"""The real deliveries in the shared folder beside the repository, where it is there, with the numbers that its README names."""

from pathlib import Path

import psycopg
import pytest

from app.database.connections import Role, conninfo
from app.ingest.importing import Options, import_source
from app.ingest.report import Ernst, RefusedImport
from app.ingest.source import Source, read_sources
from app.settings import ROOT

DATA = ROOT.parent / "shared" / "data"
STARRED = {
    "grondwaterbeschermingszone": 8,
    "stiltegebied_a": 30,
    "stiltegebied_b": 170,
    "ganzenrustgebied": 36,
    "invloedsgebied": 70,
    "beheergebied_brandganzen": 2,
    "buiten_bebouwde_kom": 176,
    "norm_wateroverlast": 160,
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.is_dir(), reason="de echte gegevens (../shared/data) staan niet op deze machine"),
]


@pytest.fixture(scope="module")
def reports(netherlands):
    real = {key for key, each in read_sources((ROOT / "seed",)).items() if not each.demo}
    return {bron: report for bron, report in netherlands.reports.items() if bron in real}


@pytest.fixture(scope="module")
def counted(netherlands):
    with psycopg.connect(conninfo(netherlands.service.settings, Role.IMPORT)) as connection:
        return dict(connection.execute("select collection, count(*) from facts.current_object group by 1").fetchall())


def found(report, code, ernst=None):
    return [each for each in report.findings if each.code == code and ernst in (None, each.ernst)]


def test_everything_is_taken_and_nothing_refused(reports):
    assert {bron for bron, report in reports.items() if report.outcome != "opgeslagen"} == set()


def test_gebieden(reports):
    counts = {(each.facts, each.file): each.stored for report in reports.values() for each in report.datasets}
    assert counts["gebied", "gemeenten_2025.geojson"] == 342
    assert counts["gebied", "gemeenten_2022.geojson"] == 345
    assert counts["gebied", "provincies_2025.geojson"] == 12
    holes = found(reports["cbs-gemeenten-2025"], "gaten")
    assert "34 stukken" in holes[0].reason
    assert "2688.0 km²" in holes[0].reason


def test_codes_of_charging_points_and_key_files_are_checked(reports):
    for bron in ("ndw-laadpunten-2026", "gebiedssleutel-2022", "gebiedssleutel-2025"):
        assert not found(reports[bron], "codes-niet-gecontroleerd")


def test_charging_points(reports, counted):
    report = reports["ndw-laadpunten-2026"]
    assert report.datasets[0].read == 86_319
    assert len(found(report, "dubbele-rij", Ernst.MELDING)) == 147
    assert len(found(report, "dubbele-sleutel", Ernst.MELDING)) == 411 - 147
    assert "7590" in {each.value for each in found(report, "waarde-onjuist")}
    assert counted["laadpunten"] == 86_319 - 147


def test_zeeland_holds_every_polygon_of_eight_layers_twice(reports):
    twice = found(reports["zeeland-omgevingsverordening-2023"], "dubbele-geometrie")
    per_layer = {layer: sum(each.layer == layer for each in twice) for layer in {each.layer for each in twice}}
    assert per_layer == {layer: count // 2 for layer, count in STARRED.items()}


def test_natura_2000(reports, counted):
    report = reports["natura-2000-2026"]
    assert len(found(report, "geometrie-ongeldig", Ernst.MELDING)) == 36
    assert found(report, "aantal")[0].reason == "er zijn 160 rijen; er horen er 162 te zijn"
    assert counted["natura-2000"] == 160


def test_grid_plants_and_stations(reports, counted):
    assert (counted["hoogspanningsverbindingen"], counted["hoogspanningsknopen"]) == (1163, 1030)
    assert counted["stations"] == 36
    assert "RLL380" in {each.value for each in found(reports["tennet-stations-2020"], "zonder-partner")}
    spots = found(reports["wri-centrales-en-windparken-2017"], "zelfde-punt")
    assert any(each.file == "gascentrales_2017.csv" for each in spots)
    assert len(found(reports["zenmo-zonneparken-2018"], "uitgesloten")) == 24


def test_large_waters_lose_their_slivers(reports, counted):
    assert {each.value for each in found(reports["krw-rijkswateren-2018"], "uitgesloten")} == {"IJssel", "Twenthekanalen"}
    assert counted["grote-wateren"] == 12


def source(dataset, file, kind):
    return Source(
        id="proef",
        title="Proef",
        description="Proef",
        publisher="Niemand",
        license="https://example.org/",
        homepage="https://example.org/",
        peildatum="2025-01-01",
        files={"bestand": {"pattern": file, "format": kind}},
        datasets=[{"file": "bestand", "collection": "proef", "geometry": "polygon", **dataset}],
    )


def refusal(settings, declared, path):
    with pytest.raises(RefusedImport) as refused:
        import_source(settings, declared, {"bestand": path}, Options())
    return refused.value.report


class TestDefectsThatNoSourceImports:
    """Files of the folder that only serve to be refused, or mended."""

    def test_coarse_gemeenten_have_five_invalid_geometries(self, database_settings):
        dataset = {"facts": "gebied", "collection": None, "soort": "GEMEENTE", "valid_from": "2023-01-01", "key": ["statcode"]}
        dataset |= {"columns": {"naam": {"source": "statnaam"}}}
        path = DATA / "grenzen" / "gemeenten_2023_grof.geojson"
        report = refusal(database_settings, source(dataset, path.name, "geojson"), path)
        assert len(found(report, "geometrie-ongeldig", Ernst.FOUT)) == 5

    def test_res_regios_without_prj(self, database_settings):
        path = DATA / "grenzen" / "res_regios_2019_zonder_prj.zip"
        report = refusal(database_settings, source({"key": ["OBJECTID"]}, path.name, "shapefile"), path)
        assert {each.code for each in report.findings if each.ernst is Ernst.FOUT} == {"crs-ontbreekt", "geometrie-ongeldig"}

    def test_res_regios_with_crs_assigned_repaired_and_their_area_distrusted(self, database_settings):
        path = DATA / "grenzen" / "res_regios_2019_zonder_prj.zip"
        dataset = {"key": ["OBJECTID"], "assign_crs": "EPSG:4326", "repairs": ["make-valid"]}
        dataset |= {"stated_area": {"column": "Shape__Are", "unit": "m2"}, "expected_rows": 30}
        report = import_source(database_settings, source(dataset, path.name, "shapefile"), {"bestand": path}, Options(dry_run=True))
        assert (report.datasets[0].read, report.datasets[0].repaired) == (30, 1)
        assert len(found(report, "oppervlakte-wijkt-af")) == 30

    def test_null_and_empty_geometry(self, database_settings):
        path = DATA / "testgeometrie" / "null-empty-geoms.gpkg"
        report = refusal(
            database_settings, source({"layer": "ligplaatsen", "geometry": "point", "key": ["nummer_id"]}, path.name, "gpkg"), path
        )
        assert {each.code for each in report.findings} >= {"geometrie-ontbreekt", "geometrie-leeg"}

    def test_heights_measures_and_an_undefined_crs(self, database_settings):
        path = DATA / "testgeometrie" / "3d-geoms.gpkg"
        for layer, geometry in (("foo", "line"), ("bar", "point")):
            report = refusal(database_settings, source({"layer": layer, "geometry": geometry, "key": ["minx"]}, path.name, "gpkg"), path)
            assert found(report, "hoogte-of-maat", Ernst.FOUT)
            assert bool(found(report, "crs-ontbreekt")) is (layer == "foo")

    @pytest.mark.parametrize(
        ("name", "layer"),
        [
            ("zeeland_waterwingebied", "waterwingebied"),
            ("zeeland_stiltegebied_overig", "stiltegebied_overig"),
            ("zeeland_grondwaterbeschermingszone", "grondwaterbeschermingszone"),
            ("zeeland_gesloten_stortplaatsen", "gesloten_stortplaats"),
        ],
    )
    def test_gml_gives_what_the_geopackage_gives(self, database_settings, name, layer):
        gml, gpkg = (
            DATA / "beperkingen" / "gml_zoals_gevonden" / f"{name}.gml",
            DATA / "beperkingen" / "zeeland_omgevingsverordening_2023.gpkg",
        )
        by_gml = _delivered(database_settings, {"layer": "Locatie", "key": ["id"]}, gml, "gml")
        by_gpkg = _delivered(database_settings, {"layer": layer, "key": ["basisgeo_id"]}, gpkg, "gpkg")
        assert len(by_gml) > 0
        assert by_gml == by_gpkg


def _delivered(settings, dataset, path: Path, kind):
    dataset = dataset | {"columns": {"naam": {"source": "naam"}}, "collection": "vergelijking"}
    import_source(settings, source(dataset, path.name, kind), {"bestand": path}, Options(confirm=True))
    with psycopg.connect(conninfo(settings, Role.IMPORT)) as connection:
        rows = connection.execute(
            "select object_id, eigenschappen->>'naam', round(st_area(geometrie)::numeric, 2) from facts.current_object"
            " where collection = 'vergelijking' order by 1"
        )
        return rows.fetchall()
