"""A source is a file: `seed/sources/{id}.yaml` says where an official dataset comes from and how it is read, mapped and validated."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, Field, ValidationError, model_validator

from app.ingest.cijfers.declaration import CODES, Energiebeeld, Figures
from app.ingest.declared import Declared
from app.layers import KEBAB, SNAKE, Geometry, explain
from app.problems import ConfigurationFault

NETHERLANDS_AND_NORTH_SEA = (-100_000.0, 280_000.0, 300_000.0, 900_000.0)


def _compiles(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error as fault:
        raise ValueError(f"is geen reguliere expressie: {fault}") from None
    return expression


def _is_epsg(crs: str) -> str:
    if not re.fullmatch(r"EPSG:\d{4,6}", crs):
        raise ValueError("schrijf een coördinatenstelsel als EPSG:28992")
    return crs


type Expression = Annotated[str, AfterValidator(_compiles)]
type Epsg = Annotated[str, AfterValidator(_is_epsg)]


class Address(Declared):
    """Where the publisher offers the file.

    `file` is one download. `oapif` is the `…/items` address of an OGC API Features collection, with any filter in its query; its
    pages are gathered into one GeoJSON. `odata` is a table of CBS OData v3 or v4; its pages are gathered into one CSV.
    """

    kind: Literal["file", "oapif", "odata"]
    url: Annotated[str, Field(pattern=r"^https?://")]


class FromName(Declared):
    """What the name of a file tells of the figures in it, for a file that is delivered more than once: one per scenario and year.

    `pattern` is a regular expression for the whole name; a named group fills the field of the figures with that name (`jaar`, `beeld` or
    another code). `values` translates what stands there; when it has a field, it must know every spelling. `example` is a name as it
    should be, for who gets it wrong.
    """

    pattern: Expression
    values: Mapping[str, Mapping[str, str]] = {}
    example: str

    @property
    def fields(self) -> frozenset[str]:
        """The fields that a name fills."""
        return frozenset(re.compile(self.pattern).groupindex)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if unknown := self.fields - {"jaar", *CODES}:
            raise ValueError(f"de naam van een bestand kan {', '.join(sorted(unknown))} niet geven; wel jaar, {', '.join(CODES)}")
        if unused := set(self.values) - self.fields:
            raise ValueError(f"values noemt {', '.join(sorted(unused))}, en daarvoor heeft pattern geen groep")
        if re.fullmatch(self.pattern, self.example) is None:
            raise ValueError("example past niet bij pattern")
        return self


class SourceFile(Declared):
    """One official file: the glob under `--from` that recognises it, its format and its address.

    `pattern` is matched against the end of the path ("grenzen/gemeenten_2025.geojson" or "gemeenten_20??.geojson"). A `shapefile` is a
    zip or a folder with one shapefile, or the .shp itself with its sisters beside it. A `csv` may be packed with gzip. `encoding` and
    `delimiter` are those of a CSV; a shapefile without .cpg is read in `encoding` too. An `xlsx` holds figures: one dataset per sheet.
    With `from_name` the file may be delivered more than once, and its name tells what is in it.
    """

    pattern: str
    format: Literal["gpkg", "geojson", "shapefile", "gml", "csv", "xlsx", "geotiff"]
    address: Address | None = None
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    delimiter: str = ","
    from_name: FromName | None = None


class Column(Declared):
    """How one property is filled. Text is always trimmed; a CBS code padded with spaces needs nothing.

    `source` names the column in the file, or several (copies of a file rename them) of which the first with a value counts and at
    least one must be there; a column of a joined file is called "{file}.{column}". `tag` takes one key out of a column with hstore
    text ("name"=>"Maasbracht"). `empty` lists the spellings of
    "unknown" besides an empty cell ("0", "n.v.t."), also within a list. `values` translates codes, compared as text, before they are
    read. `type` says how a value is read: `year` takes 2013 from "2013.0", "2013JJ00" or a date; `numbers` reads a text list
    ("150000;380000") and keeps `take`; `texts` reads a text list and writes what differs with "; " between ("Borssele; Rilland").
    `scale` multiplies a number ("0.001" makes kV from V) and `decimals` rounds it.

    `unfit` says what happens to a value that cannot be read, is not in `values` or lies outside `minimum`..`maximum`: a `fault`
    refuses the levering; with a warning for each, `unknown` leaves the property empty and `keep` stores it all the same.
    """

    source: str | tuple[str, ...] | None = None
    constant: str | int | float | bool | dt.date | None = None
    tag: str | None = None
    type: Literal["text", "integer", "number", "boolean", "date", "year", "numbers", "texts"] = "text"
    take: Literal["max", "min", "first"] = "max"
    scale: float = 1.0
    decimals: Annotated[int, Field(ge=0, le=9)] = 9
    required: bool = False
    empty: tuple[str, ...] = ()
    values: Mapping[str, str] = {}
    minimum: float | None = None
    maximum: float | None = None
    unfit: Literal["fault", "unknown", "keep"] = "fault"

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.source is None) == (self.constant is None):
            raise ValueError("een kolom heeft óf source óf constant")
        return self

    @property
    def origins(self) -> tuple[str, ...]:
        """The columns that may fill the property, in order of preference."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source


