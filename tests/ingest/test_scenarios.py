"""The workbooks of the netbeheerders: cross tables with codes above their columns, one file per scenario and year."""

from pathlib import Path

import openpyxl
import pytest

from app.database import Role, connect
from app.ingest.importing import Options, import_source
from app.ingest.recognising import recognise_given
from app.ingest.report import Ernst, RefusedImport
from app.ingest.source import FromName, read_sources
from app.publish.figures import build_figures
from app.register.begrippen import read_begrippen, store_begrippen
from app.settings import ROOT

from ..running import run_command
from .test_figures import GROUND

SCENARIOS = {"Koersvaste Middenweg": ("II3050V3_KM", 1), "Eigen Vermogen": ("II3050V3_EV", 2), "Horizon Aanvoer": ("II3050V3_HA", 3)}
YEARS = {2030: 1, 2050: 10}
GEMEENTEN = {"GM0014": ("Groningen", 1), "GM0518": ("'s-Gravenhage", 2), "GM0599": ("Rotterdam", 3)}
PROVINCIES = {"PV28": ("Zuid-Holland", 1)}
# Per sheet its columns: TYPE, SECTOR and what the first gemeente has in the first scenario and year.
SHEETS = {
    "Municipality (ELEC, volume)": [
        ("Demand", "Households", 1000),
        ("Demand", "Households_hp_electric", 500),
        ("Demand", "Households_hp_hybrid", 250),
        ("Demand", "Transport_car", 100),
        ("Demand", "Transport_truck", 20),
        ("Supply", "Solar_PV_households", 40),
        ("Supply", "Solar_PV_buildings", 60),
        ("Supply", "Wind_onshore", 300),
        ("Flexibility", "Battery_households", 8),
        ("Flexibility", "Power_plant_methane_CHP", 9),
    ],
    "Municipality (ELEC, capacity)": [
        ("Demand", "Households", 5),
        ("Demand", "Transport_car", 2),
        ("Demand", "Transport_truck", 1),
        ("Supply", "Wind_offshore", 10),
        ("Supply", "Wind_offshore_hybrid", 4),
        ("Flexibility", "Power_plant_methane", 30),
        ("Flexibility", "Battery_system", 6),
        ("Flexibility", "Power_to_gas_onshore", 7),
        ("Flexibility", "Datacenters_DSR", 3),
    ],
    "Municipality (H2, volume)": [("Demand", "Transport_ship", 10), ("Exchange", "Import", 50), ("Flexibility", "Storage", 4)],
    "Municipality (H2, capacity)": [("Exchange", "Import", 5), ("Exchange", "Export", 2)],
    "Municipality (METH, volume)": [
        ("Demand", "Buildings", 70),
        ("Supply", "Green_gas_fermentation", 11),
        ("Supply", "Natural_gas_production", 12),
    ],
    "Municipality (METH, capacity)": [("Demand", "Blue_hydrogen_production", 3), ("Demand", "Grey_hydrogen_production", 2)],
    "Industry (ELEC, volume)": [
        ("Demand", "Industry_steel", 2000),
        ("Demand", "Industry_food", 500),
        ("Flexibility", "Industry_chemicals_PtH", 10),
    ],
    "Industry (ELEC, capacity)": [
        ("Demand", "Industry_steel", 20),
        ("Demand", "Industry_food", 5),
        ("Flexibility", "Industry_methane_CHP", 8),
    ],
    "Industry (H2, volume)": [("Demand", "Industry_steel", 100)],
    "Industry (H2, capacity)": [("Demand", "Industry_steel", 1)],
    "Industry (METH, volume)": [("Demand", "Industry_food", 30)],
    "Industry (METH, capacity)": [("Demand", "Industry_food", 3)],
}
STORED = """
select waarde from facts.current_cijfer where gebied = %s and indicator = %s and drager = %s and subsector = %s and techniek = %s
and richting = %s and beeld = %s and jaar = %s
"""


