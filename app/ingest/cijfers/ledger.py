"""The ledger of a levering of figures: every figure that was delivered is a row in it, with what became of that figure."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.ingest.cijfers.declaration import Figures, Resolved
from app.ingest.mapping import Values
from app.ingest.report import Account, Remark, Row, note
from app.ingest.source import Dataset
from app.ingest.table import Mask, Table


@dataclass(frozen=True)
class Reading:
    """A dataset with figures as it was read; `peildatum` is that of its source."""

    dataset: Dataset
    table: Table
    account: Account
    peildatum: dt.date

    @property
    def figures(self) -> Figures:
        """How its figures are declared."""
        if self.dataset.figures is None:
            raise TypeError("a dataset with figures declares them")
        return self.dataset.figures


@dataclass(frozen=True)
class Part:
    """The columns of the figures of one measure."""

    texts: Mapping[str, Values]
    numbers: Mapping[str, NDArray[np.float64]]
    whole: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Ledger:
    """All figures of a levering, as columns of equal length.

    `reading`, `maat`, `rij`, `kolom` and `tekst` say where a figure stood, and what stood there. `bron` is the number as delivered,
    `waarde` the same in the unit of the indicator, `reden_leeg` why there is none. `uitgesloten` says why a figure was left out, which is
    no fault, and `geweigerd` has the code of the first fault found in it.
    """

    readings: tuple[Reading, ...]
    measures: tuple[tuple[Resolved, ...], ...]
    _texts: dict[str, Values]
    _numbers: dict[str, NDArray[np.float64]]
    _whole: dict[str, NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self._whole["rij"])

    @property
    def asked(self) -> Mask:
        """Tell which figures are to be stored when nothing is wrong with them."""
        return _equals(self.texts("uitgesloten"), "")

    @property
    def sound(self) -> Mask:
        """Tell which figures are to be stored and have no fault so far."""
        return self.asked & _equals(self.texts("geweigerd"), "")

    def texts(self, column: str) -> Values:
        """Return a column of codes, texts or days."""
        return self._texts[column]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a column of numbers; NaN where there is none."""
        return self._numbers[column]

    def whole(self, column: str) -> NDArray[np.int64]:
        """Return a column of whole numbers."""
        return self._whole[column]

    def is_(self, column: str, value: str) -> Mask:
        """Tell where a column holds this value."""
        return _equals(self.texts(column), value)

    def among(self, column: str, known: Collection[object]) -> Mask:
        """Tell where a column holds one of these; each distinct value is looked up once."""
        where, distinct = pd.factorize(self.texts(column))
        found: Mask = np.array([value in known for value in distinct], dtype=bool)[where]
        return found

    def frame(self, names: Sequence[str], rows: Mask | None = None) -> pd.DataFrame:
        """Return some columns, of some rows, as a table to group and join with; its index is the place in the ledger."""
        columns = {**self._texts, **self._numbers, **self._whole}
        chosen = np.arange(len(self)) if rows is None else np.flatnonzero(rows)
        # As objects, or pandas copies every text into a form of its own.
        series = {name: pd.Series(columns[name][chosen], index=chosen, dtype=columns[name].dtype) for name in names}
        return pd.DataFrame(series, index=chosen)

    def put(self, column: str, values: NDArray[np.float64]) -> None:
        """Add a column of numbers."""
        self._numbers[column] = values

    def refuse(self, rows: Mask, remarks: Remark | Iterable[Remark]) -> None:
        """Refuse figures, for one reason or each for its own; the value shown is that of the figure."""
        for at, remark in _each(rows, remarks):
            self._account(at).add(remark, self.row(at))
            self._mark(at, remark)

    def refuse_code(self, rows: Mask, field: str, remarks: Remark | Iterable[Remark]) -> None:
        """Refuse figures for a code in `field`; a code that the source itself says is reported once, not for every row."""
        said: set[tuple[int, int, str]] = set()
        shown = self.texts(f"{field}_bron" if field in ("gebied", "jaar") else field)
        for at, remark in _each(rows, remarks):
            self._mark(at, remark)
            reading, maat, value = int(self.whole("reading")[at]), int(self.whole("maat")[at]), str(shown[at])
            column = self.measures[reading][maat].origin(field)
            if column is not None:
                self._account(at).add(remark, Row(int(self.whole("rij")[at]), column, value))
            elif (reading, maat, value) not in said:
                said.add((reading, maat, value))
                self._account(at).add(remark, Row(None, f"{field} (in de bron)", value))

    def warn(self, rows: Mask, remarks: Iterable[Remark]) -> None:
        """Report on figures without refusing them."""
        for at, remark in _each(rows, remarks):
            self._account(at).add(remark, self.row(at))

    def leave_out(self, rows: Mask, code: str, reason: str, remedy: str = "") -> None:
        """Leave figures out for a reason that is no fault, counted per dataset."""
        self.texts("uitgesloten")[rows] = reason
        readings = self.whole("reading")[rows]
        for reading in np.unique(readings):
            count = int((readings == reading).sum())
            remark = note(code, f"{reason.removesuffix('.')}: {count} cijfers niet opgeslagen", remedy)
            self.readings[int(reading)].account.add(remark)

    def row(self, at: int) -> Row:
        """Return where a figure stood."""
        return Row(int(self.whole("rij")[at]), str(self.texts("kolom")[at]), self.texts("tekst")[at])

    def whereabouts(self, at: int, than: int) -> str:
        """Return where a figure stood in words, with the file and sheet when they are other than those of `than`."""
        place, other = self._account(at).place, self._account(than).place
        elsewhere = "" if place == other else f" van {place.file} {place.layer or ''}".rstrip()
        return f"rij {self.whole('rij')[at]}, kolom {self.texts('kolom')[at]}{elsewhere}"

    def _account(self, at: int) -> Account:
        return self.readings[int(self.whole("reading")[at])].account

    def _mark(self, at: int, remark: Remark) -> None:
        refused = self.texts("geweigerd")
        refused[at] = refused[at] or remark.code


def ledger_of(parts: Sequence[Part], readings: Sequence[Reading], measures: tuple[tuple[Resolved, ...], ...]) -> Ledger:
    """Return the ledger of these parts, one after the other."""
    return Ledger(
        tuple(readings),
        measures,
        {name: np.concatenate([part.texts[name] for part in parts]) for name in parts[0].texts},
        {name: np.concatenate([part.numbers[name] for part in parts]) for name in parts[0].numbers},
        {name: np.concatenate([part.whole[name] for part in parts]) for name in parts[0].whole},
    )


def _equals(values: Values, value: str) -> Mask:
    same: Mask = np.asarray(values == value, dtype=bool)
    return same


def _each(rows: Mask, remarks: Remark | Iterable[Remark]) -> Iterable[tuple[int, Remark]]:
    chosen = [int(at) for at in np.flatnonzero(rows)]
    return zip(chosen, [remarks] * len(chosen) if isinstance(remarks, Remark) else remarks, strict=True)
