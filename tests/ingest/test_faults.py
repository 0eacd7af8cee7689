"""Every fault of issue "Bad input": named with file, layer, row, column, value, reason and remedy, and nothing in the database changes."""

import gzip
import json
import sqlite3
import struct
import zipfile
from contextlib import closing

import pytest
import shapely

from app.ingest.importing import Options, import_source
from app.ingest.report import Ernst, RefusedImport
from app.problems import ImportFault

BOX = shapely.box(155000, 463000, 155100, 463100)
FAR = shapely.box(156000, 463000, 156100, 463100)


@pytest.fixture(autouse=True)
def levering_that_stays(steward, polygon):
    """A current levering that each refused one must leave alone."""
    steward.deliver(steward.source("geojson"), steward.geojson(polygon))


def test_all_faults_of_a_levering_are_reported_at_once(steward, polygon, square):
    open_ring = {"type": "Polygon", "coordinates": [square[:-1]]}
    path = steward.geojson(polygon, open_ring, None, {"type": "Point", "coordinates": square[0]}, ids=[1, 2, 3, 1])
    report = steward.refused(steward.source("geojson"), path)
    faults = {(each.code, each.row) for each in report.findings if each.ernst is Ernst.FOUT}
    assert faults == {("ring-open", 2), ("geometrie-ontbreekt", 3), ("geometrietype", 4), ("dubbele-sleutel", 4)}
    assert report.faults == 4
    assert {each.file for each in report.findings} == {"levering.geojson"}


def test_a_thousand_faults_are_counted_and_the_printed_list_is_short(steward):
    path = steward.csv(*((number, "punt", 0, number) for number in range(1500)))
    report = steward.refused(steward.points(), path)
    assert report.faults == 1500
    assert len([each for each in report.findings if each.code == "buiten-gebied"]) == 1000
    assert report.findings[0].row == 2
    assert [row[7] for row in report.as_rows(per_code=10)][10] == "… en nog 1490 keer"


class TestCrs:
    def test_missing(self, steward, findings_of):
        path = steward.vector("levering.shp", BOX, crs=None)
        report = steward.refused(steward.source("shapefile", {"crs": None}), path)
        assert "noemt geen coördinatenstelsel" in findings_of(report, "crs-ontbreekt")[0].reason

    def test_assigned_to_a_shapefile_without_prj(self, steward):
        path = steward.vector("levering.shp", BOX, crs=None)
        report = steward.deliver(steward.source("shapefile", {"crs": None, "assign_crs": "EPSG:28992"}), path)
        assert report.datasets[0].stored == 1

    def test_other_than_declared(self, steward, polygon, findings_of):
        report = steward.refused(steward.source("geojson"), steward.geojson(polygon, crs=4326))
        assert findings_of(report, "crs-onjuist")[0].reason == "het bestand staat in EPSG:4326, verwacht werd EPSG:28992"

    def test_undefined_in_a_geopackage(self, steward, findings_of):
        path = steward.vector("levering.gpkg", BOX, crs=None)
        report = steward.refused(steward.source("gpkg", {"crs": None}), path)
        assert findings_of(report, "crs-ontbreekt")

    @pytest.mark.parametrize(
        ("position", "crs", "cause"),
        [
            ((463000, 155000), "EPSG:28992", "de assen (x en y) zijn verwisseld"),
            ((5.387, 52.155), "EPSG:28992", "het zijn graden (lengte, breedte), geen meters"),
            ((52.155, 5.387), "EPSG:28992", "het zijn graden met breedte vóór lengte"),
            ((52.155, 5.387), "EPSG:4326", "de assen (x en y) zijn verwisseld"),
            ((155000, 463000), "EPSG:4326", "het zijn RD-coördinaten (EPSG:28992)"),
            ((463000, 155000), "EPSG:4326", "het zijn RD-coördinaten met x en y verwisseld"),
            ((599700, 6825500), "EPSG:28992", "het zijn coördinaten in Web Mercator"),
            ((663300, 5781000), "EPSG:28992", "het zijn coördinaten in UTM-zone 31 (EPSG:32631)"),
        ],
    )
    def test_probable_cause_is_named(self, steward, findings_of, position, crs, cause):
        report = steward.refused(steward.points({"crs": crs}), steward.csv((1, "punt", *position)))
        (finding,) = findings_of(report, "buiten-gebied")
        assert cause in finding.reason
        assert (finding.row, finding.remedy != "") == (2, True)

    def test_outside_the_extent_without_a_likely_cause(self, steward, findings_of):
        path = steward.csv((1, "Utrecht", 136000, 456000), (2, "Parijs", 2.35, 48.86))
        (finding,) = findings_of(steward.refused(steward.points(), path), "buiten-gebied")
        assert (finding.row, finding.value) == (3, "2.35 48.86")
        assert "oorzaak" not in finding.reason

    def test_a_source_may_declare_another_extent(self, steward):
        path = steward.csv((1, "Parijs", 2.35, 48.86))
        source = steward.points({"crs": "EPSG:4326", "extent": [-200000, -200000, 300000, 900000]})
        assert steward.deliver(source, path).datasets[0].stored == 1


