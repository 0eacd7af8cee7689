"""Whatever the gemeenten, their parents, the remainders and the units: what is published adds up."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Role, connect
from app.register.eenheden import factor

from .conftest import LAND, LEVERING, Cijfer, Desk

DAY = "2020-01-01"
PROVINCIES, REGIOS = ("PV80", "PV81", "PV82"), ("ES80", "ES81", "ES82", "ES83")
UNITS = ("TJ", "GJ", "PJ", "MWh", "GWh", "TWh", "mln kWh")

amounts = st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 6))


@dataclass(frozen=True)
class Country:
    """Parents per gemeente, their values (None: empty) and what is not assigned, in one unit."""

    parents: dict[str, tuple[str, str]]
    values: dict[str, float | None]
    rests: dict[str, float]
    unit: str

    def members(self, parent: str) -> list[str]:
        return [code for code, parents in self.parents.items() if parent in (*parents, LAND)]

    def cijfers(self) -> list[Cijfer]:
        rests = {f"{parent}-NTI": value for parent, value in self.rests.items()}
        return [
            Cijfer(code, None if value is None else value * factor(self.unit, "TJ"), indeling=DAY)
            for code, value in {**self.values, **rests}.items()
        ]

    def total(self, parent: str) -> float:
        """What a parent must be in TJ: its gemeenten and what is not assigned, of a land also in its provincies."""
        under = [parent, *(PROVINCIES if parent == LAND else ())]
        parts = [self.values[code] or 0 for code in self.members(parent)] + [self.rests.get(each, 0) for each in under]
        return math.fsum(parts) * factor(self.unit, "TJ")

    @property
    def scale(self) -> float:
        """The size of what is added, against which rounding is judged."""
        return math.fsum(abs(value or 0) for value in (*self.values.values(), *self.rests.values())) * factor(self.unit, "TJ")


@st.composite
def countries(draw: st.DrawFn, values: st.SearchStrategy[float | None] = amounts) -> Country:
    codes = [f"GM{number:04}" for number in range(8000, 8000 + draw(st.integers(1, 12)))]
    parents = {code: (draw(st.sampled_from(PROVINCIES)), draw(st.sampled_from(REGIOS))) for code in codes}
    rests = draw(st.dictionaries(st.sampled_from((LAND, *PROVINCIES)), amounts))
    return Country(parents, {code: draw(values) for code in codes}, rests, draw(st.sampled_from(UNITS)))


@pytest.fixture(scope="module")
def counter(register) -> Iterator[Desk]:
    with connect(register, Role.IMPORT) as connection:
        yield Desk(connection)
        connection.rollback()


def published(counter: Desk, country: Country, *more: Cijfer) -> dict[str, dict[str, object]]:
    """Publish the figures of a country and give one per gebied."""
    return {row["gebied"]: row for row in rows_of(counter, country, more)}


def rows_of(counter: Desk, country: Country, more: Iterable[Cijfer]) -> list[dict[str, object]]:
    """Publish the figures of a country and take everything back."""
    with counter.connection.transaction(force_rollback=True):
        row = counter.connection.execute(LEVERING, ["land", "Land", DAY]).fetchone()
        with counter.connection.cursor() as cursor:
            cursor.executemany(
                "insert into facts.gebied_relatie values (%s, %s, %s, %s, %s, %s, '2021-01-01')",
                [
                    (row[0], code, parent, soort, parent, DAY)
                    for code, parents in country.parents.items()
                    for parent, soort in zip(parents, ("PROVINCIE", "REGIO"), strict=True)
                ],
            )
        counter.deliver([*country.cijfers(), *more])
        return counter.figures()


quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@quick
@given(country=countries())
def test_every_parent_is_its_gemeenten_and_what_is_not_assigned(counter: Desk, country: Country):
    found = published(counter, country)
    for parent in (LAND, *PROVINCIES, *REGIOS):
        if country.members(parent):
            row = found[parent]
            assert row["waarde"] == pytest.approx(country.total(parent), rel=1e-9, abs=1e-12 * country.scale)
            assert row["waarde"] == pytest.approx(row["som"] + (row["rest"] or 0), rel=1e-12, abs=1e-14 * country.scale)
            assert row["oordeel"] == ("SLUITEND_MET_REST" if row["rest"] else "SLUITEND")
            assert row["kinderen"] == len(country.members(parent))


@quick
@given(country=countries())
def test_provincies_and_what_is_not_assigned_make_the_land(counter: Desk, country: Country):
    found = published(counter, country)
    parts = [found[code]["waarde"] for code in PROVINCIES if code in found]
    # A provincie without gemeenten is no sum; what is not assigned in it is still there.
    parts += [found[f"{code}-NTI"]["waarde"] for code in PROVINCIES if code not in found and code in country.rests]
    parts += [found["NL01-NTI"]["waarde"]] if LAND in country.rests else []
    assert found[LAND]["waarde"] == pytest.approx(math.fsum(parts), rel=1e-9, abs=1e-12 * country.scale)


@quick
@given(country=countries(), unit=st.sampled_from(UNITS), wrong=st.booleans())
def test_a_total_delivered_in_any_unit_closes_and_only_the_true_total_does(counter: Desk, country: Country, unit: str, wrong: bool):
    total = country.total(LAND) / factor(unit, "TJ") * factor(unit, "TJ")
    margin = 0.005 * len(country.values) + 1e-9 * country.scale
    found = published(counter, country, Cijfer(LAND, total + (2 * margin if wrong else 0), indeling=DAY))
    assert (found[LAND]["oordeel"] == "NIET_SLUITEND") == wrong
    assert found[LAND]["waarde"] == pytest.approx(found[LAND]["som"] + (found[LAND]["rest"] or 0), rel=1e-12, abs=1e-14 * country.scale)


@quick
@given(country=countries(st.none() | amounts))
def test_no_gap_is_ever_filled_with_zero(counter: Desk, country: Country):
    found = published(counter, country)
    for parent in (LAND, *PROVINCIES, *REGIOS):
        empty = [code for code in country.members(parent) if country.values[code] is None]
        row = found.get(parent)
        if empty:
            assert row is not None
            assert (row["waarde"], row["reden_leeg"], row["oordeel"], row["ontbrekend"]) == (None, "ONBEKEND", "ONVOLLEDIG", empty)
        elif country.members(parent):
            assert row is not None
            assert row["waarde"] is not None
            assert row["ontbrekend"] is None


@quick
@given(country=countries(), weights=st.lists(st.integers(1, 10**6), min_size=12, max_size=12))
def test_a_mean_of_means_is_the_mean_of_everything(counter: Desk, country: Country, weights: list[int]):
    weight_of = dict(zip(country.parents, weights, strict=False))
    more = [Cijfer(code, weight, "woningen", indeling=DAY) for code, weight in weight_of.items()]
    more += [Cijfer(code, value, "gas-per-woning", indeling=DAY) for code, value in country.values.items()]
    rows = rows_of(counter, Country(country.parents, {}, {}, "TJ"), more)
    mean = {row["gebied"]: row["waarde"] for row in rows if row["indicator"] == "gas-per-woning"}
    weight = {row["gebied"]: row["waarde"] for row in rows if row["indicator"] == "woningen"}
    total = math.fsum(mean[code] * weight[code] for code in PROVINCIES if code in mean)
    size = math.fsum(abs(country.values[code]) * weight_of[code] for code in country.parents)
    assert mean[LAND] * weight[LAND] == pytest.approx(total, rel=1e-9, abs=1e-12 * size)
    assert min(country.values.values()) - 1e-6 <= mean[LAND] <= max(country.values.values()) + 1e-6
