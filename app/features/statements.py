"""The SQL of pages and features: one statement per shape of question, composed with SQLAlchemy Core once and then remembered."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql

from app.database import Envelope
from app.features.question import PageQuestion, Sort
from app.layers import Geometry
from app.register.crs import Crs
from app.register.publication import Box, PublishedLayer
from app.register.tables import FEATURES, as_written

DIALECT = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
COUNTED_AT_MOST = 2_000
SINGLE_PRECISION = 2.0**-21
NOWHERE: Box = (1e9, 1e9, 1e9, 1e9)

type Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Selection:
    """All that decides the text of a condition on features; the values come later, as parameters."""

    window_crs: Crs | None
    boxes: int
    from_day: bool
    to_day: bool
    equals: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """All that decides the text of a page statement. The limit is in it, because a plan made without it can be a bad one."""

    selection: Selection
    crs: Crs
    properties: tuple[str, ...] | None
    with_geometry: bool
    sort: tuple[Sort, ...]
    limit: int


def shape_of(question: PageQuestion) -> Shape:
    """Return the shape of a question."""
    window, period = question.window, question.period
    selection = Selection(
        window_crs=window.crs if window else None,
        boxes=len(window.boxes) if window else 0,
        from_day=period is not None and period.start is not None,
        to_day=period is not None and period.end is not None,
        equals=tuple(sorted(question.equals)),
    )
    return Shape(selection, question.crs, question.properties, question.with_geometry, question.sort, question.limit)


def parameters_of(question: PageQuestion) -> dict[str, object]:
    """Return the values that go with the shape of a question."""
    window, period = question.window, question.period
    values: dict[str, object] = {"after": _start(question), "skip": 0 if _offset_is_number(question) else question.offset}
    for number, box in enumerate(window.boxes if window else ()):
        srid = window.crs.srid if window else 0
        values |= {f"box{number}": Envelope(srid, box), f"inside{number}": Envelope(srid, _surely_inside(box))}
    if period is not None:
        values |= {"from_day": period.start, "to_day": period.end}
    return values | {f"is_{name}": value for name, value in question.equals.items()}


@lru_cache(maxsize=2048)
def page_statement(published: PublishedLayer, shape: Shape) -> str:
    """Return the SQL of a page.

    It answers: the features joined by commas (bytea), the last rid of the page, how many of limit + 1 were found, and how many
    features have their box in the window (null without one).
    """
    table = published.table
    candidates = _candidates(published, shape.selection) if shape.selection.window_crs else None
    found = _found(published, shape, candidates)
    kept = select(found).order_by(found.c.place).limit(_number(shape.limit)).subquery()
    page = (
        select(_feature(published, shape).label("feature"), table.c.rid)
        .join_from(kept, table, table.c.rid == kept.c.rid)
        # Features are joined in this order: sorting numbers here is cheaper than sorting features in the aggregate.
        .order_by(kept.c.place)
        .subquery()
    )
    joined = func.string_agg(page.c.feature, literal_column("','::bytea"))
    return _sql(select(joined, func.max(page.c.rid), _count_of(found), _count_of(candidates)))


@lru_cache(maxsize=2048)
def count_statement(published: PublishedLayer, selection: Selection) -> str:
    """Return the SQL that counts the features of a selection, at most COUNTED_AT_MOST + 1."""
    some = select(published.table.c.rid).where(*_conditions(published, selection)).limit(_number(COUNTED_AT_MOST + 1)).subquery()
    return _sql(select(func.count()).select_from(some))


@lru_cache(maxsize=2048)
def feature_statement(published: PublishedLayer, crs: Crs) -> str:
    """Return the SQL that answers one feature (parameter `id`) as bytea."""
    whole = shape_of(PageQuestion(crs=crs, limit=1))
    return _sql(select(_feature(published, whole)).where(published.table.c.id == bindparam("id")))


def _candidates(published: PublishedLayer, selection: Selection) -> CTE:
    """The rids of all features whose box meets the window; of points, those that lie in it.

    Materialized, because PostgreSQL would rather walk the rids until enough of them lie in the window; in Hilbert order that can be
    nearly all.
    """
    table = published.table
    exact = _touched(published, selection) if published.layer.geometry is Geometry.POINT else []
    return (
        select(table.c.rid)
        .where(_near(published, selection), *exact, *_equals(published, selection), table.c.rid > bindparam("after", type_=Integer))
        .cte("candidates")
        .prefix_with("materialized", dialect="postgresql")
    )


def _found(published: PublishedLayer, shape: Shape, candidates: CTE | None) -> CTE:
    """The rids of the page and one more, with their place in it; candidates are tested in order, until there are enough."""
    table, selection = published.table, shape.selection
    order = [table.c[sort.name].desc().nulls_last() if sort.descending else table.c[sort.name].asc().nulls_last() for sort in shape.sort]
    if candidates is None:
        source: FromClause = table
        rid: ColumnElement[int] = table.c.rid
        conditions = [*_equals(published, selection), table.c.rid > bindparam("after", type_=Integer)]
    else:
        source, rid, conditions = candidates, candidates.c.rid, []
        if published.layer.geometry is not Geometry.POINT:
            conditions = _touched(published, selection)
        if order or conditions or selection.from_day or selection.to_day:
            source = candidates.join(table, table.c.rid == candidates.c.rid)
    place = func.row_number().over(order_by=[*order, rid]) if order else rid
    return (
        select(rid.label("rid"), place.label("place"))
        .select_from(source)
        .where(*conditions, *_valid_within(published, selection))
        .order_by(*order, rid)
        .limit(_number(shape.limit + 1))
        .offset(bindparam("skip", type_=Integer))
        .cte("found")
        .prefix_with("materialized", dialect="postgresql")
    )


def _count_of(rows: CTE | None) -> ColumnElement[int | None]:
    return literal_column("null::bigint") if rows is None else select(func.count()).select_from(rows).scalar_subquery()


def _conditions(published: PublishedLayer, selection: Selection) -> list[Condition]:
    near = [_near(published, selection)] if selection.window_crs else []
    return [*near, *_equals(published, selection), *_touched(published, selection), *_valid_within(published, selection)]


def _equals(published: PublishedLayer, selection: Selection) -> list[Condition]:
    columns = published.table.c
    return [columns[name] == bindparam(f"is_{name}", type_=columns[name].type) for name in selection.equals]


def _near(published: PublishedLayer, selection: Selection) -> Condition:
    return or_(*(column.op("&&", is_comparison=True)(box) for column, box in _boxes(published, selection)))


def _touched(published: PublishedLayer, selection: Selection) -> list[Condition]:
    """The exact test: what lies in the window with its whole box needs no look at its shape."""
    if selection.window_crs is None:
        return []
    inside = _boxes(published, selection, "inside")
    contained = [column.op("@", is_comparison=True)(box) for column, box in inside]
    meets = [func.ST_Intersects(column, box) for column, box in _boxes(published, selection)]
    # A case, because PostgreSQL would look up both sides of an `or` in the index, which has been asked for the box already.
    return [case((or_(*contained), true()), else_=or_(*meets))]


def _boxes(published: PublishedLayer, selection: Selection, name: str = "box") -> list[tuple[ColumnElement[Any], ColumnElement[Any]]]:
    crs = selection.window_crs
    if crs is None:
        return []
    column = published.table.c[crs.column]
    as_geometry: ColumnElement[Any] = literal_column("geometry")
    return [(column, bindparam(f"{name}{number}").op("::")(as_geometry)) for number in range(selection.boxes)]


def _surely_inside(box: Box) -> Box:
    """Return the box less the rounding of the boxes in the index, which are single precision; nowhere when nothing is left."""
    margin = max(map(abs, box)) * SINGLE_PRECISION
    west, south, east, north = box[0] + margin, box[1] + margin, box[2] - margin, box[3] - margin
    return (west, south, east, north) if west < east and south < north else NOWHERE


def _valid_within(published: PublishedLayer, selection: Selection) -> list[Condition]:
    period = published.layer.period
    if period is None:
        return []
    start = published.table.c[period.start]
    conditions: list[Condition] = []
    if selection.to_day:
        conditions.append(start <= bindparam("to_day", type_=Date))
    if selection.from_day:
        end = published.table.c[period.end] if period.end else start
        still_valid = or_(end.is_(None), end > bindparam("from_day", type_=Date))
        conditions.append(still_valid if period.end else start >= bindparam("from_day", type_=Date))
    return conditions


def _feature(published: PublishedLayer, shape: Shape) -> ColumnElement[bytes]:
    """The finished feature where it is stored, else composed from its parts."""
    table = published.table
    if shape.crs in FEATURES and shape.properties is None and shape.with_geometry:
        return table.c[FEATURES[shape.crs]]
    names = published.layer.properties if shape.properties is None else shape.properties
    properties = select(*(as_written(table.c[name]).label(name) for name in names)).correlate(table).lateral("properties")
    members = {
        "type": literal_column("'Feature'::text"),
        "id": table.c.id,
        "properties": select(func.row_to_json(properties.table_valued())).scalar_subquery() if names else literal_column("'{}'::json"),
        "geometry": _geometry(table, shape.crs) if shape.with_geometry else literal_column("null::json"),
    }
    parts = [part for name, member in members.items() for part in (literal_column(f"'{name}'"), member)]
    return func.convert_to(func.json_build_object(*parts).op("::")(literal_column("text")), literal_column("'UTF8'"))


def _geometry(table: Table, crs: Crs) -> ColumnElement[object]:
    stored: ColumnElement[object] = table.c[crs.column]
    turned = func.ST_FlipCoordinates(stored) if crs.latitude_first else stored
    return func.ST_AsGeoJSON(turned, literal_column(str(crs.decimals)), literal_column("0")).op("::")(literal_column("json"))


def _start(question: PageQuestion) -> int:
    if question.cursor is not None:
        return question.cursor.rid
    return question.offset if _offset_is_number(question) else 0


def _offset_is_number(question: PageQuestion) -> bool:
    """Features are numbered 1 … n in page order, so an offset in the whole layer needs no counting."""
    return not question.selects and not question.sort


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer)


def _sql(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=DIALECT))
