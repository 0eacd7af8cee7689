"""Figures in a later division: sums that a person can do, whatever cannot be added up, and totals that no succession may change."""

import datetime as dt
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row
from sqlalchemy import Select, select

from app.beeld.division import in_division, obstacles
from app.beeld.statements import DIALECT, figures_table
from app.database import Role, connect
from app.publish.figures import build_figures

from .conftest import LAND, LEVERING, NEW, OLD, A, B, C, Cijfer, D, Desk, E

TABLE = "cijfers_000000000000"
SINCE = "volgens de opvolging van 2023-01-01"
EVERY = (Cijfer(A, 1), Cijfer(B, 2), Cijfer(C, 4), Cijfer(D, 8))

type Row = dict[str, object]


def succeed(connection: psycopg.Connection, *rows: tuple[str, str, str, str, float]) -> None:
    """Deliver a succession: oud, nieuw, datum, soort, aandeel."""
    levering = connection.execute(LEVERING, ["opvolging", "Opvolging", OLD]).fetchone()
    assert levering is not None
    for row in rows:
        connection.execute("insert into facts.gebied_opvolging values (%s, %s, %s, %s, %s, %s, 'INWONERS')", [levering[0], *row])


def merge(desk: Desk) -> None:
    """C and D become E."""
    succeed(desk.connection, *((old, E, NEW, "FUSIE", 1) for old in (C, D)))


@contextmanager
def published(connection: psycopg.Connection) -> Iterator[Callable[[Select[Any], str], list[Row]]]:
    """Publish, give who answers questions about the division of a day, and take the tables away again."""

    def ask(question: Select[Any], day: str) -> list[Row]:
        with connection.cursor(row_factory=dict_row) as cursor:
            asked = str(question.compile(dialect=DIALECT)).encode()
            return cursor.execute(asked, {"indeling": dt.date.fromisoformat(day)}).fetchall()

    with connection.transaction(force_rollback=True):
        build_figures(connection, TABLE)
        yield ask


def every_figure() -> Select[Any]:
    source = in_division(figures_table(TABLE))
    return select(*source.c).order_by(source.c.rij)


def figures_in(connection: psycopg.Connection, day: str) -> list[Row]:
    with published(connection) as ask:
        return ask(every_figure(), day)


def obstacles_in(connection: psycopg.Connection, day: str) -> list[tuple[object, ...]]:
    with published(connection) as ask:
        return [tuple(row.values()) for row in ask(obstacles(figures_table(TABLE), []), day)]


def by_gebied(rows: list[Row], indicator: str = "finale-vraag") -> dict[str, Row]:
    chosen = [row for row in rows if row["indicator"] == indicator]
    assert len({row["gebied"] for row in chosen}) == len(chosen)
    return {str(row["gebied"]): row for row in chosen}


def test_a_merged_gemeente_is_the_sum_of_its_predecessors(desk: Desk):
    merge(desk)
    desk.deliver(EVERY)
    found = by_gebied(figures_in(desk.connection, NEW))
    assert {code: row["waarde"] for code, row in found.items() if code.startswith("GM")} == {A: 1, B: 2, E: 12}
    merged = found[E]
    assert (merged["kwaliteit"], merged["herkomst"], merged["gebied_naam"]) == ("TOEGEDEELD", "AFGELEID", "Gemeente 5")
    assert merged["methode"] == f"Som van {C} en {D}, {SINCE}"
    assert (merged["bron"], merged["peiljaar"], merged["levering_id"], merged["soort"]) == ("bron-a", 2024, None, "REALISATIE")
    assert {row["indeling"] for row in found.values()} == {dt.date(2023, 1, 1)}


def test_who_did_not_change_is_given_as_it_is(desk: Desk):
    merge(desk)
    desk.deliver(EVERY)
    same = by_gebied(figures_in(desk.connection, NEW))[A]
    assert (same["kwaliteit"], same["herkomst"], same["methode"]) == ("GEREGISTREERD", "CONCEPT_RIJK", None)


def test_in_their_own_division_figures_are_what_they_were(desk: Desk):
    merge(desk)
    desk.deliver(EVERY)
    found = by_gebied(figures_in(desk.connection, "2022-06-30"))
    assert {code: row["waarde"] for code, row in found.items() if code.startswith("GM")} == {A: 1, B: 2, C: 4, D: 8}
    assert found["ES99"]["waarde"] == 8


def test_parents_stand_when_their_gemeenten_follow(desk: Desk):
    """PV99 held C and D and now holds E: what they were together."""
    merge(desk)
    desk.deliver((*EVERY, Cijfer("PV99-NTI", 3)))
    found = by_gebied(figures_in(desk.connection, NEW))
    assert {code: found[code]["waarde"] for code in ("PV98", "PV99", "PV99-NTI", "ES97", LAND)} == {
        "PV98": 3, "PV99": 15, "PV99-NTI": 3, "ES97": 1, LAND: 18,
    }  # fmt: skip
    assert found["PV99"]["oordeel"] == "SLUITEND_MET_REST"


