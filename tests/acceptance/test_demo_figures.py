"""The figures of the demo, as an analyst asks for them: they add up, with the one gap that was made on purpose."""

import math
from collections.abc import Mapping

import httpx
import pytest

from ..running import Service

CONCEPT, GEDRAGEN, ACTUEEL = "DL01-2026-0.1", "ES96-2026-1.0", "DL01-2026-actueel"
INDUSTRY = {"indicator": "finale-vraag", "subsector": "INDUSTRIE", "drager": "ELEKTRICITEIT"}
WIND = {"indicator": "productie", "techniek": "WIND_LAND", "jaar": 2024, "beeld": "HUIDIG"}
AROUND_THE_LAKE = "GM9009,GM9012,GM9015,GM9016,GM9017,GM9024"


@pytest.fixture(scope="module")
def ask(doggerland: Service):
    """Ask for rows of the concept (or another version), all on one page."""
    with httpx.Client(base_url=doggerland.api, timeout=60) as client:

        def rows(path: str, **query: object) -> list[dict]:
            answer = client.get(path, params={"limit": 10_000, "versie": CONCEPT, **query}).raise_for_status().json()
            return answer[path.rpartition("/")[2]]

        yield rows


def test_a_provincie_and_the_land_show_what_belongs_to_no_gemeente(ask):
    found = {
        row["gebiedCode"]: row["aansluiting"] for row in ask("/cijfers", **INDUSTRY, jaar=2024, beeld="HUIDIG", gebied="PV97,PV98,DL01")
    }

    assert {code: each["oordeel"] for code, each in found.items()} == {
        "PV97": "SLUITEND",
        "PV98": "SLUITEND_MET_REST",
        "DL01": "SLUITEND_MET_REST",
    }
    # Fifteen of every hundred: the other eighty-five are with the gemeenten.
    assert found["PV98"]["rest"] == pytest.approx(found["PV98"]["som"] * 15 / 85, abs=0.01)
    assert found["DL01"]["rest"] == found["PV98"]["rest"]


def test_of_what_was_delivered_only_that_demand_has_a_remainder(ask):
    rests = [row for row in ask("/cijfers", niveau="NTI") if row["herkomst"] != "AFGELEID"]
    assert {(row["gebiedCode"], row["subsector"], row["drager"]) for row in rests} == {("PV98-NTI", "INDUSTRIE", "ELEKTRICITEIT")}


def test_each_year_adds_up_in_its_own_division(ask):
    for year, count in ((2022, 24), (2024, 23)):
        demand = ask("/cijfers", indicator="inwoners", jaar=year)
        per_level: Mapping[str, list[float]] = {level: [] for level in ("GEMEENTE", "REGIO", "PROVINCIE", "LAND")}
        for row in demand:
            per_level[row["niveau"]].append(row["waarde"])
        assert len(per_level["GEMEENTE"]) == count
        assert {math.fsum(values) for values in per_level.values()} == {1_338_600}


def test_four_beelden_lead_to_2050(ask):
    land = ask("/cijfers", gebied="DL01", indicator="finale-vraag", subsector="WONINGEN", drager="AARDGAS", jaar="2030/2050")
    values = {(row["beeld"], row["jaar"]): row["waarde"] for row in land}
    assert len(values) == 16
    for beeld in {beeld for beeld, _ in values}:
        years = [values[beeld, year] for year in (2030, 2035, 2040, 2050)]
        assert years == sorted(years, reverse=True)
    assert values["II3050V3_EV", 2050] == 0


def test_a_gedragen_version_changes_the_regio_and_leaves_the_concept(ask):
    concept, gedragen = (
        {row["gebiedCode"]: row for row in ask("/cijfers", **WIND, versie=each, gebied=f"{AROUND_THE_LAKE},ES96")}
        for each in (CONCEPT, GEDRAGEN)
    )
    changed = {code for code in gedragen if gedragen[code]["waarde"] != concept[code]["waarde"]}
    assert changed == {"GM9009", "GM9024", "ES96"}
    assert (gedragen["GM9009"]["waarde"], gedragen["GM9024"]["waarde"]) == (118.8, 271.44)
    parts = [row["waarde"] for code, row in gedragen.items() if code != "ES96"]
    assert gedragen["ES96"]["waarde"] == pytest.approx(math.fsum(parts), abs=1e-9)
    assert gedragen["ES96"]["aansluiting"]["oordeel"] == "SLUITEND"


