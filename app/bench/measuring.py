"""Hold the service against its limit in short turns, so that a machine that slows down meanwhile slows both."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.bench.cells import Cell
from app.bench.limit import SqlSide, sql_side
from app.bench.load import HttpSide
from app.bench.sample import Sample, Side
from app.bench.service import Service
from app.settings import Settings


@dataclass(frozen=True)
class Pace:
    """How long is measured: so many rounds of so many seconds for each side, after a warm-up; and the levels of tiles."""

    rounds: int = 4
    seconds: float = 3.0
    warm_up: float = 1.0
    levels: tuple[int, ...] = tuple(range(6, 16))


CALM = Pace()
QUICK = Pace(rounds=2, seconds=1.0, warm_up=0.5, levels=(6, 9, 12, 15))


@dataclass(frozen=True)
class Figures:
    """What a cell gave: requests per second of both sides in each round."""

    cell: Cell
    service: tuple[Sample, ...]
    limit: tuple[Sample, ...]
    limit_connections: int

    @property
    def ratios(self) -> tuple[float, ...]:
        """Service divided by limit, per round."""
        return tuple(ours.rate / theirs.rate if theirs.rate else 0.0 for ours, theirs in zip(self.service, self.limit, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def faults(self) -> int:
        """How many requests failed, on either side."""
        return sum(sample.faults for sample in (*self.service, *self.limit))

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None when there is none."""
        return None if self.cell.goal is None else self.faults == 0 and self.ratio >= self.cell.goal


def measure(settings: Settings, service: Service, cell: Cell, pace: Pace) -> Figures:
    """Measure one cell."""
    ours = HttpSide(service.port, cell.questions, cell.connections)
    asked = 0
    while asked < cell.before:
        warm_up = ours.measure(pace.warm_up)
        asked += warm_up.answers + warm_up.faults
    with _limit_of(settings, service, cell, pace) as theirs:
        rounds = [(ours.measure(pace.seconds), theirs.measure(pace.seconds)) for _ in range(pace.rounds)]
        return Figures(cell, tuple(each[0] for each in rounds), tuple(each[1] for each in rounds), _connections_of(theirs))


@contextmanager
def _limit_of(settings: Settings, service: Service, cell: Cell, pace: Pace) -> Iterator[Side]:
    """Yield the other side: the service itself, or SQL."""
    if not cell.against.statement:
        yield HttpSide(service.port, cell.against.questions, cell.connections)
        return
    with sql_side(settings, cell.against.statement, cell.questions) as theirs:
        theirs.measure(pace.warm_up)
        yield theirs


def _connections_of(side: Side) -> int:
    if isinstance(side, HttpSide):
        return side.connections
    return len(side.askers) if isinstance(side, SqlSide) else 0
