"""Figures as a province or region would deliver them: a Dutch CSV, a workbook, and every mistake once."""

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from app.ingest.cijfers import storing
from app.ingest.importing import Options
from app.ingest.report import Ernst
from app.ingest.source import Source
from app.problems import ImportFault

ENERGIEBEELD = {"id": "NL01-2026-0.1", "gebied": "NL01", "ronde": "2026", "versie": "0.1", "status": "CONCEPT", "opsteller": "Rijk"}
BASE = {
    "gebied": "0518",
    "indicator": "finale-vraag",
    "drager": "ELEKTRICITEIT",
    "subsector": "WONINGEN",
    "techniek": "",
    "richting": "",
    "jaar": "2023",
    "beeld": "HUIDIG",
    "waarde": "12,5",
    "eenheid": "GWh",
    "ondergrens": "",
    "bovengrens": "",
    "soort": "REALISATIE",
    "herkomst": "AANVULLING_GEBIED",
    "kwaliteit": "GESCHAT",
    "methode": "",
    "reden_leeg": "",
}
GROUND = """
with gemaakt as (
  insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)
  values ('grond', 'Grond', 'Niemand', 'https://example.org/', 'https://example.org/', '2025-01-01', '[]', '{}') returning id
), gebied as (
  insert into facts.gebied (levering_id, code, soort, naam, geldig_vanaf, geldig_tot)
  select id, code, 'GEMEENTE', naam, van::date, tot::date from gemaakt, (values
    ('GM0014', 'Groningen', '2022-01-01', null), ('GM0518', 'Den Haag', '2022-01-01', null),
    ('GM0599', 'Rotterdam', '2022-01-01', null),
    ('GM0501', 'Brielle', '2022-01-01', '2023-01-01'), ('GM1992', 'Voorne aan Zee', '2023-01-01', null)) as g(code, naam, van, tot)
), relatie as (
  insert into facts.gebied_relatie (levering_id, kind_code, ouder_code, ouder_soort, ouder_naam, geldig_vanaf, geldig_tot)
  select id, 'GM0518', code, soort, code, '2022-01-01', null
  from gemaakt, (values ('PV28', 'PROVINCIE'), ('ES27', 'REGIO')) as p(code, soort)
), opvolging as (
  insert into facts.gebied_opvolging (levering_id, oud, nieuw, datum, soort, aandeel, grondslag)
  select id, 'GM0501', 'GM1992', '2023-01-01', 'FUSIE', 1, 'GEHEEL' from gemaakt
) select id from gemaakt
"""
STORED = "select {} from facts.current_cijfer order by gebied, indicator, drager, subsector, techniek, jaar, beeld"


@dataclass(frozen=True)
class Bureau:
    """A steward with figures: writes leveringen, imports them, and looks at what was stored."""

    steward: object
    folder: Path

    def source(self, figures=None, dataset=None, **more):
        declared = {
            "energiebeeld": "NL01-2026-0.1",
            "form": "levering",
            "gebied": {"column": "gebied", "prefix": "GM"},
            "decimal": ",",
            **(figures or {}),
        }
        fields = {
            "id": "proef",
            "title": "Proeflevering",
            "description": "Cijfers",
            "publisher": "Niemand",
            "license": "https://example.org/",
            "homepage": "https://example.org/",
            "peildatum": "2025-06-01",
            "energiebeelden": [ENERGIEBEELD],
            "files": {"bestand": {"pattern": "*", "format": "csv", "delimiter": ";"}},
            "datasets": [{"file": "bestand", "facts": "cijfer", "figures": declared, **(dataset or {})}],
        }
        return Source(**{**fields, **more})

    def csv(self, *rows, encoding="utf-8"):
        """Write rows of the generic levering, each told by how it differs from an ordinary one."""
        names = list(BASE)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow(names)
        writer.writerows([{**BASE, **row}[name] for name in names] for row in rows)
        path = self.folder / "levering.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        return path

    def text(self, content, name="levering.csv"):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def deliver(self, path, source=None, options=None):
        return self.steward.deliver(source or self.source(), path, options)

    def refused(self, path, source=None):
        return self.steward.refused(source or self.source(), path)

    def stored(self, columns):
        return self.steward.query(STORED.format(columns))


