"""Layers of figures: a column is what its codes say, nothing counts twice, and only what changed is made again."""

import random
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.database import Role, connect
from app.layers import read_layers
from app.problems import ConfigurationFault
from app.publish import publish
from app.register.begrippen import read_begrippen
from app.register.columns import check_columns
from app.register.publication import CURRENT, LAYERS, build_publication
from app.settings import ROOT, Settings

from ..conftest import fresh_database
from .conftest import CONCEPT, LAND, NEW, OLD, A, B, Beeld, Cijfer, Desk, E, insert_register

GEMEENTEN = """
title: Gemeenten
description: De gemeenten van de nieuwste indeling.
theme: gebieden
geometry: polygon
mosaic: true
derived_from: [gebied]
properties:
  code: {title: Code}
  naam: {title: Naam}
  geldig_vanaf: {title: Van, type: date}
  geldig_tot: {title: Tot, type: date}
"""
GEMEENTEN_SQL = """
select code as id, code, naam, geldig_vanaf, geldig_tot, geometrie from facts.current_gebied where geldig_tot is null
"""
HISTORIE_SQL = """
select code || '-' || geldig_vanaf as id, code, naam, geldig_vanaf, geldig_tot, geometrie from facts.current_gebied
"""
FAMILIE = """
theme: vraag
geometry: polygon
style: vraag
label: gebied_naam
properties:
  wonen_elektriciteit_tj: {title: Wonen, type: number, unit: TJ, figure: {indicator: finale-vraag, sector: WONEN, drager: ELEKTRICITEIT}}
  wonen_totaal_tj: {title: Wonen, type: number, unit: TJ, figure: {indicator: finale-vraag, sector: WONEN}}
  keten_koolstof_tj: {title: Koolstof, type: number, unit: TJ, figure: {indicator: finale-vraag, keten: KOOLSTOF}}
  totaal_gwh: {title: Totaal, type: number, unit: GWh, figure: {indicator: finale-vraag, eenheid: GWh}}
  per_woning_gj: {title: Per woning, type: number, unit: GJ, figure: {indicator: finale-vraag, eenheid: GJ, per: woningen}}
  per_ha_gj: {title: Per hectare, type: number, unit: GJ, figure: {indicator: finale-vraag, eenheid: GJ, per: OPPERVLAKTE}}
  piek_mw: {title: Piek, type: number, unit: MW, figure: {indicator: piekvraag}}
  aansluiting: {title: Aansluiting}
  bron: {title: Bron}
  peiljaar: {title: Jaar}
  status: {title: Status}
  energiebeeld: {title: Energiebeeld}
"""
LAYER = """
title: Vraag
description: De vraag per gemeente.
like: [familie/gebied.yaml, familie/vraag.yaml]
mosaic: true
figures: {niveau: GEMEENTE, shapes: [gemeenten]}
"""
BEELDEN = """
title: Vraag door de jaren
description: De vraag per gemeente, jaar en beeld.
like: [familie/gebied.yaml, familie/vraag.yaml]
period: {start: geldig_vanaf, end: geldig_tot}
figures: {niveau: GEMEENTE, shapes: [gemeenten, gemeenten-historie], beelden: true}
properties:
  jaar: {title: Jaar, type: integer}
  beeld: {title: Beeld}
  geldig_vanaf: {title: Van, type: date}
  geldig_tot: {title: Tot, type: date}
"""
GEBIED = "properties: {gebied_code: {title: Code}, gebied_naam: {title: Naam}}"
LISTS = """
insert into facts.begrip values
    ('energiedrager', 'ELEKTRICITEIT', 'Elektriciteit', 'ELEKTRICITEIT', '{}', 1),
    ('energiedrager', 'GROENGAS', 'Groengas', 'KOOLSTOF', '{}', 2),
    ('subsector', 'DIENSTEN', 'Diensten', 'WERKEN', '{}', 1),
    ('techniek', 'ZON_PV', 'Zonnestroom', null, '{}', 0),
    ('techniek', 'ZON_DAK', 'Zon op dak', 'ZON_PV', '{}', 1),
    ('techniek', 'ZON_DAK_GROOT', 'Zon op groot dak', 'ZON_DAK', '{}', 2),
    ('techniek', 'WIND', 'Wind', null, '{}', 3)
"""
# Squares of a kilometre: A is 100 ha, B as well.
SHAPES = """
update facts.gebied set geometrie = ST_Multi(ST_MakeEnvelope(x, 450000, x + 1000, 451000, 28992))
from (select code as gemeente, 100000 + right(code, 1)::integer * 1000 as x from facts.gebied) as plek where gemeente = code
"""


