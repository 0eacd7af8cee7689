"""A country of figures for the measurement: gemeenten, provincies and regio's of the size of the Dutch, and figures as many as asked.

The values are invented; how many there are, along which codes they are split and how fine the borders are is as in the real country.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import psycopg
import shapely
from psycopg.types.json import Jsonb

from app.bench.data import LEVERING, Amount, draw_mosaic
from app.database import Role, connect
from app.register.crs import as_ewkb
from app.settings import Settings

# Vertices on each of the four sides: the generalised borders of 342 Dutch gemeenten have 42 000 together.
EDGE = 31
FIRST_DAY = "2024-01-01"
LAND = "NL01"
DRAGERS = (
    *("ELEKTRICITEIT", "AARDGAS", "GROENGAS", "WATERSTOF", "WARMTE_NET", "WARMTE_AARD", "BENZINE", "DIESEL", "BIOMASSA_VAST"),
    *("KOLEN", "LPG", "BIOBRANDSTOF", "OLIEPRODUCTEN_OVERIG", "BIOGAS", "WARMTE_OMGEVING", "WARMTE_ZON", "WARMTE_REST", "KOUDE"),
)
SUBSECTOREN = ("WONINGEN", "DIENSTEN", "INDUSTRIE", "LANDBOUW", "DATACENTERS", "WEGVERKEER", "SPOOR", "ELEKTRICITEITSPRODUCTIE")
BEELDEN = ("II3050V3_KM", "II3050V3_EV", "II3050V3_GB", "II3050V3_HA")
# Beside demand: per indicator its technieken.
OTHERS = {
    "productie": ("ZON_PV", "WIND_LAND", "GEOTHERMIE", "WATERKRACHT"),
    "opgesteld-vermogen": ("ZON_PV", "WIND_LAND"),
    "opslagvermogen": ("BATTERIJ",),
    "opslagcapaciteit": ("BATTERIJ",),
    "netlengte": ("NETVLAK_EHS", "NETVLAK_HS", "NETVLAK_MS"),
    "ruimtebeslag-direct-netto": ("ZON_VELD", "WIND_LAND"),
}
PLAIN = ("inwoners", "woningen", "aantal-laadpunten")

type Key = tuple[str, str, str, str, int, str]

ENERGIEBEELD = """
insert into facts.energiebeeld (levering_id, id, gebied, ronde, versie, status, opsteller, peildatum)
values (%(levering)s, %(id)s, 'NL01', '2026', %(versie)s, 'CONCEPT', 'Meting', '2026-01-01')
"""
CIJFER = """
copy facts.cijfer (levering_id, energiebeeld, gebied, indicator, drager, subsector, techniek, jaar, beeld, indeling, waarde, soort,
    herkomst, kwaliteit, waarde_bron, eenheid_bron) from stdin