def test_a_parent_that_a_merger_reaches_across_has_no_value(desk: Desk):
    """D, of ES99, went into E, of ES98: what ES98 would have been is not what it was, and ES99 is no more."""
    merge(desk)
    desk.deliver(EVERY)
    found = by_gebied(figures_in(desk.connection, NEW))
    assert (found["ES98"]["waarde"], found["ES98"]["reden_leeg"]) == (None, "ONBEKEND")
    assert found["ES98"]["methode"] == "Niet omgerekend: sinds 2023-01-01 bestaat dit gebied uit andere gemeenten"
    assert "ES99" not in found


@pytest.mark.parametrize("missing", [(), (Cijfer(D, None, reden_leeg="ONTHULLING"),)])
def test_without_one_of_them_there_is_no_sum(desk: Desk, missing: tuple[Cijfer, ...]):
    merge(desk)
    desk.deliver((*EVERY[:3], *missing))
    merged = by_gebied(figures_in(desk.connection, NEW))[E]
    assert (merged["waarde"], merged["reden_leeg"]) == (None, "ONBEKEND")
    assert merged["methode"] == f"Niet omgerekend: van {D} ontbreekt het cijfer (opvolging van 2023-01-01)"


def test_a_mean_is_weighed_again(desk: Desk):
    """(1000 * 100 + 2000 * 300) / 400."""
    merge(desk)
    weights = [Cijfer(C, 100, "woningen"), Cijfer(D, 300, "woningen")]
    desk.deliver([Cijfer(C, 1000, "gas-per-woning"), Cijfer(D, 2000, "gas-per-woning"), *weights])
    rows = figures_in(desk.connection, NEW)
    assert by_gebied(rows, "woningen")[E]["waarde"] == 400
    mean = by_gebied(rows, "gas-per-woning")[E]
    assert mean["waarde"] == 1750
    assert mean["methode"] == f"Gemiddelde van {C} en {D}, gewogen met woningen, {SINCE}"


def test_a_mean_without_all_its_weights_is_no_mean(desk: Desk):
    merge(desk)
    desk.deliver([Cijfer(C, 1000, "gas-per-woning"), Cijfer(D, 2000, "gas-per-woning"), Cijfer(C, 100, "woningen")])
    mean = by_gebied(figures_in(desk.connection, NEW), "gas-per-woning")[E]
    assert (mean["waarde"], mean["reden_leeg"]) == (None, "ONBEKEND")
    assert mean["methode"] == f"Niet omgerekend: van {D} ontbreekt het gewicht (woningen) (opvolging van 2023-01-01)"


@pytest.mark.parametrize("indicator", ["piekvraag", "hoogste-piek"])
def test_peaks_are_not_added(desk: Desk, indicator: str):
    merge(desk)
    desk.deliver([Cijfer(C, 7, indicator), Cijfer(D, 9, indicator)])
    merged = by_gebied(figures_in(desk.connection, NEW), indicator)[E]
    assert (merged["waarde"], merged["methode"]) == (None, "Niet omgerekend: deze waarden tellen niet op (opvolging van 2023-01-01)")


def test_another_name_is_no_other_figure(desk: Desk):
    """C alone became E, as it was: then its peak is the peak of E."""
    succeed(desk.connection, (C, E, NEW, "NAAMSWIJZIGING", 1))
    desk.deliver([Cijfer(C, 7, "piekvraag")])
    renamed = by_gebied(figures_in(desk.connection, NEW), "piekvraag")[E]
    assert (renamed["waarde"], renamed["methode"]) == (7, f"Cijfer van {C}, {SINCE}")


def test_bounds_are_added_too(desk: Desk):
    merge(desk)
    desk.deliver([Cijfer(C, 4, ondergrens=3, bovengrens=6), Cijfer(D, 8)])
    merged = by_gebied(figures_in(desk.connection, NEW))[E]
    assert (merged["ondergrens"], merged["waarde"], merged["bovengrens"]) == (11, 12, 14)


def test_a_part_goes_by_its_share(desk: Desk):
    """C went to E for three quarters and to A for one; D went to E as a whole."""
    succeed(desk.connection, (C, E, NEW, "SPLITSING", 0.75), (C, A, NEW, "SPLITSING", 0.25), (D, E, NEW, "FUSIE", 1))
    desk.deliver(EVERY)
    found = by_gebied(figures_in(desk.connection, NEW))
    assert (found[A]["waarde"], found[E]["waarde"]) == (1 + 1, 3 + 8)
    assert found[A]["methode"] == f"Som van {A} en 25 % van {C}, {SINCE}"
    assert found[A]["kwaliteit"] == "TOEGEDEELD"


