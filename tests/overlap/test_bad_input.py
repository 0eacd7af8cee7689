"""What the overlaptoets refuses: in Dutch, all faults at once, and before it costs anything."""

import json
import math
from typing import Any

import httpx
import pytest

from .conftest import RD, X, Y, point, square

SOLAR = {"geometrie": square(0, 0, 100), "objecttype": "ZONNEPARK_LAND", "crs": RD}


def refused(service: httpx.Client, body: object, status: int = 400) -> list[str]:
    answer = service.post("/v1/overlaptoetsen", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    return [told["detail"], *(each["detail"] for each in told.get("errors", []))]


def ring(*places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[X + x, Y + y] for x, y in places]]}


def star(points: int) -> dict[str, Any]:
    angles = [2 * math.pi * at / points for at in range(points)]
    places = [((1 + at % 2) * 1000 * math.cos(angle), (1 + at % 2) * 1000 * math.sin(angle)) for at, angle in enumerate(angles)]
    return ring(*places, places[0])


@pytest.mark.parametrize(
    ("geometrie", "said"),
    [
        (star(10_000), "meer dan 2000 punten"),
        (ring((0, 0), (100, 100), (100, 0), (0, 100), (0, 0)), "vlinderdas) of delen overlappen, bij 155050 463050"),
        (ring((0, 0), (100, 0), (100, 100), (50, 0), (0, 100), (0, 0)), "raakt of kruist zichzelf"),
        (ring((0, 0), (100, 0), (100, 100), (0, 100)), "niet gesloten"),
        (ring((0, 0), (100, 0), (0, 0)), "minstens vier punten"),
        ({"type": "Point", "coordinates": [X, Y, 12]}, "laat de hoogte weg"),
        ({"type": "Point", "coordinates": [X, None]}, "geen getal"),
        ({"type": "Point", "coordinates": [5.4, 52.1]}, "Dit lijken graden"),
        ({"type": "Point", "coordinates": [Y, X]}, "x en y verwisseld"),
        ({"type": "Point", "coordinates": [900_000, 463_000]}, "buiten Nederland"),
        ({"type": "GeometryCollection", "geometries": []}, "kan niet getoetst worden"),
        ({"type": "Feature", "geometry": point(0, 0)}, "alleen de geometrie"),
        ({"type": "Polygon", "coordinates": []}, "leeg"),
        (ring((-60_000, 0), (60_000, 0), (60_000, 60_000), (-60_000, 60_000), (-60_000, 0)), "km² kan niet"),
        ("POINT (5 52)", "geen GeoJSON"),
    ],
)
def test_a_geometry_that_cannot_be_tested_is_refused_with_the_reason_and_the_place(
    service: httpx.Client, geometrie: object, said: str
) -> None:
    assert any(said in each for each in refused(service, SOLAR | {"geometrie": geometrie}))


def test_nan_is_no_json(service: httpx.Client) -> None:
    body = json.dumps(SOLAR | {"geometrie": {"type": "Point", "coordinates": [X, float("nan")]}})
    answer = service.post("/v1/overlaptoetsen", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "geldige JSON" in answer.json()["detail"]


def test_all_faults_are_told_at_once(service: httpx.Client) -> None:
    body = {"geometrie": point(0, 0), "objectype": "WINDTURBINE", "kenmerken": {"tiphogte_m": 200, "vermogen_mw": -1}, "crs": "RD"}
    told = " ".join(refused(service, body))
    for said in ("'objectype' is onbekend. Bedoelt u 'objecttype'?", "objecttype: dit veld ontbreekt", "Bedoelt u 'tiphoogte_m'?"):
        assert said in told
    for said in ("groter zijn dan 0", "crs: 'RD' kan niet"):
        assert said in told


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Geef wat er getoetst wordt"),
        (SOLAR | {"gebied": "PV97"}, "Geef er één van"),
        (SOLAR | {"objecttype": "WINDMOLEN"}, "onbekend"),
        (SOLAR | {"objecttype": "RESTWARMTEBRON"}, "zijn er geen regels"),
        (SOLAR | {"datum": "28-11-2026"}, "Schrijf jaar-maand-dag"),
        (SOLAR | {"metGeometrie": "ja"}, "true of false"),
        ({"objecten": [{"laag": "bestaat-niet", "id": "1"}]}, "heeft geen energieobjecten"),
        ({"objecten": [{"id": "1"}]}, "met twee teksten"),
        ({"objecten": [{"laag": "installaties", "id": "1"}] * 51}, "meer dan 50"),
        ({"gebied": "GM9999", "objecttype": "WINDPARK"}, "geen gebied met code"),
        (SOLAR | {"publicatie": "1999-01-01-1"}, "1999-01-01-1"),
    ],
)
def test_what_is_unknown_is_named_with_what_is_known(service: httpx.Client, body: dict[str, Any], said: str) -> None:
    answer = service.post("/v1/overlaptoetsen", json=body)
    assert answer.status_code in (400, 404), answer.text
    assert said in answer.text.replace('\\"', '"')


def test_size_and_kind_of_the_body_are_held(service: httpx.Client) -> None:
    assert "1 MB" in refused(service, {"geometrie": "x" * 1_000_000}, 413)[0]
    assert "begin met {" in refused(service, [])[0]
    text = service.post("/v1/overlaptoetsen", content="geometrie=x", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415
    assert service.post("/v1/overlaptoetsen?f=json", json=SOLAR).status_code == 400
    assert service.get("/v1/overlaptoetsen").status_code == 405
