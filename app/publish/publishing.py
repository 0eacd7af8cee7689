"""Publish: rebuild the figures and the layers whose inputs changed, then let the pointer move in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import psycopg
from psycopg import IsolationLevel, sql

from app.database import Role, connect
from app.layers import Layers
from app.problems import ConfigurationFault, Problem
from app.publish.common import BUILDERS, CommonTask, build_common, building, common_tasks
from app.publish.configured import Configured, Drawn
from app.publish.facts_layer import FactsTask, build_facts_layer
from app.publish.faults import naming
from app.publish.figure_layers import build_figure_layer, figure_tasks
from app.publish.inputs import CIJFER, inputs_of, read_facts
from app.publish.layer_table import LayerTask, store
from app.publish.overlap import overlap_tasks
from app.publish.rasters import raster_tasks
from app.register.publication import BESIDE, FIGURES, OPGAVEN, OVERLAP, Description, Origin
from app.register.tables import BESIDE_A_TABLE, SCHEMA, overlap_names
from app.settings import Settings

LOCK = 0x656E6572
# How often leveringen may come in while the figures are made.
PATIENCE = 6

type Report = Callable[[str], None]
# An id and how many rows it has.
type Version = tuple[int, int]
type Versions = Mapping[tuple[str, str], Version]


@dataclass(frozen=True)
class Published:
    """What a publication run did: its versie, how many figures it holds, and the layers rebuilt, kept, or left out as empty."""

    versie: str
    rebuilt: tuple[str, ...]
    kept: tuple[str, ...]
    empty: tuple[str, ...]
    changed: bool
    figures: int = 0


class _Keyed(Protocol):
    """What is made once for its inputs."""

    @property
    def key(self) -> tuple[str, str]: ...


@dataclass(frozen=True)
class _Plan:
    """What is made from the facts as they are now, and the versions (id, number of rows) that exist already."""

    common: tuple[CommonTask, ...]
    layers: tuple[FactsTask, ...]
    known: dict[tuple[str, str], Version]

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [*(task.key for task in self.common), *(task.key for task in self.layers)]

    @property
    def common_todo(self) -> list[CommonTask]:
        """What can be made now: some of it stands on the rest, and is made in a next round."""
        return [task for task in _missing(self.common, self.known) if all(key in self.known for key in task.needs)]

    @property
    def todo(self) -> list[FactsTask]:
        return _missing(self.layers, self.known)


def publish(settings: Settings, layers: Layers, drawn: Drawn, report: Report) -> Published:
    """Publish the current facts; `drawn` gives per layer the properties that its style uses.

    Readers see the old publication until the last step. Raises Problem when someone else is publishing, ConfigurationFault when the
    figures contradict each other or the SQL of a layer or a derivation fails.
    """
    _demand_free_names(layers)
    configured = Configured.read(settings, layers, drawn)
    with _alone(settings):
        for _ in range(PATIENCE):
            with connect(settings, Role.IMPORT) as facts:
                facts.isolation_level = IsolationLevel.REPEATABLE_READ
                plan = _plan(facts, configured)
                if not plan.common_todo:
                    known = plan.known | _build_all(settings, plan.todo, build_facts_layer, report)
                    return _publish_figure_layers(settings, configured, plan, known, report)
                # A snapshot does not show a table that is filled after it: layers that read the figures need the next one.
                _build_all_common(settings, plan.common_todo, report)
    raise Problem("Er komen steeds nieuwe leveringen binnen terwijl de cijfers worden gemaakt. Publiceer straks opnieuw.")


def stale_layers(settings: Settings, layers: Layers, drawn: Drawn) -> Mapping[str, tuple[Origin, ...]]:
    """Return what `publish` would rebuild now (layers, and the figures and gebieden), each with the leveringen it would be made from."""
    with connect(settings, Role.IMPORT) as facts:
        plan = _plan(facts, Configured.read(settings, layers, drawn))
        versions = [plan.known[key] for key in plan.keys if key in plan.known]
        placed = _missing(figure_tasks(facts, layers, drawn, [version for version, _ in versions]), plan.known)
    return {
        **{task.id: task.inputs.origins for task in plan.common_todo},
        **{task.layer.id: task.inputs.origins for task in (*plan.todo, *placed)},
    }


def _demand_free_names(layers: Layers) -> None:
    taken = [name for name in BESIDE if name in layers or name in layers.rasters]
    if taken:
        raise ConfigurationFault("Een laag draagt een naam die de service zelf gebruikt.", [f"{name}.yaml" for name in taken])


def _publish_figure_layers(settings: Settings, configured: Configured, plan: _Plan, known: Versions, report: Report) -> Published:
    """Build the layers that stand on what the plan made, and let the pointer move to all of it."""
    with connect(settings, Role.IMPORT) as connection:
        placed = figure_tasks(connection, configured.layers, configured.drawn, [known[key][0] for key in plan.keys])
    todo = _missing(placed, known)
    known = {**known, **_build_all(settings, todo, build_figure_layer, report)}
    common = {task.id: known[task.key] for task in plan.common}
    versions = dict.fromkeys(configured.layers, (0, 0)) | {task.layer.id: known[task.key] for task in (*plan.layers, *placed)}
    return _point(settings, versions, common, {task.layer.id for task in (*plan.todo, *todo)})


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
        where schemaname = %s and tablename ~ %s
            and regexp_replace(tablename, %s, '') not in (select table_name from publication.layer_version)
        """,
        [SCHEMA, f"_[0-9a-f]{{12}}({BESIDE_A_TABLE})?$", f"{BESIDE_A_TABLE}$"],
    ).fetchall()
    for (table,) in orphans:
        connection.execute(sql.SQL("drop table {} cascade").format(sql.Identifier(SCHEMA, table)))