@pytest.fixture
def settings(postgis, tmp_path: Path):
    """A database with gebieden that have a shape, and a folder with a layer of figures and its sister of beelden."""
    (tmp_path / "familie").mkdir()
    (tmp_path / "familie" / "gebied.yaml").write_text(GEBIED)
    (tmp_path / "familie" / "vraag.yaml").write_text(FAMILIE)
    for name, text in {"gemeenten": GEMEENTEN, "gemeenten-historie": GEMEENTEN, "vraag": LAYER, "vraag-beelden": BEELDEN}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "gemeenten.sql").write_text(GEMEENTEN_SQL)
    (tmp_path / "gemeenten-historie.sql").write_text(HISTORIE_SQL)
    with fresh_database(postgis, tmp_path) as fresh:
        with connect(fresh, Role.IMPORT) as connection:
            insert_register(connection)
            connection.execute(SHAPES)
            connection.execute(LISTS)
        yield fresh


def publish_all(settings: Settings) -> tuple[str, ...]:
    return publish(settings, read_layers((settings.home,)), {}, lambda _: None).rebuilt


def deliver(settings: Settings, *cijfers: Cijfer, bron: str = "bron-a") -> None:
    with connect(settings, Role.IMPORT) as connection:
        Desk(connection).deliver(cijfers, bron)


def rows(settings: Settings, layer: str, what: str = "*") -> list[dict]:
    layers = read_layers((settings.home,))
    with connect(settings, Role.READ) as connection:
        current = connection.execute(CURRENT).fetchone()
        publication = build_publication(current, connection.execute(LAYERS, {"publication": current[0]}).fetchall(), layers)
        connection.row_factory = psycopg.rows.dict_row
        return connection.execute(f"select {what} from publication.{publication[layer].table_name} order by id".encode()).fetchall()


def row(settings: Settings, gebied: str) -> dict:
    return next(each for each in rows(settings, "vraag") if each["gebied_code"] == gebied)


def wonen(gebied: str, waarde: float | None, drager: str = "ELEKTRICITEIT", **more) -> Cijfer:
    return Cijfer(gebied, waarde, drager=drager, subsector="WONINGEN", jaar=2024, indeling=NEW, **more)


def diensten(gebied: str, waarde: float | None, drager: str = "AARDGAS", **more) -> Cijfer:
    return Cijfer(gebied, waarde, drager=drager, subsector="DIENSTEN", jaar=2024, indeling=NEW, **more)


def test_columns_add_up_along_sector_keten_and_everything(settings: Settings):
    deliver(settings, wonen(A, 1), wonen(A, 2, "AARDGAS"), wonen(A, 0.6, "GROENGAS"), diensten(A, 4))
    publish_all(settings)
    found = row(settings, A)
    assert found["wonen_elektriciteit_tj"] == 1
    assert found["wonen_totaal_tj"] == 3.6
    assert found["keten_koolstof_tj"] == 6.6
    # 7.6 TJ is 2.111111 GWh.
    assert found["totaal_gwh"] == 2.111111
    assert (found["bron"], found["peiljaar"], found["status"]) == ("bron-a", "2024", "CONCEPT")


def test_a_delivered_total_counts_instead_of_its_parts(settings: Settings):
    total = Cijfer(A, 10, drager="TOTAAL", jaar=2024, indeling=NEW)
    gas = Cijfer(A, 5, drager="AARDGAS", jaar=2024, indeling=NEW)
    deliver(settings, wonen(A, 1), wonen(A, 2, "AARDGAS"), diensten(A, 2), gas, total)
    publish_all(settings)
    found = row(settings, A)
    assert found["keten_koolstof_tj"] == 5
    assert found["totaal_gwh"] == pytest.approx(10 / 3.6, abs=1e-6)
    assert found["wonen_totaal_tj"] == 3