"""
PROVINCIES = """
insert into facts.gebied
select gebied.levering_id, ouder_code, 'PROVINCIE', ouder_naam, gebied.geldig_vanaf, null, ST_Multi(ST_Union(geometrie))
from facts.gebied join facts.gebied_relatie on kind_code = code
where ouder_soort = 'PROVINCIE'
group by gebied.levering_id, ouder_code, ouder_naam, gebied.geldig_vanaf
"""


@dataclass(frozen=True)
class Levering:
    """Figures to store: who delivers them, in which versie of the energiebeeld, and how many keys each gemeente has."""

    bron: str
    versie: str
    keys: tuple[Key, ...]
    # Of the first gemeente the first figure has this value: another one makes a correction.
    first_value: float = 1.0


def national_keys() -> tuple[Key, ...]:
    """Return about 120 keys: a present picture of all themes, and demand in four beelden."""
    now = [("finale-vraag", drager, subsector, "", 2024, "HUIDIG") for drager, subsector in product(DRAGERS[:9], SUBSECTOREN[:6])]
    now += [(indicator, "", "", techniek, 2024, "HUIDIG") for indicator, technieken in OTHERS.items() for techniek in technieken]
    now += [(indicator, "", "", "", 2024, "HUIDIG") for indicator in PLAIN]
    later = [("finale-vraag", drager, "WONINGEN", "", year, beeld) for drager, year, beeld in product(DRAGERS[:3], (2030, 2050), BEELDEN)]
    return (*now, *later)


def many_keys(count: int) -> tuple[Key, ...]:
    """Return so many different keys of demand."""
    years = range(2025, 2051)
    keys = (
        ("finale-vraag", drager, subsector, "", year, beeld)
        for year, beeld, drager, subsector in product(years, BEELDEN, DRAGERS, SUBSECTOREN)
    )
    return tuple(key for key, _ in zip(keys, range(count), strict=False))


def _gemeenten(amount: Amount) -> list[str]:
    return [f"GM{number:04d}" for number in range(1, amount.mosaic + 1)]


def store_country(settings: Settings, amount: Amount) -> None:
    """Store the gebieden: as many gemeenten as the mosaic has areas, twelve provincies and thirty regio's."""
    with connect(settings, Role.IMPORT) as connection:
        levering = _levering(connection, "bench-gebieden")
        borders = shapely.multipolygons(draw_mosaic(replace(amount, edge=EDGE))[:, None])
        wkb = as_ewkb(borders)
        codes = _gemeenten(amount)
        with connection.cursor() as cursor, cursor.copy("copy facts.gebied from stdin") as copy:
            for code, geometry in zip(codes, wkb, strict=True):
                copy.write_row((levering, code, "GEMEENTE", f"Gemeente {code}", FIRST_DAY, None, geometry))
        with connection.cursor() as cursor, cursor.copy("copy facts.gebied_relatie from stdin") as copy:
            for number, code in enumerate(codes):
                for ouder, soort in (
                    (f"PV{20 + number * 12 // len(codes)}", "PROVINCIE"),
                    (f"ES{1 + number * 30 // len(codes):02d}", "REGIO"),
                ):
                    copy.write_row((levering, code, ouder, soort, f"{soort.title()} {ouder}", FIRST_DAY, None))
        connection.execute(PROVINCIES)
        for facts in ("gebied", "gebied_relatie"):
            connection.execute("insert into facts.levering_facts values (%s, %s, %s)", [levering, facts, len(codes)])


def store_figures(settings: Settings, amount: Amount, delivered: Levering) -> int:
    """Store figures as a levering that replaces the one before it from the same bron, and return how many there are."""
    with connect(settings, Role.IMPORT) as connection:
        connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = %s", [delivered.bron])
        levering = _levering(connection, delivered.bron)
        energiebeeld = f"{LAND}-2026-{delivered.versie}"
        connection.execute(ENERGIEBEELD, {"levering": levering, "id": energiebeeld, "versie": delivered.versie})
        with connection.cursor() as cursor, cursor.copy(CIJFER) as copy:
            for row in _rows(_gemeenten(amount), delivered):
                copy.write_row((levering, energiebeeld, *row))
        count = len(delivered.keys) * amount.mosaic
        connection.execute("insert into facts.levering_facts values (%s, 'cijfer', %s)", [levering, count])
    return count


def _rows(gemeenten: list[str], delivered: Levering) -> Iterator[tuple[object, ...]]:
    for place, gebied in enumerate(gemeenten):
        for number, (indicator, drager, subsector, techniek, jaar, beeld) in enumerate(delivered.keys):
            first = place == number == 0
            value = delivered.first_value if first else (place * 7919 + number * 104_729) % 100_000 / 8
            soort = "REALISATIE" if beeld == "HUIDIG" else "BEELD"
            codes = (gebied, indicator, drager, subsector, techniek, jaar, beeld)
            yield (*codes, FIRST_DAY, value, soort, "CONCEPT_RIJK", "GEMODELLEERD", value, "TJ")


def _levering(connection: psycopg.Connection, bron: str) -> int:
    row = connection.execute(LEVERING, [bron, Jsonb([]), Jsonb({})]).fetchone()
    if row is None:
        raise AssertionError(bron)
    return int(row[0])
