"""Bring a database to the state that this version of the code expects: roles, migrations, rights."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from app.database.connections import Role, conninfo, engine
from app.problems import ConfigurationFault
from app.settings import ROOT, Settings

GRANTS = (Path(__file__).parent / "roles.sql").read_text(encoding="utf-8")
OLDEST_POSTGIS = (3, 3)


def prepare_database(settings: Settings, administrator: str) -> None:
    """Create the roles and PostGIS as `administrator` (a libpq string), then migrate as owner. Safe to repeat."""
    with psycopg.connect(administrator, autocommit=True) as connection:
        _create_roles(connection)
        connection.execute("create extension if not exists postgis")
        _check_postgis(connection)
        for schema in ("facts", "publication", "taken"):
            connection.execute(sql.SQL("create schema if not exists {} authorization energiebeeld_owner").format(sql.Identifier(schema)))
    migrate(settings)


def migrate(settings: Settings, revision: str = "head") -> None:
    """Run the migrations as owner and renew the rights of the other roles."""
    config = Config(attributes={})
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine(settings, Role.OWNER).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with psycopg.connect(conninfo(settings, Role.OWNER)) as connection:
        connection.execute(GRANTS)


def _create_roles(connection: psycopg.Connection) -> None:
    for role in Role:
        known = connection.execute("select from pg_roles where rolname = %s", [role.value]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role.value)))
        member = connection.execute("select pg_has_role(session_user, %s, 'member')", [role.value]).fetchone()
        if member is not None and not member[0]:
            connection.execute(sql.SQL("grant {} to session_user").format(sql.Identifier(role.value)))
    # The owner sets the default privileges on what the importer creates.
    connection.execute("grant energiebeeld_import to energiebeeld_owner")


def _check_postgis(connection: psycopg.Connection) -> None:
    row = connection.execute("select postgis_lib_version()").fetchone()
    version = row[0] if row else "0"
    if tuple(map(int, version.split(".")[:2])) < OLDEST_POSTGIS:
        raise ConfigurationFault(f"PostGIS {version} is te oud; deze service vraagt minstens 3.3.")
