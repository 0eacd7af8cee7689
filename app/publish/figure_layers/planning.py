"""Which layers of figures belong to a publication, and what each is made of: a changed figure rebuilds only the layers of its indicator."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from app.layers import FigureTable, Layer, Layers
from app.problems import ConfigurationFault
from app.publish.figure_layers.building import Earlier, FigureTask, Shape
from app.publish.figure_layers.composing import FIGURE_LAYER_SQL, read_indicators
from app.publish.inputs import PREPARATION, Inputs, digest
from app.register.columns import AREA
from app.register.publication import ENERGIEBEELDEN, FIGURES, GEBIEDEN, Origin, Overview
from app.register.tables import SCHEMA

MADE = """
select layer_id, table_name, input_hash, description from publication.layer_version
where id = any(%s) and (description->>'count')::bigint > 0
"""
PUBLISHED = """
select layer_id, table_name, input_hash, description from publication.layer_version
join publication.publication_layer on layer_version_id = layer_version.id
join publication.current_publication using (publication_id)
"""

type Drawn = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class _Made:
    """What is built already: a table, the hash of its inputs, and its description."""

    table_name: str
    hash: str
    description: Mapping[str, Any]

    @property
    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Of figures: per indicator and moment what they were."""
        digests: dict[str, dict[str, str]] = self.description.get("digests", {})
        return digests

    @property
    def areas(self) -> Mapping[str, str]:
        """Of figures: per niveau of which gebieden they are."""
        areas: dict[str, str] = self.description.get("areas", {})
        return areas


def figure_tasks(connection: psycopg.Connection, layers: Layers, drawn: Drawn, versions: Collection[int]) -> tuple[FigureTask, ...]:
    """Return the layers of figures that go with these versions of layers and tables; none where there are no figures or no shapes."""
    made = {row[0]: _Made(*row[1:]) for row in connection.execute(MADE, [list(versions)])}
    if not {FIGURES, GEBIEDEN, ENERGIEBEELDEN} <= made.keys():
        return ()
    published = {row[0]: _Made(*row[1:]) for row in connection.execute(PUBLISHED)}
    table = sql.Identifier(SCHEMA, made[ENERGIEBEELDEN].table_name)
    chosen = connection.execute(sql.SQL("select id, gebied, status, peildatum from {} order by id").format(table)).fetchall()
    known = read_indicators(connection).keys()
    tasks = (
        _task(_Asked(layer, drawn.get(layer.id, frozenset()), known), made, published, chosen)
        for layer in layers.values()
        if layer.figures and any(shape in made for shape in layer.figures.shapes)
    )
    # The largest first: then the builders are done at the same time.
    return tuple(sorted(tasks, key=lambda task: (sum(shape.count for shape in task.shapes), task.table.beelden), reverse=True))


@dataclass(frozen=True)
class _Asked:
    """A layer of figures, what is drawn of it, and the indicators that there are."""

    layer: Layer
    drawn: frozenset[str]
    known: Collection[str]

    @property
    def table(self) -> FigureTable:
        """What makes it a layer of figures."""
        if self.layer.figures is None:
            raise AssertionError(self.layer.id)
        return self.layer.figures

    @property
    def visible(self) -> frozenset[str]:
        """What tiles hold; a map of beelden tells one year from another in every tile."""
        return self.drawn | frozenset({"jaar", "beeld", self.layer.label or ""} & self.layer.properties.keys())

    @property
    def shown(self) -> frozenset[str]:
        """The indicators that it shows."""
        return frozenset(each.figure.indicator for each in self.layer.properties.values() if each.figure)

    @property
    def divided_by(self) -> frozenset[str]:
        """The indicators that it divides by."""
        return frozenset(
            each.figure.per for each in self.layer.properties.values() if each.figure and each.figure.per and each.figure.per != AREA
        )


def _task(asked: _Asked, made: Mapping[str, _Made], published: Mapping[str, _Made], chosen: Sequence[tuple[object, ...]]) -> FigureTask:
    indicators = asked.shown | asked.divided_by
    if unknown := sorted(indicators - set(asked.known)):
        raise ConfigurationFault(f"De laag {asked.layer.id!r} noemt indicatoren die niet in de codelijst staan.", unknown)
    shapes = [made[name] for name in asked.table.shapes if name in made]
    parts = (
        *(PREPARATION, FIGURE_LAYER_SQL, asked.layer.model_dump_json(), sorted(asked.visible), chosen, made[GEBIEDEN].hash),
        [each.hash for each in shapes],
    )

    def hash_with(figures: _Made) -> str:
        digests = [(each, sorted(figures.digests.get(each, {}).items())) for each in sorted(indicators)]
        return digest(*parts, digests, figures.areas.get(asked.table.niveau))

    return FigureTask(
        layer=asked.layer,
        inputs=Inputs(_origins(made[FIGURES]), hash_with(made[FIGURES])),
        drawn=asked.visible,
        table=asked.table,
        figures=made[FIGURES].table_name,
        gebieden=made[GEBIEDEN].table_name,
        energiebeelden=made[ENERGIEBEELDEN].table_name,
        shapes=tuple(Shape(each.table_name, _overviews(each), _count(each)) for each in shapes),
        earlier=_earlier(asked, made[FIGURES], published, hash_with),
    )


def _earlier(asked: _Asked, figures: _Made, published: Mapping[str, _Made], hash_with: Callable[[_Made], str]) -> Earlier | None:
    """Return the published version of a layer of beelden, if it differs only by figures that it shows of some years and beelden."""
    layer, before = published.get(asked.layer.id), published.get(FIGURES)
    if not asked.table.beelden or not layer or not before or layer.hash != hash_with(before) or not _count(layer):
        return None
    same_ground = all(figures.description.get(each) == before.description.get(each) for each in ("ground", "areas"))
    if not same_ground or any(figures.digests.get(each) != before.digests.get(each) for each in asked.divided_by):
        return None
    changed = {moment for each in asked.shown for moment, _ in figures.digests.get(each, {}).items() ^ before.digests.get(each, {}).items()}
    return Earlier(layer.table_name, _overviews(layer), tuple(sorted(changed)))


def _origins(figures: _Made) -> tuple[Origin, ...]:
    stored = figures.description["origins"]
    return tuple(Origin.model_validate(each) for each in stored) if isinstance(stored, list) else ()


def _overviews(shape: _Made) -> tuple[Overview, ...]:
    stored = shape.description["overviews"]
    return tuple(Overview.model_validate(each) for each in stored) if isinstance(stored, list) else ()


def _count(shape: _Made) -> int:
    return int(str(shape.description["count"]))
