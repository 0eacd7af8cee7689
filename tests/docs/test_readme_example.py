"""A reader who types over the example of the README gets a published layer, and with the faulty file the report that stands there."""

import shlex
from pathlib import Path

import httpx
import pytest

from app.ingest.importing import Options, import_source, recognise
from app.ingest.report import Ernst, RefusedImport
from app.ingest.source import read_sources
from app.layers import read_layers
from app.settings import ROOT, Settings
from app.styles.checking import check_styles
from app.styles.sld import read_styles

from ..running import run_command, served
from .conftest import Document

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


@pytest.fixture(scope="module")
def reader(database_settings: Settings, example: Path) -> Settings:
    """The settings of a reader with an empty database and, to save a download, without the RDNAPTRANS grid."""
    mine = example / "mijn"
    folders = {"layers": (mine / "layers",), "sld": (mine / "sld",), "seed": (mine / "seed",)}
    return database_settings.model_copy(update={**folders, "proj": example})


def test_the_files_are_what_the_service_reads(example: Path) -> None:
    mine = example / "mijn"
    layers, styles = read_layers((ROOT / "layers", mine / "layers")), read_styles((ROOT / "sld", mine / "sld"))
    check_styles(styles, layers)
    source = read_sources((ROOT / "seed", mine / "seed"))["energiehubs"]
    assert {dataset.collection for dataset in source.datasets} == {"energiehubs"}
    assert set(source.datasets[0].columns) == set(layers["energiehubs"].properties)


def test_the_commands_publish_the_layer(readme: Document, reader: Settings, example: Path) -> None:
    (block,) = [text for text in readme.blocks("sh") if "import energiehubs" in text]
    for line in (line for line in block.splitlines() if line.startswith("./energiebeeld") and "start" not in line):
        done = run_command(reader, *shlex.split(line)[1:], folder=example)
        assert done.returncode == 0, done.stdout + done.stderr

    with served(reader) as service:
        answer = httpx.get(f"{service.api}/collections/energiehubs/items?crs={RD}&sortby=naam").raise_for_status().json()
    hubs = {feature["properties"]["naam"]: feature for feature in answer["features"]}

    assert answer["numberMatched"] == 3
    assert hubs["Havenkwartier"]["geometry"] == {"type": "Point", "coordinates": [26400, 725300]}
    assert hubs["Havenkwartier"]["properties"] == {
        "naam": "Havenkwartier",
        "status": "BESTAAND",
        "vermogen_mw": 12.5,
        "gemeente_code": "GM9002",
    }
    assert hubs["Otterpark"]["properties"]["vermogen_mw"] is None


def test_the_faulty_file_gets_the_report_that_stands_there(readme: Document, reader: Settings, example: Path) -> None:
    source = read_sources(reader.seed_folders)["energiehubs"]
    with pytest.raises(RefusedImport) as refused:
        import_source(reader, source, recognise(source, [example / "mijn" / "energiehubs-fout.csv"]), Options())

    faults = [row for row in refused.value.report.as_rows() if row[0] == Ernst.FOUT]
    told = [[ernst, code, row, column, value, reason] for ernst, code, _, _, row, column, value, reason, _ in faults]

    assert readme.table("Als een levering niet goed is", "ernst") == told
