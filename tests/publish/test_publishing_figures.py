"""Figures in a publication: rebuilt only when their inputs changed, read by layers, moved with the same pointer."""

from pathlib import Path

import psycopg
import pytest

from app.database import Role, connect
from app.layers import Layers, read_layers
from app.problems import ConfigurationFault
from app.publish import Published, publish, stale_layers
from app.register.publication import CURRENT, LAYERS, Publication, build_publication
from app.register.tables import recoded_names
from app.settings import Settings

from ..conftest import fresh_database
from .conftest import LAND, LEVERING, A, B, C, Cijfer, D, Desk, E, insert_register

VRAAG = """
title: Vraag
description: De vraag per gemeente.
theme: vraag
geometry: polygon
derived_from: [cijfer, gebied]
properties:
  code: {title: Code}
  vraag_tj: {title: Vraag, type: number, unit: TJ}
"""
VRAAG_SQL = """
select cijfers.gebied as id, cijfers.gebied as code, cijfers.waarde as vraag_tj, gebied.geometrie
from cijfers
join facts.current_gebied gebied on gebied.code = cijfers.gebied and gebied.geldig_vanaf <= cijfers.indeling
    and (gebied.geldig_tot is null or gebied.geldig_tot > cijfers.indeling)
where cijfers.niveau = 'GEMEENTE'
"""
EVERY = (Cijfer(A, 1), Cijfer(B, 2), Cijfer(C, 4), Cijfer(D, 8))


@pytest.fixture
def settings(postgis, tmp_path: Path):
    """A database with gebieden that have a shape, figures, and a layer made from them."""
    (tmp_path / "vraag.yaml").write_text(VRAAG)
    (tmp_path / "vraag.sql").write_text(VRAAG_SQL)
    with fresh_database(postgis, tmp_path) as fresh:
        with connect(fresh, Role.IMPORT) as connection:
            insert_register(connection)
            connection.execute(
                "update facts.gebied set geometrie = ST_Multi(ST_MakeEnvelope(x, 450000, x + 1000, 451000, 28992))"
                " from (select code as gemeente, 100000 + right(code, 1)::integer * 1000 as x from facts.gebied) as plek"
                " where gemeente = code"
            )
            Desk(connection).deliver(EVERY)
        yield fresh


def layers_of(settings: Settings) -> Layers:
    return read_layers((settings.home,))


def publish_all(settings: Settings) -> Published:
    return publish(settings, layers_of(settings), {}, lambda _: None)


def current(settings: Settings) -> Publication:
    with connect(settings, Role.READ) as connection:
        row = connection.execute(CURRENT).fetchone()
        return build_publication(row, connection.execute(LAYERS, {"publication": row[0]}).fetchall(), layers_of(settings))


def ask(settings: Settings, table: str, what: str) -> list[tuple[object, ...]]:
    with connect(settings, Role.READ) as connection:
        return connection.execute(f"select {what} from publication.{table} order by 1".encode()).fetchall()


def deliver(settings: Settings, *cijfers: Cijfer) -> None:
    with connect(settings, Role.IMPORT) as connection:
        Desk(connection).deliver(cijfers)


def test_the_publication_holds_the_figures_and_the_reader_may_read_them(settings: Settings):
    published = publish_all(settings)
    figures = current(settings).figures
    assert (figures.count, published.figures) == (10, 10)
    values = dict(ask(settings, figures.table_name, "gebied, waarde"))
    assert (values[A], values["PV98"], values[LAND]) == (1, 3, 15)


def test_the_publication_holds_the_gebieden(settings: Settings):
    publish_all(settings)
    names = {code for (code,) in ask(settings, current(settings).gebieden, "distinct code")}
    assert {A, "PV98", "ES98", "ES98-NTI"} <= names


def test_a_layer_reads_the_figures_that_are_published_with_it(settings: Settings):
    assert publish_all(settings).rebuilt == ("vraag",)
    assert ask(settings, current(settings)["vraag"].table_name, "code, vraag_tj") == [(A, 1), (B, 2), (C, 4), (D, 8)]
    deliver(settings, *EVERY[:3], Cijfer(D, 9))
    assert publish_all(settings).rebuilt == ("vraag",)
    assert ask(settings, current(settings)["vraag"].table_name, "code, vraag_tj")[-1] == (D, 9)


