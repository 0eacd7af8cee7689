"""What one dataset is held against while its rows are checked: its declaration, its account, and which rows were mended or left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.ingest.report import Account, Remark, Row, fault, note
from app.ingest.source import Dataset, Repair
from app.ingest.table import Geometries, Mask, Table


@dataclass(frozen=True)
class Inspection:
    """Checks report to `account`; `mended` and `excluded` hold the numbers of the rows that a declared repair touched."""

    dataset: Dataset
    account: Account
    mended: set[int] = field(default_factory=set)
    excluded: list[int] = field(default_factory=list)

    def may(self, repair: Repair) -> bool:
        """Tell whether the source declares this repair."""
        return repair in self.dataset.repairs

    def report(self, remark: Remark, table: Table, rows: Mask, values: Iterable[object] | None = None) -> None:
        """Report these rows; `values` has one per reported row."""
        numbers = table.rows[rows]
        shown = [None] * len(numbers) if values is None else list(values)
        self.account.add_rows(remark, (Row(int(number), value=value) for number, value in zip(numbers, shown, strict=True)))

    def mend(self, table: Table, rows: Mask, shapes: Geometries, done: Remark) -> Table:
        """Put `shapes` (one per reported row) in place and list each mended row."""
        if table.geometry is None or not rows.any():
            return table
        self.report(done, table, rows)
        self.mended.update(int(number) for number in table.rows[rows])
        mended = table.geometry.shapes.copy()
        mended[rows] = shapes
        return table.with_shapes(mended)

    def leave_out(self, table: Table, rows: Mask, done: Remark, values: Iterable[object] | None = None) -> Table:
        """Leave these rows out and list each."""
        if not rows.any():
            return table
        self.report(done, table, rows, values)
        self.excluded.extend(int(number) for number in table.rows[rows])
        return table.at(~rows)

    def mend_or_refuse(self, table: Table, rows: Mask, repair: Repair, found: "Flaw") -> Table:
        """Put `found.mended` in place if the source declares the repair, or report a fault for each row."""
        if not rows.any():
            return table
        if self.may(repair):
            return self.mend(table, rows, found.mended, note(found.code, f"{found.reason}; hersteld ({repair})"))
        self.report(fault(found.code, found.reason, f"{found.remedy} Of laat de bron `{repair}` toe."), table, rows)
        return table


@dataclass(frozen=True)
class Flaw:
    """Something wrong with shapes, and the shapes as they would be after repair."""

    code: str
    reason: str
    remedy: str
    mended: Geometries
