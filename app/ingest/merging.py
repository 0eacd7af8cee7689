"""Parts of one object that a file gives as rows of their own, united under the key they share."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from app.ingest.inspection import Inspection
from app.ingest.mapping import Values, as_text, key_of
from app.ingest.report import Row, note
from app.ingest.source import Repair
from app.ingest.table import Table

MILLIMETRE = 0.001

type Groups = Sequence[Sequence[int]]


def merge_parts(table: Table, inspection: Inspection) -> Table:
    """Unite the rows with the same key, in RD; of an attribute in which parts differ, the different values are joined with "; "."""
    if not inspection.may(Repair.MERGE_PARTS) or table.geometry is None or inspection.account.findings.faulty:
        return table
    groups = _groups(key_of(table, inspection.dataset.key_names))
    if len(groups) == len(table):
        return table
    _report(table, groups, inspection)
    return _united(table, groups)


def _groups(keys: Values) -> Groups:
    """Return the positions of each key, in the order of the file; a row without a key is nobody's part."""
    found: dict[object, list[int]] = {}
    for at, key in enumerate(keys):
        found.setdefault(key or at, []).append(at)
    return list(found.values())


def _report(table: Table, groups: Groups, inspection: Inspection) -> None:
    for first, *others in (group for group in groups if len(group) > 1):
        remark = note("samengevoegd", f"deel van hetzelfde object als rij {table.rows[first]}; samengevoegd ({Repair.MERGE_PARTS})")
        inspection.account.add_rows(remark, (Row(int(table.rows[at])) for at in others))
        inspection.mended.add(int(table.rows[first]))
        inspection.excluded.extend(int(table.rows[at]) for at in others)


def _united(table: Table, groups: Groups) -> Table:
    columns = {str(name): as_text(table.attributes[name]) for name in table.attributes.columns}
    merged = {name: ["; ".join(dict.fromkeys(filter(None, texts[group]))) for group in groups] for name, texts in columns.items()}
    kept = replace(table.at(np.array([group[0] for group in groups])), attributes=pd.DataFrame(merged, dtype=object))
    if table.geometry is None:
        return kept
    parts = table.geometry.shapes
    shapes = [parts[group[0]] if len(group) == 1 else shapely.union_all(parts[group], grid_size=MILLIMETRE) for group in groups]
    return kept.with_shapes(np.array([*shapes, None], dtype=object)[:-1])
