"""Derived figures in a publication: made again when their objects, statement or key figures change, and by nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database import Role, connect
from app.layers import Layers
from app.problems import ConfigurationFault
from app.publish import publish
from app.register.begrippen import read_begrippen, store_begrippen
from app.register.publication import CURRENT, LAYERS, build_publication
from app.settings import Settings

from ..conftest import fresh_database
from .conftest import LAND, LEVERING, NEW, A, B, Cijfer, Desk, E, insert_register

MASTEN = """
title: Masten
method: Geteld in de bron.
indicators: [aantal-installaties]
derived_from: [object/masten, gebied]
kwaliteit: GEREGISTREERD
covers_land: true
"""
MASTEN_SQL = (
    "select land, gebied, 'STATION' as techniek, count(*) * 1.0 as waarde from object where collection = 'masten' group by land, gebied;"
)


@pytest.fixture
def settings(postgis, tmp_path: Path) -> Iterator[Settings]:
    """A database with squares of 1 km, a concept, two pylons in A, and a derivation of one's own that counts them."""
    folder = tmp_path / "afleidingen"
    folder.mkdir()
    (folder / "masten.yaml").write_text(MASTEN)
    (folder / "masten.sql").write_text(MASTEN_SQL)
    with fresh_database(postgis, tmp_path) as fresh:
        own = fresh.model_copy(update={"seed": (tmp_path,)})
        with connect(own, Role.IMPORT) as connection:
            insert_register(connection)
            connection.execute(
                "update facts.gebied set geometrie ="
                " ST_Multi(ST_MakeEnvelope(1000 * right(code, 1)::integer, 0, 1000 * right(code, 1)::integer + 1000, 1000, 28992))"
            )
            Desk(connection).deliver([Cijfer(code, 1, "inwoners", jaar=2024, indeling=NEW) for code in (A, B, E)])
            draw(connection, "masten", 1100, 1200)
        store_begrippen(own, read_begrippen(own.seed_folders))
        yield own


def draw(connection, collection: str, *places: int) -> None:
    """Deliver points at these places; an earlier levering of them is superseded."""
    connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = %s", [collection])
    (levering,) = connection.execute(LEVERING, [collection, collection, "2025-01-01"]).fetchone()
    connection.execute("insert into facts.levering_facts values (%s, %s, %s)", [levering, f"object/{collection}", len(places)])
    for x in places:
        connection.execute(
            "insert into facts.object values (%s, %s, %s, '{}', ST_SetSRID(ST_MakePoint(%s, 500), 28992))",
            [levering, collection, str(x), x],
        )


def masten(settings: Settings) -> tuple[int, dict[str, float]]:
    """Publish, and return the version of the figures and the number of pylons by gebied."""
    publish(settings, Layers({}), {}, lambda _: None)
    with connect(settings, Role.READ) as connection:
        row = connection.execute(CURRENT).fetchone()
        figures = build_publication(row, connection.execute(LAYERS, {"publication": row[0]}).fetchall(), Layers({})).figures
        found = connection.execute(
            f"select gebied, waarde from publication.{figures.table_name} where indicator = 'aantal-installaties'".encode()
        ).fetchall()
    return figures.version, dict(found)


def test_a_derivation_of_ones_own_is_published_and_says_where_it_comes_from(settings: Settings) -> None:
    _, found = masten(settings)
    assert found == {A: 2, B: 0, E: 0, "PV98": 2, "PV99": 0, "ES97": 2, "ES98": 0, LAND: 2}


def test_new_objects_make_new_figures_and_other_objects_do_not(settings: Settings) -> None:
    first, _ = masten(settings)
    with connect(settings, Role.IMPORT) as connection:
        draw(connection, "bomen", 1500)
    assert masten(settings)[0] == first
    with connect(settings, Role.IMPORT) as connection:
        draw(connection, "masten", 1100, 2100, 2200)
    second, found = masten(settings)
    assert second != first
    assert (found[A], found[B], found[LAND]) == (1, 2, 3)


@pytest.mark.parametrize("name", ["masten.sql", "masten.yaml"])
def test_another_statement_or_method_makes_new_figures(settings: Settings, name: str) -> None:
    first, _ = masten(settings)
    path = settings.seed[0] / "afleidingen" / name
    path.write_text(path.read_text().replace("1.0", "2.0").replace("Geteld", "Nageteld"))
    second, found = masten(settings)
    assert second != first
    assert found[LAND] == (4 if name == "masten.sql" else 2)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("from object", "from objecten", "objecten"),
        ("as waarde", "as aantal", "de kolom 'waarde' ontbreekt"),
        ("'STATION' as techniek", "'STATION' as soorten", "de kolom 'soorten' is onbekend"),
        ("gebied, 'STATION'", "'GM0000' as gebied, 'STATION'", "GM0000"),
        ("'STATION' as techniek", "'productie' as indicator", "productie"),
    ],
)
def test_a_statement_that_fails_leaves_the_publication_as_it_was(settings: Settings, was: str, becomes: str, told: str) -> None:
    first, _ = masten(settings)
    path = settings.seed[0] / "afleidingen" / "masten.sql"
    path.write_text(MASTEN_SQL.replace(was, becomes))
    with pytest.raises(ConfigurationFault) as fault:
        masten(settings)
    assert "masten" in str(fault.value)
    assert told in str(fault.value)
    path.write_text(MASTEN_SQL)
    assert masten(settings)[0] == first


def test_two_derivations_of_the_same_figure_are_refused(settings: Settings) -> None:
    folder = settings.seed[0] / "afleidingen"
    (folder / "palen.yaml").write_text(MASTEN)
    (folder / "palen.sql").write_text(MASTEN_SQL)
    with pytest.raises(ConfigurationFault, match="masten en palen"):
        masten(settings)


def test_faults_in_a_declaration_are_named_with_their_file(settings: Settings) -> None:
    folder = settings.seed[0] / "afleidingen"
    (folder / "masten.yaml").write_text(MASTEN.replace("aantal-installaties", "aantal-masten").replace("GEREGISTREERD", "GEZIEN"))
    (folder / "palen.yaml").write_text(MASTEN.replace("object/masten", "feiten"))
    with pytest.raises(ConfigurationFault) as fault:
        masten(settings)
    told = "\n".join(fault.value.errors)
    assert f"{folder / 'masten.yaml'}: 'aantal-masten' staat niet in de lijst 'indicator'" in told
    assert f"{folder / 'masten.yaml'}: 'GEZIEN' staat niet in de lijst 'kwaliteit'" in told
    assert f"{folder / 'palen.yaml'}" in told