def write(folder: Path, scenario: str, year: int) -> Path:
    """Write a workbook as the netbeheerders do: six rows above the figures, codes in A, names in B."""
    times = SCENARIOS.get(scenario, ("", 1))[1] * YEARS[year]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        for told in (scenario, year, name):
            sheet.append([None, None, *(told for _ in columns)])
        sheet.append([None, None, *(kind for kind, _, _ in columns)])
        sheet.append([None, None, *(sector for _, sector, _ in columns)])
        sheet.append(["code", "naam", *(None for _ in columns)])
        for code, (naam, share) in (PROVINCIES if name.startswith("Industry") else GEMEENTEN).items():
            sheet.append([code, naam, *(value * share * times for _, _, value in columns)])
    path = folder / f"Scenario {scenario} {year} Gemeentendata.xlsx"
    book.save(path)
    return path


def change(path: Path, sheet: str, **cells: object) -> Path:
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


@pytest.fixture(scope="module")
def source():
    return read_sources((ROOT / "seed",))["netbeheerders-scenarios-2025"]


@pytest.fixture
def desk(steward):
    steward.query(GROUND)
    return steward


@pytest.fixture
def deliver(desk, source):
    return lambda *paths: import_source(desk.settings, source, recognise_given(source, paths), Options())


@pytest.fixture
def refused(deliver):
    def faults(*paths):
        with pytest.raises(RefusedImport) as refusal:
            deliver(*paths)
        return [each for each in refusal.value.report.findings if each.ernst is Ernst.FOUT]

    return faults


def test_three_scenarios_of_two_years_in_one_levering(desk, deliver, tmp_path):
    report = deliver(*(write(tmp_path, scenario, year) for scenario in SCENARIOS for year in YEARS))
    assert report.outcome == "opgeslagen"
    assert len(report.datasets) == 6 * len(SHEETS)
    assert report.faults == 0

    def stored(*key):
        return [value for (value,) in desk.query(STORED, *key)]

    # 1000 and 500 and 250 MWh of households and their heat pumps are 6.3 TJ; Den Haag has twice that of Groningen.
    home = ("finale-vraag", "ELEKTRICITEIT", "WONINGEN", "", "")
    assert stored("GM0014", *home, "II3050V3_KM", 2030) == [6.3]
    assert stored("GM0518", *home, "II3050V3_KM", 2030) == [12.6]
    for beeld, times in SCENARIOS.values():
        for year, growth in YEARS.items():
            assert stored("GM0014", *home, beeld, year) == [pytest.approx(6.3 * times * growth)]
    km = ("II3050V3_KM", 2030)
    assert stored("GM0014", "finale-vraag", "ELEKTRICITEIT", "WEGVERKEER", "", "", *km) == [0.432]
    assert stored("GM0014", "productie", "ELEKTRICITEIT", "ELEKTRICITEITSPRODUCTIE", "ZON_DAK", "", *km) == [0.36]
    assert stored("GM0014", "finale-vraag", "GASMIX", "DIENSTEN", "", "", *km) == [0.252]
    assert stored("GM0014", "productie", "GROENGAS", "ENERGIEPRODUCTIE_NIET_UITGESPLITST", "VERGISTER", "", *km) == [0.0396]
    assert stored("GM0014", "productie", "AARDGAS", "ENERGIEPRODUCTIE_NIET_UITGESPLITST", "GASWINNING", "", *km) == [0.0432]


def test_the_command_takes_several_files(desk, tmp_path):
    files = [argument for year in YEARS for argument in ("--file", write(tmp_path, "Eigen Vermogen", year))]
    # Naming the folder of the grid keeps the command from fetching it.
    settings = desk.settings.model_copy(update={"proj": tmp_path})
    told = run_command(settings, "import", "netbeheerders-scenarios-2025", *files)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "opgeslagen" in told.stdout
    assert desk.query("select distinct beeld, jaar::int from facts.current_cijfer order by 2") == [
        ("II3050V3_EV", 2030),
        ("II3050V3_EV", 2050),
    ]


