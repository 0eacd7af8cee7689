"""What an import has to say: every finding with file, layer, row, column, value, reason and remedy, and what became of the rows."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from app.problems import ImportFault

LISTED_PER_CODE = 1000
LONGEST_VALUE = 120


class Ernst(StrEnum):
    """How much a finding weighs: a `fout` refuses the levering, a `waarschuwing` asks for a look, a `melding` tells what was done."""

    FOUT = "fout"
    WAARSCHUWING = "waarschuwing"
    MELDING = "melding"


class Outcome(StrEnum):
    """What became of a levering."""

    OPGESLAGEN = "opgeslagen"
    ONGEWIJZIGD = "ongewijzigd"
    GEWEIGERD = "geweigerd"
    PROEF = "proef"


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True)


class Finding(_Stored):
    """One thing found. `row` is the feature's number (from 1) in its layer, or the line of a CSV; without it the whole dataset is meant."""

    ernst: Ernst
    code: str
    reason: str
    remedy: str = ""
    file: str = ""
    layer: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [self.file, self.layer and f"laag {self.layer}", self.row and f"rij {self.row}", self.column and f"kolom {self.column}"]
        where = ", ".join(part for part in place if part)
        value = "" if self.value is None else f" (waarde {self.value!r})"
        return f"{where}: {self.reason}{value} [{self.code}] {self.remedy}".strip()


class Total(_Stored):
    """How often a code was found, also where not every finding is listed."""

    ernst: Ernst
    code: str
    file: str
    layer: str | None = None
    count: int


class DatasetCounts(_Stored):
    """What became of the rows of one dataset."""

    file: str
    layer: str | None = None
    facts: str
    read: int = 0
    excluded: int = 0
    repaired: int = 0
    stored: int = 0


class Rejected(_Stored):
    """Figures of one indicator that were not stored, for one reason."""

    reason: str
    count: int
    total: float


class IndicatorSums(_Stored):
    """What became of the figures of one indicator: sums in its own unit over everything delivered, stored and rejected.

    They are checks on the import, not figures about an area: the country and its gemeenten are both in them.
    """

    indicator: str
    eenheid: str
    count: int
    delivered: float
    stored_count: int
    stored: float
    rejected: tuple[Rejected, ...] = ()
    difference: float


class Report(_Stored):
    """The whole account of one levering, kept with it in the database."""

    bron: str
    title: str
    outcome: Outcome
    datasets: tuple[DatasetCounts, ...] = ()
    sums: tuple[IndicatorSums, ...] = ()
    totals: tuple[Total, ...] = ()
    findings: tuple[Finding, ...] = ()
    known_defects: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    declaration: str = ""
    levering_id: int | None = None
    finished_at: dt.datetime | None = None

    @property
    def faults(self) -> int:
        """How many findings refuse the levering."""
        return sum(total.count for total in self.totals if total.ernst is Ernst.FOUT)

    @property
    def warnings(self) -> int:
        """How many findings ask for a look."""
        return sum(total.count for total in self.totals if total.ernst is Ernst.WAARSCHUWING)

    def as_rows(self, per_code: int = 10) -> list[tuple[str, ...]]:
        """Return (ernst, code, file, layer, row, column, value, reason, remedy) as text, faults first.

        Of each code in each layer at most `per_code` are shown; a last row says how many more there are.
        """
        rows: list[tuple[str, ...]] = []
        for total in sorted(self.totals, key=lambda each: list(Ernst).index(each.ernst)):
            same = [each for each in self.findings if _group(each) == (total.ernst, total.code, total.file, total.layer)]
            rows.extend(_as_row(each) for each in same[:per_code])
            if total.count > min(per_code, len(same)):
                more = total.count - min(per_code, len(same))
                rows.append((total.ernst, total.code, total.file, total.layer or "", "", "", "", f"… en nog {more} keer", ""))
        return rows

    def as_json(self) -> str:
        """Return the report as JSON text."""
        return self.model_dump_json(exclude_none=True)


class RefusedImport(ImportFault):
    """A levering with faults: nothing of it is stored; `report` tells all."""

    def __init__(self, report: Report) -> None:
        lines = [str(finding) for finding in report.findings if finding.ernst is Ernst.FOUT]
        super().__init__(f"De levering van {report.bron!r} heeft {report.faults} fout(en) en is niet opgeslagen.", lines)
        self.report = report


