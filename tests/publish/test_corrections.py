"""A correction reckons again only what depends on the figures that differ, and comes to what a build of everything comes to."""

import random
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from app.database import Role, connect
from app.problems import ConfigurationFault
from app.publish.common import PUBLISHED
from app.publish.figures import Correction, build_figures, digests_of
from app.publish.inputs import read_facts
from app.register.afleidingen import Afleidingen, read_afleidingen
from app.register.begrippen import read_begrippen
from app.register.publication import FIGURES
from app.register.tables import SCHEMA, recoded_names
from app.settings import Settings

from ..conftest import Demo

CONCEPT, GEDRAGEN = "doggerland-cijfers", "doggerland-gedragen"
BUILT = "cijfers_0000000000ab"
CHANGES = {
    "other value": "update facts.cijfer set waarde = coalesce(waarde, 0) * 1.5 + 1, reden_leeg = null where {chosen}",
    "withdrawn": "delete from facts.cijfer where {chosen}",
    "not known": "update facts.cijfer set waarde = null, ondergrens = null, bovengrens = null, reden_leeg = 'ONBEKEND' where {chosen}",
    "added": (
        "insert into facts.cijfer select (jsonb_populate_record(cijfer, '{{\"jaar\": 2041}}')).* from facts.cijfer where {chosen}"
        " on conflict do nothing"
    ),
    "other techniek": "update facts.cijfer set techniek = 'PROEF' where {chosen}",
    "other quality": "update facts.cijfer set kwaliteit = 'GESCHAT', methode = 'Anders' where {chosen}",
}
CHOSEN = """
ctid in (
    select ctid from facts.cijfer where levering_id = {levering}
    order by md5(concat_ws('|', energiebeeld, gebied, indicator, drager, subsector, techniek, jaar, beeld, {seed})) limit {amount}
)
"""


@pytest.fixture(scope="module")
def demo(published_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A database with the demo, published."""
    with published_demo.copied(tmp_path_factory.mktemp("correcties")) as settings:
        yield settings


@pytest.fixture(scope="module")
def afleidingen(demo: Settings) -> Afleidingen:
    return read_afleidingen(demo.seed_folders, read_begrippen(demo.seed_folders))


def deliver_anew(connection: psycopg.Connection, bron: str, chance: random.Random) -> tuple[int, int]:
    """Replace the levering of a bron by one with a few changes; return both numbers."""
    old = connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = %s and status = 'CURRENT' returning id", [bron])
    (levering,) = old.fetchone() or (0,)
    columns = "bron, title, publisher, license, homepage, attribution, peildatum, demo, files, report"
    copied = connection.execute(
        f"insert into facts.levering ({columns}) select {columns} from facts.levering where id = %s returning id", [levering]
    )
    (new,) = copied.fetchone() or (0,)
    for table in ("energiebeeld", "beeld", "cijfer", "levering_facts"):
        connection.execute(
            f"insert into facts.{table} select (jsonb_populate_record({table}, jsonb_build_object('levering_id', %s::bigint))).*"
            f" from facts.{table} where levering_id = %s",
            [new, levering],
        )
    for change in chance.sample(list(CHANGES), chance.randint(1, 3)):
        amount = chance.choice((1, 1, 2, 5, 20))
        chosen = sql.SQL(CHOSEN).format(levering=new, seed=chance.random(), amount=amount)
        connection.execute(sql.SQL(CHANGES[change]).format(chosen=chosen))
    return levering, new


def built(connection: psycopg.Connection, afleidingen: Afleidingen, correction: Correction | None = None) -> object:
    """Return all that a build leaves behind, or why it is refused; and take it away again."""
    with connection.transaction(force_rollback=True):
        try:
            build_figures(connection, BUILT, afleidingen, correction)
        except ConfigurationFault as fault:
            return sorted(fault.errors)
        tables = [sql.Identifier(SCHEMA, name) for name in (BUILT, *recoded_names(BUILT))]
        return [rows(connection, table) for table in tables], digests_of(connection, BUILT)


def rows(connection: psycopg.Connection, table: sql.Identifier) -> list[bytes]:
    """Return the rows of a table as PostgreSQL writes them, which is much quicker than as objects."""
    with connection.cursor().copy(sql.SQL("copy (select * from {} order by 1, 2) to stdout").format(table)) as written:
        return b"".join(written).splitlines()


@pytest.mark.parametrize("seed", range(8))
def test_a_correction_comes_to_the_same_as_a_build_of_everything(demo: Settings, afleidingen: Afleidingen, seed: int):
    chance = random.Random(seed)
    with connect(demo, Role.IMPORT) as connection:
        table_name, description = connection.execute(PUBLISHED, [FIGURES]).fetchone() or ("", {})
        replaced = dict(deliver_anew(connection, bron, chance) for bron in chance.choice(((CONCEPT,), (GEDRAGEN,), (CONCEPT, GEDRAGEN))))
        assert read_facts(connection, afleidingen).ground == description["ground"]

        corrected = built(connection, afleidingen, Correction(table_name, replaced))

        assert corrected == built(connection, afleidingen)
        connection.rollback()
