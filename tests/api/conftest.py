"""A small country whose figures a person can add up, behind the real service.

Four squares of 1 km: Aa and Bee in province PV25, Cee and Dee in PV26; region ES09 holds Bee and Cee and so lies in both. Until 2023
Dee was two gemeenten. The published figures are inserted as publishing would leave them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.beeld.columns import ALL
from app.database import Role, connect
from app.publish.gebieden import build_gebieden
from app.register.crs import use_grid
from app.settings import Settings
from tests.conftest import DATA, fresh_database
from tests.running import served

GEBIEDEN_TABLE = "gebieden_0123456789ab"
FIGURES_TABLE = "cijfers_0123456789ab"
NEWEST = dt.date(2023, 1, 1)
SQUARES = {"GM0001": ("Aa", 0), "GM0002": ("Bee", 1), "GM0003": ("Cee", 2), "GM0004": ("Dee", 3)}
PARENTS = {
    "GM0001": {"PV25": "Gelderland"},
    "GM0002": {"PV25": "Gelderland", "ES09": "Foodvalley"},
    "GM0003": {"PV26": "Utrecht", "ES09": "Foodvalley"},
    "GM0004": {"PV26": "Utrecht"},
}
LEVELS = {"PV": "PROVINCIE", "ES": "REGIO", "NL": "LAND"}
TYPES = {"text": "text", "integer": "bigint", "number": "double precision", "date": "date", "list": "text[]"}
FIGURE = {
    "energiebeeld": "NL01-2026-0.1",
    "niveau": "GEMEENTE",
    "thema": "VRAAG",
    "indicator": "finale-vraag",
    "drager": "ELEKTRICITEIT",
    "keten": "ELEKTRICITEIT",
    "subsector": "WONINGEN",
    "hoofdsector": "WONEN",
    "techniek": "",
    "richting": "",
    "jaar": 2023,
    "beeld": "HUIDIG",
    "indeling": NEWEST,
    "soort": "REALISATIE",
    "herkomst": "CONCEPT_RIJK",
    "kwaliteit": "GEMODELLEERD",
    "eenheid": "TJ",
    "bron": "etlocal-2023",
    "peiljaar": 2023,
    "levering_id": 1,
}
ORIGIN = {
    "levering_id": 1,
    "bron": "etlocal-2023",
    "title": "Energietransitiemodel, gemeenten 2023",
    "publisher": "Quintel",
    "license": "https://opensource.org/license/mit",
    "homepage": "https://energytransitionmodel.com/",
    "attribution": None,
    "peildatum": "2023-12-31",
    "demo": False,
}
VERDICT = {"herkomst": "AFGELEID", "levering_id": None, "kinderen": 2, "ontbrekend": []}


def figure(gebied: str, waarde: float | None, **other: object) -> dict[str, object]:
    """Return a row as publishing writes it."""
    names = {code: name for code, (name, _) in SQUARES.items()} | {"PV25": "Gelderland", "PV26": "Utrecht", "ES09": "Foodvalley"}
    empty = {"reden_leeg": "ONBEKEND"} if waarde is None else {}
    return FIGURE | {"gebied": gebied, "gebied_naam": names.get(gebied, gebied), "waarde": waarde} | empty | other


GAS = {"drager": "AARDGAS", "keten": "KOOLSTOF"}
PEAK = {"indicator": "piekvraag", "eenheid": "MW", "subsector": "", "hoofdsector": ""}
FIGURES = (
    figure("GM0001", 10.0),
    figure("GM0002", 20.0),
    figure("GM0003", 30.0, methode="=1+1"),
    figure("GM0004", None, reden_leeg="ONTHULLING"),
    figure("GM0001", 1.5, subsector="DIENSTEN", hoofdsector="WERKEN"),
    figure("GM0001", 31.65, **GAS),
    figure("GM0002", 63.3, **GAS),
    figure("GM0001", 11.5, subsector="", hoofdsector=""),
    figure("GM0001", 12.0, jaar=2030, beeld="II3050V3_KM", soort="BEELD"),
    figure("GM0001", 7.0, **PEAK),
    figure("GM0002", 8.0, **PEAK),
    figure("PV25-NTI", 2.0, niveau="NTI"),
    figure("PV25", 32.0, niveau="PROVINCIE", som=30.0, rest=2.0, oordeel="SLUITEND_MET_REST", **VERDICT),
    figure("PV26", None, niveau="PROVINCIE", som=30.0, oordeel="ONVOLLEDIG", **(VERDICT | {"ontbrekend": ["GM0004"]})),
    figure("ES09", 50.0, niveau="REGIO", som=50.0, geleverd=49.0, verschil=-1.0, oordeel="NIET_SLUITEND", **VERDICT),
    figure("PV25", 14.0, niveau="PROVINCIE", geleverd=14.0, oordeel="NIET_OPTELBAAR", **(PEAK | VERDICT)),
)


def create_figures(connection: psycopg.Connection, rows: Sequence[dict[str, Any]], name: str = FIGURES_TABLE) -> None:
    """Make the published table of the contract and number the rows."""
    columns = ", ".join(f"{column.stored} {TYPES[column.kind]}" for column in ALL)
    connection.execute(f"create table publication.{name} (rij bigint primary key, {columns})")
    stored = [column.stored for column in ALL]
    with connection.cursor().copy(f"copy publication.{name} (rij, {', '.join(stored)}) from stdin") as copy:
        for number, row in enumerate(rows, 1):
            copy.write_row((number, *(row.get(each) for each in stored)))
    for each in ("gebied", "niveau", "thema", "indicator", "drager", "jaar", "beeld", "energiebeeld"):
        connection.execute(f"create index on publication.{name} ({each}, rij)")


def publish_tables(connection: psycopg.Connection, versie: str, tables: dict[str, tuple[str, int]]) -> None:
    """Register tables as what is published now."""
    (publication,) = connection.execute("insert into publication.publication (versie) values (%s) returning id", [versie]).fetchone()
    for kind, (table, count) in tables.items():
        connection.execute(
            "with version as (insert into publication.layer_version (layer_id, table_name, input_hash, description)"
            " values (%s, %s, %s, %s) returning id)"
            " insert into publication.publication_layer select %s, id from version",
            [kind, table, table, Jsonb({"count": count, "origins": [ORIGIN]}), publication],
        )
    connection.execute(
        "insert into publication.current_publication (publication_id) values (%s)"
        " on conflict (only_row) do update set publication_id = excluded.publication_id",
        [publication],
    )


def deliver_gebieden(connection: psycopg.Connection) -> None:
    """Insert the squares, their parents, and how Dee came to be."""
    (levering,) = connection.execute(
        "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
        " values ('proef', 'Proef', 'Proef', 'https://creativecommons.org/publicdomain/zero/1.0/', 'https://example.nl', '2026-01-01',"
        " '[]', '{}') returning id"
    ).fetchone()
    old = dt.date(2022, 1, 1)
    squares = [(code, naam, place, old if code != "GM0004" else NEWEST, None) for code, (naam, place) in SQUARES.items()]
    squares += [("GM0008", "Dee-Noord", 3, old, NEWEST), ("GM0009", "Dee-Zuid", 3.5, old, NEWEST)]
    for code, naam, place, since, until in squares:
        width = 500 if until else 1000
        connection.execute(
            "insert into facts.gebied values (%(levering)s, %(code)s, 'GEMEENTE', %(naam)s, %(since)s, %(until)s,"
            " ST_Multi(ST_MakeEnvelope(%(x)s, 463000, %(x)s + %(width)s, 464000, 28992)))",
            {"levering": levering, "code": code, "naam": naam, "since": since, "until": until, "x": 155_000 + place * 1000, "width": width},
        )
    for code, _, _, since, until in squares:
        for parent, naam in PARENTS.get(code, {"PV26": "Utrecht"}).items():
            connection.execute(
                "insert into facts.gebied_relatie values (%s, %s, %s, %s, %s, %s, %s)",
                [levering, code, parent, LEVELS[parent[:2]], naam, since, until],
            )
    connection.execute(
        "insert into facts.energiebeeld (levering_id, id, gebied, ronde, versie, status, opsteller, peildatum)"
        " values (%s, 'NL01-2026-0.1', 'NL01', '2026', '0.1', 'CONCEPT', 'Rijk', '2026-01-01')",
        [levering],
    )
    for code in ("GM0008", "GM0009"):
        connection.execute(
            "insert into facts.gebied_opvolging values (%s, %s, 'GM0004', %s, 'FUSIE', 1, 'GEHEEL')", [levering, code, NEWEST]
        )


@pytest.fixture(scope="session")
def country(postgis, tmp_path_factory) -> Iterator[Settings]:
    """Settings on a database where the small country is published. For reading only: all tests share it."""
    use_grid(DATA / "proj")
    with fresh_database(postgis, tmp_path_factory.mktemp("land")) as settings:
        with connect(settings, Role.IMPORT) as connection:
            deliver_gebieden(connection)
            count = build_gebieden(connection, GEBIEDEN_TABLE)
            create_figures(connection, FIGURES)
            publish_tables(connection, "proef-1", {"gebieden": (GEBIEDEN_TABLE, count), "cijfers": (FIGURES_TABLE, len(FIGURES))})
        yield settings


@pytest.fixture(scope="session")
def service(country) -> Iterator[httpx.Client]:
    """A client of the service that publishes the small country."""
    with served(country) as running, httpx.Client(base_url=f"{running.address}/v1", timeout=30) as client:
        yield client


def problem_of(answer: httpx.Response, status: int) -> list[str]:
    """Return the faults of a refusal, checked to be problem+json in Dutch."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    return [each["detail"] for each in document.get("errors", [])] or [document["detail"]]


