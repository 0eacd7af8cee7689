"""Each format that a source may declare is read, and what is stored is what was delivered: in RD, to the millimetre."""

import gzip
import json
import os
import subprocess
import sys
import zipfile
from typing import ClassVar

import pytest
import shapely

from app.ingest.importing import Options, import_source, recognise
from app.ingest.report import RefusedImport

BOX = shapely.box(155000, 463000, 155100, 463100)

GML = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:x="urn:x">
  <gml:boundedBy><gml:Envelope srsName="{crs}"><gml:lowerCorner>0 0</gml:lowerCorner></gml:Envelope></gml:boundedBy>
  <wfs:member><x:vlak gml:id="v.1"><x:id>0014</x:id><x:naam>é &amp; zo</x:naam><x:vorm>{geometry}</x:vorm></x:vlak></wfs:member>
</wfs:FeatureCollection>"""
RING = "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
IN_RD = RING.format("155000 463000 155100 463000 155100 463100 155000 463100 155000 463000")


def stored(steward):
    return steward.query("select object_id, eigenschappen->>'naam', st_area(geometrie), st_srid(geometrie) from facts.current_object")


@pytest.mark.parametrize(
    ("kind", "name"), [("gpkg", "levering.gpkg"), ("shapefile", "levering.shp"), ("geojson", "levering.geojson"), ("gml", "levering.gml")]
)
def test_one_hectare_is_one_hectare_in_every_format(steward, kind, name):
    path = steward.text(name, GML.format(crs="EPSG:28992", geometry=IN_RD)) if kind == "gml" else steward.vector(name, BOX)
    steward.deliver(steward.source(kind), path)
    ((_, _, area, srid),) = stored(steward)
    assert (area, srid) == (pytest.approx(10_000), 28992)


def test_shapefile_in_a_zip_and_in_a_folder(steward):
    path = steward.vector("levering.shp", BOX)
    archive = steward.folder / "levering.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            packed.write(path.with_suffix(suffix), f"map/laag{suffix}")
    assert steward.deliver(steward.source("shapefile"), archive).datasets[0].stored == 1
    assert steward.deliver(steward.source("shapefile"), path.parent).outcome == "opgeslagen"


def test_shapefile_without_cpg_is_read_in_the_declared_encoding(steward):
    path = steward.vector("levering.shp", BOX, naam=["XXXXXXX"])
    path.with_suffix(".cpg").unlink()
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"XXXXXXX", "Súdwest".encode("cp1252")))
    files = {"bestand": {"pattern": "*", "format": "shapefile", "encoding": "cp1252"}}
    steward.deliver(steward.source("shapefile", files=files), path)
    assert stored(steward)[0][1] == "Súdwest"


class TestGml:
    def test_codes_keep_their_zeros_and_the_envelope_gives_the_crs(self, steward):
        path = steward.text("levering.gml", GML.format(crs="urn:ogc:def:crs:EPSG::28992", geometry=IN_RD))
        steward.deliver(steward.source("gml"), path)
        assert stored(steward)[0][:3] == ("0014", "é & zo", pytest.approx(10_000))

    def test_latitude_comes_first_in_a_urn(self, steward):
        ring = RING.format("52.15 5.38 52.15 5.39 52.16 5.39 52.15 5.38")
        path = steward.text("levering.gml", GML.format(crs="urn:ogc:def:crs:EPSG::4258", geometry=ring))
        steward.deliver(steward.source("gml", {"crs": "EPSG:4258"}), path)
        ((x, y),) = steward.query("select st_x(st_centroid(geometrie)), st_y(st_centroid(geometrie)) from facts.current_object")
        assert (x, y) == (pytest.approx(154_900, abs=500), pytest.approx(462_800, abs=500))

    def test_arcs_are_noticed(self, steward, findings_of):
        arc = "<gml:Curve><gml:segments><gml:Arc><gml:posList>155000 463000 155050 463050 155100 463000</gml:posList></gml:Arc>"
        path = steward.text("levering.gml", GML.format(crs="EPSG:28992", geometry=f"{arc}</gml:segments></gml:Curve>"))
        report = steward.refused(steward.source("gml", {"geometry": "line"}), path)
        assert findings_of(report, "bogen")[0].row == 1

    def test_features_nested_in_their_own_way_are_found_by_element(self, steward):
        nested = f'<a xmlns:gml="http://www.opengis.net/gml/3.2"><b><Locatie><naam>n</naam><g><id>7</id>{IN_RD}</g></Locatie></b></a>'
        path = steward.text("levering.gml", nested.replace("<gml:Polygon>", '<gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992">'))
        steward.deliver(steward.source("gml", {"layer": "Locatie"}), path)
        assert stored(steward)[0][:2] == ("7", "n")


class TestCsv:
    def test_wkt(self, steward):
        path = steward.csv((1, "a", BOX.wkt), header=("id", "naam", "wkt_geom"))
        steward.deliver(steward.source("csv", {"csv_geometry": {"wkt": "wkt_geom"}}), path)
        assert stored(steward)[0][2] == pytest.approx(10_000)

    def test_gzip_byte_order_mark_and_semicolons(self, steward):
        path = steward.folder / "levering.csv.gz"
        path.write_bytes(gzip.compress('\ufeffid;naam;x;y\nGM0014  ;"a;b";155000;463000\n'.encode()))
        files = {"bestand": {"pattern": "*", "format": "csv", "delimiter": ";"}}
        steward.deliver(steward.points(files=files), path)
        assert stored(steward)[0][:2] == ("GM0014", "a;b")

    def test_degrees_become_rd_to_the_millimetre(self, steward):
        steward.deliver(steward.points({"crs": "EPSG:4326"}), steward.csv((1, "a", 5.387203650020, 52.155172887408)))
        ((x, y),) = steward.query("select st_x(geometrie), st_y(geometrie) from facts.current_object")
        assert (x, y) == (pytest.approx(155_000, abs=0.3), pytest.approx(463_000, abs=0.3))
        assert (round(x, 3), round(y, 3)) == (x, y)

    def test_utm_zone_31(self, steward):
        """Its central meridian is 3° east."""
        steward.deliver(steward.points({"crs": "EPSG:32631"}), steward.csv((1, "Borssele", 500_000, 5_726_000)))
        ((longitude,),) = steward.query("select st_x(st_transform(geometrie, 4326)) from facts.current_object")
        assert longitude == pytest.approx(3.0, abs=1e-4)


def test_geojson_without_crs_is_in_degrees(steward):
    ring = [[5.38, 52.15], [5.39, 52.15], [5.39, 52.16], [5.38, 52.15]]
    path = steward.geojson({"type": "Polygon", "coordinates": [ring]}, crs=None)
    assert steward.deliver(steward.source("geojson", {"crs": "EPSG:4326"}), path).datasets[0].stored == 1


def test_geojson_without_crs_that_holds_metres_all_the_same(steward, polygon):
    path = steward.geojson(polygon, crs=None)
    assert steward.deliver(steward.source("geojson", {"crs": None, "assign_crs": "EPSG:28992"}), path).datasets[0].stored == 1


class TestValues:
    """What a column may declare, seen in what is stored."""

    @pytest.mark.parametrize(
        ("column", "text", "value"),
        [
            ({"type": "numbers", "scale": 0.001}, "150000;150000;380000", 380.0),
            ({"type": "numbers", "scale": 0.001, "take": "min"}, "150000;380000", 150.0),
            ({"type": "numbers", "empty": ["n/a"]}, "n/a;150", 150.0),
            ({"type": "texts"}, "Borssele; Rilland;Borssele", "Borssele; Rilland"),
            ({"tag": "name"}, '"frequency"=>"50", "name"=>"Maasbracht \\"Noord\\""', 'Maasbracht "Noord"'),
            ({"type": "year"}, "2013.0", 2013),
            ({"type": "year"}, "2013JJ00", 2013),
            ({"type": "date"}, "31-12-2024", "2024-12-31"),
            ({"type": "date"}, "2024-12-31T00:00:00+00:00", "2024-12-31"),
            ({"type": "boolean"}, "Ja", True),
            ({"type": "boolean", "values": {"Onshore": "false", "Offshore": "true"}}, "Offshore", True),
            ({"type": "integer"}, "12.0", 12),
            ({"type": "number", "empty": ["0"]}, "0", None),
            ({"type": "number"}, "", None),
            ({"values": {"In bedrijf": "BESTAAND"}}, "In bedrijf  ", "BESTAAND"),
            ({"type": "number", "maximum": 1000, "unfit": "unknown"}, "7590", None),
            ({"type": "number", "maximum": 1000, "unfit": "keep"}, "7590", 7590.0),
        ],
    )
    def test_reading(self, steward, column, text, value):
        source = steward.points({"columns": {"waarde": {"source": "naam", **column}}})
        steward.deliver(source, steward.csv((1, text, 155000, 463000), (2, text, 155001, 463000)))
        assert steward.query("select distinct eigenschappen->'waarde' from facts.current_object") == [(value,)]

    def test_the_first_column_with_a_value_counts(self, steward):
        source = steward.points({"columns": {"naam": {"source": ["officieel", "naam"]}, "soort": {"constant": "STATION"}}})
        path = steward.csv((1, "a", 155000, 463000, ""), (2, "b", 155001, 463000, "B"), header=("id", "naam", "x", "y", "officieel"))
        steward.deliver(source, path)
        assert steward.query("select eigenschappen->>'naam', eigenschappen->>'soort' from facts.current_object order by object_id") == [
            ("a", "STATION"),
            ("B", "STATION"),
        ]


class TestJoins:
    """Attributes in one file, coordinates in two others, as the grid operator delivers its stations."""

    FILES: ClassVar = {name: {"pattern": f"{name}.csv", "format": "csv"} for name in ("kenmerken", "rd", "wgs")}
    DATASET: ClassVar = {
        "file": "kenmerken",
        "collection": "stations",
        "geometry": "point",
        "key": ["code"],
        "repairs": ["drop-without-geometry"],
        "joins": [
            {"file": "rd", "left": "code", "right": "code", "csv_geometry": {"x": "x", "y": "y"}, "crs": "EPSG:28992"},
            {"file": "wgs", "left": "code", "right": "code", "csv_geometry": {"x": "lon", "y": "lat"}, "crs": "EPSG:4326"},
        ],
        "columns": {"naam": {"source": ["naam", "rd.naam"]}, "mva": {"source": "wgs.mva", "type": "number"}},
    }

    def test_rows_find_their_place_and_all_who_do_not_are_listed(self, steward):
        steward.text("kenmerken.csv", "code,naam\nA380,\nB380,Bee\nC150,Cee\n")
        steward.text("rd.csv", "code,naam,x,y\nA380,Aa,155010,463000\nZ380,Zet,155010,463000\n")
        steward.text("wgs.csv", "code,mva,lon,lat\nA380,900,5.0,52.0\nB380,500,5.387203650020,52.155172887408\n")
        source = steward.points(files=self.FILES, datasets=[self.DATASET])
        report = import_source(steward.settings, source, recognise(source, list(steward.folder.iterdir())), Options())
        listed = {(each.code, each.file, each.row, each.value) for each in report.findings if each.row}
        assert listed == {("zonder-partner", "rd.csv", 3, "Z380"), ("zonder-geometrie", "kenmerken.csv", 4, None)}
        rows = steward.query(
            "select object_id, eigenschappen->>'naam', eigenschappen->'mva', round(st_x(geometrie)) from facts.current_object order by 1"
        )
        assert rows == [("A380", "Aa", 900, 155010), ("B380", "Bee", 500, 155000)]

    def test_a_code_that_occurs_twice_joins_nothing_reliably(self, steward):
        steward.text("kenmerken.csv", "code,naam\nA380,\n")
        steward.text("rd.csv", "code,naam,x,y\nA380,Aa,155000,463000\nA380,Zet,155001,463000\n")
        steward.text("wgs.csv", "code,mva,lon,lat\n")
        source = steward.points(files=self.FILES, datasets=[self.DATASET])
        with pytest.raises(RefusedImport, match=r"dubbele-koppelsleutel"):
            import_source(steward.settings, source, recognise(source, list(steward.folder.iterdir())), Options())


def test_gdal_has_no_drivers_that_follow_links_or_use_the_network():
    code = "import app.ingest, json, pyogrio; print(json.dumps(list(pyogrio.list_drivers())))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, env=os.environ | {"PYTHONPATH": "."})
    drivers = set(json.loads(shown.stdout))
    assert drivers.isdisjoint({"OGR_VRT", "VRT", "GTI", "HTTP", "WFS", "OAPIF", "CSW", "GDALG", "Elasticsearch", "Carto"})
    assert {"GPKG", "GeoJSON", "ESRI Shapefile", "GML", "FlatGeobuf"} <= drivers
