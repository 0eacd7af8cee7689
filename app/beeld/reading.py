"""Ask the database for figures and gebieden; a page comes back as bytes that need only an envelope."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.beeld.gebied import Gebied, gebied_of
from app.beeld.nesting import nesting_of
from app.beeld.question import Kind, Obstacle, Page, Question, Selection
from app.beeld.statements import (
    count_statement,
    division_statement,
    features_statement,
    gebied_statement,
    gebieden_statement,
    kinds_statement,
    known_statement,
    obstacles_statement,
    page_parameters,
    page_statement,
    parameters_of,
    reconciliation_statement,
    shape_of,
    sum_statement,
)
from app.database import Reader
from app.register.publication import PublishedLayer

# As JSON, so that the reader knows which pages are large.
BYTES_OF_A_FIGURE = 800


@dataclass(frozen=True)
class Gebieden:
    """The gebieden of one publication, in this table."""

    reader: Reader
    table: str

    async def of_levels(self, levels: Sequence[str], day: dt.date | None = None) -> list[Gebied]:
        """Return the gebieden of these levels on a day, or in the newest division."""
        values = {"niveau": ",".join(levels)} | ({"datum": day} if day else {})
        rows = await self.reader.rows(gebieden_statement(self.table, with_day=day is not None), values)
        return [gebied_of(row) for row in rows]

    async def has_division(self, day: dt.date) -> bool:
        """Tell whether there are gemeenten on this day."""
        row = await self.reader.row(division_statement(self.table), {"datum": day})
        return row is not None and bool(row[0])

    async def periods_of(self, codes: Sequence[str]) -> list[Gebied]:
        """Return every period of these gebieden, per code the newest first; an unknown code has none."""
        if not codes:
            return []
        return [gebied_of(row) for row in await self.reader.rows(gebied_statement(self.table), {"code": ",".join(codes)})]

    async def layers_with(self, code: str, layers: Sequence[tuple[PublishedLayer, str]]) -> list[tuple[PublishedLayer, str]]:
        """Return those of the layers (each with its column of codes) that have a feature of this gebied."""
        if not layers:
            return []
        tables = tuple((layer.id, layer.table_name, column) for layer, column in layers)
        return [layers[row[0]] for row in await self.reader.rows(features_statement(tables), {"code": code})]


@dataclass(frozen=True)
class Tables:
    """The tables of one publication: figures (and how many there are) and gebieden."""

    figures: str
    count: int
    gebieden: str


@dataclass(frozen=True)
class Figures:
    """The figures of one publication."""

    reader: Reader
    tables: Tables

    async def page(self, question: Question) -> Page:
        """Return a page of figures, in the order of their key."""
        statement = page_statement(self.tables.figures, shape_of(question.selection, question.conversion))
        return await self._page(statement, question)

    async def reconciliation(self, question: Question) -> Page:
        """Return a page of what parents were delivered beside the sums of their gemeenten."""
        shape = shape_of(question.selection, question.conversion)
        return await self._page(reconciliation_statement(self.tables.figures, self.tables.gebieden, shape), question)

    async def sums(self, question: Question, collapsed: frozenset[str], gebieden: int, above: Mapping[str, Sequence[str]]) -> Page:
        """Return a selection added up along the collapsed columns; a sum over `gebieden` is complete when each of them has a figure.

        `above` says of which technieken each one is a part.
        """
        statement = sum_statement(self.tables.figures, shape_of(question.selection, question.conversion), collapsed)
        values = page_parameters(question) | {"gebieden": gebieden} | nesting_of(above)
        row = await self.reader.row(statement, values, question.limit * BYTES_OF_A_FIGURE)
        rows, _, found = row or (None, None, 0)
        return Page(rows or b"", found, found, question.limit if found > question.limit else None)

    async def count(self, selection: Selection, most: int) -> int:
        """Return how many figures a selection has, but no more than `most`."""
        if not selection.selects:
            return min(self.tables.count, most)
        statement = count_statement(self.tables.figures, shape_of(selection))
        row = await self.reader.row(statement, parameters_of(selection) | {"most": most})
        return int(row[0]) if row else 0

    async def kinds(self, selection: Selection) -> list[Kind]:
        """Return which indicators, dragers, units, levels and soorten occur in a selection."""
        rows = await self.reader.rows(kinds_statement(self.tables.figures, shape_of(selection)), parameters_of(selection))
        return [Kind(*row) for row in rows]

    async def obstacles(self, selection: Selection) -> list[Obstacle]:
        """Return the gebieden (at most ten) that stand in the way of answering a selection in the division that it asks."""
        statement = obstacles_statement(self.tables.figures, shape_of(selection))
        return [Obstacle(*row) for row in await self.reader.rows(statement, parameters_of(selection))]

    async def known(self, column: str) -> tuple[str, ...]:
        """Return all values of an indexed column."""
        return tuple(row[0] for row in await self.reader.rows(known_statement(self.tables.figures, column)))

    async def _page(self, statement: str, question: Question) -> Page:
        row = await self.reader.row(statement, page_parameters(question), question.limit * BYTES_OF_A_FIGURE)
        rows, last, found = row or (None, None, 0)
        returned = min(found, question.limit)
        total = self.tables.count if not question.selection.selects else found if question.after == 0 and found == returned else None
        return Page(rows or b"", returned, total, last if found > question.limit else None)
