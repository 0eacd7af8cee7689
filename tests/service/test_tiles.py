"""Vector tiles, decoded by GDAL: in both tile matrix sets things lie where they should."""

import math

import httpx
import pyogrio
import pytest
import shapely

from .conftest import CORNER, PALEN_COUNT

RD_QUAD = "NetherlandsRDNewQuad"
WEB_QUAD = "WebMercatorQuad"
RD_ORIGIN = (-285401.92, 903401.92)
RD_WIDTH = 880803.84
# The corner of the squares is the corner of four tiles at every level.
MIDDLE = (CORNER[0] + 500, CORNER[1] + 500)


def rd_tile(x: float, y: float, level: int) -> tuple[int, int]:
    side = RD_WIDTH / 2**level
    return int((RD_ORIGIN[1] - y) // side), int((x - RD_ORIGIN[0]) // side)


def web_tile(longitude: float, latitude: float, level: int) -> tuple[int, int]:
    count, angle = 2**level, math.radians(latitude)
    row = int((1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2 * count)
    return row, int((longitude + 180) / 360 * count)


def decode(content: bytes, tmp_path, layer: str):
    """Read a tile with GDAL's MVT driver: geometry in cells, 4096 to a side, y upwards."""
    path = tmp_path / "tile.mvt"
    path.write_bytes(content)
    return pyogrio.read_dataframe(path, layer=layer)


def fetch(service: httpx.Client, layer: str, matrix_set: str, *address: int) -> httpx.Response:
    level, row, column = address
    return service.get(f"/v1/collections/{layer}/tiles/{matrix_set}/{level}/{row}/{column}")


def test_a_square_is_100_m_wide_in_an_rd_tile(service, tmp_path):
    level = 9
    row, column = rd_tile(*MIDDLE, level)
    answer = fetch(service, "vierkanten", RD_QUAD, level, row, column)
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    squares = decode(answer.content, tmp_path, "vierkanten")
    side = RD_WIDTH / 2**level
    (square,) = squares[squares["id"] == "v-2-3"].geometry
    west, south, east, north = (number * side / 4096 for number in square.bounds)
    assert (east - west, north - south) == pytest.approx((100, 100), abs=side / 4096)
    assert RD_ORIGIN[0] + column * side + west == pytest.approx(CORNER[0] + 200, abs=side / 4096)
    assert RD_ORIGIN[1] - (row + 1) * side + south == pytest.approx(CORNER[1] + 300, abs=side / 4096)


def test_both_sets_hold_all_properties_at_high_levels(service, tmp_path):
    row, column = web_tile(5.39, 52.157, 14)
    squares = decode(fetch(service, "vierkanten", WEB_QUAD, 14, row, column).content, tmp_path, "vierkanten")
    assert {"id", "naam", "rij", "breedte_m", "bewoond", "geldig_vanaf"} <= set(squares.columns)


def test_low_levels_keep_neighbours_together(service, tmp_path):
    row, column = rd_tile(*MIDDLE, 6)
    squares = decode(fetch(service, "vierkanten", RD_QUAD, 6, row, column).content, tmp_path, "vierkanten")
    assert len(squares) == 100
    union = shapely.union_all(shapely.make_valid(squares.geometry.values))
    assert union.area == pytest.approx(squares.geometry.area.sum(), rel=1e-6)


def test_crowded_points_stand_for_each_other_and_none_is_lost(service, tmp_path):
    row, column = web_tile(5.387, 52.155, 6)
    poles = decode(fetch(service, "palen", WEB_QUAD, 6, row, column).content, tmp_path, "palen")
    assert len(poles) < PALEN_COUNT / 2
    assert poles["aantal"].sum() == PALEN_COUNT


def test_no_tile_outside_the_layer(service):
    row, column = web_tile(4.0, 51.5, 12)
    assert fetch(service, "palen", WEB_QUAD, 12, row, column).status_code == 204


@pytest.mark.parametrize(
    "path",
    ["WebMercatorQuad/3/8/0", "WebMercatorQuad/40/0/0", "WebMercatorQuad/0/0/2147483647", "WebMercatorQuad/a/0/0", "Onbekend/0/0/0"],
)
def test_tiles_that_do_not_exist_are_404(service, path):
    answer = service.get(f"/v1/collections/palen/tiles/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_known_tile_is_304(service):
    path = "/v1/collections/palen/tiles/WebMercatorQuad/6/21/32"
    tag = service.get(path).headers["etag"]
    assert service.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_unknown_parameter_is_400(service):
    assert service.get("/v1/collections/palen/tiles/WebMercatorQuad/6/21/32?zoom=3").status_code == 400
