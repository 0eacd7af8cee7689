"""OWSLib, which many Python scripts and pycsw use, finds its way from the landing page to the last object."""

import pytest
from owslib.ogcapi.features import Features

from ..running import Service

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"


@pytest.fixture
def client(service: Service) -> Features:
    return Features(service.api)


def test_landing_page_api_and_conformance(client):
    assert {"service-desc", "conformance", "data"} <= {link["rel"] for link in client.links}
    assert client.api()["openapi"].startswith("3.0")
    assert CORE in client.conformance()["conformsTo"]


def test_collections(service, client):
    published = service.publication()
    assert client.feature_collections() == list(published)
    described = client.collection("gemeenten")
    assert described["itemCount"] == published["gemeenten"].description.count
    assert described["extent"]["spatial"]["bbox"] == [list(published["gemeenten"].description.extent_crs84)]


def test_queryables_and_schema(service, client):
    properties = set(service.publication()["gemeenten"].layer.properties)
    queryables = client.collection_queryables("gemeenten")["properties"]
    assert set(queryables) == properties | {"geometry"}
    assert (queryables["oppervlakte_ha"]["type"], queryables["geldig_vanaf"]["format"]) == ("number", "date")
    assert set(client.collection_schema("gemeenten")["properties"]) == properties | {"geometry", "id"}


def test_pages_by_offset_hold_the_whole_collection(service, client):
    ids = [row[0] for row in service.rows("gemeenten", "id")]
    size = len(ids) // 3 + 1
    pages = [client.collection_items("gemeenten", limit=size, offset=offset) for offset in range(0, len(ids), size)]
    assert {page["numberMatched"] for page in pages} == {len(ids)}
    assert [feature["id"] for page in pages for feature in page["features"]] == ids


def test_filters(service, client):
    (code, naam), *_ = service.rows("gemeenten", "id, naam")
    assert client.collection_item("gemeenten", code)["properties"]["naam"] == naam
    assert [each["id"] for each in client.collection_items("gemeenten", code=code)["features"]] == [code]
    (box,) = service.rows("gemeenten", ", ".join(f"st_{side}(geom_crs84)" for side in ("xmin", "ymin", "xmax", "ymax")), f"id = '{code}'")
    assert code in {each["id"] for each in client.collection_items("gemeenten", bbox=box, limit=1_000)["features"]}
    (descending,) = client.collection_items("gemeenten", sortby=("oppervlakte_ha", "desc"), limit=1)["features"]
    assert descending["properties"]["oppervlakte_ha"] == max(row[0] for row in service.rows("gemeenten", "oppervlakte_ha"))


def test_a_day_selects_the_division_of_that_day(service, client):
    then = service.rows("gemeenten-historie", "id", "geldig_vanaf <= '2022-06-01' and coalesce(geldig_tot > '2022-06-01', true)")
    found = client.collection_items("gemeenten-historie", datetime_="2022-06-01", limit=1_000)
    assert {each["id"] for each in found["features"]} == {row[0] for row in then}
    assert found["numberMatched"] > client.collection("gemeenten")["itemCount"]


def test_a_mistake_is_an_error_that_says_what_is_wrong(client):
    with pytest.raises(RuntimeError, match="Onbekende parameter 'gemeente'"):
        client.collection_items("gemeenten", gemeente="Utrecht")
