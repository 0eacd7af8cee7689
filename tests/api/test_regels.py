"""`/v1/regels` over HTTP: the rules with their filters, the matrix, one rule, and files that can be delivered back."""

import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS30ReadValidator
from openpyxl import load_workbook

from app.register.begrippen import read_begrippen
from app.register.regels import COLUMNS, read_regels
from app.settings import ROOT
from tests.api.conftest import problem_of

SENTENCE = "Signalering; geen besluit of toestemming."


def regels_of(service: httpx.Client, **query: str) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in service.get("/regels", params=query).json()["regels"]}


def test_every_rule_has_a_reason_a_source_and_who_decides(service: httpx.Client) -> None:
    answer = service.get("/regels").json()
    assert answer["aantal"] == answer["totaal"] == len(answer["regels"])
    assert answer["regelsetVersie"].startswith("2026-11-")
    assert answer["signalering"] == SENTENCE
    assert all(each["reden"].endswith(".") and each["bron"] and each["bevoegdGezag"] for each in answer["regels"])
    assert sum(answer["aantallen"]["ernst"].values()) == sum(answer["aantallen"]["bevestigd"].values()) == answer["aantal"]


def test_a_height_above_the_limit_excludes_and_an_unknown_one_does_not(service: httpx.Client) -> None:
    found = regels_of(service, objectgroep="WIND", beperking="LV-LIB")
    assert {each["voorwaarde"]: each["ernst"] for each in found.values()} == {
        "tiphoogte_m > hoogte_max_m": "UITSLUITING",
        "tiphoogte_m <= hoogte_max_m": "AANDACHTSPUNT",
        "tiphoogte_m onbekend": "AANDACHTSPUNT",
        "hoogte_max_m onbekend": "AANDACHTSPUNT",
    }
    assert found["R-WIND-LIB0"]["reden"].startswith("Hoogte onbekend")
    assert found["R-WIND-LIB"]["hardheid"] == "JURIDISCH"


def test_a_filter_takes_several_codes_and_filters_go_together(service: httpx.Client) -> None:
    assert {each["objectgroep"] for each in regels_of(service, objectgroep="BODE,GEOT").values()} == {"BODE", "GEOT"}
    excluded = regels_of(service, ernst="UITSLUITING", kader="WATER_BODEM", bevestigd="true")
    assert {"R-BODE-WWG", "R-BODE-GWB", "R-GEOT-WWG", "R-GEOT-GWB"} <= excluded.keys()
    assert {each["hardheid"] for each in excluded.values()} == {"JURIDISCH"}
    assert {each["kader"] for each in excluded.values()} == {"WATER_BODEM"}
    doubtful = regels_of(service, hardheid="BELEID", bevestigd="false")
    assert not any(each["bevestigd"] for each in doubtful.values())
    assert "UITSLUITING" not in {each["ernst"] for each in doubtful.values()}


def test_an_object_type_has_the_rules_of_its_group_and_says_when_they_are_borrowed(service: httpx.Client) -> None:
    assert regels_of(service, objecttype="WINDPARK") == regels_of(service, objectgroep="WIND")
    borrowed = service.get("/regels?objecttype=VERGISTER").json()
    assert {each["objectgroep"] for each in borrowed["regels"]} == {"H2EL"}
    assert borrowed["meldingen"] == ["VERGISTER heeft geen eigen regels; deze zijn afgeleid van objectgroep H2EL."]
    nothing = service.get("/regels?objecttype=ZON_DAK").json()
    assert (nothing["aantal"], nothing["meldingen"]) == (0, ["Voor ZON_DAK zijn er geen regels: het hoort bij geen objectgroep."])


def test_a_provincie_has_its_own_rule_in_the_place_of_the_national_one(service: httpx.Client) -> None:
    pair = {"objectgroep": "WIND", "beperking": "NA-STI"}
    assert {code: each["ernst"] for code, each in regels_of(service, **pair, gebied="PV25").items()} == {"R-WIND-STI": "AANDACHTSPUNT"}
    own = regels_of(service, **pair, gebied="PV97")
    assert {code: (each["ernst"], each["vervangt"]) for code, each in own.items()} == {"PV97-WIND-STI": ("ZWAARWEGEND", "R-WIND-STI")}
    assert regels_of(service, **pair).keys() == {"R-WIND-STI", "PV97-WIND-STI"}
    assert len(regels_of(service, gebied="PV97")) == len(regels_of(service, gebied="PV25"))


def test_one_rule_leads_to_its_terms_its_data_and_what_replaces_it(service: httpx.Client) -> None:
    rule = service.get("/regels/R-WIND-STI").json()
    assert rule["vervangenDoor"] == ["PV97-WIND-STI"]
    natura = service.get("/regels/R-WIND-N2K").json()
    assert natura["bronUrl"] == "https://api.pdok.nl/rvo/natura2000/ogc/v1"
    links = [(each["rel"], each["href"]) for each in natura["links"]]
    assert ("via", "https://api.pdok.nl/rvo/natura2000/ogc/v1") in links
    for address in (href for rel, href in links if rel == "related"):
        assert service.get(address).status_code == 200


def test_an_unknown_rule_is_not_found_and_like_names_are_offered(service: httpx.Client) -> None:
    assert "Bedoelt u R-WIND-N2K?" in problem_of(service.get("/regels/R-WIND-N2000"), 404)


