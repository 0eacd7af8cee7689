"""What the OpenAPI document says of the answers that reckon with figures is true of them."""

import pytest
from openapi_schema_validator import OAS30ReadValidator

ANSWERS = {
    "Balans": "/gebieden/{code}/balans",
    "Vergelijking": "/gebieden/{code}/vergelijk",
    "Reeks": "/gebieden/{code}/reeks",
}


@pytest.fixture(scope="module")
def document(analysed):
    return analysed.get("/openapi.json").json()


@pytest.mark.parametrize("schema", ANSWERS)
def test_an_answer_is_as_it_is_described(analysed, document, schema):
    answer = analysed.get(ANSWERS[schema].format(code="GM0001")).json()
    described = document["components"]["schemas"][schema]
    OAS30ReadValidator({**described, "components": document["components"]}).validate(answer)
    assert answer.keys() <= described["properties"].keys()


@pytest.mark.parametrize("schema", ANSWERS)
def test_every_parameter_that_is_described_is_known(analysed, document, schema):
    path = ANSWERS[schema].format(code="{gebiedCode}")
    shared = document["components"]["parameters"]
    names = {shared[each["$ref"].rsplit("/", 1)[1]]["name"] for each in document["paths"][path]["get"]["parameters"]} - {"gebiedCode"}
    refused = analysed.get(ANSWERS[schema].format(code="GM0001"), params={"bestaat-niet": "x"}).json()["detail"]
    assert set(refused.split("Bekend zijn: ")[1].rstrip(".").split(", ")) == names
