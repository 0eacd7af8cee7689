"""What is asked of the published figures, already parsed: exists, therefore valid."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_LIMIT = 1_000
MAX_LIMIT = 10_000
# The value of a dimension along which a figure is not split.
NOT_SPLIT = ""


@dataclass(frozen=True)
class Selection:
    """Which figures: per column the values that will do, the years (none: all), and the day whose division is asked (none: their own)."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    with_verdict: bool = False
    indeling: dt.date | None = None

    @property
    def selects(self) -> bool:
        """Whether fewer than all figures are asked for."""
        return bool(self.values or self.years or self.with_verdict or self.indeling)


@dataclass(frozen=True)
class Conversion:
    """To which unit values are converted, and the factor per stored unit, and per drager where that matters: m³ of gas."""

    unit: str
    factors: tuple[tuple[str, str | None, float], ...]


@dataclass(frozen=True)
class Question:
    """A selection of figures in the unit of their indicator, or converted; `after` is the number of the last figure seen."""

    selection: Selection
    conversion: Conversion | None = None
    limit: int = DEFAULT_LIMIT
    after: int = 0


@dataclass(frozen=True)
class Kind:
    """One combination that occurs in a selection: what decides whether its figures can be converted or added."""

    indicator: str
    drager: str
    eenheid: str
    niveau: str
    soort: str


@dataclass(frozen=True)
class Obstacle:
    """A gebied whose figures cannot be given in the division that is asked, since it changed on `datum`.

    Its figures are of a newer division, or (when `ended`) it came to an end and no successor is known.
    """

    gebied: str
    naam: str
    datum: dt.date
    ended: bool


@dataclass(frozen=True)
class Page:
    """Figures as JSON text joined by commas, how many there are, and the number after which the next page starts."""

    rows: bytes
    returned: int
    total: int | None
    next: int | None
