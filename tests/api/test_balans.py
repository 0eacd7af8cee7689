"""`/v1/gebieden/{code}/balans` over HTTP: nothing counts twice, and what is missing is not zero."""

import pytest

from tests.api.conftest import problem_of


def balance(service, code, query=""):
    answer = service.get(f"/gebieden/{code}/balans{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_vraag_beside_aanbod_per_energiedrager(analysed):
    """Vraag 11.5 as delivered, not that and its parts 10 and 1.5 too; aanbod zon 6 (in which 4 and 2) and wind 9."""
    answer = balance(analysed, "GM0001")
    assert (answer["gebiedNaam"], answer["jaar"], answer["beeld"], answer["energiebeeld"]) == ("Aa", 2023, "HUIDIG", "NL01-2026-0.1")
    stroom = answer["ketens"][0]
    assert [each["keten"] for each in answer["ketens"]] == ["ELEKTRICITEIT", "WARMTE", "WATERSTOF", "KOOLSTOF"]
    assert (stroom["vraag"]["waarde"], stroom["aanbod"]["waarde"], stroom["saldo"]) == (11.5, 15, 3.5)
    assert (stroom["oordeel"], stroom["tekst"], stroom["volledig"]) == ("OVERSCHOT", "Overschot van 3,5 TJ.", True)
    assert (stroom["vraag"]["aantal"], stroom["aanbod"]["aantal"]) == (1, 2)
    assert stroom["dragers"][0]["drager"] == "ELEKTRICITEIT"


def test_missing_is_not_zero(analysed):
    answer = balance(analysed, "GM0001")
    _, warmte, waterstof, koolstof = answer["ketens"]
    assert (warmte["vraag"]["waarde"], warmte["vraag"]["som"], warmte["oordeel"]) == (None, None, "ONBEKEND")
    assert (koolstof["vraag"]["waarde"], koolstof["aanbod"]["waarde"], koolstof["saldo"]) == (39.65, None, None)
    assert (waterstof["dragers"], waterstof["volledig"]) == ([], False)
    assert "Geen cijfer van het aanbod van de waterstofketen." in [each["tekst"] for each in answer["onvolledig"]]
    assert answer["totaal"]["vraag"] | {"href": ""} == {
        "waarde": None,
        "som": pytest.approx(11.5 + 31.65 + 8),
        "aantal": 3,
        "zonderWaarde": 1,
        "bron": "etlocal-2023",
        "peiljaren": [2023],
        "href": "",
    }
    told = {(each["indicator"], each["drager"], each["reden"]) for each in answer["onvolledig"] if each["drager"]}
    assert told == {
        ("finale-vraag", "WARMTE_NET", "ONTHULLING"),
        ("productie", "WARMTE_NET", "GEEN_CIJFER"),
        ("productie", "AARDGAS", "GEEN_CIJFER"),
        ("productie", "DIESEL", "GEEN_CIJFER"),
    }
    assert not answer["volledig"]


def test_sectors_without_a_figure_are_named(analysed):
    answer = balance(analysed, "GM0002", "?versie=NL01-2026-0.1")
    texts = [each["tekst"] for each in answer["onvolledig"]]
    assert "Geen cijfer van de vraag van de sector Vervoer." in texts
    assert [(each["hoofdsector"], each["waarde"]) for each in answer["vraagPerSector"]] == [("WONEN", 20)]
    assert (answer["totaal"]["saldo"], answer["totaal"]["tekst"]) == (-15, "Tekort van 15 TJ, gerekend met wat bekend is.")


def test_a_potentie_and_what_smooths_never_count(analysed):
    """Water power could give 100, and 5 of flexibility is no vraag."""
    answer = balance(analysed, "GM0001")
    assert answer["ketens"][0]["aanbod"]["waarde"] == 15
    assert {(each["techniek"], each["richting"], each["waarde"]) for each in answer["nietMeegeteld"]} == {
        ("WATERKRACHT", None, 100),
        (None, "FLEX", 5),
    }


def test_power_and_content_stand_apart(analysed):
    answer = balance(analysed, "GM0001")
    assert [(each["richting"], each["waarde"], each["eenheid"]) for each in answer["conversie"]] == [("IN", 1, "MW"), ("UIT", 0.7, "MW")]
    assert {(each["indicator"], each["waarde"], each["eenheid"]) for each in answer["opslag"]} == {
        ("opslagvermogen", 0.5, "MW"),
        ("opslagcapaciteit", 2, "MWh"),
    }
    assert [(each["indicator"], each["waarde"]) for each in answer["piek"]] == [("piekvraag", 7)]


def test_parts_that_overlap_are_not_added(analysed):
    """Split by sector it is 3 + 4, split by techniek (zon only) it is 6: the same power, so at least 7 and never 13."""
    assert balance(analysed, "GM0003")["totaal"]["aanbod"]["waarde"] == 7


def test_every_number_leads_to_its_figures(analysed):
    stroom = balance(analysed, "GM0001")["ketens"][0]["dragers"][0]
    rows = analysed.get(stroom["aanbod"]["href"]).json()["cijfers"]
    assert {each["techniek"]: each["waarde"] for each in rows if each["subsector"] is None} == {
        "ZON_PV": 6,
        "ZON_PV_KLEIN": 4,
        "ZON_PV_GROOT": 2,
        "WIND_LAND": 9,
        "WATERKRACHT": 100,
    }


def test_the_newest_energiebeeld_of_the_gebied_counts(analysed):
    assert balance(analysed, "GM0002")["energiebeeld"] == "ES09-2026-1.0"
    assert balance(analysed, "GM0002")["totaal"]["vraag"]["waarde"] == 21


def test_a_beeld_of_later(analysed):
    answer = balance(analysed, "GM0001", "?beeld=II3050V3_KM&jaar=2030")
    assert answer["totaal"]["vraag"]["waarde"] == 12
    assert balance(analysed, "GM0001", "?beeld=II3050V3_KM")["jaar"] == 2050


def test_in_another_unit(analysed):
    answer = balance(analysed, "GM0002", "?versie=NL01-2026-0.1&eenheid=GWh")
    assert answer["eenheid"] == "GWh"
    assert answer["totaal"]["saldo"] == pytest.approx(-15 / 3.6)


def test_it_says_how_it_counts_and_what_from(analysed):
    answer = balance(analysed, "GM0001")
    assert len(answer["dubbeltelling"]) == 5
    assert [each["bron"] for each in answer["bronnen"]] == ["etlocal-2023"]
    assert answer["publicatie"] == "proef-1"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("jaar=2031", "wel met 2022, 2023, 2030, 2050"),
        ("jaar=2023,2030", "één jaar"),
        ("jaar=2050", "beeld=: II3050V3_EV, II3050V3_KM"),
        ("beeld=II3050V3_GB", "II3050V3_GB"),
        ("versie=ES09-2026-1.0", "NL01-2026-0.1"),
        ("eenheid=ha", "past niet"),
        ("gebied=GM0001", "'gebied'"),
    ],
)
def test_bad_questions_say_what_is_wrong(analysed, query, told):
    assert told in " ".join(problem_of(analysed.get(f"/gebieden/GM0001/balans?{query}"), 400))


@pytest.mark.parametrize(("code", "told"), [("GM9999", "GM9999"), ("PV26", "geen cijfers")])
def test_what_has_no_balance_is_not_found(analysed, code, told):
    assert told in " ".join(problem_of(analysed.get(f"/gebieden/{code}/balans"), 404))


def test_a_planner_gets_a_page(analysed):
    page = analysed.get("/gebieden/GM0001/balans?f=html").text
    assert "Elektriciteitsketen" in page
    assert "Warmte uit een warmtenet" in page
    assert "geheimgehouden" in page
    assert "script" not in page
