"""A layer is a file: `layers/{id}.yaml` says all there is to know of it, `layers/{id}.sql` how it is derived."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.problems import ConfigurationFault, LayerNotFound

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

type Value = str | int | float | bool | dt.date | None

COLUMNS = ("id", "rid", "geometry", "geometrie", "geom_rd", "geom_crs84", "geom_3857", "feature_rd", "feature_crs84", "aantal")
PARAMETERS = ("bbox", "crs", "datetime", "limit", "offset", "cursor", "properties", "sortby", "filter", "f")
RESERVED = frozenset((*COLUMNS, *PARAMETERS))
KEBAB = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
SNAKE = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"


class Theme(StrEnum):
    """The shelves on which a user looks for a layer: the five themes of the Energiebeeld and what they are held against."""

    GEBIEDEN = "gebieden"
    VRAAG = "vraag"
    AANBOD = "aanbod"
    INFRASTRUCTUUR = "infrastructuur"
    OPSLAG = "opslag"
    RUIMTEBESLAG = "ruimtebeslag"
    GEBIEDSOPGAVEN = "gebiedsopgaven"


class PropertyType(StrEnum):
    """Types a property can have; `postgres` is the column type, `json_schema` the type clients see."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"

    @property
    def postgres(self) -> str:
        """The PostgreSQL column type."""
        return {"integer": "bigint", "number": "double precision"}.get(self.value, self.value)

    @property
    def json_schema(self) -> dict[str, str]:
        """The JSON Schema of one value."""
        if self is PropertyType.DATE:
            return {"type": "string", "format": "date"}
        return {"type": "string" if self is PropertyType.TEXT else self.value}


