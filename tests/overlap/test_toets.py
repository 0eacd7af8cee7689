"""The overlaptoets over HTTP, on opgaven that a person can check: squares of round hectares, one for each rule that matters."""

import json
from typing import Any

import httpx
import numpy as np
import pytest
import shapely

from app.register.crs import CRS84, from_rd

from .conftest import RD, Test, found, point, square


def in_degrees(drawn: dict[str, Any]) -> dict[str, Any]:
    placed = from_rd(np.array([shapely.from_geojson(json.dumps(drawn))]), CRS84)[0]
    told: dict[str, Any] = json.loads(shapely.to_geojson(placed))
    return told


@pytest.mark.parametrize("crs", [RD, CRS84.uri])
def test_half_a_square_is_half_a_hectare_whatever_crs_is_asked(toets: Test, crs: str) -> None:
    drawn = square(0, -50, 100)
    told = toets(drawn if crs == RD else in_degrees(drawn), "ZONNEPARK_LAND", crs=crs, geometry=True)
    [natuur] = found(told, "NA-N2K")
    assert natuur["overlapOppervlakteHa"] == 0.50
    assert natuur["overlapAandeelPct"] == 50
    assert told["object"]["ruimtebeslag"] | {"geometrie": None} == {
        "oppervlakteHa": 1.0,
        "methode": "GEMETEN",
        "kengetal": None,
        "toelichting": "Gemeten van het vlak in RD.",
        "geometrie": None,
    }
    overlap = shapely.from_geojson(json.dumps(natuur["geometrie"]))
    expected = shapely.from_geojson(json.dumps(square(0, -50, 100) if crs == RD else in_degrees(square(0, -50, 100))))
    assert overlap.area / expected.area == pytest.approx(0.5, abs=1e-4)


def test_every_finding_names_rule_severity_reason_source_date_and_authority(toets: Test) -> None:
    [natuur] = found(toets(square(0, -50, 100), "ZONNEPARK_LAND"), "NA-N2K")
    assert natuur["ernst"] == "ZWAARWEGEND"
    assert natuur["hardheid"] == "JURIDISCH"
    assert natuur["kader"] == "NATUUR"
    assert natuur["laag"] == "proef-natura"
    assert natuur["bronDataset"] == "Proeflevering"
    assert natuur["bronPeildatum"] == "2026-01-01"
    assert natuur["bevoegdGezag"] == ["Provincie"]
    assert natuur["nauwkeurigheidM"] == 5
    assert natuur["relatie"] == "overlapt"
    assert natuur["zin"].startswith("Zwaarwegend: zonnepark op land overlapt voor 0,50 ha (50,0 %) met Proefnatuur (proef-natura). ")
    assert [each["id"] for each in natuur["opgaven"]] == ["natuur"]


@pytest.mark.parametrize(
    ("tiphoogte_m", "ernst"), [(None, "AANDACHTSPUNT"), (149, "AANDACHTSPUNT"), (150, "AANDACHTSPUNT"), (151, "UITSLUITING")]
)
def test_a_turbine_is_excluded_only_when_it_is_known_to_be_too_high(toets: Test, tiphoogte_m: float | None, ernst: str) -> None:
    told = toets(point(7_000, 1_000), "WINDTURBINE", vermogen_mw=5, tiphoogte_m=tiphoogte_m)
    [hoogte] = found(told, "LV-LIB")
    assert hoogte["ernst"] == told["ernst"] == ernst
    assert hoogte["opgaven"][0]["hoogteMaxM"] == 150
    if tiphoogte_m is None:
        assert "onbekend" in hoogte["reden"]


def test_ground_water_protection_excludes_and_ground_under_two_drawings_counts_once(toets: Test) -> None:
    told = toets(square(-11_500, 4_500, 100), "WKO", boordiepte_m=80)
    [water] = found(told, "WB-GWB")
    assert water["ernst"] == told["ernst"] == "UITSLUITING"
    assert water["overlapOppervlakteHa"] == 1.00
    assert water["aantalOpgaven"] == 2