@pytest.fixture
def bureau(steward, tmp_path):
    steward.query(GROUND)
    return Bureau(steward, tmp_path)


class TestDutchCsv:
    def test_windows_characters_decimal_comma_and_a_code_that_is_text(self, bureau):
        rows = [
            {
                "waarde": "1.234.567,5",
                "methode": "geïnterpoleerd (€ 2,50 per m²)",
                "ondergrens": "1.000.000,0",
                "bovengrens": "1.300.000,25",
            },
            {"gebied": "GM0014", "waarde": "", "reden_leeg": "ONTHULLING"},
            {"gebied": "PV28", "waarde": "0"},
        ]
        source = bureau.source(files={"bestand": {"pattern": "*", "format": "csv", "delimiter": ";", "encoding": "cp1252"}})
        report = bureau.deliver(bureau.csv(*rows, encoding="cp1252"), source)
        assert report.outcome == "opgeslagen"
        columns = "gebied, waarde, ondergrens, bovengrens, waarde_bron, eenheid_bron, methode, reden_leeg, indeling"
        day = dt.date(2023, 1, 1)
        assert bureau.stored(columns) == [
            ("GM0014", None, None, None, None, "GWh", None, "ONTHULLING", day),
            ("GM0518", 4444443.0, 3600000.0, 4680000.9, 1234567.5, "GWh", "geïnterpoleerd (€ 2,50 per m²)", None, day),
            ("PV28", 0.0, None, None, 0.0, "GWh", None, None, day),
        ]

    def test_columns_in_any_order_and_the_source_gives_what_is_left_out(self, bureau):
        path = bureau.text("waarde;jaar;indicator;gebied\n12,5;2023;finale-vraag;0518\n")
        given = {"soort": "REALISATIE", "herkomst": "CONCEPT_RIJK", "kwaliteit": "GEMETEN", "eenheid": "TJ", "subsector": "DIENSTEN"}
        bureau.deliver(path, bureau.source(given))
        assert bureau.stored("gebied, subsector, drager, waarde, soort, herkomst, kwaliteit, beeld") == [
            ("GM0518", "DIENSTEN", "", 12.5, "REALISATIE", "CONCEPT_RIJK", "GEMETEN", "HUIDIG")
        ]

    def test_thousands_that_are_declared(self, bureau):
        bureau.deliver(bureau.csv({"waarde": "1.234", "eenheid": "TJ"}), bureau.source({"thousands": "."}))
        assert bureau.stored("waarde") == [(1234.0,)]

    def test_the_energiebeeld_with_its_beelden(self, bureau):
        later = [
            {"code": "HUIDIG", "naam": "Huidig", "soort": "HUIDIG"},
            {"code": "II3050V3_KM", "naam": "Koersvaste Middenweg", "soort": "TOEKOMST"},
        ]
        source = bureau.source(energiebeelden=[{**ENERGIEBEELD, "beelden": later}])
        bureau.deliver(bureau.csv({"jaar": "2050", "beeld": "II3050V3_KM", "soort": "BEELD"}), source)
        assert bureau.steward.query("select id, status, opsteller, grondslag, peildatum from facts.current_energiebeeld") == [
            ("NL01-2026-0.1", "CONCEPT", "Rijk", [], dt.date(2025, 6, 1))
        ]
        assert bureau.steward.query("select code, soort from facts.current_beeld order by code") == [
            ("HUIDIG", "HUIDIG"),
            ("II3050V3_KM", "TOEKOMST"),
        ]
        # A figure of later is of the division that was known at the peildatum.
        assert bureau.stored("jaar, indeling") == [(2050, dt.date(2025, 1, 1))]
        assert bureau.steward.query("select facts, rows from facts.levering_facts") == [("cijfer", 1)]

    def test_every_spelling_of_nothing_has_its_meaning(self, bureau):
        empty = {".": "ONTHULLING", "-": "NUL", "x": "GEEN_RIJ"}
        rows = [{"waarde": "."}, {"gebied": "0014", "waarde": "-"}, {"gebied": "0599", "waarde": "x"}]
        bureau.deliver(bureau.csv(*rows), bureau.source({"empty": empty}))
        assert bureau.stored("gebied, waarde, reden_leeg") == [("GM0014", 0.0, None), ("GM0518", None, "ONTHULLING")]


