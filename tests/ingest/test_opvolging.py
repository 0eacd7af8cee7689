"""The succession of gebieden as a source delivers it: every mistake once, and what is stored of a good one."""

import datetime as dt
from collections.abc import Mapping

import pytest

from app.ingest.report import Ernst

HEADER = ("oud", "nieuw", "datum", "soort", "aandeel", "grondslag")
MERGER = (
    ("GM0501", "GM1992", "2023-01-01", "FUSIE", 1, "GEHEEL"),
    ("GM0530", "GM1992", "2023-01-01", "FUSIE", 1, "GEHEEL"),
    ("GM0614", "GM1992", "2023-01-01", "FUSIE", 1, "GEHEEL"),
)
GROUND = """
with gemaakt as (
  insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)
  values ('grond', 'Grond', 'Niemand', 'https://example.org/', 'https://example.org/', '2025-01-01', '[]', '{}') returning id
), gebied as (
  insert into facts.gebied (levering_id, code, soort, naam, geldig_vanaf, geldig_tot)
  select id, code, soort, code, van::date, tot::date from gemaakt, (values
    ('GM0501', 'GEMEENTE', '2022-01-01', '2023-01-01'), ('GM0530', 'GEMEENTE', '2022-01-01', '2023-01-01'),
    ('GM0614', 'GEMEENTE', '2022-01-01', '2023-01-01'), ('GM1992', 'GEMEENTE', '2023-01-01', null),
    ('GM0014', 'GEMEENTE', '2022-01-01', null), ('GM0518', 'GEMEENTE', '2022-01-01', null),
    ('PV28', 'PROVINCIE', '2022-01-01', null)) as g(code, soort, van, tot)
) select id from gemaakt
"""


def source_of(steward, columns: Mapping[str, object] | None = None, **more):
    """A source of one CSV with the six columns of a succession."""
    dataset = {
        "facts": "gebied_opvolging",
        "soort": "GEMEENTE",
        "collection": None,
        "geometry": None,
        "crs": None,
        "key": None,
        "columns": {name: {"source": name} for name in HEADER} | (columns or {}),
    }
    return steward.source("csv", dataset, **more)


@pytest.fixture
def notary(steward):
    """A steward with the gebieden of 2022 and 2023."""
    steward.query(GROUND)
    return steward


def test_a_merger_is_stored_as_it_was_delivered(notary):
    report = notary.deliver(source_of(notary), notary.csv(*MERGER, header=HEADER))
    counts = report.datasets[0]
    assert (report.outcome, report.warnings, counts.facts, counts.stored) == ("opgeslagen", 0, "gebied_opvolging", 3)
    assert notary.query("select oud, nieuw, datum, soort, aandeel, grondslag from facts.current_gebied_opvolging order by oud")[0] == (
        *("GM0501", "GM1992", dt.date(2023, 1, 1), "FUSIE", 1.0, "GEHEEL"),
    )


def test_what_the_file_does_not_say_the_source_says(notary):
    given = {"datum": "2023-01-01", "soort": "FUSIE", "aandeel": 1, "grondslag": "GEHEEL"}
    source = source_of(notary, {name: {"constant": value} for name, value in given.items()})
    notary.deliver(source, notary.csv(*(row[:2] for row in MERGER), header=HEADER[:2]))
    assert notary.query("select count(*), min(datum)::text, sum(aandeel) from facts.current_gebied_opvolging") == [(3, "2023-01-01", 3.0)]


def test_every_fault_at_once(notary):
    rows = (
        ("GM9999", "GM1992", "2023-01-01", "FUSIE", 1, "GEHEEL"),
        ("GM0501", "GM0530", "2023-01-01", "FUSIE", 1, "GEHEEL"),
        ("GM0530", "GM1992", "2023-01-01", "FUZIE", 1, "GEHEEL"),
        ("GM0614", "GM1992", "2023-01-01", "SPLITSING", 1, "HECTAREN"),
        ("GM0014", "GM1992", "2023-01-01", "SPLITSING", 1.5, "INWONERS"),
        ("GM0518", "PV28", "vandaag", "SPLITSING", "veel", "INWONERS"),
    )
    report = notary.refused(source_of(notary), notary.csv(*rows, header=HEADER))
    faults = {(each.code, each.row, each.column) for each in report.findings if each.ernst is Ernst.FOUT}
    assert faults == {
        ("onbekende-gebiedscode", 2, "oud"),
        ("onbekende-gebiedscode", 3, "nieuw"),
        ("onbekende-code", 4, "soort"),
        ("onbekende-code", 5, "grondslag"),
        ("aandeel-onjuist", 6, "aandeel"),
        ("oud-bestaat-nog", 6, "oud"),
        ("waarde-onjuist", 7, "datum"),
        ("waarde-onjuist", 7, "aandeel"),
    }
    told = {each.row: each for each in report.findings if each.ernst is Ernst.FOUT and each.row in (2, 3, 4)}
    assert told[2].reason == "er is geen gemeente met deze code, niet op 2022-12-31"
    assert told[3].reason == "GM0530 geldt van 2022-01-01 tot 2023-01-01, niet op 2023-01-01"
    assert told[4].remedy == "Bedoeld is FUSIE?"


@pytest.mark.parametrize("aandeel", [0, -0.5, 1.2])
def test_a_share_lies_between_nothing_and_the_whole(notary, findings_of, aandeel):
    row = ("GM0501", "GM1992", "2023-01-01", "SPLITSING", aandeel, "INWONERS")
    (finding,) = findings_of(notary.refused(source_of(notary), notary.csv(row, header=HEADER)), "aandeel-onjuist")
    assert (finding.row, finding.column) == (2, "aandeel")


