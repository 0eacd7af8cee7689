"""Publish the gebiedsopgaven as the overlaptoets reads them: of all layers together, in small parts, with where each layer is complete."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from app.layers import Layer, Layers, RasterLayer
from app.publish.facts_layer import facts_of
from app.publish.faults import naming
from app.register.tables import identifiers, opgaven_names

OPGAVEN_SQL = (Path(__file__).parent / "opgaven.sql").read_text(encoding="utf-8")
# An overlay of two parts takes tens of microseconds; fewer vertices would mean more parts than that saves.
VERTICES = 128
OPGAVE = """
create temp table opgave (
    laag text, id text, naam text, beperking text, hardheid text, gezag text, hoogte_max_m double precision,
    nauwkeurigheid_m double precision, geldig_vanaf date, geldig_tot date, kenmerken jsonb, geometrie geometry, levering_id bigint
)
"""
DAYS = """
select distinct dag from {opgaven} cross join lateral unnest(array[geldig_vanaf, geldig_tot]) as dag where dag is not null order by dag
"""
CLASS = """
insert into opgave
select %(laag)s::text, %(number)s::text, %(label)s::text, %(beperking)s::text, %(hardheid)s::text, %(gezag)s::text, null::double precision,
    %(nauwkeurigheid_m)s::double precision, null::date, null::date, jsonb_build_object('klasse', %(label)s::text, 'sha256', sha256),
    null::geometry, levering_id
from facts.current_raster where collection = %(laag)s
order by levering_id desc limit 1
"""


def build_opgaven(connection: psycopg.Connection, table_name: str, layers: Layers) -> int:
    """Build the tables of opgaven from the current facts of these layers (RD) and return how many opgaven there are."""
    of_opgaven = [layer for layer in layers.values() if layer.opgave]
    tables = identifiers(opgaven_names(table_name))
    with connection.transaction():
        connection.execute(OPGAVE)
        for layer in of_opgaven:
            with naming(f"De laag {layer.id!r}"):
                connection.execute(sql.SQL("insert into opgave {}").format(_opgaven_of(layer)))
        for raster in layers.rasters.values():
            _store_classes(connection, raster)
        # psycopg sends several statements at once when they have no parameters.
        connection.execute(
            sql.SQL(OPGAVEN_SQL).format(
                **tables,
                vertices=sql.Literal(VERTICES),
                layers=sql.Literal([layer.id for layer in of_opgaven]),
            )
        )
        row = connection.execute(sql.SQL("select count(*) from {}").format(tables["opgaven"])).fetchone()
        connection.execute("drop table opgave")
    connection.execute(sql.SQL("analyze {delen}, {dekking}, {provincies}").format(**tables))
    return int(row[0]) if row else 0


def tell_days(connection: psycopg.Connection, table_name: str) -> Mapping[str, object]:
    """Return the days on which an opgave begins or ceases to hold: what is known is then tested anew."""
    rows = connection.execute(sql.SQL(DAYS).format(**identifiers(opgaven_names(table_name))))
    return {"dagen": [day.isoformat() for (day,) in rows]}


def _store_classes(connection: psycopg.Connection, layer: RasterLayer) -> None:
    """Store the classes of a raster that count as a beperking, each as an opgave by its number among them."""
    raster = layer.raster
    for number, each in enumerate(raster.classes):
        if each.beperking is not None:
            connection.execute(
                CLASS,
                {
                    "laag": layer.id,
                    "number": str(number),
                    "label": each.label,
                    "beperking": each.beperking,
                    "hardheid": raster.hardheid,
                    "gezag": raster.gezag,
                    "nauwkeurigheid_m": raster.nauwkeurigheid_m,
                },
            )


def _opgaven_of(layer: Layer) -> sql.Composable:
    """Return the statement that tells of every feature of a layer which opgave it is."""
    opgave = layer.opgave
    if opgave is None:
        raise AssertionError(layer.id)
    period = (layer.period.start, layer.period.end) if layer.period else (None, None)
    properties = sql.SQL(", ").join([part for name in layer.properties for part in (sql.Literal(name), sql.Identifier(name))])
    values = [
        sql.SQL("{}::text").format(sql.Literal(layer.id)),
        sql.SQL("id"),
        sql.SQL("{}::text").format(_property(layer.label)),
        _beperking(layer),
        sql.SQL("{}::text").format(sql.Literal(opgave.hardheid)),
        sql.SQL("{}::text").format(_property(opgave.gezag or ("bevoegd_gezag" if "bevoegd_gezag" in layer.properties else None))),
        sql.SQL("{}::double precision").format(_property(opgave.hoogte_max)),
        sql.SQL("{}::double precision").format(sql.Literal(opgave.nauwkeurigheid_m)),
        *(sql.SQL("{}::date").format(_property(name)) for name in period),
        sql.SQL("jsonb_strip_nulls(jsonb_build_object({}))").format(properties),
        sql.SQL("geometrie"),
        sql.SQL("null::bigint"),
    ]
    return sql.SQL("select {} from ({}) as feit").format(sql.SQL(", ").join(values), facts_of(layer))


def _property(name: str | None) -> sql.Composable:
    return sql.SQL("null") if name is None else sql.Identifier(name)


def _beperking(layer: Layer) -> sql.Composable:
    opgave = layer.opgave
    if opgave is None or opgave.per is None:
        return sql.SQL("{}::text").format(sql.Literal(opgave.beperking if opgave else None))
    return sql.SQL("case {}::text {} end").format(sql.Identifier(opgave.per), sql.SQL(" ").join(_cases(opgave.beperkingen.items())))


def _cases(codes: Iterable[tuple[str, str]]) -> Iterator[sql.Composable]:
    for value, code in codes:
        yield sql.SQL("when {} then {}").format(sql.Literal(value), sql.Literal(code))
