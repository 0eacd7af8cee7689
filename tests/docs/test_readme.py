"""The README says what is true: commands, settings, links, words and formats."""

import re
import shlex
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
import typer
from pydantic_core import PydanticUndefined

from app.cli.commands import commands
from app.ingest.source import Repair, read_sources
from app.layers import Geometry, Layer, PropertyType, Theme
from app.settings import ROOT, Settings

from .conftest import Document

LINK = re.compile(r"\]\(([^)\s]+)\)")
CALL = re.compile(r"\./energiebeeld ([a-z]+)([^\n`#]*)")
NAME = re.compile(r"ENERGIEBEELD_[A-Z_]*[A-Z]")
READ_BY_OTHERS = {"app": ("*.py", "*.sql"), "layers": ("*.yaml", "*.sql"), "seed": ("*.yaml",), "sld": ("*.sld",), "migrations": ("*.py",)}
LARGEST_PICTURE = 300_000
COMMANDS = typer.main.get_command(commands).commands


def test_every_command_and_option_exists(readme: Document) -> None:
    wrong = []
    for name, rest in CALL.findall(readme.text):
        asked = {word for word in shlex.split(rest, posix=False) if word.startswith("--")} - {"--help"}
        wrong += [name] if name not in COMMANDS else [f"{name} {option}" for option in asked - _options(name)]
    assert wrong == []


def _options(command: str) -> set[str]:
    return {option for parameter in COMMANDS[command].params for option in (*parameter.opts, *parameter.secondary_opts)}


def test_every_source_that_is_imported_exists(readme: Document, example: Path) -> None:
    named = {rest.split()[0] for name, rest in CALL.findall(readme.text) if name == "import" and not rest.split()[0].startswith("--")}
    assert named <= read_sources((ROOT / "seed", example / "mijn" / "seed")).keys()


def test_every_command_is_told(readme: Document) -> None:
    told = {name for name, _ in CALL.findall(readme.text)}
    assert {name for name, command in COMMANDS.items() if not command.hidden} <= told


def test_every_setting_is_listed_with_its_default(readme: Document) -> None:
    listed = {row[0]: row[1] for row in readme.table("Instellingen", "variabele")}
    assert listed == dict(_settings())


def _settings() -> Iterator[tuple[str, str]]:
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"ENERGIEBEELD_{name.upper()}"
        default = field.default
        assert default is not PydanticUndefined
        if isinstance(default, Path):
            default = default.relative_to(ROOT)
        yield str(variable), "–" if default in (None, ()) else f"{default:g}" if isinstance(default, float) else str(default)


def test_no_other_setting_is_named(readme: Document) -> None:
    assert set(NAME.findall(readme.text)) <= dict(_settings()).keys()


def test_local_links_and_pictures_exist(readme: Document) -> None:
    targets = [target for target in LINK.findall(readme.prose()) if "://" not in target]
    assert [target for target in targets if not target.startswith("#") and not (ROOT / target).exists()] == []
    assert {target for target in targets if target.startswith("#")} <= {f"#{_anchor(title)}" for title in _headings(readme)}
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme.text)
    assert pictures
    assert all((ROOT / picture).stat().st_size < LARGEST_PICTURE for picture in pictures)


def _headings(readme: Document) -> list[str]:
    return re.findall(r"^#+ (.+)$", readme.prose(), re.MULTILINE)


def _anchor(title: str) -> str:
    """Return the anchor that GitHub and GitLab make of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_every_term_is_used_and_has_a_source(readme: Document) -> None:
    rows = readme.table("Begrippen", "begrip")
    terms = [row[0] for row in rows]
    written = "\n".join(path.read_text(encoding="utf-8").lower() for path in _sources())
    assert terms == sorted(terms)
    assert [term for term in terms if term not in written] == []
    assert [row[0] for row in rows if not LINK.search(row[2])] == []


def _sources() -> Iterator[Path]:
    for folder, patterns in READ_BY_OTHERS.items():
        for pattern in patterns:
            yield from (path for path in (ROOT / folder).rglob(pattern) if "node_modules" not in path.parts)


def test_every_key_of_a_layer_is_explained(readme: Document) -> None:
    rows = readme.table("Een kaartlaag toevoegen", "sleutel")
    assert {key for row in rows for key in row[0].split(", ")} == {*Layer.model_fields, "like"} - {"id", "sql"}
    explained = {row[0]: row[1] for row in rows}
    assert _values(Theme) <= _words(explained["theme"])
    assert _values(Geometry) <= _words(explained["geometry"])
    assert _values(PropertyType) <= _words(explained["properties"])


def _values(choices: type[StrEnum]) -> set[str]:
    return {choice.value for choice in choices}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text))


def test_every_repair_is_explained(readme: Document) -> None:
    assert {row[0] for row in readme.table("Een bron toevoegen", "herstel")} == _values(Repair)


def test_every_decision_is_dated_and_has_three_lines(readme: Document) -> None:
    decisions = re.findall(r"^\*\*[^*]+\*\* \((\d{4}-\d\d-\d\d)\)\n((?:- .+\n)+)", readme.section("Besluiten"), re.MULTILINE)
    assert len(decisions) == readme.section("Besluiten").count("\n**")
    for _, lines in decisions:
        assert re.findall(r"^- \*(\w+):\*", lines, re.MULTILINE) == ["Besluit", "Waarom", "Gevolg"]


@pytest.mark.parametrize("language", ["sh", "yaml", "xml", "csv", "python", "r", "html", "sql"])
def test_examples_are_there_in_every_language_used(readme: Document, language: str) -> None:
    assert readme.blocks(language)