class Geometry(StrEnum):
    """What the features of a layer are; a layer never mixes them. Single and multi count as one."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"

    @property
    def types(self) -> frozenset[str]:
        """The simple-features type names that fit."""
        name = {"point": "Point", "line": "LineString", "polygon": "Polygon"}[self.value]
        return frozenset({name, f"Multi{name}"})


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Figure(_Declared):
    """Which published figures make one column: the codes they have, in the unit `eenheid` (the indicator's own when not given).

    A dimension that is not named is taken as a whole: the total where that was delivered, otherwise the sum of its parts. `keten` and
    `sector` name a group of dragers and subsectoren. `per` divides by the figures of another indicator, or by OPPERVLAKTE (hectares).
    """

    indicator: str
    drager: str | None = None
    keten: str | None = None
    sector: str | None = None
    subsector: str | None = None
    techniek: str | None = None
    richting: str = ""
    beeld: str = "HUIDIG"
    eenheid: str | None = None
    per: str | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> "Figure":
        for one, other in (("drager", "keten"), ("subsector", "sector")):
            if getattr(self, one) and getattr(self, other):
                raise ValueError(f"noemt zowel {one} als {other}")
        return self


class Property(_Declared):
    """One published attribute: Dutch title, type, unit (UCUM-like, as users write it) and where its value comes from.

    In a layer of figures `figure` says which figures are in the column.
    """

    title: str
    type: PropertyType = PropertyType.TEXT
    description: str | None = None
    unit: str | None = None
    source: str | None = None
    figure: Figure | None = None


class FigureTable(_Declared):
    """What makes a layer one of figures: one feature per gebied of a scale, or with `beelden` one per gebied, year and beeld.

    `shapes` are the layers whose features lend their geometry; of a gebied in a year the first of them that has it then.
    """

    niveau: str
    shapes: Annotated[tuple[Annotated[str, Field(pattern=KEBAB)], ...], Field(min_length=1)]
    beelden: bool = False


class Period(_Declared):
    """The properties (dates) between which a feature is valid; the end is exclusive and may be missing."""

    start: str
    end: str | None = None


class Opgave(_Declared):
    """What makes a layer one of gebiedsopgaven: which beperking (list `beperking`) its features are, and the properties that tell more.

    Either `beperking` for all of them, or `beperkingen` by the value of the property `per`; features with another value are no opgave.
    `gezag` names the property with who decides, `hoogte_max` the one with the greatest height allowed (m). `hardheid` is for a layer
    that is softer than its beperking can be; `nauwkeurigheid_m` is how far a border can be off.
    """

    beperking: str | None = None
    per: str | None = None
    beperkingen: Mapping[str, str] = {}
    gezag: str | None = None
    hoogte_max: str | None = None
    hardheid: Literal["JURIDISCH", "BELEID", "SIGNALERING"] | None = None
    nauwkeurigheid_m: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Opgave":
        if (self.beperking is None) != (self.per is not None) or (self.per is None) != (not self.beperkingen):
            raise ValueError("een opgave heeft óf beperking, óf per met beperkingen")
        return self

    @property
    def codes(self) -> frozenset[str]:
        """The beperkingen that features of the layer can be."""
        return frozenset((self.beperking,)) if self.beperking else frozenset(self.beperkingen.values())

    @property
    def properties(self) -> frozenset[str]:
        """The properties it reads."""
        return frozenset(name for name in (self.per, self.gezag, self.hoogte_max) if name is not None)


class RasterClass(_Declared):
    """A class of values: from `from` up to `to` (exclusive; without it all above), its colour on a map, and the beperking it counts as."""

    low: Annotated[float, Field(alias="from")]
    to: float | None = None
    label: str
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    beperking: str | None = None


class Raster(_Declared):
    """What the cells of a raster hold: a value with a title and a unit, and the classes that count; other values mean nothing.

    `hardheid` and `nauwkeurigheid_m` are as with an opgave.
    """

    title: str
    unit: str
    classes: Annotated[tuple[RasterClass, ...], Field(min_length=1)]
    gezag: str | None = None
    hardheid: Literal["JURIDISCH", "BELEID", "SIGNALERING"] | None = None
    nauwkeurigheid_m: Annotated[float, Field(gt=0)] | None = None

    @property
    def codes(self) -> frozenset[str]:
        """The beperkingen that its cells can be."""
        return frozenset(each.beperking for each in self.classes if each.beperking is not None)

    @model_validator(mode="after")
    def _apart(self) -> "Raster":
        if any(each.to is not None and each.to <= each.low for each in self.classes):
            raise ValueError("een klasse loopt van laag naar hoog")
        if any(one.to is None or one.to > other.low for one, other in pairwise(self.classes)):
            raise ValueError("klassen staan van laag naar hoog en overlappen niet; alleen de laatste mag zonder to")
        return self


class RasterLayer(_Declared):
    """A collection of cells instead of features: one grid of values, published as a coverage and measured by the overlaptoets."""

    id: Annotated[str, Field(pattern=KEBAB)]
    title: str
    description: str
    theme: Theme
    geometry: Literal["raster"]
    keywords: tuple[str, ...] = ()
    raster: Raster


class Zoom(_Declared):
    """The WebMercatorQuad levels at which tiles hold the layer."""

    min: Annotated[int, Field(ge=0, le=22)] = 0
    max: Annotated[int, Field(ge=0, le=22)] = 22


class Layer(_Declared):
    """One collection: what it is, its properties, its style and its zooms.

    Without SQL a layer publishes the objects that sources deliver for the collection of the same id. With SQL beside its YAML it
    is derived: the statement yields `id` (text, stable), `geometrie` (EPSG:28992) and one column per property, from the views of
    `facts` named in `derived_from`; `cijfer` among those lets it read, as `cijfers`, the figures of every scale that are published with
    it, and `overlap` the signals and the ground of gebieden. A `packed` statement yields the properties together, by their name in the
    jsonb `eigenschappen`: one of its kind then fits whatever columns a layer has. With `figures` it is a table of figures on the map; with
    `opgave` its features are gebiedsopgaven that the overlaptoets weighs.

    A `schematic` layer places its features too roughly to hold them against gebiedsopgaven.

    `background` is the style in which the layer lies quietly under the web map; `shown` switches it on when that map opens.
    """

    id: Annotated[str, Field(pattern=KEBAB)]
    title: str
    description: str
    theme: Theme
    geometry: Geometry
    style: Annotated[str, Field(pattern=KEBAB)]
    background: Annotated[str, Field(pattern=KEBAB)] | None = None
    shown: bool = False
    keywords: tuple[str, ...] = ()
    mosaic: bool = False
    schematic: bool = False
    label: str | None = None
    period: Period | None = None
    zoom: Zoom = Zoom()
    derived_from: tuple[str, ...] = ()
    sql: str | None = None
    packed: bool = False
    figures: FigureTable | None = None
    opgave: Opgave | None = None
    properties: Mapping[Annotated[str, Field(pattern=SNAKE)], Property]

    @model_validator(mode="after")
    def _names_agree(self) -> "Layer":
        named = [
            self.label,
            *((self.period.start, self.period.end) if self.period else ()),
            *(self.opgave.properties if self.opgave else ()),
        ]
        unknown = [name for name in named if name is not None and name not in self.properties]
        if unknown:
            raise ValueError(f"noemt eigenschappen die niet bestaan: {', '.join(unknown)}")
        if reserved := RESERVED & self.properties.keys():
            raise ValueError(f"gebruikt namen die de service zelf nodig heeft: {', '.join(sorted(reserved))}")
        if (self.sql is None) != (not self.derived_from):
            raise ValueError("een afgeleide laag heeft zowel derived_from als een .sql-bestand met dezelfde naam")
        if self.packed and self.sql is None:
            raise ValueError("alleen een afgeleide laag, met een .sql-bestand, kan packed zijn")
        if self.opgave and self.figures:
            raise ValueError("een laag met figures heeft geen opgave")
        if self.figures and self.sql:
            raise ValueError("een laag met figures heeft geen .sql-bestand: de dienst stelt haar zelf samen")
        return self

    @model_validator(mode="after")
    def _columns_have_figures(self) -> "Layer":
        figured = [name for name, each in self.properties.items() if each.figure]
        if figured and not self.figures:
            raise ValueError(f"alleen een laag met figures heeft eigenschappen met figure: {', '.join(figured)}")
        if wrong := [name for name in figured if self.properties[name].type is not PropertyType.NUMBER]:
            raise ValueError(f"een eigenschap met figure is van type number: {', '.join(wrong)}")
        return self

    @property
    def holds_gebieden(self) -> bool:
        """Whether its features are the gebieden of today, each with its code."""
        return self.theme is Theme.GEBIEDEN and "code" in self.properties and self.period is None

    @property
    def table_name(self) -> str:
        """The id as PostgreSQL spells it."""
        return self.id.replace("-", "_")


@dataclass(frozen=True)
class Layers(Mapping[str, Layer]):
    """All layers by id, in the order of theme and title; `rasters` are those of cells, which have no features."""

    by_id: Mapping[str, Layer]
    rasters: Mapping[str, RasterLayer] = field(default_factory=dict)

    def __getitem__(self, layer_id: str) -> Layer:
        """Return the layer or raise LayerNotFound."""
        try:
            return self.by_id[layer_id]
        except KeyError:
            raise LayerNotFound(f"Er is geen kaartlaag met id {layer_id!r}.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)


def read_layers(folders: tuple[Path, ...]) -> Layers:
    """Read every layer of these folders, or raise ConfigurationFault naming each fault in each file."""
    found: dict[str, Layer | RasterLayer] = {}
    faults: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        if path.stem in found:
            faults.append(f"{path}: er is al een laag {path.stem!r}")
            continue
        try:
            found[path.stem] = _read_layer(path)
        except (ValidationError, yaml.YAMLError, TypeError) as fault:
            faults.extend(f"{path}: {line}" for line in explain(fault))
    if faults:
        raise ConfigurationFault("Er zijn fouten in de lagen.", faults)
    themes = list(Theme)
    ordered = sorted(found.values(), key=lambda each: (themes.index(each.theme), each.title))
    rasters = {layer.id: layer for layer in ordered if isinstance(layer, RasterLayer)}
    return Layers({layer.id: layer for layer in ordered if isinstance(layer, Layer)}, rasters)


def _read_layer(path: Path) -> Layer | RasterLayer:
    declared: dict[str, Any] = {**_with_likeness(path)}
    if declared.get("geometry") == "raster":
        return RasterLayer(**{**declared, "id": path.stem})
    sql = path.with_suffix(".sql")
    text = re.sub(r";\s*$", "", sql.read_text(encoding="utf-8")) if sql.exists() else None
    return Layer(**{"style": path.stem, **declared, "id": path.stem, "sql": text})


def _with_likeness(path: Path) -> dict[str, object]:
    """Return what a file declares over what the files that it is like declare, in their order; properties come together."""
    own = _parse(path) or {}
    likeness = [path.parent / name for name in own.pop("like", ())]
    if missing := [name for name in likeness if not name.is_file()]:
        raise TypeError(f"like noemt bestanden die er niet zijn: {', '.join(map(str, missing))}")
    declared: dict[str, object] = {}
    properties: dict[str, object] = {}
    for part in (*map(_parse, likeness), own):
        declared |= part
        properties |= part.get("properties", {})
    return {**declared, "properties": properties} if properties else declared


def _parse(path: Path) -> dict[str, Any]:
    # libyaml reads ten times as fast, and a layer of figures takes over files of a hundred columns.
    parsed: dict[str, Any] = yaml.load(path.read_bytes(), Loader=LOADER)  # noqa: S506 (a safe loader)
    return parsed


def explain(fault: Exception) -> list[str]:
    """Turn a parser's complaint into lines a steward can act on: where, and what."""
    if not isinstance(fault, ValidationError):
        return [" ".join(str(fault).split())]
    return [f"{'.'.join(map(str, error['loc'])) or 'bestand'}: {error['msg']}" for error in fault.errors()]