class TestGeometry:
    def test_null_and_empty(self, steward):
        path = steward.vector("levering.gpkg", BOX, None, shapely.Polygon())
        report = steward.refused(steward.source("gpkg"), path)
        rows = {(each.code, each.row) for each in report.findings if each.ernst is Ernst.FOUT}
        assert rows == {("geometrie-ontbreekt", 2), ("geometrie-leeg", 3)}

    def test_not_a_number_in_a_csv(self, steward):
        report = steward.refused(steward.points(), steward.csv((1, "a", "NaN", 1), (2, "b", 155000, "inf"), (3, "c", "155.000,0", 463000)))
        faults = [(each.row, each.column, each.value) for each in report.findings if each.code == "coordinaat-geen-getal"]
        assert faults == [(2, "x", "NaN"), (4, "x", "155.000,0"), (3, "y", "inf")]

    def test_not_a_number_in_a_geojson(self, steward, square, findings_of):
        square[1][0] = float("nan")
        path = steward.geojson({"type": "Polygon", "coordinates": [square]})
        (finding,) = findings_of(steward.refused(steward.source("geojson"), path), "coordinaat-geen-getal")
        assert (finding.row, finding.value) == (1, "nan")

    def test_not_a_number_in_a_geopackage(self, steward, findings_of):
        ring = struct.pack("<BIII", 1, 3, 1, 4) + struct.pack("<8d", 155000, 463000, float("inf"), 463000, 155100, 463100, 155000, 463000)
        path = steward.with_wkb(steward.vector("levering.gpkg", BOX), ring)
        assert findings_of(steward.refused(steward.source("gpkg"), path), "coordinaat-geen-getal")[0].row == 1

    def test_unclosed_ring_in_a_geojson(self, steward, square, findings_of):
        path = steward.geojson({"type": "MultiPolygon", "coordinates": [[square[:-1]]]})
        assert findings_of(steward.refused(steward.source("geojson"), path), "ring-open")[0].row == 1

    def test_unclosed_ring_in_a_geopackage(self, steward, findings_of):
        ring = struct.pack("<BIII", 1, 3, 1, 4) + struct.pack("<8d", 155000, 463000, 155100, 463000, 155100, 463100, 155000, 463100)
        path = steward.with_wkb(steward.vector("levering.gpkg", BOX), ring)
        assert findings_of(steward.refused(steward.source("gpkg"), path), "ring-open")[0].row == 1

    def test_unclosed_ring_in_wkt(self, steward, findings_of):
        path = steward.csv((1, "a", "POLYGON((155000 463000, 155100 463000, 155100 463100, 155000 463100))"), header=("id", "naam", "wkt"))
        source = steward.source("csv", {"csv_geometry": {"wkt": "wkt"}})
        assert findings_of(steward.refused(source, path), "ring-open")[0].row == 2

    def test_bow_tie_is_named_with_its_place(self, steward, findings_of):
        bow_tie = shapely.Polygon([(155000, 463000), (155100, 463100), (155100, 463000), (155000, 463100)])
        path = steward.vector("levering.gpkg", FAR, bow_tie)
        (finding,) = findings_of(steward.refused(steward.source("gpkg", {"layer": "laag"}), path), "geometrie-ongeldig")
        assert (finding.layer, finding.row, finding.value) == ("laag", 2, "155050 463050")
        assert "vlinderdas" in finding.reason

    def test_heights(self, steward, findings_of):
        report = steward.refused(steward.source("gpkg"), steward.vector("levering.gpkg", shapely.force_3d(BOX, 3.0)))
        assert findings_of(report, "hoogte-of-maat")[0].row == 1

    def test_measures_that_gdal_drops_silently(self, steward, findings_of):
        ring = struct.pack("<BIII", 1, 2003, 1, 4)
        ring += struct.pack("<12d", 155000, 463000, 1, 155100, 463000, 2, 155100, 463100, 3, 155000, 463000, 1)
        path = steward.with_wkb(steward.vector("levering.gpkg", BOX), ring)
        assert findings_of(steward.refused(steward.source("gpkg"), path), "hoogte-of-maat")[0].row == 1

    def test_curves_that_gdal_straightens_silently(self, steward, findings_of):
        arc = struct.pack("<BII", 1, 8, 5) + struct.pack(
            "<10d", 155000, 463000, 155050, 463050, 155100, 463000, 155050, 462950, 155000, 463000
        )
        path = steward.with_wkb(steward.vector("levering.gpkg", BOX), struct.pack("<BII", 1, 10, 1) + arc)
        assert findings_of(steward.refused(steward.source("gpkg"), path), "bogen")[0].row == 1

    def test_mixed_types(self, steward, findings_of):
        path = steward.vector("levering.gpkg", BOX, shapely.Point(155000, 463000), shapely.LineString([(155000, 463000), (155001, 463000)]))
        faults = findings_of(steward.refused(steward.source("gpkg"), path), "geometrietype")
        assert [(each.row, each.value) for each in faults] == [(2, "Point"), (3, "LineString")]


