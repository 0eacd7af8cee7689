"""Build the version of a layer of figures: no coordinate is touched, its geometry is that of layers of this same publication."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from app.layers import FigureTable
from app.publish.figure_layers.composing import CHOOSE, COLUMNS, PLACE, TEMPORARY, WEAVE, columns, kolommen, pivot, read_indicators, steps
from app.publish.layer_table import Copy, LayerTask, create_overview, create_table, describe, drop_tables
from app.register.columns import AREA
from app.register.publication import Description, Overview
from app.register.tables import FEATURES, SCHEMA

MOMENTS = "select distinct jaar, beeld from {} order by jaar, beeld"
# From good to bad; of several the worst is told.
VERDICTS = ("SLUITEND", "SLUITEND_MET_REST", "ONVOLLEDIG", "NIET_SLUITEND")
BRONNEN = "select distinct unnest(string_to_array(bron, ', ')) from {}"
PLACED = "select raw.*, geom_rd, geom_3857, geom_crs84 from raw join vorm using (laag, vorm)"
KOLOM = """
create temp table kolom (
    naam text, indicator text, drager text, subsector text, techniek text, richting text, beeld text, som boolean,
    factor double precision, per text
)
"""


@dataclass(frozen=True)
class Shape:
    """A published layer that lends its geometry: its table, its generalised copies and how many gebieden it shows."""

    table_name: str
    overviews: tuple[Overview, ...]
    count: int


@dataclass(frozen=True)
class Earlier:
    """The version of a layer of beelden before this one, and the moments ('2030 BEELD') that are not as they were."""

    table_name: str
    overviews: tuple[Overview, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class FigureTask(LayerTask):
    """One layer of figures to build, from tables of this publication: figures, gebieden, energiebeelden, and what lends its shapes.

    Of the shapes the first that has a gebied counts. Where an earlier version differs in some moments only, the others are taken over.
    """

    table: FigureTable
    figures: str
    gebieden: str
    energiebeelden: str
    shapes: tuple[Shape, ...]
    earlier: Earlier | None = None


def build_figure_layer(connection: psycopg.Connection, task: FigureTask) -> Description:
    """Build the tables of the layer version on an autocommit connection and return what serving needs to know."""
    drop_tables(connection, task.table_name)
    _collect(connection, task)
    table = "nummer" if task.earlier else "raw"
    row = connection.execute(sql.SQL("select exists (select from {})").format(sql.Identifier(table))).fetchone()
    if row is None or not row[0]:
        _forget(connection)
        return Description(count=0, extent_crs84=None, extent_rd=None)
    create_table(connection, task, sql.SQL(PLACED), _kept(task))
    overviews = tuple(create_overview(connection, task, _copy(task, zoom)) for zoom in _zooms(task))
    _forget(connection)
    return describe(connection, task, overviews).model_copy(update=_told(connection, task))


def _told(connection: psycopg.Connection, task: FigureTask) -> dict[str, object]:
    """Return what a layer of figures tells beside what all layers do: its moments, and only the leveringen that it names."""
    table = sql.Identifier(SCHEMA, task.table_name)
    named = "bron" in task.layer.properties
    told = {bron for (bron,) in connection.execute(sql.SQL(BRONNEN).format(table))} if named else set()
    return {
        "moments": tuple(connection.execute(sql.SQL(MOMENTS).format(table)).fetchall()) if task.table.beelden else (),
        "origins": tuple(origin for origin in task.inputs.origins if not told or origin.bron in told),
    }


def _kept(task: FigureTask) -> sql.Composable | None:
    """Return the rows that are taken over from the earlier version as they were written, with their new numbers."""
    if task.earlier is None:
        return None
    columns = [*task.layer.properties, "geom_rd", "geom_3857", "geom_crs84", *FEATURES.values()]
    return sql.SQL("select nummer.rid, id, {} from {} join nummer using (id) where blijft").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(SCHEMA, task.earlier.table_name)
    )


def _asked(task: FigureTask) -> sql.Composable:
    """Return the condition on jaar and beeld of what is made, and not taken over."""
    if task.earlier is None:
        return sql.SQL("true")
    return sql.SQL("concat(jaar, ' ', beeld) = any ({}::text[])").format(sql.Literal(list(task.earlier.changed)))


def _collect(connection: psycopg.Connection, task: FigureTask) -> None:
    """Make the temporary table raw: one row per feature, numbered along the shapes, with its place and its columns."""
    _forget(connection)
    connection.execute(KOLOM)
    rows = list(kolommen(task.layer, read_indicators(connection)))
    with connection.cursor() as cursor, cursor.copy("copy kolom from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    values = {
        "figures": sql.Identifier(SCHEMA, task.figures),
        "gebieden": sql.Identifier(SCHEMA, task.gebieden),
        "energiebeelden": sql.Identifier(SCHEMA, task.energiebeelden),
        "niveau": sql.Literal(task.table.niveau),
        "beelden": sql.Literal(task.table.beelden),
        "area": sql.Literal(AREA),
        "asked": _asked(task),
        "verdicts": sql.Literal(list(VERDICTS)),
        "incomplete": sql.Literal(VERDICTS.index("ONVOLLEDIG") + 1),
    }
    connection.execute(sql.SQL(CHOOSE).format(**values))
    for step in steps():
        connection.execute(step)
    connection.execute(sql.SQL(COLUMNS).format(**values))
    connection.execute(_shapes(task))
    connection.execute(sql.SQL(PLACE).format(**values, pivot=pivot(task.layer), columns=columns(task.layer)))
    if task.earlier is not None:
        connection.execute(sql.SQL(WEAVE).format(**values, earlier=sql.Identifier(SCHEMA, task.earlier.table_name)))


def _shapes(task: FigureTask) -> sql.Composed:
    """Return the statement that puts the shapes side by side: `laag` is which one, `vorm` the number of the feature in it."""
    each = [
        sql.SQL(
            "select {}::integer as laag, rid as vorm, code, naam, geldig_vanaf, geldig_tot, geom_rd, geom_3857, geom_crs84 from {}"
        ).format(sql.Literal(number), sql.Identifier(SCHEMA, shape.table_name))
        for number, shape in enumerate(task.shapes)
    ]
    return sql.SQL("create temp view vorm as {}").format(sql.SQL(" union all ").join(each))


def _zooms(task: FigureTask) -> list[int]:
    return sorted({overview.max_zoom for shape in task.shapes for overview in shape.overviews}, reverse=True)


def _copy(task: FigureTask, zoom: int) -> Copy:
    """Return the generalised shapes for this zoom; a shape that has none there comes as it is."""
    parts = [
        sql.SQL("select {}::integer as laag, rid as vorm, geom_rd, geom_3857 from {}").format(
            sql.Literal(number), sql.Identifier(SCHEMA, overview.table_name)
        )
        for number, shape in enumerate(task.shapes)
        if (overview := _fitting(shape, zoom)) is not None
    ]
    source = sql.SQL(
        "select raw.rid, raw.id{columns}, coalesce(grof.geom_rd, vorm.geom_rd), coalesce(grof.geom_3857, vorm.geom_3857), 1"
        " from raw join vorm using (laag, vorm) left join ({parts}) as grof using (laag, vorm){kept} order by 1"
    ).format(
        columns=sql.Composed([sql.SQL(", raw.{}").format(sql.Identifier(name)) for name in task.drawn_columns]),
        parts=sql.SQL(" union all ").join(parts),
        kept=_kept_copy(task, zoom),
    )
    resolution = min(each.resolution for shape in task.shapes for each in shape.overviews if each.max_zoom == zoom)
    return Copy(zoom, resolution, source)


def _kept_copy(task: FigureTask, zoom: int) -> sql.Composable:
    earlier = next((each for each in task.earlier.overviews if each.max_zoom == zoom), None) if task.earlier else None
    if earlier is None:
        return sql.SQL("")
    return sql.SQL(" union all select nummer.rid, id{}, geom_rd, geom_3857, aantal from {} join nummer using (id) where blijft").format(
        sql.Composed([sql.SQL(", {}").format(sql.Identifier(name)) for name in task.drawn_columns]),
        sql.Identifier(SCHEMA, earlier.table_name),
    )


def _fitting(shape: Shape, zoom: int) -> Overview | None:
    """Return the coarsest copy that is fine enough for a zoom."""
    return min((each for each in shape.overviews if each.max_zoom >= zoom), key=lambda each: each.max_zoom, default=None)


def _forget(connection: psycopg.Connection) -> None:
    tables = sql.SQL(", ").join(map(sql.Identifier, TEMPORARY))
    connection.execute("drop view if exists vorm")
    connection.execute(sql.SQL("drop table if exists {}").format(tables))
