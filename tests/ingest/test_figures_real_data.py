"""The real figures in the shared folder beside the repository, where it is there, with sums that can be found elsewhere."""

import math

import psycopg
import pytest

from app.database.connections import Role, conninfo
from app.ingest.report import Ernst
from app.ingest.source import read_sources
from app.settings import ROOT

DATA = ROOT.parent / "shared" / "data"
GROUND = ("cbs-gemeenten-2022", "cbs-gemeenten-2025", "gebiedssleutel-2022", "gebiedssleutel-2025", "cbs-provincies-2025")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.is_dir(), reason="de echte gegevens (../shared/data) staan niet op deze machine"),
]


@pytest.fixture(scope="module")
def reports(netherlands):
    figures = {key for key, each in read_sources((ROOT / "seed",)).items() if key in GROUND or (each.energiebeelden and not each.demo)}
    return {bron: report for bron, report in netherlands.reports.items() if bron in figures}


@pytest.fixture(scope="module")
def ask(netherlands):
    with psycopg.connect(conninfo(netherlands.service.settings, Role.IMPORT)) as connection:
        yield lambda statement, *values: connection.execute(statement, values).fetchall()


@pytest.fixture(scope="module")
def total(ask):
    """Add up, as exactly as doubles can, the figures that fit."""

    def add(indicator, niveau="GM", **codes):
        where = "".join(f" and {name} = %s" for name in codes)
        rows = ask(
            f"select waarde from facts.current_cijfer where indicator = %s and gebied like %s{where}",
            indicator,
            f"{niveau}%",
            *codes.values(),
        )
        return len(rows), math.fsum(value for (value,) in rows)

    return add


def test_everything_is_taken_without_confirmation(reports):
    refused = {bron: [str(each)[-200:] for each in report.findings if each.ernst is Ernst.FOUT][:3] for bron, report in reports.items()}
    assert {bron: found for bron, found in refused.items() if found} == {}
    assert {report.outcome for report in reports.values()} == {"opgeslagen"}


def test_nothing_is_lost(reports):
    sums = [each for report in reports.values() for each in report.sums]
    assert len(sums) > 15
    assert {each.difference for each in sums} == {0.0}
    for each in sums:
        assert each.count == each.stored_count + sum(part.count for part in each.rejected)


@pytest.mark.parametrize(
    ("subsector", "drager", "expected"),
    [
        ("WONINGEN", "ELEKTRICITEIT", 79_797.48),
        ("WONINGEN", "GASMIX", 199_173.45),
        ("DIENSTEN", "ELEKTRICITEIT", 104_960.98),
        ("DIENSTEN", "GASMIX", 87_773.61),
        ("LANDBOUW", "ELEKTRICITEIT", 48_770.68),
        ("INDUSTRIE", "ELEKTRICITEIT", 132_432.05),
        ("INDUSTRIE", "GASMIX", 194_167.90),
        ("DATACENTERS", "ELEKTRICITEIT", 12_048.83),
        ("WEGVERKEER", "BENZINE", 247_827.14),
    ],
)
def test_demand_in_2023(total, subsector, drager, expected):
    count, summed = total("finale-vraag", subsector=subsector, drager=drager, jaar=2023)
    assert count == 342
    assert round(summed, 2) == expected


def test_transport_uses_13980_tj_of_electricity(total):
    road, rail = (total("finale-vraag", subsector=each, drager="ELEKTRICITEIT", jaar=2023)[1] for each in ("WEGVERKEER", "SPOOR"))
    assert round(road + rail, 1) == 13_980.2


def test_inhabitants(total):
    assert total("inwoners", jaar=2023) == (342, 17_811_291)


def test_dimensions_of_a_gemeente(ask):
    rows = ask(
        "select subsector, drager, waarde, eenheid_bron, kwaliteit, herkomst, indeling::text from facts.current_cijfer"
        " where gebied = 'GM0014' and jaar = 2023 and indicator = 'finale-vraag' and subsector = 'WONINGEN' and drager = 'GASMIX'"
    )
    assert rows == [("WONINGEN", "GASMIX", 2839.005, "TJ", "GEMODELLEERD", "CONCEPT_RIJK", "2023-01-01")]


@pytest.mark.parametrize("jaar", [2022, 2024])
def test_solar_installations_of_the_gemeenten_and_the_rest_are_those_of_the_country(total, jaar):
    solar = {"techniek": "ZON_PV", "subsector": "", "jaar": jaar}
    (country,) = (total("aantal-installaties", "NL01", **solar)[1] - total("aantal-installaties", "NL01-NTI", **solar)[1],)
    rest = total("aantal-installaties", "NL01-NTI", **solar)[1]
    assert country == {2022: 2_298_859, 2024: 3_167_299}[jaar]
    assert rest == {2022: 509, 2024: 448}[jaar]
    assert total("aantal-installaties", "GM", **solar)[1] + rest == country