class TestRows:
    def test_duplicate_key_names_both_rows(self, steward, findings_of):
        path = steward.csv((1, "a", 155000, 463000), (2, "b", 155001, 463000), (1, "c", 155002, 463000))
        (finding,) = findings_of(steward.refused(steward.points(), path), "dubbele-sleutel")
        assert (finding.row, finding.value) == (4, "1")
        assert "rij 2" in finding.reason

    def test_exact_duplicate(self, steward):
        path = steward.csv((1, "a", 155000, 463000), (1, "a", 155000, 463000))
        report = steward.refused(steward.points(), path)
        assert ("dubbele-rij", 3) in {(each.code, each.row) for each in report.findings}

    def test_key_is_missing(self, steward, findings_of):
        report = steward.refused(steward.points(), steward.csv(("", "a", 155000, 463000)))
        assert findings_of(report, "sleutel-ontbreekt")[0].row == 2

    def test_column_is_missing_and_those_that_are_there_are_named(self, steward, findings_of):
        path = steward.csv((1, "a", 155000, 463000), header=("id", "name", "x", "y"))
        (finding,) = findings_of(steward.refused(steward.points(), path), "kolom-ontbreekt")
        assert finding.column == "naam"
        assert "id, name, x, y" in finding.reason

    @pytest.mark.parametrize(
        ("column", "value", "reason"),
        [
            ({"type": "number"}, "twaalf", "niet te lezen als een getal"),
            ({"type": "integer"}, "1.5", "niet te lezen als een geheel getal"),
            ({"type": "date"}, "31-02-2024", "niet te lezen als een datum"),
            ({"type": "boolean"}, "misschien", "niet te lezen als ja of nee"),
            ({"type": "number", "maximum": 10}, "11", "groter dan 10"),
            ({"type": "number", "minimum": 0}, "-1", "kleiner dan 0"),
            ({"type": "number"}, "nan", "niet te lezen als een getal"),
            ({"values": {"ja": "JA"}}, "nee", "staat niet in de lijst: ja"),
        ],
    )
    def test_value_that_does_not_fit(self, steward, findings_of, column, value, reason):
        source = steward.points({"columns": {"waarde": {"source": "naam", **column}}})
        (finding,) = findings_of(steward.refused(source, steward.csv((1, value, 155000, 463000))), "waarde-onjuist")
        assert (finding.row, finding.column, finding.value) == (2, "naam", value)
        assert reason in finding.reason

    def test_required_value_is_missing(self, steward, findings_of):
        source = steward.points({"columns": {"naam": {"source": "naam", "required": True}}})
        (finding,) = findings_of(steward.refused(source, steward.csv((1, "", 155000, 463000))), "waarde-ontbreekt")
        assert (finding.row, finding.column) == (2, "naam")

    def test_line_number_counts_line_breaks_within_quotes(self, steward, findings_of):
        path = steward.csv((1, "twee\nregels", 155000, 463000), (2, "b", 0, 0))
        assert findings_of(steward.refused(steward.points(), path), "buiten-gebied")[0].row == 4