def test_a_missing_part_makes_the_sum_missing_not_smaller(settings: Settings):
    deliver(settings, wonen(A, 1), wonen(A, None, "AARDGAS", reden_leeg="ONTHULLING"), diensten(A, 4), wonen(B, 3))
    publish_all(settings)
    found = row(settings, A)
    assert found["wonen_elektriciteit_tj"] == 1
    assert (found["wonen_totaal_tj"], found["keten_koolstof_tj"], found["totaal_gwh"]) == (None, None, None)
    assert row(settings, B)["wonen_totaal_tj"] == 3


def test_a_gebied_without_figures_is_on_the_map_without_values(settings: Settings):
    deliver(settings, wonen(A, 1))
    publish_all(settings)
    assert [each["gebied_code"] for each in rows(settings, "vraag")] == [A, B, E]
    assert row(settings, B)["wonen_elektriciteit_tj"] is None


def test_values_are_divided_by_another_figure_or_by_hectares(settings: Settings):
    deliver(settings, wonen(A, 1.5), Cijfer(A, 30, indicator="woningen", jaar=2023, indeling=NEW))
    publish_all(settings)
    found = row(settings, A)
    # 1.5 TJ is 1500 GJ: over 30 dwellings and over 100 ha.
    assert (found["per_woning_gj"], found["per_ha_gj"]) == (50, 15)


def test_what_does_not_add_up_is_only_shown_as_delivered(settings: Settings):
    piek = Cijfer(A, 7, indicator="piekvraag", jaar=2024, indeling=NEW)
    split = Cijfer(B, 5, indicator="piekvraag", drager="AARDGAS", jaar=2024, indeling=NEW)
    deliver(settings, piek, split, wonen(A, 1))
    publish_all(settings)
    assert (row(settings, A)["piek_mw"], row(settings, B)["piek_mw"]) == (7, None)


def test_technieken_that_are_part_of_one_another_count_once(settings: Settings):
    text = "  {}: {{title: Zon, type: number, unit: TJ, figure: {{indicator: finale-vraag, techniek: {}}}}}\n"
    added = text.format("zon_tj", "ZON_PV") + text.format("dak_tj", "ZON_DAK") + text.format("groot_tj", "ZON_DAK_GROOT")
    family = settings.home / "familie" / "vraag.yaml"
    family.write_text(family.read_text() + added)
    with connect(settings, Role.IMPORT) as connection:
        Desk(connection).deliver([Cijfer(A, value, jaar=2024, indeling=NEW, drager=str(value)) for value in (10, 6, 4, 3)])
        for value, techniek in ((10, "ZON_PV"), (6, "ZON_DAK"), (4, "ZON_DAK_GROOT"), (3, "WIND")):
            connection.execute("update facts.cijfer set techniek = %s, drager = 'ELEKTRICITEIT' where waarde = %s", [techniek, value])
    publish_all(settings)
    found = row(settings, A)
    assert (found["zon_tj"], found["dak_tj"], found["groot_tj"]) == (10, 6, 4)
    # Sun and wind together: 13 TJ, not 23.
    assert found["totaal_gwh"] == pytest.approx(13 / 3.6, abs=1e-6)


def test_the_newest_year_is_the_same_for_all(settings: Settings):
    older = [Cijfer(code, 1, drager="ELEKTRICITEIT", subsector="WONINGEN", jaar=2023, indeling=NEW) for code in (A, B, E)]
    deliver(settings, *older, wonen(A, 2), wonen(B, 3))
    publish_all(settings)
    assert [each["wonen_elektriciteit_tj"] for each in rows(settings, "vraag")] == [2, 3, None]


def test_a_total_waits_until_the_newest_year_is_whole(settings: Settings):
    before = [replace(each, jaar=2023) for each in (wonen(A, 1), wonen(A, 2, "AARDGAS"), diensten(A, 4))]
    deliver(settings, *before, wonen(A, 5))
    publish_all(settings)
    found = row(settings, A)
    # Of 2024 only electricity is there: the total is still that of 2023.
    assert (found["wonen_elektriciteit_tj"], found["wonen_totaal_tj"], found["peiljaar"]) == (5, 3, "2023, 2024")


