"""The SQL of figures and gebieden: one statement per shape of question, composed with SQLAlchemy Core once and then remembered.

Every statement has its values as `%(name)s` parameters; lists travel as one text, separated by commas.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Double,
    FromClause,
    Integer,
    MetaData,
    Numeric,
    Select,
    SelectBase,
    SmallInteger,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import Column as SqlColumn
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from app.beeld.columns import ALL, FIGURE, RECONCILIATION, VERDICT, Column, Kind
from app.beeld.division import in_division, obstacles
from app.beeld.nesting import topmost
from app.beeld.question import NOT_SPLIT, Conversion, Question, Selection
from app.register.tables import SCHEMA

DIALECT = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(),
    Kind.INTEGER: BigInteger(),
    Kind.NUMBER: Double(),
    Kind.DATE: Date(),
    Kind.LIST: ARRAY(Text()),
}
# What a sum keeps apart, whatever it adds up.
IDENTITY = (
    *("energiebeeld", "gebied", "gebied_naam", "niveau", "thema", "indicator", "drager", "keten", "subsector", "hoofdsector"),
    *("techniek", "richting", "jaar", "beeld", "soort", "indeling", "eenheid"),
)
TOTAL = "TOTAAL"
LEVELS = ("LAND", "PROVINCIE", "REGIO", "GEMEENTE")

type Value = ColumnElement[Any]


@dataclass(frozen=True)
class Shape:
    """All that decides the text of a statement: per column whether it has several values, and how many units and kinds of gas there are."""

    columns: tuple[tuple[str, bool], ...]
    years: int
    with_verdict: bool
    factors: tuple[bool, ...] = ()
    with_division: bool = False


@dataclass(frozen=True)
class Form:
    """How a file is written: its delimiter, whether numbers have a decimal comma (for Excel in Dutch) and which columns it has."""

    delimiter: str = ","
    dutch: bool = False
    header: bool = True
    columns: tuple[Column, ...] = ALL


def shape_of(selection: Selection, conversion: Conversion | None = None) -> Shape:
    """Return the shape of a question."""
    columns = tuple((name, len(values) > 1) for name, values in sorted(selection.values.items()))
    factors = tuple(drager is not None for _, drager, _ in conversion.factors) if conversion else ()
    return Shape(columns, min(len(selection.years), 2), selection.with_verdict, factors, selection.indeling is not None)


def parameters_of(selection: Selection, conversion: Conversion | None = None) -> dict[str, object]:
    """Return the values that go with the shape of a question."""
    values: dict[str, object] = {name: ",".join(several) for name, several in selection.values.items()}
    if selection.years:
        values["jaar"] = ",".join(map(str, selection.years))
    if selection.indeling is not None:
        values["indeling"] = selection.indeling
    if conversion is None:
        return values
    values["unit"] = conversion.unit
    for number, (unit, drager, factor) in enumerate(conversion.factors):
        values |= {f"unit{number}": unit, f"factor{number}": factor} | ({} if drager is None else {f"drager{number}": drager})
    return values


def page_parameters(question: Question) -> dict[str, object]:
    """Return the values of a page."""
    return parameters_of(question.selection, question.conversion) | {"after": question.after, "most": question.limit}


@lru_cache(maxsize=512)
def page_statement(table_name: str, shape: Shape) -> str:
    """Return the SQL of a page: the figures as JSON text joined by commas (bytea), the last number, how many of limit + 1 were found."""
    table = _figures(table_name, shape, ordered=True)
    return _page(table, shape, _document(table, shape))


@lru_cache(maxsize=512)
def reconciliation_statement(table_name: str, gebieden_name: str, shape: Shape) -> str:
    """Return the SQL of a page of reconciliations, like `page_statement`; missing gemeenten have their name beside their code."""
    table = figures_table(table_name)
    members = {column.key: _shown(table, column, shape) for column in RECONCILIATION}
    return _page(table, shape, _json(members | {"ontbrekend": _missing(table, gebieden_table(gebieden_name))}))


@lru_cache(maxsize=512)
def copy_statement(table_name: str, shape: Shape, form: Form) -> str:
    """Return the COPY that writes a whole selection as CSV, in the order of the figures."""
    table = _figures(table_name, shape, ordered=True)
    columns = [written(table, column, shape, dutch=form.dutch).label(column.name) for column in form.columns]
    rows = select(*columns).where(*conditions(table, shape)).order_by(table.c.rij)
    header = "true" if form.header else "false"
    return f"copy ({_sql(rows)}) to stdout (format csv, header {header}, delimiter '{form.delimiter}', encoding 'UTF8')"


@lru_cache(maxsize=512)
def count_statement(table_name: str, shape: Shape) -> str:
    """Return the SQL that counts a selection, but no further than the parameter `most`."""
    table = _figures(table_name, shape)
    some = select(table.c.rij).where(*conditions(table, shape)).limit(bindparam("most", type_=BigInteger)).subquery()
    return _sql(select(func.count()).select_from(some))


@lru_cache(maxsize=512)
def kinds_statement(table_name: str, shape: Shape) -> str:
    """Return the SQL that tells which indicators, dragers, units, levels and soorten occur in a selection."""
    table = _figures(table_name, shape)
    kinds = (table.c.indicator, table.c.drager, table.c.eenheid, table.c.niveau, table.c.soort)
    return _sql(select(*kinds).where(*conditions(table, shape)).distinct().order_by(*kinds))


@lru_cache(maxsize=512)
def obstacles_statement(table_name: str, shape: Shape) -> str:
    """Return the SQL that tells which gebieden of a selection cannot be answered in the division of `indeling`, and since which day."""
    table = figures_table(table_name)
    return _sql(obstacles(table, conditions(table, shape)))


@lru_cache(maxsize=64)
def known_statement(table_name: str, column: str) -> str:
    """Return the SQL of all values of an indexed column: it skips from value to value instead of reading all rows."""
    values = figures_table(table_name).c[column]
    known = select(func.min(values).label("code")).cte("known", recursive=True)
    following = select(func.min(values)).where(values > known.c.code).scalar_subquery()
    known = known.union_all(select(following).where(known.c.code.is_not(None)))
    return _sql(select(known.c.code).where(known.c.code.is_not(None)))


@lru_cache(maxsize=512)
def sum_statement(table_name: str, shape: Shape, collapsed: frozenset[str]) -> str:
    """Return the SQL that adds up a selection along the collapsed columns, like `page_statement` without numbers.

    A figure that is not split along a dimension is the total as delivered: it never takes part in a sum along that dimension, and
    neither does a techniek beside one that it is part of.
    """
    table = _figures(table_name, shape)
    kept_names = [name for name in IDENTITY if name not in collapsed]
    split = [table.c[name] != _constant(NOT_SPLIT) for name in sorted(collapsed - {"gebied", "gebied_naam", "keten", "hoofdsector"})]
    totals = [table.c.drager != _constant(TOTAL)] if "drager" in collapsed else []
    selected = [*conditions(table, shape), *split, *totals]
    if "techniek" in collapsed:
        table, selected = topmost(table, selected, IDENTITY), []
    kept = [table.c[name] for name in kept_names]
    # Decimals, as in the published sums: 0.1 and 0.2 make 0.3.
    found = cast(func.sum(cast(_converted(table, table.c.waarde, shape), Numeric)), Double)
    empty = func.count().filter(table.c.waarde.is_(None))
    complete = empty == literal_column("0")
    added: Value = literal_column("array[]::text[]")
    if "gebied" in collapsed:
        complete = and_(complete, func.count(distinct(table.c.gebied)) == bindparam("gebieden", type_=Integer))
        added = func.array_agg(distinct(table.c.gebied))
    rows = (
        select(
            *kept,
            case((complete, found), else_=null()).label("totaal"),
            found.label("som"),
            func.count().label("aantal"),
            func.count(table.c.waarde).label("gevuld"),
            func.string_agg(distinct(table.c.bron), literal_column("', '")).label("bron"),
            func.array_to_json(added).label("gebieden"),
            func.min(table.c.rij).label("rij"),
        )
        .where(*selected)
        .group_by(*kept)
        .subquery("opgeteld")
    )
    members = _sum_members(rows, kept_names, shape)
    members |= {"gebieden": rows.c.gebieden} if "gebied" in collapsed else {}
    numbered = (
        select(_json(members).label("cijfer"), rows.c.rij).order_by(rows.c.rij).limit(_most() + literal_column("1")).subquery("bladzijde")
    )
    return _sql(joined(numbered))


@lru_cache(maxsize=64)
def gebieden_statement(gebieden_name: str, *, with_day: bool) -> str:
    """Return the SQL of all gebieden of the levels in `niveau`, valid on `datum` or else in the newest division."""
    table = gebieden_table(gebieden_name)
    newest = select(func.max(table.c.geldig_vanaf)).where(table.c.niveau == _constant("GEMEENTE")).scalar_subquery()
    day: Value = bindparam("datum", type_=Date) if with_day else newest
    order = func.array_position(literal_column(f"array{list(LEVELS)}"), table.c.niveau)
    statement = (
        select(*table.c)
        .where(
            _is_among(table.c.niveau, "niveau"), table.c.geldig_vanaf <= day, or_(table.c.geldig_tot.is_(None), table.c.geldig_tot > day)
        )
        .order_by(order, table.c.code)
    )
    return _sql(statement)


@lru_cache(maxsize=64)
def division_statement(gebieden_name: str) -> str:
    """Return the SQL that tells whether there are gemeenten on `datum`."""
    table, day = gebieden_table(gebieden_name), bindparam("datum", type_=Date)
    known = select(table.c.code).where(
        table.c.niveau == _constant("GEMEENTE"), table.c.geldig_vanaf <= day, or_(table.c.geldig_tot.is_(None), table.c.geldig_tot > day)
    )
    return _sql(select(known.exists()))


@lru_cache(maxsize=64)
def gebied_statement(gebieden_name: str) -> str:
    """Return the SQL of the gebieden with the codes in `code`: every period they had, the newest first."""
    table = gebieden_table(gebieden_name)
    return _sql(select(*table.c).where(_is_among(table.c.code, "code")).order_by(table.c.code, table.c.geldig_vanaf.desc()))


@lru_cache(maxsize=64)
def features_statement(tables: tuple[tuple[str, str, str], ...]) -> str:
    """Return the SQL that tells which layers (id, table, column) have a feature of the gebied in `code`."""
    codes = [Table(name, MetaData(schema=SCHEMA), SqlColumn(column, Text)).c[column] for _, name, column in tables]
    found: list[Select[Any]] = [
        select(literal_column(f"{number}").label("number")).where(select(code).where(code == bindparam("code", type_=Text)).exists())
        for number, code in enumerate(codes)
    ]
    return _sql(found[0].union_all(*found[1:]) if len(found) > 1 else found[0])


def _figures(table_name: str, shape: Shape, *, ordered: bool = False) -> FromClause:
    """Return what a question selects from: the figures, or what they are in the division that is asked."""
    table = figures_table(table_name)
    return in_division(table, ordered=ordered) if shape.with_division else table


@lru_cache(maxsize=64)
def figures_table(name: str) -> Table:
    """Return the published figures: one row per figure, numbered (`rij`) in the order of its key."""
    columns: list[SqlColumn[Any]] = [SqlColumn(column.stored, TYPES[column.kind]) for column in ALL]
    return Table(name, MetaData(schema=SCHEMA), SqlColumn("rij", BigInteger, primary_key=True), *columns)


@lru_cache(maxsize=64)
def gebieden_table(name: str) -> Table:
    """Return the published gebieden: one row per code and period in which nothing about it changed."""
    texts = ("ouders", "kinderen", "voorgangers", "opvolgers", "buren")
    return Table(
        name,
        MetaData(schema=SCHEMA),
        SqlColumn("code", Text, primary_key=True),
        SqlColumn("naam", Text),
        SqlColumn("niveau", Text),
        SqlColumn("geldig_vanaf", Date, primary_key=True),
        SqlColumn("geldig_tot", Date),
        *(SqlColumn(each, ARRAY(Text())) for each in texts),
        SqlColumn("oppervlakte_ha", Double),
        SqlColumn("extent_crs84", ARRAY(Double())),
    )


def _sum_members(rows: FromClause, kept: Iterable[str], shape: Shape) -> dict[str, Value]:
    """Return the members of a sum: those of a figure, empty where it was added up along them, and what the sum is made of."""
    members: dict[str, Value] = {column.key: _text(rows.c[column.stored]) if column.stored in kept else null() for column in FIGURE}
    return members | {
        "waarde": rows.c.totaal,
        "eenheid": _unit(rows.c.eenheid, shape),
        "redenLeeg": case((rows.c.totaal.is_(None), literal_column("'ONBEKEND'")), else_=null()),
        "som": rows.c.som,
        "aantal": rows.c.aantal,
        "gevuld": rows.c.gevuld,
        "herkomst": literal_column("'AFGELEID'"),
        "bron": rows.c.bron,
        "aansluiting": null(),
    }


def _page(table: FromClause, shape: Shape, document: Value) -> str:
    numbered = (
        select(document.label("cijfer"), table.c.rij)
        .where(*conditions(table, shape), table.c.rij > bindparam("after", type_=BigInteger))
        .order_by(table.c.rij)
        .limit(_most() + literal_column("1"))
        .subquery("bladzijde")
    )
    return _sql(joined(numbered))


def joined(numbered: FromClause) -> Select[Any]:
    """Join the documents of a page; the one beyond its limit only tells that there are more."""
    placed = select(numbered.c.cijfer, numbered.c.rij, func.row_number().over(order_by=numbered.c.rij).label("plaats")).subquery(
        "geplaatst"
    )
    within = placed.c.plaats <= _most()
    text = func.string_agg(cast(placed.c.cijfer, Text), literal_column("','")).filter(within)
    return select(func.convert_to(text, literal_column("'UTF8'")), func.max(placed.c.rij).filter(within), func.count())


def _most() -> Value:
    return bindparam("most", type_=BigInteger)


def conditions(table: FromClause, shape: Shape) -> list[ColumnElement[bool]]:
    """Return what a figure must meet to be in a selection of this shape."""
    found = [_is_among(table.c[name], name) if several else table.c[name] == bindparam(name, type_=Text) for name, several in shape.columns]
    if shape.years == 1:
        found.append(table.c.jaar == bindparam("jaar", type_=SmallInteger()))
    elif shape.years > 1:
        years = func.string_to_array(bindparam("jaar", type_=Text), literal_column("','"))
        found.append(table.c.jaar == any_(cast(years, ARRAY(SmallInteger()))))
    if shape.with_verdict:
        found.append(table.c.oordeel.is_not(None))
    return found


def _is_among(column: Value, name: str) -> ColumnElement[bool]:
    return column == any_(func.string_to_array(bindparam(name, type_=Text), literal_column("','")))


def _document(table: FromClause, shape: Shape) -> Value:
    figure = {column.key: _shown(table, column, shape) for column in FIGURE}
    verdict = _json({column.key: _shown(table, column, shape) for column in VERDICT})
    return _json(figure | {"aansluiting": case((table.c.oordeel.is_(None), null()), else_=verdict)})


def _json(members: dict[str, Value]) -> Value:
    return func.json_build_object(*(part for name, member in members.items() for part in (literal_column(f"'{name}'"), member)))


def _missing(table: FromClause, gebieden: Table) -> Value:
    missing = func.unnest(table.c.ontbrekend).table_valued("code", with_ordinality="plaats", name="ontbreekt").render_derived()
    then = and_(
        gebieden.c.code == missing.c.code,
        gebieden.c.geldig_vanaf <= table.c.indeling,
        or_(gebieden.c.geldig_tot.is_(None), gebieden.c.geldig_tot > table.c.indeling),
    )
    named = _json({"code": missing.c.code, "naam": gebieden.c.naam})
    listed = select(func.json_agg(named)).select_from(missing.outerjoin(gebieden, then)).correlate(table).scalar_subquery()
    return func.coalesce(listed, literal_column("'[]'::json"))


def _shown(table: FromClause, column: Column, shape: Shape) -> Value:
    """Return a column as answers show it: converted where asked, and nothing instead of an empty text."""
    stored = table.c[column.stored]
    if column.stored == "eenheid":
        return _unit(stored, shape)
    if column.converted:
        return _converted(table, stored, shape)
    return _text(stored)


def _text(stored: Value) -> Value:
    return func.nullif(stored, literal_column("''")) if isinstance(stored.type, Text) else stored


def written(table: FromClause, column: Column, shape: Shape, *, dutch: bool) -> Value:
    """Return a column as files show it: lists as one text, and for Excel in Dutch a decimal comma and no formulas."""
    shown = _shown(table, column, shape)
    if column.kind is Kind.LIST:
        return func.array_to_string(shown, literal_column("' '"))
    if not dutch:
        return shown
    if column.kind is Kind.NUMBER:
        return func.replace(cast(shown, Text), literal_column("'.'"), literal_column("','"))
    if column.kind is Kind.TEXT:
        # Excel would calculate a text that begins like a formula.
        looks_like_formula = shown.op("~", is_comparison=True)(literal_column("'^[=+@-]'"))
        return case((looks_like_formula, literal_column("''''").op("||")(shown)), else_=shown)
    return shown


def _unit(stored: Value, shape: Shape) -> Value:
    return bindparam("unit", type_=Text) if shape.factors else func.nullif(stored, literal_column("''"))


def _converted(table: FromClause, stored: Value, shape: Shape) -> Value:
    if not shape.factors:
        return stored
    cases = [
        (
            and_(
                table.c.eenheid == bindparam(f"unit{number}", type_=Text),
                table.c.drager == bindparam(f"drager{number}", type_=Text) if by_drager else true(),
            ),
            stored * bindparam(f"factor{number}", type_=Double),
        )
        for number, by_drager in enumerate(shape.factors)
    ]
    return case(*cases, else_=null())


def _constant(text: str) -> Value:
    """Write a text of our own as it is: a statement has no parameters but those that are named."""
    return literal_column(f"'{text}'", Text)


def _sql(statement: SelectBase) -> str:
    return str(statement.compile(dialect=DIALECT))
