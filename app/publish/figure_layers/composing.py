"""Compose the SQL of a layer of figures: which columns it has, and which figures are in each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from app.layers import Figure, Layer
from app.register.begrippen import Aggregatie
from app.register.columns import AREA, factor_of, place_in_lists

HERE = Path(__file__).parent
CHOOSE, STEP, COLUMNS, PLACE, WEAVE = (
    (HERE / f"{name}.sql").read_text(encoding="utf-8") for name in ("choose", "step", "columns", "place", "weave")
)
# All SQL that decides what such a layer holds: when it changes, so do they.
FIGURE_LAYER_SQL = f"{CHOOSE}{STEP}{COLUMNS}{PLACE}{WEAVE}"

INDICATORS = """
select code, kenmerken->>'thema', kenmerken->>'eenheid', kenmerken->>'aggregatie' from facts.begrip where lijst = 'indicator'
"""
KEY = ("groep", "indicator")
# Each dimension with the list that orders it, and the table that a step makes; the last table holds figures at their places.
STEPS = (("subsector", "subsector", "naar_sector"), ("techniek", "techniek", "naar_techniek"), ("drager", "energiedrager", "geheel"))
TEMPORARY = (
    *("kolom", "keuze", "bereik", "stam", "rij", "groep", "naar_sector", "naar_techniek", "geheel"),
    *("alle", "heel", "gekozen", "waarde", "afkomst", "raw", "nummer"),
)
TOLD = {
    "gebied_code": "gemeten.code",
    "gebied_naam": "gemeten.naam",
    "oppervlakte_ha": "gemeten.oppervlakte_ha",
    "jaar": "gemeten.jaar::bigint",
    "beeld": "gemeten.beeld",
    "geldig_vanaf": "make_date(gemeten.jaar, 1, 1)",
    "geldig_tot": "make_date(gemeten.jaar + 1, 1, 1)",
    "energiebeeld": "keuze.energiebeeld",
    "status": "keuze.status",
    "bron": "afkomst.bron",
    "methode": "afkomst.methode",
    "peiljaar": "afkomst.peiljaar",
    "aansluiting": "gemeten.oordeel",
}
# Sums of doubles end in noise far behind the last digit that means anything.
DIGITS = 6

type Kolom = tuple[str, str, str, str, str, str, str, bool, float, str | None]


@dataclass(frozen=True)
class Indicator:
    """What a column needs to know of its indicator."""

    thema: str
    eenheid: str
    adds_up: bool


def read_indicators(connection: psycopg.Connection) -> dict[str, Indicator]:
    """Return the indicators of the code lists in the database."""
    rows = connection.execute(INDICATORS)
    return {code: Indicator(thema, eenheid, aggregatie == Aggregatie.SOM) for code, thema, eenheid, aggregatie in rows}


def kolommen(layer: Layer, indicators: Mapping[str, Indicator]) -> Iterator[Kolom]:
    """Yield the rows of the temporary table kolom: the columns of a layer, and what they are divided by (named '/' and the indicator)."""
    figures = {name: each.figure for name, each in layer.properties.items() if each.figure}
    for name, figure in figures.items():
        yield _kolom(name, figure, indicators)
    for per in sorted({each.per for each in figures.values() if each.per and each.per != AREA}):
        yield _kolom(f"/{per}", Figure(indicator=per), indicators)


def _kolom(name: str, figure: Figure, indicators: Mapping[str, Indicator]) -> Kolom:
    indicator = indicators[figure.indicator]
    drager, subsector, techniek = place_in_lists(figure)
    times = factor_of(figure, {code: each.eenheid for code, each in indicators.items()})
    return name, figure.indicator, drager, subsector, techniek, figure.richting, figure.beeld, indicator.adds_up, times, figure.per


def steps() -> Iterator[sql.Composed]:
    """Yield the statements that take the dimensions as a whole, one after the other."""
    source = "rij"
    dimensions = [dimension for dimension, _, _ in STEPS]
    for dimension, lijst, target in STEPS:
        kept = [*KEY, *(each for each in dimensions if each != dimension)]
        yield sql.SQL(STEP).format(
            target=sql.Identifier(target),
            source=sql.Identifier(source),
            dimension=sql.Identifier(dimension),
            lijst=sql.Literal(lijst),
            kept=sql.SQL(", ").join(map(sql.Identifier, kept)),
        )
        source = target


def pivot(layer: Layer) -> sql.Composable:
    """Return the columns that turn rows (gebied, column, value) into one row per gebied."""
    return sql.Composed(
        [
            sql.SQL(", max(waarde) filter (where naam = {}) as {}").format(sql.Literal(name), sql.Identifier(name))
            for name, each in layer.properties.items()
            if each.figure
        ]
    )


def columns(layer: Layer) -> sql.Composable:
    """Return the properties of the layer, in their order, as they are selected from the placed rows."""
    return sql.Composed(
        [sql.SQL(", {} as {}").format(_column(name, each.figure), sql.Identifier(name)) for name, each in layer.properties.items()]
    )


def _column(name: str, figure: Figure | None) -> sql.Composable:
    if figure is None:
        return sql.SQL(TOLD[name])
    value = sql.SQL("gemeten.{}").format(sql.Identifier(name))
    if figure.per == AREA:
        value = sql.SQL("{} / nullif(gemeten.oppervlakte_ha, 0)").format(value)
    return sql.SQL("round(({})::numeric, {})::double precision").format(value, sql.Literal(DIGITS))
