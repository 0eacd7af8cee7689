"""The overlaptoets over HTTP, on opgaven that a person can check: squares of round hectares, one for each rule that matters."""

import json
import math
import time

import httpx
import pytest

from app.register.crs import CRS84, from_rd

from .conftest import RD, Test, found, point, rectangle, square, box


@pytest.mark.parametrize("crs", [RD, CRS84.uri])
def test_half_a_square_is_half_a_hectare_whatever_crs_is_asked(toets: Test, crs: str) -> None:
    drawn = square(0, -50, 100)
    if crs == CRS84.uri:
        drawn = in_degrees(drawn)
    told = toets(drawn, "ZONNEPARK_LAND", crs=crs)
    [natuur] = found(told, "NA-N2K")
    assert natuur["overlapOppervlakteHa"] == pytest.approx(0.50, abs=0.01)
    assert natuur["overlapAandeelPct"] == pytest.approx(50, abs=0.1)
    assert told["object"]["ruimtebeslag"]["oppervlakteHa"] == pytest.approx(1.00, abs=0.01)
    print(json.dumps(told, indent=1, ensure_ascii=False))


def in_degrees(drawn: dict[str, object]) -> dict[str, object]:
    import numpy as np
    import shapely

    return json.loads(shapely.to_geojson(from_rd(np.array([shapely.from_geojson(json.dumps(drawn))]), CRS84)[0]))