def test_flexibility_and_exchange_are_no_demand(desk, deliver, tmp_path):
    deliver(write(tmp_path, "Koersvaste Middenweg", 2030))
    rows = desk.query(
        "select drager, subsector, techniek, richting, waarde from facts.current_cijfer"
        " where indicator in ('flexibiliteit', 'uitwisseling') and gebied = 'GM0014' order by 1, 2, 3"
    )
    assert rows == [
        ("ELEKTRICITEIT", "ELEKTRICITEITSPRODUCTIE", "WKK", "FLEX", 0.0324),
        ("ELEKTRICITEIT", "WONINGEN", "BATTERIJ", "FLEX", 0.0288),
        ("WATERSTOF", "", "INVOER", "UITWISSELING", 0.18),
        ("WATERSTOF", "ENERGIEPRODUCTIE_NIET_UITGESPLITST", "WATERSTOFOPSLAG", "FLEX", 0.0144),
    ]
    assert desk.query("select distinct richting from facts.current_cijfer where indicator in ('finale-vraag', 'productie')") == [("",)]
    assert desk.query("select distinct soort, kwaliteit, eenheid_bron from facts.current_cijfer order by 3") == [
        ("BEELD", "GEMODELLEERD", "MW"),
        ("BEELD", "GEMODELLEERD", "MWh"),
    ]


def test_capacities_are_peaks_or_installed_power(desk, deliver, tmp_path):
    deliver(write(tmp_path, "Koersvaste Middenweg", 2030))
    rows = desk.query(
        "select indicator, subsector, techniek, richting, waarde from facts.current_cijfer"
        " where eenheid_bron = 'MW' and gebied = 'GM0014' and drager = 'ELEKTRICITEIT' order by 1, 3"
    )
    assert rows == [
        ("conversievermogen", "WATERSTOFPRODUCTIE", "ELEKTROLYSER", "FLEX", 7),
        ("flexibel-vermogen", "DATACENTERS", "VRAAGSTURING", "FLEX", 3),
        ("opgesteld-vermogen", "ELEKTRICITEITSPRODUCTIE", "GASCENTRALE", "", 30),
        ("opgesteld-vermogen", "ELEKTRICITEITSPRODUCTIE", "WIND_ZEE", "", 14),
        ("opslagvermogen", "ELEKTRICITEITSPRODUCTIE", "BATTERIJ", "FLEX", 6),
        ("piekvraag", "WONINGEN", "", "", 5),
        ("piekvraag", "WEGVERKEER", "VOERTUIG_PERSONENAUTO", "", 2),
        ("piekvraag", "WEGVERKEER", "VOERTUIG_VRACHTAUTO", "", 1),
    ]


def test_industry_closes_provincie_and_land(desk, deliver, tmp_path):
    report = deliver(write(tmp_path, "Koersvaste Middenweg", 2030))
    # Peaks of branches are left out, with the reason and what was in them: 20 and 5 MW, 1 MW and 3 MW.
    (peaks,) = [each for each in report.sums if each.indicator == "piekvraag"]
    assert [(each.count, each.total) for each in peaks.rejected if "bedrijfstakken" in each.reason] == [(4, 29.0)]
    assert peaks.difference == 0
    store_begrippen(desk.settings, read_begrippen((ROOT / "seed",)))
    with connect(desk.settings, Role.IMPORT) as connection:
        build_figures(connection, "cijfers_0000000000ab")
        rows = connection.execute(
            "select gebied, waarde, rest, oordeel from publication.cijfers_0000000000ab where indicator = 'finale-vraag'"
            " and subsector = 'INDUSTRIE' and drager = 'ELEKTRICITEIT' and niveau in ('PROVINCIE', 'LAND') order by 1"
        ).fetchall()
        connection.rollback()
    assert rows == [("NL01", 9, 9, "SLUITEND_MET_REST"), ("PV28", 9, 9, "SLUITEND_MET_REST")]


def test_unknown_headings_are_told_with_sheet_row_and_column(refused, tmp_path):
    path = write(tmp_path, "Koersvaste Middenweg", 2030)
    change(path, "Municipality (ELEC, volume)", C5="Hauseholds", H4="Aanbod", J5=None)
    change(path, "Municipality (H2, volume)", G7=12, E5="Battery_households", E4="Demand")
    found = {(each.code, each.layer, each.row, each.column, each.value) for each in refused(path)}
    assert found >= {
        ("kop-onbekend", "Municipality (ELEC, volume)", 5, "C", "Hauseholds"),
        ("kop-onbekend", "Municipality (ELEC, volume)", 4, "H", "Aanbod"),
        ("kop-onvolledig", "Municipality (ELEC, volume)", 5, "J", None),
        ("kolom-zonder-kop", "Municipality (H2, volume)", 7, "G", "12"),
    }
    (first,) = [each for each in refused(path) if each.value == "Hauseholds"]
    assert first.file == path.name
    assert first.reason == "de bron zegt niet waar SECTOR 'Hauseholds' voor staat (bij TYPE Demand)"
    assert first.remedy.startswith("Bedoeld is Households?")


