"""Invented gebiedsopgaven in squares of round hectares, delivered, published and served; a person can check every answer on paper."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import psycopg
import pytest
import yaml

from app.database import Role, connect
from app.settings import Settings

from ..service.conftest import FILL, GRID, SLD, publish_all, serving

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
POLYGON = f"<se:PolygonSymbolizer>{FILL}</se:PolygonSymbolizer>"
# The corner of everything: the control point of RDNAPTRANS2018.
X, Y = 155_000, 463_000

type Box = tuple[float, float, float, float]


def box(west: float, south: float, east: float, north: float) -> Box:
    """A rectangle in metres from the corner."""
    return X + west, Y + south, X + east, Y + north


# Layer → (its opgave, features as (id, box, properties), where it is complete).
COMPLETE = box(-20_000, -20_000, 20_000, 20_000)
OPGAVEN: Mapping[str, tuple[dict[str, object], list[tuple[str, Box, dict[str, object]]], Box | None]] = {
    # Everything north of the corner: a square of 100 m by 100 m around it is half covered.
    "proef-natura": (
        {"beperking": "NA-N2K", "nauwkeurigheid_m": 5},
        [("natuur", box(-5_000, 0, 5_000, 5_000), {"naam": "Proefnatuur"})],
        COMPLETE,
    ),
    "proef-luchthaven": (
        {"beperking": "LV-LIB", "hoogte_max": "hoogte_max_m"},
        [("lib", box(6_000, 0, 8_000, 2_000), {"naam": "Hoogtevlak", "hoogte_max_m": 150})],
        COMPLETE,
    ),
    "proef-boringsvrij": (
        {"beperking": "WB-BVZ"},
        [
            ("west", box(-12_000, -12_000, -10_000, -10_000), {"naam": "Kleilaag west"}),
            ("oost", box(10_000, -12_000, 12_000, -10_000), {"naam": "Kleilaag oost"}),
        ],
        COMPLETE,
    ),
    # Twice the same square, as the layers of Zeeland were delivered.
    "proef-grondwater": (
        {"beperking": "WB-GWB"},
        [
            ("put", box(-12_000, 4_000, -10_000, 6_000), {"naam": "Put"}),
            ("put-nogmaals", box(-12_000, 4_000, -10_000, 6_000), {"naam": "Put"}),
        ],
        COMPLETE,
    ),
    "proef-afwegingskader": (
        {"per": "klasse", "beperkingen": {"niet bouwen": "WB-RAK"}},
        [
            ("rood", box(10_000, 4_000, 12_000, 6_000), {"naam": "Uiterwaard", "klasse": "niet bouwen"}),
            ("groen", box(12_000, 4_000, 14_000, 6_000), {"naam": "Zandrug", "klasse": "geen opgave"}),
        ],
        COMPLETE,
    ),
    # Known to be complete in the west only.
    "proef-woningbouw": (
        {"beperking": "WO-PLN"},
        [("wijk", box(-16_000, 0, -15_000, 1_000), {"naam": "Nieuwe wijk"})],
        box(-20_000, -20_000, 0, 20_000),
    ),
    # Nobody says where it is complete.
    "proef-stilte": ({"beperking": "NA-STI"}, [("stil", box(0, -9_000, 1_000, -8_000), {"naam": "Stille hoek"})], None),
}
PROPERTIES = {
    "naam": {"title": "Naam"},
    "klasse": {"title": "Klasse"},
    "hoogte_max_m": {"title": "Hoogste hoogte", "type": "number", "unit": "m"},
    "bevoegd_gezag": {"title": "Bevoegd gezag"},
}
OBJECTEN = {
    "title": "Proefobjecten",
    "description": "Energieobjecten van de proef.",
    "theme": "aanbod",
    "geometry": "point",
    "label": "naam",
    "properties": {
        "naam": {"title": "Naam"},
        "objecttype": {"title": "Objecttype"},
        "status": {"title": "Status"},
        **{name: {"title": name, "type": "number"} for name in ("vermogen_mw", "tiphoogte_m", "boordiepte_m", "oppervlakte_ha")},
    },
}
PROVINCIES = {"PV97": box(-20_000, -20_000, 0, 20_000), "PV98": box(0, -20_000, 20_000, 20_000)}


@pytest.fixture(scope="module")
def settings(database_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings on a database with the opgaven delivered, and a folder with their layers."""
    folder = tmp_path_factory.mktemp("config")
    for layer_id, (opgave, _, _) in OPGAVEN.items():
        declared = {"title": layer_id, "description": "Proef.", "theme": "gebiedsopgaven", "geometry": "polygon", "label": "naam"}
        (folder / f"{layer_id}.yaml").write_text(yaml.safe_dump({**declared, "opgave": opgave, "properties": PROPERTIES}))
        (folder / f"{layer_id}.sld").write_text(SLD.format(name=layer_id, symbolizer=POLYGON))
    with connect(database_settings, Role.IMPORT) as connection:
        deliver_opgaven(connection)
    return database_settings.model_copy(update={"layers": (folder,), "sld": (folder,), "proj": GRID})


