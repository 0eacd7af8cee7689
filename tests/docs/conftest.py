"""The README as a reader sees it: its text, its sections and tables, and the example that it spells out."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import ROOT

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED_FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Document:
    """A Markdown document."""

    text: str

    def section(self, title: str) -> str:
        """Return what stands below a heading, up to the next one of the same level."""
        found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", self.text, re.MULTILINE | re.DOTALL)
        assert found, f"the README has no heading {title!r}"
        return found[2]

    def table(self, title: str, first_heading: str) -> list[list[str]]:
        """Return the rows of the table in a section that opens with this heading, without code marks."""
        rows = [line.strip() for line in self.section(title).splitlines() if line.strip().startswith("|")]
        start = next(number for number, row in enumerate(rows) if _cells(row)[0] == first_heading)
        body = rows[start + 2 :]
        end = next((number for number, row in enumerate(body) if re.fullmatch(r"\|[-|]+\|", row)), len(body) + 1)
        return [_cells(row) for row in body[: end - 1]]

    def blocks(self, language: str) -> list[str]:
        """Return the code blocks in a language."""
        return [text for name, text in FENCE.findall(self.text) if name == language]

    def prose(self) -> str:
        """Return the text without code blocks."""
        return FENCE.sub("", self.text)

    def files(self) -> dict[str, str]:
        """Return the files that the example spells out, by path."""
        return dict(NAMED_FILE.findall(self.text))


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in row.strip("|").split("|")]


@pytest.fixture(scope="session")
def readme() -> Document:
    return Document((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def example(readme: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a reader has typed over the example."""
    folder = tmp_path_factory.mktemp("lezer")
    for name, text in readme.files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
