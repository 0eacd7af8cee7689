"""`/v1/kengetallen` over HTTP: what ruimtebeslag is reckoned with, each with its source."""

import csv
import io

import httpx

from tests.api.conftest import problem_of


def test_every_key_figure_has_bounds_and_a_source(service: httpx.Client) -> None:
    answer = service.get("/kengetallen").json()
    found = {each["code"]: each for each in answer["kengetallen"]}
    assert answer["aantal"] == len(found)
    assert all(each["bron"] and each["onder"] <= each["midden"] <= each["boven"] for each in found.values())
    solar = found["ZON_VELD_HA_PER_MWP"]
    assert (solar["onder"], solar["midden"], solar["boven"]) == (1, 1.2, 1.4)
    assert (solar["tellerEenheid"], solar["noemerEenheid"], solar["geldigGebied"]) == ("ha", "MWp", None)
    assert solar["omschrijving"] == "Kengetal ZON_VELD_HA_PER_MWP: 1,2 ha per MWp (1,0–1,4), klimaatfeiten.nl"


def test_one_case_and_rules_of_thumb_are_not_confirmed(service: httpx.Client) -> None:
    doubtful = {each["code"] for each in service.get("/kengetallen").json()["kengetallen"] if not each["bevestigd"]}
    assert {"BATTERIJ_HA_PER_MW", "STATION_HS_HA", "STATION_EHS_HA", "STROOK_EHS_HA_PER_KM"} <= doubtful
    assert not doubtful & {"ZON_VELD_HA_PER_MWP", "ELEKTROLYSER_HA_PER_MW", "GASCENTRALE_HA_PER_MW"}


def test_the_table_as_csv_can_be_delivered_back(service: httpx.Client) -> None:
    answer = service.get("/kengetallen?f=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    solar = next(row for row in rows if row["code"] == "ZON_VELD_HA_PER_MWP")
    assert (solar["onder"], solar["boven"], solar["bevestigd"], solar["jaar"]) == ("1.0", "1.4", "ja", "")


def test_the_page_names_every_key_figure(service: httpx.Client) -> None:
    page = service.get("/kengetallen", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert all(each["code"] in page.text for each in service.get("/kengetallen").json()["kengetallen"])


def test_what_it_does_not_know_is_refused(service: httpx.Client) -> None:
    assert "techniek" in " ".join(problem_of(service.get("/kengetallen?techniek=ZON_VELD"), 400))
