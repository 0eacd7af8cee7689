"""What the overlaptoets knows of a gebiedsopgave, of an energy object, and of where the two meet."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.overlap.footprint import Attributes, Footprint


@dataclass(frozen=True)
class Opgave:
    """One published gebiedsopgave: which layer and feature, which beperking, who decides, and the properties that rules ask for."""

    nr: int
    laag: str
    id: str
    naam: str | None
    beperking: str
    hardheid: str | None = None
    gezag: str | None = None
    hoogte_max_m: float | None = None
    nauwkeurigheid_m: float | None = None
    geldig_vanaf: dt.date | None = None
    geldig_tot: dt.date | None = None
    kenmerken: Attributes = field(default_factory=dict)
    levering: int | None = None

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether the opgave holds on a day."""
        return (self.geldig_vanaf is None or self.geldig_vanaf <= day) and (self.geldig_tot is None or day < self.geldig_tot)

    @property
    def attributes(self) -> Attributes:
        """What the condition of a rule may ask of it."""
        return {**self.kenmerken, "hoogte_max_m": self.hoogte_max_m}


@dataclass(frozen=True)
class Energieobject:
    """An energy object to hold against the opgaven: what it is, its attributes and its ground (RD), and the provincies that it lies in."""

    objecttype: str
    objectgroep: str
    attributes: Attributes
    footprint: Footprint
    provincies: tuple[str, ...] = ()
    id: str | None = None
    laag: str | None = None
    naam: str | None = None


@dataclass(frozen=True)
class Encounter:
    """An energy object and an opgave that meet, or lie near each other: the area they share (m²) and how far apart they are (m)."""

    opgave: Opgave
    m2: float
    afstand_m: float
    meets: bool


type Numbered = Mapping[int, Opgave]
