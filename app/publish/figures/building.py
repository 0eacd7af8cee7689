"""Build the immutable table of published figures, step by step in SQL."""

from pathlib import Path

import psycopg
from psycopg import sql

from app.problems import ConfigurationFault
from app.publish.figures.deriving import DERIVING_SQL, derive
from app.register.afleidingen import Afleidingen
from app.register.tables import SCHEMA

HERE = Path(__file__).parent
STEPS = ("stack", "collect", "faults", "layer", "mixtures", "add", "publish")
STACK, COLLECT, FAULTS, LAYER, MIXTURES, ADD, PUBLISH = ((HERE / f"{step}.sql").read_text(encoding="utf-8") for step in STEPS)
# All SQL that decides what is published: when it changes, so do the figures.
FIGURES_SQL = f"{STACK}{DERIVING_SQL}{COLLECT}{FAULTS}{LAYER}{MIXTURES}{ADD}{PUBLISH}"

NONE = Afleidingen()

# What an API filters by while it streams in the order of the numbers.
FILTERS = ("energiebeeld", "gebied", "niveau", "thema", "indicator", "drager", "jaar", "beeld")


def build_figures(connection: psycopg.Connection, table_name: str, afleidingen: Afleidingen = NONE) -> int:
    """Fill a new table in schema `publication` with the figures of every energiebeeld, delivered and derived, and return how many.

    Runs inside the transaction that is open on the connection. Raises ConfigurationFault naming the sources when two of them deliver
    the same figure, when figures of one kind are of different divisions, or when an indicator is unknown; or naming the derivation
    that fails.
    """
    table = sql.Identifier(SCHEMA, table_name)
    connection.execute("set local work_mem = '128MB'")
    _run(connection, STACK)
    derive(connection, afleidingen)
    _run(connection, COLLECT)
    _refuse(connection, FAULTS)
    _run(connection, LAYER)
    _refuse(connection, MIXTURES)
    _run(connection, ADD)
    connection.execute(sql.SQL(PUBLISH).format(table=table))
    _index(connection, table_name)
    row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def _run(connection: psycopg.Connection, statements: str) -> None:
    # psycopg sends several statements at once when they have no parameters.
    connection.execute(statements.encode())


def _refuse(connection: psycopg.Connection, faults: str) -> None:
    found = [fault for (fault,) in connection.execute(faults.encode())]
    if found:
        raise ConfigurationFault("De cijfers kunnen zo niet worden gepubliceerd; wat er stond blijft staan.", found)


def _index(connection: psycopg.Connection, table_name: str) -> None:
    table = sql.Identifier(SCHEMA, table_name)
    connection.execute(sql.SQL("alter table {} add primary key (rij)").format(table))
    for column in FILTERS:
        name = sql.Identifier(f"{table_name}_{column}")
        connection.execute(sql.SQL("create index {} on {} ({}, rij)").format(name, table, sql.Identifier(column)))
