"""Headless QGIS (Debian's python3-qgis) opens the layers as a GIS specialist does: objects over OGC API Features, and vector tiles."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import rasterio

from ..running import Request, Service
from .conftest import QGIS_PYTHON, run_script

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("has_qgis"),
    pytest.mark.filterwarnings("ignore:Dataset has no geotransform"),
]

COLLECTIONS = ("gemeenten", "hoogspanningsverbindingen", "laadpunten", "natura-2000", "overlapsignalen")
QGIS_PAGE = 1_000
# QGIS 3.22 reads CRS84 and, without the RDNAPTRANS grid, goes to RD by an operation of a metre.
WITHOUT_GRID_M = 1.0
GUESSED_FROM = 10
QGIS_TYPES = {"text": "String", "integer": "Integer", "number": "Real", "boolean": "Boolean", "date": "Date"}


@dataclass(frozen=True)
class Session:
    """What QGIS read, and what it asked the service for it."""

    service: Service
    found: dict[str, dict]
    asked: list[Request]

    def pages(self, collection: str) -> list[str]:
        """The requests for objects of a collection, but for those in which QGIS guesses types (the first) and, since 3.40, counts."""
        start = f"/v1/collections/{collection}/items?"
        found = [each.target for each in self.asked if each.target.startswith(start)]
        assert found.pop(0) == f"{start}limit={GUESSED_FROM}"
        return [target for target in found if not target.endswith("?limit=1")]


@pytest.fixture(scope="module")
def session(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """One session in which QGIS opens and reads several layers."""
    tasks = [{"api": service.api, "collection": each} for each in COLLECTIONS]
    with service.watched() as asked:
        found = run_script("qgis_reading.py", {"taken": tasks}, tmp_path_factory.mktemp("qgis"), QGIS_PYTHON)
    return Session(service, dict(zip(COLLECTIONS, found, strict=True)), asked)


@pytest.fixture
def read(service: Service, tmp_path: Path) -> Callable[..., tuple[dict, list[Request]]]:
    """Let QGIS read one layer in one way, and tell what it asked for that."""

    def reading(collection: str, **how: object) -> tuple[dict, list[Request]]:
        task = {"api": service.api, "collection": collection, **how}
        with service.watched() as asked:
            (found,) = run_script("qgis_reading.py", {"taken": [task]}, tmp_path, QGIS_PYTHON)
        return found, asked

    return reading


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_layer_is_valid_and_whole(session, collection):
    found = session.found[collection]
    ids = [row[0] for row in session.service.rows(collection, "id")]
    assert found["valid"]
    assert found["count"] == len(ids)
    assert set(found["objects"]) == set(ids)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_objects_lie_where_they_should_in_rd(session, collection):
    vertices = session.service.rows(collection, "id, st_x(first), st_y(first)".replace("first", "(st_dumppoints(geom_rd)).geom"))
    first = {name: (x, y) for name, x, y in reversed(vertices)}
    away = np.array([session.found[collection]["objects"][name] for name in first]) - np.array(list(first.values()))
    assert np.hypot(*away.T).max() < WITHOUT_GRID_M


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_extent_lies_where_it_should_in_rd(session, collection):
    """A box bends when it is transformed, so that of the layer is a little wider than that of its objects."""
    west, south, east, north = session.service.publication()[collection].description.extent_rd
    left, below, right, above = session.found[collection]["extent"]
    room = 0.03 * max(east - west, north - south) + WITHOUT_GRID_M
    assert west - room < left < west + WITHOUT_GRID_M
    assert south - room < below < south + WITHOUT_GRID_M
    assert east - WITHOUT_GRID_M < right < east + room
    assert north - WITHOUT_GRID_M < above < north + room


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_attributes_have_their_names_and_types(session, collection):
    """QGIS 3.22 guesses from the first ten objects: whole kilowatts there must not make an integer, which would cut the others."""
    properties = session.service.publication()[collection].layer.properties
    types = session.found[collection]["types"]
    assert list(types) == ["id", *properties]
    (counts,) = session.service.rows(collection, ", ".join(f"count({name})" for name in properties), f"rid <= {GUESSED_FROM}")
    filled = {name for name, count in zip(properties, counts, strict=True) if count}
    assert {name: types[name] for name in filled} == {name: QGIS_TYPES[properties[name].type] for name in filled}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pages_hold_a_thousand_objects(session, collection):
    count, pages = session.found[collection]["count"], session.pages(collection)
    assert len(pages) == (count - 1) // QGIS_PAGE + 1
    assert all(f"limit={QGIS_PAGE}" in page for page in pages)
    assert all("cursor=" in page for page in pages[1:])


def test_nothing_is_refused_and_the_description_is_read_once(session):
    # Since 3.40 QGIS asks with OPTIONS (204) whether a layer can be edited.
    assert {each.status for each in session.asked} - {204} == {200}
    assert [each.target for each in session.asked].count("/v1/openapi.json") == 1


def test_the_extent_of_the_map_travels_to_the_service(service, read):
    points = service.rows("laadpunten", "st_x(geom_crs84), st_y(geom_crs84)")
    x, y = points[len(points) // 2]
    box = [x - 0.05, y - 0.03, x + 0.05, y + 0.03]

    found, asked = read("laadpunten", bbox=box)

    # QGIS 3.22 opens a layer in degrees, 3.40 in the system in which it is stored.
    column, srid = ("geom_rd", 28992) if found["crs"] == "EPSG:28992" else ("geom_crs84", 4326)
    inside = service.rows("laadpunten", "id", f"{column} && st_makeenvelope({','.join(map(repr, found['box']))}, {srid})")
    assert set(found["objects"]) == {row[0] for row in inside}
    assert 0 < len(inside) < len(points)
    assert [each for each in asked if "bbox=" in each.target]
    assert len(asked) < 10


def test_a_filter_gives_the_right_objects(service, read):
    found, _ = read("hoogspanningsverbindingen", subset='"spanning_kv" = 380')
    assert set(found["objects"]) == {row[0] for row in service.rows("hoogspanningsverbindingen", "id", "spanning_kv = 380")}
    assert found["objects"]


def test_numbers_keep_their_decimals(service, read):
    found, _ = read("gemeenten", column="oppervlakte_ha")
    assert sorted(found["values"]) == sorted(row[0] for row in service.rows("gemeenten", "oppervlakte_ha"))


@pytest.mark.parametrize("collection", ["gemeenten", "laadpunten", "hoogspanningsverbindingen"])
def test_vector_tiles_are_drawn_in_rd_plainly_and_in_our_style(service, tmp_path, collection):
    west, south, east, north = service.publication()[collection].description.extent_rd
    middle, half = ((west + east) / 2, (south + north) / 2), (east - west) / 8
    common = {
        "tiles": f"{service.api}/collections/{collection}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}",
        "extent": [middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half],
    }
    style = f"{service.api}/collections/{collection}/styles/{service.publication()[collection].layer.style}?f=mapbox"
    tasks = [{**common, "picture": str(tmp_path / "kaal.png")}, {**common, "style": style, "picture": str(tmp_path / "stijl.png")}]

    with service.watched() as asked:
        plain, styled = run_script("qgis_drawing.py", {"taken": tasks}, tmp_path, QGIS_PYTHON)

    assert plain == {"valid": True, "styled": False, "errors": []}
    assert styled == {"valid": True, "styled": True, "errors": []}
    assert share_drawn(tmp_path / "kaal.png") > 0.005
    assert share_drawn(tmp_path / "stijl.png") > 0.005
    assert {each.status for each in asked} <= {200, 204}


def share_drawn(picture: Path) -> float:
    """The part of a picture that is not white."""
    with rasterio.open(picture) as opened:
        return float((opened.read()[:3].min(axis=0) < 250).mean())