def deliver_opgaven(connection: psycopg.Connection) -> None:
    """Insert one levering with all opgaven, their brondekking and the provincies, as the importer does."""
    (levering,) = connection.execute(
        "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
        " values ('proef', 'Proeflevering', 'Proefprovincie', 'https://creativecommons.org/publicdomain/zero/1.0/', 'https://example.nl',"
        " '2026-01-01', '[]', '{}') returning id"
    ).fetchone()  # type: ignore[misc]
    for layer_id, (_, features, coverage) in OPGAVEN.items():
        for feature_id, where, properties in features:
            connection.execute(
                "insert into facts.object values (%s, %s, %s, %s, ST_MakeEnvelope(%s, %s, %s, %s, 28992))",
                [levering, layer_id, feature_id, psycopg.types.json.Jsonb({**properties, "bevoegd_gezag": "Provincie"}), *where],
            )
        connection.execute("insert into facts.levering_facts values (%s, %s, %s)", [levering, f"object/{layer_id}", len(features)])
        if coverage:
            connection.execute(
                "insert into facts.brondekking values (%s, %s, null, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 28992)))",
                [levering, layer_id, *coverage],
            )
    for code, where in PROVINCIES.items():
        connection.execute(
            "insert into facts.gebied values (%s, %s, 'PROVINCIE', %s, '2020-01-01', null,"
            " ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 28992)))",
            [levering, code, code, *where],
        )
    connection.execute("insert into facts.levering_facts values (%s, 'gebied', 2)", [levering])


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[httpx.Client]:
    """A client of the service that publishes the opgaven."""
    publish_all(settings)
    with serving(settings) as client:
        yield client


type Test = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def toets(service: httpx.Client) -> Test:
    """Ask the overlaptoets one thing and return what it says of it."""

    def ask(
        geometrie: dict[str, object], objecttype: str, *, crs: str = RD, geometry: bool = False, **kenmerken: object
    ) -> dict[str, object]:
        body = {"geometrie": geometrie, "objecttype": objecttype, "kenmerken": kenmerken, "crs": crs, "metGeometrie": geometry}
        answer = service.post("/v1/overlaptoetsen", json=body)
        assert answer.status_code == 200, answer.text
        told: dict[str, object] = answer.json()["toetsen"][0]
        return told

    return ask


def point(east: float, north: float) -> dict[str, object]:
    """A GeoJSON point (RD) at so many metres from the corner."""
    return {"type": "Point", "coordinates": [X + east, Y + north]}


def square(west: float, south: float, side: float) -> dict[str, object]:
    """A GeoJSON square (RD) with its south-west corner at so many metres from the corner."""
    return rectangle(box(west, south, west + side, south + side))


def rectangle(where: Box) -> dict[str, object]:
    """A GeoJSON rectangle (RD)."""
    west, south, east, north = where
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def found(told: dict[str, object], beperking: str) -> list[dict[str, object]]:
    """The findings about one beperking."""
    return [each for each in told["bevindingen"] if each["beperking"] == beperking]  # type: ignore[index,attr-defined]


__all__ = ["GRID", "Path"]
