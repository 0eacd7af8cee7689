"""Leave out figures that are part of others in the same selection, so that a sum along technieken counts nothing twice."""

from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import ColumnElement, FromClause, Text, bindparam, cast, false, func, not_, select
from sqlalchemy.dialects.postgresql import JSONB

PARAMETER = "boven"


def topmost(table: FromClause, conditions: Sequence[ColumnElement[bool]], identity: Sequence[str]) -> FromClause:
    """Return the selected figures without those whose techniek is part of another one beside them: solar power on roofs of solar power.

    `identity` are the columns that tell figures apart; the statement takes `nesting_of` as a parameter.
    """
    others = [table.c[name] for name in identity if name != "techniek"]
    beside = (
        select(*table.c, func.array_agg(table.c.techniek).over(partition_by=others).label("naast")).where(*conditions).subquery("keuze")
    )
    above = cast(bindparam(PARAMETER, type_=Text), JSONB).op("->")(beside.c.techniek)
    is_part = func.coalesce(func.jsonb_exists_any(above, beside.c.naast), false())
    return select(*beside.c).where(not_(is_part)).subquery("bovenste")


def nesting_of(above: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return the parameter that says of which technieken each one is a part."""
    return {PARAMETER: orjson.dumps(dict(above)).decode()}