class TestWorkbook:
    def workbook(self, folder):
        book = openpyxl.Workbook()
        wide = book.active
        wide.title = "Vraag"
        wide.append(["Gemeente", "stroom", "gas", "hout", "pellets"])
        wide.append(["0518", 100.5, 20, 1.25, 2])
        wide.append([None, None, None, None, None])
        wide.append(["0014", 7, None, 0, 0.5])
        long = book.create_sheet("Opwek")
        long.append(["gebied", "indicator", "techniek", "jaar", "waarde", "eenheid", "reden_leeg"])
        long.append(["GM0518", "opgesteld-vermogen", "WIND_LAND", 2023, "3,5", "MW", None])
        long.append(["GM0014", "opgesteld-vermogen", "WIND_LAND", 2023, None, "MW", "ONBEKEND"])
        book.save(folder / "levering.xlsx")
        return folder / "levering.xlsx"

    def source(self, bureau):
        common = {
            "energiebeeld": "NL01-2026-0.1",
            "soort": "REALISATIE",
            "herkomst": "CONCEPT_RIJK",
            "kwaliteit": "GEMETEN",
            "decimal": ",",
        }
        wide = {
            **common,
            "gebied": {"column": "Gemeente", "prefix": "GM"},
            "jaar": 2023,
            "eenheid": "TJ",
            "subsector": "WONINGEN",
            "measures": [
                {"column": "stroom", "indicator": "finale-vraag", "drager": "ELEKTRICITEIT"},
                {"column": "gas", "indicator": "finale-vraag", "drager": "AARDGAS"},
                {"samen": ["hout", "pellets"], "indicator": "finale-vraag", "drager": "BIOMASSA_VAST"},
            ],
        }
        datasets = [
            {"file": "bestand", "layer": "Vraag", "facts": "cijfer", "figures": wide},
            {"file": "bestand", "layer": "Opwek", "facts": "cijfer", "figures": {**common, "form": "levering"}},
        ]
        return bureau.source(files={"bestand": {"pattern": "*", "format": "xlsx"}}, datasets=datasets)

    def test_a_dataset_for_each_sheet(self, bureau, tmp_path):
        report = bureau.deliver(self.workbook(tmp_path), self.source(bureau))
        assert [(each.layer, each.read, each.stored) for each in report.datasets] == [("Vraag", 2, 5), ("Opwek", 2, 2)]
        assert bureau.stored("gebied, indicator, drager, techniek, waarde, reden_leeg") == [
            ("GM0014", "finale-vraag", "BIOMASSA_VAST", "", 0.5, None),
            ("GM0014", "finale-vraag", "ELEKTRICITEIT", "", 7.0, None),
            ("GM0014", "opgesteld-vermogen", "", "WIND_LAND", None, "ONBEKEND"),
            ("GM0518", "finale-vraag", "AARDGAS", "", 20.0, None),
            ("GM0518", "finale-vraag", "BIOMASSA_VAST", "", 3.25, None),
            ("GM0518", "finale-vraag", "ELEKTRICITEIT", "", 100.5, None),
            ("GM0518", "opgesteld-vermogen", "", "WIND_LAND", 3.5, None),
        ]

    def test_faults_name_sheet_and_row(self, bureau, tmp_path):
        path = self.workbook(tmp_path)
        book = openpyxl.load_workbook(path)
        book["Vraag"]["A4"] = 14
        book["Vraag"]["B2"] = "=C2*2"
        book["Opwek"]["B2"] = "opgesteld vermogen"
        book.save(path)
        report = bureau.refused(path, self.source(bureau))
        faults = {(each.code, each.layer, each.row, each.column, each.value) for each in report.findings if each.ernst is Ernst.FOUT}
        assert faults == {
            ("formule-zonder-uitkomst", "Vraag", 2, "stroom", "=C2*2"),
            ("gebied-ongeldig", "Vraag", 4, "Gemeente", "14"),
            ("onbekende-code", "Opwek", 2, "indicator", "opgesteld vermogen"),
        }

    def test_a_sheet_that_is_not_there(self, bureau, tmp_path):
        book = openpyxl.Workbook()
        book.save(tmp_path / "levering.xlsx")
        report = bureau.refused(tmp_path / "levering.xlsx", self.source(bureau))
        assert [(each.code, each.layer) for each in report.findings] == [("werkblad-ontbreekt", "Vraag"), ("werkblad-ontbreekt", "Opwek")]

    def test_a_bomb(self, bureau, tmp_path, findings_of):
        with zipfile.ZipFile(tmp_path / "levering.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", "<workbook/>")
            packed.writestr("xl/worksheets/sheet1.xml", bytes(20 * 1024**2))
        assert findings_of(bureau.refused(tmp_path / "levering.xlsx", self.source(bureau)), "zip-bom")

    @pytest.mark.parametrize("content", [b"gebied;waarde\n", b"PK\x03\x04 afgebroken", b"\xd0\xcf\x11\xe0 oud", b""])
    def test_something_else_with_the_right_name(self, bureau, tmp_path, content):
        (tmp_path / "levering.xlsx").write_bytes(content)
        report = bureau.refused(tmp_path / "levering.xlsx", self.source(bureau))
        assert {each.code for each in report.findings} <= {"ander-soort-bestand", "bestand-afgebroken", "bestand-leeg"}


