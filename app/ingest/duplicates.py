"""Rows that occur twice: wholly equal, with the same key, or with the same geometry under another key."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from app.ingest.inspection import Inspection
from app.ingest.mapping import Values, key_of
from app.ingest.report import Remark, Row, fault, note, warning
from app.ingest.source import Repair
from app.ingest.table import Mask, Table
from app.layers import Geometry

FIRST = -1
# Many points in one spot (charging points on a square) are normal: then only their number says something.
LISTED = 100


def check_exact_duplicates(table: Table, inspection: Inspection) -> Table:
    """Refuse or leave out rows of which all attributes and the geometry equal those of an earlier row."""
    earlier = _earlier_equal(_row_codes(table))
    rule = (Repair.DROP_EXACT_DUPLICATES, "dubbele-rij", "de rij is geheel gelijk aan rij {}")
    return _leave_out_or_refuse(table, earlier, inspection, rule)


def check_keys(table: Table, inspection: Inspection) -> tuple[Table, Values]:
    """Return the table with its keys, each present and unique as far as declared repairs go."""
    dataset = inspection.dataset
    keys = key_of(table, dataset.key_names, dataset.id_prefix)
    missing: Mask = keys == ""
    columns = ", ".join(" of ".join(names) for names in dataset.key_names)
    remark = fault("sleutel-ontbreekt", f"de sleutel ({columns}) is leeg", "Geef elk object een eigen sleutel.")
    inspection.report(remark, table, missing)
    earlier = _earlier_equal(pd.Series(keys))
    earlier[missing] = FIRST
    if inspection.may(Repair.NUMBER_DUPLICATE_KEYS):
        return table, _numbered(table, keys, earlier, inspection)
    code = (Repair.DROP_DUPLICATE_KEYS, "dubbele-sleutel", "dezelfde sleutel staat op rij {}")
    kept = _leave_out_or_refuse(table, earlier, inspection, code, keys)
    return kept, keys[earlier == FIRST] if len(kept) < len(table) else keys


def check_places(table: Table, inspection: Inspection) -> Table:
    """Warn of the same geometry under another key: lines and polygons delivered twice, points in one spot."""
    if table.geometry is None:
        return table
    shapes = shapely.normalize(table.geometry.shapes)
    earlier = _earlier_equal(pd.Series(shapely.to_wkb(shapes)))
    earlier[shapely.is_missing(shapes)] = FIRST
    if inspection.may(Repair.DROP_DUPLICATE_GEOMETRY):
        rule = (Repair.DROP_DUPLICATE_GEOMETRY, "dubbele-geometrie", "de geometrie is gelijk aan die van rij {}")
        return _leave_out_or_refuse(table, earlier, inspection, rule)
    _warn_of_places(table, earlier, inspection)
    return table


def _warn_of_places(table: Table, earlier: NDArray[np.int64], inspection: Inspection) -> None:
    repeated = np.flatnonzero(earlier != FIRST)
    if not len(repeated):
        return
    is_point = inspection.dataset.shape is Geometry.POINT
    code = "zelfde-punt" if is_point else "dubbele-geometrie"
    what = "het punt ligt precies op dat van rij {}" if is_point else "de geometrie is gelijk aan die van rij {}, onder een andere sleutel"
    if len(repeated) <= LISTED or not is_point:
        for at in repeated:
            inspection.account.add(warning(code, what.format(table.rows[earlier[at]])), Row(int(table.rows[at])))
    if len(repeated) > LISTED or not is_point:
        _warn_of_all(table, len(repeated), inspection)


def _warn_of_all(table: Table, repeated: int, inspection: Inspection) -> None:
    if inspection.dataset.shape is Geometry.POINT:
        reason = f"{repeated} van de {len(table)} rijen liggen op een punt waar al een andere ligt"
        inspection.account.add(warning("zelfde-punt", reason))
        return
    reason = f"{repeated} van de {len(table)} rijen herhalen de geometrie van een andere; {len(table) - repeated} zijn verschillend"
    remedy = f"Optellen telt ze dubbel; laat de bron `{Repair.DROP_DUPLICATE_GEOMETRY}` toe als het dezelfde objecten zijn."
    inspection.account.add(warning("dubbele-geometrie-totaal", reason, remedy))


def _row_codes(table: Table) -> "pd.Series[int]":
    """Return a number per row that is the same for equal rows: the columns one by one, so that no row need be spelled out."""
    codes = np.zeros(len(table), dtype=np.int64)
    shapes = [] if table.geometry is None else [pd.Series(shapely.to_wkb(table.geometry.shapes))]
    for values in (*(table.attributes[name] for name in table.attributes.columns), *shapes):
        own, _ = pd.factorize(_hashable(values), use_na_sentinel=False)
        codes, _ = pd.factorize(codes * (own.max(initial=0) + 1) + own)
    return pd.Series(codes)


def _hashable(values: "pd.Series[str]") -> "pd.Series[str]":
    """Spell lists (which a GeoPackage or GeoJSON may hold) as text."""
    return values.map(str) if pd.api.types.infer_dtype(values) == "mixed" else values


def _earlier_equal(values: "pd.Series[str] | pd.Series[int]") -> NDArray[np.int64]:
    """Return for each position the first position with the same value, or FIRST where it is the first itself."""
    codes, _ = pd.factorize(values)
    _, firsts = np.unique(codes, return_index=True)
    earlier = firsts[codes]
    return np.where(earlier == np.arange(len(earlier)), FIRST, earlier)


def _leave_out_or_refuse(
    table: Table, earlier: NDArray[np.int64], inspection: Inspection, rule: tuple[Repair, str, str], values: Values | None = None
) -> Table:
    repair, code, reason = rule
    repeated = np.flatnonzero(earlier != FIRST)
    allowed = inspection.may(repair)
    for at in repeated:
        why = reason.format(table.rows[earlier[at]])
        row = Row(int(table.rows[at]), value=None if values is None else values[at])
        inspection.account.add(_remark(code, why, repair, allowed=allowed), row)
    if not allowed or not len(repeated):
        return table
    inspection.excluded.extend(int(number) for number in table.rows[repeated])
    return table.at(earlier == FIRST)


def _remark(code: str, why: str, repair: Repair, *, allowed: bool) -> Remark:
    if allowed:
        return note(code, f"{why}; niet opgeslagen ({repair})")
    return fault(code, why, f"Laat één van beide rijen over, of laat de bron `{repair}` toe.")


def _numbered(table: Table, keys: Values, earlier: NDArray[np.int64], inspection: Inspection) -> Values:
    """Give repeated keys a number, skipping numbers that the file itself already uses."""
    numbered, used = keys.copy(), set(keys)
    for at in np.flatnonzero(earlier != FIRST):
        number = 2
        while f"{keys[at]}-{number}" in used:
            number += 1
        numbered[at] = f"{keys[at]}-{number}"
        used.add(numbered[at])
        why = f"dezelfde sleutel staat op rij {table.rows[earlier[at]]}; opgeslagen als {numbered[at]} ({Repair.NUMBER_DUPLICATE_KEYS})"
        inspection.account.add(note("dubbele-sleutel", why), Row(int(table.rows[at]), value=keys[at]))
        inspection.mended.add(int(table.rows[at]))
    return numbered
