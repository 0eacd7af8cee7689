"""Repairs that a source declares are done, and each repaired row is listed; what needs no repair but a look is a warning."""

import struct

import pytest
import shapely

from app.ingest.report import Ernst

BOX = shapely.box(155000, 463000, 155100, 463100)
FAR = shapely.box(156000, 463000, 156100, 463100)
BOW_TIE = shapely.Polygon([(155000, 463000), (155100, 463100), (155100, 463000), (155000, 463100)])


def stored_area(steward, key="1"):
    return steward.query("select st_area(geometrie) from facts.current_object where object_id = %s", key)[0][0]


def test_bow_tie_becomes_two_triangles(steward, findings_of):
    path = steward.vector("levering.gpkg", BOW_TIE, FAR)
    report = steward.deliver(steward.source("gpkg", {"repairs": ["make-valid"]}), path)
    (finding,) = findings_of(report, "geometrie-ongeldig", Ernst.MELDING)
    assert (finding.row, finding.value) == (1, "155050 463050")
    assert (report.datasets[0].repaired, report.datasets[0].stored) == (1, 2)
    assert stored_area(steward) == pytest.approx(5000)


def test_overlapping_parts_are_united_not_cut_out(steward):
    overlapping = shapely.MultiPolygon([BOX, shapely.box(155050, 463000, 155150, 463100)])
    steward.deliver(steward.source("gpkg", {"repairs": ["make-valid"]}), steward.vector("levering.gpkg", overlapping))
    assert stored_area(steward) == pytest.approx(15_000)


def test_open_ring_is_closed(steward, square, findings_of):
    path = steward.geojson({"type": "Polygon", "coordinates": [square[:-1]]})
    report = steward.deliver(steward.source("geojson", {"repairs": ["close-rings"]}), path)
    assert findings_of(report, "ring-open", Ernst.MELDING)[0].row == 1
    assert stored_area(steward) == pytest.approx(10_000)


def test_heights_are_dropped(steward, findings_of):
    path = steward.vector("levering.gpkg", shapely.force_3d(BOX, 3.0))
    report = steward.deliver(steward.source("gpkg", {"repairs": ["drop-z"]}), path)
    assert findings_of(report, "hoogte-of-maat", Ernst.MELDING)[0].row == 1
    assert steward.query("select st_ndims(geometrie) from facts.current_object") == [(2,)]


def test_curves_are_straightened(steward, findings_of):
    circle = struct.pack("<10d", 155000, 463000, 155050, 463050, 155100, 463000, 155050, 462950, 155000, 463000)
    curve = struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 8, 5) + circle
    path = steward.with_wkb(steward.vector("levering.gpkg", BOX), curve)
    report = steward.deliver(steward.source("gpkg", {"repairs": ["linearise"]}), path)
    assert findings_of(report, "bogen", Ernst.MELDING)[0].row == 1
    assert stored_area(steward) == pytest.approx(3.14159 * 50**2, rel=0.01)


def test_rows_without_geometry_are_left_out_and_listed(steward, findings_of):
    path = steward.vector("levering.gpkg", BOX, None, shapely.Polygon())
    report = steward.deliver(steward.source("gpkg", {"repairs": ["drop-without-geometry"]}), path)
    assert [each.row for each in findings_of(report, "zonder-geometrie", Ernst.MELDING)] == [2, 3]
    assert (report.datasets[0].read, report.datasets[0].excluded, report.datasets[0].stored) == (3, 2, 1)


def test_exact_duplicates_are_dropped(steward, findings_of):
    path = steward.csv((1, "a", 155000, 463000), (2, "b", 155001, 463000), (1, "a", 155000, 463000))
    report = steward.deliver(steward.points({"repairs": ["drop-exact-duplicates"]}), path)
    (finding,) = findings_of(report, "dubbele-rij", Ernst.MELDING)
    assert finding.row == 4
    assert "rij 2" in finding.reason
    assert report.datasets[0].stored == 2


def test_duplicate_keys_are_numbered(steward, findings_of):
    path = steward.csv((1, "a", 155000, 463000), (1, "b", 155001, 463000), ("1-2", "c", 155002, 463000))
    report = steward.deliver(steward.points({"repairs": ["number-duplicate-keys"]}), path)
    assert "opgeslagen als 1-3" in findings_of(report, "dubbele-sleutel", Ernst.MELDING)[0].reason
    assert steward.query("select object_id from facts.current_object order by 1") == [("1",), ("1-2",), ("1-3",)]


def test_duplicate_keys_are_dropped(steward):
    path = steward.csv((1, "a", 155000, 463000), (1, "b", 155001, 463000))
    report = steward.deliver(steward.points({"repairs": ["drop-duplicate-keys"]}), path)
    assert report.datasets[0].stored == 1
    assert steward.query("select eigenschappen->>'naam' from facts.current_object") == [("a",)]


