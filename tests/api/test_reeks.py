"""`/v1/gebieden/{code}/reeks` over HTTP: what was realised, what each beeld expects, and how much that differs."""

import csv
import io

import pytest

from tests.api.conftest import problem_of

WONEN = "drager=ELEKTRICITEIT&subsector=WONINGEN"


def test_realisation_followed_by_every_beeld(analysed):
    answer = analysed.get(f"/gebieden/GM0001/reeks?{WONEN}").json()
    assert answer["jaren"] == [2022, 2023, 2030, 2050]
    found = {each["beeld"]: [(point["jaar"], point["waarde"], point["delta"]) for point in each["punten"]] for each in answer["reeksen"]}
    assert found == {
        "HUIDIG": [(2022, 8, -2), (2023, 10, 0)],
        "II3050V3_EV": [(2050, 15, 5)],
        "II3050V3_KM": [(2030, 12, 2), (2050, 14, 4)],
    }
    assert list(found) == ["HUIDIG", "II3050V3_EV", "II3050V3_KM"]
    assert answer["reeksen"][2]["punten"][1]["deltaProcent"] == 40
    assert answer["reeksen"][2]["realisatie"] == {"jaar": 2023, "waarde": 10}


def test_one_beeld_keeps_what_was_realised(analysed):
    answer = analysed.get(f"/gebieden/GM0001/reeks?{WONEN}&beeld=II3050V3_EV").json()
    assert [each["beeld"] for each in answer["reeksen"]] == ["HUIDIG", "II3050V3_EV"]


def test_over_versions(analysed):
    answer = analysed.get(f"/gebieden/GM0002/reeks?{WONEN}&versie=NL01-2026-0.1,ES09-2026-1.0").json()
    assert [(each["energiebeeld"], each["punten"][0]["waarde"]) for each in answer["reeksen"]] == [
        ("NL01-2026-0.1", 20),
        ("ES09-2026-1.0", 21),
    ]
    newest = analysed.get(f"/gebieden/GM0002/reeks?{WONEN}").json()["reeksen"]
    assert [each["energiebeeld"] for each in newest] == ["ES09-2026-1.0"]


def test_a_total_goes_beside_its_parts(analysed):
    reeksen = analysed.get("/gebieden/GM0001/reeks?indicator=productie").json()["reeksen"]
    (total,) = [each for each in reeksen if each["totaal"]]
    assert [(point["jaar"], point["waarde"]) for point in total["punten"]] == [(2023, 15)]


def test_every_series_leads_to_its_figures(analysed):
    for reeks in analysed.get("/gebieden/GM0001/reeks?drager=ELEKTRICITEIT").json()["reeksen"]:
        rows = analysed.get(reeks["href"]).json()["cijfers"]
        if not reeks["totaal"]:
            assert {row["jaar"]: row["waarde"] for row in rows} == {point["jaar"]: point["waarde"] for point in reeks["punten"]}


def test_in_another_unit_and_as_csv(analysed):
    text = analysed.get(f"/gebieden/GM0001/reeks?{WONEN}&eenheid=MWh&beeld=II3050V3_EV&f=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["beeld"], row["jaar"], row["eenheid"]) for row in rows] == [
        ("HUIDIG", "2022", "MWh"),
        ("HUIDIG", "2023", "MWh"),
        ("II3050V3_EV", "2050", "MWh"),
    ]
    assert [float(row["delta_procent"]) for row in rows] == pytest.approx([-20, 0, 50])
    assert float(rows[2]["waarde"]) == pytest.approx(15_000 / 3.6)


@pytest.mark.parametrize(
    ("query", "told"),
    [("versie=ES09-2026-1.0", "wel NL01-2026-0.1"), ("indicator=vrag", "vrag"), ("jaar=2030", "'jaar'"), ("eenheid=m2", "past niet")],
)
def test_bad_questions_say_what_is_wrong(analysed, query, told):
    assert told in " ".join(problem_of(analysed.get(f"/gebieden/GM0001/reeks?{query}"), 400))


def test_without_figures_there_is_no_series(analysed):
    problem_of(analysed.get("/gebieden/PV26/reeks"), 404)


def test_people_get_a_page(analysed):
    page = analysed.get(f"/gebieden/GM0001/reeks?{WONEN}&f=html").text
    assert "Koersvaste Middenweg" in page
    assert "+40%" in page
