"""A source is a file: `seed/sources/{id}.yaml` says where an official dataset comes from and how it is read, mapped and validated."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.layers import KEBAB, SNAKE, Geometry, explain
from app.problems import ConfigurationFault

NETHERLANDS_AND_NORTH_SEA = (-100_000.0, 280_000.0, 300_000.0, 900_000.0)


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Address(_Declared):
    """Where the publisher offers the file. `file` is one download; `oapif` pages an OGC API Features collection; `odata` pages CBS OData v3."""

    kind: Literal["file", "oapif", "odata"]
    url: str


class SourceFile(_Declared):
    """One official file: the glob under `--from` that recognises it, its format and its address."""

    pattern: str
    format: Literal["gpkg", "geojson", "shapefile", "gml", "csv"]
    address: Address | None = None
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    delimiter: str = ","


class Column(_Declared):
    """How one property is filled. `parse` names a reading of text; `values` translates codes; a value outside `values` is a fault.

    `numbers` reads a text list ("150000;380000") and keeps `take`; `scale` multiplies ("0.001" makes kV from V); `empty` lists the
    spellings of "unknown" besides an empty cell.
    """

    source: str | None = None
    constant: str | int | float | bool | None = None
    type: Literal["text", "integer", "number", "boolean", "date", "year", "numbers"] = "text"
    take: Literal["max", "min", "first"] = "max"
    scale: float = 1.0
    required: bool = False
    empty: tuple[str, ...] = ()
    values: Mapping[str, str] = {}
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "Column":
        if (self.source is None) == (self.constant is None):
            raise ValueError("een kolom heeft óf source óf constant")
        return self


class Exclude(_Declared):
    """Rows that are no objects (such as balancing rows of a model): counted and listed in the report, with the reason."""

    column: str
    matches: str
    reason: str


class Join(_Declared):
    """Attributes from another file of the same source, joined by code; rows without a partner are listed in the report."""

    file: str
    layer: str | None = None
    left: str
    right: str


class CsvGeometry(_Declared):
    """Where a CSV keeps its geometry: two coordinate columns (x/lon first) or one with WKT."""

    x: str | None = None
    y: str | None = None
    wkt: str | None = None


class Repair(StrEnum):
    """Repairs a source may declare; every repaired row is listed in the report."""

    MAKE_VALID = "make-valid"
    DROP_EXACT_DUPLICATES = "drop-exact-duplicates"
    DROP_Z = "drop-z"
    CLOSE_RINGS = "close-rings"


class Facts(StrEnum):
    """Which facts a dataset delivers."""

    OBJECT = "object"
    GEBIED = "gebied"
    GEBIED_RELATIE = "gebied_relatie"


class Membership(_Declared):
    """In a key file: the column with the code of a parent, its name, and which kind of gebied that is."""

    code: str
    name: str
    soort: Literal["PROVINCIE", "REGIO", "LAND", "WATERSCHAP"]


class Dataset(_Declared):
    """One layer of one file and the facts it becomes.

    Objects go to the `collection` a layer publishes; gebieden have a `soort` and are valid from `valid_from` to `valid_to`
    (exclusive); a gebied_relatie file gives for each gemeente (`key`) its `parents`.
    """

    file: str
    layer: str | None = None
    facts: Facts = Facts.OBJECT
    collection: Annotated[str, Field(pattern=KEBAB)] | None = None
    soort: Literal["GEMEENTE", "REGIO", "PROVINCIE", "LAND", "WATERSCHAP"] | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    parents: tuple[Membership, ...] = ()
    key: Annotated[tuple[str, ...], Field(min_length=1)]
    id_prefix: str = ""
    geometry: Geometry | None = None
    csv_geometry: CsvGeometry | None = None
    crs: str | None = None
    assign_crs: str | None = None
    extent: tuple[float, float, float, float] = NETHERLANDS_AND_NORTH_SEA
    repairs: frozenset[Repair] = frozenset()
    exclude: tuple[Exclude, ...] = ()
    join: Join | None = None
    gebied_codes: Mapping[str, str] = {}
    columns: Mapping[Annotated[str, Field(pattern=SNAKE)], Column] = {}


class Source(_Declared):
    """One official publication: who publishes it, under which licence, and the datasets in it.

    `peildatum` is the date the figures describe; coordinates in `extent` are RD metres. `demo` marks Doggerland.
    """

    id: Annotated[str, Field(pattern=KEBAB)]
    title: str
    description: str
    publisher: str
    license: str
    homepage: str
    peildatum: dt.date
    attribution: str | None = None
    known_defects: tuple[str, ...] = ()
    demo: bool = False
    files: Mapping[str, SourceFile]
    datasets: tuple[Dataset, ...]


def read_sources(folders: tuple[Path, ...]) -> Mapping[str, Source]:
    """Read every source under the `sources/` of these folders, or raise ConfigurationFault naming each fault."""
    found: dict[str, Source] = {}
    faults: list[str] = []
    for path in (path for folder in folders for path in sorted((folder / "sources").glob("*.yaml"))):
        try:
            found[path.stem] = Source(**{**yaml.safe_load(path.read_text(encoding="utf-8")), "id": path.stem})
        except (ValidationError, yaml.YAMLError, TypeError) as fault:
            faults.extend(f"{path}: {line}" for line in explain(fault))
    if faults:
        raise ConfigurationFault("Er zijn fouten in de bronnen.", faults)
    return found
