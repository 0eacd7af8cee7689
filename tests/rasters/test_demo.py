"""Doggerland has a flood: the same bytes each time, published and answered like any raster."""

import hashlib
from io import BytesIO
from pathlib import Path

import app.ingest  # noqa: F401  (restricts what GDAL may read)

# isort: split
import httpx
import numpy as np
import pytest
import rasterio
import shapely

from app.layers import read_layers
from app.overlap.raster import zones
from app.register.rasters import raster_path
from app.settings import Settings

from ..running import Service

LAYER = "overstromingsdiepte"


@pytest.fixture(scope="module")
def collection(doggerland: Service) -> dict[str, object]:
    told: dict[str, object] = httpx.get(f"{doggerland.api}/collections/{LAYER}").json()
    return told


def test_the_flood_is_published_in_both_classes(collection: dict[str, object]) -> None:
    shallow, deep = collection["klassen"]  # type: ignore[misc]
    assert shallow["cellen"] > 1_000
    assert deep["cellen"] > 1_000
    assert shallow["oppervlakteHa"] == pytest.approx(shallow["cellen"] * 0.25)
    assert collection["bronnen"][0]["demo"] is True  # type: ignore[index]


def test_the_coverage_and_the_measure_tell_the_same(doggerland: Service, collection: dict[str, object]) -> None:
    published = doggerland.publication().rasters[LAYER]
    path = raster_path(doggerland.settings.raster_folder, published.description.sha256)
    assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == published.description.sha256
    with rasterio.open(BytesIO(httpx.get(f"{doggerland.api}/collections/{LAYER}/coverage").content)) as raster:
        depths = raster.read(1, masked=True)
        everything = shapely.box(*raster.bounds)
    assert int(np.sum(depths >= 2)) == collection["klassen"][1]["cellen"]  # type: ignore[index]
    (zone,) = zones(path, read_layers(Settings().layer_folders).rasters[LAYER].raster.classes, [everything])
    assert zone.m2[1] == pytest.approx(float(np.sum(depths >= 2)) * 2_500)
    assert zone.without_m2 == pytest.approx(float(np.ma.getmaskarray(depths).sum()) * 2_500)
    assert zone.mean == pytest.approx(float(depths.astype(float).mean()))


def test_it_has_no_style(doggerland: Service) -> None:
    assert httpx.get(f"{doggerland.api}/styles").status_code == 200
    assert LAYER not in httpx.get(f"{doggerland.api}/styles").text
