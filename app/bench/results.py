"""The figures as a Markdown table for people and as JSON for machines."""

import dataclasses
import datetime as dt
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from app.bench.data import Amount
from app.bench.machine import Machine
from app.bench.measuring import Figures, Pace
from app.bench.sample import Sample
from app.bench.timings import Timing, Timings

MOST_MB = 500.0
HEADINGS = ("meting", "service /s", "SQL /s", "verhouding", "laagste–hoogste", "doel", "gehaald")
TIMED_HEADINGS = ("werk", "seconden", "ernaast", "verhouding", "doel", "gehaald")
YES_NO = {True: "ja", False: "NEE", None: "–"}

INTRODUCTION = """# Snelheid van het Energiebeeld

Gemeten op {moment} met versie {version} ({commit}) op {processors} × {processor}, {memory} GB; {system}, Python {python}, \
PostgreSQL {postgresql}, PostGIS {postgis}; belasting vooraf {load}.
{points} punten met 12 eigenschappen, {small} kleine vlakken, een mozaïek van {mosaic} vlakken. Per regel {rounds} rondes van {seconds} s \
om en om; verhouding is de mediaan van service gedeeld door SQL-grens.
"""

DEEP = """Een diepe bladzijde mag hooguit twee keer zoveel kosten als de eerste, dus een verhouding van 0,5 of meer; op die regel staat de \
eerste bladzijde in de kolom van SQL. Regels zonder doel zijn ter vergelijking.
"""


@dataclass(frozen=True)
class Results:
    """Everything that a run found, and where it was written."""

    machine: Machine
    amount: Amount
    pace: Pace
    figures: tuple[Figures, ...]
    peak_mb: float | None
    timings: Timings = field(default_factory=Timings)

    def markdown(self) -> str:
        """Return the report for people."""
        machine, amount = self.machine, self.amount
        introduction = INTRODUCTION.format(
            **dataclasses.asdict(machine) | {"commit": machine.commit or "geen git"},
            memory=round(machine.memory_mb / 1000),
            points=amount.points,
            small=amount.small,
            mosaic=amount.mosaic,
            rounds=self.pace.rounds,
            seconds=_dutch(self.pace.seconds),
        )
        return f"{introduction}{self._measured()}{self._timed()}"

    def _measured(self) -> str:
        if not self.figures:
            return ""
        table = _table([HEADINGS, *(_row(each) for each in self.figures)])
        return f"\n{table}\n\n{DEEP}{self._memory()}\n"

    def _timed(self) -> str:
        if not self.timings.lines:
            return ""
        grown = self.timings.streaming_mb
        growth = "" if grown is None else f"\nGroei van de service tijdens het bestand met alle cijfers: {grown:.0f} MB.\n"
        return f"\n{_table([TIMED_HEADINGS, *map(_timing, self.timings.lines)])}\n{growth}"

    def _memory(self) -> str:
        if self.peak_mb is None:
            return "Geheugen van de service: deze machine vertelt het niet."
        reached = YES_NO[self.peak_mb < MOST_MB]
        peak = f"Geheugen van de service, alle processen samen, op het hoogst: {self.peak_mb:.0f} MB"
        return f"{peak} (doel: minder dan {MOST_MB:.0f}; gehaald: {reached})."

    def json(self) -> bytes:
        """Return everything, for comparing runs."""
        document = {
            "machine": dataclasses.asdict(self.machine),
            "amount": dataclasses.asdict(self.amount),
            "pace": dataclasses.asdict(self.pace),
            "peak_mb": self.peak_mb,
            "cells": [_cell(each) for each in self.figures],
            "timings": [dataclasses.asdict(each) for each in self.timings.lines],
            "streaming_mb": self.timings.streaming_mb,
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both forms and return where."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"bench-{dt.datetime.fromisoformat(self.machine.moment):%Y%m%dT%H%M%SZ}"
        readable, complete = folder / f"{stem}.md", folder / f"{stem}.json"
        readable.write_text(self.markdown(), encoding="utf-8")
        complete.write_bytes(self.json())
        return readable, complete


def _timing(timing: Timing) -> tuple[str, ...]:
    """The ratio is that of the other to ours: above 1 ours is quicker."""
    goal = "–" if timing.goal_s is None else f"≤ {_dutch(timing.goal_s, 0)} s"
    goal = goal if timing.most is None else f"≥ {_dutch(1 / timing.most, 1)}"
    limit = "–" if timing.limit_seconds is None else _seconds(timing.limit_seconds)
    ratio = "–" if timing.limit_seconds is None else _dutch(timing.limit_seconds / timing.seconds, 2)
    return timing.title, _seconds(timing.seconds), limit, ratio, goal, YES_NO[timing.reached]


def _seconds(seconds: float) -> str:
    return _dutch(seconds, 1 if seconds >= 1 else 4)


def line_of(figures: Figures) -> str:
    """Return the outcome of a cell in one line, for who is waiting."""
    _, ours, theirs, ratio, spread, goal, reached = _row(figures)
    faults = f", {figures.faults} fouten" if figures.faults else ""
    return f"{figures.cell.title}: {ours}/s tegenover {theirs}/s = {ratio} ({spread}); doel {goal}, gehaald: {reached}{faults}"


def _row(figures: Figures) -> tuple[str, ...]:
    return (
        figures.cell.title,
        _dutch(_median_rate(figures.service)),
        _dutch(_median_rate(figures.limit)),
        _dutch(figures.ratio, 2),
        f"{_dutch(min(figures.ratios), 2)}–{_dutch(max(figures.ratios), 2)}",
        "–" if figures.cell.goal is None else f"≥ {_dutch(figures.cell.goal, 1)}",
        f"{YES_NO[figures.reached]}{f' ({figures.faults} fouten)' if figures.faults else ''}",
    )


def _cell(figures: Figures) -> dict[str, object]:
    return {
        "group": figures.cell.group,
        "title": figures.cell.title,
        "connections": figures.cell.connections,
        "limit_connections": figures.limit_connections,
        "service_per_s": _rates(figures.service),
        "limit_per_s": _rates(figures.limit),
        "ratio": round(figures.ratio, 3),
        "goal": figures.cell.goal,
        "reached": figures.reached,
        "faults": figures.faults,
    }


def _rates(samples: Sequence[Sample]) -> list[float]:
    return [round(sample.rate, 2) for sample in samples]


def _median_rate(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.rate for sample in samples)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table that is a table on a terminal too: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [f"| {' | '.join(_padded(row, widths))} |" for row in rows]
    rule = f"| {'-' * widths[0]} | {' | '.join('-' * (width - 1) + ':' for width in widths[1:])} |"
    return "\n".join((lines[0], rule, *lines[1:]))


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]


def _dutch(number: float, decimals: int | None = None) -> str:
    """Write 1234.5 as 1.234 and 0.512 as 0,51: three figures say enough."""
    if decimals is None:
        decimals = 0 if number >= 100 else 1
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
