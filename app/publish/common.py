"""What a publication holds beside its layers: the figures, the gebieden with who belongs to whom, and the energiebeelden."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from app.database import Role, connect
from app.publish.energiebeelden import build_energiebeelden
from app.publish.figures import CHOSEN_BY, Correction, areas_of, build_figures, digests_of, indexes_of
from app.publish.gebieden import build_gebieden
from app.publish.inputs import CIJFER, Facts, Inputs
from app.publish.layer_table import drop_tables
from app.register.publication import ENERGIEBEELDEN, FIGURES, GEBIEDEN
from app.register.tables import SCHEMA
from app.settings import Settings

# Layers and indexes are made this many at a time.
BUILDERS = 2


PUBLISHED = """
select table_name, description from publication.layer_version
join publication.publication_layer on layer_version_id = layer_version.id
join publication.current_publication using (publication_id)
where layer_id = %s
"""


@dataclass(frozen=True)
class CommonTask:
    """One table to build in the transaction of `build`, from the snapshot of the facts to read.

    `told` is what else its description says of what it is made from, and `tell` reads from the table what it says besides. `indexes` are
    the statements that make those which take long, and `chosen_by` the columns of which PostgreSQL should know the contents (none: all);
    `needs` are the keys of tables that go before.
    """

    id: str
    inputs: Inputs
    build: Callable[[psycopg.Connection, str], int]
    snapshot: str
    told: Mapping[str, object] = field(default_factory=dict)
    indexes: Callable[[str], Sequence[sql.Composed]] = lambda _: ()
    chosen_by: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    tell: Callable[[psycopg.Connection, str], Mapping[str, object]] = lambda *_: {}

    @property
    def key(self) -> tuple[str, str]:
        """What tells this version from every other."""
        return self.id, self.inputs.hash

    @property
    def table_name(self) -> str:
        """The name of the table, unique for these inputs."""
        return f"{self.id}_{self.inputs.hash[:12]}"


def common_tasks(connection: psycopg.Connection, facts: Facts, snapshot: str) -> tuple[CommonTask, ...]:
    """Return what every publication needs, whatever its layers; figures correct those of the publication that is current."""
    build = partial(build_figures, afleidingen=facts.afleidingen, correction=_correction(connection, facts))
    return (
        CommonTask(FIGURES, facts.figures, build, snapshot, {"ground": facts.ground}, indexes_of, CHOSEN_BY),
        CommonTask(GEBIEDEN, facts.gebieden, build_gebieden, snapshot),
        CommonTask(ENERGIEBEELDEN, facts.energiebeelden, build_energiebeelden, snapshot),
    )


@contextmanager
def building(settings: Settings) -> Iterator[psycopg.Connection]:
    """Give an autocommit connection to build tables on. It does not wait for the disk: the pointer that moves to them in the end does."""
    with connect(settings, Role.IMPORT, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        yield connection


def _correction(connection: psycopg.Connection, facts: Facts) -> Correction | None:
    """Return how the figures follow from those that are published, if only bronnen of figures have delivered anew since."""
    row = connection.execute(PUBLISHED, [FIGURES]).fetchone()
    if row is None or row[1].get("ground") != facts.ground:
        return None
    used = {origin["bron"]: origin["levering_id"] for origin in row[1]["origins"]}
    current = {origin.bron: origin.levering_id for origin in facts.origins.get(CIJFER, ())}
    return Correction(row[0], {used[bron]: levering for bron, levering in current.items() if used[bron] != levering})


def build_common(settings: Settings, connection: psycopg.Connection, task: CommonTask) -> int:
    """Build the table on an autocommit connection, register it as a version and return how many rows it has."""
    drop_tables(connection, task.table_name)
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(task.snapshot)))
        count = task.build(connection, task.table_name)
    _side_by_side(settings, task.indexes(task.table_name))
    # Index-only pages need the visibility map.
    columns = sql.SQL(" ({})").format(sql.SQL(", ").join(map(sql.Identifier, task.chosen_by))) if task.chosen_by else sql.SQL("")
    connection.execute(sql.SQL("vacuum (analyze) {}{}").format(sql.Identifier(SCHEMA, task.table_name), columns))
    description = {
        "count": count,
        "origins": [origin.model_dump(mode="json") for origin in task.inputs.origins],
        **task.told,
        **task.tell(connection, task.table_name),
        **(_fingerprints(connection, task.table_name) if task.id == FIGURES else {}),
    }
    connection.execute(
        "insert into publication.layer_version (layer_id, table_name, input_hash, description) values (%s, %s, %s, %s)",
        [task.id, task.table_name, task.inputs.hash, Jsonb(description)],
    )
    return count


def _fingerprints(connection: psycopg.Connection, table_name: str) -> dict[str, object]:
    """Return what tells which layers of figures must be made again."""
    return {"digests": digests_of(connection, table_name), "areas": areas_of(connection, table_name)}


def _side_by_side(settings: Settings, statements: Sequence[sql.Composed]) -> None:
    """Execute statements that do not wait for each other, each builder a part of them on a connection of its own."""

    def some(part: Sequence[sql.Composed]) -> None:
        with building(settings) as connection:
            # The builders are the workers.
            connection.execute("set max_parallel_maintenance_workers = 0")
            for statement in part:
                connection.execute(statement)

    with ThreadPoolExecutor(BUILDERS) as builders:
        list(builders.map(some, filter(None, (statements[number::BUILDERS] for number in range(BUILDERS)))))
