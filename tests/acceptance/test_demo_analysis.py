"""What an analyst asks of the demo beyond the list of figures, held against that list and against the plan it was drawn from."""

import math
from collections.abc import Callable

import httpx
import pytest

from ..running import Service

CONCEPT = "DL01-2026-0.1"
WONEN = {"indicator": "finale-vraag", "drager": "ELEKTRICITEIT", "subsector": "WONINGEN", "versie": CONCEPT}
# In TJ per thousand inhabitants, of which gemeenten differ by at most a fifth: seed/doggerland.yaml.
NOW, LATER, SPREAD = 4.5, 6.8, 0.2

type Ask = Callable[..., dict]


@pytest.fixture(scope="module")
def ask(doggerland: Service):
    with httpx.Client(base_url=doggerland.api, timeout=60) as client:

        def document(path: str, **query: object) -> dict:
            return client.get(path, params=query).raise_for_status().json()

        yield document


@pytest.mark.parametrize("gebied", ["DL01", "PV98", "ES96", "GM9005"])
def test_a_balance_is_the_sum_of_the_figures(ask: Ask, gebied: str):
    balans = ask(f"/gebieden/{gebied}/balans", versie=CONCEPT)
    assert (balans["jaar"], balans["beeld"], balans["eenheid"]) == (2024, "HUIDIG", "TJ")
    listed = ask("/cijfers", gebied=gebied, versie=CONCEPT, jaar=2024, beeld="HUIDIG", indicator="finale-vraag,productie")["cijfers"]
    for keten in balans["ketens"]:
        for drager in keten["dragers"]:
            for side, indicator in (("vraag", "finale-vraag"), ("aanbod", "productie")):
                mine = [each["waarde"] for each in listed if (each["indicator"], each["drager"]) == (indicator, drager["drager"])]
                assert drager[side]["aantal"] == len(mine)
                assert drager[side]["waarde"] == (pytest.approx(math.fsum(mine)) if mine else None)
    total = {name: math.fsum(each["waarde"] for each in listed if each["indicator"] == name) for name in ("finale-vraag", "productie")}
    assert balans["totaal"]["saldo"] == pytest.approx(total["productie"] - total["finale-vraag"])
    assert balans["totaal"]["oordeel"] == "TEKORT"
    assert ("productie", "AARDGAS") in {(each["indicator"], each["drager"]) for each in balans["onvolledig"]}


def test_households_per_inhabitant_are_what_the_plan_says(ask: Ask):
    line = ask("/gebieden/DL01/vergelijk", met="ES94,PV97,GM9005", per="inwoner", **WONEN)["regels"][0]
    per_thousand = [1_000 * each["per"] for each in line["waarden"]]
    assert all(NOW * (1 - SPREAD) <= each <= NOW * (1 + SPREAD) for each in per_thousand)
    assert line["waarden"][0]["noemer"] == {"waarde": 1_338_600, "jaar": 2024}
    for each in line["waarden"]:
        (row,) = ask("/cijfers", gebied=each["gebiedCode"], jaar=2024, beeld="HUIDIG", **WONEN)["cijfers"]
        assert each["waarde"] == row["waarde"]


def test_a_series_runs_to_what_the_plan_says(ask: Ask):
    reeksen = {each["beeld"]: each for each in ask("/gebieden/DL01/reeks", **WONEN)["reeksen"]}
    assert [each["jaar"] for each in reeksen["HUIDIG"]["punten"]] == [2022, 2024]
    assert [each["jaar"] for each in reeksen["II3050V3_KM"]["punten"]] == [2030, 2035, 2040, 2050]
    # Every gemeente grows by the same share.
    assert reeksen["II3050V3_KM"]["punten"][-1]["deltaProcent"] == pytest.approx(100 * (LATER / NOW - 1), abs=0.01)


def test_the_energiebeeld_says_what_it_is(ask: Ask, doggerland: Service):
    concept = ask(f"/energiebeelden/{CONCEPT}")
    assert (concept["status"], concept["opsteller"], concept["gebiedCode"]) == ("CONCEPT", "Rijk", "DL01")
    assert [each["code"] for each in concept["beelden"]] == ["HUIDIG", "II3050V3_KM", "II3050V3_EV", "II3050V3_GB", "II3050V3_HA"]
    table = httpx.get(f"{doggerland.api}/cijfers", params={"versie": CONCEPT, "f": "csv"}, timeout=60).text
    assert concept["cijfers"] == table.count("\n") - 1
