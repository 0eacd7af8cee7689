"""The thirty layers of figures on the map: they hold what /v1/cijfers says, they add up, and time tells their years apart."""

import math

import httpx
import pytest

from app.layers import Theme

from ..conftest import Netherlands
from ..running import Service

THEMES = (Theme.VRAAG, Theme.AANBOD, Theme.INFRASTRUCTUUR, Theme.OPSLAG, Theme.RUIMTEBESLAG)
LEVELS = {"gemeente": "GEMEENTE", "regio": "REGIO", "provincie": "PROVINCIE"}
# The worst verdicts, from good to bad.
VERDICTS = ["SLUITEND", "SLUITEND_MET_REST", "ONVOLLEDIG", "NIET_SLUITEND"]


class Desk:
    """Asks one service for features and figures."""

    def __init__(self, service: Service) -> None:
        self.client = httpx.Client(base_url=service.api, timeout=60)

    def features(self, layer: str, **query: object) -> list[dict]:
        answer = self.client.get(f"/collections/{layer}/items", params={"limit": 10_000, "skipGeometry": "true", "f": "json", **query})
        return [each["properties"] for each in answer.raise_for_status().json()["features"]]

    def figures(self, **query: object) -> list[dict]:
        return self.client.get("/cijfers", params={"limit": 10_000, **query}).raise_for_status().json()["cijfers"]


@pytest.fixture(scope="module")
def demo(doggerland: Service) -> Desk:
    return Desk(doggerland)


@pytest.fixture(scope="module")
def nl(netherlands: Netherlands) -> Desk:
    return Desk(netherlands.service)


def test_every_theme_is_on_the_map_at_every_scale_now_and_to_2050(demo: Desk):
    collections = {each["id"] for each in demo.client.get("/collections", params={"f": "json"}).json()["collections"]}
    wanted = {f"{theme.value}-{level}{sister}" for theme in THEMES for level in LEVELS for sister in ("", "-beelden")}
    assert len(wanted) == 30
    assert wanted <= collections


def test_a_layer_holds_the_published_figure(demo: Desk):
    for level, niveau in LEVELS.items():
        told = demo.figures(
            indicator="finale-vraag", niveau=niveau, sector="WONEN", drager="ELEKTRICITEIT", jaar=2024, versie="DL01-2026-0.1"
        )
        shown = {each["gebied_code"]: each["wonen_elektriciteit_tj"] for each in demo.features(f"vraag-{level}")}
        assert len(shown) == len(told) == {"gemeente": 23, "regio": 5, "provincie": 2}[level]
        for each in told:
            assert shown[each["gebiedCode"]] == pytest.approx(each["waarde"], abs=1e-5), each["gebiedCode"]


def test_columns_close_within_a_row(demo: Desk):
    for row in demo.features("vraag-provincie"):
        sectors = [row[f"{sector}_totaal_tj"] for sector in ("wonen", "werken", "vervoer")]
        ketens = [row[f"keten_{keten}_tj"] for keten in ("elektriciteit", "warmte", "waterstof", "koolstof")]
        assert math.fsum(sectors) == pytest.approx(row["totaal_tj"], abs=1e-4)
        assert math.fsum(ketens) == pytest.approx(row["totaal_tj"], abs=1e-4)
        assert row["vraag_per_inwoner_gj"] == pytest.approx(row["totaal_tj"] * 1000 / row["inwoners"], abs=1e-5)


def test_scales_add_up_but_for_what_belongs_to_no_gemeente(demo: Desk):
    columns = ("wonen_elektriciteit_tj", "vervoer_totaal_tj", "inwoners")
    totals = {level: [math.fsum(row[name] for row in demo.features(f"vraag-{level}")) for name in columns] for level in LEVELS}
    assert totals["gemeente"] == pytest.approx(totals["regio"], abs=1e-3)
    assert totals["gemeente"] == pytest.approx(totals["provincie"], abs=1e-3)


def test_each_row_says_whether_it_adds_up_and_where_it_comes_from(demo: Desk):
    rows = {row["gebied_code"]: row for row in demo.features("vraag-provincie")}
    # Oosterdogger has demand of industry that belongs to no gemeente.
    assert VERDICTS.index(rows["PV98"]["aansluiting"]) >= VERDICTS.index("SLUITEND_MET_REST")
    assert all(row["bron"] and row["peiljaar"] and row["status"] in ("CONCEPT", "AANGEVULD") for row in rows.values())


def test_time_tells_years_apart(demo: Desk):
    later = demo.features("vraag-provincie-beelden", datetime="2050-06-01")
    assert {row["jaar"] for row in later} == {2050}
    assert {"II3050V3_KM", "II3050V3_EV", "II3050V3_GB", "II3050V3_HA"} <= {row["beeld"] for row in later}
    one = demo.features("vraag-provincie-beelden", datetime="2050-06-01", beeld="II3050V3_EV", gebied_code="PV97")
    assert [row["wonen_aardgas_tj"] for row in one] == [0]


def test_a_gemeente_that_merged_is_in_the_year_that_it_existed(demo: Desk):
    before = {row["gebied_code"] for row in demo.features("vraag-gemeente-beelden", jaar=2022, beeld="HUIDIG")}
    after = {row["gebied_code"] for row in demo.features("vraag-gemeente-beelden", jaar=2024, beeld="HUIDIG")}
    assert (len(before), len(after)) == (24, 23)
    assert len(before - after) == 2
    assert len(after - before) == 1


def test_the_queryables_name_title_and_unit(demo: Desk):
    schema = demo.client.get("/collections/vraag-gemeente/queryables", params={"f": "json"}).json()["properties"]
    assert schema["wonen_elektriciteit_tj"]["title"] == "Wonen: elektriciteit"


def test_dutch_households_and_scales(nl: Desk):
    expected = {"wonen_elektriciteit_tj": 79_797.48, "wonen_gasmix_tj": 199_173.45, "inwoners": 17_811_291}
    for level, count in {"gemeente": 342, "regio": 30, "provincie": 12}.items():
        rows = nl.features(f"vraag-{level}")
        assert len(rows) == count
        for name, total in expected.items():
            assert math.fsum(row[name] for row in rows) == pytest.approx(total, abs=0.01), (level, name)


def test_dutch_solar_power_is_counted_once(nl: Desk):
    rows = nl.features("aanbod-provincie")
    told = nl.figures(indicator="aantal-installaties", niveau="PROVINCIE", techniek="ZON_PV", subsector="-", jaar=2024)
    shown = {row["gebied_code"]: row["zon_pv_aantal"] for row in rows}
    assert shown == {each["gebiedCode"]: each["waarde"] for each in told}
