"""What a publication holds beside its layers: the figures, the gebieden with who belongs to whom, and the energiebeelden."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from app.layers import Layers
from app.publish.energiebeelden import build_energiebeelden
from app.publish.figures import build_figures, digests_of
from app.publish.gebieden import build_gebieden
from app.publish.inputs import Facts, Inputs, digest, inputs_of
from app.publish.layer_table import drop_tables
from app.publish.overlap import OPGAVEN_SQL, build_opgaven
from app.register.publication import ENERGIEBEELDEN, FIGURES, GEBIEDEN, OPGAVEN
from app.register.tables import SCHEMA


@dataclass(frozen=True)
class CommonTask:
    """One table to build in the transaction of `build`, from the snapshot of the facts to read."""

    id: str
    inputs: Inputs
    build: Callable[[psycopg.Connection, str], int]
    snapshot: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells this version from every other."""
        return self.id, self.inputs.hash

    @property
    def table_name(self) -> str:
        """The name of the table, unique for these inputs."""
        return f"{self.id}_{self.inputs.hash[:12]}"


def common_tasks(facts: Facts, layers: Layers, snapshot: str) -> tuple[CommonTask, ...]:
    """Return what every publication needs, whatever its layers."""
    return (
        CommonTask(FIGURES, facts.figures, partial(build_figures, afleidingen=facts.afleidingen), snapshot),
        CommonTask(GEBIEDEN, facts.gebieden, build_gebieden, snapshot),
        CommonTask(ENERGIEBEELDEN, facts.energiebeelden, build_energiebeelden, snapshot),
        CommonTask(OPGAVEN, opgaven_inputs(layers, facts), partial(build_opgaven, layers=tuple(layers.values())), snapshot),
    )


def opgaven_inputs(layers: Layers, facts: Facts) -> Inputs:
    """Return what the published opgaven are made of: the layers that say so, and where their sources are complete."""
    made = [inputs_of(layer, facts, frozenset()) for layer in layers.values() if layer.opgave]
    origins = {origin.levering_id: origin for each in made for origin in each.origins}
    around = facts.behind("gebied", "brondekking")
    return Inputs(tuple(origins.values()), digest(OPGAVEN_SQL, [each.hash for each in made], sorted(around)))


def build_common(connection: psycopg.Connection, task: CommonTask) -> int:
    """Build the table on an autocommit connection, register it as a version and return how many rows it has."""
    drop_tables(connection, task.table_name)
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(task.snapshot)))
        count = task.build(connection, task.table_name)
    # Index-only pages need the visibility map.
    connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(SCHEMA, task.table_name)))
    description = {
        "count": count,
        "origins": [origin.model_dump(mode="json") for origin in task.inputs.origins],
        **({"digests": digests_of(connection, task.table_name)} if task.id == FIGURES else {}),
    }
    connection.execute(
        "insert into publication.layer_version (layer_id, table_name, input_hash, description) values (%s, %s, %s, %s)",
        [task.id, task.table_name, task.inputs.hash, Jsonb(description)],
    )
    return count
