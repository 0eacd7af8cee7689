"""Let the signals of a version stand on those of the version before: what did not change is neither measured nor copied again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from app.publish.common import PUBLISHED
from app.register.publication import OVERLAP
from app.register.tables import SCHEMA, identifiers, overlap_names

HERE = Path(__file__).parent
TABELLEN, VERANDERD = ((HERE / f"{name}.sql").read_text(encoding="utf-8") for name in ("tabellen", "veranderd"))
# A version of which more of the signals than this are its own is not stood upon further: the next has them all.
HEAVY = 0.1

# Of the signals in a table (elk) those of which neither the object nor the opgave is in another.
HOLDS = """
not exists (select from {gone} weg where soort = 'object' and weg.laag = object_laag and weg.id = object_id)
and not exists (select from {gone} weg where soort = 'opgave' and weg.laag = opgave_laag and weg.id = opgave_id)
"""
# All SQL that decides which signals are taken over.
FOLLOWING_SQL = f"{TABELLEN}{VERANDERD}{HOLDS}"
NEW_OPGAVEN = "create temp table nieuwe_opgave as select nr from {} join veranderd using (laag, id) where soort = 'opgave' and wordt"


@dataclass(frozen=True)
class Before:
    """The overlap that is published now: its tables, those of its opgaven, the version it stands on itself, and how much is its own."""

    table_name: str
    opgaven: str
    onder: str | None
    share: float

    @property
    def foundation(self) -> str | None:
        """The version that the next stands on; None when the next should have all signals itself."""
        if self.onder is None:
            return self.table_name
        return self.onder if self.share <= HEAVY else None


def read_before(connection: psycopg.Connection, basis: str) -> Before | None:
    """Return the overlap that is published, if it was made by the same rules in the same provincies (`basis`)."""
    row = connection.execute(PUBLISHED, [OVERLAP]).fetchone()
    if row is None or row[1]["basis"] != basis:
        return None
    table_name, told = row
    return Before(table_name, told["opgaven"], told["onder"], told["eigen"] / max(told["signalen"], 1))


def tell_size(connection: psycopg.Connection, table_name: str) -> Mapping[str, object]:
    """Return how many signals a version found itself, and how many it has."""
    counts = "select (select count(*) from {eigen}), (select count(*) from {signalen})"
    row = connection.execute(sql.SQL(counts).format(**identifiers(overlap_names(table_name)))).fetchone()
    return dict(zip(("eigen", "signalen"), row or (0, 0), strict=True))


def find_changes(connection: psycopg.Connection, table_name: str, opgaven: str, before: Before | None) -> None:
    """Fill the temporary tables te_toetsen (laag, id: objects for all opgaven) and nieuwe_opgave (nr: opgaven for all other objects)."""
    tables = identifiers(overlap_names(table_name))
    if before is None:
        connection.execute(sql.SQL("create temp table te_toetsen as select laag, id from {objecten}").format(**tables))
        connection.execute("create temp table nieuwe_opgave (nr integer)")
    else:
        now = sql.Identifier(SCHEMA, opgaven)
        connection.execute(
            sql.SQL(VERANDERD).format(
                objecten=tables["objecten"],
                objecten_toen=identifiers(overlap_names(before.table_name))["objecten"],
                opgaven=now,
                opgaven_toen=sql.Identifier(SCHEMA, before.opgaven),
                other_opgaven=sql.Literal(opgaven != before.opgaven),
            )
        )
        connection.execute("analyze veranderd")
        connection.execute("create temp table te_toetsen as select laag, id from veranderd where soort = 'object' and wordt")
        connection.execute(sql.SQL(NEW_OPGAVEN).format(now))
    connection.execute("analyze te_toetsen, nieuwe_opgave")


def stand_on(connection: psycopg.Connection, table_name: str, before: Before | None) -> None:
    """Take over what still holds of the version before, and make the view of all signals that hold."""
    tables = identifiers(overlap_names(table_name))
    signals: sql.Composable = sql.SQL("select * from {eigen}").format(**tables)
    if before is not None:
        _take_over(connection, tables, before)
        if before.foundation is not None:
            below, holds = sql.Identifier(SCHEMA, before.foundation), sql.SQL(HOLDS).format(gone=tables["vervallen"])
            signals = sql.SQL("{} union all select * from {} elk where {}").format(signals, below, holds)
    connection.execute(sql.SQL("create view {} as {}").format(tables["signalen"], signals))


def _take_over(connection: psycopg.Connection, tables: Mapping[str, sql.Identifier], before: Before) -> None:
    then = identifiers(overlap_names(before.table_name))
    if before.foundation is not None:
        gone: sql.Composable = sql.SQL("select soort, laag, id from veranderd where was")
        if before.onder is not None:
            gone = sql.SQL("{} union select * from {}").format(gone, then["vervallen"])
        connection.execute(sql.SQL("insert into {} {}").format(tables["vervallen"], gone))
        connection.execute(sql.SQL("analyze {vervallen}").format(**tables))
    if before.foundation != before.table_name:
        source = then["signalen" if before.foundation is None else "eigen"]
        holds = sql.SQL(HOLDS).format(gone=sql.Identifier("veranderd"))
        connection.execute(sql.SQL("insert into {} select elk.* from {} elk where {}").format(tables["eigen"], source, holds))