class Exclude(Declared):
    """Rows that are no objects (such as balancing rows of a model): counted and listed in the report, with the reason.

    `matches` is a regular expression for the whole trimmed value; '' finds the rows without a value.
    """

    column: str
    matches: Expression
    reason: str


class CsvGeometry(Declared):
    """Where a CSV keeps its geometry: two coordinate columns (x/lon first) or one with WKT."""

    x: str | None = None
    y: str | None = None
    wkt: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.wkt is None) == (self.x is None) or (self.x is None) != (self.y is None):
            raise ValueError("een CSV heeft óf x en y óf wkt")
        return self


class Join(Declared):
    """Another file of the same source, joined by code: `left` is the column of the dataset, `right` that of the joined file.

    Its columns are called "{file}.{column}". With a geometry of its own (for a CSV: `csv_geometry` and `crs`) it gives one to the rows
    that have none yet; joins are tried in order. Rows of the joined file without a partner are listed in the report and not stored.
    """

    file: str
    layer: str | None = None
    left: str
    right: str
    csv_geometry: CsvGeometry | None = None
    crs: Epsg | None = None
    geometry: bool = True


class Repair(StrEnum):
    """Repairs a source may declare; every repaired row is listed in the report.

    `drop-z` drops heights and measures; `linearise` replaces arcs by chords; `make-valid` mends bow-ties and parts that overlap;
    `drop-without-geometry` leaves rows out that have none; `drop-exact-duplicates` keeps the first of rows that are wholly equal;
    `drop-duplicate-geometry` the first of rows with the same geometry under another key; `drop-duplicate-keys` the first of rows with the
    same key; `number-duplicate-keys` keeps them all as key, key-2, key-3; `merge-parts` unites them, as parts of one object.
    """

    MAKE_VALID = "make-valid"
    DROP_EXACT_DUPLICATES = "drop-exact-duplicates"
    DROP_DUPLICATE_GEOMETRY = "drop-duplicate-geometry"
    DROP_DUPLICATE_KEYS = "drop-duplicate-keys"
    NUMBER_DUPLICATE_KEYS = "number-duplicate-keys"
    MERGE_PARTS = "merge-parts"
    DROP_WITHOUT_GEOMETRY = "drop-without-geometry"
    DROP_Z = "drop-z"
    LINEARISE = "linearise"
    CLOSE_RINGS = "close-rings"


class Facts(StrEnum):
    """Which facts a dataset delivers."""

    OBJECT = "object"
    GEBIED = "gebied"
    GEBIED_RELATIE = "gebied_relatie"
    GEBIED_OPVOLGING = "gebied_opvolging"
    BRONDEKKING = "brondekking"
    CIJFER = "cijfer"
    RASTER = "raster"