class TestSamePlace:
    def test_polygons_delivered_twice_are_noticed_though_their_ids_differ(self, steward, findings_of):
        turned = shapely.Polygon([(155100, 463100), (155100, 463000), (155000, 463000), (155000, 463100)])
        report = steward.deliver(steward.source("gpkg"), steward.vector("levering.gpkg", BOX, FAR, turned))
        (finding,) = findings_of(report, "dubbele-geometrie", Ernst.WAARSCHUWING)
        assert finding.row == 3
        assert "rij 1" in finding.reason
        (total,) = findings_of(report, "dubbele-geometrie-totaal", Ernst.WAARSCHUWING)
        assert "1 van de 3 rijen" in total.reason
        assert report.datasets[0].stored == 3

    def test_and_dropped_when_the_source_says_so(self, steward, findings_of):
        path = steward.vector("levering.gpkg", BOX, FAR, BOX, FAR)
        report = steward.deliver(steward.source("gpkg", {"repairs": ["drop-duplicate-geometry"]}), path)
        assert [each.row for each in findings_of(report, "dubbele-geometrie", Ernst.MELDING)] == [3, 4]
        assert steward.query("select object_id from facts.current_object order by 1") == [("1",), ("2",)]

    def test_two_points_in_one_spot(self, steward, findings_of):
        report = steward.deliver(steward.points(), steward.csv((1, "FLEVO", 155000, 463000), (2, "Maxima", 155000, 463000)))
        assert findings_of(report, "zelfde-punt", Ernst.WAARSCHUWING)[0].row == 3


class TestWholeDataset:
    def test_sliver_and_stated_area(self, steward, findings_of):
        sliver = shapely.Polygon([(155000, 463000), (155001, 463000), (155001, 463000.1)])
        path = steward.vector("levering.gpkg", BOX, sliver, km2=[0.01, 135.3])
        report = steward.deliver(steward.source("gpkg", {"stated_area": {"column": "km2", "unit": "km2"}}), path)
        assert [each.row for each in findings_of(report, "splinter", Ernst.WAARSCHUWING)] == [2]
        (deviation,) = findings_of(report, "oppervlakte-wijkt-af", Ernst.WAARSCHUWING)
        assert (deviation.row, deviation.value) == (2, "opgegeven 13530.00 ha, gemeten 0.00 ha")

    def test_another_number_of_rows(self, steward, findings_of):
        report = steward.deliver(steward.source("gpkg", {"expected_rows": 162}), steward.vector("levering.gpkg", BOX))
        assert findings_of(report, "aantal", Ernst.WAARSCHUWING)[0].reason == "er zijn 1 rijen; er horen er 162 te zijn"

    def test_columns_that_say_nothing(self, steward, findings_of):
        path = steward.vector("levering.gpkg", BOX, FAR, groep=["x", "x"], leeg=[None, None])
        columns = {name: {"source": name} for name in ("groep", "leeg", "naam")}
        report = steward.deliver(steward.source("gpkg", {"columns": columns}), path)
        assert findings_of(report, "kolom-zonder-verschil", Ernst.MELDING)[0].column == "groep"
        assert findings_of(report, "kolom-leeg", Ernst.MELDING)[0].column == "leeg"

    def test_overlaps_and_holes_between_gebieden(self, steward, findings_of):
        ring = shapely.box(155000, 463000, 155400, 463400) - shapely.box(155100, 463100, 155200, 463200)
        path = steward.vector("levering.gpkg", ring, shapely.box(155350, 463000, 155500, 463400))
        gebied = {"facts": "gebied", "collection": None, "soort": "GEMEENTE", "valid_from": "2025-01-01"}
        report = steward.deliver(steward.source("gpkg", gebied), path)
        (overlap,) = findings_of(report, "overlap", Ernst.WAARSCHUWING)
        assert (overlap.row, overlap.value) == (1, "2.00 ha")
        (holes,) = findings_of(report, "gaten", Ernst.WAARSCHUWING)
        assert "1 stukken" in holes.reason


def test_rows_that_are_no_objects_are_left_out_with_the_reason(steward, findings_of):
    rule = {"column": "naam", "matches": "Remaining.*", "reason": "Restpost van een rekenmodel."}
    path = steward.csv((1, "Magnum", 155000, 463000), (2, "RemainingGas", "", ""))
    report = steward.deliver(steward.points({"exclude": [rule]}), path)
    (finding,) = findings_of(report, "uitgesloten", Ernst.MELDING)
    assert (finding.row, finding.value) == (3, "RemainingGas")
    assert report.datasets[0].stored == 1


def test_known_defects_of_the_source_are_in_the_report(steward):
    source = steward.points(known_defects=("De lijst is onvolledig.",))
    assert steward.deliver(source, steward.csv((1, "a", 155000, 463000))).known_defects == ("De lijst is onvolledig.",)
