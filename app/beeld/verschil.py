"""Two energiebeelden compared figure by figure on the natural key: what was added, what changed, what is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Text, and_, any_, bindparam, case, func, literal_column, null, or_, select

from app.beeld.columns import FIGURE, Column, Kind
from app.beeld.question import Page, Selection
from app.beeld.reading import BYTES_OF_A_FIGURE, Figures
from app.beeld.statements import DIALECT, Form, Shape, conditions, figures_table, joined, parameters_of, shape_of, written

type Value = ColumnElement[Any]


class Wijziging(StrEnum):
    """What became of a figure from one energiebeeld to another."""

    TOEGEVOEGD = "TOEGEVOEGD"
    GEWIJZIGD = "GEWIJZIGD"
    VERVALLEN = "VERVALLEN"
    ONGEWIJZIGD = "ONGEWIJZIGD"


CHANGES = (Wijziging.TOEGEVOEGD, Wijziging.GEWIJZIGD, Wijziging.VERVALLEN)
KEY = ("gebied", "indicator", "drager", "subsector", "techniek", "richting", "jaar", "beeld")
# What follows from the key and so is equal on both sides.
FOLLOWS = ("gebied_naam", "niveau", "thema", "keten", "hoofdsector", "eenheid")
COMPARED = ("waarde", "ondergrens", "bovengrens", "reden_leeg")
DERIVED = "AFGELEID"
COLUMNS = (
    Column("wijziging", "wijziging", "wijziging", "Wijziging"),
    *(column for column in FIGURE if column.stored in {*KEY, *FOLLOWS} - {"eenheid"}),
    Column("waarde_oud", "oud", "oud", "Oude waarde", Kind.NUMBER),
    Column("waarde_nieuw", "nieuw", "nieuw", "Nieuwe waarde", Kind.NUMBER),
    Column("delta", "delta", "delta", "Nieuw min oud", Kind.NUMBER),
    Column("eenheid", "eenheid", "eenheid", "Eenheid"),
    Column("ondergrens_oud", "ondergrens_oud", "ondergrensOud", "Oude ondergrens", Kind.NUMBER),
    Column("ondergrens_nieuw", "ondergrens_nieuw", "ondergrensNieuw", "Nieuwe ondergrens", Kind.NUMBER),
    Column("bovengrens_oud", "bovengrens_oud", "bovengrensOud", "Oude bovengrens", Kind.NUMBER),
    Column("bovengrens_nieuw", "bovengrens_nieuw", "bovengrensNieuw", "Nieuwe bovengrens", Kind.NUMBER),
    Column("reden_leeg_oud", "reden_leeg_oud", "redenLeegOud", "Reden dat de oude waarde ontbreekt"),
    Column("reden_leeg_nieuw", "reden_leeg_nieuw", "redenLeegNieuw", "Reden dat de nieuwe waarde ontbreekt"),
    Column("herkomst_oud", "herkomst_oud", "herkomstOud", "Oude herkomst"),
    Column("herkomst_nieuw", "herkomst_nieuw", "herkomstNieuw", "Nieuwe herkomst"),
    Column("bron_oud", "bron_oud", "bronOud", "Oude bron"),
    Column("bron_nieuw", "bron_nieuw", "bronNieuw", "Nieuwe bron"),
)


@dataclass(frozen=True)
class Comparison:
    """Which figures of which two energiebeelden: as they were delivered, or `with_sums` those that the service computed too."""

    van: str
    naar: str
    selection: Selection
    with_sums: bool = False
    changes: tuple[str, ...] = CHANGES

    @property
    def values(self) -> dict[str, object]:
        """The values that go with every statement."""
        return parameters_of(self.selection) | {"van": self.van, "naar": self.naar, "wijziging": ",".join(self.changes)}


async def count_differences(figures: Figures, comparison: Comparison) -> Mapping[str, int]:
    """Return how many figures were added, changed, dropped or stayed as they were."""
    statement = count_statement(figures.tables.figures, shape_of(comparison.selection), with_sums=comparison.with_sums)
    found = dict(tuple(row) for row in await figures.reader.rows(statement, comparison.values))
    return {each.value: int(found.get(each.value, 0)) for each in Wijziging}


async def read_differences(figures: Figures, comparison: Comparison, limit: int, after: int) -> Page:
    """Return a page of differences in the order of their key, after the difference with this number."""
    statement = page_statement(figures.tables.figures, shape_of(comparison.selection), with_sums=comparison.with_sums)
    values = comparison.values | {"after": after, "most": limit}
    row = await figures.reader.row(statement, values, limit * BYTES_OF_A_FIGURE)
    rows, last, found = row or (None, None, 0)
    return Page(rows or b"", min(found, limit), None, last if found > limit else None)


@lru_cache(maxsize=128)
def count_statement(table_name: str, shape: Shape, *, with_sums: bool) -> str:
    """Return the SQL that counts per kind of change."""
    compared = _compared(table_name, shape, with_sums=with_sums)
    return _sql(select(compared.c.wijziging, func.count()).group_by(compared.c.wijziging))


@lru_cache(maxsize=128)
def page_statement(table_name: str, shape: Shape, *, with_sums: bool) -> str:
    """Return the SQL of a page, in the form that `joined` describes."""
    changes = _changes(_compared(table_name, shape, with_sums=with_sums)).subquery("wijzigingen")
    members = [part for column in COLUMNS for part in (literal_column(f"'{column.key}'"), _shown(changes.c[column.stored]))]
    page = (
        select(func.json_build_object(*members).label("cijfer"), changes.c.rij)
        .where(changes.c.rij > bindparam("after", type_=changes.c.rij.type))
        .order_by(changes.c.rij)
        .limit(bindparam("most", type_=changes.c.rij.type) + literal_column("1"))
        .subquery("bladzijde")
    )
    return _sql(joined(page))


@lru_cache(maxsize=128)
def copy_statement(table_name: str, shape: Shape, form: Form, *, with_sums: bool) -> str:
    """Return the COPY that writes all changes as CSV."""
    changes = _changes(_compared(table_name, shape, with_sums=with_sums)).subquery("wijzigingen")
    columns = [written(changes, column, shape, dutch=form.dutch).label(column.name) for column in COLUMNS]
    rows = _sql(select(*columns).order_by(changes.c.rij))
    return f"copy ({rows}) to stdout (format csv, header true, delimiter '{form.delimiter}', encoding 'UTF8')"


def _changes(compared: CTE) -> Select[Any]:
    """Number the changes that are asked for, in the order of their key."""
    asked = func.string_to_array(bindparam("wijziging", type_=Text), literal_column("','"))
    number = func.row_number().over(order_by=[compared.c[name] for name in ("niveau", *KEY)]).label("rij")
    return select(*compared.c, number).where(compared.c.wijziging == any_(asked))


def _compared(table_name: str, shape: Shape, *, with_sums: bool) -> CTE:
    """Lay the figures of one energiebeeld beside those of the other."""
    van, naar = (_side(table_name, shape, name, with_sums=with_sums).subquery(name) for name in ("van", "naar"))
    same = and_(*(van.c[name] == naar.c[name] for name in KEY))
    differs = or_(*(van.c[name].is_distinct_from(naar.c[name]) for name in COMPARED))
    wijziging = case(
        (van.c.gebied.is_(None), _text(Wijziging.TOEGEVOEGD)),
        (naar.c.gebied.is_(None), _text(Wijziging.VERVALLEN)),
        (differs, _text(Wijziging.GEWIJZIGD)),
        else_=_text(Wijziging.ONGEWIJZIGD),
    )
    both = [func.coalesce(naar.c[name], van.c[name]).label(name) for name in (*KEY, *FOLLOWS)]
    told = (*COMPARED, "herkomst", "bron")
    sides = [side.c[name].label(f"{name}_{which}") for name in told for side, which in ((van, "oud"), (naar, "nieuw"))]
    delta = (naar.c.waarde - van.c.waarde).label("delta")
    return select(wijziging.label("wijziging"), *both, *sides, delta).select_from(van.outerjoin(naar, same, full=True)).cte("vergeleken")


def _side(table_name: str, shape: Shape, name: str, *, with_sums: bool) -> Select[Any]:
    """Select the figures of one energiebeeld; of a sum beside which the gebied delivered a figure of its own, that figure."""
    table = figures_table(table_name)
    asked = [table.c.energiebeeld == bindparam(name, type_=Text), *conditions(table, shape)]
    told = [table.c[each] for each in (*KEY, *FOLLOWS, "herkomst", "bron")]
    if with_sums:
        return select(*told, *(table.c[each] for each in COMPARED)).where(*asked)
    derived = table.c.herkomst == literal_column(f"'{DERIVED}'")
    own = [case((derived, null()), else_=table.c[each]).label(each) for each in COMPARED[1:]]
    waarde = case((derived, table.c.geleverd), else_=table.c.waarde).label("waarde")
    return select(*told, waarde, *own).where(*asked, or_(~derived, table.c.geleverd.is_not(None)))


def _shown(stored: Value) -> Value:
    return func.nullif(stored, literal_column("''")) if isinstance(stored.type, Text) else stored


def _text(value: str) -> Value:
    return literal_column(f"'{value}'", Text)


def _sql(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=DIALECT))