FAULTS = [
    (
        {"indicator": "finale_vraag"},
        "onbekende-code",
        "indicator",
        "finale_vraag",
        "niet in de lijst indicator",
        "Bedoeld is finale-vraag?",
    ),
    ({"drager": "STROOM"}, "onbekende-code", "drager", "STROOM", "niet in de lijst energiedrager", "Bekend zijn AARDGAS"),
    ({"drager": "TOTAAL"}, "code-van-de-service", "drager", "TOTAAL", "niet geleverd maar berekend", "Laat drager leeg"),
    ({"subsector": "HUIZEN"}, "onbekende-code", "subsector", "HUIZEN", "niet in de lijst subsector", "Bekend zijn"),
    ({"techniek": "ZON"}, "onbekende-code", "techniek", "ZON", "niet in de lijst techniek", "Een bron kan codes vertalen"),
    ({"richting": "op"}, "onbekende-code", "richting", "op", "niet in de lijst richting", "Bekend zijn"),
    ({"soort": "GEMETEN"}, "onbekende-code", "soort", "GEMETEN", "niet in de lijst soort", "Bekend zijn"),
    ({"herkomst": ""}, "waarde-ontbreekt", "herkomst", "", "herkomst ontbreekt", "Vul de code in"),
    ({"herkomst": "AFGELEID"}, "code-van-de-service", "herkomst", "AFGELEID", "niet geleverd maar berekend", "andere herkomst"),
    ({"kwaliteit": "GOED"}, "onbekende-code", "kwaliteit", "GOED", "niet in de lijst kwaliteit", "Bekend zijn"),
    (
        {"beeld": "II3050V3_KM"},
        "onbekend-beeld",
        "beeld",
        "II3050V3_KM",
        "heeft geen beeld met deze code; wel: HUIDIG",
        "beschrijf het beeld",
    ),
    (
        {"indicator": "inwoners", "eenheid": "aantal", "subsector": ""},
        "dimensie-past-niet",
        "drager",
        "ELEKTRICITEIT",
        "niet gesplitst naar drager",
        "Laat drager leeg",
    ),
    ({"soort": "BEELD"}, "soort-past-niet", "soort", "BEELD", "hoort niet bij dit beeld", "Een realisatie hoort bij het huidige beeld"),
    ({"eenheid": "MW"}, "eenheid-past-niet", "eenheid", "MW", "MW", "Lever dit cijfer in TJ"),
    ({"eenheid": "furlong"}, "eenheid-past-niet", "eenheid", "furlong", "furlong", "Lever dit cijfer in TJ"),
    ({"eenheid": ""}, "waarde-ontbreekt", "eenheid", "", "eenheid ontbreekt", "Vul de code in"),
    ({"jaar": "volgend jaar"}, "jaar-onjuist", "jaar", "volgend jaar", "het jaar is niet te lezen", "2023JJ00"),
    ({"jaar": "2024KW01"}, "jaar-onjuist", "jaar", "2024KW01", "het jaar is niet te lezen", "2023JJ00"),
    ({"jaar": "2060", "soort": "PLAN_VASTGESTELD"}, "jaar-onjuist", "jaar", "2060", "tussen 1990 en 2050", "2023JJ00"),
    ({"jaar": "2026"}, "jaar-onjuist", "jaar", "2026", "een realisatie kan niet van na de peildatum (2025-06-01) zijn", "2023JJ00"),
    (
        {"gebied": "0501"},
        "gebied-ongeldig",
        "gebied",
        "0501",
        "van 2022-01-01 tot 2023-01-01, niet op 2023-01-01",
        "Opgevolgd door GM1992 (per 2023-01-01)",
    ),
    (
        {"gebied": "GM1992", "jaar": "2022"},
        "gebied-ongeldig",
        "gebied",
        "GM1992",
        "geldt vanaf 2023-01-01, niet op 2022-01-01",
        "Toen bestonden nog GM0501. Gebruik de code van de indeling van dat jaar",
    ),
    ({"gebied": "518"}, "gebied-ongeldig", "gebied", "518", "er is geen gebied met deze code", "GMdddd"),
    ({"gebied": ""}, "waarde-ontbreekt", "gebied", "", "gebied ontbreekt", "Vul de code"),
    ({"gebied": "WK051801"}, "onder-gemeente", "gebied", "WK051801", "onder het niveau gemeente", "Tel ze op"),
    ({"gebied": "BU05180100"}, "onder-gemeente", "gebied", "BU05180100", "onder het niveau gemeente", "Tel ze op"),
    ({"gebied": "2511 AB"}, "onder-gemeente", "gebied", "2511 AB", "onder het niveau gemeente", "Tel ze op"),
    ({"waarde": "1.234"}, "getal-dubbelzinnig", "waarde", "1.234", "kan 1234 zijn of 1,234", "`thousands`"),
    ({"waarde": "1.5"}, "getal-onleesbaar", "waarde", "1.5", "het decimaalteken is hier een komma", "Schrijf een getal"),
    ({"waarde": "veel"}, "getal-onleesbaar", "waarde", "veel", "niet te lezen als getal", "Schrijf een getal"),
    ({"waarde": "-1"}, "waarde-te-klein", "waarde", "-1", "kleiner dan 0", "Controleer het teken"),
    ({"waarde": ""}, "waarde-of-reden", "waarde", "", "ontbreekt zonder reden_leeg", "het een of het ander"),
    ({"reden_leeg": "ONBEKEND"}, "waarde-of-reden", "waarde", "12,5", "een waarde én een reden_leeg", "het een of het ander"),
    ({"waarde": "", "reden_leeg": "GEHEIM"}, "onbekende-code", "reden_leeg", "GEHEIM", "niet in de lijst reden-leeg", "ONTHULLING"),
    ({"ondergrens": "13"}, "grenzen-onjuist", "waarde", "12,5", "ligt niet tussen", "Verbeter de waarde of de grenzen"),
    ({"bovengrens": "1.234"}, "getal-dubbelzinnig", "waarde", "12,5", "bovengrens: het getal is dubbelzinnig", "`thousands`"),
    (
        {"bovengrens": "circa 15"},
        "getal-onleesbaar",
        "waarde",
        "12,5",
        "bovengrens: de waarde is niet te lezen als getal",
        "Schrijf een getal",
    ),
]


