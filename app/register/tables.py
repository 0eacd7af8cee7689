"""The shape of a published table, said once for who builds it and who reads it."""

from typing import Any, NamedTuple

from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    cast,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from app.layers import Layer, PropertyType
from app.register.crs import CRS84, RD, WEB_MERCATOR

SCHEMA = "publication"
INDEX_PROPERTIES_FROM = 5_000
FEATURES = {CRS84: "feature_crs84", RD: "feature_rd"}

COLUMN_TYPES: dict[PropertyType, type[TypeEngine[Any]]] = {
    PropertyType.TEXT: Text,
    PropertyType.INTEGER: BigInteger,
    PropertyType.NUMBER: Double,
    PropertyType.BOOLEAN: Boolean,
    PropertyType.DATE: Date,
}


def layer_table(layer: Layer, name: str) -> Table:
    """Return the table of a layer: one row per feature, numbered in Hilbert order (`rid`).

    The geometry stands in it in RD, CRS84 (lon, lat) and 3857, so no request transforms a coordinate, and `feature_crs84` and
    `feature_rd` hold the finished GeoJSON of a feature (UTF-8), so most requests only put bytes together.
    """
    return Table(
        name,
        MetaData(schema=SCHEMA),
        Column("rid", Integer, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False),
        *_property_columns(layer, frozenset(layer.properties)),
        *_geometry_columns(),
        Column(CRS84.column, Geometry(srid=CRS84.epsg, spatial_index=False), nullable=False),
        *(Column(name, LargeBinary, nullable=False) for name in FEATURES.values()),
    )


def recoded_names(figures: str) -> tuple[str, str]:
    """Return the names of the tables beside published figures: what later divisions make of them, and the days gebieden changed on."""
    return f"{figures}_omgerekend", f"{figures}_breuken"


class OpgavenNames(NamedTuple):
    """The names of the tables of opgaven: themselves, their parts, where layers are complete, the provincies, and a hash of each layer."""

    opgaven: str
    delen: str
    dekking: str
    provincies: str
    lagen: str


class OverlapNames(NamedTuple):
    """The names of what overlap is stored in.

    `eigen` holds the signals found for this version, `vervallen` what no longer holds of those of the version it stands on, and the view
    `signalen` shows all that hold; `objecten` has the objects that were tested, `gebieden` the ground of gebieden, `lagen` what that was
    measured of, and `kaart` what maps show of each gebied.
    """

    eigen: str
    vervallen: str
    signalen: str
    objecten: str
    gebieden: str
    lagen: str
    kaart: str


def opgaven_names(table_name: str) -> OpgavenNames:
    """Return the names of the tables of opgaven."""
    return OpgavenNames(table_name, *(f"{table_name}_{each}" for each in OpgavenNames._fields[1:]))


def overlap_names(table_name: str) -> OverlapNames:
    """Return the names of the tables and the view of overlap."""
    return OverlapNames(table_name, *(f"{table_name}_{each}" for each in OverlapNames._fields[1:]))


def identifiers(names: OpgavenNames | OverlapNames) -> dict[str, sql.Identifier]:
    """Return each name as SQL writes it, by what it holds."""
    return {key: sql.Identifier(SCHEMA, name) for key, name in names._asdict().items()}


# How the names of tables end that stand beside another, as a regular expression.
BESIDE_A_TABLE = "_(z[0-9]+|omgerekend|breuken|" + "|".join((*OpgavenNames._fields[1:], *OverlapNames._fields[1:])) + ")"


def as_written(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a property as GeoJSON shows it: a number always has a decimal point.

    GDAL and QGIS guess types from the first features of a layer; from 11 they would make an integer, and cut 7.4 down to 7.
    """
    if not isinstance(column.type, Double):
        return column
    return cast(cast(column, Text), Numeric) + literal_column("0.0", Numeric)


def overview_table(layer: Layer, name: str, properties: frozenset[str]) -> Table:
    """Return the table of a generalised copy for low zooms; `aantal` says how many features one stands for."""
    return Table(
        name,
        MetaData(schema=SCHEMA),
        Column("rid", Integer, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False),
        *_property_columns(layer, properties),
        *_geometry_columns(),
        Column("aantal", Integer, nullable=False),
    )


def layer_indexes(table: Table, layer: Layer, count: int) -> list[Index]:
    """Return the indexes of a layer table."""
    columns = table.c
    indexes = [
        Index(_index_name(table, "id"), columns.id, unique=True),
        *(_spatial_index(table, crs.column) for crs in (RD, CRS84, WEB_MERCATOR)),
    ]
    if count >= INDEX_PROPERTIES_FROM:
        indexes.extend(Index(_index_name(table, name), columns[name], columns.rid) for name in layer.properties)
    return indexes


def overview_indexes(table: Table) -> list[Index]:
    """Return the indexes of an overview: only tiles read it."""
    return [_spatial_index(table, crs.column) for crs in (RD, WEB_MERCATOR)]


def _spatial_index(table: Table, column: str) -> Index:
    return Index(_index_name(table, column), table.c[column], postgresql_using="gist")


def _index_name(table: Table, column: str) -> str:
    """Stay below PostgreSQL's 63 bytes: the hash at the end of a table's name tells tables apart."""
    return f"{table.name[-20:]}_{column}"[:63]


def _property_columns(layer: Layer, names: frozenset[str]) -> list[Column[Any]]:
    return [Column(name, COLUMN_TYPES[each.type]) for name, each in layer.properties.items() if name in names]


def _geometry_columns() -> list[Column[Any]]:
    return [Column(crs.column, Geometry(srid=crs.epsg, spatial_index=False), nullable=False) for crs in (RD, WEB_MERCATOR)]