class TestFiles:
    def test_truncated_csv(self, steward, findings_of):
        path = steward.text("levering.csv", "id,naam,x,y\n1,a,155000,463000\n2,b,1550")
        assert findings_of(steward.refused(steward.points(), path), "regel-onvolledig")[0].row == 3

    def test_truncated_quotes(self, steward, findings_of):
        path = steward.text("levering.csv", 'id,naam,x,y\n1,"a,155000,463000\n2,b,155000,463000\n')
        assert findings_of(steward.refused(steward.points(), path), "bestand-afgebroken")

    def test_truncated_gzip(self, steward, findings_of):
        path = steward.folder / "levering.csv.gz"
        path.write_bytes(gzip.compress(b"id,naam,x,y\n" + b"1,a,155000,463000\n" * 1000)[:-20])
        assert findings_of(steward.refused(steward.points(), path), "bestand-afgebroken")

    def test_truncated_geojson(self, steward, polygon, findings_of):
        path = steward.geojson(polygon)
        path.write_text(path.read_text()[:-30])
        assert findings_of(steward.refused(steward.source("geojson"), path), "bestand-afgebroken")

    @pytest.mark.parametrize("kept", [0.9, 0.5, 0.1])
    def test_truncated_geopackage(self, steward, kept):
        path = steward.vector("levering.gpkg", BOX)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * kept)])
        report = steward.refused(steward.source("gpkg"), path)
        assert {each.code for each in report.findings} == {"bestand-afgebroken"}

    @pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
    def test_truncated_shapefile(self, steward, findings_of, suffix):
        path = steward.vector("levering.shp", BOX, FAR)
        part = path.with_suffix(suffix)
        part.write_bytes(part.read_bytes()[:-20])
        assert findings_of(steward.refused(steward.source("shapefile"), path), "bestand-afgebroken")

    def test_truncated_gml(self, steward, findings_of):
        path = steward.text("levering.gml", '<g:c xmlns:g="http://www.opengis.net/gml/3.2"><g:member>')
        assert findings_of(steward.refused(steward.source("gml"), path), "bestand-afgebroken")

    def test_shapefile_without_its_sisters(self, steward, findings_of):
        path = steward.vector("levering.shp", BOX)
        path.with_suffix(".dbf").unlink()
        assert ".dbf" in findings_of(steward.refused(steward.source("shapefile"), path), "shapefile-onvolledig")[0].reason

    @pytest.mark.parametrize("kind", ["gpkg", "geojson", "gml", "shapefile"])
    def test_vrt_with_the_right_name(self, steward, findings_of, kind):
        secret = steward.csv((1, "geheim", 155000, 463000))
        vrt = f'<OGRVRTDataSource><OGRVRTLayer name="laag"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
        suffix = {"shapefile": "zip"}.get(kind, kind)
        (finding,) = findings_of(steward.refused(steward.source(kind), steward.text(f"levering.{suffix}", vrt)), "ander-soort-bestand")
        assert "VRT" in finding.reason

    def test_geojson_called_geopackage(self, steward, polygon, findings_of):
        path = steward.geojson(polygon).rename(steward.folder / "levering.gpkg")
        assert "JSON" in findings_of(steward.refused(steward.source("gpkg"), path), "ander-soort-bestand")[0].reason

    def test_other_sqlite_called_geopackage(self, steward, findings_of):
        path = steward.folder / "levering.gpkg"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("create table laag (id)")
            connection.commit()
        assert findings_of(steward.refused(steward.source("gpkg"), path), "ander-soort-bestand")

    def test_geopackage_whose_layer_is_a_view(self, steward, findings_of):
        path = steward.vector("levering.gpkg", BOX)
        with closing(sqlite3.connect(path)) as connection:
            for (trigger,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
                connection.execute(f'drop trigger "{trigger}"')
            connection.execute("alter table laag rename to echt")
            connection.execute("create view laag as select * from echt")
            connection.commit()
        assert findings_of(steward.refused(steward.source("gpkg"), path), "laag-is-view")

    def test_geopackage_still_being_edited(self, steward, findings_of):
        path = steward.vector("levering.gpkg", BOX)
        path.with_name("levering.gpkg-wal").write_bytes(b"onopgeslagen")
        assert findings_of(steward.refused(steward.source("gpkg"), path), "bestand-in-gebruik")

    def test_web_page_and_lfs_pointer_and_nothing_instead_of_a_file(self, steward, findings_of):
        for content, reason in (("<!DOCTYPE html><html>", "webpagina"), ("version https://git-lfs.github.com/spec/v1", "Git LFS")):
            report = steward.refused(steward.source("geojson"), steward.text("levering.geojson", content))
            assert reason in findings_of(report, "ander-soort-bestand")[0].reason
        assert findings_of(steward.refused(steward.source("geojson"), steward.text("leeg.geojson", "")), "bestand-leeg")
        assert findings_of(steward.refused(steward.source("geojson"), steward.folder / "weg.geojson"), "bestand-ontbreekt")

    def test_missing_layer_names_those_that_are_there(self, steward, findings_of):
        report = steward.refused(steward.source("gpkg", {"layer": "wegen"}), steward.vector("levering.gpkg", BOX))
        assert findings_of(report, "laag-ontbreekt")[0].reason == "de laag staat niet in het bestand; wel: laag"

    def test_zip_bomb(self, steward, findings_of):
        path = steward.vector("levering.shp", BOX)
        archive = steward.folder / "levering.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for suffix in (".shp", ".shx", ".dbf"):
                packed.write(path.with_suffix(suffix), f"laag{suffix}")
            packed.writestr("laag.prj", b"\0" * 20 * 1024**2)
        assert findings_of(steward.refused(steward.source("shapefile"), archive), "zip-bom")

    def test_gzip_bomb(self, steward, findings_of):
        path = steward.folder / "levering.csv.gz"
        path.write_bytes(gzip.compress(b"id,naam,x,y\n" + b"1" * 40 * 1024**2))
        assert findings_of(steward.refused(steward.points(), path), "zip-bom")

    def test_zip_with_too_many_entries(self, steward, findings_of):
        archive = steward.folder / "levering.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            for number in range(300):
                packed.writestr(f"{number}.txt", b"")
        assert findings_of(steward.refused(steward.source("shapefile"), archive), "zip-bom")

    def test_names_in_a_zip_lead_nowhere(self, steward):
        path = steward.vector("levering.shp", BOX)
        archive = steward.folder / "levering.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            for suffix in (".shp", ".shx", ".dbf", ".prj"):
                packed.write(path.with_suffix(suffix), f"../../../elders{suffix}")
        assert steward.deliver(steward.source("shapefile"), archive).datasets[0].stored == 1
        assert not (steward.folder.parent / "elders.shp").exists()

    def test_xml_entities(self, steward, findings_of):
        bomb = '<!DOCTYPE g [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><g>&b;</g>'
        assert findings_of(steward.refused(steward.source("gml"), steward.text("levering.gml", bomb)), "xml-entiteiten")

    def test_wrong_encoding(self, steward, findings_of):
        path = steward.folder / "levering.csv"
        path.write_bytes("id,naam,x,y\n1,Súdwest,155000,463000\n".encode("cp1252"))
        assert findings_of(steward.refused(steward.points(), path), "tekencodering")

    def test_a_file_that_was_not_given_is_asked_for(self, steward):
        files = {"a": {"pattern": "a.csv", "format": "csv"}, "b": {"pattern": "b.csv", "format": "csv"}}
        source = steward.points(files=files, datasets=[_points("a"), _points("b")])
        with pytest.raises(ImportFault, match="ontbreken bestanden") as fault:
            import_source(steward.settings, source, {"a": steward.csv()}, Options())
        assert fault.value.errors == ("b: b.csv",)


def _points(file):
    return {
        "file": file,
        "collection": f"punten-{file}",
        "geometry": "point",
        "crs": "EPSG:28992",
        "csv_geometry": {"x": "x", "y": "y"},
        "key": ["id"],
    }


def test_the_refusal_reads_as_dutch_text(steward):
    with pytest.raises(RefusedImport) as refusal:
        steward.deliver(steward.points(), steward.csv((1, "a", 463000, 155000)))
    assert "De levering van 'proef' heeft 1 fout(en) en is niet opgeslagen." in str(refusal.value)
    assert "levering.csv, rij 2" in str(refusal.value)
    assert json.loads(refusal.value.report.as_json())["outcome"] == "geweigerd"
