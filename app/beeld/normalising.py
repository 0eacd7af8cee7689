"""Per inhabitant, per dwelling or per hectare: by what the figures of a gebied are divided to compare it with others."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.beeld.adding import Adder
from app.beeld.cijfers import Cijfer
from app.beeld.gebied import Gebied
from app.beeld.standen import HUIDIG

# By which indicator; a hectare is one of the gebied itself, with its water.
PER = {"inwoner": "inwoners", "woning": "woningen", "ha": ""}


@dataclass(frozen=True)
class Noemer:
    """What is divided by, and of which year that is (None: of the shape of the gebied)."""

    waarde: float
    jaar: int | None = None


@dataclass(frozen=True)
class Moment:
    """When a figure is of, and in which division into gemeenten."""

    jaar: int
    beeld: str
    indeling: dt.date


class Normaliser:
    """Knows the noemers of some gebieden: `counts` are the figures of the indicator that `per` names, `periods` the gebieden."""

    def __init__(self, per: str, counts: Sequence[Cijfer], periods: Sequence[Gebied], adder: Adder) -> None:
        self.per = per
        self._periods: dict[str, list[Gebied]] = {}
        for period in periods:
            self._periods.setdefault(period.code, []).append(period)
        groups: dict[tuple[str, str, int], list[Cijfer]] = {}
        for each in counts:
            groups.setdefault((each.gebied, each.beeld, each.jaar), []).append(each)
        self._counts: Mapping[tuple[str, str, int], float] = {
            place: amount for place, group in groups.items() if (amount := adder.add(group).waarde)
        }

    def noemer(self, gebied: str, moment: Moment) -> Noemer | None:
        """Return what belongs to a gebied at a moment: of the year itself, else the last one counted before it, else the first."""
        if not PER[self.per]:
            return self._hectares(gebied, moment.indeling)
        own = self._counts.get((gebied, moment.beeld, moment.jaar))
        if own is not None:
            return Noemer(own, moment.jaar)
        years = sorted(jaar for code, beeld, jaar in self._counts if (code, beeld) == (gebied, HUIDIG))
        if not years:
            return None
        jaar = max((each for each in years if each <= moment.jaar), default=years[0])
        return Noemer(self._counts[gebied, HUIDIG, jaar], jaar)

    def _hectares(self, gebied: str, indeling: dt.date) -> Noemer | None:
        periods = self._periods.get(gebied, [])
        period = next((each for each in periods if each.is_valid_on(indeling)), periods[0] if periods else None)
        return Noemer(period.oppervlakte_ha) if period and period.oppervlakte_ha else None
