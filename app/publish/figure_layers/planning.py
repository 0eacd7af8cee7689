"""Which layers of figures belong to a publication, and what each is made of: a changed figure rebuilds only the layers of its theme."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from app.layers import Layer, Layers
from app.problems import ConfigurationFault
from app.publish.figure_layers.building import FigureTask, Shape
from app.publish.figure_layers.composing import FIGURE_LAYER_SQL, read_indicators
from app.publish.inputs import PREPARATION, Inputs, digest
from app.register.columns import AREA
from app.register.publication import ENERGIEBEELDEN, FIGURES, GEBIEDEN, Origin, Overview
from app.register.tables import SCHEMA

MADE = """
select layer_id, table_name, input_hash, description from publication.layer_version
where id = any(%s) and (description->>'count')::bigint > 0
"""

type Drawn = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class _Made:
    """What is built already: a table, the hash of its inputs, and its description."""

    table_name: str
    hash: str
    description: Mapping[str, object]


def figure_tasks(connection: psycopg.Connection, layers: Layers, drawn: Drawn, versions: Collection[int]) -> tuple[FigureTask, ...]:
    """Return the layers of figures that go with these versions of layers and tables; none where there are no figures or no shapes."""
    made = {
        layer_id: _Made(table_name, input_hash, description)
        for layer_id, table_name, input_hash, description in connection.execute(MADE, [list(versions)])
    }
    if not {FIGURES, GEBIEDEN, ENERGIEBEELDEN} <= made.keys():
        return ()
    themes = {code: each.thema for code, each in read_indicators(connection).items()}
    table = sql.Identifier(SCHEMA, made[ENERGIEBEELDEN].table_name)
    chosen = connection.execute(sql.SQL("select id, gebied, status, peildatum from {} order by id").format(table)).fetchall()
    tasks = (
        _task(layer, drawn.get(layer.id, frozenset()), made, digest(chosen, _digests(layer, made[FIGURES], themes)))
        for layer in layers.values()
        if layer.figures and any(shape in made for shape in layer.figures.shapes)
    )
    # The largest first: then the builders are done at the same time.
    return tuple(sorted(tasks, key=lambda task: (sum(shape.count for shape in task.shapes), task.table.beelden), reverse=True))


def _task(layer: Layer, drawn: frozenset[str], made: Mapping[str, _Made], figures: str) -> FigureTask:
    if layer.figures is None:
        raise AssertionError(layer.id)
    shapes = [made[name] for name in layer.figures.shapes if name in made]
    # A map of beelden tells one year from another in every tile.
    visible = drawn | frozenset({"jaar", "beeld", layer.label or ""} & layer.properties.keys())
    parts = (
        PREPARATION,
        FIGURE_LAYER_SQL,
        layer.model_dump_json(),
        sorted(visible),
        figures,
        made[GEBIEDEN].hash,
        [each.hash for each in shapes],
    )
    return FigureTask(
        layer=layer,
        inputs=Inputs(_origins(made[FIGURES]), digest(*parts)),
        drawn=visible,
        table=layer.figures,
        figures=made[FIGURES].table_name,
        gebieden=made[GEBIEDEN].table_name,
        energiebeelden=made[ENERGIEBEELDEN].table_name,
        shapes=tuple(Shape(each.table_name, _overviews(each), _count(each)) for each in shapes),
    )


def _digests(layer: Layer, figures: _Made, themes: Mapping[str, str]) -> list[object]:
    """Return the digests of the themes whose figures the layer shows or divides by."""
    asked = [each.figure for each in layer.properties.values() if each.figure]
    indicators = {each.indicator for each in asked} | {each.per for each in asked if each.per and each.per != AREA}
    if unknown := sorted(indicators - themes.keys()):
        raise ConfigurationFault(f"De laag {layer.id!r} noemt indicatoren die niet in de codelijst staan.", unknown)
    digests = figures.description["digests"]
    if not isinstance(digests, dict):
        raise TypeError(digests)
    return [(theme, digests.get(theme)) for theme in sorted({themes[each] for each in indicators})]


def _origins(figures: _Made) -> tuple[Origin, ...]:
    stored = figures.description["origins"]
    return tuple(Origin.model_validate(each) for each in stored) if isinstance(stored, list) else ()


def _overviews(shape: _Made) -> tuple[Overview, ...]:
    stored = shape.description["overviews"]
    return tuple(Overview.model_validate(each) for each in stored) if isinstance(stored, list) else ()


def _count(shape: _Made) -> int:
    return int(str(shape.description["count"]))
