"""What is asked of a layer, already parsed: exists, therefore valid."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.layers import Value
from app.register.crs import CRS84, Crs
from app.register.publication import Box

DEFAULT_LIMIT = 1_000
MAX_LIMIT = 10_000


@dataclass(frozen=True)
class Window:
    """A box in x/y (lon/lat) order of the stored geometry of `crs`. Two boxes where it crosses the antimeridian."""

    crs: Crs
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Period:
    """The closed interval of dates in which a feature must be valid; None is open."""

    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True)
class Sort:
    """A property to sort on."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """Where the next page starts: after feature number `rid`; `matched` carries the count, which a snapshot never changes."""

    rid: int
    matched: int | None = None

    def __str__(self) -> str:
        return f"{self.rid}" if self.matched is None else f"{self.rid}-{self.matched}"


@dataclass(frozen=True)
class PageQuestion:
    """One page of a layer: which features, which properties (None: all), in which order and from where."""

    crs: Crs = CRS84
    window: Window | None = None
    period: Period | None = None
    equals: Mapping[str, Value] = field(default_factory=dict)
    properties: tuple[str, ...] | None = None
    with_geometry: bool = True
    sort: tuple[Sort, ...] = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: Cursor | None = None

    @property
    def selects(self) -> bool:
        """Whether fewer than all features are asked for."""
        return self.window is not None or self.period is not None or bool(self.equals)
