"""The benchmark runs from an empty database to a report; how fast is not tested."""

import json
from pathlib import Path

import psycopg
import pytest
import shapely

from app.bench import Amount, Options, Pace, run
from app.bench.data import MOSAIC, POINTS, store_facts
from app.bench.equality import attribute_values
from app.bench.ground import DATABASE
from app.database import Role, connect
from app.database.connections import administrator_conninfo
from app.problems import BadRequest
from app.settings import Settings

TINY = Amount(points=4_000, small=1_000, columns=6, rows=5, edge=20, figures=3_000, footprints=400, opgaven=800, drawn=40)
FLEETING = Pace(rounds=1, seconds=0.1, warm_up=0.05, levels=(6, 12))


def test_a_run_compares_measures_and_reports(database_settings: Settings, tmp_path: Path) -> None:
    told: list[str] = []
    results = run(database_settings, Options(pace=FLEETING, amount=TINY, output=tmp_path), told.append)

    assert [figures.cell.title for figures in results.figures if figures.faults or figures.ratio <= 0] == []
    (complete,) = tmp_path.glob("*.json")
    stored = json.loads(complete.read_text())
    assert [cell["group"] for cell in stored["cells"]] == ["items"] * 5 + ["item"] + ["deep"] * 2 + ["warm"] * 4 + ["tiles"] * 6
    assert stored["machine"]["processors"] >= 1
    # Publishing, a correction, many more, and a file with all of them beside the same of bare SQL; then overlap, each beside something.
    assert [each["seconds"] > 0 for each in stored["timings"]] == [True] * 7
    assert all(each["limit_seconds"] > 0 for each in stored["timings"][4:])
    assert stored["timings"][3]["limit_seconds"] > 0
    (readable,) = tmp_path.glob("*.md")
    assert "| items 10, punten" in readable.read_text()
    assert readable.read_text() in told

    with psycopg.connect(administrator_conninfo(database_settings, "postgres")) as connection:
        assert connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None


def test_an_unknown_group_is_named() -> None:
    with pytest.raises(BadRequest, match="'tegels'"):
        run(Settings(), Options(only=("items", "tegels")), print)


def test_facts_are_the_same_each_time_and_the_mosaic_has_no_gaps(database_settings: Settings) -> None:
    store_facts(database_settings, TINY)
    with connect(database_settings, Role.IMPORT) as connection:
        counts = dict(connection.execute("select collection, count(*) from facts.object group by 1").fetchall())
        wkb = connection.execute("select ST_AsBinary(geometrie) from facts.object where collection = %s", [MOSAIC]).fetchall()
        first = connection.execute(
            "select ST_X(geometrie), ST_Y(geometrie) from facts.object where collection = %s and object_id = '000000'", [POINTS]
        ).fetchone()

    assert counts == {"bench-punten": 4_000, "bench-vlakken": 1_000, "bench-mozaiek": 30}
    areas = shapely.from_wkb([row[0] for row in wkb])
    assert shapely.coverage_is_valid(areas)
    # Four borders of 20 vertices, and the first one again.
    assert set(shapely.get_num_coordinates(areas)) == {81}
    assert first == (117_377.912, 430_530.691)


def test_values_of_a_vector_tile_are_found_by_hand() -> None:
    # Layer (field 3): name (1), feature (2), key (3), values "x" and "y" (4; each a message with a text, 1), extent 4096 (5).
    values = b"\x22\x03\x0a\x01x" + b"\x22\x03\x0a\x01y"
    layer = b"\x0a\x01a" + b"\x12\x02\x18\x01" + b"\x1a\x01k" + values + b"\x28\x80\x20"
    assert attribute_values(b"\x1a" + bytes([len(layer)]) + layer) == {b"\x0a\x01x", b"\x0a\x01y"}
