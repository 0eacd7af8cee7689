"""The high-voltage grid of Doggerland: stations, overhead lines from pylon to pylon, and cables."""

import numpy as np
import shapely

from app.ingest.doggerland.drawing import Octave, Warp, curve, dense, snapped
from app.ingest.doggerland.plan import Connection, Plan, Station
from app.ingest.doggerland.sheets import Row, Sheet

SPAN_M = 3_500.0
ANGLES = (Octave(9_000, 900), Octave(4_000, 350))
TRENCH = (Octave(6_000, 800), Octave(2_000, 200))
HECTARE_PER_MVA = 0.006


def draw_network(plan: Plan, random: np.random.Generator) -> tuple[Sheet, ...]:
    """Return the stations and the connections between them."""
    overhead, trench = Warp.of(random, *ANGLES), Warp.of(random, *TRENCH)
    stations = {station.code: station for station in plan.stations}
    connections = tuple(_connection(plan, stations, each, trench if each.cable else overhead) for each in plan.connections)
    return Sheet("stations", tuple(_station(plan, each) for each in plan.stations)), Sheet("hoogspanningsverbindingen", connections)


def _station(plan: Plan, station: Station) -> Row:
    return Row(
        {
            "code": station.code,
            "naam": station.naam,
            "spanning_kv": max(station.kv),
            "bouwjaar": station.built,
            "aantal_transformatoren": 2 if station.mva < 1000 else 4,
            "transformatorvermogen_mva": station.mva / (2 if station.mva < 1000 else 4),
            "oppervlakte_ha": round(1.2 + station.mva * HECTARE_PER_MVA, 1),
            "op_zee": int(station.naam.startswith("Platform")),
        },
        snapped(shapely.Point(plan.rd((station.at,))[0])),
    )


def _connection(plan: Plan, stations: dict[str, Station], connection: Connection, warp: Warp) -> Row:
    first, last = (stations[code] for code in connection.stations)
    route = _route(plan.rd((first.at, *connection.via, last.at)), warp, cable=connection.cable)
    return Row(
        {
            "id": f"{first.code}-{last.code}-{connection.kv}",
            "naam": f"{first.naam} – {last.naam} {connection.kv} kV",
            "objecttype": "VERBINDING_ONDERGRONDS" if connection.cable else "VERBINDING_BOVENGRONDS",
            "spanning": ";".join([str(connection.kv * 1000)] * connection.circuits),
            "circuits": connection.circuits,
            "lengte_m": round(route.length),
            "van_station": first.code,
            "naar_station": last.code,
        },
        route,
    )


def _route(stops: np.ndarray, warp: Warp, *, cable: bool) -> shapely.LineString:
    """Return a straight span from pylon angle to pylon angle, or a gentle curve for a cable; both end in the stations."""
    points = curve(stops, 250.0) if cable else dense(shapely.LineString(stops), SPAN_M)
    moved = warp.moved(points)
    moved[0], moved[-1] = stops[0], stops[-1]
    return snapped(shapely.LineString(moved))
