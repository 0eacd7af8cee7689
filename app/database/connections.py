"""Connections per role: the owner migrates, the importer stores and publishes, the reader serves, and jobs are kept apart."""

import hashlib
import tempfile
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, NullPool, create_engine

from app.settings import Settings

DATABASE = "energiebeeld"
ADMINISTRATOR = "energiebeeld_administrator"
LONGEST_SOCKET_FOLDER = 80


class Role(StrEnum):
    """Database roles; the value is the name in PostgreSQL."""

    OWNER = "energiebeeld_owner"
    IMPORT = "energiebeeld_import"
    READ = "energiebeeld_read"
    TAKEN = "energiebeeld_taken"


def socket_folder(settings: Settings) -> Path:
    """Return the folder of the embedded cluster's socket: in the home, or where the home is too deep for a socket address in /tmp."""
    folder = settings.home.resolve() / "run"
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / f"energiebeeld-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


def conninfo(settings: Settings, role: Role) -> str:
    """Return the libpq connection string of a role, on `DATABASE_URL` or on the embedded cluster.

    On `DATABASE_URL` one login plays all roles with `SET ROLE`, unless the importer and the reader have a URL of their own.
    """
    limits = _session_limits(settings, role)
    own_url = {Role.IMPORT: settings.database_url_import, Role.READ: settings.database_url_read}.get(role)
    if own_url is not None:
        return make_conninfo(_libpq(own_url), options=limits)
    if settings.database_url is not None:
        return make_conninfo(_libpq(settings.database_url), options=f"-c role={role} {limits}")
    return make_conninfo(host=str(socket_folder(settings)), dbname=DATABASE, user=role.value, options=limits)


def administrator_conninfo(settings: Settings, database: str = DATABASE) -> str:
    """Return the libpq connection string that prepares a database: the login of `DATABASE_URL`, or the embedded cluster's superuser."""
    if settings.database_url is not None:
        return _libpq(settings.database_url)
    return make_conninfo(host=str(socket_folder(settings)), dbname=database, user=ADMINISTRATOR)


def connect(settings: Settings, role: Role, *, autocommit: bool = False) -> psycopg.Connection:
    """Open one connection for work in a role; it commits as a whole unless `autocommit`."""
    return psycopg.connect(conninfo(settings, role), autocommit=autocommit)


def engine(settings: Settings, role: Role) -> Engine:
    """Return an SQLAlchemy engine for a role."""
    return create_engine("postgresql+psycopg://", creator=lambda: connect(settings, role), poolclass=NullPool)


def _session_limits(settings: Settings, role: Role) -> str:
    """Return what a session of this role may not exceed, whatever it asks.

    jit and parallel query cost small reads more than they bring; parallel off tripled small pages.
    """
    limits = {"lock_timeout": "3s" if role is Role.OWNER else "60s"}
    if role is Role.TAKEN:
        limits = {"statement_timeout": "5s", "lock_timeout": "1s", "idle_in_transaction_session_timeout": "10s"}
    if role is Role.READ:
        limits = {
            "statement_timeout": f"{round(settings.statement_timeout_s * 1000)}ms",
            "lock_timeout": "1s",
            "idle_in_transaction_session_timeout": "10s",
            "default_transaction_read_only": "on",
            "jit": "off",
            "max_parallel_workers_per_gather": "0",
        }
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def _libpq(url: str) -> str:
    """Accept the SQLAlchemy spelling of a URL too."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
