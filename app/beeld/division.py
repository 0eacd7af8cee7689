"""Figures in another division than they were delivered in: those of gebieden that stayed what they were, and what publishing converted.

Both parts of the union keep the order of their numbers, so a page in another division is read like any other.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Date,
    FromClause,
    MetaData,
    Select,
    Table,
    Text,
    all_,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from app.register.tables import SCHEMA, recoded_names

AT_MOST = 10


def in_division(table: Table, *, ordered: bool = False) -> FromClause:
    """Return the figures in the division of the day `indeling`: the same columns, each with that day as its division."""
    converted, breaks = _beside(table)
    then = and_(converted.c.indeling <= _day(), or_(converted.c.geldig_tot.is_(None), converted.c.geldig_tot > _day()))
    names = [column.name for column in table.c]
    parts = [_on_that_day(table, names).where(_stayed(table, breaks)), _on_that_day(converted, names).where(then)]
    if ordered:
        # PostgreSQL merges what is in order already, and sorts everything when only the whole must be.
        parts = [part.order_by(part.selected_columns.rij) for part in parts]
    return union_all(*parts).subquery("cijfers")


def _stayed(table: Table, breaks: Table) -> ColumnElement[bool]:
    """Return whether a gebied is on that day what it was when its figure was delivered.

    Hardly any gebied ever changed. Those that did are looked up once, so that a page is read in the order of the index; as a plain
    `not exists` this becomes a join that sorts all figures first.
    """
    first, last = func.least(table.c.indeling, _day()), func.greatest(table.c.indeling, _day())
    between = select(breaks.c.gebied).where(breaks.c.gebied == table.c.gebied, breaks.c.datum > first, breaks.c.datum <= last)
    ever = func.array(select(breaks.c.gebied).scalar_subquery(), type_=ARRAY(Text))
    return or_(table.c.gebied != all_(ever), ~between.exists())


def obstacles(table: Table, conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Return a query of (gebied, naam, datum, ended) for selected figures that have no place in the division of the day `indeling`."""
    _, breaks = _beside(table)
    newer = and_(table.c.indeling > _day(), breaks.c.datum > _day(), breaks.c.datum <= table.c.indeling)
    ended = and_(breaks.c.zonder_opvolger, breaks.c.datum > table.c.indeling, breaks.c.datum <= _day())
    columns = (table.c.gebied, table.c.gebied_naam, breaks.c.datum, breaks.c.zonder_opvolger)
    return (
        select(*columns)
        .join(breaks, and_(breaks.c.gebied == table.c.gebied, or_(newer, ended)))
        .where(*conditions)
        .distinct()
        .order_by(table.c.gebied, breaks.c.datum)
        .limit(literal_column(str(AT_MOST)))
    )


def _beside(table: Table) -> tuple[Table, Table]:
    converted_name, breaks_name = recoded_names(table.name)
    columns = [Column(column.name, column.type) for column in table.c]
    converted = Table(converted_name, MetaData(schema=SCHEMA), *columns, Column("geldig_tot", Date))
    breaks = Table(breaks_name, MetaData(schema=SCHEMA), Column("gebied", Text), Column("datum", Date), Column("zonder_opvolger", Boolean))
    return converted, breaks


def _on_that_day(table: Table, names: Iterable[str]) -> Select[Any]:
    return select(*(_day().label(name) if name == "indeling" else table.c[name] for name in names))


def _day() -> ColumnElement[Any]:
    return bindparam("indeling", type_=Date)
