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
from app.register.crs import RD
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


def test_cells_are_weighed_like_any_opgave_and_where_there_are_none_nothing_is_judged(doggerland: Service) -> None:
    published = doggerland.publication().rasters[LAYER]
    with rasterio.open(raster_path(doggerland.settings.raster_folder, published.description.sha256), driver="GTiff") as raster:
        depths = raster.read(1, masked=True).filled(-1)
        deep = np.argwhere((depths[:, :-1] >= 2) & (depths[:, 1:] >= 2))
        row, column = deep[len(deep) // 2]
        west, north = raster.transform * (int(column), int(row))
    # Two cells of 50 m side by side, both more than 2 m deep: half a hectare.
    ring = [[west, north], [west + 100, north], [west + 100, north - 50], [west, north - 50], [west, north]]
    body = {"geometrie": {"type": "Polygon", "coordinates": [ring]}, "objecttype": "STATION", "crs": RD.uri, "metGeometrie": True}
    told = httpx.post(f"{doggerland.api}/overlaptoetsen", json=body, timeout=60).json()["toetsen"][0]
    (flood,) = [each for each in told["bevindingen"] if each["beperking"] == "WB-OVS"]
    assert (flood["laag"], flood["ernst"], flood["overlapOppervlakteHa"], flood["overlapAandeelPct"]) == (LAYER, "ZWAARWEGEND", 0.5, 100)
    assert [each["naam"] for each in flood["opgaven"]] == ["meer dan 2 m diep"]
    assert flood["bronDataset"] == "Overstromingsdiepte in Doggerland"
    assert not [each for each in told["nietBeoordeeld"] if each["laag"] == LAYER]
    # Far out at sea there are no cells at all.
    body["geometrie"] = {"type": "Polygon", "coordinates": [[[x + 60_000, y + 60_000] for x, y in ring]]}
    away = httpx.post(f"{doggerland.api}/overlaptoetsen", json=body, timeout=60).json()["toetsen"][0]
    assert [each["aandeelPct"] for each in away["nietBeoordeeld"] if each["laag"] == LAYER] == [100]


def test_the_flood_is_in_the_matrix_of_a_gebied_and_among_the_signals(doggerland: Service) -> None:
    gemeenten = httpx.get(f"{doggerland.api}/collections/overlap-gemeente/items?f=json&limit=100").json()["features"]
    flooded = {each["properties"]["gebied_code"]: each["properties"]["wb_ovs_ha"] for each in gemeenten}
    code, hectares = max(((code, ha) for code, ha in flooded.items() if ha), key=lambda each: each[1])
    matrix = httpx.get(f"{doggerland.api}/gebieden/{code}/overlap?beperking=WB-OVS").json()
    (flood,) = matrix["opgaven"]
    assert (flood["laag"], flood["overlapHa"]) == (LAYER, hectares)
    assert 0 < flood["gedekt"] <= 1
    signals = httpx.get(f"{doggerland.api}/collections/overlapsignalen/items?beperking=WB-OVS&limit=1000").json()["features"]
    assert {each["properties"]["opgave_laag"] for each in signals} == {LAYER}
