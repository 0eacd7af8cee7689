"""The ruimtezoeker over HTTP: how much room is left and which place comes first, on squares that a person can subtract."""

import json
import math
from collections.abc import Callable

import httpx
import pytest
import shapely

from ..conftest import RD, Box, box, rectangle
from .conftest import faults_of

type Told = dict
type Seek = Callable[..., Told]


@pytest.fixture(scope="module")
def seek(service: httpx.Client) -> Seek:
    def seek(where: Box, objecttype: str = "ZONNEPARK_LAND", **question: object) -> Told:
        body = {"geometrie": rectangle(where), "crs": RD, "objecttype": objecttype, "vermijd": ["NA-N2K"], **question}
        answer = service.post("/v1/ruimtezoekers", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return seek


def places(told: Told) -> list[dict]:
    return [each["properties"] for each in told["features"]]


def shape(feature: Told) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def test_four_hectares_of_which_three_are_forbidden_leave_one(seek: Seek) -> None:
    told = seek(box(1_000, -50, 1_200, 150), oppervlakteHa=1)
    assert (told["gebiedHa"], told["vrijHa"], told["passendHa"]) == (4.0, 1.0, 1.0)
    [feature] = told["features"]
    assert shapely.equals(shape(feature), shapely.box(*box(1_000, -50, 1_200, 0)))
    [place] = places(told)
    assert (place["oppervlakteHa"], place["oordeel"], place["provincies"]) == (1.0, "VRIJ", ["PV98"])
    assert place["zin"].startswith("Plek 1: 1,00 ha, op 3,5 km van station Station 150. Vrij van wat vermeden moet worden.")


def test_what_is_left_is_too_small(seek: Seek) -> None:
    told = seek(box(1_000, -50, 1_200, 150), oppervlakteHa=1.5)
    assert (told["features"], told["vrijHa"], told["passendHa"]) == ([], 1.0, 0.0)


def test_what_is_left_is_too_narrow(seek: Seek) -> None:
    assert seek(box(1_000, -50, 1_200, 150), oppervlakteHa=1, breedteM=60)["features"] == []


def test_places_keep_to_one_provincie(seek: Seek) -> None:
    told = seek(box(-100, -50, 100, 150), oppervlakteHa=0.5)
    assert [(each["provincies"], each["oppervlakteHa"]) for each in places(told)] == [(["PV98"], 0.5), (["PV97"], 0.5)]


def test_rules_keep_distance(seek: Seek) -> None:
    told = seek(box(-15_000, 0, -14_000, 1_000), "WINDTURBINE", oppervlakteHa=59.9, vermijd=["WO-PLN"], kenmerken={"tiphoogte_m": 200})
    assert told["vrijHa"] == pytest.approx(60, abs=0.01)
    [place] = places(told)
    assert place["oordeel"] == "VRIJ"
    assert [each for each in place["bevindingen"] if each["beperking"] == "WO-PLN"] == []


def test_near_and_far_from_a_station(seek: Seek) -> None:
    around = box(2_000, -4_000, 4_000, -2_000)
    near = seek(around, oppervlakteHa=100, nabij=[{"objecttype": "STATION", "minstensKv": 110, "hoogstensKm": 1}])
    assert near["vrijHa"] == pytest.approx(100 * math.pi, abs=0.1)
    far = seek(around, oppervlakteHa=20, breedteM=0, verVan=[{"laag": "proef-stations", "minstensKm": 1}])
    assert far["vrijHa"] == pytest.approx(400 - 100 * math.pi, abs=0.1)
    assert [each["oppervlakteHa"] for each in places(far)] == [pytest.approx(100 - 25 * math.pi, abs=0.1)] * 4


def test_no_station_of_that_voltage_is_no_place(seek: Seek) -> None:
    told = seek(box(2_000, -4_000, 4_000, -2_000), oppervlakteHa=1, nabij=[{"objecttype": "STATION", "minstensKv": 380, "hoogstensKm": 5}])
    assert (told["features"], told["vrijHa"]) == ([], 0.0)


def test_what_nobody_mapped_is_not_free(seek: Seek) -> None:
    east = seek(box(1_000, -1_600, 1_100, -1_500), oppervlakteHa=1, vermijd=["WO-PLN"])
    [place] = places(east)
    assert place["oordeel"] == "NIET_BEOORDEELD"
    [missing] = place["nietBeoordeeld"]
    assert (missing["beperking"], missing["laag"], missing["aandeelPct"]) == ("WO-PLN", "proef-woningbouw", 100.0)
    assert "Niet beoordeeld" in place["zin"]


def test_a_place_is_not_free_where_a_rule_looks_beyond_what_is_mapped(seek: Seek) -> None:
    asked = {"oppervlakteHa": 1, "vermijd": ["WO-PLN"]}
    [near], [away] = (places(seek(box(east, -1_600, east + 100, -1_500), "WINDTURBINE", **asked)) for east in (-300, -600))
    assert (near["oordeel"], away["oordeel"]) == ("NIET_BEOORDEELD", "VRIJ")


def test_every_beperking_that_can_exclude_must_be_known(seek: Seek) -> None:
    [place] = places(seek(box(1_000, -1_600, 1_100, -1_500), oppervlakteHa=1, vermijd=["UITSLUITING", "ZWAARWEGEND"]))
    assert place["oordeel"] == "NIET_BEOORDEELD"
    assert "NA-NNN" in {each["beperking"] for each in place["nietBeoordeeld"]}
    assert "NA-N2K" not in {each["beperking"] for each in place["nietBeoordeeld"]}


def test_the_place_with_least_against_it_comes_first(seek: Seek) -> None:
    told = seek(box(5_500, 500, 6_500, 1_000), "WINDTURBINE", oppervlakteHa=10)
    assert [(each["ernst"], each["oppervlakteHa"]) for each in places(told)] == [("GEEN", 25.0), ("AANDACHTSPUNT", 25.0)]
    assert [each["regelCode"][:10] for each in places(told)[1]["bevindingen"]] == ["R-WIND-LIB"]
    assert shape(told["features"][0]).bounds == box(5_500, 500, 6_000, 1_000)


@pytest.mark.parametrize(("height", "oordeel"), [(None, ["NIET_BEOORDEELD"]), (100, ["VRIJ"]), (200, [])])
def test_not_knowing_a_height_frees_no_place(seek: Seek, height: float | None, oordeel: list[str]) -> None:
    """No higher than 150 m is allowed here."""
    asked = {"oppervlakteHa": 10, "vermijd": ["UITSLUITING"], "kenmerken": {"tiphoogte_m": height}}
    told = seek(box(6_100, 500, 6_500, 1_000), "WINDTURBINE", **asked)
    assert [each["oordeel"] for each in places(told)] == oordeel
    for each in places(told):
        assert [one["beperking"] for one in each["nietBeoordeeld"]] == (["LV-LIB"] if height is None else [])


def test_capacity_becomes_hectares_by_key_figure(seek: Seek) -> None:
    told = seek(box(5_500, 500, 6_500, 1_000), kenmerken={"vermogen_piek_mwp": 5}, aantal=1)
    assert (told["gevraagdHa"], told["aantal"], told["aantalGevonden"]) == (6.0, 1, 4)


def test_pieces_are_the_whole_and_the_same_each_time(seek: Seek) -> None:
    where = box(2_000, -4_000, 4_000, -2_000)
    asked = {"oppervlakteHa": 10, "breedteM": 0, "aantal": 50, "verVan": [{"objecttype": "STATION", "minstensKm": 0.5}]}
    told, again = (seek(where, **asked) for _ in range(2))
    assert told == again
    shapes = [shape(each) for each in told["features"]]
    assert told["aantal"] == told["aantalGevonden"]
    assert all(each.area >= 100_000 - 1 and each.exterior.is_ccw for each in shapes)
    assert shapely.union_all(shapes).area == pytest.approx(sum(each.area for each in shapes), abs=1)
    assert sum(each.area for each in shapes) / 10_000 == pytest.approx(400 - 25 * math.pi, abs=0.1)


def test_answers_in_degrees_when_asked_in_degrees(service: httpx.Client) -> None:
    ring = [[5.40, 52.10], [5.41, 52.10], [5.41, 52.105], [5.40, 52.105], [5.40, 52.10]]
    drawn = {"type": "Polygon", "coordinates": [ring]}
    question = {"geometrie": drawn, "objecttype": "BATTERIJ", "oppervlakteHa": 5, "vermijd": ["NA-N2K"]}
    told = service.post("/v1/ruimtezoekers", json=question).json()
    assert told["vrijHa"] == pytest.approx(38.1, abs=0.5)
    assert all(5.39 < x < 5.42 and 52.0 < y < 52.2 for each in told["features"] for x, y in each["geometry"]["coordinates"][0])


def test_a_gebied_can_be_searched_only_when_it_is_known(service: httpx.Client) -> None:
    question = {"gebied": "GM9999", "objecttype": "BATTERIJ", "oppervlakteHa": 5}
    answer = service.post("/v1/ruimtezoekers", json=question)
    assert (answer.status_code, "GM9999" in answer.json()["detail"]) == (400, True)


def test_every_fault_is_told_at_once(service: httpx.Client) -> None:
    question = {
        "geometrie": {"type": "Point", "coordinates": [5.4, 52.1]},
        "objecttype": "WINDTURBIN",
        "oppervlakteHa": -1,
        "vermijd": ["UITSLUITNG"],
        "nabij": [{"objecttype": "STATION", "hoogstensKm": "ver"}, {"laag": "a", "objecttype": "STATION", "hoogstensKm": 1}],
        "verVan": [{"laag": "proef-stations"}],
        "breedteM": True,
        "aantal": 1000,
        "grootte": 4,
    }
    answer = service.post("/v1/ruimtezoekers", json=question)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    told = faults_of(answer)
    for part in (
        "'grootte' is onbekend",
        "Bedoelt u 'WINDTURBINE'?",
        "oppervlakteHa: hier hoort een getal",
        "hier hoort een vlak",
        "Bedoelt u 'UITSLUITING'?",
        "nabij[0].hoogstensKm: hier hoort een getal",
        "nabij[1]: noem óf een laag, óf een objecttype",
        'verVan[0]: dit is {"objecttype"',
        "breedteM: hier hoort een getal",
        "aantal: hier hoort een geheel getal",
    ):
        assert part in told, (part, told)


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ({"objecttype": "VERBINDING_BOVENGRONDS"}, "is een lijn"),
        ({"objecttype": "WINDTURBINE"}, "geef de oppervlakte in hectare"),
        ({"objecttype": "BATTERIJ", "oppervlakteHa": 1, "nabij": [{"laag": "bestaat-niet", "hoogstensKm": 1}]}, "geen kaartlaag"),
        (
            {"objecttype": "BATTERIJ", "oppervlakteHa": 1, "verVan": [{"laag": "proef-beek", "minstensKv": 1, "minstensKm": 1}]},
            "geen spanning",
        ),
    ],
)
def test_what_cannot_be_sought_is_refused(service: httpx.Client, question: dict, fault: str) -> None:
    answer = service.post("/v1/ruimtezoekers", json={"geometrie": rectangle(box(0, 0, 100, 100)), "crs": RD, **question})
    assert answer.status_code == 400, answer.text
    assert fault in faults_of(answer)


def test_far_from_a_line(seek: Seek) -> None:
    """One square kilometre with a brook along its middle, and 100 m on either side of it."""
    told = seek(box(5_500, -6_000, 6_500, -5_000), oppervlakteHa=30, verVan=[{"laag": "proef-beek", "minstensKm": 0.1}])
    assert told["vrijHa"] == pytest.approx(80, abs=0.05)
