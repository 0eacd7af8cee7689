"""Doggerland after its merger: Duinrode and Wulpenduin became Wulpenrode, and figures of before can be asked in the division of after."""

import csv
import io
import math
from collections.abc import Iterator

import httpx
import openpyxl
import pyarrow.parquet
import pytest

from tests.api.conftest import problem_of

from ..running import Service

DUINRODE, WULPENDUIN, WULPENRODE = "GM9001", "GM9007", "GM9025"
INHABITANTS = {DUINRODE: 38_200, WULPENDUIN: 52_100}
TOGETHER = 90_300
EVERYBODY = 1_338_600
ELECTRICITY = "indicator=finale-vraag&drager=ELEKTRICITEIT&subsector=WONINGEN&jaar=2022"


@pytest.fixture(scope="module")
def client(doggerland: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=doggerland.api, timeout=60) as opened:
        yield opened


def ask(client: httpx.Client, query: str) -> list[dict]:
    answer = client.get(f"/cijfers?limit=10000&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["cijfers"]


def test_the_merged_gemeente_has_the_inhabitants_of_both(client):
    (merged,) = ask(client, f"indicator=inwoners&jaar=2022&gebied={WULPENRODE}&indeling=2024")
    assert merged["waarde"] == TOGETHER == sum(INHABITANTS.values())
    assert (merged["kwaliteit"], merged["herkomst"], merged["indeling"]) == ("TOEGEDEELD", "AFGELEID", "2024-01-01")
    assert merged["methode"] == "Som van GM9001 en GM9007, volgens de opvolging van 2024-01-01"
    assert merged["gebiedNaam"] == "Wulpenrode"


def test_every_gemeente_of_the_new_division_has_a_figure_and_together_they_are_everybody(client):
    rows = ask(client, "indicator=inwoners&jaar=2022&niveau=GEMEENTE&indeling=2024-01-01")
    assert len(rows) == 23
    assert math.fsum(row["waarde"] for row in rows) == EVERYBODY
    assert [row["gebiedCode"] for row in rows if row["kwaliteit"] == "TOEGEDEELD"] == [WULPENRODE]


def test_parents_are_what_they_were_for_the_merger_lies_within_them(client):
    own, then = (ask(client, f"indicator=inwoners&jaar=2022&gebied=PV97,ES94,DL01{division}") for division in ("", "&indeling=2024"))
    assert [row["waarde"] for row in own] == [row["waarde"] for row in then]
    assert {row["indeling"] for row in then} == {"2024-01-01"}
    assert {row["aansluiting"]["oordeel"] for row in then} == {"SLUITEND"}


def test_demand_is_the_sum_in_any_unit(client):
    """Of every figure of 2022, also in GWh (3.6 TJ)."""
    parts = ask(client, f"{ELECTRICITY}&gebied={DUINRODE},{WULPENDUIN}")
    (merged,) = ask(client, f"{ELECTRICITY}&gebied={WULPENRODE}&indeling=2024")
    (in_gwh,) = ask(client, f"{ELECTRICITY}&gebied={WULPENRODE}&indeling=2024&eenheid=GWh")
    assert merged["waarde"] == pytest.approx(sum(row["waarde"] for row in parts), rel=1e-12)
    assert in_gwh["waarde"] == pytest.approx(merged["waarde"] / 3.6, rel=1e-12)


def test_years_of_both_divisions_stand_beside_each_other(client):
    rows = ask(client, f"indicator=inwoners&gebied={WULPENRODE}&indeling=2024")
    assert {row["jaar"]: (row["waarde"], row["kwaliteit"]) for row in rows} == {
        2022: (TOGETHER, "TOEGEDEELD"),
        2024: (TOGETHER, "GEREGISTREERD"),
    }


def test_sums_over_gebieden_in_another_division(client):
    (found,) = ask(client, f"indicator=inwoners&jaar=2022&gebied={WULPENRODE},GM9002&indeling=2024&aggregeer=gebied")
    assert (found["waarde"], found["indeling"]) == (TOGETHER + 214_600, "2024-01-01")


def test_pages_follow_each_other_in_another_division(client):
    query = "/cijfers?jaar=2022&niveau=GEMEENTE&indeling=2024"
    whole, seen, address = client.get(f"{query}&limit=10000").json()["cijfers"], [], f"{query}&limit=200"
    while address:
        page = client.get(address).json()
        seen += page["cijfers"]
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert seen == whole
    assert {row["gebiedCode"] for row in whole} & {DUINRODE, WULPENDUIN} == set()


def test_a_whole_selection_as_a_file(client):
    query = "indicator=inwoners&jaar=2022&niveau=GEMEENTE&indeling=2024"
    table = client.get(f"/cijfers?{query}&f=csv")
    rows = {row["gebied_code"]: row for row in csv.DictReader(io.StringIO(table.text))}
    assert len(rows) == 23
    merged = rows[WULPENRODE]
    assert (float(merged["waarde"]), merged["kwaliteit"], merged["indeling"]) == (TOGETHER, "TOEGEDEELD", "2024-01-01")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/cijfers?{query}&f=xlsx").content), read_only=True)
    assert len(list(book["Cijfers"].rows)) == 1 + 23
    parquet = pyarrow.parquet.read_table(io.BytesIO(client.get(f"/cijfers?{query}&f=parquet").content))
    assert (parquet.num_rows, parquet.column("waarde").to_pylist()[-1]) == (23, TOGETHER)
    assert "Wulpenrode;GEMEENTE;" in client.get(f"/cijfers?{query}&f=csv-nl").text


def test_people_see_that_it_was_added_up(client):
    page = client.get(f"/cijfers?indicator=inwoners&jaar=2022&gebied={WULPENRODE}&indeling=2024&f=html").text
    assert "90.300" in page
    assert "Som van GM9001 en GM9007" in page


def test_the_demo_shows_predecessors_and_successors(client):
    old, new = (client.get(f"/gebieden/{code}").json() for code in (DUINRODE, WULPENRODE))
    assert [each["code"] for each in old["opvolgers"]] == [WULPENRODE]
    assert [each["code"] for each in new["voorgangers"]] == [DUINRODE, WULPENDUIN]
    earlier = next(each["href"] for each in new["links"] if "indeling=" in each["href"])
    assert {row["jaar"] for row in httpx.get(earlier, timeout=60).json()["cijfers"]} >= {2022, 2024}


class TestOldCodes:
    """A gebied that is no more points on; an empty answer without a word is none."""

    def test_in_a_year_it_did_not_exist(self, client):
        (told,) = problem_of(client.get(f"/cijfers?gebied={DUINRODE}&jaar=2024"), 400)
        assert told.startswith("Duinrode (GM9001) bestaat niet meer sinds 2024-01-01. Opvolger: Wulpenrode (GM9025).")

    @pytest.mark.parametrize("form", ["csv", "xlsx", "html"])
    def test_also_where_a_file_was_asked(self, client, form):
        assert "Wulpenrode" in " ".join(problem_of(client.get(f"/cijfers?gebied={DUINRODE}&jaar=2030&f={form}"), 400))

    def test_also_in_a_sum(self, client):
        query = f"indicator=inwoners&gebied={DUINRODE},{WULPENDUIN}&jaar=2024&aggregeer=gebied"
        assert len(problem_of(client.get(f"/cijfers?{query}"), 400)) == 2

    def test_before_it_existed(self, client):
        (told,) = problem_of(client.get(f"/cijfers?gebied={WULPENRODE}&jaar=2022"), 400)
        assert "Daarvoor waren er Duinrode (GM9001), Wulpenduin (GM9007)." in told
        assert "indeling=2024-01-01" in told

    def test_without_a_year_its_figures_and_a_word(self, client):
        answer = client.get(f"/cijfers?indicator=inwoners&gebied={DUINRODE}").json()
        assert [row["waarde"] for row in answer["cijfers"]] == [38_200]
        assert "Opvolger: Wulpenrode (GM9025)" in answer["meldingen"][0]
        (onward,) = [each["href"] for each in answer["links"] if each["rel"] == "successor-version"]
        assert {row["gebiedCode"] for row in httpx.get(onward, timeout=60).json()["cijfers"]} == {WULPENRODE}

    def test_beside_others_a_word(self, client):
        answer = client.get(f"/cijfers?indicator=inwoners&gebied={DUINRODE},GM9002&jaar=2024").json()
        assert [row["gebiedCode"] for row in answer["cijfers"]] == ["GM9002"]
        assert len(answer["meldingen"]) == 1

    def test_a_file_has_it_in_its_header(self, client):
        answer = client.get(f"/cijfers?indicator=inwoners&gebied={DUINRODE}&f=csv")
        assert 'rel="successor-version"' in answer.headers["link"]

    def test_a_word_on_the_page(self, client):
        assert "bestaat niet meer sinds 2024-01-01" in client.get(f"/cijfers?gebied={DUINRODE}&f=html").text

    def test_who_is_there_gets_no_word(self, client):
        assert "meldingen" not in client.get("/cijfers?gebied=GM9002&jaar=2024").json()

    def test_in_a_division_where_it_is_not(self, client):
        (told,) = problem_of(client.get(f"/cijfers?gebied={DUINRODE}&indeling=2024"), 400)
        assert told == "Duinrode (GM9001) bestaat niet in de indeling van 2024-01-01. Opvolger: Wulpenrode (GM9025)."


class TestBackInTime:
    """A sum cannot be taken apart."""

    def test_is_refused(self, client):
        (told,) = problem_of(client.get("/cijfers?indicator=inwoners&jaar=2024&indeling=2022"), 400)
        assert told.startswith("Wulpenrode (GM9025) heeft cijfers in een nieuwere indeling")
        assert "Terugrekenen naar 2022-01-01 kan niet" in told

    def test_for_a_gebied_that_came_later(self, client):
        (told,) = problem_of(client.get(f"/cijfers?gebied={WULPENRODE}&indeling=2022"), 400)
        assert "bestaat pas sinds 2024-01-01. Toen waren er Duinrode (GM9001), Wulpenduin (GM9007)." in told

    def test_who_never_changed_is_the_same_then(self, client):
        (row,) = ask(client, "indicator=inwoners&gebied=GM9002&jaar=2024&indeling=2022")
        assert (row["waarde"], row["indeling"]) == (214_600, "2022-01-01")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("indeling=nieuw", "Schrijf 2025, of 2025-01-01"),
        ("indeling=2024-13-01", "geen jaar of dag"),
        ("indeling=1990", "geen indeling"),
        ("indeling=", "geen jaar of dag"),
    ],
)
def test_a_division_that_cannot_be(client, query, told):
    assert told in " ".join(problem_of(client.get(f"/cijfers?{query}"), 400))


def test_reconciliation_is_about_the_own_division(client):
    assert "'indeling'" in " ".join(problem_of(client.get("/aansluiting?indeling=2024"), 400))


def test_every_fault_at_once(client):
    assert len(problem_of(client.get(f"/cijfers?gebied={DUINRODE},GM0000&indeling=2024&jaar=x"), 400)) == 3
