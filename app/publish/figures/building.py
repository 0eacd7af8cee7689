"""Build the immutable table of published figures, step by step in SQL."""

from pathlib import Path

import psycopg
from psycopg import sql

from app.problems import ConfigurationFault
from app.publish.figures.correcting import CORRECTING_SQL, NEEDED, REVISED, Correction, find_changes, is_possible, merge
from app.publish.figures.deriving import DERIVING_SQL, derive
from app.register.afleidingen import Afleidingen
from app.register.tables import SCHEMA, recoded_names

HERE = Path(__file__).parent
# Also for who describes the energiebeelden: which ones there are beside those that were delivered.
ACTUEEL = (HERE.parent / "actueel.sql").read_text(encoding="utf-8")
STEPS = ("stack", "over", "collect", "faults", "layer", "outdated", "mixtures", "add", "publish", "recode")
STACK, OVER, COLLECT, FAULTS, LAYER, OUTDATED, MIXTURES, ADD, PUBLISH, RECODE = (
    (HERE / f"{step}.sql").read_text(encoding="utf-8") for step in STEPS
)
# All SQL that decides what is published: when it changes, so do the figures.
FIGURES_SQL = f"{STACK}{ACTUEEL}{OVER}{DERIVING_SQL}{COLLECT}{FAULTS}{LAYER}{OUTDATED}{MIXTURES}{ADD}{PUBLISH}{RECODE}{CORRECTING_SQL}"

NONE = Afleidingen()
ALL = sql.Identifier("facts", "cijfer")

# What an API filters by while it streams in the order of the numbers.
FILTERS = ("energiebeeld", "gebied", "niveau", "thema", "indicator", "drager", "jaar", "beeld")
# By what figures are chosen and joined: of the rest PostgreSQL need not know how rare it is.
CHOSEN_BY = (*FILTERS, "keten", "subsector", "hoofdsector", "techniek", "richting", "indeling")
# What tells whether figures are the same; the number of a row and its levering say nothing of its contents.
DIGESTED = (
    *("energiebeeld", "gebied", "indicator", "drager", "subsector", "techniek", "richting", "jaar", "beeld", "indeling", "soort"),
    *("kwaliteit", "waarde", "ondergrens", "bovengrens", "reden_leeg", "methode", "bron", "oordeel"),
)


def build_figures(
    connection: psycopg.Connection, table_name: str, afleidingen: Afleidingen = NONE, correction: Correction | None = None
) -> int:
    """Fill a new table in schema `publication` with the figures of every energiebeeld, delivered and derived, and return how many.

    With a `correction` only what depends on the figures that differ is reckoned again; the table is the same. Beside it come two small
    tables for who asks for them in a later division (see recode.sql). Runs inside the transaction that is open on the connection; what
    the steward should know comes as a warning of PostgreSQL. Raises ConfigurationFault naming the sources when two of them deliver the
    same figure, when figures of one kind are of different divisions, or when an indicator is unknown; or naming the derivation that
    fails. The indexes are left to whoever commits.
    """
    table = sql.Identifier(SCHEMA, table_name)
    connection.execute("set local work_mem = '128MB'")
    for step in (STACK, ACTUEEL, OVER):
        _run(connection, step)
    if correction is not None and is_possible(connection, correction):
        find_changes(connection, correction, afleidingen)
        _reckon(connection, NEEDED, REVISED)
        merge(connection, correction, table)
    else:
        derive(connection, afleidingen)
        _reckon(connection, ALL, table)
    connection.execute(sql.SQL("alter table {} add primary key (rij)").format(table))
    _recode(connection, table_name)
    row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def _reckon(connection: psycopg.Connection, figures: sql.Identifier, table: sql.Identifier) -> None:
    """Fill a new table with what comes of these figures and of those that were derived (temporary table `afgeleid`)."""
    connection.execute(sql.SQL(COLLECT).format(cijfer=figures))
    _refuse(connection, FAULTS)
    _run(connection, LAYER)
    _run(connection, OUTDATED)
    _refuse(connection, MIXTURES)
    _run(connection, ADD)
    connection.execute(sql.SQL(PUBLISH).format(table=table))


def indexes_of(table_name: str) -> tuple[sql.Composed, ...]:
    """Return the statements that make the indexes of a table of figures; they may run at the same time."""
    table = sql.Identifier(SCHEMA, table_name)
    return tuple(
        sql.SQL("create index {} on {} ({}, rij)").format(sql.Identifier(f"{table_name}_{column}"), table, sql.Identifier(column))
        for column in FILTERS
    )


def digests_of(connection: psycopg.Connection, table_name: str) -> dict[str, dict[str, str]]:
    """Return per indicator and moment (jaar and beeld) a hash that changes when one of those figures does, in whatever order they lie."""
    statement = (
        "select indicator, concat(jaar, ' ', beeld), sum(hash_record_extended(row({}), 0))::text from {} group by indicator, jaar, beeld"
    )
    columns = sql.SQL(", ").join(map(sql.Identifier, DIGESTED))
    digests: dict[str, dict[str, str]] = {}
    for indicator, moment, digest in connection.execute(sql.SQL(statement).format(columns, sql.Identifier(SCHEMA, table_name))):
        digests.setdefault(indicator, {})[moment] = digest
    return digests


def areas_of(connection: psycopg.Connection, table_name: str) -> dict[str, str]:
    """Return per niveau a hash of which energiebeelden have figures of which gebieden."""
    statement = """
        select niveau, sum(hash_record_extended(row(gebied, energiebeeld), 0))::text
        from (select distinct niveau, gebied, energiebeeld from {}) as gevonden group by niveau
    """
    return dict(connection.execute(sql.SQL(statement).format(sql.Identifier(SCHEMA, table_name))).fetchall())


def _run(connection: psycopg.Connection, statements: str) -> None:
    # psycopg sends several statements at once when they have no parameters.
    connection.execute(statements.encode())


def _refuse(connection: psycopg.Connection, faults: str) -> None:
    found = [fault for (fault,) in connection.execute(faults.encode())]
    if found:
        raise ConfigurationFault("De cijfers kunnen zo niet worden gepubliceerd; wat er stond blijft staan.", found)


def _recode(connection: psycopg.Connection, table_name: str) -> None:
    table, omgerekend, breuken = (sql.Identifier(SCHEMA, name) for name in (table_name, *recoded_names(table_name)))
    connection.execute(sql.SQL(RECODE).format(table=table, omgerekend=omgerekend, breuken=breuken))
