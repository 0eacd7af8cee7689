"""The layer of signals: what is known is held against every opgave once, and again only where something changed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import psycopg
import pytest
import yaml
from psycopg.types.json import Jsonb

from app.database import Role, connect
from app.settings import Settings

from ..conftest import PostGIS, fresh_database
from ..service.conftest import FILL, SLD, publish_all, serving
from .conftest import OBJECTEN, POLYGON, X, Y, deliver_opgaven

POINT = (
    "<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName>"
    f"{FILL}</se:Mark><se:Size>6</se:Size></se:Graphic></se:PointSymbolizer>"
)
# Id → (metres east, metres north, properties).
type Objects = Mapping[str, tuple[float, float, dict[str, Any]]]
TURBINE = {"objecttype": "WINDTURBINE", "naam": "Molen", "vermogen_mw": 3, "status": "BESTAAND"}
OBJECTS: Objects = {
    "te-hoog": (7_000, 1_000, {**TURBINE, "tiphoogte_m": 200}),
    "hoogte-onbekend": (7_500, 1_500, TURBINE),
    "put-west": (-11_000, -11_000, {"objecttype": "WKO", "naam": "Bron", "boordiepte_m": 80}),
    "in-het-water": (-11_500, 4_500, {"objecttype": "WKO", "naam": "Bron", "oppervlakte_ha": 1}),
    "vrij": (-19_000, -19_000, TURBINE),
    "vervallen": (7_000, 1_200, {**TURBINE, "status": "VERVALLEN"}),
    "zonder-regels": (7_000, 1_300, {"objecttype": "RESTWARMTEBRON", "naam": "Fabriek"}),
}


def deliver_objects(settings: Settings, objects: Objects) -> None:
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = 'objecten'")
        (levering,) = connection.execute(
            "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
            " values ('objecten', 'Objecten', 'Proef', 'https://creativecommons.org/publicdomain/zero/1.0/', 'https://example.nl',"
            " '2026-01-01', '[]', '{}') returning id"
        ).fetchone()  # type: ignore[misc]
        for object_id, (east, north, properties) in objects.items():
            connection.execute(
                "insert into facts.object values (%s, 'proef-objecten', %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 28992))",
                [levering, object_id, Jsonb(properties), X + east, Y + north],
            )
        connection.execute("insert into facts.levering_facts values (%s, 'object/proef-objecten', %s)", [levering, len(objects)])


@pytest.fixture(scope="module")
def known(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with the opgaven and a layer of energy objects, delivered and published."""
    folder = tmp_path_factory.mktemp("objecten")
    (folder / "proef-objecten.yaml").write_text(yaml.safe_dump(OBJECTEN))
    (folder / "proef-objecten.sld").write_text(SLD.format(name="proef-objecten", symbolizer=POINT))
    both = settings.model_copy(update={"layers": (*settings.layers, folder), "sld": (*settings.sld, folder)})
    deliver_objects(both, OBJECTS)
    publish_all(both)
    return both


@pytest.fixture(scope="module")
def signals(known: Settings) -> Iterator[httpx.Client]:
    with serving(known) as client:
        yield client


