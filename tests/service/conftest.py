"""A small publication that a person can check on paper, behind the real service on a real port."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
import uvicorn

from app.database import Role, connect
from app.layers import read_layers
from app.main import create_app
from app.publish import Published, publish
from app.register.crs import use_grid
from app.settings import Settings

GRID = Path(__file__).parents[3] / "shared" / "data" / "proj"

VIERKANTEN = """
title: Vierkanten
description: Honderd vierkanten van 100 m bij 100 m, tien bij tien.
theme: ruimtebeslag
geometry: polygon
mosaic: true
period: {start: geldig_vanaf, end: geldig_tot}
properties:
  naam: {title: Naam}
  rij: {title: Rij, type: integer}
  breedte_m: {title: Breedte, type: number, unit: m}
  bewoond: {title: Bewoond, type: boolean}
  geldig_vanaf: {title: Geldig vanaf, type: date}
  geldig_tot: {title: Geldig tot, type: date}
"""
PALEN = """
title: Palen
description: Punten op elke 50 m.
theme: infrastructuur
geometry: point
properties:
  nummer: {title: Nummer, type: integer}
  soort: {title: Soort}
"""
SLD = """<?xml version="1.0" encoding="UTF-8"?>
<sld:StyledLayerDescriptor version="1.1.0" xmlns:sld="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se"
  xmlns:ogc="http://www.opengis.net/ogc"><sld:NamedLayer><se:Name>{name}</se:Name><sld:UserStyle><se:Name>{name}</se:Name>
  <se:FeatureTypeStyle><se:Rule><se:Name>alles</se:Name><se:Description><se:Title>{name}</se:Title></se:Description>
  {symbolizer}</se:Rule></se:FeatureTypeStyle></sld:UserStyle></sld:NamedLayer></sld:StyledLayerDescriptor>"""
FILL = '<se:Fill><se:SvgParameter name="fill">#336699</se:SvgParameter></se:Fill>'
SYMBOLIZERS = {
    "vierkanten": f"<se:PolygonSymbolizer>{FILL}</se:PolygonSymbolizer>",
    "palen": "<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName>"
    f"{FILL}</se:Mark><se:Size>6</se:Size></se:Graphic></se:PointSymbolizer>",
}

# The corner of the squares: the control point of RDNAPTRANS2018.
CORNER = (155_000, 463_000)
PALEN_COUNT = 4_000


@pytest.fixture(scope="module")
def settings(database_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings on a database with facts for two layers, and a folder that adds those layers."""
    folder = tmp_path_factory.mktemp("config")
    for layer_id, text in (("vierkanten", VIERKANTEN), ("palen", PALEN)):
        (folder / f"{layer_id}.yaml").write_text(text)
        (folder / f"{layer_id}.sld").write_text(SLD.format(name=layer_id, symbolizer=SYMBOLIZERS[layer_id]))
    with connect(database_settings, Role.IMPORT) as connection:
        deliver(connection, "proef", ("vierkanten", "palen"))
    return database_settings.model_copy(update={"layers": (folder,), "sld": (folder,), "proj": GRID})


def deliver(connection: psycopg.Connection, bron: str, collections: tuple[str, ...]) -> int:
    """Insert a levering with facts as the importer does; supersede the one before it."""
    (levering,) = connection.execute(
        "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report, status)"
        " values (%s, 'Proeflevering', 'Proefprovincie', 'https://creativecommons.org/publicdomain/zero/1.0/deed.nl',"
        " 'https://example.nl', '2026-01-01', '[]', '{}', 'SUPERSEDED') returning id",
        [bron],
    ).fetchone()
    connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = %s and status = 'CURRENT'", [bron])
    connection.execute("update facts.levering set status = 'CURRENT' where id = %s", [levering])
    for collection in collections:
        connection.execute(FACTS[collection], {"levering": levering, "x": CORNER[0], "y": CORNER[1], "count": PALEN_COUNT})
        connection.execute("insert into facts.levering_facts values (%s, %s, 1)", [levering, f"object/{collection}"])
    return levering


FACTS = {
    "vierkanten": """
        insert into facts.object
        select %(levering)s, 'vierkanten', format('v-%%s-%%s', i, j),
            jsonb_build_object('naam', format('Vierkant %%s/%%s', i, j), 'rij', j, 'breedte_m', 100, 'bewoond', i = j,
                'geldig_vanaf', '2022-01-01', 'geldig_tot', case when j = 0 then '2023-01-01' end),
            ST_MakeEnvelope(%(x)s + i * 100, %(y)s + j * 100, %(x)s + i * 100 + 100, %(y)s + j * 100 + 100, 28992)
        from generate_series(0, 9) i, generate_series(0, 9) j
        """,
    "palen": """
        insert into facts.object
        select %(levering)s, 'palen', format('p-%%s', n),
            jsonb_build_object('nummer', n, 'soort', case n %% 4 when 0 then 'hout' else 'staal' end),
            ST_SetSRID(ST_MakePoint(%(x)s + (n %% 50) * 50, %(y)s + (n / 50) * 50), 28992)
        from generate_series(0, %(count)s - 1) n
        """,
}


def publish_all(settings: Settings) -> Published:
    """Publish what the database of a test holds."""
    use_grid(GRID)
    return publish(settings, read_layers(settings.layer_folders), {}, lambda _: None)


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[httpx.Client]:
    """A client of the service that publishes the two layers."""
    publish_all(settings)
    with serving(settings) as client:
        yield client


class serving:  # noqa: N801
    """Run the service on a free port for as long as the block lasts."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> httpx.Client:
        self._thread.start()
        client = httpx.Client(base_url=f"http://127.0.0.1:{self._socket.getsockname()[1]}", timeout=30)
        deadline = time.monotonic() + 30
        while not self._server.started or client.get("/health/live").status_code != 200:
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.05)
        return client

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
