"""One run of the benchmark, from an empty database to a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.bench.cells import GROUPS, TIMED, Cell, Scene, cells_of
from app.bench.data import Amount
from app.bench.equality import check_equality
from app.bench.ground import bench_layers, measuring_ground
from app.bench.limit import make_table
from app.bench.machine import this_machine
from app.bench.measuring import CALM, Figures, Pace, measure
from app.bench.overlap import time_overlap
from app.bench.results import Results, line_of
from app.bench.service import Peak, Service, running_service, watching_memory
from app.bench.timings import Timings, time_figures
from app.problems import BadRequest
from app.settings import Settings

type Report = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What to measure (`only`: names from GROUPS, none is all), how long, on how much, and the folder for the report."""

    only: Sequence[str] = ()
    pace: Pace = CALM
    amount: Amount = field(default_factory=Amount)
    output: Path | None = None

    @property
    def groups(self) -> frozenset[str]:
        """The groups of cells; raises BadRequest for a name that is not one."""
        unknown = sorted(set(self.only) - set(GROUPS))
        if unknown:
            raise BadRequest(f"Er is geen groep metingen {', '.join(map(repr, unknown))}. Kies uit: {', '.join(GROUPS)}.")
        return frozenset(self.only or GROUPS)


def run(settings: Settings, options: Options, report: Report) -> Results:
    """Measure, tell each line as soon as it is known, write the report and tell that too.

    Works in a database of its own on the same server. Raises Problem when the service and the SQL limit answer differently.
    """
    groups = options.groups
    with measuring_ground(settings, options.amount, report) as own:
        machine = this_machine(own)
        for layer in bench_layers().values():
            make_table(own, layer)
        peak = Peak()
        figures = _measure_all(_Run(own, options, peak, report), groups - TIMED)
        timings = time_figures(own, options.amount, report) if "figures" in groups else Timings()
        timings.lines += time_overlap(own, options.amount, report) if "overlap" in groups else []
    results = Results(machine, options.amount, options.pace, tuple(figures), peak.mb, timings)
    written = results.write(options.output or settings.home / "bench")
    report("")
    report(results.markdown())
    report(f"Geschreven: {', '.join(map(str, written))}")
    return results


@dataclass(frozen=True)
class _Run:
    settings: Settings
    options: Options
    peak: Peak
    report: Report


def _measure_all(this: _Run, groups: frozenset[str]) -> list[Figures]:
    """Measure with a service as it is, then tiles with one that keeps none."""
    figures = []
    for tile_cache_mb in (this.settings.tile_cache_mb, 0):
        keeps_tiles = tile_cache_mb > 0
        if not groups - {"tiles"} if keeps_tiles else "tiles" not in groups:
            continue
        with running_service(this.settings.model_copy(update={"tile_cache_mb": tile_cache_mb})) as service:
            cells = _cells(this, service, groups - {"tiles"} if keeps_tiles else frozenset({"tiles"}))
            with watching_memory(service, this.peak):
                figures += [_measure_one(this, service, cell) for cell in cells]
    return figures


def _cells(this: _Run, service: Service, groups: frozenset[str]) -> list[Cell]:
    scene = Scene(bench_layers(), this.options.amount, this.options.pace.levels, service.get)
    this.report("Antwoorden vergelijken")
    check_equality(this.settings, service, scene)
    return cells_of(scene, groups)


def _measure_one(this: _Run, service: Service, cell: Cell) -> Figures:
    figures = measure(this.settings, service, cell, this.options.pace)
    this.report(line_of(figures))
    return figures
