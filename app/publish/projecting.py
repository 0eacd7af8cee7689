"""Every coordinate is transformed here, once per change, with the same PROJ and grid whatever the database server has."""

from collections.abc import Iterator

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from psycopg import sql

from app.register.crs import CRS84, WEB_MERCATOR, Geometries, from_rd

CHUNK = 20_000

type Numbers = NDArray[np.int64]


def project(connection: psycopg.Connection, source: str, target: str) -> tuple[Numbers, Geometries]:
    """Fill temporary table `target` (rid, crs84, web_mercator as WKB) from the RD geometry in `source`; return (rid, RD geometry)."""
    connection.execute(sql.SQL("create temp table {} (rid integer, crs84 bytea, web_mercator bytea)").format(sql.Identifier(target)))
    statement = sql.SQL("copy {} from stdin (format binary)").format(sql.Identifier(target))
    numbers: list[Numbers] = []
    geometries: list[Geometries] = []
    for rids, rd in _chunks(connection, source):
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["int4", "bytea", "bytea"])
            for row in zip(rids.tolist(), *(shapely.to_wkb(from_rd(rd, crs)) for crs in (CRS84, WEB_MERCATOR)), strict=True):
                copy.write_row(row)
        numbers.append(rids)
        geometries.append(rd)
    if not numbers:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    return np.concatenate(numbers), np.concatenate(geometries)


def _chunks(connection: psycopg.Connection, source: str) -> Iterator[tuple[Numbers, Geometries]]:
    query = sql.SQL("select rid, ST_AsBinary(geometrie) from {} order by rid").format(sql.Identifier(source))
    with connection.cursor(name="rows", binary=True) as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(CHUNK):
            rids, wkb = zip(*rows, strict=True)
            yield np.array(rids, dtype=np.int64), shapely.from_wkb(np.array(wkb, dtype=object))
