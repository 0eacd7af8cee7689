"""OGC API Features, asked over HTTP: pages, filters, coordinate systems, faults."""

import itertools

import httpx
import pytest

from .conftest import CORNER, GRID, PALEN_COUNT

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ETRS89 = "http://www.opengis.net/def/crs/EPSG/0/4258"
ETRF2000 = "http://www.opengis.net/def/crs/EPSG/0/9067"
WEB_MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
SQUARES = "/v1/collections/vierkanten/items"
POLES = "/v1/collections/palen/items"

with_grid = pytest.mark.skipif(not GRID.is_dir(), reason="het RDNAPTRANS-grid van ../shared is er niet")


def ask(service: httpx.Client, path: str, **query: object) -> dict:
    answer = service.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(collection: dict) -> set[str]:
    return {feature["id"] for feature in collection["features"]}


def test_page_says_how_many_there_are(service):
    page = ask(service, SQUARES, limit=7)
    assert page["numberMatched"] == 100
    assert page["numberReturned"] == len(page["features"]) == 7


def test_following_next_gives_every_feature_once(service):
    seen: list[str] = []
    url: str | None = f"{POLES}?limit=333"
    while url:
        page = service.get(url).json()
        assert page["numberMatched"] == PALEN_COUNT
        seen += [feature["id"] for feature in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert sorted(seen) == sorted(f"p-{number}" for number in range(PALEN_COUNT))


def test_last_page_is_not_empty_and_has_no_next(service):
    first = service.get(SQUARES, params={"limit": 50})
    second = service.get(first.links["next"]["url"])
    assert second.json()["numberReturned"] == 50
    assert "next" not in second.links


def test_filtered_pages_keep_their_count_and_filter(service):
    first = service.get(SQUARES, params={"limit": 6, "rij": 3, "bbox-crs": RD, "bbox": "155000,463000,156000,464000"})
    assert first.json()["numberMatched"] == 10
    second = service.get(first.links["next"]["url"]).json()
    assert second["numberMatched"] == 10
    assert second["numberReturned"] == 4
    assert ids(first.json()) | ids(second) == {f"v-{column}-3" for column in range(10)}


def test_offset_still_works_and_equals_the_cursor(service):
    by_cursor = service.get(service.get(POLES, params={"limit": 1000}).links["next"]["url"]).json()
    by_offset = ask(service, POLES, limit=1000, offset=1000)
    assert by_cursor["features"] == by_offset["features"]


def test_limit_over_the_maximum_is_the_maximum(service):
    assert ask(service, POLES, limit=1_000_000)["numberReturned"] == PALEN_COUNT


@pytest.mark.parametrize(
    ("crs", "box"),
    [(RD, "155150,463150,155250,463250"), (WEB_MERCATOR, None), (CRS84, None), (ETRS89, None), (ETRF2000, None)],
)
def test_same_box_in_every_crs_meets_the_same_squares(service, crs, box):
    corners = [ask(service, f"{POLES}/{pole}", crs=crs)["geometry"]["coordinates"] for pole in ("p-153", "p-255")]
    asked = box or ",".join(f"{number!r}" for number in itertools.chain(*corners))
    # From pole 153 (155150, 463150) to pole 255 (155250, 463250): over the squares (1, 1) to (2, 2).
    found = ids(ask(service, SQUARES, bbox=asked, **{"bbox-crs": crs}))
    assert found >= {"v-1-1", "v-1-2", "v-2-1", "v-2-2"}
    assert found <= {f"v-{i}-{j}" for i in range(1, 4) for j in range(1, 4)}


@pytest.mark.parametrize(("east", "count"), [(155_099.99, 2), (155_100, 3), (155_100.01, 3)])
def test_a_point_a_centimetre_outside_is_outside(service, east, count):
    found = ask(service, POLES, bbox=f"154999,462999,{east},463001", **{"bbox-crs": RD})
    assert found["numberMatched"] == found["numberReturned"] == count
    page = ask(service, POLES, bbox=f"154999,462999,{east},463001", limit=1, **{"bbox-crs": RD})
    assert page["numberMatched"] == count


@with_grid
def test_control_point_of_rdnaptrans(service):
    pole = ask(service, f"{POLES}/p-0", crs=RD)
    assert pole["geometry"]["coordinates"] == list(CORNER)
    latitude, longitude = ask(service, f"{POLES}/p-0", crs=ETRS89)["geometry"]["coordinates"]
    assert latitude == pytest.approx(52.155172887, abs=1e-9)
    assert longitude == pytest.approx(5.387203650, abs=1e-9)


@with_grid
def test_crs84_and_etrf2000_take_the_numbers_of_etrs89(service):
    latitude, longitude = ask(service, f"{POLES}/p-77", crs=ETRS89)["geometry"]["coordinates"]
    assert ask(service, f"{POLES}/p-77", crs=ETRF2000)["geometry"]["coordinates"] == [latitude, longitude]
    assert ask(service, f"{POLES}/p-77")["geometry"]["coordinates"] == [longitude, latitude]


def test_content_crs_names_the_system(service):
    assert service.get(SQUARES).headers["content-crs"] == f"<{CRS84}>"
    assert service.get(SQUARES, params={"crs": RD}).headers["content-crs"] == f"<{RD}>"


def test_rd_is_measured_in_metres(service):
    (ring,) = ask(service, f"{SQUARES}/v-0-0", crs=RD)["geometry"]["coordinates"]
    assert {tuple(corner) for corner in ring} == {(155000, 463000), (155000, 463100), (155100, 463000), (155100, 463100)}


@pytest.mark.parametrize(("moment", "count"), [("2022-06-01", 100), ("2023-01-01", 90), ("2024-01-01/..", 90), ("../2021-12-31", 0)])
def test_datetime_asks_what_was_valid(service, moment, count):
    assert ask(service, SQUARES, datetime=moment)["numberMatched"] == count


def test_properties_and_sorting(service):
    page = ask(service, POLES, properties="nummer", sortby="-nummer", limit=3)
    assert [feature["properties"] for feature in page["features"]] == [{"nummer": 3999}, {"nummer": 3998}, {"nummer": 3997}]
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    assert [feature["properties"]["nummer"] for feature in service.get(following).json()["features"]] == [3996, 3995, 3994]


def test_geometry_can_be_left_out(service):
    assert ask(service, POLES, skipGeometry="true", limit=1)["features"][0]["geometry"] is None


@pytest.mark.parametrize(("query", "count"), [({"soort": "hout"}, 1000), ({"nummer": 5}, 1), ({"soort": "hout", "nummer": 5}, 0)])
def test_property_filters(service, query, count):
    assert ask(service, POLES, **query)["numberMatched"] == count


def test_text_that_looks_like_sql_is_text(service):
    assert ask(service, POLES, soort="x' OR 1=1 --")["numberMatched"] == 0
    assert ask(service, POLES)["numberMatched"] == PALEN_COUNT


def test_boolean_and_number_filters(service):
    assert ask(service, SQUARES, bewoond="true")["numberMatched"] == 10
    assert ask(service, SQUARES, breedte_m="100.0")["numberMatched"] == 100


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "nan,1,2,3"},
        {"bbox": "1e400,1,2,3"},
        {"bbox": "5,53,6,52"},
        {"bbox": "155000,463000,156000,464000"},
        {"bbox": "1,2,3,4)--"},
        {"bbox-crs": "EPSG:28992"},
        {"crs": "http://evil/"},
        {"crs": "+proj=pipeline +file=/etc/passwd"},
        {"datetime": "gisteren"},
        {"datetime": "2024-01-01/2023-01-01"},
        {"datetime": "2024-01-01T00:00:00"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "tien"},
        {"limit": "1_000"},
        {"offset": "-1"},
        {"cursor": "x"},
        {"cursor": "1", "offset": "2"},
        {"properties": "naam,(select version())"},
        {"sortby": "+naam;DROP TABLE x"},
        {"rij": "veel"},
        {"rij": "99999999999999999999"},
        {"breedte_m": "inf"},
        {"bewoond": "misschien"},
        {"geldig_vanaf": "2024-13-01"},
        {"naam": "a\0b"},
        {"onbekend": "1"},
        {"filter": "rij = 3"},
        {"f": "xml"},
    ],
)
def test_bad_questions_are_400_in_dutch(service, query):
    answer = service.get(SQUARES, params=query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert problem["title"] == "Ongeldige vraag"
    assert len(problem["detail"]) > 20


def test_all_faults_come_at_once(service):
    problem = service.get(SQUARES, params={"limit": "0", "bbox": "1", "rij": "x", "onbekend": "1"}).json()
    assert len(problem["errors"]) == 4


def test_a_parameter_given_twice_is_refused(service):
    assert service.get(f"{SQUARES}?rij=1&rij=2").status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/v1/collections/bestaat-niet/items", f"{SQUARES}/v-99-99", f"{SQUARES}/", "/v1/collections/", "/v1/iets", f"{SQUARES}/%00"],
)
def test_what_does_not_exist_is_404(service, path):
    answer = service.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"]