@pytest.mark.parametrize("mistake", FAULTS, ids=[f"{each[1]} {each[3]}" for each in FAULTS])
def test_every_mistake_once(bureau, findings_of, mistake):
    wrong, code, column, value, reason, remedy = mistake
    report = bureau.refused(bureau.csv({"gebied": "0014"}, wrong))
    (found,) = findings_of(report, code)
    assert (found.file, found.row, found.column, found.value or "") == ("levering.csv", 3, column, value)
    assert reason in found.reason
    assert remedy in found.remedy


def test_all_mistakes_are_told_at_once(bureau):
    report = bureau.refused(bureau.csv(*(wrong for wrong, *_ in FAULTS)))
    told = {(each.code, each.row) for each in report.findings}
    assert {(each[1], row) for row, each in enumerate(FAULTS, start=2)} <= told


def test_a_figure_that_is_there_twice_names_both_rows(bureau, findings_of):
    report = bureau.refused(bureau.csv({}, {"gebied": "0014"}, {"waarde": "13"}))
    (found,) = findings_of(report, "dubbel-cijfer")
    assert (found.row, found.value) == (4, "13")
    assert found.reason.startswith("dit cijfer staat er al: rij 2, kolom waarde (gebied GM0518; indicator finale-vraag")


def test_columns_add_up_only_when_that_is_declared(bureau, findings_of):
    path = bureau.text("gm;a;b\n0518;1;2\n")
    measure = {"indicator": "finale-vraag", "eenheid": "TJ"}
    table = {
        "form": "tabel",
        "gebied": {"column": "gm", "prefix": "GM"},
        "jaar": 2023,
        "soort": "REALISATIE",
        "herkomst": "CONCEPT_RIJK",
        "kwaliteit": "GEMETEN",
    }
    report = bureau.refused(path, bureau.source({**table, "measures": [{**measure, "column": "a"}, {**measure, "column": "b"}]}))
    (found,) = findings_of(report, "dubbel-cijfer")
    assert (found.row, found.column) == (2, "b")
    assert "rij 2, kolom a" in found.reason
    assert "`samen`" in found.remedy
    together = bureau.source({**table, "measures": [{**measure, "samen": ["a", "b"]}]})
    bureau.deliver(path, together)
    assert bureau.stored("waarde") == [(3.0,)]
    report = bureau.refused(bureau.text("gm;a;b\n0518;1;\n"), together)
    assert [each.row for each in findings_of(report, "som-onvolledig")] == [2]