def test_publishing_again_changes_nothing(settings: Settings):
    first = publish_all(settings)
    before = current(settings).figures
    again = publish_all(settings)
    assert (again.changed, again.versie, again.rebuilt) == (False, first.versie, ())
    assert current(settings).figures == before
    assert not stale_layers(settings, layers_of(settings), {})


def test_figures_are_rebuilt_when_a_code_list_changes(settings: Settings):
    publish_all(settings)
    before = current(settings).figures
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("update facts.begrip set kenmerken = kenmerken || '{\"thema\": \"AANBOD\"}' where code = 'finale-vraag'")
    assert set(stale_layers(settings, layers_of(settings), {})) == {"cijfers", "vraag"}
    publish_all(settings)
    after = current(settings).figures
    assert after.version != before.version
    assert ask(settings, after.table_name, "distinct thema") == [("AANBOD",)]
    assert ask(settings, before.table_name, "distinct thema") == [("VRAAG",)]


def test_figures_are_rebuilt_when_a_succession_comes_in(settings: Settings):
    """C and D are E since 2023: only that figure is new, in a table of its own, and the figures themselves stay what they were."""
    publish_all(settings)
    before = current(settings).figures
    with connect(settings, Role.IMPORT) as connection:
        (levering,) = connection.execute(LEVERING, ["opvolging", "Opvolging", "2023-01-01"]).fetchone()
        for oud in (C, D):
            connection.execute(
                "insert into facts.gebied_opvolging values (%s, %s, %s, '2023-01-01', 'FUSIE', 1, 'GEHEEL')", [levering, oud, E]
            )
        connection.execute("insert into facts.levering_facts values (%s, 'gebied_opvolging', 2)", [levering])
    assert "cijfers" in stale_layers(settings, layers_of(settings), {})
    publish_all(settings)
    after = current(settings).figures
    assert ask(settings, after.table_name, "*") == ask(settings, before.table_name, "*")
    converted, _ = recoded_names(after.table_name)
    assert ask(settings, converted, "gebied, waarde, kwaliteit") == [("ES98", None, "TOEGEDEELD"), (E, 12, "TOEGEDEELD")]
    # Before, nobody knew that E has in PV99 what C and D were.
    assert ask(settings, recoded_names(before.table_name)[0], "gebied") == [("ES98",), ("PV99",)]


def test_another_kind_of_facts_leaves_the_figures_as_they_are(settings: Settings):
    publish_all(settings)
    before = current(settings).figures
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("insert into facts.levering_facts select max(id), 'object/palen', 1 from facts.levering")
    publish_all(settings)
    assert current(settings).figures == before


def test_figures_that_contradict_each_other_leave_the_publication_as_it_was(settings: Settings):
    publish_all(settings)
    before = current(settings)
    with connect(settings, Role.IMPORT) as connection:
        Desk(connection).deliver([Cijfer(B, 3)], bron="bron-b")
    with pytest.raises(ConfigurationFault, match=f"bron-a en bron-b .* van {B}"):
        publish_all(settings)
    assert (current(settings).versie, current(settings).figures) == (before.versie, before.figures)


def test_withdrawn_figures_leave_the_publication_but_not_the_versions_before_it(settings: Settings):
    publish_all(settings)
    before = current(settings).figures
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("update facts.levering set status = 'WITHDRAWN' where bron = 'bron-a'")
    published = publish_all(settings)
    assert (published.figures, current(settings).figures, published.empty) == (0, None, ("vraag",))
    assert len(ask(settings, before.table_name, "gebied")) == 10


def test_an_unfinished_table_is_swept(settings: Settings):
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("create table publication.cijfers_0123456789ab (rij bigint)")
    publish_all(settings)
    with pytest.raises(psycopg.errors.UndefinedTable):
        ask(settings, "cijfers_0123456789ab", "rij")


def test_a_layer_may_not_be_called_cijfers(settings: Settings):
    (settings.home / "vraag.yaml").rename(settings.home / "cijfers.yaml")
    (settings.home / "vraag.sql").rename(settings.home / "cijfers.sql")
    with pytest.raises(ConfigurationFault, match="cijfers"):
        publish_all(settings)
