"""Time the overlap: the measure in bulk, signals of everything, of one object that changed, and the overlaptoets of a drawn polygon."""

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import orjson
import psycopg
import shapely
from psycopg import sql

from app.bench.data import Amount
from app.bench.overlap.data import OPGAVEN, Ground, make_ground, store_footprints, store_ground
from app.bench.service import PATIENCE_S, Service, running_service
from app.bench.timings import Timing, line_of
from app.database import Role, connect
from app.layers import read_layers
from app.overlap.measuring import Parts, measure
from app.problems import Unavailable
from app.publish import publish
from app.publish.configured import Configured
from app.publish.inputs import read_facts
from app.publish.overlap import overlap_tasks
from app.register.begrippen import read_begrippen, store_begrippen
from app.register.crs import RD, as_ewkb
from app.settings import Settings

LAYERS = Path(__file__).parent / "layers"
STYLES = Path(__file__).parent / "sld"
ROUNDS = 3
# How much of the time of the other the service may take.
BULK_GOAL, DRAWN_GOAL, ONE_GOAL = 1 / 3, 2.0, 0.05
TABLE = sql.Identifier("publication", "sql_bench_opgaven")
# What one statement says of a drawn polygon: the area under each opgave, and under all of them together.
SAME = """
with raak as (
    select id, ST_Intersection(geometrie, vorm.vorm) as deel
    from {table}, (select %(shape)s::geometry as vorm) as vorm
    where ST_Intersects(geometrie, vorm.vorm)
)
select id, ST_Area(deel), (select ST_Area(ST_Union(deel)) from raak) from raak
"""

type Report = Callable[[str], None]


def time_overlap(settings: Settings, amount: Amount, report: Report) -> list[Timing]:
    """Return the timings of overlap; `settings` are of the ground of this measurement."""
    ground = make_ground(amount.footprints, amount.opgaven, amount.drawn)
    own = settings.model_copy(update={"layers": (LAYERS,), "sld": (STYLES,)})
    store_begrippen(own, read_begrippen(own.seed_folders))
    timings = [_bulk(ground)]
    store_ground(own, ground)
    layers = read_layers((LAYERS,))
    whole = _seconds_of_signals(own)
    publish(own, layers, {}, lambda _: None)
    store_footprints(own, ground, hectares=2.0)
    title = f"signalen van {amount.footprints} objecten opnieuw nadat er één wijzigde, naast alle"
    timings.append(Timing(title, _seconds_of_signals(own), limit_seconds=whole, most=ONE_GOAL))
    timings.append(_drawn(own, ground))
    for line in timings:
        report(line_of(line))
    return timings


def _bulk(ground: Ground) -> Timing:
    """Measure all footprints against all opgaven, in turns with GeoPandas' overlay on the same data."""
    mine = Parts(ground.footprints, np.arange(len(ground.footprints)))
    theirs = Parts(ground.opgaven, np.arange(len(ground.opgaven)))
    left = gpd.GeoDataFrame(geometry=ground.footprints, crs=RD.epsg)
    right = gpd.GeoDataFrame(geometry=ground.opgaven, crs=RD.epsg)
    rounds = []
    pairs = 0
    for _ in range(ROUNDS):
        started = time.monotonic()
        pairs = sum(int(np.count_nonzero(each.m2 > 0)) for each in measure(mine, theirs, keep=True))
        between = time.monotonic()
        gpd.overlay(left, right, keep_geom_type=True)
        rounds.append((between - started, time.monotonic() - between))
    ours, overlay = (statistics.median(seconds) for seconds in zip(*rounds, strict=True))
    title = f"overlap van {len(mine)} vlakken met {len(theirs)} opgaven ({pairs} paren), naast GeoPandas overlay"
    return Timing(title, ours, limit_seconds=overlay, most=BULK_GOAL)


def _seconds_of_signals(settings: Settings) -> float:
    """Make the signals of what is delivered now, as publishing does, and take them back."""
    configured = Configured.read(settings, read_layers((LAYERS,)), {})
    with connect(settings, Role.IMPORT) as connection:
        opgaven, overlap = overlap_tasks(connection, read_facts(connection, configured.afleidingen), configured, "")
        row = connection.execute("select to_regclass(%s)", [f"publication.{opgaven.table_name}"]).fetchone()
        if row is None or row[0] is None:
            opgaven.build(connection, opgaven.table_name)
        started = time.monotonic()
        overlap.build(connection, overlap.table_name)
        seconds = time.monotonic() - started
        connection.rollback()
    return seconds


def _drawn(settings: Settings, ground: Ground) -> Timing:
    """Ask the overlaptoets of drawn polygons one by one, in turns with one statement that reckons the same areas."""
    asked = [_Drawn.of(shape) for shape in ground.drawn]
    with running_service(settings) as service, connect(settings, Role.READ, autocommit=True) as connection:
        with connect(settings, Role.IMPORT) as owner:
            _make_table(owner)
        rounds = [([_ask(service, each) for each in asked], [_reckon(connection, each) for each in asked]) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(_p95(each) for each in side) for side in zip(*rounds, strict=True))
    title = f"overlaptoets van een getekend vlak van 50 punten tegen {len(ground.opgaven)} opgaven (p95), naast SQL"
    return Timing(title, ours, limit_seconds=theirs, most=DRAWN_GOAL)


@dataclass(frozen=True)
class _Drawn:
    """A drawn polygon as the service and as PostgreSQL are asked."""

    body: bytes
    shape: str

    @classmethod
    def of(cls, shape: shapely.Geometry) -> "_Drawn":
        question = {"geometrie": orjson.loads(shapely.to_geojson(shape)), "objecttype": "ZONNEPARK_LAND", "crs": RD.uri}
        return cls(orjson.dumps(question), as_ewkb(np.array([shape]))[0])


def _make_table(connection: psycopg.Connection) -> None:
    connection.execute(sql.SQL("drop table if exists {}").format(TABLE))
    connection.execute(
        sql.SQL("create table {} as select object_id as id, geometrie from facts.current_object where collection = {}").format(
            TABLE, sql.Literal(OPGAVEN)
        )
    )
    connection.execute(sql.SQL("create index on {} using gist (geometrie)").format(TABLE))
    connection.execute(sql.SQL("grant select on {} to energiebeeld_read").format(TABLE))
    connection.execute(sql.SQL("analyze {}").format(TABLE))


def _ask(service: Service, drawn: _Drawn) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_S)
    try:
        connection.connect()
        started = time.monotonic()
        connection.request("POST", "/v1/overlaptoetsen", drawn.body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        body = response.read()
        seconds = time.monotonic() - started
    finally:
        connection.close()
    if response.status != 200:
        raise Unavailable(f"De service antwoordt {response.status}: {body[:200]!r}")
    return seconds


def _reckon(connection: psycopg.Connection, drawn: _Drawn) -> float:
    started = time.monotonic()
    connection.execute(sql.SQL(SAME).format(table=TABLE), {"shape": drawn.shape}, prepare=True).fetchall()
    return time.monotonic() - started


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
