"""The ground that an energy object takes: its own polygon, the area its source states, or a key figure times its capacity."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import shapely

from app.register.begrippen import Begrippen
from app.register.kengetallen import Kengetal

type Value = str | float | bool | None
type Attributes = Mapping[str, Value]

M2_PER_HA = 10_000.0
# A circle is drawn as a polygon with this many corners, of exactly the area that it stands for.
CORNERS = 48
# What is known to stand somewhere and nothing more, is held against the opgaven as a spot of one square metre.
SPOT_M2 = 1.0
# From this voltage on (kV) a station or connection is of this netvlak (Begrippenkader Netbeheer Nederland).
NETVLAKKEN = ((220.0, "NETVLAK_EHS"), (110.0, "NETVLAK_HS"), (25.0, "NETVLAK_TS"), (1.0, "NETVLAK_MS"))
OF_THE_NET = frozenset({"STATION", "VERBINDING_BOVENGRONDS", "VERBINDING_ONDERGRONDS"})
# The attribute of an object that holds what a figure of this indicator counts; one object is one where it counts objects.
CAPACITIES = {
    "opgesteld-vermogen": "vermogen_mw",
    "opgesteld-piekvermogen": "vermogen_piek_mwp",
    "opslagvermogen": "vermogen_mw",
    "conversievermogen": "vermogen_mw",
}
COUNTED = frozenset({"aantal-stations", "aantal-installaties"})


class Methode(StrEnum):
    """How it is known what ground an object takes."""

    GEMETEN = "GEMETEN"
    OPGAVE = "OPGAVE"
    KENGETAL = "KENGETAL"
    ONBEKEND = "ONBEKEND"


@dataclass(frozen=True)
class Footprint:
    """The ground of an object as a polygon in RD; with ONBEKEND that is only the spot where it stands, or the line that it follows."""

    geometry: shapely.Geometry
    methode: Methode
    kengetal: Kengetal | None = None

    @property
    def m2(self) -> float | None:
        """The area in m², or None when it is not known."""
        return None if self.methode is Methode.ONBEKEND else float(self.geometry.area)


@dataclass(frozen=True)
class Ground:
    """What makes footprints of objects: the code lists and the key figures."""

    begrippen: Begrippen
    kengetallen: tuple[Kengetal, ...]

    def footprint(self, geometry: shapely.Geometry, objecttype: str, attributes: Attributes, gebieden: Iterable[str] = ()) -> Footprint:
        """Return the footprint of an object (RD); a key figure of one of these gebieden (provincies) goes before the national one."""
        if shapely.get_dimensions(geometry) == 2:
            return Footprint(geometry, Methode.GEMETEN)
        if geometry.geom_type in ("LineString", "MultiLineString"):
            return self._along(geometry, objecttype, attributes, frozenset(gebieden))
        stated = _number(attributes.get("oppervlakte_ha"))
        if stated:
            return Footprint(_round(geometry, stated * M2_PER_HA), Methode.OPGAVE)
        for kengetal in self._of(objecttype, attributes, "DIRECT", frozenset(gebieden)):
            capacity = 1.0 if kengetal.indicator in COUNTED else _number(attributes.get(CAPACITIES.get(kengetal.indicator, "")))
            if capacity:
                m2 = capacity * float(kengetal.midden) * kengetal.per_eenheid * M2_PER_HA
                return Footprint(_round(geometry, m2), Methode.KENGETAL, kengetal)
        return Footprint(_round(geometry, SPOT_M2), Methode.ONBEKEND)

    def _along(self, line: shapely.Geometry, objecttype: str, attributes: Attributes, gebieden: frozenset[str]) -> Footprint:
        """Return the strip along a line: so many hectares per kilometre are ten times as many metres, half of it on either side."""
        for kengetal in self._of(objecttype, attributes, "BELEMMERINGSSTROOK", gebieden):
            if kengetal.indicator == "netlengte" and objecttype != "VERBINDING_ONDERGRONDS":
                half = float(kengetal.midden) * kengetal.per_eenheid * 10 / 2
                return Footprint(shapely.buffer(line, half, cap_style="flat"), Methode.KENGETAL, kengetal)
        return Footprint(shapely.buffer(line, 0.5, cap_style="flat"), Methode.ONBEKEND)

    def _of(self, objecttype: str, attributes: Attributes, soort: str, gebieden: frozenset[str]) -> list[Kengetal]:
        """Return the key figures for such an object, those of its own gebied first."""
        techniek = self.techniek(objecttype, attributes)
        fitting = [each for each in self.kengetallen if each.techniek == techniek and each.ruimtebeslagsoort == soort]
        own = [each for each in fitting if each.geldig_gebied in gebieden]
        return own + [each for each in fitting if not each.geldig_gebied]

    def techniek(self, objecttype: str, attributes: Attributes) -> str | None:
        """Return the techniek of an object: of a station or connection its netvlak, of a power station what it burns."""
        if objecttype in OF_THE_NET:
            kv = _number(attributes.get("spanning_kv"))
            return next((netvlak for least, netvlak in NETVLAKKEN if kv is not None and kv >= least), None)
        types = self.begrippen["objecttype"]
        known = types.get(f"{objecttype}:{attributes.get('drager_in')}") or types.get(objecttype)
        return known.ouder if known else None


def _round(place: shapely.Geometry, m2: float) -> shapely.Geometry:
    """Return a polygon of this area around a point; several points share it."""
    spots = shapely.get_parts(place)
    # The area of a regular polygon with n corners at distance r is n/2 · r² · sin(2π/n).
    radius = math.sqrt(m2 / len(spots) / (CORNERS / 2 * math.sin(2 * math.pi / CORNERS)))
    return shapely.union_all(shapely.buffer(spots, radius, quad_segs=CORNERS // 4))


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
