"""The database of a measurement: made on the same server, filled and published like any other, and dropped afterwards."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from app.bench.data import Amount, store_facts
from app.database.connections import administrator_conninfo
from app.database.schema import prepare_database
from app.layers import Layers, read_layers
from app.problems import ConfigurationFault, Problem
from app.publish import publish
from app.register.crs import use_grid
from app.register.grid import grid_folder
from app.settings import Settings
from app.styles.checking import drawn_properties
from app.styles.sld import read_styles

DATABASE = "energiebeeld_bench"
HERE = Path(__file__).parent
MEASURING = 0x62656E6368

type Report = Callable[[str], None]


@contextmanager
def measuring_ground(settings: Settings, amount: Amount, report: Report) -> Iterator[Settings]:
    """Yield settings of a service on a database of its own, filled and published. Raises Problem when another measurement is going on."""
    with psycopg.connect(administrator_conninfo(settings, "postgres"), autocommit=True) as administrator:
        _be_alone(administrator)
        _create(administrator)
        try:
            own = _own_settings(settings)
            prepare_database(own, administrator_conninfo(own))
            report("Meetgegevens maken")
            store_facts(own, amount)
            report("Publiceren")
            _publish(own, report)
            yield own
        finally:
            administrator.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(DATABASE)))


def bench_layers() -> Layers:
    """Return the layers of the measurement."""
    return read_layers((HERE / "layers",))


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a process finds exactly these settings."""
    named = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("ENERGIEBEELD_")}
    for name, value in settings.model_dump(exclude_none=True).items():
        text = os.pathsep.join(map(str, value)) if isinstance(value, tuple) else str(value)
        if text:
            named["DATABASE_URL" if name == "database_url" else f"ENERGIEBEELD_{name.upper()}"] = text
    return named


def _be_alone(administrator: psycopg.Connection) -> None:
    row = administrator.execute("select pg_try_advisory_lock(%s)", [MEASURING]).fetchone()
    if row is None or not row[0]:
        raise Problem("Er loopt al een meting op deze database. Wacht tot die klaar is.")


def _create(administrator: psycopg.Connection) -> None:
    name = sql.Identifier(DATABASE)
    try:
        administrator.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        administrator.execute(sql.SQL("create database {}").format(name))
    except psycopg.errors.InsufficientPrivilege as fault:
        raise ConfigurationFault(
            "De gebruiker van DATABASE_URL mag geen database maken; de meting heeft een eigen database nodig."
        ) from fault


def _own_settings(settings: Settings) -> Settings:
    def moved(url: str | None) -> str | None:
        return None if url is None else make_conninfo(url.replace("postgresql+psycopg://", "postgresql://", 1), dbname=DATABASE)

    return Settings.model_validate(
        settings.model_dump(exclude={"database_url"})
        | {
            "DATABASE_URL": moved(administrator_conninfo(settings, DATABASE)),
            "database_url_import": moved(settings.database_url_import),
            "database_url_read": moved(settings.database_url_read),
            "url": None,
            "layers": (HERE / "layers",),
            "sld": (HERE / "sld",),
            "seed": (),
        }
    )


def _publish(settings: Settings, report: Report) -> None:
    use_grid(grid_folder(settings))
    layers = bench_layers()
    publish(settings, layers, drawn_properties(read_styles((HERE / "sld",)), layers), report)
