"""What is published: layers, figures, gebieden and energiebeelden of one publication, with their tables, counts and leveringen."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Table

from app.database.wire import Row
from app.layers import Layer, Layers, RasterLayer
from app.problems import LayerNotFound
from app.register.tables import layer_table

type Box = tuple[float, float, float, float]

CURRENT = """
select publication.id, publication.versie, publication.published_at
from publication.current_publication
join publication.publication on publication.id = current_publication.publication_id
"""

LAYERS = """
select layer_id, table_name, description, built_at, layer_version.id
from publication.layer_version
join publication.publication_layer on publication_layer.layer_version_id = layer_version.id
where publication_layer.publication_id = %(publication)s
"""

# What every publication holds beside its layers, under a name that no layer can have: layers publish features.
FIGURES = "cijfers"
GEBIEDEN = "gebieden"
ENERGIEBEELDEN = "energiebeelden"
OPGAVEN = "opgaven"
OVERLAP = "overlap"
BESIDE = (FIGURES, GEBIEDEN, ENERGIEBEELDEN, OPGAVEN, OVERLAP)


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True)


class Origin(_Stored):
    """One levering behind a layer, as the answers cite it."""

    levering_id: int
    bron: str
    title: str
    publisher: str
    license: str
    homepage: str
    attribution: str | None
    peildatum: dt.date
    demo: bool


class Overview(_Stored):
    """A generalised copy of a layer for tiles up to and including WebMercatorQuad level `max_zoom` (cells of `resolution` metres)."""

    table_name: str
    max_zoom: int
    resolution: float
    count: int
    properties: tuple[str, ...] = ()


class Description(_Stored):
    """What serving needs to know of one layer version; extents are (min x, min y, max x, max y), lon/lat for CRS84, metres for RD.

    `feature_bytes` is how long a feature is on average, written out; `moments` are the years and beelden that a layer of beelden has.
    """

    count: int
    feature_bytes: int = 0
    extent_crs84: Box | None
    extent_rd: Box | None
    extent_3857: Box | None = None
    period: tuple[dt.date | None, dt.date | None] | None = None
    overviews: tuple[Overview, ...] = ()
    moments: tuple[tuple[int, str], ...] = ()
    origins: tuple[Origin, ...] = ()


class ClassCount(_Stored):
    """How many cells are in a class, and how large those are together."""

    label: str
    cells: int
    m2: float


class RasterDescription(_Stored):
    """What serving needs to know of one version of a raster: its grid in RD (a, b, c, d, e, f), and what is in its cells.

    `known` is how many cells have data; `minimum`, `mean` and `maximum` are over those.
    """

    count: int
    sha256: str
    transform: tuple[float, float, float, float, float, float]
    width: int
    height: int
    known: int
    minimum: float
    mean: float
    maximum: float
    classes: tuple[ClassCount, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def bounds(self) -> Box:
        """The extent in RD."""
        a, _, west, _, e, north = self.transform
        return west, north + e * self.height, west + a * self.width, north


@dataclass(frozen=True)
class PublishedFigures:
    """The table that holds the figures of this publication (schema `publication`), how many, which version, and what is behind them."""

    table_name: str
    count: int
    version: int
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class PublishedOpgaven:
    """The tables that hold the gebiedsopgaven of this publication (`register.tables.opgaven_names`), and the leveringen behind them."""

    table_name: str
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class PublishedOverlap:
    """The tables that hold the overlap of this publication (`register.tables.overlap_names`), and the regelset that weighed it, if told."""

    table_name: str
    regelset: str | None = None


@dataclass(frozen=True)
class PublishedRaster:
    """A layer of cells: where its file is found (`sha256`), and what it holds."""

    layer: RasterLayer
    description: RasterDescription
    built_at: dt.datetime

    @property
    def id(self) -> str:
        """The collection id."""
        return self.layer.id


@dataclass(frozen=True, eq=False)
class PublishedLayer:
    """A layer and the table that holds it in this publication (schema `publication`); equal only to itself."""

    layer: Layer
    table_name: str
    description: Description
    built_at: dt.datetime

    @property
    def id(self) -> str:
        """The collection id."""
        return self.layer.id

    @cached_property
    def table(self) -> Table:
        """The table that holds its features."""
        return layer_table(self.layer, self.table_name)


@dataclass(frozen=True)
class Publication(Mapping[str, PublishedLayer]):
    """An immutable snapshot of all layers, the figures and the tables of gebieden and energiebeelden; `versie` cites it for ever."""

    id: int
    versie: str
    published_at: dt.datetime
    layers: Mapping[str, PublishedLayer]
    figures: PublishedFigures | None = None
    gebieden: str | None = None
    energiebeelden: str | None = None
    opgaven: PublishedOpgaven | None = None
    overlap: PublishedOverlap | None = None
    rasters: Mapping[str, PublishedRaster] = field(default_factory=dict)

    def __getitem__(self, layer_id: str) -> PublishedLayer:
        """Return the published layer or raise LayerNotFound."""
        try:
            return self.layers[layer_id]
        except KeyError:
            if layer_id in self.rasters:
                where = f"/v1/collections/{layer_id}/coverage"
                raise LayerNotFound(f"De laag {layer_id!r} is een raster, met cellen en zonder objecten of tegels: {where}.") from None
            raise LayerNotFound(f"Er is geen kaartlaag met id {layer_id!r}. Alle lagen staan op /v1/collections.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)


def build_publication(current: Row, rows: Sequence[Row], layers: Layers) -> Publication:
    """Join the stored versions (rows of LAYERS) to the layers of this configuration; a layer without a YAML is not served."""
    stored = {row[0]: row[1:] for row in rows}
    published = {
        layer_id: PublishedLayer(layer, stored[layer_id][0], Description.model_validate(stored[layer_id][1]), stored[layer_id][2])
        for layer_id, layer in layers.items()
        if layer_id in stored
    }
    figures, gebieden, energiebeelden, opgaven, overlap = (stored.get(each) for each in BESIDE)
    return Publication(
        current[0],
        current[1],
        current[2],
        published,
        _figures(figures) if figures else None,
        gebieden[0] if gebieden else None,
        energiebeelden[0] if energiebeelden else None,
        PublishedOpgaven(opgaven[0], _origins(opgaven)) if opgaven else None,
        PublishedOverlap(overlap[0], overlap[1].get("regelset")) if overlap else None,
        {
            name: PublishedRaster(layer, RasterDescription.model_validate(stored[name][1]), stored[name][2])
            for name, layer in layers.rasters.items()
            if name in stored
        },
    )


def _figures(stored: Row) -> PublishedFigures:
    table_name, description, _, version = stored
    return PublishedFigures(table_name, description["count"], version, _origins(stored))


def _origins(stored: Row) -> tuple[Origin, ...]:
    return tuple(map(Origin.model_validate, stored[1]["origins"]))
