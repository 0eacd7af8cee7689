"""Published energy objects and gebieden, as the overlaptoets needs them: their ground in RD and what is known of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson
import shapely
from psycopg import sql

from app.database import Reader
from app.layers import Layer
from app.overlap.footprint import Attributes
from app.register.publication import Publication, PublishedLayer
from app.register.tables import SCHEMA

FEATURES = (Path(__file__).parent / "features.sql").read_text(encoding="utf-8")
# The property by which a layer tells what kind of energy object each feature is.
OBJECTTYPE = "objecttype"


# What a layer derives from that tells of objects which other layers hold.
TOLD_AGAIN = frozenset({"overlap", "cijfer"})


def has_objects(layer: Layer) -> bool:
    """Tell whether the features of a layer are energy objects that can be tested: it says of what type each is, and where."""
    own = not layer.figures and not layer.opgave and not TOLD_AGAIN & set(layer.derived_from)
    return own and OBJECTTYPE in layer.properties and not layer.schematic


@dataclass(frozen=True)
class Published:
    """One published feature: its layer, id and name, its properties, and its geometry in RD."""

    laag: str
    id: str
    naam: str | None
    attributes: Attributes
    geometry: shapely.Geometry

    @property
    def objecttype(self) -> str | None:
        """What kind of energy object it is."""
        told = self.attributes.get(OBJECTTYPE)
        return told if isinstance(told, str) else None


def object_layers(publication: Publication) -> tuple[PublishedLayer, ...]:
    """Return the published layers of energy objects."""
    return tuple(each for each in publication.values() if has_objects(each.layer))


async def read_features(reader: Reader, layer: PublishedLayer, column: str, values: Iterable[str]) -> list[Published]:
    """Return the features of a layer of which a column (`id` or a property) has one of these values."""
    listed = sorted(set(values))
    if any("\0" in value for value in listed):
        return []
    rows = await reader.rows(_statement(layer.table_name, column), {"values": orjson.dumps(listed).decode()})
    return [as_published(layer, row[0]) for row in rows]


@lru_cache(maxsize=256)
def _statement(table_name: str, column: str) -> str:
    return sql.SQL(FEATURES).format(table=sql.Identifier(SCHEMA, table_name), column=sql.Identifier(column)).as_string()


def as_published(layer: PublishedLayer, feature: bytes) -> Published:
    """Return a feature from its finished GeoJSON (RD)."""
    told = orjson.loads(feature)
    properties = told["properties"]
    naam = properties.get(layer.layer.label) if layer.layer.label else None
    return Published(layer.id, told["id"], naam, properties, shapely.from_geojson(orjson.dumps(told["geometry"])))
