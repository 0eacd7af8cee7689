"""What a version is made of: its description, the leveringen behind it and the way tables are prepared, as one hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import psycopg
from psycopg.rows import dict_row

from app.layers import Layer
from app.publish.energiebeelden import DESCRIBED, ENERGIEBEELDEN_SQL
from app.publish.figures import FIGURES_SQL
from app.publish.gebieden import COLLECT, LANDS, TABLE
from app.register.afleidingen import Afleidingen
from app.register.crs import grid_is_used
from app.register.publication import Origin

# Raise when a published table is prepared in another way: everything is then rebuilt.
PREPARATION = "5"

# The name of figures in `levering_facts`, and in `derived_from` of a layer that is made from the published figures.
CIJFER = "cijfer"
BEHIND_FIGURES = (CIJFER, "gebied", "gebied_relatie", "gebied_opvolging")
BEHIND_GEBIEDEN = ("gebied", "gebied_relatie", "gebied_opvolging")

CURRENT_LEVERINGEN = """
select levering_facts.facts, levering.id as levering_id, bron, title, publisher, license, homepage, attribution, peildatum, demo
from facts.levering join facts.levering_facts on levering_facts.levering_id = levering.id
where levering.status = 'CURRENT'
order by levering.id
"""

# The code lists that decide what figures are and how they add up.
CODE_LISTS = """
select lijst, code, naam, ouder, kenmerken, volgorde from facts.begrip
where lijst in ('indicator', 'energiedrager', 'subsector', 'soort', 'kwaliteit', 'land', 'techniek', 'objecttype', 'netvlak')
order by lijst, code
"""


# What is said of the energiebeelden that decides their figures, whichever levering says it. Of several bronnen that describe the same
# one, the newest is believed (actueel.sql).
LAID = """
select bron, id, gebied, ronde, versie, status, datum_gedragen, gebaseerd_op, grondslag,
    first_value(row(gebied, ronde, versie, status, datum_gedragen)::text) over (partition by id order by levering_id desc)
from facts.current_energiebeeld
order by bron, id
"""


@dataclass(frozen=True)
class Inputs:
    """The leveringen that a version is derived from now, and the hash that changes when it must be rebuilt."""

    origins: tuple[Origin, ...]
    hash: str


NOTHING_MADE: Mapping[str, Inputs] = MappingProxyType({})


@dataclass(frozen=True)
class Facts:
    """What there is now to derive from: leveringen per kind of facts (`gebied`, `cijfer`, `object/{collection}`), and the code lists.

    `exact` tells whether the RDNAPTRANS grid is used, `described` what is said of the energiebeelden and `laid` how they lie over each
    other.
    """

    origins: dict[str, tuple[Origin, ...]]
    begrippen: str
    lands: str
    exact: bool
    described: str
    laid: str
    afleidingen: Afleidingen

    def behind(self, *kinds: str) -> dict[int, Origin]:
        """Return the leveringen of these kinds of facts by their number."""
        return {origin.levering_id: origin for kind in kinds for origin in self.origins.get(kind, ())}

    @property
    def figures(self) -> Inputs:
        """What the published figures are made of."""
        behind = self.behind(*BEHIND_FIGURES, *self.afleidingen.object_kinds)
        origins = tuple(behind.values()) if self.origins.get(CIJFER) else ()
        return Inputs(origins, digest(PREPARATION, FIGURES_SQL, self.begrippen, self.afleidingen.hash, sorted(behind)))

    @property
    def ground(self) -> str:
        """The hash of all that figures depend on but the figures that the bronnen deliver."""
        bronnen = sorted((each.bron, each.peildatum, each.demo) for each in self.origins.get(CIJFER, ()))
        others = sorted(self.behind(*BEHIND_FIGURES[1:], *self.afleidingen.object_kinds))
        return digest(PREPARATION, FIGURES_SQL, self.begrippen, self.afleidingen.hash, others, bronnen, self.laid)

    @property
    def gebieden(self) -> Inputs:
        """What the published gebieden are made of."""
        behind = self.behind(*BEHIND_GEBIEDEN)
        return Inputs(tuple(behind.values()), digest(COLLECT, TABLE, self.lands, self.exact, sorted(behind)))

    @property
    def energiebeelden(self) -> Inputs:
        """What the published energiebeelden are made of."""
        behind = self.behind(CIJFER)
        return Inputs(tuple(behind.values()), digest(ENERGIEBEELDEN_SQL, self.described, sorted(behind)))


def read_facts(connection: psycopg.Connection, afleidingen: Afleidingen) -> Facts:
    """Return what the database holds now, as the transaction that is open on the connection sees it, and what is derived from it."""
    found: dict[str, tuple[Origin, ...]] = {}
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(CURRENT_LEVERINGEN):
            facts = row.pop("facts")
            found[facts] = (*found.get(facts, ()), Origin(**row))
    hashed = (digest(connection.execute(each).fetchall()) for each in (CODE_LISTS, LANDS, DESCRIBED, LAID))
    code_lists, lands, described, laid = hashed
    return Facts(found, code_lists, lands, grid_is_used(), described, laid, afleidingen)


def inputs_of(layer: Layer, facts: Facts, drawn: frozenset[str], made: Mapping[str, Inputs] = NOTHING_MADE) -> Inputs:
    """Return what `layer` is made of; `drawn` are the properties its style uses, `made` what it can derive from besides facts."""
    behind = facts.behind(*(layer.derived_from or (f"object/{layer.id}",)))
    read = [made[name] for name in layer.derived_from if name in made]
    behind |= {origin.levering_id: origin for each in read for origin in each.origins}
    parts = [PREPARATION, layer.model_dump_json(), sorted(drawn), facts.exact, sorted(behind)]
    parts.extend(each.hash for each in read)
    return Inputs(tuple(behind.values()), digest(*parts))


def digest(*parts: object) -> str:
    """Return a hash of these parts as they are written."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(repr(part).encode())
    return hashed.hexdigest()