def test_the_rule_of_a_provincie_takes_the_place_of_the_national_one(toets: Test) -> None:
    west = found(toets(point(-11_000, -11_000), "WKO", boordiepte_m=80), "WB-BVZ")
    east = found(toets(point(11_000, -11_000), "WKO", boordiepte_m=80), "WB-BVZ")
    assert [each["provincieOverride"] for each in (*west, *east)] == [True, False]
    assert [each["ernst"] for each in (*west, *east)] == ["ZWAARWEGEND", "ZWAARWEGEND"]
    assert west[0]["reden"] != east[0]["reden"]


def test_policy_never_excludes_and_another_class_of_the_same_map_is_no_opgave(toets: Test) -> None:
    told = toets(square(11_000, 5_000, 100), "BATTERIJ")
    assert [each["ernst"] for each in found(told, "WB-RAK")] == ["AANDACHTSPUNT"]
    assert found(toets(square(13_000, 5_000, 100), "BATTERIJ"), "WB-RAK") == []


def not_judged(told: dict[str, Any], beperking: str) -> list[tuple[str | None, float]]:
    return [(each["laag"], each["aandeelPct"]) for each in told["nietBeoordeeld"] if each["beperking"] == beperking]


def test_what_is_not_covered_is_not_judged(toets: Test) -> None:
    assert not_judged(toets(square(-19_000, 0, 100), "WINDPARK"), "WO-PLN") == []
    assert not_judged(toets(square(-50, -9_500, 100), "WINDPARK"), "WO-PLN") == [("proef-woningbouw", 50.0)]
    assert not_judged(toets(square(9_000, 0, 100), "WINDPARK"), "WO-PLN") == [("proef-woningbouw", 100.0)]
    # Of this one nobody says where it is complete, though it is found where it lies.
    quiet = toets(square(100, -8_900, 100), "WINDTURBINE")
    assert not_judged(quiet, "NA-STI") == [("proef-stilte", 100.0)]
    assert [each["ernst"] for each in found(quiet, "NA-STI")] == ["AANDACHTSPUNT"]
    # And there is no layer of railways at all.
    assert not_judged(quiet, "IN-WEG") == [(None, 100.0)]


def test_a_point_becomes_the_ground_that_its_capacity_takes(toets: Test) -> None:
    ground = toets(point(-19_000, -1_000), "WINDTURBINE", vermogen_mw=3)["object"]["ruimtebeslag"]
    # 0.067 ha per MW.
    assert (ground["oppervlakteHa"], ground["methode"], ground["kengetal"]) == (0.2, "KENGETAL", "WIND_LAND_HA_PER_MW")
    unknown = toets(point(-19_000, -1_000), "WINDTURBINE")["object"]["ruimtebeslag"]
    assert (unknown["oppervlakteHa"], unknown["methode"]) == (None, "ONBEKEND")


def test_a_sliver_is_told_and_does_not_weigh(toets: Test) -> None:
    # A strip of 1 km by 5 cm: 50 m² of 100 ha.
    drawn = square(0, -999.95, 1_000)
    told = toets(drawn, "ZONNEPARK_LAND")
    [natuur] = found(told, "NA-N2K")
    assert natuur["randraak"] is True
    assert told["ernst"] == "GEEN"


def test_what_was_asked_can_be_asked_again(service: httpx.Client) -> None:
    body = {"geometrie": square(0, -50, 100), "objecttype": "ZONNEPARK_LAND", "crs": RD}
    first = service.post("/v1/overlaptoetsen", json=body).json()
    assert first["strekking"] == "Signalering; geen besluit of toestemming."
    assert first["regelsetVersie"].startswith("2026-11-")
    assert service.post("/v1/overlaptoetsen", json=first["invoer"]).json() == first