def test_shares_of_one_gebied_are_one_together(notary, findings_of):
    rows = [("GM0501", nieuw, "2023-01-01", "SPLITSING", aandeel, "INWONERS") for nieuw, aandeel in (("GM1992", 0.6), ("GM0014", 0.3))]
    (finding,) = findings_of(notary.refused(source_of(notary), notary.csv(*rows, header=HEADER)), "aandelen-sluiten-niet")
    assert finding.reason == "de aandelen van GM0501 per 2023-01-01 zijn samen 0.9, en dat moet 1 zijn (op 0.001 na); rij 2, 3"


def test_shares_may_be_rounded(notary):
    rows = [("GM0501", nieuw, "2023-01-01", "SPLITSING", 0.333, "INWONERS") for nieuw in ("GM1992", "GM0014", "GM0518")]
    assert notary.deliver(source_of(notary), notary.csv(*rows, header=HEADER)).datasets[0].stored == 3


def test_a_whole_is_not_a_part(notary):
    row = ("GM0501", "GM1992", "2023-01-01", "FUSIE", 0.997, "OPPERVLAKTE")
    report = notary.refused(source_of(notary), notary.csv(row, header=HEADER))
    assert {each.code for each in report.findings if each.ernst is Ernst.FOUT} == {"aandeel-onjuist", "aandelen-sluiten-niet"}


def test_the_same_succession_twice_names_both_rows(notary):
    rows = (*MERGER, ("GM0501", "GM1992", "2023-01-01", "NAAMSWIJZIGING", 1, "GEHEEL"))
    report = notary.refused(source_of(notary), notary.csv(*rows, header=HEADER))
    twice = [each for each in report.findings if each.code == "dubbele-sleutel"]
    assert [(each.row, each.value, each.reason) for each in twice] == [(5, "GM0501-GM1992-2023-01-01", "dezelfde sleutel staat op rij 2")]


def test_the_same_day_written_otherwise_is_the_same_succession(notary):
    rows = (*MERGER, ("GM0501", "GM1992", "1-1-2023", "FUSIE", 1, "GEHEEL"))
    report = notary.refused(source_of(notary), notary.csv(*rows, header=HEADER))
    assert [each.reason for each in report.findings if each.code == "dubbele-sleutel"] == ["deze opvolging staat ook op rij 2"]


def test_a_gebied_that_goes_on_is_not_succeeded_as_a_whole(notary, findings_of):
    row = ("GM0014", "GM0518", "2023-01-01", "FUSIE", 1, "GEHEEL")
    (finding,) = findings_of(notary.refused(source_of(notary), notary.csv(row, header=HEADER)), "oud-bestaat-nog")
    assert "GRENSWIJZIGING" in finding.remedy


def test_a_part_that_kept_its_code_is_a_part(notary):
    rows = [("GM0014", nieuw, "2023-01-01", "SPLITSING", aandeel, "WONINGEN") for nieuw, aandeel in (("GM0014", 0.75), ("GM0518", 0.25))]
    assert notary.deliver(source_of(notary), notary.csv(*rows, header=HEADER)).outcome == "opgeslagen"


def test_a_strip_of_land_needs_no_rest(notary):
    row = ("GM0014", "GM0518", "2023-01-01", "GRENSWIJZIGING", 0.0006, "OPPERVLAKTE")
    assert notary.deliver(source_of(notary), notary.csv(row, header=HEADER)).outcome == "opgeslagen"


def test_a_strip_of_land_goes_between_gebieden_that_stay(notary, findings_of):
    row = ("GM0014", "GM1992", "2023-01-01", "GRENSWIJZIGING", 0.0006, "OPPERVLAKTE")
    (finding,) = findings_of(notary.refused(source_of(notary), notary.csv(row, header=HEADER)), "onbekende-gebiedscode")
    assert finding.reason == "GM1992 geldt vanaf 2023-01-01, niet op 2022-12-31"


def test_two_sources_may_not_tell_the_same_succession(notary, findings_of):
    notary.deliver(source_of(notary), notary.csv(*MERGER, header=HEADER))
    report = notary.refused(source_of(notary, id="ander"), notary.csv(MERGER[0], header=HEADER))
    (finding,) = findings_of(report, "opvolging-al-geleverd")
    assert "'proef'" in finding.reason


def test_without_a_division_codes_are_not_checked_and_that_is_told(steward, findings_of):
    report = steward.deliver(source_of(steward), steward.csv(*MERGER, header=HEADER))
    told = findings_of(report, "codes-niet-gecontroleerd", Ernst.WAARSCHUWING)
    assert [each.column for each in told] == ["nieuw", "oud"]


def test_a_source_names_all_six_columns(steward):
    with pytest.raises(ValueError, match="precies de kolommen oud, nieuw, datum, soort, aandeel, grondslag"):
        source_of(steward, datasets=[{"file": "bestand", "facts": "gebied_opvolging", "soort": "GEMEENTE", "columns": {}}])


def test_an_object_with_an_old_code_is_pointed_to_the_successor(notary, findings_of):
    notary.deliver(source_of(notary), notary.csv(*MERGER, header=HEADER))
    dataset = {"gebied_codes": {"gemeente": "GEMEENTE"}, "columns": {"naam": {"source": "naam"}, "gemeente": {"source": "naam"}}}
    report = notary.refused(notary.points(dataset, id="palen"), notary.csv((1, "GM0501", 155000, 463000)))
    (finding,) = findings_of(report, "onbekende-gebiedscode")
    assert finding.remedy == "Opgevolgd door GM1992 (per 2023-01-01)."