def test_the_effective_picture_of_the_land_takes_what_is_gedragen(ask):
    concept, gedragen, actueel = (
        {row["gebiedCode"]: row["waarde"] for row in ask("/cijfers", **WIND, versie=each)} for each in (CONCEPT, GEDRAGEN, ACTUEEL)
    )
    assert actueel["ES96"] == gedragen["ES96"]
    more = gedragen["ES96"] - concept["ES96"]
    # The regio lies in two provincies, but both corrections are in the first.
    assert actueel["DL01"] == pytest.approx(concept["DL01"] + more, abs=1e-9)
    assert actueel["PV97"] == pytest.approx(concept["PV97"] + more, abs=1e-9)
    assert actueel["PV98"] == concept["PV98"]
    datacenters = {row["gebiedCode"]: row for row in ask("/cijfers", subsector="DATACENTERS", versie=ACTUEEL, gebied="GM9016,ES96,DL01")}
    assert (datacenters["GM9016"]["waarde"], datacenters["ES96"]["waarde"]) == (180, 223.2)
    assert datacenters["DL01"]["aansluiting"]["oordeel"] == "ONVOLLEDIG"


def test_a_withdrawn_figure_is_in_the_concept_only(ask):
    query = {"indicator": "productie", "techniek": "GEOTHERMIE", "jaar": 2024, "gebied": "GM9017"}
    assert [len(ask("/cijfers", **query, versie=each)) for each in (CONCEPT, GEDRAGEN, ACTUEEL)] == [1, 0, 0]


def test_no_sum_shows_binary_noise(ask):
    rows = ask("/cijfers", niveau="REGIO,PROVINCIE,LAND", jaar=2024)
    # A mean is a quotient: that has as many digits as it has.
    for row in (each for each in rows if each["indicator"] != "vraag-per-inwoner"):
        for number in (row["waarde"], row["aansluiting"]["som"], row["aansluiting"]["rest"]):
            assert number is None or len(repr(number).partition(".")[2]) <= 6, row


@pytest.mark.parametrize(
    ("indicator", "techniek", "verdict"),
    [
        ("netlengte", "NETVLAK_HS", "SLUITEND_MET_REST"),
        ("netlengte", "NETVLAK_EHS", "SLUITEND_MET_REST"),
        ("aantal-stations", "NETVLAK_HS", "SLUITEND"),
        ("aantal-stations", "NETVLAK_EHS", "SLUITEND_MET_REST"),
        ("opslagvermogen", "BATTERIJ", "SLUITEND"),
        ("opslagcapaciteit", "WARMTEBUFFER", "SLUITEND"),
        ("conversievermogen", "EBOILER", "SLUITEND"),
        ("opgesteld-vermogen", "GASCENTRALE", "SLUITEND"),
        ("pijplijn-vermogen", "BATTERIJ", "SLUITEND"),
        ("ruimtebeslag-direct-netto", "ZON_VELD", "SLUITEND"),
        ("ruimtebeslag-direct-bruto", "NETVLAK_HS", "SLUITEND"),
        ("ruimtebeslag-direct-bruto", "GASCENTRALE", "SLUITEND"),
    ],
)
def test_what_is_derived_from_objects_adds_up_to_the_land(ask, indicator, techniek, verdict):
    rows = ask("/cijfers", indicator=indicator, techniek=techniek, jaar=2026, beeld="HUIDIG")
    per_level: Mapping[str, list[dict]] = {
        level: [row for row in rows if row["niveau"] == level] for level in ("GEMEENTE", "NTI", "REGIO", "PROVINCIE", "LAND")
    }
    (land,) = per_level["LAND"]
    assert len(per_level["GEMEENTE"]) == 23
    assert land["aansluiting"]["oordeel"] == verdict
    parts = [row["waarde"] for row in (*per_level["GEMEENTE"], *per_level["NTI"])]
    assert land["waarde"] == pytest.approx(math.fsum(parts))
    assert land["waarde"] > 0
    assert {row["herkomst"] for row in rows} == {"AFGELEID"}
    assert {row["bron"] for row in rows} == {"doggerland-energie"}


