"""A raster from file to answer: refused with a reason, or stored once, published, and read back cell for cell."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import app.ingest  # noqa: F401  (restricts what GDAL may read)

# isort: split
import httpx
import numpy as np
import pytest
import rasterio
import yaml
from rasterio.transform import from_origin

from app.ingest.rasters import sweep
from app.ingest.source import Source, read_sources
from app.layers import read_layers
from app.problems import ConfigurationFault
from app.publish import publish
from app.register.begrippen import read_begrippen
from app.register.crs import use_grid
from app.register.rasters import check_rasters
from app.settings import Settings

from ..ingest.conftest import Steward, only
from ..service.conftest import GRID, serving

NODATA = -9999.0
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
# Cells of 25 m: three rows of four around the control point of RDNAPTRANS2018.
WEST, NORTH = 155_000, 463_075
DEPTHS = [[0.25, 0.5, 1.0, 2.0], [NODATA, 3.0, 3.0, 4.0], [NODATA, NODATA, 0.0, 0.75]]
LAYER = {
    "title": "Proefdiepte",
    "description": "Diepte van de proef.",
    "theme": "gebiedsopgaven",
    "geometry": "raster",
    "raster": {
        "title": "Waterdiepte",
        "unit": "m",
        "classes": [
            {"from": 0.5, "to": 2, "label": "ondiep", "colour": "#6baed6", "beperking": "WB-OVS"},
            {"from": 2, "label": "diep", "colour": "#08519c", "beperking": "WB-OVS"},
        ],
    },
}


def source(name: str = "proef") -> Source:
    return Source.model_validate(
        {
            "id": name,
            "title": "Proeflevering",
            "description": "Een raster",
            "publisher": "Niemand",
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "homepage": "https://example.org/",
            "peildatum": "2025-01-01",
            "files": {"bestand": {"pattern": "*.tif", "format": "geotiff"}},
            "datasets": [{"file": "bestand", "facts": "raster", "collection": "proefdiepte", "values": {"minimum": 0, "maximum": 20}}],
        }
    )


def tif(folder: Path, cells: object = DEPTHS, **changes: object) -> Path:
    values = np.array(cells, dtype=np.float32)
    values = values if values.ndim == 3 else values[None]
    kind: dict[str, object] = {"driver": "GTiff", "dtype": "float32", "nodata": NODATA, "crs": "EPSG:28992"}
    kind |= {"transform": from_origin(WEST, NORTH, 25, 25), **changes}
    count, height, width = values.shape
    path = folder / "diepte.tif"
    with rasterio.open(path, "w", count=count, width=width, height=height, **kind) as raster:
        raster.write(values)
    return path


@pytest.fixture
def steward(database_settings: Settings, tmp_path: Path) -> Steward:
    desk = Steward(database_settings, tmp_path)
    desk.query("delete from facts.levering returning id")
    return desk


def kept(steward: Steward) -> list[str]:
    folder = steward.settings.raster_folder
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"crs": None}, "crs-ontbreekt"),
        ({"crs": "EPSG:32631"}, "crs-anders"),
        ({"nodata": None}, "nodata-ontbreekt"),
        ({"cells": [DEPTHS, DEPTHS]}, "raster-banden"),
        ({"cells": [[0.5, 99.0]]}, "waarde-buiten-bereik"),
        ({"cells": [[0.5, np.nan]]}, "waarde-buiten-bereik"),
        ({"cells": [[0.5, np.inf]]}, "waarde-buiten-bereik"),
        ({"cells": [[NODATA, NODATA]]}, "raster-leeg"),
        ({"transform": from_origin(5.0, 52.0, 0.1, 0.1)}, "buiten-nederland"),
        ({"transform": rasterio.Affine(20, 5, WEST, 5, -20, NORTH)}, "raster-gedraaid"),
    ],
)
def test_what_cannot_be_trusted_is_refused(steward: Steward, changes: dict[str, object], code: str) -> None:
    before = kept(steward)
    report = steward.refused(source(), tif(steward.folder, **changes))
    findings = only(report, code) if code != "buiten-nederland" else [each for each in report.findings if each.code == code]
    assert findings
    assert all(each.remedy for each in findings)
    assert kept(steward) == before


def test_every_fault_of_the_grid_is_told_at_once(steward: Steward) -> None:
    report = steward.refused(source(), tif(steward.folder, crs=None, nodata=None))
    assert {each.code for each in report.findings} == {"crs-ontbreekt", "nodata-ontbreekt"}


def test_a_file_that_breaks_off_is_refused(steward: Steward) -> None:
    path = tif(steward.folder, np.random.default_rng(1).uniform(0, 9, (300, 300)))
    path.write_bytes(path.read_bytes()[:100_000])
    only(steward.refused(source(), path), "bestand-onleesbaar")


def test_a_renamed_vrt_is_refused(steward: Steward) -> None:
    secret = tif(steward.folder)
    secret = secret.rename(steward.folder / "geheim.tif")
    vrt = f'<VRTDataset rasterXSize="4" rasterYSize="3"><VRTRasterBand dataType="Float32" band="1"><SimpleSource><SourceFilename>{secret}'
    path = steward.text("diepte.tif", f"{vrt}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>")
    only(steward.refused(source(), path), "ander-soort-bestand")


def test_a_second_bron_cannot_deliver_the_same_raster(steward: Steward) -> None:
    steward.deliver(source(), tif(steward.folder))
    only(steward.refused(source("ander"), tif(steward.folder, [[1.0]])), "raster-in-gebruik")


def test_a_raster_is_kept_once_under_the_hash_of_its_bytes(steward: Steward) -> None:
    report = steward.deliver(source(), tif(steward.folder))
    assert [(each.facts, each.read, each.stored) for each in report.datasets] == [("raster/proefdiepte", 12, 9)]
    ((sha256, width, height, statistics),) = steward.query("select sha256, width, height, statistics from facts.current_raster")
    assert (width, height) == (4, 3)
    assert statistics == pytest.approx({"known": 9, "minimum": 0.0, "mean": 14.5 / 9, "maximum": 4.0})
    assert kept(steward) == [f"{sha256}.tif"]
    with rasterio.open(steward.settings.raster_folder / f"{sha256}.tif") as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        np.testing.assert_array_equal(raster.read(1), np.array(DEPTHS, dtype=np.float32))
    assert steward.deliver(source(), tif(steward.folder)).outcome == "ongewijzigd"


def test_what_no_levering_refers_to_is_swept(steward: Steward) -> None:
    steward.deliver(source(), tif(steward.folder))
    before = kept(steward)
    for name in ("0" * 64 + ".tif", "half.123.deel"):
        (steward.settings.raster_folder / name).write_bytes(b"half")
    sweep(steward.settings)
    assert kept(steward) == [name for name in before if name in kept(steward)] != []


@pytest.fixture(scope="module")
def service(database_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The service with the published raster."""
    desk = Steward(database_settings, tmp_path_factory.mktemp("raster"))
    desk.query("delete from facts.levering returning id")
    desk.deliver(source(), tif(desk.folder))
    layers = tmp_path_factory.mktemp("lagen")
    (layers / "proefdiepte.yaml").write_text(yaml.safe_dump(LAYER))
    settings = database_settings.model_copy(update={"layers": (layers,), "proj": GRID})
    use_grid(GRID)
    published = publish(settings, read_layers(settings.layer_folders), {}, lambda _: None)
    assert published.changed
    assert not publish(settings, read_layers(settings.layer_folders), {}, lambda _: None).changed
    with serving(settings) as client:
        yield client


