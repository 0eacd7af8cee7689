"""What can only be seen of a dataset as a whole: rows that should be there, columns that say nothing, slivers, gaps and overlaps."""

from collections.abc import Mapping

import numpy as np
import shapely

from app.ingest.inspection import Inspection
from app.ingest.mapping import Values, as_text
from app.ingest.report import Row, note, warning
from app.ingest.source import Facts, StatedArea
from app.ingest.table import Geometries, Mask, Table
from app.layers import Geometry

SMALLEST_AREA_M2 = 1.0
THINNEST = 1e-4
LARGEST_DEVIATION = 0.05
SMALLEST_OVERLAP_M2 = 1.0
SQUARE_METRES = {"m2": 1.0, "ha": 1e4, "km2": 1e6}


def check_whole(table: Table, properties: Mapping[str, Values], inspection: Inspection) -> None:
    """Run every check on a dataset in RD that has no faults so far."""
    _check_count(table, inspection)
    _check_columns(properties, inspection)
    if table.geometry is None or inspection.account.findings.faulty or inspection.dataset.shape is not Geometry.POLYGON:
        return
    _check_slivers(table, inspection)
    if inspection.dataset.stated_area is not None:
        _check_stated_area(table, inspection.dataset.stated_area, inspection)
    if inspection.dataset.facts is Facts.GEBIED:
        _check_overlaps(table, inspection)
        _check_holes(table, inspection)


def _check_count(table: Table, inspection: Inspection) -> None:
    expected = inspection.dataset.expected_rows
    if len(table) == 0:
        inspection.account.add(warning("geen-rijen", "er is geen enkele rij om op te slaan", "Ga na of de levering volledig is."))
    if expected is not None and len(table) != expected:
        reason = f"er zijn {len(table)} rijen; er horen er {expected} te zijn"
        inspection.account.add(warning("aantal", reason, "Ga na of de levering volledig is."))


def _check_columns(properties: Mapping[str, Values], inspection: Inspection) -> None:
    """A column that is the same in every row often holds a default instead of data; one that is empty holds none."""
    same: list[str] = []
    empty: list[str] = []
    for name, column in inspection.dataset.columns.items():
        values = properties[name]
        # A merger is the same in every row: one day, one new gebied.
        expected = inspection.dataset.facts is Facts.GEBIED_OPVOLGING
        if column.constant is None and not expected and len(values) > 1 and all(value == values[0] for value in values):
            (empty if values[0] is None else same).append(" / ".join(column.origins))
    if same:
        remark = note("kolom-zonder-verschil", "deze kolommen hebben in elke rij dezelfde waarde")
        inspection.account.add(remark, Row(column=", ".join(dict.fromkeys(same))))
    if empty:
        inspection.account.add(note("kolom-leeg", "deze kolommen zijn in elke rij leeg"), Row(column=", ".join(dict.fromkeys(empty))))


def _check_slivers(table: Table, inspection: Inspection) -> None:
    shapes = _shapes(table)
    areas, lengths = shapely.area(shapes), shapely.length(shapes)
    thinness = 4 * np.pi * areas / np.maximum(lengths, 1e-9) ** 2
    sliver: Mask = (areas < SMALLEST_AREA_M2) | (thinness < THINNEST) & (shapely.get_num_geometries(shapes) == 1)
    remark = warning("splinter", "het vlak heeft (bijna) geen oppervlakte", "Controleer of de geometrie bij het object hoort.")
    inspection.report(remark, table, sliver, (f"{area:.1f} m²" for area in areas[sliver]))


def _check_stated_area(table: Table, stated: StatedArea, inspection: Inspection) -> None:
    claims = np.array([_number(text) for text in as_text(table.attributes[stated.column])]) * SQUARE_METRES[stated.unit]
    areas = shapely.area(_shapes(table))
    off: Mask = np.isfinite(claims) & (np.abs(claims - areas) > LARGEST_DEVIATION * np.maximum(areas, SMALLEST_AREA_M2))
    remark = warning("oppervlakte-wijkt-af", "de opgegeven oppervlakte wijkt meer dan 5 % af van die van de geometrie in RD")
    values = (f"opgegeven {claim / 1e4:.2f} ha, gemeten {area / 1e4:.2f} ha" for claim, area in zip(claims[off], areas[off], strict=True))
    inspection.report(remark, table, off, values)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _check_overlaps(table: Table, inspection: Inspection) -> None:
    """Report pairs of gebieden of one division that share more than a border."""
    shapes = _shapes(table)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    shared = shapely.area(shapely.intersection(shapes[left[once]], shapes[right[once]]))
    for one, other, area in zip(left[once], right[once], shared, strict=True):
        if area > SMALLEST_OVERLAP_M2:
            remark = warning("overlap", f"het gebied overlapt met dat van rij {table.rows[other]}", "Trek de grens één keer.")
            inspection.account.add(remark, Row(int(table.rows[one]), value=f"{area / 1e4:.2f} ha"))


def _check_holes(table: Table, inspection: Inspection) -> None:
    """Report what the gebieden of one division enclose without covering it, such as large waters."""
    union = shapely.union_all(_shapes(table))
    rings = shapely.get_rings(shapely.get_parts(union))
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors] if len(rings) else []
    if holes:
        area = sum(hole.area for hole in holes)
        reason = f"de gebieden omsluiten {len(holes)} stukken die bij geen gebied horen, samen {area / 1e6:.1f} km²"
        inspection.account.add(warning("gaten", reason, "Objecten daar (zoals grote wateren) vallen buiten elk gebied."))


def _shapes(table: Table) -> Geometries:
    if table.geometry is None:
        raise TypeError("a table without geometry has no shapes")
    return table.geometry.shapes
