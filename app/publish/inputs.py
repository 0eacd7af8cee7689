"""What a layer version is made of: its description, the leveringen behind it and the way tables are prepared, as one hash."""

import hashlib
from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

from app.layers import Layer
from app.register.publication import Origin

# Raise when a published table is prepared in another way: every layer is then rebuilt.
PREPARATION = "4"

CURRENT_LEVERINGEN = """
select levering_facts.facts, levering.id as levering_id, bron, title, publisher, license, homepage, attribution, peildatum, demo
from facts.levering join facts.levering_facts on levering_facts.levering_id = levering.id
where levering.status = 'CURRENT'
order by levering.id
"""


@dataclass(frozen=True)
class Inputs:
    """The leveringen that a layer is derived from now, and the hash that changes when the layer must be rebuilt."""

    origins: tuple[Origin, ...]
    hash: str


def read_origins(connection: psycopg.Connection) -> dict[str, tuple[Origin, ...]]:
    """Return the current leveringen per kind of facts (`gebied`, `gebied_relatie`, `object/{collection}`)."""
    found: dict[str, tuple[Origin, ...]] = {}
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(CURRENT_LEVERINGEN):
            facts = row.pop("facts")
            found[facts] = (*found.get(facts, ()), Origin(**row))
    return found


def inputs_of(layer: Layer, origins: dict[str, tuple[Origin, ...]], drawn: frozenset[str], *, exact: bool) -> Inputs:
    """Return what `layer` is made of; `drawn` are the properties its style uses, `exact` whether the RDNAPTRANS grid is used."""
    facts = layer.derived_from or (f"object/{layer.id}",)
    behind = {origin.levering_id: origin for each in facts for origin in origins.get(each, ())}
    digest = hashlib.sha256()
    for part in (PREPARATION, layer.model_dump_json(), sorted(drawn), exact, sorted(behind)):
        digest.update(repr(part).encode())
    return Inputs(tuple(behind.values()), digest.hexdigest())
