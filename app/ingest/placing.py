"""Which CRS a file is in, whether its coordinates land where they should, and what is probably wrong when they do not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from app.ingest.report import Account, Row, fault
from app.ingest.source import Dataset
from app.ingest.table import Geometries, Mask, Table, is_finite
from app.register.crs import to_rd

type Box = tuple[float, float, float, float]
type Coordinates = NDArray[np.float64]

# What a GeoJSON without `crs` means: WGS 84 (RFC 7946 §4), unless the source knows better.
UNSTATED = "OGC:CRS84"
SAMPLE = 500
CONVINCING = 0.95
WGS84_3D = {4979: 4326, 4937: 4258, 7931: 4258}


@dataclass(frozen=True)
class Reading:
    """One way to understand coordinates: the CRS they may be in, whether x and y are swapped, and what that would mean."""

    epsg: int
    swapped: bool
    cause: str
    remedy: str


ALTERNATIVES = (
    Reading(28992, False, "het zijn RD-coördinaten (EPSG:28992)", "Geef EPSG:28992 op als coördinatenstelsel."),
    Reading(28992, True, "het zijn RD-coördinaten met x en y verwisseld", "Verwissel x en y en geef EPSG:28992 op."),
    Reading(4326, False, "het zijn graden (lengte, breedte), geen meters", "Geef EPSG:4326 op als coördinatenstelsel."),
    Reading(
        4326, True, "het zijn graden met breedte vóór lengte: de assen zijn verwisseld", "Zet lengte vóór breedte en geef EPSG:4326 op."
    ),
    Reading(3857, False, "het zijn coördinaten in Web Mercator (EPSG:3857)", "Geef EPSG:3857 op, of lever in RD."),
    Reading(32631, False, "het zijn coördinaten in UTM-zone 31 (EPSG:32631)", "Geef EPSG:32631 op als coördinatenstelsel."),
    Reading(32631, True, "het zijn coördinaten in UTM-zone 31 met x en y verwisseld", "Verwissel x en y en geef EPSG:32631 op."),
)


def epsg_of(crs: str | None) -> int | None:
    """Return the EPSG code of the horizontal part of a CRS (EPSG:n or WKT), or None when it has none or is not known."""
    if not crs:
        return None
    try:
        known = pyproj.CRS.from_user_input(crs)
    except CRSError:
        return None
    horizontal = known.sub_crs_list[0] if known.is_compound else known
    if horizontal.to_authority() == ("OGC", "CRS84"):
        return 4326
    code = horizontal.to_epsg()
    return WGS84_3D.get(code, code) if code is not None else None


def settle_crs(stated: str | None, dataset: Dataset, account: Account) -> int | None:
    """Return the EPSG code to read the coordinates in; None when what the file states is not what the source declares."""
    expected = epsg_of(dataset.crs or dataset.assign_crs)
    found = epsg_of(stated)
    if dataset.assign_crs is not None and (found is None or stated == UNSTATED):
        return expected
    if found is None:
        reason = "het bestand noemt geen coördinatenstelsel" if not stated else f"het coördinatenstelsel is onbekend: {stated[:60]}"
        account.add(fault("crs-ontbreekt", reason, "Lever het bestand met coördinatenstelsel, of geef de bron een `assign_crs`."))
        return None
    if expected is not None and found != expected:
        reason = f"het bestand staat in EPSG:{found}, verwacht werd EPSG:{expected}"
        account.add(fault("crs-onjuist", reason, "Lever in het verwachte coördinatenstelsel, of pas de bron aan."))
        return None
    return found


def place(table: Table, dataset: Dataset, epsg: int, account: Account) -> Table:
    """Transform to RD and report every row that does not lie within the extent of the dataset, with the probable cause."""
    if table.geometry is None:
        return table
    shapes = table.geometry.shapes
    moved = to_rd(shapes, epsg)
    outside = _outside(moved, dataset.extent) & is_finite(shapes)
    if outside.any():
        cause, remedy = _diagnose(shapes[outside], epsg, dataset.extent)
        remark = fault("buiten-gebied", f"het object ligt buiten {_spelled(dataset.extent)}{cause}", remedy)
        account.add_rows(remark, (Row(int(table.rows[at]), value=_first_position(shapes[at])) for at in np.flatnonzero(outside)))
    return table.with_shapes(moved)


def in_rd(table: Table, account: Account) -> Geometries:
    """Return the geometry of a joined table in RD."""
    geometry = table.geometry
    epsg = epsg_of(geometry.crs) if geometry is not None else None
    if geometry is None or epsg is None:
        account.add(fault("crs-ontbreekt", "het gekoppelde bestand noemt geen bekend coördinatenstelsel", "Geef de koppeling een `crs`."))
        return np.full(len(table), None, dtype=object)
    return to_rd(geometry.shapes, epsg)


def _outside(shapes: Geometries, extent: Box) -> Mask:
    """Tell which shapes stick out; a shape without coordinates is somebody else's fault."""
    bounds = shapely.bounds(shapes)
    given = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    # A comparison with NaN is false, so what PROJ could not transform counts as outside.
    inside = (bounds[:, 0] >= extent[0]) & (bounds[:, 1] >= extent[1]) & (bounds[:, 2] <= extent[2]) & (bounds[:, 3] <= extent[3])
    outside: Mask = given & ~inside
    return outside


def _diagnose(shapes: Geometries, epsg: int, extent: Box) -> tuple[str, str]:
    """Name the reading under which these coordinates would land in the extent."""
    coordinates = shapely.get_coordinates(shapes)
    sample = coordinates[:: max(1, len(coordinates) // SAMPLE)]
    own = Reading(epsg, True, "de assen (x en y) zijn verwisseld", "Verwissel de eerste en tweede coördinaat.")
    for reading in (own, *(each for each in ALTERNATIVES if each.epsg != epsg)):
        if _lands(sample, reading, extent):
            return f"; waarschijnlijke oorzaak: {reading.cause}", reading.remedy
    return "", "Verbeter de coördinaten, of geef de bron een ander `extent`."


def _lands(sample: Coordinates, reading: Reading, extent: Box) -> bool:
    read: Callable[[Coordinates], Coordinates] = np.fliplr if reading.swapped else np.asarray
    moved = shapely.get_coordinates(to_rd(shapely.points(read(sample)), reading.epsg))
    inside = (moved[:, 0] >= extent[0]) & (moved[:, 1] >= extent[1]) & (moved[:, 0] <= extent[2]) & (moved[:, 1] <= extent[3])
    return len(sample) > 0 and float(inside.sum()) / len(sample) >= CONVINCING


def _spelled(extent: Box) -> str:
    return f"het gebied van deze bron (RD x {extent[0]:.0f}…{extent[2]:.0f}, y {extent[1]:.0f}…{extent[3]:.0f})"


def _first_position(shape: shapely.Geometry) -> str:
    x, y = shapely.get_coordinates(shape)[0]
    return f"{x:.10g} {y:.10g}"