def rows_of(client: httpx.Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/v1/collections/overlapsignalen/items?limit=1000{query}")
    assert answer.status_code == 200, answer.text
    return [each["properties"] for each in answer.json()["features"]]


def test_every_object_is_signalled_with_what_the_rules_say_of_it(signals: httpx.Client) -> None:
    told = {(each["object_id"], each["beperking"]): each for each in rows_of(signals)}
    assert told["te-hoog", "LV-LIB"]["ernst"] == "UITSLUITING"
    assert told["hoogte-onbekend", "LV-LIB"]["ernst"] == "AANDACHTSPUNT"
    assert told["put-west", "WB-BVZ"]["provincie_regel"] is True
    water = told["in-het-water", "WB-GWB"]
    assert (water["ernst"], water["overlap_m2"], water["aandeel_pct"]) == ("UITSLUITING", 10_000.0, 100.0)
    assert (water["opgave_naam"], water["kader"], water["bron"], water["peildatum"]) == (
        "Put",
        "WATER_BODEM",
        "Proeflevering",
        "2026-01-01",
    )
    assert {object_id for object_id, _ in told} == {"te-hoog", "hoogte-onbekend", "put-west", "in-het-water"}


def test_signals_are_filtered_like_any_layer(signals: httpx.Client) -> None:
    assert {each["object_id"] for each in rows_of(signals, "&ernst=UITSLUITING")} == {"te-hoog", "in-het-water"}
    assert {each["object_id"] for each in rows_of(signals, "&beperking=WB-BVZ")} == {"put-west"}
    # Both drawings of the put are there, each with its own id.
    assert [each["opgave_id"] for each in rows_of(signals, "&object_id=in-het-water")] == ["put", "put-nogmaals"]


def test_published_objects_are_tested_by_their_id(signals: httpx.Client) -> None:
    body = {"objecten": [{"laag": "proef-objecten", "id": "te-hoog"}, {"laag": "proef-objecten", "id": "vrij"}]}
    first, second = signals.post("/v1/overlaptoetsen", json=body).json()["toetsen"]
    assert (first["object"]["id"], first["ernst"]) == ("te-hoog", "UITSLUITING")
    assert (second["object"]["naam"], second["ernst"], second["bevindingen"]) == ("Molen", "GEEN", [])
    unknown = signals.post("/v1/overlaptoetsen", json={"objecten": [{"laag": "proef-objecten", "id": "geen-molen"}]})
    assert unknown.status_code == 400
    assert "geen object 'geen-molen'" in unknown.text


def table_of(settings: Settings) -> str:
    with connect(settings, Role.IMPORT) as connection:
        row = connection.execute(
            "select table_name from publication.layer_version join publication.publication_layer on layer_version_id = layer_version.id"
            " join publication.current_publication using (publication_id) where layer_id = 'overlap'"
        ).fetchone()
    assert row is not None
    return str(row[0])


def signals_in(settings: Settings) -> list[tuple[object, ...]]:
    table = table_of(settings)
    with connect(settings, Role.IMPORT) as connection:
        signals = connection.execute(f"select * from publication.{table}_signalen order by id").fetchall()
        gebieden = connection.execute(f"select * from publication.{table}_gebieden order by 1, 2, 3").fetchall()
        return signals + gebieden + connection.execute(f"select * from publication.{table}_kaart order by 1, 2").fetchall()


def test_a_changed_object_is_tested_again_and_nothing_else(known: Settings) -> None:
    marked = "Dit staat er al."
    with connect(known, Role.IMPORT) as connection:
        connection.execute(f"update publication.{table_of(known)} set reden = %s where object_id <> 'hoogte-onbekend'", [marked])
    moved = {**OBJECTS, "hoogte-onbekend": (7_500, 1_500, {**TURBINE, "tiphoogte_m": 180})}
    deliver_objects(known, moved)
    publish_all(known)
    table = table_of(known)
    with connect(known, Role.IMPORT) as connection:
        told = connection.execute(
            f"select object_id, ernst, reden = %s from publication.{table}_signalen where beperking = 'LV-LIB'", [marked]
        )
        # The one that is known now is excluded; the others were taken over as they stood.
        assert sorted(told) == [("hoogte-onbekend", "UITSLUITING", False), ("te-hoog", "UITSLUITING", True)]


def test_what_changes_bit_by_bit_is_what_is_made_at_once(
    postgis: PostGIS, known: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    deliver_objects(known, {**OBJECTS, "nieuw": (7_100, 1_100, TURBINE)})
    with connect(known, Role.IMPORT) as connection:
        _move_natura(connection)
    publish_all(known)
    with fresh_database(postgis, tmp_path_factory.mktemp("ineens")) as fresh:
        at_once = in_database_of(known, fresh)
        with connect(at_once, Role.IMPORT) as connection:
            deliver_opgaven(connection)
            _move_natura(connection)
        deliver_objects(at_once, {**OBJECTS, "nieuw": (7_100, 1_100, TURBINE)})
        publish_all(at_once)
        assert signals_in(known) == signals_in(at_once)


def in_database_of(settings: Settings, other: Settings) -> Settings:
    """These settings on the database of others."""
    names = ("home", "database_url", "database_url_import", "database_url_read")
    return settings.model_copy(update={each: getattr(other, each) for each in names})


# In Natura 2000, each of them with a signal: forty in PV97, and one in PV98.
PARK: Objects = {"oost": (1_500, 500, TURBINE)} | {f"molen-{number}": (-4_500 + 100 * number, 500, TURBINE) for number in range(40)}
MOVED = {**PARK, "molen-0": (-4_500, 600, TURBINE)}
LESS = {name: each for name, each in PARK.items() if name != "molen-2"} | {"molen-1": (-4_400, 600, TURBINE)}
# What is delivered one after the other, how much larger Natura 2000 is by then (metres), whether that version stands on the first, and
# which signals it found itself.
STEPS: list[tuple[Objects, int, bool, list[str]]] = [
    (MOVED, 0, True, ["molen-0"]),
    # Back where it was: what the first version said of it does not hold again by itself.
    (PARK, 0, True, ["molen-0"]),
    (LESS, 0, True, ["molen-0", "molen-1"]),
    # A larger area is held against all of them: the signals are then too many for the next to stand upon.
    (LESS, 1_000, True, sorted(LESS)),
    (PARK, 1_000, False, sorted(PARK)),
]


def test_a_version_stands_on_an_earlier_one_until_too_much_changed(
    postgis: PostGIS, known: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        fresh_database(postgis, tmp_path_factory.mktemp("stap")) as stepwise,
        fresh_database(postgis, tmp_path_factory.mktemp("heel")) as whole,
    ):
        growing = in_database_of(known, stepwise)
        with connect(growing, Role.IMPORT) as connection:
            deliver_opgaven(connection)
        deliver_objects(growing, PARK)
        publish_all(growing)
        first = table_of(growing)
        for objects, wider, stands, found in STEPS:
            deliver_objects(growing, objects)
            _grow_natura(growing, wider)
            publish_all(growing)
            with connect(growing, Role.IMPORT) as connection:
                own = connection.execute(f"select distinct object_id from publication.{table_of(growing)} order by 1").fetchall()
                row = connection.execute("select pg_get_viewdef(%s::regclass)", [f"publication.{table_of(growing)}_signalen"]).fetchone()
            assert [name for (name,) in own] == found
            assert row is not None
            assert (first in row[0]) == stands
        at_once = in_database_of(known, whole)
        with connect(at_once, Role.IMPORT) as connection:
            deliver_opgaven(connection)
        deliver_objects(at_once, PARK)
        _grow_natura(at_once, 1_000)
        publish_all(at_once)
        assert signals_in(growing) == signals_in(at_once)
        with connect(growing, Role.IMPORT) as connection:
            hit = connection.execute(f"select code, zwaarwegend from publication.{table_of(growing)}_gebieden where zwaarwegend > 0")
            assert dict(hit.fetchall()) == {"PV97": 40, "PV98": 1}


def _grow_natura(settings: Settings, metres: int) -> None:
    """Deliver the area of Natura 2000 anew when it is to be larger than it was."""
    with connect(settings, Role.IMPORT) as connection:
        changed = connection.execute(
            "update facts.object set geometrie = ST_MakeEnvelope(%s, %s, %s, %s, 28992) where collection = 'proef-natura'"
            " and ST_YMax(geometrie) < %s",
            [X - 5_000, Y, X + 5_000, Y + 5_000 + metres, Y + 5_000 + metres],
        )
        if changed.rowcount:
            (levering,) = connection.execute(
                "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
                " select 'natuur', title, publisher, license, homepage, peildatum, files, report from facts.levering where bron = 'proef'"
                " limit 1 returning id"
            ).fetchone()  # type: ignore[misc]
            connection.execute("update facts.object set levering_id = %s where collection = 'proef-natura'", [levering])
            connection.execute("update facts.levering_facts set levering_id = %s where facts = 'object/proef-natura'", [levering])


def test_what_begins_and_ends_to_hold_is_tested_on_the_day(
    postgis: PostGIS, known: Settings, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("tijdelijk")
    properties = {name: {"title": name, "type": "date"} for name in ("vanaf", "tot")}
    declared = {"title": "Tijdelijk", "description": "Proef.", "theme": "gebiedsopgaven", "geometry": "polygon"}
    opgave = {"opgave": {"beperking": "NA-N2K"}, "period": {"start": "vanaf", "end": "tot"}, "properties": properties}
    (folder / "proef-tijdelijk.yaml").write_text(yaml.safe_dump({**declared, **opgave}))
    (folder / "proef-tijdelijk.sld").write_text(SLD.format(name="proef-tijdelijk", symbolizer=POLYGON))
    with fresh_database(postgis, tmp_path_factory.mktemp("dag")) as fresh:
        own = in_database_of(known, fresh).model_copy(update={"layers": (*known.layers, folder), "sld": (*known.sld, folder)})
        deliver_objects(own, OBJECTS)
        with connect(own, Role.IMPORT) as connection:
            deliver_opgaven(connection)
            connection.execute(
                'insert into facts.object select id, \'proef-tijdelijk\', \'tijdelijk\', \'{"vanaf": "2030-01-01", "tot": "2031-01-01"}\','
                " ST_MakeEnvelope(%s, %s, %s, %s, 28992) from facts.levering where bron = 'objecten'",
                [X - 20_000, Y - 20_000, X - 18_000, Y - 18_000],
            )
            connection.execute(
                "insert into facts.levering_facts select id, 'object/proef-tijdelijk', 1 from facts.levering where bron = 'objecten'"
            )
        found = {}
        for day in (dt.date(2029, 12, 31), dt.date(2030, 1, 1), dt.date(2031, 1, 1)):
            monkeypatch.setattr("app.publish.configured.today", lambda day=day: day)
            publish_all(own)
            with connect(own, Role.IMPORT) as connection:
                found[day.year] = connection.execute(
                    f"select opgave_id from publication.{table_of(own)}_signalen where object_id = 'vrij'"
                ).fetchall()
        assert found == {2029: [], 2030: [("tijdelijk",)], 2031: []}


def _move_natura(connection: psycopg.Connection) -> None:
    """Let the area grow over the turbine that was free, and let turbines be higher under the flight path."""
    connection.execute(
        "update facts.object set eigenschappen = eigenschappen || '{\"hoogte_max_m\": 250}' where collection = 'proef-luchthaven'"
    )
    connection.execute(
        "update facts.object set geometrie = ST_MakeEnvelope(%s, %s, %s, %s, 28992) where collection = 'proef-natura'",
        [X - 20_000, Y - 20_000, X + 5_000, Y + 5_000],
    )
    connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = 'proef'")
    (levering,) = connection.execute(
        "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
        " select 'proef', title, publisher, license, homepage, peildatum, files, report from facts.levering where bron = 'proef'"
        " order by id desc limit 1 returning id"
    ).fetchone()  # type: ignore[misc]
    for table in ("object", "brondekking", "gebied", "levering_facts"):
        connection.execute(
            f"update facts.{table} set levering_id = %s where levering_id < %s and levering_id in"
            " (select id from facts.levering where bron = 'proef')",
            [levering, levering],
        )
