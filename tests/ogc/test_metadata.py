"""The documents that describe the service, asked over HTTP."""

import dataclasses
import json

import brotli
import httpx
import pytest

from app.register.crs import SUPPORTED
from app.register.publication import Publication
from app.settings import Settings
from tests.ogc.conftest import ATTACK, Get, open_door

OGC = "http://www.opengis.net/def/rel/ogc/1.0"
ADDRESSES = (
    "/v1",
    "/v1/",
    "/v1/conformance",
    "/v1/collections",
    "/v1/collections/gemeenten",
    "/v1/collections/wind-turbines",
    "/v1/collections/gemeenten/queryables",
    "/v1/collections/gemeenten/schema",
    "/v1/collections/gemeenten/tiles",
    "/v1/collections/gemeenten/tiles/WebMercatorQuad",
    "/v1/collections/gemeenten/tiles/NetherlandsRDNewQuad",
    "/v1/tileMatrixSets",
    "/v1/tileMatrixSets/NetherlandsRDNewQuad",
    "/v1/openapi.json",
)


def links(response: httpx.Response) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in response.json()["links"]:
        found.setdefault(each["rel"], []).append(each["href"])
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_document_has_json_and_a_page_with_tags_that_spare_a_second_answer(get: Get, address: str) -> None:
    for form in ("json", "html"):
        first = get(f"{address}?f={form}")
        assert first.status_code == 200
        assert first.headers["etag"].startswith('"7-')
        assert first.headers["vary"] == "Accept, Accept-Encoding"
        assert get(f"{address}?f={form}", if_none_match=first.headers["etag"]).status_code == 304
        assert get(f"{address}?f={form}", if_none_match='"6-oud"').status_code == 200