# What a row of a succession tells: its columns, each of which a source must name.
OPVOLGING = ("oud", "nieuw", "datum", "soort", "aandeel", "grondslag")


class Membership(Declared):
    """In a key file: the column with the code of a parent, its name, and which kind of gebied that is."""

    code: str
    name: str
    soort: Literal["PROVINCIE", "REGIO", "LAND", "WATERSCHAP"]


class StatedArea(Declared):
    """The column in which the file states the area of a row; a deviation of more than 5 % from the area in RD is a warning."""

    column: str
    unit: Literal["m2", "ha", "km2"]


class Brondekking(Declared):
    """Where a dataset is known to be complete: within these gebieden, each by its code."""

    gebieden: Annotated[tuple[str, ...], Field(min_length=1)]


class Range(Declared):
    """Between which values every cell of a raster must lie."""

    minimum: float
    maximum: float


class Dataset(Declared):
    """One layer of one file and the facts it becomes.

    Objects go to the `collection` a layer publishes (several datasets, also of different sources, may feed one collection; their
    `id_prefix` keeps the ids apart); gebieden have a `soort`, a column `naam`, and are valid from `valid_from` to `valid_to` (exclusive);
    a gebied_relatie file gives for each gemeente (`key`) its `parents` in that period; cijfers are declared under `figures`. A
    gebied_opvolging file says what became of gebieden of a `soort`: columns oud, nieuw, datum (first day of the new division), soort,
    aandeel (of oud that passes to nieuw) and grondslag (what that is a share of); oud, nieuw and datum are its key.

    `layer` is the layer of a GeoPackage, or the local name of the feature element of a GML ("Locatie"; without it every member of
    the feature collection), or the sheet of a workbook; it may be left out when there is just one. `key` names the columns of the file that
    identify a row (joined by "-", without what has a meaning in a URL; of several names for one column the first that is there); for a
    gebied that is its code. `geometry` is what every feature must be, single or multi.

    `crs` is the CRS that the file must state, or for a CSV the one its coordinates are in. `assign_crs` is for a file that states
    none (a shapefile without .prj). Coordinates must lie within `extent` (RD metres: min x, min y, max x, max y).

    A dataset of objects is complete within its `brondekking`, or within the polygons of a dataset of `facts: brondekking` for the same
    collection; where neither reaches, finding nothing says nothing.

    `expected_rows` is how many objects there should be: another number is a warning. `gebied_codes` maps a property to the soort of gebied
    whose codes it holds, which must be valid at the peildatum.
    """

    file: str
    layer: str | None = None
    facts: Facts = Facts.OBJECT
    collection: Annotated[str, Field(pattern=KEBAB)] | None = None
    soort: Literal["GEMEENTE", "REGIO", "PROVINCIE", "LAND", "WATERSCHAP"] | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    parents: tuple[Membership, ...] = ()
    key: tuple[str | tuple[str, ...], ...] = ()
    figures: Figures | None = None
    values: Range | None = None
    id_prefix: str = ""
    geometry: Geometry | None = None
    csv_geometry: CsvGeometry | None = None
    crs: Epsg | None = None
    assign_crs: Epsg | None = None
    extent: tuple[float, float, float, float] = NETHERLANDS_AND_NORTH_SEA
    repairs: frozenset[Repair] = frozenset()
    exclude: tuple[Exclude, ...] = ()
    joins: tuple[Join, ...] = ()
    expected_rows: int | None = None
    stated_area: StatedArea | None = None
    brondekking: Brondekking | None = None
    gebied_codes: Mapping[str, Literal["GEMEENTE", "REGIO", "PROVINCIE", "LAND", "WATERSCHAP"]] = {}
    columns: Mapping[Annotated[str, Field(pattern=SNAKE)], Column] = {}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        faults = [message for holds, message in self._demands() if not holds]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _demands(self) -> Iterator[tuple[bool, str]]:
        if self.facts is Facts.OBJECT:
            yield self.collection is not None, "objecten hebben een collection nodig"
            yield self.geometry is not None, "objecten hebben een geometry nodig (point, line of polygon)"
        elif self.facts in (Facts.GEBIED, Facts.GEBIED_RELATIE):
            yield self.valid_from is not None, "gebieden en hun relaties hebben valid_from nodig"
        yield from self._demands_on_rows()
        yield (self.figures is not None) == (self.facts is Facts.CIJFER), "figures hoort bij facts: cijfer"
        yield self.facts is Facts.RASTER or self.values is None, "values hoort bij facts: raster"
        if self.facts is Facts.GEBIED:
            yield self.soort is not None, "gebieden hebben een soort nodig"
            yield set(self.columns) == {"naam"}, "gebieden hebben precies één kolom, naam"
        if self.facts is Facts.GEBIED_RELATIE:
            yield bool(self.parents), "een gebied_relatie heeft parents nodig"
        if self.facts is Facts.GEBIED_OPVOLGING:
            yield self.soort is not None, "een opvolging zegt van welke soort gebied zij is"
            yield set(self.columns) == set(OPVOLGING), f"een opvolging heeft precies de kolommen {', '.join(OPVOLGING)}"
            yield not self.key, "een opvolging wordt herkend aan oud, nieuw en datum; key hoort er niet bij"
        if self.facts is Facts.BRONDEKKING:
            yield self.collection is not None, "een brondekking zegt van welke collection zij is"
            yield not self.columns, "een brondekking heeft geen columns"
        yield self.brondekking is None or self.facts is Facts.OBJECT, "alleen objecten hebben een brondekking"
        yield self.crs is None or self.assign_crs is None, "crs en assign_crs sluiten elkaar uit"
        yield set(self.gebied_codes) <= set(self.columns), "gebied_codes noemt een eigenschap die niet in columns staat"
        yield (
            len({Repair.DROP_DUPLICATE_KEYS, Repair.NUMBER_DUPLICATE_KEYS, Repair.MERGE_PARTS} & self.repairs) < 2,
            ("kies één repair voor dubbele sleutels"),
        )

    def _demands_on_rows(self) -> Iterator[tuple[bool, str]]:
        others = (self.key, self.columns, self.joins, self.repairs, self.gebied_codes, self.expected_rows)
        if self.facts is Facts.CIJFER:
            yield not any(others), "cijfers hebben alleen file, layer, exclude en figures"
        elif self.facts is Facts.RASTER:
            yield self.collection is not None, "een raster heeft een collection nodig"
            yield self.values is not None, "een raster heeft values nodig: tussen welke waarden elke cel ligt"
            yield not any((*others, self.exclude, self.layer)), "een raster heeft alleen file, collection, extent en values"
        else:
            yield bool(self.key_names), "zonder key is een rij niet te herkennen"

    @property
    def key_names(self) -> tuple[tuple[str, ...], ...]:
        """The names that each column of the key may have."""
        if self.facts is Facts.GEBIED_OPVOLGING:
            return tuple(self.columns[name].origins for name in OPVOLGING[:3] if name in self.columns and self.columns[name].origins)
        return tuple((name,) if isinstance(name, str) else name for name in self.key)

    @property
    def target(self) -> str:
        """What `facts.levering_facts` calls these facts: object/{collection}, raster/{collection}, or the name of the facts."""
        return f"{self.facts}/{self.collection}" if self.facts in (Facts.OBJECT, Facts.RASTER) else str(self.facts)

    @property
    def has_geometry(self) -> bool:
        """Only objects, gebieden and brondekkingen have one."""
        return self.facts in (Facts.OBJECT, Facts.GEBIED, Facts.BRONDEKKING)

    @property
    def shape(self) -> Geometry:
        """What every feature must be; a gebied or brondekking is always a polygon."""
        return self.geometry or Geometry.POLYGON


