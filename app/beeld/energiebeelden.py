"""Which energiebeelden a publication holds, who stands behind them, and how many figures each has."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, Date, MetaData, Table, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.beeld.gebied import REST
from app.beeld.reading import Figures, Gebieden
from app.beeld.standen import age
from app.beeld.statements import DIALECT, figures_table
from app.database import Reader
from app.register.tables import SCHEMA

LAND = "LAND"


@dataclass(frozen=True)
class Beeld:
    """One picture in an energiebeeld, and the plans it took into account."""

    code: str
    naam: str
    soort: str
    familie: str | None
    omschrijving: str | None
    rekening_gehouden_met: tuple[str, ...]


@dataclass(frozen=True)
class Energiebeeld:
    """A version of the energiebeeld of a gebied; `geleverd` is how many figures its sources delivered for it itself."""

    id: str
    gebied: str
    ronde: str
    versie: str
    status: str
    opsteller: str
    gedragen_door: tuple[str, ...]
    datum_gedragen: dt.date | None
    gebaseerd_op: str | None
    toelichting: str | None
    peildatum: dt.date
    bronnen: tuple[str, ...]
    geleverd: int
    beelden: tuple[Beeld, ...]


@lru_cache(maxsize=64)
def energiebeelden_table(name: str) -> Table:
    """Return the published energiebeelden: one row each."""
    return Table(
        name,
        MetaData(schema=SCHEMA),
        Column("id", Text, primary_key=True),
        *(Column(each, Text) for each in ("gebied", "ronde", "versie", "status", "opsteller")),
        Column("gedragen_door", ARRAY(Text())),
        Column("datum_gedragen", Date),
        Column("gebaseerd_op", Text),
        Column("toelichting", Text),
        Column("peildatum", Date),
        Column("bronnen", ARRAY(Text())),
        Column("geleverd", BigInteger),
        Column("beelden", JSONB),
    )


async def read_energiebeelden(reader: Reader, table_name: str) -> dict[str, Energiebeeld]:
    """Return the energiebeelden of a publication by their id, the newest first."""
    statement = str(select(*energiebeelden_table(table_name).c).compile(dialect=DIALECT))
    found: dict[str, Energiebeeld] = {}
    for row in sorted(await reader.rows(statement), key=lambda row: age(row[0]), reverse=True):
        told = dict(zip(energiebeelden_table(table_name).c.keys(), row, strict=True))
        lists = {name: tuple(told[name]) for name in ("gedragen_door", "bronnen")}
        found[told["id"]] = Energiebeeld(**(told | lists | {"beelden": tuple(map(_beeld, told["beelden"]))}))
    return found


def _beeld(told: Mapping[str, Any]) -> Beeld:
    return Beeld(**{**told, "rekening_gehouden_met": tuple(told["rekening_gehouden_met"])})


class FigureCounts:
    """How many published figures each energiebeeld has; counted once per table, which never changes."""

    def __init__(self) -> None:
        self._known: dict[str, Mapping[str, int]] = {}

    async def __call__(self, figures: Figures) -> Mapping[str, int]:
        """Return the number of figures by the id of the energiebeeld."""
        name = figures.tables.figures
        if name not in self._known:
            self._known[name] = {energiebeeld: int(count) for energiebeeld, count in await figures.reader.rows(counts_statement(name))}
        return self._known[name]


@lru_cache(maxsize=64)
def counts_statement(table_name: str) -> str:
    """Return the SQL that counts figures per energiebeeld."""
    energiebeeld = figures_table(table_name).c.energiebeeld
    return str(select(energiebeeld, func.count()).group_by(energiebeeld).compile(dialect=DIALECT))


class SpokenFor:
    """Which energiebeelden a question is about that names none: the newest of each land, and of areas in no land; known once per table."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    async def __call__(self, figures: Figures, gebieden: Gebieden, table_name: str) -> tuple[str, ...]:
        """Return their ids; none when that is all there are."""
        if table_name not in self._known:
            self._known[table_name] = await _spoken_for(figures, gebieden, table_name)
        return self._known[table_name]


async def _spoken_for(figures: Figures, gebieden: Gebieden, table_name: str) -> tuple[str, ...]:
    known = set(await figures.known("energiebeeld"))
    described = [each for each in (await read_energiebeelden(figures.reader, table_name)).values() if each.id in known]
    # They come newest first.
    newest = {each.gebied: each.id for each in reversed(described)}
    periods = await gebieden.periods_of(sorted(newest))
    inside = {kind for each in periods if each.niveau == LAND for kind in each.kinderen}
    apart = {each.code for each in periods if each.niveau == LAND or inside.isdisjoint((each.code, *each.kinderen))}
    chosen = {newest[code] for code in newest if code in apart}
    return () if chosen == known else tuple(sorted(chosen))


async def read_area(gebieden: Gebieden, code: str) -> frozenset[str] | None:
    """Return the codes of all that lies in a gebied, in any division: itself, its gemeenten, parents of no other; None for a land."""
    periods = await gebieden.periods_of([code])
    if any(each.niveau == LAND for each in periods):
        return None
    gemeenten = {kind for each in periods for kind in each.kinderen}
    inside = {code, f"{code}{REST}", *gemeenten}
    ouders = {ouder for each in await gebieden.periods_of(sorted(gemeenten)) for ouder in each.ouders}
    for each in await gebieden.periods_of(sorted(ouders)):
        if gemeenten.issuperset(each.kinderen):
            inside |= {each.code, f"{each.code}{REST}"}
    return frozenset(inside)
