"""Which published features may lie near a shape, however large it is; what of it they really meet is measured outside the database."""

from functools import lru_cache
from pathlib import Path

import shapely
from psycopg import sql

from app.database import Reader
from app.overlap.measuring import Geometries
from app.overlap.objects import Published, as_published
from app.overlap.reading import geometries_of, written
from app.problems import BadRequest
from app.register.publication import PublishedLayer
from app.register.tables import SCHEMA

WITHIN, CUT = ((Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8") for name in ("within", "cut"))
MOST_FEATURES = 20_000
TOO_MANY = (
    "In en om dit vlak liggen meer dan {most} objecten van kaartlaag {laag!r}; dat is te veel voor één vraag. Teken een kleiner vlak, of"
    " haal de objecten op: /v1/collections/{laag}/items."
)


async def read_near(reader: Reader, layer: PublishedLayer, shape: shapely.Geometry, metres: float) -> list[Published]:
    """Return the features of a layer within so many metres of a shape (RD), and some that are a little farther off.

    Raises BadRequest when they are too many to measure while someone waits.
    """
    values = {"shape": written(shape), "metres": metres, "most": MOST_FEATURES + 1}
    rows = await reader.rows(_statement(layer.table_name), values)
    if len(rows) > MOST_FEATURES:
        raise BadRequest(TOO_MANY.format(most=MOST_FEATURES, laag=layer.id))
    return [as_published(layer, row[0]) for row in rows]


async def cut(reader: Reader, shape: shapely.Geometry) -> Geometries:
    """Return a polygon (RD) in parts of few vertices that do not overlap."""
    return geometries_of(row[0] for row in await reader.rows(CUT, {"shape": written(shape)}))


@lru_cache(maxsize=256)
def _statement(table_name: str) -> str:
    return sql.SQL(WITHIN).format(table=sql.Identifier(SCHEMA, table_name)).as_string()
