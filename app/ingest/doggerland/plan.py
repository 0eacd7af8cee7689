"""The plan of Doggerland: what `seed/doggerland.yaml` says of its coast, gebieden, waters, energy and protected areas.

Places in the plan are kilometres east and north of `origin` (RD metres); `rd` turns them into RD.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.ingest.doggerland.drawing import Points
from app.ingest.doggerland.gedragen import Agreement
from app.ingest.doggerland.sheets import Cell

type Place = tuple[float, float]
type RoughPlace = tuple[float, float, float]


class _Planned(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Coast(_Planned):
    """The control points of mainland and lake; the third number of each is how rough the shore is there."""

    mainland: tuple[RoughPlace, ...]
    lake: tuple[RoughPlace, ...]


class Island(_Planned):
    """An island of one gemeente. A polder has straight dykes and is not warped."""

    naam: str
    gemeente: str
    polder: bool = False
    ring: tuple[RoughPlace, ...]


class Named(_Planned):
    """A gebied that others add up to."""

    code: str
    naam: str


class Gemeente(_Planned):
    """A gemeente of the first division; `centre` is its largest town, and on the mainland also where its Voronoi cell lies."""

    code: str
    naam: str
    provincie: str
    regio: str
    centre: Place
    inhabitants: int
    mainland: bool = True


class Merger(_Planned):
    """A gemeente that replaced others in the second division."""

    code: str
    naam: str
    predecessors: Annotated[tuple[str, ...], Field(min_length=2)]


class Divisions(_Planned):
    """The dates on which the first and the second division begin."""

    first: dt.date
    second: dt.date


class Stretch(_Planned):
    """The stretch of a drawn line (`mainland`, `lake`, `border` or the name of an island) between two places; without places all of it."""

    along: str
    start: Place | None = None
    end: Place | None = None


class River(_Planned):
    """A river from source to mouth: along places or a stretch, its width at both ends and its bends (wavelength, amplitude), in metres."""

    naam: str
    type: str
    course: tuple[Place, ...] = ()
    stretch: Stretch | None = None
    width: tuple[float, float]
    bend: tuple[float, float]


class Water(_Planned):
    """A large water that is no river: everything wet inside this ring."""

    naam: str
    type: str
    peil_m_nap: float | None = None
    ring: tuple[Place, ...]


class Station(_Planned):
    """A high-voltage station."""

    code: str
    naam: str
    kv: tuple[int, ...]
    mva: int
    built: int
    at: Place


class Connection(_Planned):
    """A high-voltage connection between two stations, by way of some places."""

    stations: tuple[str, str]
    kv: int
    circuits: int = 2
    cable: bool = False
    via: tuple[Place, ...] = ()


class Installation(_Planned):
    """An installation for production, conversion or storage; a farm of wind turbines is one installation."""

    naam: str
    type: str
    mw: float
    mwp: float | None = None
    mwh: float | None = None
    turbines: int | None = None
    tip_m: float | None = None
    depth_m: float | None = None
    celsius: float | None = None
    hectare: float | None = None
    owner: str | None = None
    status: str = "BESTAAND"
    year: int
    drager_in: str | None = None
    drager_uit: str = "ELEKTRICITEIT"
    at: Place


class Solar(_Planned):
    """Solar fields, whose places, sizes (MWp) and years are drawn by lot, and what each inhabitant has on the roof."""

    roof_kwp_per_inhabitant: float
    mwp: tuple[float, float]
    years: tuple[int, int]
    fields: tuple[str, ...]


class Charging(_Planned):
    """Public charging: how many inhabitants share a location, and who operates them."""

    inhabitants_per_location: int
    operators: tuple[str, ...]


class WindFarm(_Planned):
    """A wind farm at sea: an angular area around a place."""

    naam: str
    status: str
    mw: float
    year: int
    at: Place
    radii: Place


class SearchArea(_Planned):
    """A search area for wind at sea, and whether it is taken further."""

    naam: str
    verdict: str
    gw: float
    at: Place
    radii: Place


class Part(_Planned):
    """A piece of an area: a blob around a place, a strip of some width along a line, or all within corners, gemeenten, water or island."""

    at: Place | None = None
    radii: Place = (1, 1)
    stretch: Stretch | None = None
    course: tuple[Place, ...] = ()
    corners: tuple[Place, ...] = ()
    gemeenten: tuple[str, ...] = ()
    river: str | None = None
    width_m: float = 0
    water: str | None = None
    island: str | None = None
    shrink_m: float = 0
    within: Literal["land", "water", "all"] = "land"

    @model_validator(mode="after")
    def _one_shape(self) -> "Part":
        shapes = (self.at, self.stretch, self.river, self.water, self.island, self.course, self.corners, self.gemeenten)
        if sum(shape not in (None, ()) for shape in shapes) != 1:
            raise ValueError("een deel heeft precies één vorm: at, stretch, course, corners, gemeenten, river, water of island")
        return self


class Area(_Planned):
    """An area that a regime protects or reserves; `values` are what its regime tells of each area besides."""

    naam: str
    kind: str = ""
    values: Mapping[str, Cell] = {}
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]


class Regime(_Planned):
    """The areas of one collection, which decision designates them and who decides; `{provincie}`, `{gemeente}`, `{naam}` stand for names.

    What is the same for all its areas is left out here and said by the source. Of `nested` areas, the smallest first, each leaves out
    those before it.
    """

    regeling: str | None = None
    authority: str | None = None
    nested: bool = False
    areas: tuple[Area, ...]


class Dykes(_Planned):
    """The flood defences: their lines, and the width in metres up to which each zone around a line reaches."""

    regeling: str
    authority: str
    zones: Mapping[str, float]
    lines: tuple[Area, ...]


class Farmland(_Planned):
    """Land of which every parcel is known: a blob around a place, cut into parcels of `size` metres along and across an axis."""

    naam: str
    at: Place
    radii: Place
    axis: tuple[int, int]
    size: tuple[float, float]


class Intensity(_Planned):
    """A figure per thousand inhabitants: now, and at the end of each beeld."""

    indicator: str
    drager: str = ""
    subsector: str = ""
    techniek: str = ""
    eenheid: str
    now: float
    end: Mapping[str, float] = {}

    @property
    def cells(self) -> dict[str, str]:
        """What the figure is, without its number."""
        return {name: getattr(self, name) for name in ("indicator", "drager", "subsector", "techniek", "eenheid")}


class Unassigned(_Planned):
    """What a provincie could not assign to its gemeenten: this share of one demand."""

    provincie: str
    subsector: str
    drager: str
    share: float

    def concerns(self, intensity: Intensity) -> bool:
        """Tell whether it is this figure of which a part is not assigned."""
        return (intensity.subsector, intensity.drager) == (self.subsector, self.drager)


class Years(_Planned):
    """The year of the first division, that of the second which is now, and those of the beelden."""

    before: int
    now: int
    later: tuple[int, ...]


class Figures(_Planned):
    """The figures of the concept of the Rijk."""

    years: Years
    unassigned: Unassigned
    intensities: tuple[Intensity, ...]


class Plan(_Planned):
    """All that is decided about Doggerland by hand; noise with `random_seed` does the rest."""

    random_seed: int
    origin: tuple[float, float]
    coast: Coast
    islands: tuple[Island, ...]
    border: tuple[Place, ...]
    divisions: Divisions
    provincies: tuple[Named, ...]
    regios: tuple[Named, ...]
    gemeenten: tuple[Gemeente, ...]
    merger: Merger
    rivers: tuple[River, ...]
    waters: tuple[Water, ...]
    stations: tuple[Station, ...]
    connections: tuple[Connection, ...]
    installations: tuple[Installation, ...]
    foreseen: tuple[Installation, ...]
    solar: Solar
    charging: Charging
    wind_farms: tuple[WindFarm, ...]
    search_areas: tuple[SearchArea, ...]
    areas: Mapping[str, Regime]
    dykes: Dykes
    farmland: tuple[Farmland, ...]
    figures: Figures
    gedragen: Agreement

    def rd(self, places: tuple[Place, ...] | tuple[RoughPlace, ...]) -> Points:
        """Return the places in RD metres; columns after x and y stay as they are."""
        points = np.array(places, dtype=np.float64)
        points[:, :2] = points[:, :2] * 1000 + self.origin
        return points

    @model_validator(mode="after")
    def _codes_exist(self) -> "Plan":
        known = {gemeente.code for gemeente in self.gemeenten}
        gebieden = {each.code for each in (*self.provincies, *self.regios)}
        unknown = {island.gemeente for island in self.islands} - known
        unknown |= {code for each in self.gemeenten for code in (each.provincie, each.regio)} - gebieden
        unknown |= set(self.merger.predecessors) - known
        unknown |= {code for each in self.areas.values() for area in each.areas for part in area.parts for code in part.gemeenten} - known
        unknown |= self.gedragen.gemeenten - {gemeente.code for gemeente in self.gemeenten if gemeente.regio == self.gedragen.regio}
        unknown |= {code for each in self.connections for code in each.stations} - {station.code for station in self.stations}
        if unknown:
            raise ValueError(f"noemt codes die niet bestaan: {', '.join(sorted(unknown))}")
        return self


def read_plan(path: Path) -> Plan:
    """Read and check the plan."""
    return Plan.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
