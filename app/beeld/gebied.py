"""A gebied as it is published, and how its periods are asked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.database.wire import Row

# Behind the code of a parent: what belongs to it but to none of its gemeenten.
REST = "-NTI"
REST_LEVEL = "NTI"


@dataclass(frozen=True)
class Gebied:
    """One gebied in one period in which nothing about it changed; `geldig_tot` is the first day on which it no longer holds.

    `extent_crs84` is (west, south, east, north) in degrees; what is not assigned to a gemeente has neither extent nor oppervlakte.
    """

    code: str
    naam: str
    niveau: str
    geldig_vanaf: dt.date
    geldig_tot: dt.date | None
    ouders: tuple[str, ...]
    kinderen: tuple[str, ...]
    voorgangers: tuple[str, ...]
    opvolgers: tuple[str, ...]
    buren: tuple[str, ...]
    oppervlakte_ha: float | None
    extent_crs84: tuple[float, ...] | None

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether the gebied exists so on this day."""
        return self.geldig_vanaf <= day and (self.geldig_tot is None or day < self.geldig_tot)

    @property
    def related(self) -> tuple[str, ...]:
        """Every code it names."""
        return tuple(dict.fromkeys((*self.ouders, *self.kinderen, *self.voorgangers, *self.opvolgers, *self.buren)))


def gebied_of(row: Row) -> Gebied:
    """Return the gebied of a row of the published table."""
    code, naam, niveau, geldig_vanaf, geldig_tot, ouders, kinderen, voorgangers, opvolgers, buren, oppervlakte_ha, extent = row
    return Gebied(
        code=code,
        naam=naam,
        niveau=niveau,
        geldig_vanaf=geldig_vanaf,
        geldig_tot=geldig_tot,
        ouders=tuple(ouders),
        kinderen=tuple(kinderen),
        voorgangers=tuple(voorgangers),
        opvolgers=tuple(opvolgers),
        buren=tuple(buren),
        oppervlakte_ha=oppervlakte_ha,
        extent_crs84=tuple(extent) if extent else None,
    )


def newest_of(periods: Sequence[Gebied]) -> dict[str, Gebied]:
    """Return for each code its last period; periods of one code come newest first."""
    newest: dict[str, Gebied] = {}
    for period in periods:
        newest.setdefault(period.code, period)
    return newest
