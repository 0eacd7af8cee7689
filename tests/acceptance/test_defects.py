"""Every defect that the README of the real data names is told by `import --all`: found in the files, or known of the source."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.ingest.report import Finding, Report
from app.settings import Settings

from ..conftest import DATA, Netherlands
from ..running import run_command

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.is_dir(), reason="de echte gegevens (../shared/data) staan niet op deze machine"),
]

ZEELAND_TWICE = {
    "grondwaterbeschermingszone": 4,
    "stiltegebied_a": 15,
    "stiltegebied_b": 85,
    "ganzenrustgebied": 18,
    "invloedsgebied": 35,
    "beheergebied_brandganzen": 1,
    "buiten_bebouwde_kom": 88,
    "norm_wateroverlast": 80,
}


@dataclass(frozen=True)
class Found:
    """So many findings of a code, of which some part is looked at."""

    code: str
    parts: list[object]
    look: Callable[[Finding], object] = lambda finding: finding.file

    def holds(self, report: Report) -> bool:
        seen = [self.look(each) for each in report.findings if each.code == self.code]
        return sorted(map(str, filter(None, seen))) == sorted(map(str, self.parts))


@dataclass(frozen=True)
class Known:
    """A sentence on the source that the report repeats."""

    words: str

    def holds(self, report: Report) -> bool:
        return any(self.words in " ".join(defect.split()) for defect in report.known_defects)


def reason_with(words: str) -> Callable[[Finding], str | None]:
    return lambda finding: words if words in finding.reason else None


CHARGING = "laadpunten_publiek_2026.csv.gz"

# What the README says · the source · how the report says it.
DEFECTS = [
    ("(34 holes, 2 688 km²)", "cbs-gemeenten-2025", Found("gaten", ["34 stukken"], reason_with("34 stukken"))),
    ("(34 holes, 2 688 km²)", "cbs-gemeenten-2025", Found("gaten", ["2688.0 km²"], reason_with("2688.0 km²"))),
    ("Eight names carry a suffix", "cbs-gemeenten-2025", Known("Acht namen hebben een achtervoegsel")),
    ("No provincie column", "cbs-gemeenten-2025", Known("De provincie ontbreekt")),
    ("six names lack the suffix they have in 2025", "cbs-gemeenten-2022", Known("Zes gemeenten missen het achtervoegsel")),
    ("Weesp (GM0457) merged into Amsterdam", "cbs-gemeenten-2022", Known("Weesp, Brielle, Hellevoetsluis en Westvoorne")),
    ("**misnamed: holds the provincie name**", "cbs-provincies-2025", Known("kolom die 'gemeente' heet")),
    ("provincie names without spaces or hyphen", "wri-centrales-en-windparken-2017", Known("Provincies staan zonder spatie")),
    ("sometimes a town or a sea area", "wri-centrales-en-windparken-2017", Known("soms staat er een plaats of zeegebied")),
    (
        "the 12 `PotOnshore` rows (no capacity)",
        "wri-centrales-en-windparken-2017",
        Found("uitgesloten", 12 * ["PotOnshore"], lambda each: each.value if each.value == "PotOnshore" else None),
    ),
    (
        '"Remaining…" rows (two of them without coordinates)',
        "wri-centrales-en-windparken-2017",
        Found(
            "uitgesloten",
            ["RemainingGas", "RemainingCoal2017TenneT"],
            lambda each: each.value if str(each.value).startswith("Remaining") else None,
        ),
    ),
    ("the list of stations is incomplete", "wri-centrales-en-windparken-2017", Known("De lijst is onvolledig")),
    (
        "FLEVO and Maxima share one coordinate",
        "wri-centrales-en-windparken-2017",
        Found("zelfde-punt", ["gascentrales_2017.csv"], lambda each: each.file if "gas" in each.file else None),
    ),
    ("three gas stations name TenneT as owner", "wri-centrales-en-windparken-2017", Known("Bij drie gascentrales staat TenneT")),
    (
        "24 `PotField`/`PotRoof` rows are model place-holders",
        "zenmo-zonneparken-2018",
        Found("uitgesloten", 24 * ["zonneparken_2017_2018.csv"]),
    ),
    ("Far from complete (583 MW in total)", "zenmo-zonneparken-2018", Known("verre van volledig; het totaal is 583 MWp")),
    ("The sources had no .prj", "rws-wind-op-zee-2019", Known("hadden geen .prj")),
    ("Area columns in degrees² (`Shape_Area`) are useless", "rws-wind-op-zee-2019", Known("zijn in graden en worden niet gebruikt")),
    ("**volt, as text, often a list**", "osm-hoogspanningsnet-2016", Known("De spanning staat in volt als tekst, vaak als lijst")),
    ("most are empty", "osm-hoogspanningsnet-2016", Known("De meeste kenmerken zijn leeg")),
    ('operator "TenneT" in several spellings', "osm-hoogspanningsnet-2016", Known("TenneT komt in verschillende spellingen voor")),
    ("**Schematic positions**: up to several km off", "entsoe-transmissienet-2022", Known("De posities zijn schematisch")),
    ("`tags` is hstore text", "entsoe-transmissienet-2022", Known("hstore-tekst")),
    ("**no geometry**", "tennet-stations-2020", Known("De lijst met kenmerken heeft geen geometrie")),
    (
        "**no geometry**",
        "tennet-stations-2020",
        Found("zonder-partner", 325 * ["x"], lambda each: "x" if "attributen" in each.file else None),
    ),
    ("411 repeated `locationId`", "ndw-laadpunten-2026", Found("dubbele-sleutel", (411 - 147) * [CHARGING])),
    ("(147 rows fully identical)", "ndw-laadpunten-2026", Found("dubbele-rij", 147 * [CHARGING])),
    ("`maxPowerKw` = 0 (unknown) in 50 %", "ndw-laadpunten-2026", Known("Het laadvermogen is van de helft onbekend (0)")),
    (
        "one value of 7 590 kW",
        "ndw-laadpunten-2026",
        Found("waarde-onjuist", ["7590"], lambda each: each.value if each.value == "7590" else None),
    ),
    ("price missing in 53 %; a few addresses empty", "ndw-laadpunten-2026", Known("De prijs ontbreekt bij 53 %, het adres bij enkele")),
    (
        "are two identical slivers of nearly zero area",
        "krw-rijkswateren-2018",
        Found("uitgesloten", ["IJssel", "Twenthekanalen"], lambda each: each.value),
    ),
    ("`peil` is 0 where unknown", "krw-rijkswateren-2018", Known("Een waterpeil van 0 betekent onbekend")),
    ("northern half of the country only", "krw-rijkswateren-2018", Known("Alleen de noordelijke helft")),
    ("(Waddenzee and Noordzeekustzone **missing**)", "natura-2000-2026", Found("aantal", ["natura2000_2026.gpkg"])),
    ("(Waddenzee and Noordzeekustzone **missing**)", "natura-2000-2026", Known("Waddenzee en Noordzeekustzone ontbreken")),
    ("36 invalid MultiPolygons", "natura-2000-2026", Found("geometrie-ongeldig", 36 * ["natura2000_2026.gpkg"])),
    ("the source had lost which rings were holes", "natura-2000-2026", Known("even-onevenregel hersteld")),
    ("Some areas lie wholly at sea", "natura-2000-2026", Known("Enkele gebieden liggen geheel op zee")),
    (
        "**every polygon occurs twice** with a different id",
        "zeeland-omgevingsverordening-2023",
        Found("dubbele-geometrie", [layer for layer, count in ZEELAND_TWICE.items() for _ in range(count)], lambda each: each.layer),
    ),
    ("(47 896 ha, of which 1 865 ha inside one)", "zeeland-omgevingsverordening-2023", Known("47 896 ha, waarvan 1 865 ha")),
    ("**one huge MultiPolygon per layer**", "limburg-waterschapsverordening-2025", Known("één zeer groot vlak (tot 168 533 punten)")),
    ("four layers of an example project decision", "geonovum-projectbesluit-2020", Known("Het is voorbeeldmateriaal")),
]


@pytest.mark.parametrize(("words", "bron", "told"), DEFECTS, ids=[f"{bron}: {words}" for words, bron, _ in DEFECTS])
def test_a_named_defect_is_told(netherlands: Netherlands, words, bron, told):
    readme = " ".join((DATA / "README.md").read_text(encoding="utf-8").split())
    assert words in readme
    assert told.holds(netherlands.reports[bron])


def test_the_command_prints_what_the_reports_hold(netherlands):
    for report in netherlands.reports.values():
        assert f"({report.bron}): opgeslagen" in netherlands.imported
        for defect in report.known_defects:
            assert f"Bekend gebrek: {' '.join(defect.split())}" in netherlands.imported
        for total in report.totals:
            assert re.search(rf"{total.ernst} +│ {total.code} ", netherlands.imported)


INVALID_GROF = {"GM0293", "GM0402", "GM0599", "GM1892", "GM1942"}
RES_REGIOS = """
title: RES-regio's, eerste editie
description: Zonder .prj.
publisher: Nationaal Programma RES
license: https://creativecommons.org/publicdomain/zero/1.0/
homepage: https://example.org/
peildatum: 2019-01-01
files:
  regios: {pattern: res_regios_2019_zonder_prj.zip, format: shapefile}
