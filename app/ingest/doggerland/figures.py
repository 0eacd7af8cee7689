"""Figures of Doggerland: demand, supply and storage per gemeente, as they were and as four beelden see them until 2050."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from app.ingest.doggerland.plan import Intensity, Plan
from app.ingest.doggerland.sheets import Cell, Row, Sheet

HUIDIG = "HUIDIG"
# No two gemeenten are alike: what the plan says of a thousand inhabitants varies by this much from one to the other.
SPREAD = 0.2
DECIMALS = 3

type Inhabitants = dict[str, int]


def draw_figures(plan: Plan, random: np.random.Generator) -> Sheet:
    """Return the figures as a generic levering, one row each: of the first division for its year, of the second for all later years."""
    first = {each.code: each.inhabitants for each in plan.gemeenten}
    merged = plan.merger.predecessors
    second = {code: count for code, count in first.items() if code not in merged} | {plan.merger.code: sum(first[code] for code in merged)}
    years = plan.figures.years
    rows = chain(_inhabitants(first, years.before), _inhabitants(second, years.now), _intensities(plan, (first, second), random))
    return Sheet("cijfers", tuple(rows))


def _inhabitants(inhabitants: Inhabitants, year: int) -> Iterator[Row]:
    for code, count in sorted(inhabitants.items()):
        yield _row(code, {"indicator": "inwoners", "eenheid": "aantal"}, (year, HUIDIG), count)


def _intensities(plan: Plan, divisions: tuple[Inhabitants, Inhabitants], random: np.random.Generator) -> Iterator[Row]:
    first, second = divisions
    years = plan.figures.years
    for each in plan.figures.intensities:
        spread = {code: float(random.uniform(1 - SPREAD, 1 + SPREAD)) for code in sorted({*first, *second})}
        yield from _of_division(plan, each, first, (years.before, HUIDIG, each.now), spread)
        yield from _of_division(plan, each, second, (years.now, HUIDIG, each.now), spread)
        for beeld, end in each.end.items():
            for year in years.later:
                passed = (year - years.now) / (years.later[-1] - years.now)
                yield from _of_division(plan, each, second, (year, beeld, each.now + passed * (end - each.now)), spread)


def _of_division(
    plan: Plan, intensity: Intensity, inhabitants: Inhabitants, moment: tuple[int, str, float], spread: dict[str, float]
) -> Iterator[Row]:
    """Yield the figures of one division; of what is not assigned in a provincie, its gemeenten have a part and the provincie the rest."""
    year, beeld, per_thousand = moment
    unassigned = plan.figures.unassigned
    members = {each.code for each in plan.gemeenten if each.provincie == unassigned.provincie} if unassigned.concerns(intensity) else set()
    rest = 0.0
    for code, count in sorted(inhabitants.items()):
        value = per_thousand * count / 1_000 * spread[code]
        left_out = value * unassigned.share if code in members else 0.0
        rest += left_out
        yield _row(code, intensity.cells, (year, beeld), value - left_out)
    if members:
        yield _row(f"{unassigned.provincie}-NTI", intensity.cells, (year, beeld), rest)


def _row(gebied: str, told: dict[str, str], moment: tuple[int, str], value: float) -> Row:
    year, beeld = moment
    now = beeld == HUIDIG
    cells: dict[str, Cell] = {
        "gebied": gebied,
        **{name: told.get(name, "") for name in ("indicator", "drager", "subsector", "techniek")},
        "jaar": year,
        "beeld": beeld,
        "waarde": round(value, DECIMALS),
        "eenheid": told["eenheid"],
        "soort": "REALISATIE" if now else "BEELD",
        "kwaliteit": "GEREGISTREERD" if now else "GESCHAT",
    }
    return Row(cells)