def test_everything_wrong_with_a_question_is_said_at_once(service: httpx.Client) -> None:
    asked = "/regels?objectgroep=WINDT&beperking=NA-N2000&ernst=&gebied=GM0344&bevestigd=ja"
    faults = " ".join(problem_of(service.get(asked), 400))
    for said in (
        "'WINDT' van 'objectgroep'. Bedoelt u 'WIND'",
        "'NA-N2000' van 'beperking'",
        "ernst=''",
        "gebied='GM0344'",
        "bevestigd='ja'",
    ):
        assert said in faults
    assert "kleur" in " ".join(problem_of(service.get("/regels?kleur=rood"), 400))


def test_the_matrix_has_the_gravest_of_every_pair(service: httpx.Client) -> None:
    matrix = service.get("/regels/matrix").json()
    cells = {(row["beperking"], cell["objectgroep"]): cell for row in matrix["rijen"] for cell in row["cellen"]}
    assert len(matrix["objectgroepen"]) == 10
    assert len(cells) == 10 * len(matrix["rijen"])
    assert (cells["LV-LIB", "WIND"]["teken"], cells["LV-LIB", "WIND"]["voorwaardelijk"]) == ("U", True)
    assert [cells["WB-RAK", group]["teken"] for group in ("WIND", "BATT")] == ["–", "A"]
    assert all(row["hardheid"] == "JURIDISCH" for row in matrix["rijen"] for cell in row["cellen"] if cell["teken"] == "U")
    own = service.get("/regels/matrix?gebied=PV97&kader=NATUUR").json()
    quiet = next(row for row in own["rijen"] if row["beperking"] == "NA-STI")["cellen"][0]
    assert (quiet["teken"], quiet["provincie"], quiet["regels"]) == ("Z", True, ["PV97-WIND-STI"])
    assert {row["kader"] for row in own["rijen"]} == {"NATUUR"}


def test_the_matrix_as_csv_says_the_words(service: httpx.Client) -> None:
    rows = {row["beperking"]: row for row in csv.DictReader(io.StringIO(service.get("/regels/matrix?f=csv").text))}
    assert (rows["WB-GWB"]["BODE"], rows["WB-GWB"]["LEIB"]) == ("UITSLUITING", "GEEN")


def test_the_file_can_be_delivered_back(service: httpx.Client, tmp_path: Path) -> None:
    text = service.get("/regels?f=csv").text
    (tmp_path / "regels").mkdir()
    (tmp_path / "regels" / "2026-11.csv").write_text(text, encoding="utf-8")
    begrippen = read_begrippen((ROOT / "seed",))
    assert read_regels((tmp_path,), begrippen) == read_regels((ROOT / "seed",), begrippen)
    own = list(csv.DictReader(io.StringIO(service.get("/regels?f=csv&gebied=PV97").text)))
    assert {row["gebied"] for row in own} == {"", "PV97"}


def test_the_workbook_and_the_dutch_file_have_every_rule(service: httpx.Client) -> None:
    answer = service.get("/regels?f=xlsx&ernst=UITSLUITING")
    rows = list(load_workbook(io.BytesIO(answer.content), read_only=True).worksheets[0].values)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) - 1 == service.get("/regels?ernst=UITSLUITING").json()["aantal"]
    dutch = service.get("/regels?f=csv-nl&beperking=IN-WEG&objectgroep=WIND").content.decode("utf-8-sig").splitlines()
    assert dutch[1].split(";")[3:7] == ["BINNEN_AFSTAND", "30", "rotordiameter_m", "0,5"]


@pytest.mark.parametrize(
    "path", ["/regels", "/regels?beperking=LV-LIB&gebied=PV97", "/regels?objecttype=ZON_DAK", "/regels/matrix", "/regels/R-WIND-WEG"]
)
def test_a_page_says_what_the_answer_says(service: httpx.Client, path: str) -> None:
    page = service.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert SENTENCE in page.text
    told = service.get(path).json()
    assert all(each["code"] in page.text for each in told.get("regels", []))
    for row in told.get("rijen", []):
        assert row["beperking"] in page.text


def test_the_matrix_does_not_depend_on_colour(service: httpx.Client) -> None:
    page = service.get("/regels/matrix?f=html").text
    assert 'title="Uitsluiting, bevestigd">U*<span class="hidden"> Uitsluiting, bevestigd</span>' in page
    assert '<th scope="rowgroup" colspan="11">Natuur</th>' in page


@pytest.mark.parametrize(("schema", "path"), [("Regels", "/regels"), ("Regelmatrix", "/regels/matrix"), ("Regel", "/regels/PV97-WIND-STI")])
def test_an_answer_is_as_it_is_described(service: httpx.Client, schema: str, path: str) -> None:
    document = service.get("/openapi.json").json()
    described = document["components"]["schemas"][schema]
    answer = service.get(path).json()
    OAS30ReadValidator({**described, "components": document["components"]}).validate(answer)
    assert answer.keys() <= described["properties"].keys()
    if schema == "Regels":
        assert answer["regels"][0].keys() <= document["components"]["schemas"]["RegelInLijst"]["properties"].keys()


@pytest.mark.parametrize("path", ["/regels", "/regels/matrix"])
def test_every_parameter_that_is_described_is_known(service: httpx.Client, path: str) -> None:
    document = service.get("/openapi.json").json()
    shared = document["components"]["parameters"]
    names = {shared[each["$ref"].rsplit("/", 1)[1]]["name"] for each in document["paths"][path]["get"]["parameters"]}
    refused = service.get(path, params={"bestaat-niet": "x"}).json()["detail"]
    assert set(refused.split("Bekend zijn: ")[1].rstrip(".").split(", ")) == names


def test_an_answer_is_kept_until_rules_or_day_change(service: httpx.Client) -> None:
    answer = service.get("/regels?gebied=PV97")
    assert service.get("/regels?gebied=PV97", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