datasets:
  - file: regios
    collection: regios-2019
    key: [OBJECTID]
    geometry: polygon
    columns: {naam: {source: Regio}}
"""


def test_coarse_gemeenten_are_refused_for_their_five_invalid_geometries(database_settings: Settings):
    path = DATA / "grenzen" / "gemeenten_2023_grof.geojson"
    outcome = run_command(database_settings, "import", "cbs-gemeenten-2025", "--file", path)
    assert outcome.returncode == 1
    report = Report.model_validate_json((database_settings.home / "verslagen" / "cbs-gemeenten-2025.json").read_text(encoding="utf-8"))
    assert report.outcome == "geweigerd"
    codes = re.findall(r'"statcode": *"(GM\d{4})"', path.read_text(encoding="utf-8"))
    assert {codes[each.row - 1] for each in report.findings if each.code == "geometrie-ongeldig"} == INVALID_GROF


def test_res_regios_without_prj_are_refused_with_every_fault_named(database_settings: Settings, tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "res-regios-2019.yaml").write_text(RES_REGIOS, encoding="utf-8")
    settings = database_settings.model_copy(update={"seed": (tmp_path,)})
    outcome = run_command(settings, "import", "res-regios-2019", "--file", DATA / "grenzen" / "res_regios_2019_zonder_prj.zip")
    assert outcome.returncode == 1
    for code in ("crs-ontbreekt", "geometrie-ongeldig"):
        assert re.search(rf"fout +│ {code} ", outcome.stdout)
