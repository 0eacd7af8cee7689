"""What the OpenAPI document says of the questions about opgaven is true: their fields, and what the answers are."""

import httpx
import pytest
from openapi_schema_validator import OAS30ReadValidator

from ..conftest import RD, rectangle
from .conftest import PLAN

QUESTIONS = {
    "/overlaptoetsen": {"objecttype": "BATTERIJ"},
    "/plantoetsen": {"beperking": "WO-PLN"},
    "/ruimtezoekers": {"objecttype": "BATTERIJ", "oppervlakteHa": 5, "vermijd": ["NA-N2K"]},
}


@pytest.fixture(scope="module")
def document(service: httpx.Client) -> dict:
    return service.get("/v1/openapi.json").json()


@pytest.mark.parametrize("path", QUESTIONS)
def test_an_answer_is_as_it_is_described(service: httpx.Client, document: dict, path: str) -> None:
    operation = document["paths"][path]["post"]
    question = {"geometrie": rectangle(PLAN), "crs": RD, **QUESTIONS[path]}
    asked = operation["requestBody"]["content"]["application/json"]["schema"]
    OAS30ReadValidator({**asked, "components": document["components"]}).validate(question)
    answer = service.post(f"/v1{path}", json=question)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    name = operation["responses"]["200"]["$ref"].rsplit("/", 1)[1]
    described = document["components"]["schemas"][name]
    OAS30ReadValidator({**described, "components": document["components"]}).validate(answer.json())
    assert answer.json().keys() <= described["properties"].keys()


@pytest.mark.parametrize("path", QUESTIONS)
def test_every_field_that_is_described_is_known(service: httpx.Client, document: dict, path: str) -> None:
    asked = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    told = service.post(f"/v1{path}", json={"bestaat_niet": 1}).json()["errors"]
    [unknown] = [each["detail"] for each in told if "'bestaat_niet'" in each["detail"]]
    assert set(unknown.split("Bekend zijn: ")[1].rstrip(".").split(", ")) == asked["properties"].keys()


def test_the_page_of_the_api_shows_how_to_ask(service: httpx.Client) -> None:
    page = service.get("/v1/openapi.json", params={"f": "html"}).text
    assert '<span class="method">POST</span> <code>/plantoetsen</code>' in page


def test_a_question_is_posted(service: httpx.Client) -> None:
    assert service.get("/v1/plantoetsen").status_code == 405
    assert service.post("/v1/plantoetsen?f=json", json={}).status_code == 400
    assert service.post("/v1/plantoetsen", content="geen json", headers={"Content-Type": "text/plain"}).status_code == 415