class Progress(Protocol):
    """Told what is going on, with the part done (0 to 1) where that is known."""

    def __call__(self, message: str, done: float | None = None) -> None:
        """Take note."""


def silent(message: str, done: float | None = None) -> None:
    """Progress for who does not want to know."""


@dataclass(frozen=True)
class Place:
    """The file and layer that findings are about."""

    file: str
    layer: str | None = None


@dataclass(frozen=True)
class Row:
    """Where in a layer a finding is, and what stands there."""

    number: int | None = None
    column: str | None = None
    value: object = None


@dataclass(frozen=True)
class Remark:
    """What is found: its weight, its code, why it is so and what helps."""

    ernst: Ernst
    code: str
    reason: str
    remedy: str = ""


def fault(code: str, reason: str, remedy: str = "") -> Remark:
    """Return a remark that refuses the levering."""
    return Remark(Ernst.FOUT, code, reason, remedy)


def warning(code: str, reason: str, remedy: str = "") -> Remark:
    """Return a remark that asks for a look."""
    return Remark(Ernst.WAARSCHUWING, code, reason, remedy)


def note(code: str, reason: str, remedy: str = "") -> Remark:
    """Return a remark on what was done."""
    return Remark(Ernst.MELDING, code, reason, remedy)


WHOLE = Row()


@dataclass(frozen=True)
class Findings:
    """Gathers findings: all are counted, the first thousand of a code in a layer are listed, repairs and excluded rows without end."""

    listed: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[Ernst, str, str, str | None]] = field(default_factory=Counter)

    def add(self, place: Place, remark: Remark, row: Row = WHOLE) -> None:
        """Add one finding."""
        group = (remark.ernst, remark.code, place.file, place.layer)
        self.counts[group] += 1
        if self.counts[group] <= LISTED_PER_CODE or remark.ernst is Ernst.MELDING:
            self.listed.append(_finding(place, remark, row))

    def add_rows(self, place: Place, remark: Remark, rows: Iterable[Row]) -> None:
        """Add the same remark on many rows."""
        for row in rows:
            self.add(place, remark, row)

    @property
    def faulty(self) -> bool:
        """Tell whether the levering must be refused."""
        return any(ernst is Ernst.FOUT for ernst, *_ in self.counts)

    def report(self, bron: str, title: str, outcome: Outcome, datasets: Sequence[DatasetCounts] = ()) -> Report:
        """Close the account."""
        totals = tuple(
            Total(ernst=ernst, code=code, file=file, layer=layer, count=count) for (ernst, code, file, layer), count in self.counts.items()
        )
        finished = dt.datetime.now(dt.UTC)
        return Report(
            bron=bron,
            title=title,
            outcome=outcome,
            datasets=tuple(datasets),
            totals=totals,
            findings=tuple(self.listed),
            finished_at=finished,
        )


@dataclass(frozen=True)
class Account:
    """The findings of one dataset: knows where it is."""

    place: Place
    findings: Findings

    def add(self, remark: Remark, row: Row = WHOLE) -> None:
        """Add one finding."""
        self.findings.add(self.place, remark, row)

    def add_rows(self, remark: Remark, rows: Iterable[Row]) -> None:
        """Add the same remark on many rows."""
        self.findings.add_rows(self.place, remark, rows)


def _finding(place: Place, remark: Remark, row: Row) -> Finding:
    value = None if row.value is None else str(row.value)
    if value is not None and len(value) > LONGEST_VALUE:
        value = f"{value[:LONGEST_VALUE]}…"
    return Finding(
        ernst=remark.ernst,
        code=remark.code,
        reason=remark.reason,
        remedy=remark.remedy,
        file=place.file,
        layer=place.layer,
        row=row.number,
        column=row.column,
        value=value,
    )


def _group(finding: Finding) -> tuple[Ernst, str, str, str | None]:
    return finding.ernst, finding.code, finding.file, finding.layer


def _as_row(finding: Finding) -> tuple[str, ...]:
    cells = (finding.layer, finding.row, finding.column, finding.value)
    return (
        finding.ernst,
        finding.code,
        finding.file,
        *("" if cell is None else str(cell) for cell in cells),
        finding.reason,
        finding.remedy,
    )


def closed(report: Report, **changes: object) -> Report:
    """Return the report with what storing it added."""
    return report.model_copy(update=changes)