def _plan(connection: psycopg.Connection, configured: Configured) -> _Plan:
    row = connection.execute("select pg_export_snapshot()").fetchone()
    if row is None:
        raise AssertionError
    facts = read_facts(connection, configured.afleidingen)
    rasters = raster_tasks(connection, facts, configured, row[0])
    common = (*common_tasks(connection, facts, row[0]), *overlap_tasks(connection, facts, configured, row[0]), *rasters)
    made = _made(common)
    inputs = {name: task.inputs for name, (task, _) in made.items()}
    tasks = []
    for layer in configured.layers.values():
        if layer.figures is None:
            visible = frozenset(configured.drawn.get(layer.id, frozenset()) | ({layer.label} if layer.label else set()))
            views = {view: table for name in layer.derived_from if name in made for view, table in made[name][1].items()}
            tasks.append(FactsTask(layer, inputs_of(layer, facts, visible, inputs), visible, row[0], views))
    return _Plan(common, tuple(tasks), _known_versions(connection))


def _made(common: Iterable[CommonTask]) -> dict[str, tuple[CommonTask, dict[str, str]]]:
    """Return what a layer can derive from besides facts, by the name that its `derived_from` gives it, with the views on its tables."""
    tasks = {task.id: task for task in common}
    figures, overlap, opgaven = tasks[FIGURES], tasks[OVERLAP], tasks[OPGAVEN]
    names = overlap_names(overlap.table_name)
    on_overlap = {"signalen": names.signalen, "gebiedsoverlap": names.gebieden, "overlapkaart": names.kaart, "opgaven": opgaven.table_name}
    return {CIJFER: (figures, {FIGURES: figures.table_name}), OVERLAP: (overlap, on_overlap)}


def _known_versions(facts: psycopg.Connection) -> dict[tuple[str, str], Version]:
    """Return (id, number of rows) per layer (or what is published beside layers) and input hash."""
    rows = facts.execute("select layer_id, input_hash, id, (description->>'count')::bigint from publication.layer_version").fetchall()
    return {(layer, digest): (version, count) for layer, digest, version, count in rows}


def _missing[T: _Keyed](tasks: Iterable[T], known: Versions) -> list[T]:
    return [task for task in tasks if task.key not in known]


def _build_all_common(settings: Settings, tasks: list[CommonTask], report: Report) -> None:
    def one(task: CommonTask) -> None:
        with building(settings) as connection:
            connection.add_notice_handler(lambda told: _pass_on(told, report))
            with naming(f"De tabel {task.id!r}"):
                count = build_common(settings, connection, task)
        if count:
            report(f"{task.id}: {count} rijen")

    with ThreadPoolExecutor(BUILDERS) as builders:
        list(builders.map(one, tasks))


def _pass_on(told: psycopg.errors.Diagnostic, report: Report) -> None:
    """Report the warnings that our own SQL raises; PostgreSQL notices much that concerns nobody."""
    if told.severity_nonlocalized == "WARNING" and told.message_primary:
        report(f"Let op: {told.message_primary}")


def _build_all[T: LayerTask](
    settings: Settings, tasks: Sequence[T], build: Callable[[psycopg.Connection, T], Description], report: Report
) -> dict[tuple[str, str], Version]:
    """Build layers side by side and return their versions."""

    def one(task: T) -> tuple[tuple[str, str], Version]:
        with building(settings) as connection:
            with naming(f"De laag {task.layer.id!r}"):
                description = build(connection, task)
            version = store(connection, task, description)
        if description.count:
            report(f"{task.layer.id}: {description.count} objecten")
        return task.key, (version, description.count)

    with ThreadPoolExecutor(BUILDERS) as builders:
        return dict(builders.map(one, tasks))


def _point(settings: Settings, layers: Mapping[str, Version], common: Mapping[str, Version], rebuilt: set[str]) -> Published:
    filled = {name: version for name, (version, count) in layers.items() if count}
    versions = {*filled.values(), *(version for version, count in common.values() if count)}
    with connect(settings, Role.IMPORT) as connection:
        versie = _current_versie(connection, versions)
        changed = versie is None
        if versie is None:
            versie = _insert_publication(connection, versions)
    return Published(
        versie=versie,
        rebuilt=tuple(sorted(rebuilt & filled.keys())),
        kept=tuple(sorted(filled.keys() - rebuilt)),
        empty=tuple(sorted(layers.keys() - filled.keys())),
        changed=changed,
        figures=common[FIGURES][1],
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
