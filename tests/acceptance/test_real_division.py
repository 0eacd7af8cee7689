"""Real figures of 2022 in the division of 2025: Voorne aan Zee is Brielle, Hellevoetsluis and Westvoorne, Amsterdam has Weesp."""

import csv
import gzip
import math
from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import problem_of

from ..conftest import DATA, Netherlands

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.is_dir(), reason="de echte gegevens (../shared/data) staan niet op deze machine"),
]

BRIELLE, HELLEVOETSLUIS, WESTVOORNE, VOORNE_AAN_ZEE = "GM0501", "GM0530", "GM0614", "GM1992"
WEESP, AMSTERDAM = "GM0457", "GM0363"
SOLAR = "indicator=aantal-installaties&techniek=ZON_PV&subsector=-&jaar=2022"


@pytest.fixture(scope="module")
def client(netherlands: Netherlands) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=netherlands.service.api, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def delivered() -> dict[str, float]:
    """The number of solar installations in 2022 per code, as CBS delivers it."""
    (path,) = (DATA / "energie_aanbod").glob("cbs_85005NED_*.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return {
            row["RegioS"].strip(): float(row["Installaties_1"])
            for row in csv.DictReader(file)
            if (row["SectorEnVermogensklasse"].strip(), row["Perioden"].strip()) == ("E007161", "2022JJ00") and row["Installaties_1"]
        }


def ask(client: httpx.Client, query: str) -> list[dict]:
    answer = client.get(f"/cijfers?limit=10000&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["cijfers"]


def test_voorne_aan_zee_is_the_sum_of_its_three(client, delivered):
    (merged,) = ask(client, f"{SOLAR}&gebied={VOORNE_AAN_ZEE}&indeling=2025")
    assert merged["waarde"] == delivered[BRIELLE] + delivered[HELLEVOETSLUIS] + delivered[WESTVOORNE]
    assert (merged["kwaliteit"], merged["herkomst"], merged["indeling"]) == ("TOEGEDEELD", "AFGELEID", "2025-01-01")
    assert merged["methode"] == "Som van GM0501, GM0530 en GM0614, volgens de opvolging van 2023-01-01"


def test_amsterdam_has_weesp_in_it(client, delivered):
    (merged,) = ask(client, f"{SOLAR}&gebied={AMSTERDAM}&indeling=2025")
    assert (merged["waarde"], merged["kwaliteit"]) == (delivered[AMSTERDAM] + delivered[WEESP], "TOEGEDEELD")


def test_all_others_are_as_delivered_and_nothing_is_lost(client, delivered):
    rows = ask(client, f"{SOLAR}&niveau=GEMEENTE&indeling=2025")
    assert len(rows) == 342
    assert {row["gebiedCode"] for row in rows if row["kwaliteit"] == "TOEGEDEELD"} == {VOORNE_AAN_ZEE, AMSTERDAM}
    gemeenten = math.fsum(value for code, value in delivered.items() if code.startswith("GM") and code != "GM0000")
    assert math.fsum(row["waarde"] for row in rows) == gemeenten


def test_regio_and_provincie_are_what_cbs_delivers(client, delivered):
    for row in ask(client, f"{SOLAR}&gebied=PV28,ES23,PV27,ES16&indeling=2025"):
        assert row["waarde"] == delivered[row["gebiedCode"]]


def test_a_mean_without_weights_is_not_made_up(client):
    (mean,) = ask(client, f"indicator=gas-per-woning&jaar=2022&gebied={VOORNE_AAN_ZEE}&indeling=2025")
    assert (mean["waarde"], mean["redenLeeg"]) == (None, "ONBEKEND")
    assert mean["methode"].startswith("Niet omgerekend: ")


def test_old_codes_point_on(client):
    (told,) = problem_of(client.get(f"/cijfers?gebied={WEESP}&jaar=2024"), 400)
    assert told.startswith("Weesp (GM0457) bestaat niet meer sinds 2023-01-01. Opvolger: Amsterdam (GM0363).")
    assert [each["code"] for each in client.get(f"/gebieden/{BRIELLE}").json()["opvolgers"]] == [VOORNE_AAN_ZEE]
    assert [each["code"] for each in client.get("/gebieden/GM0014").json()["opvolgers"]] == []


def test_boundary_corrections_are_told_and_not_taken(netherlands: Netherlands):
    report = netherlands.reports["gemeente-opvolging-2023"]
    (counts,) = report.datasets
    assert (counts.read, counts.excluded, counts.stored) == (30, 26, 4)
    assert all("inwoners volgen geen hectaren" in each.reason for each in report.findings if each.code == "uitgesloten")
    assert report.warnings == 0
