"""The files that tell others what this repository is: licence, publiccode.yml, changelog, hooks."""

import re
import tomllib

import pytest
import yaml

from app import __version__
from app.settings import ROOT

# The parts of the vocabularies of publiccode.yml 0.4 that a map service can be.
CATEGORIES = {"geographic-information-systems", "data-visualization", "data-collection", "data-analytics"}
SCOPES = {"energy", "environment", "infrastructures", "local-authorities"}
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
MANDATORY = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}


@pytest.fixture(scope="module")
def publiccode() -> dict:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_publiccode_has_what_the_standard_demands(publiccode: dict) -> None:
    assert publiccode.keys() >= MANDATORY
    assert publiccode["publiccodeYmlVersion"] == "0.4"
    assert set(publiccode["categories"]) <= CATEGORIES
    assert set(publiccode["intendedAudience"]["scope"]) <= SCOPES
    assert publiccode["developmentStatus"] in STATUSES
    assert publiccode["maintenance"]["type"] in {"internal", "community"}
    assert all(contact["name"] for contact in publiccode["maintenance"]["contacts"])


def test_publiccode_describes_in_dutch_at_the_right_length(publiccode: dict) -> None:
    described = publiccode["description"]["nl"]
    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]
    assert [path for path in described["screenshots"] if not (ROOT / path).is_file()] == []


def test_version_and_licence_are_the_same_everywhere(publiccode: dict) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert publiccode["softwareVersion"] == project["version"] == __version__
    assert f"## [{__version__}] - {publiccode['releaseDate']}" in changelog
    assert publiccode["legal"]["license"] == project["license"] == "EUPL-1.2"


def test_the_licence_is_complete() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n")
    assert [int(number) for number in re.findall(r"^(\d+)\. ?[A-Z]", text, re.MULTILINE)] == list(range(1, 16))
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in text
    assert text.endswith("All other changes or additions to this Appendix require the production of a new EUPL version.\n")


def test_hooks_come_from_this_repository_only() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    assert {hook["language"] for repository in hooks["repos"] for hook in repository["hooks"]} == {"system"}
