"""RD and degrees: there and back to the millimetre, everywhere that the RDNAPTRANS grid reaches and without a jump at its edge."""

import numpy as np
import pytest
import shapely

from app.register.crs import CRS84, from_rd, to_rd, use_grid
from app.settings import ROOT

GRID = ROOT.parent / "shared" / "data" / "proj"

pytestmark = pytest.mark.skipif(not GRID.is_dir(), reason="../shared/data/proj ontbreekt")

PLACES = {
    "Amersfoort": (155_000.0, 463_000.0),
    "Bad Nieuweschans, east of 7.22": (278_026.062, 578_638.343),
    "Doggersbank, north of 53.70": (10_000.0, 790_000.0),
    "Noordzee, west of 3.20": (-60_000.0, 550_000.0),
    "beyond the grid": (-100_000.0, 700_000.0),
}


@pytest.fixture(autouse=True)
def grid() -> None:
    assert use_grid(GRID)


def degrees(x: float, y: float) -> tuple[float, float]:
    (point,) = from_rd(np.array([shapely.Point(x, y)]), CRS84)
    return point.x, point.y


def test_the_control_point():
    assert degrees(155_000, 463_000) == pytest.approx((5.387203650, 52.155172887), abs=1e-9)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_there_and_back(place):
    (back,) = to_rd(from_rd(np.array([shapely.Point(place)]), CRS84), 4326)
    assert (back.x, back.y) == pytest.approx(place, abs=0.001_001)


def test_no_jump_where_epsg_ends_its_area_of_use():
    """A line of a kilometre from west to east over 7.22° E, a vertex on every metre."""
    line = shapely.LineString([(277_000.0 + metre, 578_600.0) for metre in range(1_000)])
    (there,) = from_rd(np.array([line]), CRS84)
    longitudes = shapely.get_coordinates(there)[:, 0]
    assert longitudes[0] < 7.22 < longitudes[-1]
    steps = np.diff(longitudes)
    assert np.abs(steps / steps.mean() - 1).max() < 0.001


def test_what_is_not_there_stays_away():
    nothing, empty = from_rd(np.array([None, shapely.Point()]), CRS84)
    assert nothing is None
    assert empty.is_empty
