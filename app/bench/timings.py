"""How long publishing takes and how fast a million figures stream: in seconds, against a goal or beside bare SQL that says the same."""

import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from app.beeld import Selection
from app.beeld.statements import Form, copy_statement, shape_of
from app.bench.country import Levering, many_keys, national_keys, store_country, store_figures
from app.bench.data import Amount
from app.bench.ground import bench_layers
from app.bench.service import PATIENCE_S, Peak, Service, memory_mb, running_service, watching_memory
from app.database import Role, connect
from app.layers import Layers, read_layers
from app.problems import Unavailable
from app.publish import publish
from app.register.begrippen import read_begrippen, store_begrippen
from app.register.publication import FIGURES
from app.settings import Settings
from app.styles.checking import drawn_properties
from app.styles.sld import read_styles

ROUNDS = 3
PART = 1 << 20
PUBLISH_GOAL_S, CORRECTION_GOAL_S = 60.0, 5.0
CURRENT_TABLE = """
select table_name from publication.layer_version
join publication.publication_layer on layer_version_id = layer_version.id
join publication.current_publication using (publication_id)
where layer_id = %s
"""

type Report = Callable[[str], None]


@dataclass(frozen=True)
class Timing:
    """What took how many seconds, and the seconds of what says the same (bare SQL, if its title names nothing else).

    The goal is a number of seconds, or how much of the time of the other it may take at most (`most`).
    """

    title: str
    seconds: float
    goal_s: float | None = None
    limit_seconds: float | None = None
    most: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None when there is none."""
        if self.most is not None and self.limit_seconds is not None:
            return self.seconds <= self.most * self.limit_seconds
        return None if self.goal_s is None else self.seconds <= self.goal_s


@dataclass
class Timings:
    """All that was timed, and by how many MB the service grew while it streamed."""

    lines: list[Timing] = field(default_factory=list)
    streaming_mb: float | None = None


def time_figures(settings: Settings, amount: Amount, report: Report) -> Timings:
    """Time publishing a country with all layers of figures, correcting one figure, and streaming many; `settings` are of the ground."""
    timings = Timings()
    store_begrippen(settings, read_begrippen(settings.seed_folders))
    store_country(settings, amount)
    national = national_keys()
    count = store_figures(settings, amount, Levering("bench-land", "0.1", national))
    _time_publishing(settings, timings, f"publiceren: {_dutch(count)} cijfers en alle kaartlagen", PUBLISH_GOAL_S, report)
    store_figures(settings, amount, Levering("bench-land", "0.1", national, first_value=2.0))
    _time_publishing(settings, timings, "publiceren: één cijfer verbeterd", CORRECTION_GOAL_S, report)
    many = store_figures(settings, amount, Levering("bench-miljoen", "0.2", many_keys(amount.figures // amount.mosaic + 1)))
    with _timed(timings, f"publiceren: {_dutch(many)} cijfers erbij, zonder kaartlagen"):
        _publish(settings, bench_layers())
    _time_streaming(settings, timings)
    for line in timings.lines[2:]:
        report(line_of(line))
    return timings


def line_of(timing: Timing) -> str:
    """Return a timing in one line."""
    goal = f"; doel {_dutch(timing.goal_s)} s, gehaald: {'ja' if timing.reached else 'NEE'}" if timing.goal_s else ""
    if timing.most is not None:
        goal = f"; doel hoogstens {_dutch(timing.most, 2)} maal zoveel, gehaald: {'ja' if timing.reached else 'NEE'}"
    limit = f"; ernaast {_dutch(timing.limit_seconds, 3)} s" if timing.limit_seconds else ""
    return f"{timing.title}: {_dutch(timing.seconds, 3 if timing.seconds < 1 else 1)} s{limit}{goal}"


def _time_publishing(settings: Settings, timings: Timings, title: str, goal_s: float, report: Report) -> None:
    layers = read_layers(settings.layer_folders)
    with _timed(timings, title, goal_s):
        _publish(settings, layers)
    report(line_of(timings.lines[-1]))


def _publish(settings: Settings, layers: Layers) -> None:
    styles = read_styles(settings.sld_folders)
    publish(settings, layers, drawn_properties(styles, layers), lambda _: None)


@contextmanager
def _timed(timings: Timings, title: str, goal_s: float | None = None) -> Iterator[None]:
    started = time.monotonic()
    yield
    timings.lines.append(Timing(title, time.monotonic() - started, goal_s))


def _time_streaming(settings: Settings, timings: Timings) -> None:
    """Let the service and bare SQL write the same CSV in turns, and see how much the service grows."""
    peak = Peak()
    with running_service(settings) as service, connect(settings, Role.READ) as connection:
        # The first file brings in what writing files needs.
        _stream(service, "/v1/cijfers?f=csv&gebied=GM0001")
        before = memory_mb(service.process)
        with watching_memory(service, peak):
            rounds = [(_stream(service, "/v1/cijfers?f=csv"), _copy(connection)) for _ in range(ROUNDS)]
    if before is not None and peak.mb is not None:
        timings.streaming_mb = max(peak.mb - before, 0.0)
    ours, theirs = (statistics.median(seconds) for seconds in zip(*rounds, strict=True))
    timings.lines.append(Timing("alle cijfers als CSV", ours, limit_seconds=theirs))


def _stream(service: Service, path: str) -> float:
    """Read a file part by part, as a client does that writes it to disk, and return how long that took."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_S)
    started = time.monotonic()
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        while response.read(PART):
            pass
    finally:
        connection.close()
    if response.status != 200:
        raise Unavailable(f"De service antwoordt {response.status} op {path}.")
    return time.monotonic() - started


def _copy(connection: psycopg.Connection) -> float:
    row = connection.execute(CURRENT_TABLE, [FIGURES]).fetchone()
    if row is None:
        raise Unavailable("Er zijn geen cijfers gepubliceerd.")
    started = time.monotonic()
    with connection.cursor() as cursor, cursor.copy(copy_statement(row[0], shape_of(Selection()), Form()).encode()) as copy:
        for _ in copy:
            pass
    return time.monotonic() - started


def _dutch(number: float, decimals: int = 0) -> str:
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
