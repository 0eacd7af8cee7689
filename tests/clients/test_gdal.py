"""GDAL's OAPIF driver, as pyogrio (GeoPandas) brings it and as Debian ships it, reads whole collections page by page."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from app.register.crs import to_rd

from ..running import Request, Service
from .conftest import run, run_script

MILLIMETRE = 0.001_001


@dataclass(frozen=True)
class Wanted:
    """What to read of a collection, and how many objects a page may have."""

    collection: str
    page: int = 1_000
    where: str | None = None
    bbox: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Read:
    """What a reader got, in the order in which it came."""

    crs: str
    ids: list[str]
    shapes: np.ndarray
    types: dict[str, str]
    asked: list[Request] = field(repr=False)

    @property
    def in_rd(self) -> np.ndarray:
        return self.shapes if "28992" in self.crs else to_rd(self.shapes, 4326)

    @property
    def pages(self) -> list[str]:
        return [each.target for each in self.asked if "/items?" in each.target]


def read_with_pyogrio(service: Service, wanted: Wanted, home: Path) -> Read:
    task = {"api": service.api, "collection": wanted.collection, "where": wanted.where, "bbox": wanted.bbox}
    with service.watched() as asked:
        found = run_script("gdal_reading.py", {**task, "options": {"PAGE_SIZE": str(wanted.page)}}, home)
    assert found["gdal"] >= [3, 8]
    return Read(found["crs"], found["ids"], shapely.from_wkb(found["wkb"]), found["types"], asked)


def read_with_debian(service: Service, wanted: Wanted, home: Path) -> Read:
    target = home / f"{wanted.collection}.gpkg"
    source = [f"OAPIF:{service.api}/collections/{wanted.collection}", wanted.collection, "-oo", f"PAGE_SIZE={wanted.page}"]
    where = ["-where", wanted.where] if wanted.where else []
    bbox = ["-spat", *map(repr, wanted.bbox)] if wanted.bbox else []
    with service.watched() as asked:
        run(["ogr2ogr", "-f", "GPKG", "-overwrite", str(target), *source, *where, *bbox], home)
    meta, _, shapes, columns = pyogrio.raw.read(target)
    ids = list(columns[list(meta["fields"]).index("id")])
    return Read(meta["crs"], ids, shapely.from_wkb(shapes), dict(zip(meta["fields"], map(str, meta["dtypes"]), strict=True)), asked)


READERS = {"pyogrio": read_with_pyogrio, "ogr2ogr": read_with_debian}


@pytest.fixture(params=READERS)
def read(request: pytest.FixtureRequest, service: Service, tmp_path: Path) -> Callable[..., Read]:
    if request.param == "ogr2ogr" and shutil.which("ogr2ogr") is None:
        pytest.skip("gdal-bin is niet geïnstalleerd")
    return lambda collection, **wanted: READERS[request.param](service, Wanted(collection, **wanted), tmp_path)


@pytest.mark.parametrize(
    ("collection", "page"), [("gemeenten", 10), ("hoogspanningsverbindingen", 100), ("natura-2000", 7), ("overlapsignalen", 20)]
)
def test_a_whole_collection_comes_in_pages_and_lands_where_it_should_in_rd(service, read, collection, page):
    rows = service.rows(collection, "id, st_asbinary(geom_rd)")

    got = read(collection, page=page)

    assert got.ids == [row[0] for row in rows]
    here, there = shapely.get_coordinates(got.in_rd), shapely.get_coordinates(shapely.from_wkb([row[1] for row in rows]))
    assert here.shape == there.shape
    assert np.abs(here - there).max() < MILLIMETRE
    assert len([each for each in got.pages if "cursor=" in each]) == (len(rows) - 1) // page
    assert {each.status for each in got.asked} == {200}


def test_all_charging_points_are_read(service, read):
    rows = service.rows("laadpunten", "id, st_x(geom_rd), st_y(geom_rd)")

    got = read("laadpunten", page=10_000)

    assert got.ids == [row[0] for row in rows]
    assert np.abs(shapely.get_coordinates(got.in_rd) - [row[1:] for row in rows]).max() < MILLIMETRE


def test_modern_gdal_takes_rd_without_being_asked(service, tmp_path):
    got = read_with_pyogrio(service, Wanted("provincies"), tmp_path)
    assert got.crs == "EPSG:28992"
    assert all("crs=http://www.opengis.net/def/crs/EPSG/0/28992" in page for page in got.pages[1:])


def test_a_box_travels_to_the_service(service, read):
    got = read("provincies")
    west, south, east, north = got.shapes[0].bounds
    box = (west, south, (west + east) / 2, (south + north) / 2)
    column = "geom_rd" if "28992" in got.crs else "geom_crs84"
    inside = f"st_intersects({column}, st_makeenvelope({','.join(map(repr, box))}, st_srid({column})))"

    found = read("laadpunten", bbox=box)

    assert found.ids == [row[0] for row in service.rows("laadpunten", "id", inside)]
    assert 0 < len(found.ids) < len(service.rows("laadpunten", "id"))
    assert any("bbox=" in page for page in found.pages)


def test_a_filter_on_text_travels_to_the_service(service, read):
    ((code,), *_) = service.rows("laadpunten", "gemeente_code", "gemeente_code is not null")

    found = read("laadpunten", where=f"gemeente_code = '{code}'")

    assert found.ids == [row[0] for row in service.rows("laadpunten", "id", f"gemeente_code = '{code}'")]
    assert any(f"gemeente_code={code}" in page for page in found.pages)


def test_one_object_is_asked_for_by_its_own_address(service, read):
    ((code, naam), *_) = service.rows("gemeenten", "id, naam")

    found = read("gemeenten", where=f"id = '{code}'")

    assert found.ids == [code]
    assert naam
    assert f"/v1/collections/gemeenten/items/{code}" in [each.target.split("?")[0] for each in found.asked]


def test_types_do_not_depend_on_what_the_first_objects_hold(read):
    """Left to guess, GDAL makes an integer of 11, and text of a column whose first values are empty."""
    assert read("laadpunten", page=50).types["vermogen_kw"] == "float64"
    assert read("hoogspanningsverbindingen", page=50).types["spanning_kv"] == "float64"
    gemeenten = read("gemeenten", page=50).types
    assert gemeenten["geldig_vanaf"] == gemeenten["geldig_tot"] == "datetime64[D]"
    assert gemeenten["oppervlakte_ha"] == "float64"
    assert "geometry" not in gemeenten


def test_numbers_keep_their_decimals(service, tmp_path):
    task = {"api": service.api, "collection": "laadpunten", "column": "vermogen_kw", "where": "vermogen_kw is not null"}
    found = run_script("gdal_reading.py", task, tmp_path)["values"]
    rows = service.rows("laadpunten", "vermogen_kw", "vermogen_kw is not null")
    assert list(map(float, found)) == [row[0] for row in rows]


def test_a_filter_on_a_number_gives_the_right_objects(service, read):
    found = read("hoogspanningsverbindingen", where="spanning_kv = 380")
    assert found.ids == [row[0] for row in service.rows("hoogspanningsverbindingen", "id", "spanning_kv = 380")]
    assert found.ids


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is niet geïnstalleerd")
@pytest.mark.parametrize("end", ["", "/"])
def test_every_collection_is_listed_with_its_title(service, tmp_path, end):
    told = run(["ogrinfo", "-ro", f"OAPIF:{service.api}{end}"], tmp_path)
    for published in service.publication().values():
        assert f": {published.id} (title: {published.layer.title})" in told