def test_homes_and_businesses_together_have_all_power(ask):
    rows = ask(
        "select subsector, waarde from facts.current_cijfer where gebied = 'NL01' and jaar = 2024"
        " and indicator = 'opgesteld-piekvermogen' and techniek = 'ZON_PV'"
    )
    power = dict(rows)
    assert power["WONINGEN"] + power["WERKEN_NIET_UITGESPLITST"] == pytest.approx(power[""])


def test_units(ask):
    """NL in 2024: 27 979 732 kWp, 24 920 094 kW and 21 822 mln kWh."""
    rows = dict(
        ask(
            "select indicator, waarde from facts.current_cijfer"
            " where gebied = 'NL01' and jaar = 2024 and techniek = 'ZON_PV' and subsector = ''"
        )
    )
    assert rows["opgesteld-piekvermogen"] == pytest.approx(27_979.732)
    assert rows["opgesteld-vermogen"] == pytest.approx(24_920.094)
    assert rows["productie"] == pytest.approx(21_822 * 3.6)


def test_what_is_left_out_is_counted_with_its_reason(reports):
    found = {each.reason for each in reports["cbs-85005-zonnestroom"].findings if each.code in ("uitgesloten", "indeling-niet-geladen")}
    assert any(reason.startswith("Het jaar 2025 is half") for reason in found)
    assert {year for year in range(2010, 2026) for reason in found if f"van {year}-01-01 is niet geladen" in reason} == {2019, 2020, 2021}
    installed = next(each for each in reports["cbs-85005-zonnestroom"].sums if each.indicator == "aantal-installaties")
    assert {"de indeling in gemeenten van 2019-01-01 is niet geladen"} < {part.reason for part in installed.rejected}
    assert all(part.count for part in installed.rejected)


def test_averages_per_dwelling(ask):
    rows = ask("select gebied, waarde from facts.current_cijfer where indicator = 'gas-per-woning' and jaar = 2024")
    assert sum(code.startswith("GM") for code, _ in rows) == 342
    assert {code for code, _ in rows if not code.startswith(("GM", "ES", "PV"))} == {"NL01"}


def test_heating_of_the_country_came_as_nl00(ask):
    rows = dict(
        ask(
            "select techniek, waarde from facts.current_cijfer"
            " where indicator = 'aandeel-hoofdverwarming' and gebied = 'NL01' and jaar = 2022"
        )
    )
    assert rows["CV_KETEL"] == 82.4
    assert ask("select waarde from facts.current_cijfer where indicator = 'aandeel-aardgasvrij' and gebied = 'NL01' and jaar = 2022") == [
        (8.1,)
    ]


def test_wind_has_one_source_per_level(ask):
    rows = ask(
        "select distinct bron, left(gebied, 2) from facts.current_cijfer"
        " where indicator = 'productie' and techniek = 'WIND_LAND' order by 1, 2"
    )
    assert rows == [
        ("cbs-70960-wind-op-land", "NL"),
        ("cbs-70960-wind-op-land", "PV"),
        ("cbs-85004-wind-per-regio", "ES"),
        ("quintel-etlocal-2023", "GM"),
    ]


def test_no_figure_has_two_sources(ask):
    assert (
        ask(
            "select energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld from facts.current_cijfer"
            " group by 1, 2, 3, 4, 5, 6, 7, 8, 9 having count(*) > 1 limit 3"
        )
        == []
    )


def test_charging_points(total):
    assert total("aantal-laadpunten", techniek="", jaar=2026) == (342, 86_319)


def test_land_use_is_taken_for_provincies_and_the_land_and_counted_for_gemeenten(reports):
    (sums,) = reports["cbs-70262-bodemgebruik"].sums
    assert (sums.indicator, sums.eenheid, sums.stored_count, sums.difference) == ("bodemgebruik", "ha", 1_341, 0.0)
    left_out = {part.reason: part.count for part in sums.rejected if "niet geladen" in part.reason}
    assert len(left_out) == 9
    assert sum(left_out.values()) == 46_414


def test_land_use_of_2017_adds_up_to_the_land(ask):
    rows = ask("select gebied, techniek, waarde, indeling::text from facts.current_cijfer where indicator = 'bodemgebruik' and jaar = 2017")
    assert {code[:2] for code, *_ in rows} == {"PV", "NL"}
    assert {indeling for *_, indeling in rows} == {"2022-01-01"}
    land = {techniek: waarde for code, techniek, waarde, _ in rows if code == "NL01"}
    told = ("", "BODEM_BEDRIJVENTERREIN", "BODEM_GLASTUINBOUW", "BODEM_BUITENWATER")
    assert [land[techniek] for techniek in told] == [4_154_302, 88_184, 15_766, 415_211]
    within = {"BODEM_WONEN", "BODEM_BEDRIJVENTERREIN", "BODEM_GLASTUINBOUW"}
    assert sum(waarde for techniek, waarde in land.items() if techniek and techniek not in within) == land[""]
    # Rounded to hectares, twelve provincies are one off.
    assert sum(waarde for code, techniek, waarde, _ in rows if code != "NL01" and techniek == "") == land[""] + 1
