"""Units: factors that a person can check, and the refusals that keep apart what only looks alike."""

import csv

import pytest

from app.register.eenheden import EXPRESSIONS, HEATING_VALUES, SPELLINGS, UnitMismatch, UnknownUnit, canonical, factor, known_units
from app.settings import ROOT

LISTS = ROOT / "seed" / "begrippen"


@pytest.mark.parametrize(
    ("van", "naar", "expected"),
    [
        ("GWh", "TJ", 3.6),
        ("mln kWh", "TJ", 3.6),
        ("kWh", "MJ", 3.6),
        ("TWh", "PJ", 3.6),
        ("PJ", "TJ", 1000.0),
        ("GJ", "TJ", 0.001),
        ("TJ", "TJ", 1.0),
        ("kWp", "MWp", 0.001),
        ("kW", "MW", 0.001),
        ("GW", "MW", 1000.0),
        ("kVA", "MVA", 0.001),
        ("V", "kV", 0.001),
        ("mbar", "bar", 0.001),
        ("km2", "ha", 100.0),
        ("m2", "ha", 0.0001),
        ("m", "km", 0.001),
        ("%", "aandeel", 0.01),
        ("aandeel", "%", 100.0),
        ("Mton", "ton CO2", 1_000_000.0),
        ("kg", "ton", 0.001),
        ("aantal", "aantal", 1.0),
        ("m³", "m3", 1.0),
        ("  mln   kWh ", "GWh", 1.0),
    ],
)
def test_factors_are_exact(van: str, naar: str, expected: float) -> None:
    assert factor(van, naar) == expected


def test_gas_and_hydrogen_have_a_heating_value() -> None:
    assert factor("m3", "MJ", "AARDGAS") == 31.65
    # The table of a province: 25 800 m3 is 0.81657 TJ.
    assert 25_800 * factor("m3", "TJ", "AARDGAS") == pytest.approx(0.81657)
    assert factor("m3", "TJ", "GROENGAS") == factor("m3", "TJ", "GASMIX") == factor("m3", "TJ", "AARDGAS")
    assert factor("TJ", "m3", "AARDGAS") == pytest.approx(1 / 31.65e-6)
    assert factor("kg", "MJ", "WATERSTOF") == 120.0
    assert factor("ton", "TJ", "WATERSTOF") == 0.12
    assert factor("m3", "m3", "AARDGAS") == 1.0


@pytest.mark.parametrize(
    ("van", "naar", "drager", "reason"),
    [
        ("kWp", "kW", "", "gelijkstroom"),
        ("MW", "MWp", "", "wisselstroom"),
        ("MVA", "MW", "", "arbeidsfactor"),
        ("MW", "MWh", "", "maal tijd"),
        ("m3", "TJ", "", "alleen bekend van aardgas"),
        ("m3", "TJ", "BIOGAS", "alleen bekend van aardgas"),
        ("kg", "TJ", "AARDGAS", "alleen bekend van waterstof"),
        ("ha", "TJ", "", "ha is niet om te rekenen naar TJ"),
        ("%", "aantal", "", "niet om te rekenen"),
    ],
)
def test_what_only_looks_alike_is_refused_with_the_reason(van: str, naar: str, drager: str, reason: str) -> None:
    with pytest.raises(UnitMismatch, match=reason) as fault:
        factor(van, naar, drager)
    assert fault.value.status == 400


@pytest.mark.parametrize(("unit", "meant"), [("GWH", "GWh"), ("mw", "MW"), ("twh", "TWh"), ("MWhh", "MWh")])
def test_an_unknown_unit_is_named_with_what_was_meant(unit: str, meant: str) -> None:
    with pytest.raises(UnknownUnit) as fault:
        canonical(unit)
    assert repr(unit) in fault.value.detail
    assert f"Bedoelt u {meant}?" in fault.value.errors


def test_capitals_count() -> None:
    with pytest.raises(UnknownUnit):
        factor("mW", "MW")


def test_the_units_are_those_of_the_code_list() -> None:
    with (LISTS / "eenheid.csv").open(encoding="utf-8") as file:
        assert {row["code"] for row in csv.DictReader(file)} == set(known_units()) == set(EXPRESSIONS)
    assert set(SPELLINGS.values()) <= set(EXPRESSIONS)


def test_the_heating_values_are_those_that_the_definitions_tell() -> None:
    with (LISTS / "energiedrager.csv").open(encoding="utf-8") as file:
        told = {row["code"]: row["definitie"] for row in csv.DictReader(file)}
    assert HEATING_VALUES.keys() <= told.keys()
    assert "31,65 MJ per m3" in told["AARDGAS"]
    assert "120 MJ per kg" in told["WATERSTOF"]
