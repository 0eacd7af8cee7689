"""Bring the database up to date once per version of the code, whoever comes first."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from alembic.util.exc import CommandError
from psycopg import sql
from sqlalchemy.exc import DBAPIError

from app.database.connections import DATABASE, Role, administrator_conninfo, connect
from app.database.schema import migrate, prepare_database
from app.problems import ConfigurationFault, Unavailable
from app.settings import ROOT, Settings

type Report = Callable[[str], None]

# Any number will do, as long as nobody else uses it: the letters of "energie" in ASCII.
PREPARING = 0x656E65726769
LONGEST_WAIT_S = 10.0

RIGHTS = (
    "De eerste keer is een gebruiker nodig die rollen en extensies mag maken;"
    " daarna volstaat een lid van energiebeeld_owner, energiebeeld_import en energiebeeld_read."
)


def ensure_prepared(settings: Settings, report: Report) -> None:
    """Create roles, PostGIS and tables, or bring them up to date; quick when that has been done by this version of the code."""
    if _is_prepared(settings):
        return
    with _patient_connection(settings, report) as connection:
        connection.execute("select pg_advisory_lock(%s)", [PREPARING])
        if settings.database_url is None:
            _create_database(connection)
        if not _is_prepared(settings):
            report("Tabellen en rechten bijwerken")
            _prepare(settings, connection)


def first_line(fault: psycopg.Error | DBAPIError) -> str:
    """Return what the database said, without the statement and the stack of libraries around it."""
    return str(fault.orig if isinstance(fault, DBAPIError) else fault).strip().partition("\n")[0]


def _prepare(settings: Settings, connection: psycopg.Connection) -> None:
    try:
        if _may_create_roles(connection):
            prepare_database(settings, administrator_conninfo(settings))
        else:
            migrate(settings)
    except CommandError as fault:
        raise ConfigurationFault(f"De database is van een andere versie van deze service: {fault}") from fault
    except (psycopg.Error, DBAPIError) as fault:
        raise ConfigurationFault(f"De database kan niet worden bijgewerkt. {RIGHTS}", [first_line(fault)]) from fault
    with connect(settings, Role.OWNER) as owner:
        owner.execute(sql.SQL("comment on schema facts is {}").format(_version()))


def _is_prepared(settings: Settings) -> bool:
    try:
        with connect(settings, Role.OWNER) as connection:
            row = connection.execute("select obj_description(to_regnamespace('facts'), 'pg_namespace')").fetchone()
    except psycopg.OperationalError:
        return False
    return row == (_version(),)


def _version() -> str:
    """Return a fingerprint of everything that decides what is in an empty database."""
    files = [
        *sorted((ROOT / "migrations" / "versions").glob("*.py")),
        *(Path(__file__).with_name(name) for name in ("roles.sql", "schema.py")),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _may_create_roles(connection: psycopg.Connection) -> bool:
    row = connection.execute("select rolsuper or rolcreaterole from pg_roles where rolname = session_user").fetchone()
    return bool(row and row[0])


def _create_database(connection: psycopg.Connection) -> None:
    if connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _patient_connection(settings: Settings, report: Report) -> psycopg.Connection:
    """Connect as administrator, with patience for a server that is still starting."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    waiting = False
    while True:
        try:
            return psycopg.connect(administrator_conninfo(settings, "postgres"), autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as fault:
            refused_for_good = "FATAL" in str(fault) and "starting up" not in str(fault)
            if refused_for_good or time.monotonic() > deadline:
                raise Unavailable(f"De database antwoordt niet: {str(fault).strip()}") from fault
        if not waiting:
            report("Wachten op de database")
        waiting = True
        time.sleep(0.5)
