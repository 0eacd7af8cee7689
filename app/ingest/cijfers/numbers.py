"""Read a number as it is written, and refuse to guess where it can be read in two ways."""

import math
import re
from dataclasses import dataclass
from functools import cached_property

OTHER = {".": ",", ",": "."}
SPACES = " \u00a0\u202f"


@dataclass(frozen=True)
class Notation:
    """How a file writes numbers: its decimal sign, and the sign between thousands ('' for none, None when nobody said)."""

    decimal: str = "."
    thousands: str | None = None

    @cached_property
    def plain(self) -> re.Pattern[str]:
        """Digits with at most a decimal sign."""
        return re.compile(rf"[+-]?\d+(?:{re.escape(self.decimal)}\d+)?(?:[eE][+-]?\d+)?", re.ASCII)

    @cached_property
    def grouped(self) -> re.Pattern[str]:
        """Digits in groups of three."""
        return re.compile(
            rf"[+-]?\d{{1,3}}(?:([{re.escape(OTHER[self.decimal])}{SPACES}])\d{{3}})(?:\1\d{{3}})*({re.escape(self.decimal)}\d+)?", re.ASCII
        )

    def read(self, cell: object) -> float | str:
        """Return the number, or in Dutch why it is none. A cell of a workbook that is a number already is taken as it is."""
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell) if math.isfinite(cell) else "de waarde is geen eindig getal"
        text = str(cell).strip()
        if self.plain.fullmatch(text):
            return self._finite(text.replace(self.decimal, "."))
        found = self.grouped.fullmatch(text)
        return self._of_groups(text, found) if found else self._why_not(text)

    def _of_groups(self, text: str, found: re.Match[str]) -> float | str:
        sign = found[1]
        if self.thousands is not None and sign != self.thousands and not (self.thousands == " " and sign in SPACES):
            return self._why_not(text)
        groups = text.count(sign)
        if self.thousands is None and sign not in SPACES and groups == 1 and found[2] is None:
            whole = text.replace(sign, "")
            return f"het getal is dubbelzinnig: {text!r} kan {whole} zijn of {text.replace(sign, ',')} met decimalen"
        return self._finite(text.replace(sign, "").replace(self.decimal, "."))

    def _finite(self, text: str) -> float | str:
        number = float(text)
        return number if math.isfinite(number) else "de waarde is geen eindig getal"

    def _why_not(self, text: str) -> str:
        if OTHER[self.decimal] in text and re.fullmatch(r"[+-]?[\d.,]+", text):
            named = {",": "een komma", ".": "een punt"}
            return f"de waarde is niet te lezen als getal: het decimaalteken is hier {named[self.decimal]}"
        return "de waarde is niet te lezen als getal"


def is_ambiguous(reason: str) -> bool:
    """Tell whether a number was refused because it can be read in two ways."""
    return "het getal is dubbelzinnig" in reason
