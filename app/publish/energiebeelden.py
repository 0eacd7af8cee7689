"""Publish which energiebeelden there are, who stands behind them and which beelden they hold."""

from pathlib import Path

import psycopg
from psycopg import sql

from app.publish.figures import ACTUEEL
from app.register.tables import SCHEMA

DESCRIBE = (Path(__file__).parent / "energiebeelden.sql").read_text(encoding="utf-8")
ENERGIEBEELDEN_SQL = f"{ACTUEEL}{DESCRIBE}"
# What decides the table besides its SQL.
DESCRIBED = """
select to_jsonb(energiebeeld)::text from facts.current_energiebeeld energiebeeld
union all select to_jsonb(beeld)::text from facts.current_beeld beeld
order by 1
"""


def build_energiebeelden(connection: psycopg.Connection, table_name: str) -> int:
    """Build the table of energiebeelden from the current facts and return how many rows it has; an earlier one is replaced."""
    table = sql.Identifier(SCHEMA, table_name)
    with connection.transaction():
        connection.execute(sql.SQL("drop table if exists {}").format(table))
        # psycopg sends several statements at once when they have no parameters.
        connection.execute(ACTUEEL.encode())
        connection.execute(sql.SQL(DESCRIBE).format(table=table))
        connection.execute("drop table actueel")
        connection.execute(sql.SQL("alter table {} add primary key (id)").format(table))
        connection.execute(sql.SQL("grant select on {} to energiebeeld_read").format(table))
        row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0
