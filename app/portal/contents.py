"""What the web map shows, as one document: the publication and its layers by theme, with properties, legend and bronnen."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.layers import Property, Theme
from app.register.publication import Box, Origin, Publication, PublishedLayer
from app.styles.legend import make_legend
from app.styles.model import Style

TITLES: Mapping[Theme, str] = {
    Theme.GEBIEDEN: "Gebieden",
    Theme.VRAAG: "Vraag naar energie",
    Theme.AANBOD: "Aanbod van energie",
    Theme.INFRASTRUCTUUR: "Infrastructuur",
    Theme.OPSLAG: "Opslag en omzetting",
    Theme.RUIMTEBESLAG: "Ruimtebeslag",
    Theme.GEBIEDSOPGAVEN: "Gebiedsopgaven en beperkingen",
}


@dataclass(frozen=True)
class ShownProperty:
    """An attribute as the map names it."""

    title: str
    type: str
    unit: str | None
    description: str | None


@dataclass(frozen=True)
class ShownBron:
    """Who delivered the data, and what a user must know of it; `license` and `homepage` are URIs."""

    title: str
    publisher: str
    attribution: str | None
    license: str
    homepage: str
    peildatum: dt.date


@dataclass(frozen=True)
class ShownClass:
    """One line of a legend with its drawing as SVG."""

    title: str
    svg: str


@dataclass(frozen=True)
class ShownMoment:
    """A year of a beeld that a layer can show."""

    jaar: int
    beeld: str
    naam: str


@dataclass(frozen=True)
class ShownLayer:
    """A layer as the map lists it; extents are (west, south, east, north) in degrees."""

    id: str
    title: str
    description: str
    geometry: str
    count: int
    extent: Box | None
    ground: bool
    mosaic: bool
    shown: bool
    label: str | None
    demo: bool
    moments: tuple[ShownMoment, ...]
    properties: Mapping[str, ShownProperty]
    legend: tuple[ShownClass, ...]
    bronnen: tuple[ShownBron, ...]


@dataclass(frozen=True)
class ShownTheme:
    """A shelf of layers."""

    id: str
    title: str
    layers: tuple[ShownLayer, ...]


@dataclass(frozen=True)
class Contents:
    """Everything the page needs before its first tile."""

    versie: str
    published_at: dt.datetime
    demo: bool
    themes: tuple[ShownTheme, ...]


def describe_contents(publication: Publication, styles: Mapping[str, Style], beelden: Mapping[str, str]) -> Contents:
    """Return the layers of this publication as the map lists them; themes without layers are left out; `beelden` names each beeld."""
    layers = list(publication.values())
    shelves = {theme: [each for each in layers if each.layer.theme is theme] for theme in Theme}
    themes = tuple(
        ShownTheme(theme.value, TITLES[theme], tuple(_layer(each, styles, beelden) for each in shelf)) for theme, shelf in shelves.items() if shelf
    )
    return Contents(publication.versie, publication.published_at, any(_is_demo(each) for each in layers), themes)


def _layer(published: PublishedLayer, styles: Mapping[str, Style], beelden: Mapping[str, str]) -> ShownLayer:
    layer, description = published.layer, published.description
    legend = make_legend(styles[layer.style])
    return ShownLayer(
        id=layer.id,
        title=layer.title,
        description=layer.description,
        geometry=layer.geometry.value,
        count=description.count,
        extent=description.extent_crs84,
        ground=layer.background is not None,
        mosaic=layer.mosaic,
        shown=layer.shown,
        label=layer.label,
        demo=_is_demo(published),
        moments=tuple(ShownMoment(jaar, beeld, beelden.get(beeld, beeld)) for jaar, beeld in description.moments),
        properties={name: _property(each) for name, each in layer.properties.items()},
        legend=tuple(ShownClass(item.title, item.svg) for item in legend.items),
        bronnen=tuple(_bronnen(description.origins)),
    )


def _is_demo(published: PublishedLayer) -> bool:
    return any(origin.demo for origin in published.description.origins)


def _property(declared: Property) -> ShownProperty:
    return ShownProperty(declared.title, declared.type.value, declared.unit, declared.description)


def _bronnen(origins: Iterable[Origin]) -> list[ShownBron]:
    return [
        ShownBron(origin.title, origin.publisher, origin.attribution, origin.license, origin.homepage, origin.peildatum)
        for origin in origins
    ]
