"""Publish the gebieden themselves: who belongs to whom and when, because those who read may not look into the facts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psycopg
import shapely
from psycopg import sql

from app.register.crs import CRS84, from_rd
from app.register.tables import SCHEMA

COLLECT = (Path(__file__).parent / "gebieden.sql").read_text(encoding="utf-8")
# The sides of a box bend when they are transformed: they are followed in steps of this many metres.
STEP_M = 1_000.0

# The lands that figures are about: an energiebeeld of what is no gemeente, regio or provincie.
LANDS = """
select distinct energiebeeld.gebied as code, levering.demo, coalesce(begrip.naam, energiebeeld.gebied) as naam
from facts.current_energiebeeld energiebeeld
join facts.levering on levering.id = energiebeeld.levering_id
left join facts.begrip on begrip.lijst = 'land' and begrip.code = energiebeeld.gebied
where energiebeeld.gebied not in (select ouder_code from facts.current_gebied_relatie)
    and energiebeeld.gebied not in (select code from facts.current_gebied where soort <> 'LAND')
order by 1, 2
"""

# A strip of land makes no successor.
TABLE = """
create table {table} as
with gebied_opvolging as (
    select oud, nieuw from facts.current_gebied_opvolging where soort <> 'GRENSWIJZIGING' and oud <> nieuw
)
select stand.code, stand.naam, stand.niveau, stand.geldig_vanaf, stand.geldig_tot, stand.ouders, stand.kinderen,
    array(select distinct oud from gebied_opvolging where nieuw = stand.code order by oud) as voorgangers,
    array(select distinct nieuw from gebied_opvolging where oud = stand.code order by nieuw) as opvolgers,
    case
        when stand.geldig_tot is null then array(select buur from gebied_buur where gebied_buur.code = stand.code order by buur)
        else '{{}}'
    end as buren,
    round(stand.oppervlakte_ha::numeric, 2)::double precision as oppervlakte_ha,
    kader.extent_crs84
from gebied_stand stand left join gebied_kader kader using (code, geldig_vanaf)
order by stand.code, stand.geldig_vanaf
"""


def build_gebieden(connection: psycopg.Connection, table_name: str) -> int:
    """Build the table of gebieden from the current facts (geometry in RD) and return how many rows it has; an earlier one is replaced."""
    table = sql.Identifier(SCHEMA, table_name)
    with connection.transaction():
        connection.execute(sql.SQL("drop table if exists {}").format(table))
        connection.execute(sql.SQL("create temp table gebied_land as {}").format(sql.SQL(LANDS)))
        # psycopg sends several statements at once when they have no parameters.
        connection.execute(COLLECT.encode())
        _transform_extents(connection)
        connection.execute(sql.SQL(TABLE).format(table=table))
        connection.execute(sql.SQL("alter table {} add primary key (code, geldig_vanaf)").format(table))
        connection.execute(sql.SQL("grant select on {} to energiebeeld_read").format(table))
        row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
        connection.execute("drop table gebied_land, gebied_moment, gebied_eigen, gebied_lid, gebied_buur, gebied_stand, gebied_kader")
    connection.execute(sql.SQL("analyze {}").format(table))
    return int(row[0]) if row else 0


def _transform_extents(connection: psycopg.Connection) -> None:
    """Fill the temporary table gebied_kader with extents as (west, south, east, north) in degrees."""
    connection.execute("create temp table gebied_kader (code text, geldig_vanaf date, extent_crs84 double precision[])")
    rows = connection.execute(
        "select code, geldig_vanaf, west, zuid, oost, noord from gebied_stand where west is not null order by code, geldig_vanaf"
    ).fetchall()
    extents = _in_degrees([row[2:] for row in rows])
    with connection.cursor() as cursor, cursor.copy("copy gebied_kader from stdin") as copy:
        for (code, day, *_), extent in zip(rows, extents, strict=True):
            copy.write_row((code, day, extent))


def _in_degrees(boxes: Sequence[tuple[float, ...]]) -> list[list[float]]:
    if not boxes:
        return []
    sides = shapely.segmentize(shapely.box(*np.array(boxes, dtype=float).T), STEP_M)
    extents: list[list[float]] = np.round(shapely.bounds(from_rd(sides, CRS84)), 6).tolist()
    return extents