def test_known_answer_is_304_without_the_database(service):
    answer = service.get(SQUARES, params={"limit": 3})
    tag = answer.headers["etag"]
    again = service.get(SQUARES, params={"limit": 3}, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert service.get(SQUARES, params={"limit": 4}, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_answers_are_compressed_for_who_can_read_that(service, encoding):
    answer = service.get(SQUARES, headers={"Accept-Encoding": encoding})
    assert answer.headers["content-encoding"] == encoding
    assert answer.json()["numberReturned"] == 100


def test_web_page_of_items(service):
    answer = service.get(SQUARES, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "Vierkant 0/0" in service.get(SQUARES, params={"f": "html", "limit": 100}).text
    assert "Vierkant 3/4" in service.get(f"{SQUARES}/v-3-4", params={"f": "html"}).text


def test_other_sites_may_read(service):
    answer = service.get(SQUARES, headers={"Origin": "https://www.drenthe.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    preflight = service.options(SQUARES, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 204
    assert preflight.headers["allow"] == "GET, HEAD, OPTIONS"


def test_links_are_absolute_and_follow_the_host(service):
    page = ask(service, SQUARES, limit=1)
    assert all(link["href"].startswith(str(service.base_url)) for link in page["links"])


def test_head_has_no_body(service):
    answer = service.head(SQUARES)
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize("path", [SQUARES, f"{SQUARES}/v-0-0", "/v1/collections", "/v1"])
def test_writing_is_405(service, path):
    answer = service.post(path, json={})
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"]