def test_a_code_of_the_source_itself_is_reported_once(bureau, findings_of):
    path = bureau.text("gebied;indicator;jaar;waarde\n0518;finale-vraag;2023;1\n0014;finale-vraag;2023;1\n")
    source = bureau.source({"soort": "REALISATIE", "herkomst": "CONCEPT_RIJK", "kwaliteit": "MATIG", "eenheid": "TJ"})
    (found,) = findings_of(bureau.refused(path, source), "onbekende-code")
    assert (found.row, found.column, found.value) == (None, "kwaliteit (in de bron)", "MATIG")


def test_what_is_no_text_is_not_stored(bureau, findings_of):
    report = bureau.refused(bureau.csv({"gebied": "0014", "methode": "lang" * 2000}, {"methode": "geschat\x00"}))
    (found,) = findings_of(report, "tekst-onbruikbaar")
    assert (found.row, found.column) == (3, "methode")


def test_a_file_with_only_a_header(bureau, findings_of):
    assert findings_of(bureau.refused(bureau.csv()), "geen-cijfers")


def test_a_column_that_nobody_knows(bureau, findings_of):
    report = bureau.refused(bureau.text("gebied;indicator;jaar;waarde;subsektor\n"))
    (found,) = findings_of(report, "kolom-onbekend")
    assert (found.row, found.column) == (1, "subsektor")
    report = bureau.refused(bureau.text("gebied;indicator;jaar\n"))
    assert [each.column for each in findings_of(report, "kolom-ontbreekt")] == ["waarde"]