def test_the_collection_tells_of_cells_and_classes(service: httpx.Client) -> None:
    listed = {each["id"]: each for each in service.get("/v1/collections").json()["collections"]}
    told = service.get("/v1/collections/proefdiepte").json()
    assert listed["proefdiepte"]["klassen"] == told["klassen"]
    assert "itemType" not in told
    assert told["extent"]["spatial"]["storageCrsBbox"] == [[155_000, 463_000, 155_100, 463_075]]
    # Cells of 25 m by 25 m are 0.0625 ha: 0.5, 1.0 and 0.75 m are shallow; 2, 3, 3 and 4 m deep.
    assert [(each["cellen"], each["oppervlakteHa"], each["beperking"]) for each in told["klassen"]] == [
        (3, 0.1875, "WB-OVS"),
        (4, 0.25, "WB-OVS"),
    ]
    assert {each["rel"].rsplit("/", 1)[-1] for each in told["links"]} >= {"coverage", "schema", "self"}
    for format_ in ("html", "jsonld"):
        assert service.get("/v1/collections/proefdiepte", params={"f": format_}).status_code == 200
    assert "Proefdiepte" in service.get("/v1/collections?f=html").text
    schema = service.get("/v1/collections/proefdiepte/schema").json()
    assert schema["properties"]["waarde"]["x-ogc-unit"] == "m"
    assert "proefdiepte" in service.get("/v1/openapi.json").text


def test_the_coverage_has_the_cells_that_were_delivered(service: httpx.Client) -> None:
    answer = service.get("/v1/collections/proefdiepte/coverage")
    assert answer.headers["content-type"].startswith("image/tiff")
    with rasterio.open(BytesIO(answer.content)) as raster:
        assert raster.crs.to_epsg() == 28992
        assert raster.bounds == (155_000, 463_000, 155_100, 463_075)
        assert raster.nodata == NODATA
        np.testing.assert_array_equal(raster.read(1), np.array(DEPTHS, dtype=np.float32))
    tag = answer.headers["etag"]
    assert service.get("/v1/collections/proefdiepte/coverage", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "question",
    [
        {"bbox": "155030,463030,155070,463060", "bbox-crs": RD},
        {"subset": "x(155030:155070),y(463030:463060)"},
    ],
)
def test_a_part_is_every_cell_that_it_touches(service: httpx.Client, question: dict[str, str]) -> None:
    answer = service.get("/v1/collections/proefdiepte/coverage", params=question)
    with rasterio.open(BytesIO(answer.content)) as raster:
        assert raster.bounds == (155_025, 463_025, 155_075, 463_075)
        np.testing.assert_array_equal(raster.read(1), [[0.5, 1.0], [3.0, 3.0]])