def test_the_landing_page_leads_everywhere(get: Get) -> None:
    landing = get("/v1")
    assert links(landing) == {
        "self": ["http://kaart.test/v1?f=json"],
        "alternate": ["http://kaart.test/v1?f=html", "http://kaart.test/v1?f=jsonld"],
        "service-desc": ["http://kaart.test/v1/openapi.json"],
        "service-doc": ["http://kaart.test/v1/docs"],
        "conformance": ["http://kaart.test/v1/conformance"],
        "data": ["http://kaart.test/v1/collections"],
        f"{OGC}/tiling-schemes": ["http://kaart.test/v1/tileMatrixSets"],
        f"{OGC}/styles": ["http://kaart.test/v1/styles"],
        f"{OGC}/processes": ["http://kaart.test/v1/processes"],
        "related": [
            f"http://kaart.test/v1/{name}" for name in ("cijfers", "aansluiting", "energiebeelden", "gebieden", "kengetallen", "regels")
        ],
        "glossary": ["http://kaart.test/v1/begrippen"],
    }
    description = next(each for each in landing.json()["links"] if each["rel"] == "service-desc")
    assert description["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert get("/v1/openapi.json").headers["content-type"] == description["type"]
    assert landing.json()["publicatie"]["versie"] == "2026-11-23.1"


def test_a_collection_says_what_it_holds_and_where_it_comes_from(get: Get) -> None:
    collection = get("/v1/collections/gemeenten").json()
    assert collection["crs"] == [crs.uri for crs in SUPPORTED]
    assert collection["crs"][0].endswith("CRS84")
    assert collection["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/28992"
    assert (collection["itemType"], collection["itemCount"]) == ("feature", 342)
    assert collection["extent"]["spatial"]["bbox"] == [[3.2, 50.75, 7.22, 53.7]]
    assert collection["extent"]["temporal"]["interval"] == [["2022-01-01T00:00:00Z", None]]
    assert collection["attribution"] == "© CBS, Kadaster"
    (bron,) = collection["bronnen"]
    assert (bron["publisher"], bron["peildatum"]) == ("CBS", "2025-01-01")


def test_the_links_of_a_collection(get: Get) -> None:
    at = "http://kaart.test/v1/collections/gemeenten"
    assert links(get("/v1/collections/gemeenten")) == {
        "self": [f"{at}?f=json"],
        "alternate": [f"{at}?f=html", f"{at}?f=jsonld"],
        "items": [f"{at}/items", f"{at}/items?f=html"],
        f"{OGC}/queryables": [f"{at}/queryables?f=json"],
        f"{OGC}/schema": [f"{at}/schema?f=json"],
        f"{OGC}/tilesets-vector": [f"{at}/tiles?f=json"],
        f"{OGC}/styles": [f"{at}/styles?f=json"],
        "root": ["http://kaart.test/v1?f=json"],
        "license": ["https://creativecommons.org/licenses/by/4.0/"],
        "describedBy": [f"{at}/schema/geojson?f=json"],
        "describedby": ["https://www.cbs.nl/"],
    }


def test_the_list_holds_every_collection_with_its_own_address(get: Get) -> None:
    collections = get("/v1/collections").json()["collections"]
    assert [each["id"] for each in collections] == ["gemeenten", "wind-turbines"]
    assert [each["links"][0]["href"] for each in collections] == [
        "http://kaart.test/v1/collections/gemeenten?f=json",
        "http://kaart.test/v1/collections/wind-turbines?f=json",
    ]


def test_an_empty_layer_has_no_extent_and_no_dangerous_links(get: Get) -> None:
    response = get("/v1/collections/wind-turbines")
    assert response.json()["extent"] == {}
    assert "license" not in links(response)
    assert "describedby" not in links(response)


def test_less_than_and_ampersand_reach_the_client_as_they_are(get: Get) -> None:
    """pygeoapi escapes `<` in JSON; a suppressed figure such as `<5` must stay what it is."""
    for address in ("/v1/collections/wind-turbines", "/v1/collections/wind-turbines/schema"):
        assert get(address).json()["description"] == f"Minder dan 5: <5 & meer. {ATTACK}"
    assert get("/v1/collections/wind-turbines").json()["title"] == f"Turbines {ATTACK}"


def test_the_schema_names_units_roles_and_order(get: Get) -> None:
    schema = get("/v1/collections/gemeenten/schema")
    assert schema.headers["content-type"] == "application/schema+json"
    properties = schema.json()["properties"]
    assert schema.json()["$id"] == "http://kaart.test/v1/collections/gemeenten/schema"
    assert properties["oppervlakte_ha"] == {
        "title": "Oppervlakte",
        "description": "Gemeten in RD.",
        "x-ogc-unit": "ha",
        "type": "number",
        "x-ogc-propertySeq": 3,
    }
    roles = {name: each["x-ogc-role"] for name, each in properties.items() if "x-ogc-role" in each}
    assert roles == {
        "id": "id",
        "geometry": "primary-geometry",
        "geldig_vanaf": "primary-interval-start",
        "geldig_tot": "primary-interval-end",
    }
    assert properties["geometry"]["format"] == "geometry-polygon-or-multipolygon"
    assert properties["geldig_vanaf"]["format"] == "date"


def test_queryables_are_what_items_can_filter_by(get: Get) -> None:
    queryables = get("/v1/collections/gemeenten/queryables").json()
    assert set(queryables["properties"]) == {"naam", "oppervlakte_ha", "inwoners", "geldig_vanaf", "geldig_tot", "geometry"}
    assert queryables["additionalProperties"] is False


def test_only_what_holds_is_claimed(get: Get) -> None:
    claimed = get("/v1/conformance").json()["conformsTo"]
    assert len(claimed) == len(set(claimed))
    spec = "http://www.opengis.net/spec"
    assert {f"{spec}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")} <= set(claimed)
    assert {f"{spec}/{part}/1.0/conf/schemas" for part in ("ogcapi-features-5", "ogcapi-common-3")} <= set(claimed)
    assert not [uri for uri in claimed if "cql2" in uri or "features-4" in uri or uri.endswith(("/filter", "/features-filter"))]


def test_the_rd_tile_matrix_set_is_the_dutch_one(get: Get) -> None:
    levels = get("/v1/tileMatrixSets/NetherlandsRDNewQuad").json()["tileMatrices"]
    assert len(levels) == 17
    assert levels[0]["pointOfOrigin"] == [-285401.92, 903401.92]
    assert levels[0]["cellSize"] == pytest.approx(3440.64)
    assert levels[0]["scaleDenominator"] == pytest.approx(12_288_000)
    assert levels[12]["cellSize"] == pytest.approx(0.84)
    assert levels[16]["matrixWidth"] == 65536


def test_the_web_tile_matrix_set_is_the_one_of_every_web_map(get: Get) -> None:
    levels = get("/v1/tileMatrixSets/WebMercatorQuad").json()["tileMatrices"]
    assert levels[0]["scaleDenominator"] == pytest.approx(559_082_264.0287)
    assert levels[0]["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])


def test_a_tileset_tells_where_its_tiles_are(get: Get) -> None:
    tileset = get("/v1/collections/gemeenten/tiles/WebMercatorQuad").json()
    (item,) = [each for each in tileset["links"] if each["rel"] == "item"]
    assert item["href"] == "http://kaart.test/v1/collections/gemeenten/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?f=mvt"
    assert item["templated"] is True
    # The Netherlands lies in tile 5/16 of column 16 and row 10 at level 5 of every web map.
    level_5 = next(each for each in tileset["tileMatrixSetLimits"] if each["tileMatrix"] == "5")
    assert level_5 == {"tileMatrix": "5", "minTileRow": 10, "maxTileRow": 10, "minTileCol": 16, "maxTileCol": 16}
    assert tileset["layers"][0]["geometryDimension"] == 2


def test_a_tileset_of_an_empty_layer_has_levels_but_no_limits(get: Get) -> None:
    tileset = get("/v1/collections/wind-turbines/tiles/NetherlandsRDNewQuad").json()
    assert tileset["tileMatrixSetLimits"] == []
    assert (tileset["layers"][0]["minTileMatrix"], tileset["layers"][0]["maxTileMatrix"]) == ("3", "11")


def test_json_ld_is_a_catalogue_of_datasets(get: Get) -> None:
    catalogue = get("/v1/collections", accept="application/ld+json").json()
    assert catalogue["@type"] == "DataCatalog"
    gemeenten = catalogue["dataset"][0]
    assert gemeenten["@type"] == "Dataset"
    assert gemeenten["temporalCoverage"] == "2022-01-01T00:00:00Z/.."
    assert gemeenten["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert "null" not in json.dumps(catalogue)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/v1?lang=nl", 400, "'lang'"),
        ("/v1/collections?f=xml", 400, "'xml'"),
        ("/v1/collections/bestaat-niet", 404, "'bestaat-niet'"),
        ("/v1/collections/bestaat-niet/queryables?f=html", 404, "'bestaat-niet'"),
        ("/v1/collections/gemeenten/tiles/Mars", 404, "'Mars'"),
        ("/v1/tileMatrixSets/Mars", 404, "'Mars'"),
        ("/v1/static/pages-000000000000.css", 404, "versie"),
    ],
)
def test_wrong_questions_are_answered_with_what_is_wrong(get: Get, address: str, status: int, said: str) -> None:
    response = get(address)
    assert response.status_code == status
    assert said in response.json()["detail"]


