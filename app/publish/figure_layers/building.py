"""Build the version of a layer of figures: no coordinate is touched, its geometry is that of layers of this same publication."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from app.layers import FigureTable
from app.publish.figure_layers.composing import CHOOSE, COLUMNS, PLACE, TEMPORARY, columns, kolommen, pivot, read_indicators, steps
from app.publish.layer_table import Copy, LayerTask, create_overview, create_table, describe, drop_tables
from app.register.columns import AREA
from app.register.publication import Description, Overview
from app.register.tables import SCHEMA

MOMENTS = "select distinct jaar, beeld from raw order by jaar, beeld"
# From good to bad; of several the worst is told.
VERDICTS = ("SLUITEND", "SLUITEND_MET_REST", "ONVOLLEDIG", "NIET_SLUITEND")
BRONNEN = "select distinct unnest(string_to_array(bron, ', ')) from raw"
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
class FigureTask(LayerTask):
    """One layer of figures to build, from tables of this publication: figures, gebieden, energiebeelden, and what lends its shapes.

    Of the shapes the first that has a gebied counts.
    """

    table: FigureTable
    figures: str
    gebieden: str
    energiebeelden: str
    shapes: tuple[Shape, ...]


def build_figure_layer(connection: psycopg.Connection, task: FigureTask) -> Description:
    """Build the tables of the layer version on an autocommit connection and return what serving needs to know."""
    drop_tables(connection, task.table_name)
    _collect(connection, task)
    row = connection.execute("select exists (select from raw)").fetchone()
    if row is None or not row[0]:
        _forget(connection)
        return Description(count=0, extent_crs84=None, extent_rd=None)
    create_table(connection, task, sql.SQL(PLACED))
    told = {bron for (bron,) in connection.execute(BRONNEN)} if "bron" in task.layer.properties else set()
    origins = tuple(origin for origin in task.inputs.origins if not told or origin.bron in told)
    moments = tuple(connection.execute(MOMENTS).fetchall()) if task.table.beelden else ()
    overviews = tuple(create_overview(connection, task, _copy(task, zoom)) for zoom in _zooms(task))
    _forget(connection)
    return describe(connection, task, overviews).model_copy(update={"moments": moments, "origins": origins})


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
        "verdicts": sql.Literal(list(VERDICTS)),
        "incomplete": sql.Literal(VERDICTS.index("ONVOLLEDIG") + 1),
    }
    connection.execute(sql.SQL(CHOOSE).format(**values))
    for step in steps():
        connection.execute(step)
    connection.execute(sql.SQL(COLUMNS).format(**values))
    connection.execute(_shapes(task))
    connection.execute(sql.SQL(PLACE).format(**values, pivot=pivot(task.layer), columns=columns(task.layer)))


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
        " from raw join vorm using (laag, vorm) left join ({parts}) as grof using (laag, vorm) order by raw.rid"
    ).format(
        columns=sql.Composed([sql.SQL(", raw.{}").format(sql.Identifier(name)) for name in task.drawn_columns]),
        parts=sql.SQL(" union all ").join(parts),
    )
    resolution = min(each.resolution for shape in task.shapes for each in shape.overviews if each.max_zoom == zoom)
    return Copy(zoom, resolution, source)


def _fitting(shape: Shape, zoom: int) -> Overview | None:
    """Return the coarsest copy that is fine enough for a zoom."""
    return min((each for each in shape.overviews if each.max_zoom >= zoom), key=lambda each: each.max_zoom, default=None)


def _forget(connection: psycopg.Connection) -> None:
    tables = sql.SQL(", ").join(map(sql.Identifier, TEMPORARY))
    connection.execute("drop view if exists vorm")
    connection.execute(sql.SQL("drop table if exists {}").format(tables))