def test_a_strip_of_land_moves_no_figures(desk: Desk):
    succeed(desk.connection, (A, B, NEW, "GRENSWIJZIGING", 0.01), (C, E, NEW, "FUSIE", 1), (D, E, NEW, "FUSIE", 1))
    desk.deliver(EVERY)
    found = by_gebied(figures_in(desk.connection, NEW))
    assert (found[A]["waarde"], found[A]["kwaliteit"], found[B]["waarde"]) == (1, "GEREGISTREERD", 2)


def test_figures_do_not_go_back(desk: Desk):
    merge(desk)
    desk.deliver([Cijfer(A, 1, jaar=2023, indeling=NEW), Cijfer(E, 12, jaar=2023, indeling=NEW)])
    told = obstacles_in(desk.connection, OLD)
    assert (E, "Gemeente 5", dt.date(2023, 1, 1), False) in told
    assert A not in {row[0] for row in told}
    assert not obstacles_in(desk.connection, "2024-01-01")


def test_who_ended_without_a_successor_is_an_obstacle(desk: Desk):
    desk.deliver(EVERY)
    assert [row[0] for row in obstacles_in(desk.connection, NEW) if row[3]] == [C, D]
    assert not obstacles_in(desk.connection, OLD)


def test_a_succession_that_comes_later_is_published(desk: Desk):
    """Both divisions stand beside each other: those of before 2023 converted, those of 2023 as delivered."""
    merge(desk)
    desk.deliver([*EVERY, *(Cijfer(code, 5, jaar=2023, indeling=NEW) for code in (A, B, E))])
    values = {(row["gebied"], row["jaar"]): row["waarde"] for row in figures_in(desk.connection, "2025-01-01")}
    assert (values[E, 2022], values[E, 2023]) == (12, 5)
    assert (C, 2022) not in values


# Two rounds of herindeling: on each day some gemeenten stay, the others go to new or staying ones by shares.
DAYS = ("2000-01-01", "2001-01-01", "2002-01-01")


@dataclass(frozen=True)
class History:
    """The first gemeenten with their values, who lives until when, and the successions."""

    values: dict[str, float]
    lives: dict[str, tuple[str, str | None]]
    successions: list[tuple[str, str, str, str, float]]


@st.composite
def histories(draw: st.DrawFn) -> History:
    first = [f"GM70{number:02}" for number in range(draw(st.integers(1, 6)))]
    amount = st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 3))
    lives: dict[str, tuple[str, str | None]] = dict.fromkeys(first, (DAYS[0], None))
    successions: list[tuple[str, str, str, str, float]] = []
    alive = first
    for generation, day in enumerate(DAYS[1:], 1):
        staying = [code for code in alive if draw(st.booleans())]
        new = [f"GM7{generation}{number:02}" for number in range(draw(st.integers(1, 4)))]
        for code in (code for code in alive if code not in staying):
            heirs = draw(st.lists(st.sampled_from([*staying, *new]), min_size=1, max_size=3, unique=True))
            weights = [draw(st.integers(1, 9)) for _ in heirs]
            successions += [(code, heir, day, "SPLITSING", weight / sum(weights)) for heir, weight in zip(heirs, weights, strict=True)]
            lives[code] = (lives[code][0], day)
        born = [code for code in new if any(row[1] == code for row in successions)]
        lives |= dict.fromkeys(born, (day, None))
        alive = [*staying, *born]
    return History({code: draw(amount) for code in first}, lives, successions)


@pytest.fixture(scope="module")
def counter(register) -> Iterator[Desk]:
    with connect(register, Role.IMPORT) as connection:
        yield Desk(connection)
        connection.rollback()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(history=histories())
def test_no_succession_changes_the_total(counter: Desk, history: History):
    with counter.connection.transaction(force_rollback=True):
        levering = counter.connection.execute(LEVERING, ["tijden", "Tijden", DAYS[0]]).fetchone()
        with counter.connection.cursor() as cursor:
            cursor.executemany(
                "insert into facts.gebied values (%s, %s, 'GEMEENTE', %s, %s, %s)",
                [(levering[0], code, code, start, end) for code, (start, end) in history.lives.items()],
            )
        succeed(counter.connection, *history.successions)
        counter.deliver([Cijfer(code, value, jaar=2000, indeling=DAYS[0]) for code, value in history.values.items()])
        whole = math.fsum(history.values.values())
        scale = math.fsum(map(abs, history.values.values()))
        with published(counter.connection) as ask:
            answers = {day: ask(every_figure(), day) for day in DAYS}
            assert not any(ask(obstacles(figures_table(TABLE), []), day) for day in DAYS)
        for day, rows in answers.items():
            found = by_gebied(rows)
            here = {code for code, (start, end) in history.lives.items() if start <= day and (end is None or day < end)}
            parts = {code: row["waarde"] for code, row in found.items() if row["niveau"] == "GEMEENTE"}
            assert set(parts) == here
            assert math.fsum(parts.values()) == pytest.approx(whole, rel=1e-9, abs=1e-12 * scale)
            assert found[LAND]["waarde"] == pytest.approx(whole, rel=1e-9, abs=1e-12 * scale)