def test_the_net_is_as_long_as_its_lines_and_has_all_its_stations(ask, doggerland: Service):
    for voltage, techniek in (("spanning_kv < 220", "NETVLAK_HS"), ("spanning_kv >= 220", "NETVLAK_EHS")):
        ((metres,),) = doggerland.rows("hoogspanningsverbindingen", "sum(ST_Length(geom_rd))", voltage)
        (land,) = ask("/cijfers", indicator="netlengte", techniek=techniek, gebied="DL01")
        assert land["waarde"] == pytest.approx(metres / 1000, abs=0.01)
    stations = ask("/cijfers", indicator="aantal-stations", gebied="DL01")
    assert {row["techniek"]: row["waarde"] for row in stations} == {"NETVLAK_EHS": 7, "NETVLAK_HS": 16}


def test_every_beeld_says_how_much_ground_it_takes(ask):
    rows = ask("/cijfers", indicator="ruimtebeslag-direct-netto", techniek="ZON_VELD", gebied="DL01", jaar=2050)
    chosen = ask("/cijfers", indicator="opgesteld-piekvermogen", techniek="ZON_VELD", gebied="DL01", jaar=2050)
    capacity = {row["beeld"]: row["waarde"] for row in chosen}
    assert {row["beeld"]: row["waarde"] for row in rows} == pytest.approx({beeld: 1.2 * mwp for beeld, mwp in capacity.items()})
    assert len(rows) == 4
    assert {(row["soort"], row["aansluiting"]["oordeel"]) for row in rows} == {("BEELD", "SLUITEND")}


def test_strips_along_lines_are_never_added(ask):
    rows = ask("/cijfers", indicator="ruimtebeslag-indirect", gebied="DL01,PV97")
    assert {row["techniek"] for row in rows} == {"NETVLAK_EHS", "NETVLAK_HS"}
    assert {row["aansluiting"]["oordeel"] for row in rows} == {"NIET_OPTELBAAR"}


def test_demand_per_inhabitant_follows_from_demand_and_inhabitants(ask):
    chosen = {"gebied": "GM9002", "jaar": 2024, "beeld": "HUIDIG", "drager": "AARDGAS"}
    demand = math.fsum(row["waarde"] for row in ask("/cijfers", indicator="finale-vraag", **chosen))
    (found,) = ask("/cijfers", indicator="vraag-per-inwoner", **chosen)
    assert found["waarde"] == pytest.approx(1_000 * demand / 214_600)


def test_a_sum_over_technieken_counts_a_part_once(ask):
    query = {"indicator": "opgesteld-piekvermogen", "jaar": 2024, "gebied": "DL01", "versie": CONCEPT}
    told = {row["techniek"]: row["waarde"] for row in ask("/cijfers", **query)}
    assert {"ZON_PV", "ZON_VELD"} <= told.keys()
    (total,) = ask("/cijfers", **query, aggregeer="techniek")
    # Solar fields are part of all solar power.
    assert total["waarde"] == told["ZON_PV"]


@pytest.mark.parametrize(("asked", "expected"), [("", {ACTUEEL}), ("&versie=alle", {CONCEPT, GEDRAGEN, ACTUEEL})])
def test_a_question_without_versie_is_about_one_energiebeeld(doggerland: Service, asked: str, expected: set[str]):
    answer = httpx.get(f"{doggerland.api}/cijfers?indicator=inwoners&jaar=2024&gebied=GM9016{asked}").raise_for_status().json()
    assert {row["energiebeeld"] for row in answer["cijfers"]} == expected
