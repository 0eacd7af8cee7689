"""Parts of one object, one per row, become one object; squares of 100 m are 1 ha."""

import json
from pathlib import Path

import psycopg
import pytest
from pyproj import Transformer

from app.database.connections import Role, conninfo
from app.ingest.importing import Options, import_source
from app.ingest.source import read_sources
from app.settings import Settings

SOURCE = read_sources((Path(__file__).parents[2] / "seed",))["rvo-natura-2000"]
TO_DEGREES = Transformer.from_crs(28992, 4326, always_xy=True)


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """Area 1 with a VR part and an HR part that overlap for half, and area 2 in one part, as the service of PDOK gives them."""
    path = tmp_path / "natura2000_pdok.geojson"
    parts = [(1, "Het Overlappend Veen", "VR", 0), (1, "Het Overlappend Veen", "HR", 50), (2, "De Losse Plas", "HR", 500)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [_part(*part) for part in parts]}), encoding="utf-8")
    return path


def test_overlapping_parts_count_once(delivered: Path, database_settings: Settings) -> None:
    report = import_source(database_settings, SOURCE, {"gebieden": delivered}, Options())
    counts = report.datasets[0]
    assert (counts.read, counts.excluded, counts.repaired, counts.stored) == (3, 1, 1, 2)
    assert [finding.row for finding in report.findings if finding.code == "samengevoegd"] == [2]
    with psycopg.connect(conninfo(database_settings, Role.IMPORT)) as connection:
        stored = connection.execute(
            "select object_id, eigenschappen->>'richtlijn', round((ST_Area(geometrie) / 1e4)::numeric, 2)::float"
            " from facts.current_object order by object_id"
        ).fetchall()
    assert stored == [("n2k-1", "VR+HR", 1.5), ("n2k-2", "HR", 1.0)]


def _part(nr: int, name: str, directive: str, east: int) -> dict[str, object]:
    corners = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    ring = [TO_DEGREES.transform(155_000 + east + x, 463_000 + y) for x, y in corners]
    properties = {"nr": nr, "naam_n2k": name, "beschermin": directive, "sitecode_v": "", "sitecode_h": "", "status": "besluit"}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]}}
