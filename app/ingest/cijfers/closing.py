"""Refuse a gedragen energiebeeld whose own totals are not the sum of their gemeenten: what parties stand behind must add up.

A concept may come with totals that do not close; publishing then shows the difference. The rule is that of publishing: a total closes
when it differs no more than the tolerance of the indicator, or than rounding of each gemeente can explain.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg

from app.database.connections import Role, connect
from app.ingest.cijfers.checking import Register
from app.ingest.cijfers.declaration import Energiebeeld
from app.ingest.cijfers.ledger import Ledger
from app.ingest.cijfers.storing import grondslag_of
from app.ingest.cijfers.validity import REST
from app.ingest.report import fault
from app.ingest.table import Mask
from app.register.begrippen import DIMENSIONS, Aggregatie, Indicator
from app.settings import Settings

GEDRAGEN = "GEDRAGEN"
REEKS = ("indicator", *DIMENSIONS, "jaar", "beeld")
UNDER = Path(__file__).with_suffix(".sql").read_bytes()
MEMBERS = """
select ouder_code, ouder_soort, array_agg(kind_code order by kind_code) from facts.current_gebied_relatie
join facts.levering on levering.id = levering_id
where demo = %s and geldig_vanaf <= %s and (geldig_tot is null or geldig_tot > %s) group by ouder_code, ouder_soort
"""
# What is lost in the last bits of large numbers.
RELATIVE = 1e-9

type Reeks = tuple[object, ...]
type Values = dict[tuple[str, Reeks], float]


@dataclass(frozen=True)
class _Parent:
    """A gebied with what its total is the sum of: its gemeenten, and what was not assigned to one."""

    code: str
    gemeenten: tuple[str, ...]
    rests: tuple[str, ...]

    @property
    def everything(self) -> frozenset[str]:
        return frozenset((self.code, *self.gemeenten, *self.rests))


def check_closing(ledger: Ledger, settings: Settings, register: Register) -> None:
    """Refuse every total of a gedragen energiebeeld that the figures of this levering touch and that does not close."""
    additive = [code for code, each in register.begrippen.indicatoren.items() if each.aggregatie is Aggregatie.SOM]
    for energiebeeld in (each for each in register.source.energiebeelden if each.status == GEDRAGEN):
        mine = ledger.sound & ledger.is_("energiebeeld", energiebeeld.id) & ledger.among("indicator", additive)
        if mine.any():
            with connect(settings, Role.IMPORT) as connection:
                _Closing(ledger, register, energiebeeld, connection).check(mine)


@dataclass(frozen=True)
class _Closing:
    ledger: Ledger
    register: Register
    energiebeeld: Energiebeeld
    connection: psycopg.Connection

    def check(self, rows: Mask) -> None:
        """Hold every total against its parts, in the division of the figures that touch it."""
        touched: dict[tuple[dt.date, Reeks], dict[str, int]] = {}
        for at, indeling, gebied, *codes in self.ledger.frame(("indeling", "gebied", *REEKS), rows).itertuples(name=None):
            touched.setdefault((indeling, tuple(codes)), {})[gebied] = int(at)
        values = self._values(rows)
        parents = {day: list(self._parents(day)) for day in {day for day, _ in touched}}
        for (day, reeks), places in touched.items():
            for parent in (each for each in parents[day] if each.everything & set(places)):
                self._hold(parent, reeks, values, places)

    def _values(self, rows: Mask) -> Values:
        """Return the figures as they would be published: those of the levering over what lies under it."""
        frame = self.ledger.frame(("gebied", *REEKS, "waarde"), rows)
        given = {
            "grondslag": grondslag_of(self.connection, self.energiebeeld) or [],
            "gebaseerd_op": self.energiebeeld.gebaseerd_op,
            "energiebeeld": self.energiebeeld.id,
            "bron": self.register.source.id,
            "indicatoren": sorted(set(frame["indicator"])),
            "jaren": sorted({int(year) for year in frame["jaar"]}),
        }
        under = self.connection.execute(UNDER, given)
        found = {(gebied, tuple(reeks)): math.nan if value is None else value for gebied, *reeks, value in under}
        found |= {(gebied, tuple(reeks)): value for gebied, *reeks, value in frame.itertuples(index=False, name=None)}
        return found

    def _parents(self, day: dt.date) -> Iterator[_Parent]:
        """Yield the area of the energiebeeld and the gebieden that lie wholly in it."""
        rows = self.connection.execute(MEMBERS, [self.register.source.demo, day, day]).fetchall()
        area = self.energiebeeld.gebied
        inside = {code for ouder, _, codes in rows for code in codes if area in (ouder, self.register.gebieden.land)}
        for ouder, _, codes in rows:
            if inside.issuperset(codes):
                yield _Parent(ouder, tuple(codes), (f"{ouder}{REST}",))
        if area == self.register.gebieden.land:
            rests = (f"{ouder}{REST}" for ouder, soort, _ in rows if soort == "PROVINCIE")
            yield _Parent(area, tuple(sorted(inside)), (f"{area}{REST}", *rests))

    def _hold(self, parent: _Parent, reeks: Reeks, values: Values, places: Mapping[str, int]) -> None:
        own = values.get((parent.code, reeks), math.nan)
        parts = [values.get((code, reeks), math.nan) for code in parent.gemeenten]
        parts += [values[code, reeks] for code in parent.rests if (code, reeks) in values]
        if math.isnan(own) or any(map(math.isnan, parts)):
            return
        indicator = self.register.begrippen.indicatoren[str(reeks[0])]
        total = math.fsum(parts)
        tolerance = _tolerance(indicator, len(parent.gemeenten)) + RELATIVE * max(abs(own), abs(total))
        if abs(own - total) <= tolerance:
            return
        at = places.get(parent.code, min(places[code] for code in parent.everything if code in places))
        reason = (
            f"{parent.code} is {own:.10g} {indicator.eenheid}, maar de gemeenten en wat niet is toegedeeld zijn samen {total:.10g};"
            f" met dat verschil kan {self.energiebeeld.id} niet {GEDRAGEN} zijn"
        )
        remedy = f"Lever ook {parent.code} zoals het optelt, of trek dat cijfer in (leeg, met reden_leeg): dan telt de service het op."
        rows = np.zeros(len(self.ledger), dtype=bool)
        rows[at] = True
        self.ledger.refuse(rows, fault("sluit-niet", reason, remedy))


def _tolerance(indicator: Indicator, gemeenten: int) -> float:
    if indicator.tolerantie is not None:
        return indicator.tolerantie
    return 0.0 if indicator.decimalen is None else 0.5 * 10.0**-indicator.decimalen * gemeenten
