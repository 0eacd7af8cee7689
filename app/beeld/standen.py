"""For which energiebeelden, years and beelden a gebied has figures, and which of them is meant when a question does not say."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Text, any_, bindparam, func, literal_column, select

from app.beeld.reading import Figures
from app.beeld.statements import DIALECT, figures_table

HUIDIG = "HUIDIG"

# The versie that the service makes of a land: always newer than the concept in it.
ACTUEEL = "actueel"

type Age = tuple[tuple[bool, int, str], ...]


@dataclass(frozen=True)
class Stand:
    """That a gebied has figures of these indicators in an energiebeeld, for a year and a beeld."""

    energiebeeld: str
    gebied: str
    beeld: str
    jaar: int
    indicators: frozenset[str]


async def read_standen(figures: Figures, gebieden: Sequence[str], indicators: Sequence[str]) -> list[Stand]:
    """Return what there is of these indicators for each of these gebieden."""
    values = {"gebied": ",".join(gebieden), "indicator": ",".join(indicators)}
    rows = await figures.reader.rows(standen_statement(figures.tables.figures), values)
    return [Stand(energiebeeld, gebied, beeld, jaar, frozenset(found)) for energiebeeld, gebied, beeld, jaar, found in rows]


@lru_cache(maxsize=64)
def standen_statement(table_name: str) -> str:
    """Return the SQL of the standen of the gebieden in `gebied` and the indicators in `indicator`."""
    columns = figures_table(table_name).c
    place = (columns.energiebeeld, columns.gebied, columns.beeld, columns.jaar)
    among = [
        column == any_(func.string_to_array(bindparam(column.name, type_=Text), literal_column("','")))
        for column in (columns.gebied, columns.indicator)
    ]
    statement = select(*place, func.array_agg(columns.indicator.distinct())).where(*among).group_by(*place).order_by(*place)
    return str(statement.compile(dialect=DIALECT))


def newest(energiebeelden: Iterable[str]) -> str:
    """Return the energiebeeld with the latest ronde and, in that, the latest versie; their ids tell both."""
    return max(energiebeelden, key=age)


def age(energiebeeld: str) -> tuple[Age, bool, Age, str]:
    """Return by what energiebeelden sort from old to new: `{gebied}-{ronde}-{versie}`, in which 1.10 comes after 1.9."""
    _, _, rest = energiebeeld.partition("-")
    ronde, _, versie = rest.rpartition("-")
    return _natural(ronde), versie == ACTUEEL, _natural(versie), energiebeeld


def _natural(text: str) -> Age:
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", text) if part)
