"""`/v1/gebieden/{code}/vergelijk` over HTTP: gebieden side by side, as they are and per inhabitant, dwelling and hectare."""

import csv
import io

import pytest

from tests.api.conftest import problem_of

WONEN = "versie=NL01-2026-0.1&drager=ELEKTRICITEIT&subsector=WONINGEN"


def lines(service, code, query):
    answer = service.get(f"/gebieden/{code}/vergelijk?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["regels"]


def test_gebieden_side_by_side(analysed):
    answer = analysed.get(f"/gebieden/GM0001/vergelijk?met=GM0002,PV25&{WONEN}").json()
    assert [(each["code"], each["niveau"]) for each in answer["gebieden"]] == [
        ("GM0001", "GEMEENTE"),
        ("GM0002", "GEMEENTE"),
        ("PV25", "PROVINCIE"),
    ]
    (line,) = answer["regels"]
    assert (line["indicator"], line["jaar"], line["beeld"], line["eenheid"]) == ("finale-vraag", 2023, "HUIDIG", "TJ")
    assert [(each["waarde"], each["verhouding"]) for each in line["waarden"]] == [(10, 1), (20, 2), (32, 3.2)]


def test_without_others_it_is_beside_its_parents(analysed):
    answer = analysed.get(f"/gebieden/GM0001/vergelijk?{WONEN}").json()
    assert [each["code"] for each in answer["gebieden"]] == ["GM0001", "NL01", "PV25"]


def test_per_inhabitant(analysed):
    """10 TJ for 1 000 people is 10 GJ each, 20 TJ for 4 000 is 5."""
    (line,) = lines(analysed, "GM0001", f"met=GM0002&per=inwoner&eenheid=GJ&{WONEN}")
    assert line["eenheidPer"] == "GJ per inwoner"
    assert [each["per"] for each in line["waarden"]] == pytest.approx([10, 5])
    assert [each["verhouding"] for each in line["waarden"]] == pytest.approx([1, 0.5])
    assert [each["noemer"] for each in line["waarden"]] == [{"waarde": 1000, "jaar": 2023}, {"waarde": 4000, "jaar": 2023}]


def test_per_hectare(analysed):
    """Each square is 100 ha."""
    (line,) = lines(analysed, "GM0001", f"met=GM0002&per=ha&{WONEN}")
    assert [each["per"] for each in line["waarden"]] == pytest.approx([0.1, 0.2])


def test_what_is_expected_is_divided_by_the_last_count_before_it(analysed):
    (line,) = lines(analysed, "GM0001", f"met=GM0002&per=inwoner&beeld=II3050V3_KM&jaar=2030&{WONEN}")
    assert line["waarden"][0]["noemer"] == {"waarde": 1000, "jaar": 2023}
    assert line["waarden"][1]["redenLeeg"] == "GEEN_CIJFER"


def test_without_dwellings_there_is_nothing_per_dwelling(analysed):
    (line,) = lines(analysed, "GM0001", f"met=GM0002&per=woning&{WONEN}")
    assert [(each["waarde"], each["per"], each["noemer"]) for each in line["waarden"]] == [(10, None, None), (20, None, None)]


def test_a_total_counts_nothing_twice(analysed):
    """Zon 6 and wind 9; 4 and 2 are part of the 6, and the potential of 100 counts nowhere."""
    total = next(each for each in lines(analysed, "GM0001", "met=GM0002&versie=NL01-2026-0.1&indicator=productie") if each["totaal"])
    assert [each["waarde"] for each in total["waarden"]] == [15, 5]


def test_each_gebied_in_its_newest_energiebeeld(analysed):
    answer = analysed.get("/gebieden/GM0001/vergelijk?met=GM0002&drager=ELEKTRICITEIT&subsector=WONINGEN").json()
    assert [each["energiebeeld"] for each in answer["gebieden"]] == ["NL01-2026-0.1", "ES09-2026-1.0"]
    assert [each["waarde"] for each in answer["regels"][0]["waarden"]] == [10, 21]


def test_as_csv(analysed):
    text = analysed.get(f"/gebieden/GM0001/vergelijk?met=GM0002&per=ha&{WONEN}&f=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["gebied_code"], row["waarde"], row["waarde_per"], row["eenheid_per"]) for row in rows] == [
        ("GM0001", "10", "0.1", "TJ per ha"),
        ("GM0002", "20", "0.2", "TJ per ha"),
    ]
    dutch = analysed.get(f"/gebieden/GM0001/vergelijk?met=GM0002&per=ha&{WONEN}&f=csv-nl").content.decode("utf-8-sig")
    assert [row["waarde_per"] for row in csv.DictReader(io.StringIO(dutch), delimiter=";")] == ["0,1", "0,2"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("met=GM9999", "'GM9999'"),
        ("met=GM0001", "het gebied zelf"),
        ("met=PV25-NTI&per=inwoner", "geen inwoners"),
        ("met=GM0002&per=kop", "inwoner, woning, ha"),
        ("met=GM0002&indicator=gas-per-woning&per=inwoner", "al een verhouding"),
        ("met=GM0002&beeld=HUIDIG,II3050V3_KM", "één beeld"),
        ("met=GM0002&jaar=2031", "2023"),
    ],
)
def test_bad_questions_say_what_is_wrong(analysed, query, told):
    assert told in " ".join(problem_of(analysed.get(f"/gebieden/GM0001/vergelijk?{query}"), 400))


def test_a_gebied_without_the_figures_is_not_found(analysed):
    problem_of(analysed.get("/gebieden/GM0001/vergelijk?met=GM0002&indicator=vollasturen"), 404)


def test_people_get_a_page(analysed):
    page = analysed.get(f"/gebieden/GM0001/vergelijk?met=GM0002&per=inwoner&{WONEN}&f=html").text
    assert "Finale energievraag" in page
    assert "TJ per inwoner" in page