def test_a_gemeente_of_another_division_names_its_successor(refused, tmp_path):
    path = change(write(tmp_path, "Koersvaste Middenweg", 2030), "Municipality (H2, capacity)", A8="GM0501")
    (found, *_) = refused(path)
    assert (found.code, found.file, found.layer, found.row, found.column, found.value) == (
        "gebied-ongeldig",
        path.name,
        "Municipality (H2, capacity)",
        8,
        "A",
        "GM0501",
    )
    assert "Opgevolgd door GM1992 (per 2023-01-01)" in found.remedy


def test_a_sheet_with_another_name(refused, tmp_path):
    path = write(tmp_path, "Koersvaste Middenweg", 2030)
    book = openpyxl.load_workbook(path)
    book["Industry (H2, volume)"].title = "Industrie (H2, volume)"
    book.save(path)
    (found,) = refused(path)
    assert (found.code, found.file, found.layer) == ("werkblad-ontbreekt", path.name, "Industry (H2, volume)")
    assert "Industrie (H2, volume)" in found.reason


def test_names_of_files_that_do_not_tell_the_scenario_or_the_year(refused, tmp_path):
    right = write(tmp_path, "Koersvaste Middenweg", 2030)
    paths = [right.with_name(name) for name in ("Scenario Middenweg 2030 Gemeentendata.xlsx", "KM2030.xlsx")]
    for path in paths:
        path.write_bytes(right.read_bytes())
    found = {each.file: each for each in refused(right, *paths)}
    assert set(found) == {path.name for path in paths}
    reason = "de naam van het bestand noemt bij beeld 'Middenweg'; bekend zijn"
    assert found["Scenario Middenweg 2030 Gemeentendata.xlsx"].reason.startswith(reason)
    assert "Scenario Koersvaste Middenweg 2030 Gemeentendata.xlsx" in found["KM2030.xlsx"].remedy


def test_the_same_scenario_and_year_twice(refused, tmp_path):
    first = write(tmp_path, "Koersvaste Middenweg", 2030)
    second = first.with_name("Scenario KM 2030 Gemeentendata.xlsx")
    second.write_bytes(first.read_bytes())
    found = refused(first, second)
    assert {each.code for each in found} == {"dubbel-cijfer"}
    assert all(first.name in each.reason or second.name in each.reason for each in found)


def test_unreadable_and_missing_cells(refused, tmp_path):
    path = change(write(tmp_path, "Koersvaste Middenweg", 2030), "Municipality (ELEC, volume)", C7="veel", D8=None, J9="=A1*2")
    found = {(each.code, each.row, each.column) for each in refused(path)}
    assert ("formule-zonder-uitkomst", 9, "J") in found
    # Households and their heat pumps are one figure, of which a part is missing.
    assert ("getal-onleesbaar", 7, "C en 2 andere") in found
    assert ("som-onvolledig", 8, "C en 2 andere") in found


def test_peaks_that_would_be_added_are_refused(desk, source, tmp_path):
    path = change(write(tmp_path, "Koersvaste Middenweg", 2030), "Municipality (ELEC, capacity)", E5="Transport_car")
    with pytest.raises(RefusedImport) as refusal:
        import_source(desk.settings, source, recognise_given(source, [path]), Options())
    (found,) = [each for each in refusal.value.report.findings if each.code == "telt-niet-op"]
    assert "de kolommen D, E geven samen één cijfer" in found.reason


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"pattern": r"(?P<kleur>.+)\.xlsx", "example": "rood.xlsx"}, "kan kleur niet geven"),
        ({"pattern": r"(?P<jaar>\d{4})\.xlsx", "example": "twintig.xlsx"}, "example past niet"),
        ({"pattern": r"(?P<jaar>\d{4})\.xlsx", "example": "2030.xlsx", "values": {"beeld": {}}}, "geen groep"),
    ],
)
def test_a_declared_name_that_cannot_be_right(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        FromName(**wrong)
