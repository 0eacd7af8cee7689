"""A steward at a desk: makes small deliveries with one thing wrong, imports them, and looks at what is in the database."""

import csv
import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas
import psycopg
import pyogrio
import pytest
import shapely

from app.database.connections import Role, conninfo
from app.ingest.doggerland import generate
from app.ingest.importing import Options, import_source
from app.ingest.report import Ernst, Finding, RefusedImport, Report
from app.ingest.source import Source
from app.settings import Settings

SQUARE = [[155000.0, 463000.0], [155100.0, 463000.0], [155100.0, 463100.0], [155000.0, 463100.0], [155000.0, 463000.0]]
TABLES = ("levering", "levering_facts", "gebied", "gebied_relatie", "gebied_opvolging", "object", "energiebeeld", "beeld", "cijfer")


@dataclass(frozen=True)
class Steward:
    """Makes files, imports them, and compares the database before and after."""

    settings: Settings
    folder: Path

    def source(self, kind: str, dataset: Mapping[str, object] | None = None, **more: object) -> Source:
        """A source of one file and one dataset of polygons with a key `id` and a name, unless told otherwise."""
        declared = {
            "file": "bestand",
            "collection": "vlakken",
            "geometry": "polygon",
            "crs": "EPSG:28992",
            "key": ["id"],
            "columns": {"naam": {"source": "naam"}},
            **(dataset or {}),
        }
        fields = {
            "id": "proef",
            "title": "Proeflevering",
            "description": "Een levering met één fout",
            "publisher": "Niemand",
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "homepage": "https://example.org/",
            "peildatum": "2025-01-01",
            "files": {"bestand": {"pattern": "*", "format": kind}},
            "datasets": [{name: value for name, value in declared.items() if value is not None}],
        }
        return Source(**{**fields, **more})

    def points(self, dataset: Mapping[str, object] | None = None, **more: object) -> Source:
        """A source of a CSV with points in RD."""
        return self.source("csv", {"geometry": "point", "csv_geometry": {"x": "x", "y": "y"}, **(dataset or {})}, **more)

    def geojson(self, *geometries: object, crs: int | None = 28992, ids: Sequence[object] = ()) -> Path:
        """Write features 1, 2, … exactly as given; nothing is mended on the way."""
        names = list(ids) or list(range(1, len(geometries) + 1))
        features = [
            {"type": "Feature", "properties": {"id": name, "naam": f"vlak {name}"}, "geometry": geometry}
            for name, geometry in zip(names, geometries, strict=True)
        ]
        document: dict[str, object] = {"type": "FeatureCollection", "features": features}
        if crs is not None:
            document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
        return self.text("levering.geojson", json.dumps(document))

    def csv(self, *rows: Sequence[object], header: Sequence[str] = ("id", "naam", "x", "y")) -> Path:
        path = self.folder / "levering.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    def text(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def vector(self, name: str, *geometries: shapely.Geometry | None, crs: str | None = "EPSG:28992", **columns: Sequence[object]) -> Path:
        """Write a GeoPackage (layer `laag`) or shapefile with GDAL."""
        count = len(geometries)
        data = {"id": range(1, count + 1), "naam": [f"vlak {number}" for number in range(1, count + 1)], **columns}
        frame = geopandas.GeoDataFrame(data, geometry=list(geometries), crs=crs)
        for earlier in self.folder.glob(f"{Path(name).stem}.*"):
            earlier.unlink()
        frame.to_file(self.folder / name, layer="laag" if name.endswith(".gpkg") else None)
        return self.folder / name

    def with_wkb(self, path: Path, wkb: bytes) -> Path:
        """Put these bytes in the first row of a GeoPackage, which no writer would."""
        header = b"GP\0\x01" + struct.pack("<i", 28992)
        with closing(sqlite3.connect(path)) as connection:
            for (trigger,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
                connection.execute(f'drop trigger "{trigger}"')
            connection.execute("update laag set geom = ? where fid = 1", [header + wkb])
            connection.commit()
        return path

    def deliver(self, source: Source, path: Path, options: Options | None = None) -> Report:
        """Import a levering that should be taken."""
        return import_source(self.settings, source, {"bestand": path}, options or Options())

    def refused(self, source: Source, path: Path) -> Report:
        """Import a levering that should be refused, and make sure that nothing in the database changed."""
        before = self.contents()
        with pytest.raises(RefusedImport) as refusal:
            self.deliver(source, path)
        assert self.contents() == before
        report = refusal.value.report
        assert report.outcome == "geweigerd"
        assert all(finding.reason and finding.file for finding in report.findings)
        return report

    def query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(conninfo(self.settings, Role.IMPORT)) as connection:
            return connection.execute(statement, values).fetchall()

    def contents(self) -> list[tuple[object, ...]]:
        """Everything in the facts, small enough to compare."""
        return [
            self.query(f"select count(*), md5(string_agg(row::text, ',' order by row::text)) from facts.{table} row") for table in TABLES
        ]


def only(report: Report, code: str, ernst: Ernst = Ernst.FOUT) -> list[Finding]:
    """The findings with this code; a refused report has no faults of another code."""
    if ernst is Ernst.FOUT:
        assert {finding.code for finding in report.findings if finding.ernst is ernst} == {code}
    return [finding for finding in report.findings if finding.code == code and finding.ernst is ernst]


@pytest.fixture
def steward(database_settings: Settings, tmp_path: Path) -> Steward:
    """Starts with empty facts; the database itself is made once per module."""
    desk = Steward(database_settings, tmp_path)
    desk.query("delete from facts.levering returning id")
    return desk


@pytest.fixture
def square() -> list[list[float]]:
    """A closed ring of 100 m by 100 m around Amersfoort: 1 ha."""
    return [list(position) for position in SQUARE]


@pytest.fixture
def polygon() -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [SQUARE]}


@pytest.fixture
def findings_of() -> object:
    return only


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of Doggerland. For reading only: the modules share them."""
    drawn = tmp_path_factory.mktemp("doggerland")
    generate(drawn)
    return drawn


@pytest.fixture(scope="session")
def layers(folder: Path) -> dict[str, geopandas.GeoDataFrame]:
    """Every layer of those files, by name."""
    return {name: geopandas.read_file(path, layer=name) for path in sorted(folder.glob("*.gpkg")) for name, _ in pyogrio.list_layers(path)}
