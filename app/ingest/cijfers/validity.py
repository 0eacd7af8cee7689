"""Which codes of gebieden may be used on which day, and what became of those that may not."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.database.connections import Role, connect
from app.ingest.source import Source
from app.settings import Settings

# Row scale below a gemeente (wijk, buurt, postcode): too close to people and companies to be published.
BELOW_GEMEENTE = re.compile(r"(?:WK|BU)\d{4,}|\d{4} ?[A-Z]{2}")
LAND = {False: "NL01", True: "DL01"}
REST = "-NTI"

PERIODS = """
select code, soort, geldig_vanaf, geldig_tot from facts.current_gebied
join facts.levering on levering.id = levering_id where demo = %(demo)s
union
select ouder_code, ouder_soort, geldig_vanaf, geldig_tot from facts.current_gebied_relatie
join facts.levering on levering.id = levering_id where demo = %(demo)s
"""
SUCCESSORS = """
select oud, nieuw, datum from facts.current_gebied_opvolging
join facts.levering on levering.id = levering_id
where demo = %(demo)s and soort <> 'GRENSWIJZIGING' and oud <> nieuw order by datum, nieuw
"""


@dataclass(frozen=True)
class Period:
    """When a gebied exists: from a day to another (exclusive), or until further notice."""

    code: str
    soort: str
    start: dt.date
    end: dt.date | None

    def covers(self, day: dt.date) -> bool:
        """Tell whether the gebied exists on this day."""
        return self.start <= day and (self.end is None or day < self.end)

    def __str__(self) -> str:
        return f"vanaf {self.start}" if self.end is None else f"van {self.start} tot {self.end}"


class Gebieden:
    """The gebieden that are loaded, each with its periods and successors."""

    def __init__(self, periods: Sequence[Period], successors: Sequence[tuple[str, str, dt.date]], land: str) -> None:
        self._periods = tuple(periods)
        self._successors = tuple(successors)
        self.land = land
        self.valid_on = cache(self._valid_on)
        self.is_loaded = cache(self._is_loaded)

    def _is_loaded(self, day: dt.date) -> bool:
        return any(each.soort == "GEMEENTE" and each.covers(day) for each in self._periods)

    def _valid_on(self, day: dt.date) -> frozenset[str]:
        known = {each.code for each in self._periods if each.covers(day)} | {self.land}
        parents = {each.code for each in self._periods if each.covers(day) and each.soort != "GEMEENTE"} | {self.land}
        return frozenset(known | {f"{code}{REST}" for code in parents})

    def why_not(self, code: str, day: dt.date) -> tuple[str, str]:
        """Return why this code may not be used on this day, and what helps."""
        if BELOW_GEMEENTE.fullmatch(code):
            return "cijfers onder het niveau gemeente worden niet opgenomen", "Tel ze op tot gemeenten, of sluit deze rijen uit."
        others = [each for each in self._periods if each.code == code]
        if not others:
            return "er is geen gebied met deze code", "Gebruik GMdddd (met voorloopnullen), ESdd, PVdd of de code van het land."
        when = " en ".join(dict.fromkeys(map(str, sorted(others, key=lambda each: each.start))))
        return f"dit gebied geldt {when}, niet op {day}", self._remedy(code, day)

    def successors_of(self, code: str, day: dt.date, since: dt.date = dt.date.min) -> list[str]:
        """Return who has taken the place of a gebied on a day, each with the date: the last of a line, never the code itself."""
        following = [(new, date) for old, new, date in self._successors if old == code and since < date <= day]
        last = [self.successors_of(new, day, date) or [f"{new} (per {date})"] for new, date in following]
        return list(dict.fromkeys(each for several in last for each in several))

    def _remedy(self, code: str, day: dt.date) -> str:
        if following := self.successors_of(code, day):
            return f"Opgevolgd door {', '.join(following)}: lever het cijfer daarvoor, of noem in de bron de indeling waarin het geldt."
        before = [old for old, new, date in self._successors if new == code and date > day]
        known = f"Toen bestonden nog {', '.join(before)}. " if before else ""
        return f"{known}Gebruik de code van de indeling van dat jaar, of noem in de bron de indeling waarin het cijfer geldt."


def read_gebieden(settings: Settings, source: Source) -> Gebieden:
    """Read the gebieden that are loaded; the demo knows only its own."""
    with connect(settings, Role.IMPORT) as connection:
        given = {"demo": source.demo}
        periods = [Period(*row) for row in connection.execute(PERIODS, given)]
        successors = list(connection.execute(SUCCESSORS, given).fetchall())
    return Gebieden(periods, [(old, new, date) for old, new, date in successors], LAND[source.demo])
