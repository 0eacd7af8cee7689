"""Publish: rebuild the layers whose inputs changed, then let the pointer move in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import IsolationLevel, sql

from app.database import Role, connect
from app.layers import Layers
from app.problems import ConfigurationFault, Problem
from app.publish.inputs import inputs_of, read_origins
from app.publish.layer_version import Task, build, store
from app.register.crs import grid_is_used
from app.register.publication import Origin
from app.register.tables import SCHEMA
from app.settings import Settings

LOCK = 0x656E6572
BUILDERS = 2

type Report = Callable[[str], None]


@dataclass(frozen=True)
class Published:
    """What a publication run did: its versie, and the layers that were rebuilt, kept, or left out because they are empty."""

    versie: str
    rebuilt: tuple[str, ...]
    kept: tuple[str, ...]
    empty: tuple[str, ...]
    changed: bool


def publish(settings: Settings, layers: Layers, drawn: Mapping[str, frozenset[str]], report: Report) -> Published:
    """Publish the current facts; `drawn` gives per layer the properties that its style uses.

    Readers see the old publication until the last step. Raises Problem when someone else is publishing, ConfigurationFault when a
    layer's SQL fails.
    """
    with _alone(settings), connect(settings, Role.IMPORT) as facts:
        facts.isolation_level = IsolationLevel.REPEATABLE_READ
        tasks = _plan(facts, layers, drawn)
        known = _known_versions(facts)
        todo = [task for task in tasks if (task.layer.id, task.inputs.hash) not in known]
        built = _build_all(settings, todo, report)
        versions = {task.layer.id: known.get((task.layer.id, task.inputs.hash)) or built[task.layer.id] for task in tasks}
    return _point(settings, versions, {task.layer.id for task in todo})


def stale_layers(settings: Settings, layers: Layers, drawn: Mapping[str, frozenset[str]]) -> Mapping[str, tuple[Origin, ...]]:
    """Return the layers that `publish` would rebuild now, each with the leveringen it would be made from."""
    with connect(settings, Role.IMPORT) as facts:
        known = _known_versions(facts)
        tasks = _plan(facts, layers, drawn)
    return {task.layer.id: task.inputs.origins for task in tasks if (task.layer.id, task.inputs.hash) not in known}


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    with connect(settings, Role.IMPORT, autocommit=True) as connection:
        row = connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if row is None or not row[0]:
            raise Problem("Er wordt op dit moment al gepubliceerd. Wacht tot dat klaar is.")
        _sweep(connection)
        yield


def _sweep(connection: psycopg.Connection) -> None:
    """Drop tables of builds that never finished: no layer version knows them."""
    orphans = connection.execute(
        """
        select tablename from pg_tables
        where schemaname = %s and tablename ~ '_[0-9a-f]{12}(_z[0-9]+)?$'
            and not exists (select from publication.layer_version where starts_with(tablename, table_name))
        """,
        [SCHEMA],
    ).fetchall()
    for (table,) in orphans:
        connection.execute(sql.SQL("drop table {}").format(sql.Identifier(SCHEMA, table)))


def _plan(facts: psycopg.Connection, layers: Layers, drawn: Mapping[str, frozenset[str]]) -> list[Task]:
    row = facts.execute("select pg_export_snapshot()").fetchone()
    if row is None:
        raise AssertionError
    origins = read_origins(facts)
    exact = grid_is_used()
    plan = []
    for layer in layers.values():
        visible = drawn.get(layer.id, frozenset()) | ({layer.label} if layer.label else set())
        plan.append(Task(layer, inputs_of(layer, origins, frozenset(visible), exact=exact), frozenset(visible), row[0]))
    return plan


def _known_versions(facts: psycopg.Connection) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (id, number of features) per layer and input hash."""
    rows = facts.execute("select layer_id, input_hash, id, (description->>'count')::bigint from publication.layer_version").fetchall()
    return {(layer, digest): (version, count) for layer, digest, version, count in rows}


def _build_all(settings: Settings, tasks: list[Task], report: Report) -> dict[str, tuple[int, int]]:
    def one(task: Task) -> tuple[str, tuple[int, int]]:
        with connect(settings, Role.IMPORT, autocommit=True) as connection:
            try:
                description = build(connection, task)
            except psycopg.Error as fault:
                message = " ".join(str(fault).split())
                raise ConfigurationFault(f"De laag {task.layer.id!r} kan niet worden gemaakt.", [message]) from fault
            version = store(connection, task, description)
        if description.count:
            report(f"{task.layer.id}: {description.count} objecten")
        return task.layer.id, (version, description.count)

    with ThreadPoolExecutor(BUILDERS) as builders:
        return dict(builders.map(one, tasks))


def _point(settings: Settings, versions: Mapping[str, tuple[int, int]], rebuilt: set[str]) -> Published:
    filled = {layer_id: version for layer_id, (version, count) in versions.items() if count}
    with connect(settings, Role.IMPORT) as connection:
        versie = _current_versie(connection, set(filled.values()))
        changed = versie is None
        if versie is None:
            versie = _insert_publication(connection, set(filled.values()))
    return Published(
        versie=versie,
        rebuilt=tuple(sorted(rebuilt & filled.keys())),
        kept=tuple(sorted(filled.keys() - rebuilt)),
        empty=tuple(sorted(versions.keys() - filled.keys())),
        changed=changed,
    )


def _current_versie(connection: psycopg.Connection, versions: set[int]) -> str | None:
    """Return the versie that is published now if it holds exactly these layer versions."""
    row = connection.execute(
        """
        select versie, array(select layer_version_id from publication.publication_layer where publication_id = publication.id)
        from publication.publication join publication.current_publication on publication_id = publication.id
        """
    ).fetchone()
    return row[0] if row and set(row[1]) == versions else None


def _insert_publication(connection: psycopg.Connection, versions: set[int]) -> str:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    row = connection.execute(
        """
        insert into publication.publication (versie)
        select %(today)s || '-' || count(*) + 1 from publication.publication where starts_with(versie, %(today)s)
        returning id, versie
        """,
        {"today": today},
    ).fetchone()
    if row is None:
        raise AssertionError
    with connection.cursor() as cursor:
        cursor.executemany("insert into publication.publication_layer values (%s, %s)", [(row[0], version) for version in versions])
    connection.execute(
        "insert into publication.current_publication (publication_id) values (%s)"
        " on conflict (only_row) do update set publication_id = excluded.publication_id",
        [row[0]],
    )
    return str(row[1])
