"""The layers of gebieden, derived from four squares of 1 km that stand for gemeenten, of which two merge in 2024.

In 2022 A, B, C and D lie in a row from west to east; A and B are in provincie PV98, C and D in PV99; A is in regio ES97, B and C in
ES98 (across the border), D in ES99. In 2024 D is merged into C, and all of C is then in ES98.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row
from shapely.geometry import MultiPolygon, box

from app.database import Role, connect
from app.layers import Layers, read_layers
from app.settings import Settings

LAYERS = Path(__file__).parents[2] / "layers"
OLD, NEW = "2022-01-01", "2024-01-01"
PROVINCIES = {"GM9001": "PV98", "GM9002": "PV98", "GM9003": "PV99", "GM9004": "PV99"}
REGIOS = {"GM9001": "ES97", "GM9002": "ES98", "GM9003": "ES98", "GM9004": "ES99"}

LEVERING = """
insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)
values ('vierkanten', 'Vierkanten', 'Test', 'https://example.org', 'https://example.org', '2024-01-01', '[]', '{}') returning id
"""

RELATIE = """
insert into facts.gebied_relatie (levering_id, kind_code, ouder_code, ouder_soort, ouder_naam, geldig_vanaf, geldig_tot)
values (%s, %s, %s, %s, %s, %s, %s)
"""

type Row = dict[str, object]


@pytest.fixture(scope="module")
def connection(database_settings: Settings) -> Iterator[psycopg.Connection]:
    with connect(database_settings, Role.IMPORT) as opened:
        row = opened.execute(LEVERING).fetchone()
        assert row is not None
        _deliver_gebieden(opened, row[0])
        _deliver_relations(opened, row[0])
        yield opened
        opened.rollback()


@pytest.fixture(scope="module")
def layers() -> Layers:
    return read_layers((LAYERS,))


def test_gemeenten_are_those_of_the_newest_division(connection: psycopg.Connection, layers: Layers) -> None:
    found = _features(connection, layers, "gemeenten")
    assert [(each["id"], each["oppervlakte_ha"]) for each in found] == [("GM9001", 100.0), ("GM9002", 100.0), ("GM9003", 200.0)]
    assert [each["regio_code"] for each in found] == ["ES97", "ES98", "ES98"]
    assert [each["provincie_naam"] for each in found] == ["Provincie 98", "Provincie 98", "Provincie 99"]


def test_the_history_keeps_every_division_with_its_period(connection: psycopg.Connection, layers: Layers) -> None:
    found = {each["id"]: each for each in _features(connection, layers, "gemeenten-historie")}
    assert len(found) == 7
    assert str(found["GM9004-2022"]["geldig_tot"]) == NEW
    assert found["GM9004-2022"]["regio_code"] == "ES99"
    assert found["GM9003-2024"]["geldig_tot"] is None


def test_a_regio_is_its_gemeenten_and_may_cross_a_provincial_border(connection: psycopg.Connection, layers: Layers) -> None:
    found = {each["id"]: each for each in _features(connection, layers, "regios")}
    assert set(found) == {"ES97", "ES98"}
    assert found["ES98"]["provincies"] == "Provincie 98, Provincie 99"
    assert (found["ES98"]["aantal_gemeenten"], found["ES98"]["oppervlakte_ha"], found["ES98"]["rings"]) == (2, 300.0, 1)


def test_old_regios_are_dissolved_from_old_gemeenten(connection: psycopg.Connection, layers: Layers) -> None:
    found = {each["id"]: each["oppervlakte_ha"] for each in _features(connection, layers, "regios-historie")}
    assert found == {"ES97-2022": 100.0, "ES98-2022": 200.0, "ES99-2022": 100.0, "ES97-2024": 100.0, "ES98-2024": 300.0}


def test_provincies_count_the_gemeenten_of_the_newest_division(connection: psycopg.Connection, layers: Layers) -> None:
    found = [(each["id"], each["aantal_gemeenten"]) for each in _features(connection, layers, "provincies")]
    assert found == [("PV98", 2), ("PV99", 1)]
    old = [(each["id"], each["aantal_gemeenten"]) for each in _features(connection, layers, "provincies-historie")]
    assert old == [("PV98-2022", 2), ("PV99-2022", 2)]


def _features(connection: psycopg.Connection, layers: Layers, layer_id: str) -> list[Row]:
    layer = layers[layer_id]
    columns = ", ".join(["id", *layer.properties, "ST_NRings(geometrie) as rings"])
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(f"select {columns} from ({layer.sql}) as feature order by id".encode()).fetchall()


def _deliver_gebieden(connection: psycopg.Connection, levering: int) -> None:
    before = {"GM9001": (1, 2), "GM9002": (2, 3), "GM9003": (3, 4), "GM9004": (4, 5)}
    after = {"GM9001": (1, 2), "GM9002": (2, 3), "GM9003": (3, 5)}
    for code, (west, east) in before.items():
        _deliver_gebied(connection, (levering, code, "GEMEENTE", OLD, NEW), west, east)
    for code, (west, east) in after.items():
        _deliver_gebied(connection, (levering, code, "GEMEENTE", NEW, None), west, east)
    _deliver_gebied(connection, (levering, "PV98", "PROVINCIE", OLD, None), 1, 3)
    _deliver_gebied(connection, (levering, "PV99", "PROVINCIE", OLD, None), 3, 5)


def _deliver_gebied(connection: psycopg.Connection, what: tuple[int, str, str, str, str | None], west: int, east: int) -> None:
    levering, code, soort, start, end = what
    shape = MultiPolygon([box(100_000 + west * 1_000, 450_000, 100_000 + east * 1_000, 451_000)])
    connection.execute(
        "insert into facts.gebied (levering_id, code, soort, naam, geldig_vanaf, geldig_tot, geometrie)"
        " values (%s, %s, %s, %s, %s, %s, ST_GeomFromText(%s, 28992))",
        [levering, code, soort, f"Naam van {code}", start, end, shape.wkt],
    )


def _deliver_relations(connection: psycopg.Connection, levering: int) -> None:
    for start, end, codes in ((OLD, NEW, list(PROVINCIES)), (NEW, None, list(PROVINCIES)[:3])):
        for code in codes:
            provincie, regio = PROVINCIES[code], REGIOS[code]
            for parent, soort, name in ((provincie, "PROVINCIE", f"Provincie {provincie[2:]}"), (regio, "REGIO", f"Regio {regio[2:]}")):
                connection.execute(RELATIE, [levering, code, parent, soort, name, start, end])
