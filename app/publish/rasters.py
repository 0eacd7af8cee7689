"""Publish rasters: of each the classes of its layer with how many cells are in them, and a description that finds the file again."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.layers import RasterLayer
from app.overlap.raster import count_cells
from app.problems import Problem
from app.publish.common import CommonTask
from app.publish.configured import Configured
from app.publish.inputs import Facts, Inputs, digest
from app.register.publication import Origin
from app.register.rasters import raster_path
from app.register.tables import SCHEMA

# Raise when the table or the description is made in another way.
MEASURE = "1"
CURRENT = "select sha256, transform, width, height, statistics from facts.raster where levering_id = %s and collection = %s"
TABLE = (
    "create table {} (volgorde integer primary key, van double precision, tot double precision, label text, beperking text,"
    " cellen bigint, m2 double precision)"
)
TOLD = "select label, cellen as cells, m2 from {} order by volgorde"


def raster_tasks(connection: psycopg.Connection, facts: Facts, configured: Configured, snapshot: str) -> Iterable[CommonTask]:
    """Yield the task of each raster that was delivered for a layer of this configuration."""
    for layer in configured.layers.rasters.values():
        for origin in facts.origins.get(f"raster/{layer.id}", ())[-1:]:
            with connection.cursor(row_factory=dict_row) as cursor:
                row = cursor.execute(CURRENT, [origin.levering_id, layer.id]).fetchone()
            if row is not None:
                yield _task(layer, origin, row, (configured.raster_folder, snapshot))


def _task(layer: RasterLayer, origin: Origin, row: Mapping[str, object], where: tuple[Path, str]) -> CommonTask:
    folder, snapshot = where
    told = {name: row[name] for name in ("sha256", "transform", "width", "height")}
    statistics = row["statistics"]
    if not isinstance(statistics, dict):
        raise TypeError(layer.id)
    build: Callable[[psycopg.Connection, str], int] = partial(_build, layer=layer, path=raster_path(folder, str(row["sha256"])))
    inputs = Inputs((origin,), digest(MEASURE, layer.model_dump_json(), origin.levering_id, row["sha256"]))
    return CommonTask(layer.id, inputs, build, snapshot, {**told, **statistics}, tell=_tell)


def _build(connection: psycopg.Connection, table_name: str, layer: RasterLayer, path: Path) -> int:
    if not path.is_file():
        raise Problem(f"Het bestand van het raster {layer.id!r} is weg: {path}. Importeer de bron opnieuw.")
    classes = layer.raster.classes
    table = sql.Identifier(SCHEMA, table_name)
    connection.execute(sql.SQL(TABLE).format(table))
    with connection.cursor() as cursor:
        rows = [
            (number, each.low, each.to, each.label, each.beperking, cells, m2)
            for number, (each, (cells, m2)) in enumerate(zip(classes, count_cells(path, classes), strict=True), 1)
        ]
        cursor.executemany(sql.SQL("insert into {} values (%s, %s, %s, %s, %s, %s, %s)").format(table), rows)
    return len(rows)


def _tell(connection: psycopg.Connection, table_name: str) -> Mapping[str, object]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return {"classes": cursor.execute(sql.SQL(TOLD).format(sql.Identifier(SCHEMA, table_name))).fetchall()}