def test_degrees_find_the_same_cells(service: httpx.Client) -> None:
    # The control point and a point 0.0001° (about 7 m) east and 0.0001° (about 11 m) north of it: the cell in the south-west, unknown.
    box = "5.387304,52.155273,5.387400,52.155370"
    told = service.get("/v1/collections/proefdiepte/coverage", params={"bbox": box, "f": "json"}).json()
    assert told["ranges"]["waarde"]["values"] == [None]
    assert told["domain"]["axes"]["x"] == {"start": 155_012.5, "stop": 155_012.5, "num": 1}


def test_coverage_json_names_centres_and_leaves_out_what_is_unknown(service: httpx.Client) -> None:
    told = service.get("/v1/collections/proefdiepte/coverage", params={"f": "json"}).json()
    assert told["domain"]["axes"] == {
        "x": {"start": 155_012.5, "stop": 155_087.5, "num": 4},
        "y": {"start": 463_062.5, "stop": 463_012.5, "num": 3},
    }
    assert told["ranges"]["waarde"]["shape"] == [3, 4]
    assert told["ranges"]["waarde"]["values"] == [0.25, 0.5, 1, 2, None, 3, 3, 4, None, None, 0, 0.75]
    assert told["parameters"]["waarde"]["unit"] == {"symbol": "m"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("coverage?bbox=1,2,3", 400, "geen rechthoek"),
        ("coverage?bbox=4,51,4.1,51.1", 400, "geen cel"),
        ("coverage?bbox=155000,463000,155100,463100", 400, "buiten WGS 84"),
        ("coverage?subset=z(1:2)", 400, "subset"),
        ("coverage?subset=x(nan:2)", 400, "subset"),
        ("coverage?bbox=1,2,3,4&subset=x(1:2)", 400, "gaan niet samen"),
        ("coverage?bbox=1,2,3,4&bbox-crs=RD", 400, "bbox-crs"),
        ("coverage?f=png", 400, "GTiff, json"),
        ("coverage?crs=x", 400, "kent de parameter"),
        ("items", 404, "is een raster"),
        ("items/1", 404, "is een raster"),
        ("tiles", 404, "is een raster"),
        ("tiles/WebMercatorQuad/1/1/1", 404, "is een raster"),
        ("queryables", 404, "is een raster"),
    ],
)
def test_what_a_raster_cannot_answer_is_explained(service: httpx.Client, path: str, status: int, words: str) -> None:
    answer = service.get(f"/v1/collections/proefdiepte/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_a_layer_without_cells_has_no_coverage(service: httpx.Client) -> None:
    assert service.get("/v1/collections/bestaat-niet/coverage").status_code == 404


def test_too_many_cells_are_refused(service: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("app.ogc.coverages", fromlist=["MAX_CELLS"]).MAX_CELLS, "json", 11)
    answer = service.get("/v1/collections/proefdiepte/coverage", params={"f": "json"})
    assert answer.status_code == 400
    assert "12 cellen" in answer.json()["detail"]


def test_classes_that_overlap_or_name_an_unknown_beperking_are_refused(tmp_path: Path) -> None:
    classes = [{"from": 0, "to": 2, "label": "a", "colour": "#000000"}, {"from": 1, "label": "b", "colour": "#000000"}]
    (tmp_path / "fout.yaml").write_text(yaml.safe_dump({**LAYER, "raster": {**LAYER["raster"], "classes": classes}}))  # type: ignore[dict-item]
    with pytest.raises(ConfigurationFault, match="overlappen niet"):
        read_layers((tmp_path,))
    classes = [{"from": 0, "label": "a", "colour": "#000000", "beperking": "WB-BESTAAT-NIET"}]
    (tmp_path / "fout.yaml").write_text(yaml.safe_dump({**LAYER, "raster": {**LAYER["raster"], "classes": classes}}))  # type: ignore[dict-item]
    with pytest.raises(ConfigurationFault, match="WB-BESTAAT-NIET"):
        check_rasters(read_layers((tmp_path,)), read_begrippen(Settings().seed_folders))


def test_the_demo_has_a_raster() -> None:
    demo = read_sources(Settings().seed_folders)["doggerland-overstroming"]
    assert demo.demo
    assert demo.datasets[0].collection in read_layers(Settings().layer_folders).rasters
