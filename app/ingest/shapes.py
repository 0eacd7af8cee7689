"""Check the geometry of every row as it was delivered, before it is transformed: there, of the right kind, flat, closed and valid."""

import numpy as np
import shapely

from app.ingest import table as table_module
from app.ingest.inspection import Flaw, Inspection
from app.ingest.report import Row, fault, note, warning
from app.ingest.source import Repair
from app.ingest.table import Geometries, Mask, Table, is_finite
from app.layers import Geometry
from app.register.validity import explain_invalid

TYPE_NAMES = ("Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
DIMENSIONS = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}


def check_shapes(table: Table, inspection: Inspection) -> Table:
    """Run every check, so that all faults are found at once; return the table as declared repairs leave it."""
    for check in (_present, _readable, _straight, _flat, _closed, _finite, _of_kind, _valid):
        table = check(table, inspection)
    return table


def valid_in_rd(table: Table, inspection: Inspection) -> Table:
    """Mend what was valid until it was rounded to the millimetre in RD; that is our doing, so it needs no declaration."""
    if table.geometry is None or inspection.account.findings.faulty:
        return table
    shapes = table.geometry.shapes
    broken: Mask = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    mended = _only(shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False), inspection.dataset.shape)
    table = inspection.mend(table, broken, mended, note("afronding", "door afronden op millimeters raakte de rand zichzelf; hersteld"))
    nothing: Mask = shapely.is_empty(_shapes(table))
    return inspection.leave_out(table, nothing, warning("afronding-leeg", "afgerond op millimeters blijft er niets over; niet opgeslagen"))


def _present(table: Table, inspection: Inspection) -> Table:
    shapes, unreadable = _shapes(table), _geometry(table).unreadable
    missing: Mask = shapely.is_missing(shapes) & ~unreadable
    empty: Mask = ~shapely.is_missing(shapes) & shapely.is_empty(shapes)
    if inspection.may(Repair.DROP_WITHOUT_GEOMETRY):
        return inspection.leave_out(table, missing | empty, note("zonder-geometrie", "de rij heeft geen geometrie; niet opgeslagen"))
    remedy = f"Geef het object een plaats, of laat de bron `{Repair.DROP_WITHOUT_GEOMETRY}` toe."
    inspection.report(fault("geometrie-ontbreekt", "de geometrie ontbreekt (NULL)", remedy), table, missing)
    inspection.report(fault("geometrie-leeg", "de geometrie is leeg (EMPTY)", remedy), table, empty)
    return table


def _readable(table: Table, inspection: Inspection) -> Table:
    remark = fault("geometrie-onleesbaar", "de geometrie is niet te lezen", "Teken het object opnieuw of verwijder de rij.")
    inspection.report(remark, table, _geometry(table).unreadable)
    return table


def _straight(table: Table, inspection: Inspection) -> Table:
    curved = _geometry(table).curved
    reason, remedy = "de geometrie bevat bogen", "Zet bogen om in rechte stukken (in QGIS: 'Segmentize')."
    return inspection.mend_or_refuse(table, curved, Repair.LINEARISE, Flaw("bogen", reason, remedy, _shapes(table)[curved]))


def _flat(table: Table, inspection: Inspection) -> Table:
    shapes = _shapes(table)
    solid: Mask = shapely.has_z(shapes) | shapely.has_m(shapes) | _geometry(table).measured
    reason, remedy = "de geometrie heeft hoogten of maten (Z of M)", "Lever platte geometrie."
    return inspection.mend_or_refuse(table, solid, Repair.DROP_Z, Flaw("hoogte-of-maat", reason, remedy, shapely.force_2d(shapes[solid])))


def _closed(table: Table, inspection: Inspection) -> Table:
    unclosed = _geometry(table).unclosed
    reason, remedy = "een ring is niet gesloten", "Laat elke ring eindigen op zijn eerste punt."
    return inspection.mend_or_refuse(table, unclosed, Repair.CLOSE_RINGS, Flaw("ring-open", reason, remedy, _shapes(table)[unclosed]))


def _finite(table: Table, inspection: Inspection) -> Table:
    inspection.report(
        fault("coordinaat-geen-getal", "een coördinaat is geen eindig getal", "Herstel of verwijder het object."),
        table,
        ~is_finite(_shapes(table)),
    )
    return table


def _of_kind(table: Table, inspection: Inspection) -> Table:
    shapes, wanted = _shapes(table), inspection.dataset.shape.types
    kinds = shapely.get_type_id(shapes)
    wrong: Mask = (kinds >= 0) & ~np.isin(kinds, [TYPE_NAMES.index(name) for name in wanted])
    reason = f"de geometrie is geen {' of '.join(sorted(wanted, key=len))}"
    remedy = "Lever per laag één soort geometrie."
    inspection.report(fault("geometrietype", reason, remedy), table, wrong, (TYPE_NAMES[kind] for kind in kinds[wrong]))
    return table


def _valid(table: Table, inspection: Inspection) -> Table:
    shapes = _shapes(table)
    invalid: Mask = is_finite(_shapes(table)) & ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    if not invalid.any():
        return table
    mended = shapes.copy()
    if inspection.may(Repair.MAKE_VALID):
        mended[invalid] = _only(shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False), inspection.dataset.shape)
    mendable: Mask = invalid & shapely.is_valid(mended) & ~shapely.is_empty(mended)
    _report_invalid(table, inspection, (invalid, mendable))
    inspection.mended.update(int(number) for number in table.rows[mendable])
    return table.with_shapes(np.where(mendable, mended, shapes))


def _report_invalid(table: Table, inspection: Inspection, masks: tuple[Mask, Mask]) -> None:
    """Report each invalid row with where and why, as a fault or (mendable) as mended."""
    invalid, mendable = masks
    shapes = _shapes(table)
    for at in np.flatnonzero(invalid):
        why, where = explain_invalid(shapely.is_valid_reason(shapes[at]))
        row = Row(int(table.rows[at]), value=where)
        if mendable[at]:
            inspection.account.add(note("geometrie-ongeldig", f"{why}; hersteld ({Repair.MAKE_VALID})"), row)
        else:
            remedy = f"Herstel de geometrie op deze plaats, of laat de bron `{Repair.MAKE_VALID}` toe."
            inspection.account.add(fault("geometrie-ongeldig", why, remedy), row)


def _only(shapes: Geometries, kind: Geometry) -> Geometries:
    """Keep of each mended shape the parts of the kind that was delivered."""
    return np.array([*(_parts_of(shape, DIMENSIONS[kind]) for shape in shapes), None], dtype=object)[:-1]


def _parts_of(shape: shapely.Geometry, dimension: int) -> shapely.Geometry:
    if shape.geom_type != "GeometryCollection":
        return shape if shapely.get_dimensions(shape) == dimension else shapely.MultiPolygon()
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])


def _geometry(table: Table) -> table_module.Geometry:
    if table.geometry is None:
        raise TypeError("a dataset without geometry has no shapes to check")
    return table.geometry


def _shapes(table: Table) -> Geometries:
    return _geometry(table).shapes
