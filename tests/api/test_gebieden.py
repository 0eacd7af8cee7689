"""`/v1/gebieden` over HTTP: who belongs to whom, and when."""

import pytest

from tests.api.conftest import problem_of


def codes(document, name):
    return [each["code"] for each in document[name]]


def test_the_newest_division(service):
    answer = service.get("/gebieden").json()
    assert codes(answer, "gebieden") == ["NL01", "PV25", "PV26", "ES09", "GM0001", "GM0002", "GM0003", "GM0004"]
    assert answer["aantal"] == 8


def test_a_division_of_the_past(service):
    answer = service.get("/gebieden?niveau=GEMEENTE&datum=2022-06-30").json()
    assert codes(answer, "gebieden") == ["GM0001", "GM0002", "GM0003", "GM0008", "GM0009"]


def test_what_is_not_assigned_is_listed_when_asked(service):
    assert codes(service.get("/gebieden?niveau=NTI").json(), "gebieden") == ["ES09-NTI", "NL01-NTI", "PV25-NTI", "PV26-NTI"]


def test_a_gemeente_has_parents_neighbours_and_a_place(service):
    gemeente = service.get("/gebieden/GM0002").json()
    assert (gemeente["naam"], gemeente["niveau"], gemeente["geldigTot"]) == ("Bee", "GEMEENTE", None)
    assert codes(gemeente, "ouders") == ["ES09", "NL01", "PV25"]
    assert codes(gemeente, "buren") == ["GM0001", "GM0003"]
    assert gemeente["oppervlakteHa"] == 100
    west, south, east, north = gemeente["extent"]
    # The control point of RDNAPTRANS2018 lies 1 km west of this square.
    assert west == pytest.approx(5.3872 + 0.0146, abs=1e-4)
    assert south == pytest.approx(52.155173, abs=1e-4)
    assert (east - west, north - south) == pytest.approx((0.01461, 0.00899), abs=1e-4)
    ways = {each["href"].rsplit("/v1", 1)[1]: each["rel"] for each in gemeente["links"]}
    assert ways["/gebieden/PV25"] == "up"
    assert ways["/cijfers?gebied=GM0002"] == "related"
    assert {ways[f"/gebieden/GM0002/{name}"] for name in ("balans", "vergelijk", "reeks")} == {"related"}


def test_a_region_lies_in_two_provinces(service):
    region = service.get("/gebieden/ES09").json()
    assert codes(region, "kinderen") == ["GM0002", "GM0003"]
    assert region["kinderen"][1]["naam"] == "Cee"
    assert region["oppervlakteHa"] == 200
    assert codes(service.get("/gebieden/PV26").json(), "buren") == ["PV25"]


def test_membership_per_period(service):
    """Utrecht held Dee-Noord and Dee-Zuid until 2023 and Dee since."""
    province = service.get("/gebieden/PV26").json()
    assert codes(province, "kinderen") == ["GM0003", "GM0004"]
    assert [each["geldigVanaf"] for each in province["perioden"]] == ["2023-01-01", "2022-01-01"]
    assert codes(service.get("/gebieden/PV26?datum=2022-12-31").json(), "kinderen") == ["GM0003", "GM0008", "GM0009"]


def test_a_gemeente_that_stayed_the_same_has_one_period(service):
    assert service.get("/gebieden/GM0001").json()["perioden"] == [{"geldigVanaf": "2022-01-01", "geldigTot": None}]


def test_an_old_code_points_to_its_successor(service):
    old = service.get("/gebieden/GM0008").json()
    assert old["geldigTot"] == "2023-01-01"
    assert old["opvolgers"] == [{"code": "GM0004", "naam": "Dee", "niveau": "GEMEENTE", "href": next(iter(old["opvolgers"]))["href"]}]
    assert "successor-version" in {each["rel"] for each in old["links"]}
    assert codes(service.get("/gebieden/GM0004").json(), "voorgangers") == ["GM0008", "GM0009"]


def test_a_gebied_outside_its_period_names_the_successor(service):
    (fault,) = problem_of(service.get("/gebieden/GM0008?datum=2024-01-01"), 404)
    assert "Opvolger: GM0004" in fault


def test_what_is_not_assigned_has_a_parent_and_no_place(service):
    rest = service.get("/gebieden/PV25-NTI").json()
    assert (rest["naam"], rest["extent"], rest["oppervlakteHa"]) == ("Gelderland (niet toegedeeld)", None, None)
    assert codes(rest, "ouders") == ["PV25"]


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/gebieden/GM9999", 404, "GM9999"),
        ("/gebieden/GM0001,GM0002", 404, "/v1/gebieden"),
        ("/gebieden/x%00", 404, "geen gebied"),
        ("/gebieden?niveau=WIJK", 400, "GEMEENTE"),
        ("/gebieden?datum=1-1-2023", 400, "2023-01-01"),
        ("/gebieden?jaar=2023", 400, "'jaar'"),
        ("/gebieden/", 404, "/v1"),
    ],
)
def test_faults(service, address, status, told):
    assert told in " ".join(problem_of(service.get(address), status))


def test_every_fault_at_once(service):
    assert len(problem_of(service.get("/gebieden?niveau=WIJK,BUURT&datum=gisteren"), 400)) == 3


@pytest.mark.parametrize("address", ["/gebieden", "/gebieden/ES09", "/gebieden/GM0008", "/gebieden/PV25-NTI"])
def test_people_get_a_page(service, address):
    answer = service.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


def test_what_the_client_has_is_not_sent_again(service):
    tag = service.get("/gebieden/ES09").headers["etag"]
    assert service.get("/gebieden/ES09", headers={"If-None-Match": tag}).status_code == 304
