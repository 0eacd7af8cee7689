"""First steps on a database of one's own: a point to check coordinates by, and real data beside the demo or in its place."""

import re
from collections.abc import Iterator

import httpx
import pytest

from app.ingest.demo import import_demo
from app.settings import Settings

from ..conftest import DATA, Demo
from ..running import run_command, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.is_dir(), reason="de echte gegevens (../shared/data) staan niet op deze machine"),
]

ETRS89 = "http://www.opengis.net/def/crs/EPSG/0/4258"
REAL = {f"PV{number}" for number in range(20, 32)}
SOURCE = """
title: Controlepunt
description: De Onze Lieve Vrouwetoren in Amersfoort.
publisher: NSGI
license: https://creativecommons.org/publicdomain/zero/1.0/
homepage: https://www.nsgi.nl/
peildatum: 2018-01-01
files:
  punten: {pattern: punten.csv, format: csv}
datasets:
  - file: punten
    collection: controlepunten
    key: [id]
    geometry: point
    csv_geometry: {x: x, y: y}
    crs: EPSG:28992
    columns: {naam: {source: naam}}
"""
LAYER = """
title: Controlepunten
description: Punten waarvan de coördinaten bekend zijn.
theme: gebieden
geometry: point
style: controlepunten
properties:
  naam: {title: Naam}
"""
SLD = """<?xml version="1.0" encoding="UTF-8"?>
<sld:StyledLayerDescriptor version="1.1.0" xmlns:sld="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se">
  <sld:NamedLayer><se:Name>controlepunten</se:Name><sld:UserStyle><se:Name>controlepunten</se:Name><se:FeatureTypeStyle>
    <se:Rule><se:Name>punt</se:Name><se:Description><se:Title>Controlepunt</se:Title></se:Description>
      <se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName>
        <se:Fill><se:SvgParameter name="fill">#336699</se:SvgParameter></se:Fill></se:Mark><se:Size>6</se:Size></se:Graphic>
      </se:PointSymbolizer></se:Rule>
  </se:FeatureTypeStyle></sld:UserStyle></sld:NamedLayer>
</sld:StyledLayerDescriptor>
"""


@pytest.fixture(scope="module")
def settings(published_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings on a copy of the demo with the grid, and with a layer and a source of a deployment's own."""
    folder = tmp_path_factory.mktemp("eigen")
    (folder / "sources").mkdir()
    (folder / "sources" / "controlepunt.yaml").write_text(SOURCE, encoding="utf-8")
    (folder / "controlepunten.yaml").write_text(LAYER, encoding="utf-8")
    (folder / "controlepunten.sld").write_text(SLD, encoding="utf-8")
    (folder / "punten.csv").write_text("id,naam,x,y\namersfoort,Amersfoort,155000,463000\n", encoding="utf-8")
    with published_demo.copied(tmp_path_factory.mktemp("naast")) as copy:
        yield copy.model_copy(update={"seed": (folder,), "layers": (folder,), "sld": (folder,)})


def command(settings: Settings, *arguments: object) -> str:
    """Run a command that should go well, and return what it tells."""
    told = run_command(settings, *arguments)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def provincies(settings: Settings) -> set[str]:
    """The provincies that are served after publishing."""
    command(settings, "publish")
    with served(settings) as service:
        answer = httpx.get(f"{service.api}/collections/provincies/items", params={"skipGeometry": "true"})
    return {feature["id"] for feature in answer.json()["features"]}


def test_the_control_point_lands_within_a_nanodegree(settings):
    command(settings, "import", "controlepunt", "--file", settings.seed[0] / "punten.csv", "--keep-demo")
    command(settings, "publish")
    with served(settings) as service:
        answer = httpx.get(f"{service.api}/collections/controlepunten/items/amersfoort", params={"crs": ETRS89})
    assert answer.headers["content-crs"] == f"<{ETRS89}>"
    assert answer.json()["geometry"]["coordinates"] == pytest.approx([52.155172887, 5.387203650], abs=1e-9)


def test_real_data_stands_beside_the_demo_when_asked(settings):
    told = command(settings, "import", "cbs-provincies-2025", "--file", DATA / "grenzen" / "provincies_2025.geojson", "--keep-demo")
    assert "Demo ingetrokken" not in told
    assert provincies(settings) == {"PV97", "PV98"} | REAL


def test_real_data_takes_the_place_of_the_demo_otherwise(settings):
    told = command(settings, "import", "cbs-gemeenten-2025", "--file", DATA / "grenzen" / "gemeenten_2025.geojson")
    assert len(re.findall("Demo ingetrokken: doggerland-", told)) == 9
    assert provincies(settings) == REAL


def test_a_demo_that_was_kept_can_be_withdrawn_afterwards(settings):
    import_demo(settings)
    path = DATA / "grenzen" / "gemeenten_2025.geojson"
    told = command(settings, "import", "cbs-gemeenten-2025", "--file", path, "--keep-demo")
    assert "ongewijzigd" in told
    assert "./energiebeeld withdraw --demo" in told
    assert len(re.findall("Ingetrokken: doggerland-", command(settings, "withdraw", "--demo"))) == 9
    assert provincies(settings) == REAL
    assert "geen demo" in command(settings, "withdraw", "--demo")