class Source(Declared):
    """One official publication: who publishes it, under which licence, and the datasets in it.

    `peildatum` is the date the figures describe; `license` a URI; coordinates in `extent` are RD metres. `known_defects` are Dutch
    sentences that the report repeats. `demo` marks Doggerland. `energiebeelden` are those that the figures in it belong to.
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
    energiebeelden: tuple[Energiebeeld, ...] = ()
    files: Annotated[Mapping[str, SourceFile], Field(min_length=1)]
    datasets: Annotated[tuple[Dataset, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        named = {name for dataset in self.datasets for name in (dataset.file, *(join.file for join in dataset.joins))}
        if unknown := named - set(self.files):
            raise ValueError(f"datasets noemen bestanden die niet onder files staan: {', '.join(sorted(unknown))}")
        if unused := set(self.files) - named:
            raise ValueError(f"geen dataset gebruikt deze bestanden: {', '.join(sorted(unused))}")
        checks = (self._csv_faults, self._figure_faults, self._raster_faults)
        if faults := [fault for dataset in self.datasets for check in checks for fault in check(dataset)]:
            raise ValueError("; ".join(faults))
        return self

    def _figure_faults(self, dataset: Dataset) -> Iterator[str]:
        kind = self.files[dataset.file].format
        if kind == "xlsx" and dataset.facts is not Facts.CIJFER:
            yield "een xlsx kan alleen cijfers bevatten"
        if dataset.figures is None:
            return
        if kind not in ("csv", "xlsx"):
            yield "cijfers staan in een csv of een xlsx"
        if dataset.figures.form == "kruistabel":
            named = self.files[dataset.file].from_name
            if kind != "xlsx":
                yield "een kruistabel staat in een xlsx"
            if dataset.figures.jaar is None and (named is None or "jaar" not in named.fields):
                yield f"een kruistabel heeft een jaar nodig, of een naam van {dataset.file!r} die het noemt"
        if dataset.figures.energiebeeld not in {each.id for each in self.energiebeelden}:
            yield f"energiebeeld {dataset.figures.energiebeeld!r} staat niet onder energiebeelden"

    def _raster_faults(self, dataset: Dataset) -> Iterator[str]:
        if (self.files[dataset.file].format == "geotiff") != (dataset.facts is Facts.RASTER):
            yield "een geotiff hoort bij facts: raster, en een raster staat in een geotiff"

    def _csv_faults(self, dataset: Dataset) -> Iterator[str]:
        if not dataset.has_geometry:
            return
        places = [(dataset.file, dataset.csv_geometry, dataset.crs), *((join.file, join.csv_geometry, join.crs) for join in dataset.joins)]
        for file, geometry, crs in places:
            if geometry is not None and (self.files[file].format != "csv" or crs is None):
                yield f"csv_geometry bij {file!r} vraagt een CSV en een crs"
        if all(self.files[file].format == "csv" and geometry is None for file, geometry, _ in places):
            yield f"bij {dataset.file!r} ontbreekt csv_geometry"


def read_sources(folders: tuple[Path, ...]) -> Mapping[str, Source]:
    """Read every source under the `sources/` of these folders, or raise ConfigurationFault naming each fault."""
    found: dict[str, Source] = {}
    faults: list[str] = []
    for path in (path for folder in folders for path in sorted((folder / "sources").glob("*.yaml"))):
        if path.stem in found:
            faults.append(f"{path}: er is al een bron {path.stem!r}")
            continue
        try:
            found[path.stem] = Source(**{**yaml.safe_load(path.read_text(encoding="utf-8")), "id": path.stem})
        except (ValidationError, yaml.YAMLError, TypeError) as fault:
            faults.extend(f"{path}: {line}" for line in explain(fault))
    if faults:
        raise ConfigurationFault("Er zijn fouten in de bronnen.", faults)
    return found
