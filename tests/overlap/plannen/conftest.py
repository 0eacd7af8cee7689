"""Energy objects at round distances among the opgaven of the proof, and a plan of one square kilometre around some of them."""

from collections.abc import Mapping

import httpx
import psycopg
import pytest
import yaml

from app.database import Role, connect
from app.settings import Settings

from ...service.conftest import FILL, SLD
from ..conftest import COMPLETE, POLYGON, box

# The plan: one square kilometre in an empty corner.
PLAN = box(-3_500, -3_500, -2_500, -2_500)
LINE = '<se:LineSymbolizer><se:Stroke><se:SvgParameter name="stroke">#336699</se:SvgParameter></se:Stroke></se:LineSymbolizer>'
MARK = f"<se:Mark><se:WellKnownName>circle</se:WellKnownName>{FILL}</se:Mark><se:Size>6</se:Size>"
POINT = f"<se:PointSymbolizer><se:Graphic>{MARK}</se:Graphic></se:PointSymbolizer>"
SYMBOLIZERS = {"point": POINT, "line": LINE, "polygon": POLYGON}
NUMBERS = ("vermogen_mw", "vermogen_piek_mwp", "opslag_mwh", "spanning_kv", "tiphoogte_m", "oppervlakte_ha")
PROPERTIES = {
    **{name: {"title": name} for name in ("naam", "objecttype", "status")},
    **{name: {"title": name, "type": "number"} for name in NUMBERS},
}

type Feature = tuple[str, str, dict[str, object]]


def spot(east: float, north: float) -> str:
    """A point at so many metres from the corner."""
    west, south, _, _ = box(east, north, east, north)
    return f"POINT({west} {south})"


def line(*places: tuple[float, float]) -> str:
    """A line through places at so many metres from the corner."""
    return f"LINESTRING({','.join(spot(*place)[6:-1] for place in places)})"


def area(west: float, south: float, east: float, north: float) -> str:
    """A rectangle in metres from the corner."""
    w, s, e, n = box(west, south, east, north)
    return f"POLYGON(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))"


WIND, SUN = {"objecttype": "WINDTURBINE", "status": "BESTAAND"}, {"objecttype": "ZONNEPARK_LAND", "status": "BESTAAND"}
LAYERS: Mapping[str, tuple[str, list[Feature]]] = {
    "proef-installaties": (
        "point",
        [
            ("molen", spot(-3_000, -3_000), {**WIND, "naam": "Molen", "vermogen_mw": 3, "tiphoogte_m": 150}),
            ("plan-molen", spot(-2_900, -2_700), {**WIND, "naam": "Plan", "status": "GEPLAND"}),
            ("zon", spot(-3_300, -3_300), {**SUN, "naam": "Zonneveld", "vermogen_piek_mwp": 5, "oppervlakte_ha": 4}),
            # On the border of the plan: half of its ground, 0.06 ha by key figure, is inside.
            ("accu", spot(-2_500, -3_000), {"objecttype": "BATTERIJ", "status": "BESTAAND", "vermogen_mw": 5, "opslag_mwh": 10}),
            # 500 m north of the plan; twice its height is 600 m.
            ("hoog", spot(-3_000, -2_000), {**WIND, "naam": "Hoge molen", "vermogen_mw": 3, "tiphoogte_m": 300}),
            # As far, but rules look 400 m for it.
            ("laag", spot(-2_800, -2_000), {**WIND, "naam": "Lage molen", "vermogen_mw": 3, "tiphoogte_m": 150}),
        ],
    ),
    "proef-stations": (
        "point",
        [
            ("s150", spot(3_000, -3_000), {"objecttype": "STATION", "naam": "Station 150", "spanning_kv": 150}),
            ("s20", spot(-3_000, -6_000), {"objecttype": "STATION", "naam": "Station 20", "spanning_kv": 20}),
        ],
    ),
    "proef-lijnen": (
        "line",
        [
            ("boven", line((-5_000, -2_600), (0, -2_600)), {"objecttype": "VERBINDING_BOVENGRONDS", "spanning_kv": 150}),
            ("zonder-type", line((-3_400, -3_600), (-3_400, -3_100)), {"spanning_kv": 380}),
        ],
    ),
    # One hectare within the four of the solar field.
    "proef-terreinen": ("polygon", [("terrein", area(-3_350, -3_350, -3_250, -3_250), {**SUN, "naam": "Terrein"})]),
    "proef-congestie": ("polygon", [("rood", area(-4_000, -4_000, -3_000, 0), {"naam": "Net vol"})]),
    "proef-beek": ("line", [("beek", line((6_000, -6_000), (6_000, -5_000)), {"naam": "Beek"})]),
}
OBJECTS = ("proef-installaties", "proef-stations", "proef-lijnen", "proef-terreinen")


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """Settings that also have the energy objects, and where the net is full."""
    [folder] = settings.layers
    for layer_id, (geometry, _) in LAYERS.items():
        properties = PROPERTIES if layer_id in OBJECTS else {"naam": {"title": "Naam"}}
        declared = {"title": layer_id, "description": "Proef.", "geometry": geometry, "label": "naam", "properties": properties}
        declared["theme"] = "infrastructuur" if layer_id in OBJECTS else "gebiedsopgaven"
        if layer_id == "proef-congestie":
            declared["opgave"] = {"beperking": "EN-CON"}
        (folder / f"{layer_id}.yaml").write_text(yaml.safe_dump(declared))
        (folder / f"{layer_id}.sld").write_text(SLD.format(name=layer_id, symbolizer=SYMBOLIZERS[geometry]))
    with connect(settings, Role.IMPORT) as connection:
        _deliver(connection)
    return settings


def _deliver(connection: psycopg.Connection) -> None:
    (levering,) = connection.execute(
        "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
        " values ('objecten', 'Proefobjecten', 'Proefprovincie', 'https://creativecommons.org/publicdomain/zero/1.0/', 'https://example.nl',"
        " '2026-01-01', '[]', '{}') returning id"
    ).fetchone()  # type: ignore[misc]
    for layer_id, (_, features) in LAYERS.items():
        for feature_id, geometry, properties in features:
            connection.execute(
                "insert into facts.object values (%s, %s, %s, %s, ST_GeomFromText(%s, 28992))",
                [levering, layer_id, feature_id, psycopg.types.json.Jsonb(properties), geometry],
            )
        connection.execute("insert into facts.levering_facts values (%s, %s, %s)", [levering, f"object/{layer_id}", len(features)])
    connection.execute(
        "insert into facts.brondekking values (%s, 'proef-congestie', null, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 28992)))",
        [levering, *COMPLETE],
    )


def faults_of(answer: httpx.Response) -> str:
    """All that an answer says is wrong."""
    told = answer.json()
    return " | ".join([told["detail"], *(each["detail"] for each in told.get("errors", []))])