class TestWrongUnit:
    """12.5 GWh is 45 TJ: delivered as 12.5 TJ it is 1/3.6 of it."""

    def test_against_the_previous_levering(self, bureau, findings_of):
        bureau.deliver(bureau.csv({}))
        wrong = bureau.csv({"eenheid": "TJ"})
        (found,) = findings_of(bureau.refused(wrong), "verhouding-verdacht")
        assert (found.row, found.column, found.value) == (2, "waarde", "12,5")
        assert found.reason == "de waarde is 1/3.6 van de waarde in de vorige levering: GWh en TJ verwisseld?"
        assert "--confirm" in found.remedy
        report = bureau.deliver(wrong, options=Options(confirm=True))
        assert report.warnings == 1
        assert bureau.stored("waarde") == [(12.5,)]

    def test_against_the_year_before(self, bureau, findings_of):
        path = bureau.csv({}, {"jaar": "2024", "eenheid": "MWh", "waarde": "13000"}, {"jaar": "2025", "eenheid": "kWh", "waarde": "13100"})
        (found,) = findings_of(bureau.refused(path), "verhouding-verdacht")
        assert (found.row, found.value) == (4, "13100")
        assert found.reason == "de waarde is 1/992 van de waarde in het jaar daarvoor: een factor 1000 in de eenheid?"

    def test_a_gemeente_that_stands_out_among_steady_ones(self, bureau, findings_of):
        codes = ["0014", "0518", "0599"]
        before = [{"gebied": code, "waarde": "100"} for code in codes]
        after = [{"gebied": code, "waarde": "101" if code != "0518" else "365", "jaar": "2024"} for code in codes]
        (found,) = findings_of(bureau.refused(bureau.csv(*before, *after)), "verhouding-verdacht")
        assert found.row == 6

    def test_growth_is_no_wrong_unit(self, bureau):
        solar = {"indicator": "opgesteld-piekvermogen", "drager": "", "subsector": "", "techniek": "ZON_VELD", "eenheid": "MWp"}
        report = bureau.deliver(bureau.csv({**solar, "waarde": "10"}, {**solar, "waarde": "36", "jaar": "2024"}))
        assert report.warnings == 0


class TestAccount:
    def test_sums_close(self, bureau):
        rows = [{"waarde": "0,1", "eenheid": "TJ"}, {"gebied": "0014", "waarde": "0,2", "eenheid": "TJ"}, {"gebied": "ES27", "waarde": "7"}]
        exclude = [{"column": "gebied", "matches": "ES.*", "reason": "Regio's tellen wij zelf op."}]
        report = bureau.deliver(bureau.csv(*rows), bureau.source(dataset={"exclude": exclude}))
        (sums,) = report.sums
        assert (sums.indicator, sums.eenheid, sums.count, sums.stored_count) == ("finale-vraag", "TJ", 3, 2)
        assert (sums.delivered, sums.stored, sums.difference) == (pytest.approx(25.5), pytest.approx(0.3), 0.0)
        assert [(each.reason, each.count, each.total) for each in sums.rejected] == [
            ("Regio's tellen wij zelf op.", 1, pytest.approx(25.2))
        ]
        kept = bureau.steward.query("select report->'sums'->0->>'stored_count' from facts.levering where bron = 'proef'")
        assert kept == [("2",)]

    def test_a_refused_levering_stored_nothing(self, bureau):
        (sums,) = bureau.refused(bureau.csv({"eenheid": "TJ"}, {"gebied": "0014", "eenheid": "TJ", "waarde": "-1"})).sums
        assert (sums.stored_count, sums.stored, sums.delivered) == (0, 0.0, 11.5)
        assert {(each.reason, each.count, each.total) for each in sums.rejected} == {
            ("waarde-te-klein", 1, -1.0),
            ("de levering is geweigerd", 1, 12.5),
        }

    def test_years_whose_division_is_not_loaded_are_left_out_and_counted(self, bureau):
        report = bureau.deliver(bureau.csv({}, {"jaar": "2019"}, {"jaar": "2019", "gebied": "GM0003"}))
        (found,) = [each for each in report.findings if each.code == "indeling-niet-geladen"]
        assert found.reason == "de indeling in gemeenten van 2019-01-01 is niet geladen: 2 cijfers niet opgeslagen"
        assert bureau.stored("jaar") == [(2023,)]

    def test_nothing_left_is_a_fault(self, bureau, findings_of):
        report = bureau.refused(bureau.csv({"jaar": "2019"}))
        assert findings_of(report, "geen-cijfers")

    def test_a_difference_fails_the_import(self, bureau, monkeypatch):
        monkeypatch.setattr(storing, "_rows", lambda ledger, original=storing._rows: list(original(ledger))[1:])
        with pytest.raises(ImportFault, match="sluiten niet"):
            bureau.deliver(bureau.csv({}, {"gebied": "0014"}))
        assert bureau.stored("gebied") == []

    def test_a_levering_that_lost_half_asks_for_confirmation(self, bureau, findings_of):
        bureau.deliver(bureau.csv({}, {"gebied": "0014"}, {"gebied": "0599"}))
        report = bureau.refused(bureau.csv({}))
        assert "cijfer telt 1 rijen; de vorige levering had er 3" in findings_of(report, "sterk-gekrompen")[0].reason

    def test_a_dry_run_stores_nothing(self, bureau):
        report = bureau.deliver(bureau.csv({}), options=Options(dry_run=True))
        assert report.outcome == "proef"
        assert bureau.stored("gebied") == []


