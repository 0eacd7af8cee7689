"""The overlap of a gebied over HTTP, on opgaven in round hectares: every provincie is 20 km by 40 km, 80 000 ha."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from app.database import Role, connect
from app.settings import Settings

from ..service.conftest import SLD, publish_all, serving
from .conftest import COMPLETE, OBJECTEN, POLYGON, PROPERTIES, X, Y, box

ROOT = Path(__file__).parents[2]
# A second layer of Natura 2000, half of it on the ground of the first; and one that was delivered empty, but complete.
LATER = {
    "proef-natura-provincie": ({"beperking": "NA-N2K"}, [("natuur-2", box(1_000, 4_000, 2_000, 6_000))]),
    "proef-stortplaats": ({"beperking": "WB-STO"}, []),
}
TURBINES = {
    # In the nature of PV97; within that of PV98, and twice so; under the height limit, too high; and where nothing is.
    "west": (-1_000, 1_000, {}),
    "oost": (1_500, 4_500, {}),
    "hoog": (7_000, 1_000, {"tiphoogte_m": 180}),
    "vrij": (15_000, -15_000, {}),
}


@pytest.fixture(scope="module")
def settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The opgaven of the other tests, two more layers of them, and turbines."""
    folder = tmp_path_factory.mktemp("gebieden")
    for layer_id, (opgave, _) in LATER.items():
        declared = {"title": layer_id, "description": "Proef.", "theme": "gebiedsopgaven", "geometry": "polygon", "label": "naam"}
        (folder / f"{layer_id}.yaml").write_text(yaml.safe_dump({**declared, "opgave": opgave, "properties": PROPERTIES}))
        (folder / f"{layer_id}.sld").write_text(SLD.format(name=layer_id, symbolizer=POLYGON))
    (folder / "proef-objecten.yaml").write_text(yaml.safe_dump(OBJECTEN))
    (folder / "proef-objecten.sld").write_text(SLD.format(name="proef-objecten", symbolizer=POINT))
    with connect(settings, Role.IMPORT) as connection:
        deliver(connection)
    return settings.model_copy(update={"layers": (*settings.layers, folder), "sld": (*settings.sld, folder)})


POINT = (
    "<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName><se:Fill>"
    '<se:SvgParameter name="fill">#336699</se:SvgParameter></se:Fill></se:Mark><se:Size>6</se:Size></se:Graphic></se:PointSymbolizer>'
)


def deliver(connection: psycopg.Connection) -> None:
    """Insert the later layers, the turbines, and a gemeente that went up in another."""
    (levering,) = connection.execute(
        "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
        " values ('later', 'Latere levering', 'Proefprovincie', 'https://creativecommons.org/publicdomain/zero/1.0/',"
        " 'https://example.nl', '2026-06-01', '[]', '{}') returning id"
    ).fetchone()  # type: ignore[misc]
    for layer_id, (_, features) in LATER.items():
        for feature_id, where in features:
            connection.execute(
                "insert into facts.object values (%s, %s, %s, '{}', ST_MakeEnvelope(%s, %s, %s, %s, 28992))",
                [levering, layer_id, feature_id, *where],
            )
        connection.execute("insert into facts.levering_facts values (%s, %s, 1)", [levering, f"object/{layer_id}"])
        connection.execute(
            "insert into facts.brondekking values (%s, %s, null, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 28992)))",
            [levering, layer_id, *COMPLETE],
        )
    for turbine, (east, north, attributes) in TURBINES.items():
        told = {"naam": turbine, "objecttype": "WINDTURBINE", "status": "BESTAAND", "vermogen_mw": 5, **attributes}
        connection.execute(
            "insert into facts.object values (%s, 'proef-objecten', %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 28992))",
            [levering, turbine, psycopg.types.json.Jsonb(told), X + east, Y + north],
        )
    connection.execute("insert into facts.levering_facts values (%s, 'object/proef-objecten', 4)", [levering])
    for code, start, end, where in (
        ("GM9901", "2020-01-01", "2024-01-01", box(-2_000, 0, 0, 2_000)),
        ("GM9902", "2024-01-01", None, box(-2_000, 0, 0, 4_000)),
    ):
        connection.execute(
            "insert into facts.gebied values (%s, %s, 'GEMEENTE', %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 28992)))",
            [levering, code, f"Gemeente {code}", start, end, *where],
        )
    connection.execute("insert into facts.levering_facts values (%s, 'gebied', 2)", [levering])
    connection.execute(
        "insert into facts.gebied_opvolging (levering_id, oud, nieuw, soort, datum, aandeel, grondslag)"
        " values (%s, 'GM9901', 'GM9902', 'SAMENVOEGING', '2024-01-01', 1, 'GEHEEL')",
        [levering],
    )
    connection.execute("insert into facts.levering_facts values (%s, 'gebied_opvolging', 1)", [levering])


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[httpx.Client]:
    publish_all(settings)
    with serving(settings) as client:
        yield client