def _energy() -> tuple[dict[str, object], ...]:
    """Figures to reckon with: totals beside their parts, a potential, what smooths, gaps, later years and a second energiebeeld."""
    total = {"subsector": "", "hoofdsector": ""}
    diesel = {"drager": "DIESEL", "keten": "KOOLSTOF", "subsector": "WEGVERKEER", "hoofdsector": "VERVOER"}
    supply = {"thema": "AANBOD", "indicator": "productie", **total}
    power = {"thema": "OPSLAG", **total, "eenheid": "MW"}
    people = {"thema": "GEBIED", "indicator": "inwoners", "drager": "", "keten": "", **total, "eenheid": "aantal"}
    later, own = {"soort": "BEELD", "beeld": "II3050V3_KM"}, {"energiebeeld": "ES09-2026-1.0"}
    return (
        figure("GM0001", 10.0),
        figure("GM0001", 1.5, subsector="DIENSTEN", hoofdsector="WERKEN"),
        figure("GM0001", 11.5, **total),
        figure("GM0001", 5.0, richting="FLEX", **total),
        figure("GM0001", 31.65, **GAS),
        figure("GM0001", None, drager="WARMTE_NET", keten="WARMTE", reden_leeg="ONTHULLING"),
        figure("GM0001", 8.0, **diesel),
        figure("GM0001", 8.0, jaar=2022),
        figure("GM0001", 12.0, jaar=2030, **later),
        figure("GM0001", 14.0, jaar=2050, **later),
        figure("GM0001", 15.0, jaar=2050, **(later | {"beeld": "II3050V3_EV"})),
        figure("GM0001", 6.0, **supply, techniek="ZON_PV"),
        figure("GM0001", 4.0, **supply, techniek="ZON_PV_KLEIN"),
        figure("GM0001", 2.0, **supply, techniek="ZON_PV_GROOT"),
        figure("GM0001", 3.5, **(supply | {"subsector": "WONINGEN", "hoofdsector": "WONEN"}), techniek="ZON_PV"),
        figure("GM0001", 9.0, **supply, techniek="WIND_LAND"),
        figure("GM0001", 100.0, **supply, techniek="WATERKRACHT", soort="POTENTIE"),
        figure("GM0001", 7.0, **PEAK),
        figure("GM0001", 0.5, **power, indicator="opslagvermogen", techniek="BATTERIJ"),
        figure("GM0001", 2.0, **(power | {"eenheid": "MWh"}), indicator="opslagcapaciteit", techniek="BATTERIJ"),
        figure("GM0001", 1.0, **power, indicator="conversievermogen", techniek="ELEKTROLYSER", richting="IN"),
        figure("GM0001", 0.7, **power, indicator="conversievermogen", techniek="ELEKTROLYSER", richting="UIT"),
        figure("GM0001", 1200.0, **(GAS | {"indicator": "gas-per-woning", "eenheid": "m3"})),
        figure("GM0001", 1000.0, **people),
        figure("GM0002", 20.0),
        figure("GM0002", 5.0, **supply, techniek="WIND_LAND"),
        figure("GM0002", 4000.0, **people),
        figure("GM0003", 3.0, **(supply | {"subsector": "WONINGEN", "hoofdsector": "WONEN"})),
        figure("GM0003", 4.0, **(supply | {"subsector": "DIENSTEN", "hoofdsector": "WERKEN"})),
        figure("GM0003", 6.0, **supply, techniek="ZON_PV"),
        figure("PV25", 32.0, niveau="PROVINCIE", som=30.0, rest=2.0, oordeel="SLUITEND_MET_REST", **VERDICT),
        figure("PV25-NTI", 2.0, niveau="NTI"),
        figure("GM0002", 21.0, **own, herkomst="CORRECTIE_GEBIED"),
    )


@pytest.fixture(scope="session")
def analysed(postgis, tmp_path_factory) -> Iterator[httpx.Client]:
    """A client of the service that publishes figures to reckon with. For reading only: all tests share it."""
    use_grid(DATA / "proj")
    with fresh_database(postgis, tmp_path_factory.mktemp("rekenen")) as settings:
        with connect(settings, Role.IMPORT) as connection:
            deliver_gebieden(connection)
            count = build_gebieden(connection, GEBIEDEN_TABLE)
            create_figures(connection, _energy())
            publish_tables(connection, "proef-1", {"gebieden": (GEBIEDEN_TABLE, count), "cijfers": (FIGURES_TABLE, len(_energy()))})
        with served(settings) as running, httpx.Client(base_url=f"{running.address}/v1", timeout=30) as client:
            yield client