GEDRAGEN = {
    **ENERGIEBEELD,
    "id": "ES27-2026-1.0",
    "gebied": "ES27",
    "versie": "1.0",
    "status": "GEDRAGEN",
    "gedragen_door": ["Regio"],
    "datum_gedragen": "2025-05-01",
    "gebaseerd_op": "NL01-2026-0.1",
}


class TestGedragen:
    def source(self, bureau):
        source = bureau.source({"energiebeeld": "ES27-2026-1.0"}, energiebeelden=[GEDRAGEN])
        return source.model_copy(update={"id": "gedragen"})

    def test_it_stays_on_the_leveringen_it_was_made_on(self, bureau):
        concept = bureau.deliver(bureau.csv({})).levering_id
        correction = {"herkomst": "CORRECTIE_GEBIED", "waarde": "", "reden_leeg": "NVT"}
        bureau.deliver(bureau.csv(correction), self.source(bureau))
        bureau.deliver(bureau.csv({"waarde": "12,6"}))
        bureau.deliver(bureau.csv({**correction, "reden_leeg": "ONBEKEND"}), self.source(bureau))
        pinned = "select grondslag from facts.current_energiebeeld where id = 'ES27-2026-1.0'"
        assert bureau.steward.query(pinned) == [([concept],)]

    def test_without_its_concept_it_is_refused(self, bureau):
        with pytest.raises(ImportFault, match="gebaseerd op NL01-2026"):
            bureau.deliver(bureau.csv({}), self.source(bureau))


def test_a_beeld_of_ones_own_needs_no_code_list(bureau, findings_of):
    own = {"code": "EIGEN_HAVEN", "naam": "Haven", "soort": "TOEKOMST", "omschrijving": "De haven wordt elektrisch."}
    row = {"jaar": "2040", "beeld": "EIGEN_HAVEN", "soort": "BEELD"}
    bureau.deliver(bureau.csv(row), bureau.source(energiebeelden=[{**ENERGIEBEELD, "beelden": [own]}]))
    assert bureau.stored("beeld") == [("EIGEN_HAVEN",)]
    unknown = bureau.source(energiebeelden=[{**ENERGIEBEELD, "beelden": [{**own, "code": "HAVEN"}]}])
    report = bureau.refused(bureau.csv({**row, "beeld": "HAVEN"}), unknown)
    assert [(each.column, each.value) for each in findings_of(report, "onbekende-code")] == [("beeld (in de bron)", "HAVEN")]


def test_another_source_that_describes_the_energiebeeld_otherwise(bureau):
    bureau.deliver(bureau.csv({}))
    other = bureau.source(energiebeelden=[{**ENERGIEBEELD, "opsteller": "Provincie"}]).model_copy(update={"id": "ander"})
    report = bureau.deliver(bureau.csv({"gebied": "0014"}), other)
    assert "opsteller 'Rijk'" in next(each.reason for each in report.findings if each.code == "energiebeeld-anders")