def overlap_of(service: httpx.Client, code: str, **query: str) -> dict[str, Any]:
    answer = service.get(f"/v1/gebieden/{code}/overlap", params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def opgave(told: dict[str, Any], laag: str) -> dict[str, Any]:
    [found] = [each for each in told["opgaven"] if each["laag"] == laag]
    return found


@pytest.mark.parametrize("code", ["PV97", "PV98"])
def test_nature_on_both_sides_of_the_border_is_2500_ha_on_each(service: httpx.Client, code: str) -> None:
    told = overlap_of(service, code)
    assert told["oppervlakteHa"] == 80_000
    natuur = opgave(told, "proef-natura")
    assert natuur["constraintCode"] == "NA-N2K"
    assert natuur["kader"] == "NATUUR"
    assert natuur["overlapHa"] == 2_500
    assert natuur["aandeel"] == 0.03125
    assert natuur["gedekt"] == 1
    assert natuur["volledig"] is True


def test_one_square_that_was_delivered_twice_is_400_ha_once(service: httpx.Client) -> None:
    assert opgave(overlap_of(service, "PV97"), "proef-grondwater")["overlapHa"] == 400


def test_what_is_known_in_the_west_only_is_nothing_there_and_not_judged_in_the_east(service: httpx.Client) -> None:
    west, east = overlap_of(service, "PV97"), overlap_of(service, "PV98")
    assert opgave(west, "proef-woningbouw") | {"href": None, "signalen": None} == {
        "laag": "proef-woningbouw",
        "laagTitel": "proef-woningbouw",
        "constraintCode": "WO-PLN",
        "beperkingNaam": "Woningbouwplan",
        "kader": "WONEN",
        "overlapHa": 100,
        "aandeel": 0.00125,
        "gedekt": 1,
        "volledig": True,
        "objecten": {"UITSLUITING": 0, "ZWAARWEGEND": 0, "AANDACHTSPUNT": 0, "KOPPELKANS": 0},
        "href": None,
        "signalen": None,
    }
    unknown = opgave(east, "proef-woningbouw")
    assert (unknown["overlapHa"], unknown["aandeel"], unknown["gedekt"], unknown["volledig"]) == (None, None, 0, False)
    [left] = [each for each in east["nietBeoordeeld"] if each["laag"] == "proef-woningbouw"]
    assert left["beperking"] == "WO-PLN"
    assert left["aandeelPct"] == 100
    assert "niet bekend" in left["reden"]
    assert not [each for each in west["nietBeoordeeld"] if each["laag"] == "proef-woningbouw"]


def test_ground_of_a_layer_of_which_nobody_says_where_it_is_complete_is_known_and_there_may_be_more(service: httpx.Client) -> None:
    told = overlap_of(service, "PV98")
    stil = opgave(told, "proef-stilte")
    assert (stil["overlapHa"], stil["gedekt"], stil["volledig"]) == (100, 0, False)
    [left] = [each for each in told["nietBeoordeeld"] if each["laag"] == "proef-stilte"]
    assert "er kan meer zijn" in left["reden"]
    assert opgave(overlap_of(service, "PV97"), "proef-stilte")["overlapHa"] is None


def test_complete_and_empty_is_nothing_and_a_beperking_without_a_layer_is_not_judged(service: httpx.Client) -> None:
    told = overlap_of(service, "PV97")
    assert opgave(told, "proef-boringsvrij")["overlapHa"] == 400
    assert opgave(told, "proef-luchthaven")["overlapHa"] == 0
    assert not [each for each in told["nietBeoordeeld"] if each["laag"] == "proef-luchthaven"]
    [without] = [each for each in told["nietBeoordeeld"] if each["beperking"] == "WB-VEE"]
    assert without["laag"] is None
    assert without["kader"] == "WATER_BODEM"


def test_energy_objects_are_counted_by_severity_and_the_signals_are_where_the_link_says(service: httpx.Client) -> None:
    told = overlap_of(service, "PV98")
    assert opgave(told, "proef-luchthaven")["objecten"] == {"UITSLUITING": 1, "ZWAARWEGEND": 0, "AANDACHTSPUNT": 0, "KOPPELKANS": 0}
    assert sum(opgave(told, "proef-natura")["objecten"].values()) == 1
    signalen = service.get(opgave(told, "proef-luchthaven")["signalen"]).json()
    assert [each["properties"]["object_id"] for each in signalen["features"]] == ["hoog"]
    assert opgave(overlap_of(service, "PV97"), "proef-luchthaven")["objecten"]["UITSLUITING"] == 0


def test_filters_leave_what_was_not_judged(service: httpx.Client) -> None:
    assert {each["kader"] for each in overlap_of(service, "PV98", kader="NATUUR")["opgaven"]} == {"NATUUR"}
    assert [each["laag"] for each in overlap_of(service, "PV98", beperking="LV-LIB")["opgaven"]] == ["proef-luchthaven"]
    hit = overlap_of(service, "PV98", ernst="UITSLUITING")
    assert "proef-luchthaven" in [each["laag"] for each in hit["opgaven"]]
    assert all(each["objecten"]["UITSLUITING"] for each in hit["opgaven"])
    assert hit["nietBeoordeeld"] == overlap_of(service, "PV98")["nietBeoordeeld"]


def test_every_wrong_filter_is_told_at_once(service: httpx.Client) -> None:
    answer = service.get("/v1/gebieden/PV98/overlap", params={"kader": "NATUR", "ernst": "GEEN", "beperking": "NA-N2000"})
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 3
    assert "NATUUR" in answer.text


def test_the_answer_says_what_it_is_by_which_rules_and_from_which_sources(service: httpx.Client) -> None:
    told = overlap_of(service, "PV97")
    assert told["strekking"] == "Signalering; geen besluit of toestemming."
    assert told["regelsetVersie"] == service.get("/v1/regels").json()["regelsetVersie"]
    assert {(each["title"], each["peildatum"]) for each in told["bronnen"]} == {
        ("Proeflevering", "2026-01-01"),
        ("Latere levering", "2026-06-01"),
    }
    [cite] = [each["href"] for each in told["links"] if each["rel"] == "cite-as"]
    assert service.get(cite).json()["opgaven"] == told["opgaven"]


def test_files_have_a_line_per_layer_and_the_page_a_table_per_kader(service: httpx.Client) -> None:
    lines = list(csv.DictReader(io.StringIO(service.get("/v1/gebieden/PV98/overlap?f=csv").text)))
    [natuur] = [each for each in lines if each["laag"] == "proef-natura"]
    assert (natuur["overlap_ha"], natuur["niet_beoordeeld"], natuur["peildatum"]) == ("2500", "", "2026-01-01")
    [woningbouw] = [each for each in lines if each["laag"] == "proef-woningbouw"]
    assert (woningbouw["overlap_ha"], woningbouw["aandeel"]) == ("", "")
    assert woningbouw["niet_beoordeeld"]
    dutch = service.get("/v1/gebieden/PV98/overlap?f=csv-nl").text
    assert ";0,03125;" in dutch
    page = service.get("/v1/gebieden/PV98/overlap?f=html").text
    assert '<h2 id="natuur">Natuur</h2>' in page
    assert "niet beoordeeld" in page
    assert "Signalering; geen besluit of toestemming." in page


def test_a_gebied_leads_to_its_overlap_and_an_old_one_to_its_successor(service: httpx.Client) -> None:
    linked = [each["href"] for each in service.get("/v1/gebieden/GM9902").json()["links"]]
    assert f"{service.base_url}/v1/gebieden/GM9902/overlap" in linked
    assert "/gebieden/GM9902/overlap?f=html" in service.get("/v1/gebieden/GM9902?f=html").text
    assert opgave(overlap_of(service, "GM9902"), "proef-natura")["aandeel"] == 1
    gone = service.get("/v1/gebieden/GM9901/overlap")
    assert gone.status_code == 404
    assert "bestaat niet meer sinds 2024-01-01" in gone.json()["detail"]
    assert "/v1/gebieden/GM9902/overlap" in gone.json()["detail"]
    unknown = service.get("/v1/gebieden/GM0000/overlap")
    assert unknown.status_code == 404
    assert "Alle gebieden staan op /v1/gebieden" in unknown.json()["detail"]


def properties_of(service: httpx.Client, layer: str, code: str) -> dict[str, Any]:
    told: dict[str, Any] = service.get(f"/v1/collections/{layer}/items/{code}").json()["properties"]
    return told


def test_the_layer_has_hectares_and_objects_per_beperking_and_nothing_where_nothing_is_known(service: httpx.Client) -> None:
    west, east = (properties_of(service, "overlap-provincie", code) for code in ("PV97", "PV98"))
    assert west["gebied_naam"] == "PV97"
    assert (west["wb_gwb_ha"], west["wo_pln_ha"], east["wo_pln_ha"]) == (400, 100, None)
    assert (west["na_sti_ha"], east["na_sti_ha"]) == (None, 100)
    assert (east["lv_lib_ha"], west["lv_lib_ha"], east["wb_vee_ha"], east["wb_vee_objecten"]) == (400, 0, None, None)
    assert (east["lv_lib_objecten"], west["lv_lib_objecten"]) == (1, 0)
    assert properties_of(service, "overlap-gemeente", "GM9902")["na_n2k_ha"] == 800


def test_ground_under_two_layers_of_one_beperking_counts_once(service: httpx.Client) -> None:
    east = properties_of(service, "overlap-provincie", "PV98")
    # 2 500 ha and 200 ha, of which 100 ha both; the turbine on both is one object and two signals.
    assert east["na_n2k_ha"] == 2_600
    assert east["na_n2k_objecten"] == 1
    signalen = service.get("/v1/collections/overlapsignalen/items", params={"limit": 1_000}).json()["features"]
    for ernst in ("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT", "KOPPELKANS"):
        here = [each for each in signalen if each["properties"]["ernst"] == ernst and each["properties"]["object_id"] in ("oost", "hoog")]
        assert east[f"signalen_{ernst.lower()}"] == len(here), ernst
    assert (
        len([each for each in signalen if each["properties"]["object_id"] == "oost" and each["properties"]["beperking"] == "NA-N2K"]) == 2
    )


def test_every_beperking_has_its_columns() -> None:
    declared = yaml.safe_load((ROOT / "layers" / "overlap" / "beperkingen.yaml").read_text())["properties"]
    with (ROOT / "seed" / "begrippen" / "beperking.csv").open() as file:
        codes = [row["code"].lower().replace("-", "_") for row in csv.DictReader(file)]
    columns = {f"{code}_{what}" for code in codes for what in ("ha", "objecten")}
    assert columns == {name for name in declared if name != "oppervlakte_ha" and not name.startswith("signalen_")}


def test_a_change_measures_the_ground_of_its_own_layer_and_comes_to_the_same_as_a_first_build(
    settings: Settings, service: httpx.Client
) -> None:
    before = overlap_of(service, "PV98")
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("update facts.object set geometrie = ST_Translate(geometrie, 0, -4000) where object_id = 'natuur-2'")
        connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = 'later'")
        (levering,) = connection.execute(
            "insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)"
            " select bron, title, publisher, license, homepage, '2026-07-01', files, report from facts.levering where bron = 'later'"
            " returning id"
        ).fetchone()  # type: ignore[misc]
        for table in ("object", "levering_facts", "brondekking", "gebied", "gebied_opvolging"):
            connection.execute(f"update facts.{table} set levering_id = %s where levering_id = %s - 1", [levering, levering])
    published = publish_all(settings)
    assert "overlap-provincie" in published.rebuilt
    with serving(settings) as client:
        east = properties_of(client, "overlap-provincie", "PV98")
        # The second layer now lies within the first.
        assert east["na_n2k_ha"] == 2_500
        after = overlap_of(client, "PV98")
        assert opgave(after, "proef-natura")["overlapHa"] == opgave(before, "proef-natura")["overlapHa"]
        earlier = overlap_of(client, "PV98", publicatie=before["publicatie"])
        assert [each["overlapHa"] for each in earlier["opgaven"]] == [each["overlapHa"] for each in before["opgaven"]]
        assert earlier["bronnen"] == before["bronnen"] != after["bronnen"]
    assert publish_all(settings).rebuilt == ()
