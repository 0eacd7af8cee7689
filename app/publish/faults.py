"""Say in Dutch what could not be made when the SQL of a deployment fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.problems import ConfigurationFault


@contextmanager
def naming(what: str) -> Iterator[None]:
    """Raise ConfigurationFault naming what is made, when the database refuses to make it."""
    try:
        yield
    except psycopg.Error as fault:
        raise ConfigurationFault(f"{what} kan niet worden gemaakt.", [" ".join(str(fault).split())]) from fault