def test_a_format_nobody_has_is_not_acceptable(get: Get) -> None:
    assert get("/v1/collections", accept="image/png").status_code == 406


def test_addresses_follow_the_base_url_of_the_request(publication: Publication) -> None:
    get = open_door(lambda: publication, Settings(url=None))
    for host in ("a.test", "b.test:8080"):
        assert links(get("/v1", host=host))["data"] == [f"http://{host}/v1/collections"]
    assert get("/v1", host='"><script>').status_code == 400


def test_a_configured_url_wins(publication: Publication) -> None:
    get = open_door(lambda: publication, Settings(url="https://kaart.example.nl/"))
    assert links(get("/v1", host="kwaad.test"))["data"] == ["https://kaart.example.nl/v1/collections"]
    assert get("/v1", host="kwaad.test").content == get("/v1", host="goed.test").content


def test_a_new_publication_shows_at_once(publication: Publication) -> None:
    served = [publication]
    get = open_door(lambda: served[-1], Settings(url=None))
    before = get("/v1/collections")
    served.append(dataclasses.replace(publication, id=8, layers={"gemeenten": publication["gemeenten"]}))
    after = get("/v1/collections", if_none_match=before.headers["etag"])
    assert after.status_code == 200
    assert after.headers["etag"].startswith('"8-')
    assert [each["id"] for each in after.json()["collections"]] == ["gemeenten"]


def test_compressed_answers_have_their_own_tag(get: Get) -> None:
    plain = get("/v1/collections", accept_encoding="identity")
    packed = get("/v1/collections", accept_encoding="br")
    assert packed.headers["content-encoding"] == "br"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) == len(brotli.compress(plain.content, quality=7))


def test_nothing_published_is_not_a_fault(publication: Publication) -> None:
    get = open_door(lambda: dataclasses.replace(publication, layers={}), Settings(url=None))
    for address in ("/v1", "/v1/collections", "/v1/openapi.json", "/v1/docs"):
        for form in ("json", "html") if address != "/v1/docs" else ("html",):
            assert get(f"{address}?f={form}").status_code == 200