def test_a_total_of_long_ago_is_not_the_present(settings: Settings):
    before = [replace(each, jaar=2021) for each in (wonen(A, 1), wonen(A, 2, "AARDGAS"))]
    deliver(settings, *before, wonen(A, 5), wonen(LAND, 7, "AARDGAS"))
    publish_all(settings)
    assert (row(settings, A)["wonen_elektriciteit_tj"], row(settings, A)["wonen_totaal_tj"]) == (5, None)


def test_a_total_that_lacks_what_is_known_for_the_land_is_unknown(settings: Settings):
    deliver(settings, *(wonen(code, 1) for code in (A, B, E)), wonen(LAND, 9, "AARDGAS"))
    publish_all(settings)
    found = row(settings, A)
    assert (found["wonen_elektriciteit_tj"], found["wonen_totaal_tj"], found["aansluiting"]) == (1, None, "ONVOLLEDIG")


def test_a_gebied_that_lacks_a_part_which_others_have_has_no_total(settings: Settings):
    deliver(settings, *(wonen(code, 1) for code in (A, B, E)), wonen(A, 2, "AARDGAS"), Cijfer(E, 9, jaar=2024, indeling=NEW))
    publish_all(settings)
    totals = {each["gebied_code"]: each["totaal_gwh"] for each in rows(settings, "vraag")}
    # Of B no gas is known; of E the total was delivered.
    assert totals == {A: pytest.approx(3 / 3.6, abs=1e-6), B: None, E: 2.5}


def test_what_one_gebied_adds_leaves_the_totals_of_others_as_the_concept_knew_them(settings: Settings):
    with connect(settings, Role.IMPORT) as connection:
        desk = Desk(connection)
        concept = desk.deliver([wonen(code, 1) for code in (A, B, E)])
        added = diensten(B, 4, "ELEKTRICITEIT", herkomst="AANVULLING_GEBIED")
        desk.deliver([added], "regio", Beeld("ES98-2026-1.0", "ES98", CONCEPT, [concept]))
    publish_all(settings)
    totals = {each["gebied_code"]: each["totaal_gwh"] for each in rows(settings, "vraag")}
    assert totals == {A: pytest.approx(1 / 3.6, abs=1e-6), B: pytest.approx(5 / 3.6, abs=1e-6), E: pytest.approx(1 / 3.6, abs=1e-6)}
    found = row(settings, B)
    assert (found["energiebeeld"], found["status"], found["aansluiting"]) == ("NL01-2026-actueel", "AANGEVULD", "ONVOLLEDIG")


def test_the_verdict_is_the_worst_of_the_sums_that_a_figure_takes_part_in(settings: Settings):
    closes = [wonen(code, 1) for code in (A, B, E)]
    deliver(settings, *closes, wonen(LAND, 3))
    publish_all(settings)
    assert {each["aansluiting"] for each in rows(settings, "vraag")} == {"SLUITEND"}
    deliver(settings, *closes, wonen(LAND, 3), diensten(A, 1))
    publish_all(settings)
    assert {each["aansluiting"] for each in rows(settings, "vraag")} == {"ONVOLLEDIG"}


def test_beelden_have_a_feature_per_gebied_year_and_beeld_in_the_borders_of_then(settings: Settings):
    later = wonen(A, 5, soort="BEELD", beeld="II3050V3_KM")
    deliver(settings, wonen(A, 2), Cijfer("GM9003", 9, drager="ELEKTRICITEIT", subsector="WONINGEN"), later)
    publish_all(settings)
    found = rows(settings, "vraag-beelden", "id, jaar, beeld, wonen_elektriciteit_tj, geldig_vanaf::text, geldig_tot::text")
    assert [tuple(each.values()) for each in found] == [
        ("GM9001-2024-HUIDIG", 2024, "HUIDIG", 2, "2024-01-01", "2025-01-01"),
        ("GM9001-2024-II3050V3_KM", 2024, "II3050V3_KM", 5, "2024-01-01", "2025-01-01"),
        # C became part of E in 2023: in 2022 it has a place of its own.
        ("GM9003-2022-HUIDIG", 2022, "HUIDIG", 9, "2022-01-01", "2023-01-01"),
    ]


