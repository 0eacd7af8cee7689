"""Publish a correction: reckon again what depends on the figures that differ, and keep the rest of the table as it was published."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from app.publish.figures.deriving import derive
from app.register.afleidingen import CIJFER, Afleidingen
from app.register.tables import SCHEMA

HERE = Path(__file__).parent
CHANGED, RECKON, MERGE = ((HERE / f"{step}.sql").read_text(encoding="utf-8") for step in ("changed", "reckon", "merge"))
CORRECTING_SQL = f"{CHANGED}{RECKON}{MERGE}"

REPLACED = """
create temp table opgevolgd (oud bigint, nieuw bigint) on commit drop;
insert into opgevolgd select * from unnest({old}::bigint[], {new}::bigint[]);
analyze opgevolgd;
"""
# Where both are in one energiebeeld, nothing tells which of the two a published figure came from; nor when the older one is gone.
POSSIBLE = """
select not exists (select from opgevolgd where oud not in (select id from facts.levering))
    and not exists (
        select from opgevolgd
        join laag nieuwe on nieuwe.levering_id = nieuw
        join laag oude on oude.levering_id = oud and oude.energiebeeld = nieuwe.energiebeeld
    )
"""
# What leveringen deliver that were replaced, while an energiebeeld that was made upon them still holds to them.
STILL_USED = """
select distinct indicator from facts.cijfer join opgevolgd on levering_id in (oud, nieuw) where oud in (select levering_id from laag)
"""
DIFFERENT = "select distinct indicator from gewijzigd"
WEIGHTS = """
select code, kenmerken->>'gewicht' from facts.begrip where lijst = 'indicator' and kenmerken->>'gewicht' is not null
"""
# What is to be reckoned with, and where the outcome goes.
NEEDED = sql.Identifier("nodig_cijfer")
REVISED = sql.Identifier("pg_temp", "herzien")


@dataclass(frozen=True)
class Correction:
    """Figures that are published as they were, but for leveringen (number) that were replaced by newer ones (number) of the same bron."""

    table_name: str
    replaced: Mapping[int, int]

    @property
    def previous(self) -> sql.Identifier:
        """The table that holds the figures as they were."""
        return sql.Identifier(SCHEMA, self.table_name)


def is_possible(connection: psycopg.Connection, correction: Correction) -> bool:
    """Tell whether the published figures can be corrected, and note which leveringen replace which; reads the temporary table `laag`."""
    pairs = {"old": sql.Literal(list(correction.replaced)), "new": sql.Literal(list(correction.replaced.values()))}
    connection.execute(sql.SQL(REPLACED).format(**pairs))
    row = connection.execute(POSSIBLE).fetchone()
    return row is not None and bool(row[0])


def find_changes(connection: psycopg.Connection, correction: Correction, afleidingen: Afleidingen) -> None:
    """Fill the temporary tables `nodig_cijfer` and `afgeleid` with what must be reckoned with again, and `sleutel` with the keys of it.

    Of a derivation all figures are made anew when one of its indicators differs, or when it reads a replaced levering that is still in use
    elsewhere: then its figures may name either.
    """
    connection.execute(CHANGED.encode())
    different = _codes(connection, DIFFERENT)
    made = _made_from(different | _codes(connection, STILL_USED), afleidingen)
    derive(connection, _needed_for(different | made, dict(connection.execute(WEIGHTS).fetchall()), afleidingen))
    connection.execute(sql.SQL(RECKON).format(previous=correction.previous, made=sql.Literal(sorted(made))))


def merge(connection: psycopg.Connection, correction: Correction, table: sql.Identifier) -> None:
    """Create and fill the table with what was reckoned again (REVISED) and all other figures as they were."""
    connection.execute(sql.SQL(MERGE).format(table=table, previous=correction.previous))


def _codes(connection: psycopg.Connection, statement: str) -> set[str]:
    return {code for (code,) in connection.execute(statement.encode())}


def _made_from(indicators: Collection[str], afleidingen: Afleidingen) -> set[str]:
    """Return the indicators of the derivations that read these, or what is derived from these."""
    made: set[str] = set()
    for each in afleidingen.each:
        if not made.union(indicators).isdisjoint(each.names_after(CIJFER)):
            made.update(each.indicators)
    return made


def _needed_for(different: Collection[str], weights: Mapping[str, str], afleidingen: Afleidingen) -> Afleidingen:
    """Return the derivations of these indicators, of the means that they weigh, of their own weights, and of what those derive from."""
    wanted = {*different, *(mean for mean, weight in weights.items() if weight in different)}
    wanted |= {weights[mean] for mean in wanted & weights.keys()}
    needed = []
    for each in reversed(afleidingen.each):
        if not wanted.isdisjoint(each.indicators):
            needed.append(each)
            wanted.update(each.names_after(CIJFER))
    return replace(afleidingen, each=tuple(reversed(needed)))