def test_only_layers_whose_figures_changed_are_made_again(settings: Settings):
    deliver(settings, wonen(A, 1))
    assert set(publish_all(settings)) == {"gemeenten", "gemeenten-historie", "vraag", "vraag-beelden"}
    assert publish_all(settings) == ()
    deliver(settings, wonen(A, 2))
    assert set(publish_all(settings)) == {"vraag", "vraag-beelden"}
    with connect(settings, Role.IMPORT) as connection:
        connection.execute(
            "insert into facts.begrip values ('indicator', 'laadpunten', 'Laadpunten', null, %s, 99)",
            ['{"thema": "INFRASTRUCTUUR", "eenheid": "aantal", "aggregatie": "SOM"}'],
        )
    publish_all(settings)
    deliver(settings, Cijfer(A, 9, indicator="laadpunten", jaar=2024, indeling=NEW), bron="bron-b")
    assert publish_all(settings) == ()


@pytest.mark.parametrize("seed", range(4))
def test_a_corrected_moment_between_those_that_stay_is_what_a_build_of_everything_makes(settings: Settings, seed: int):
    chance = random.Random(seed)
    moments = [(2022, "HUIDIG", OLD), (2024, "HUIDIG", NEW), (2024, "II3050V3_KM", NEW), (2050, "II3050V3_KM", NEW)]
    found = {
        (gebied, *moment, indicator): Cijfer(gebied, chance.randint(1, 99), indicator, jaar=moment[0], beeld=moment[1], indeling=moment[2])
        for moment in moments
        for gebied in ((A, B, "GM9003") if moment[2] == OLD else (A, B, E))
        for indicator in ("finale-vraag", "woningen", "piekvraag")
    }
    deliver(settings, *found.values())
    publish_all(settings)
    for _ in range(3):
        for key in chance.sample(sorted(found), 2):
            cijfer = found.pop(key)
            if chance.random() < 0.7:
                found[key] = replace(cijfer, waarde=chance.choice((None, chance.randint(100, 199))))
        deliver(settings, *found.values())
        assert set(publish_all(settings)) == {"vraag", "vraag-beelden"}

    corrected = {layer: rows(settings, layer) for layer in ("vraag", "vraag-beelden")}

    with connect(settings, Role.OWNER) as connection:
        connection.execute("truncate publication.layer_version, publication.publication cascade")
    publish_all(settings)
    assert {layer: rows(settings, layer) for layer in corrected} == corrected


def test_columns_that_the_code_lists_do_not_know_are_all_named(tmp_path: Path):
    (tmp_path / "gemeenten.yaml").write_text(GEMEENTEN)
    (tmp_path / "gemeenten.sql").write_text(GEMEENTEN_SQL)
    (tmp_path / "vraag.yaml").write_text(
        """
title: Vraag
description: Met fouten.
theme: vraag
geometry: polygon
figures: {niveau: WIJK, shapes: [wijken]}
properties:
  naam_van_het_gebied: {title: Naam}
  jaar: {title: Jaar, type: integer}
  een_tj: {title: Een, type: number, figure: {indicator: finale-vraag, drager: STEENKOOL}}
  twee_mw: {title: Twee, type: number, figure: {indicator: finale-vraag, eenheid: MW}}
  drie_mw: {title: Drie, type: number, figure: {indicator: piekvraag, sector: WONEN}}
"""
    )
    with pytest.raises(ConfigurationFault) as fault:
        check_columns(read_layers((tmp_path,)), read_begrippen((ROOT / "seed",)))
    told = "\n".join(fault.value.errors)
    for expected in (
        "onbekend niveau 'WIJK'",
        "de laag 'wijken' uit shapes bestaat niet",
        "naam_van_het_gebied: heeft geen figure",
        "jaar: hoort alleen in een laag met beelden: true",
        "een_tj: onbekende drager 'STEENKOOL'",
        "twee_mw: TJ is niet om te rekenen naar MW",
        "drie_mw: indicator piekvraag telt niet op",
    ):
        assert expected in told


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("type: number, unit: GWh", "type: text, unit: GWh"),
        ("like: [familie/gebied.yaml", "like: [familie/gebieden.yaml"),
    ],
)
def test_a_layer_that_contradicts_itself_is_refused(settings: Settings, change: str, reason: str):
    for path in (settings.home / "vraag.yaml", settings.home / "familie" / "vraag.yaml"):
        path.write_text(path.read_text().replace(change, reason))
    with pytest.raises(ConfigurationFault):
        read_layers((settings.home,))
