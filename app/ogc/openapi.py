"""The OpenAPI 3.0.3 document, made by hand and kept small: QGIS reads all of it again for every layer.

Each layer has its own items path, because clients learn there which properties they may filter by; everything else is one path
with the collection as parameter. `limit` is a shared component, because QGIS takes its page size from there and nowhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app import __version__
from app.features.question import DEFAULT_LIMIT, MAX_LIMIT
from app.layers import Property
from app.ogc import openapi_analysis as analysis
from app.ogc import openapi_figures as figures
from app.ogc import openapi_gebiedsoverlap as gebiedsoverlap
from app.ogc import openapi_overlap as overlap
from app.ogc import openapi_processes as processes
from app.ogc import openapi_rasters as rasters
from app.ogc import openapi_regels as regels
from app.ogc.configuration import Contact
from app.ogc.describing import Operation, content_of, list_of, object_of, query_parameter, shared
from app.register.crs import CRS84, SUPPORTED
from app.register.publication import Publication, PublishedLayer
from app.tiles.matrix import TILE_MATRIX_SETS
from app.web.addresses import GEOJSON, JSON, JSON_LD, MVT, SCHEMA_JSON, Addresses, Json
from app.web.pages import DESCRIPTION, TITLE

PROBLEM = "application/problem+json"
MAPLIBRE = "application/vnd.mapbox.style+json"
SLD = "application/vnd.ogc.sld+xml;version=1.1"
SVG = "image/svg+xml"

TAGS = {
    "Service": "Wat de service is en wat zij kan.",
    "Kaartlagen": "Beschrijving van de kaartlagen, hun eigenschappen en hun bronnen.",
    "Objecten": "De objecten van een kaartlaag: per bladzijde, gefilterd, in het gevraagde coördinatenstelsel.",
    "Tegels": "Vectortegels voor snelle kaarten.",
    "Stijlen": "Hoe een kaartlaag eruitziet.",
    "Begrippen": "De codes waarin cijfers en kaartlagen spreken, met hun definities (SKOS).",
    **figures.TAGS,
    **overlap.TAGS,
    **processes.TAGS,
    **regels.TAGS,
    **rasters.TAGS,
}
ITEMS_PARAMETERS = ("bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "cursor", "properties", "sortby", "skipGeometry")


COLLECTION = "/collections/{collectionId}"
TILESETS = f"{COLLECTION}/tiles"
OPERATIONS = (
    Operation("/", "getLandingPage", "Service", "Beginpagina van de API", "Beginpagina"),
    Operation("/conformance", "getConformanceDeclaration", "Service", "Standaarden waaraan de API voldoet", "Standaarden"),
    Operation("/collections", "getCollections", "Kaartlagen", "Alle kaartlagen", "Kaartlagen"),
    Operation(COLLECTION, "describeCollection", "Kaartlagen", "Eén kaartlaag", "Kaartlaag"),
    Operation(f"{COLLECTION}/queryables", "getQueryables", "Kaartlagen", "Eigenschappen om op te filteren", "Schema"),
    Operation(f"{COLLECTION}/schema", "getSchema", "Kaartlagen", "Beschrijving van de eigenschappen", "Schema"),
    Operation(f"{COLLECTION}/schema/geojson", "getGeoJsonSchema", "Kaartlagen", "Schema van een object in GeoJSON", "Schema"),
    Operation(f"{COLLECTION}/items/{{featureId}}", "getFeature", "Objecten", "Eén object", "Object", ("crs", "f")),
    # OGC API Tiles fixes the ends of these ids (/req/oas30/completeness, table 10).
    Operation("/tileMatrixSets", "getTileMatrixSetsList", "Tegels", "Alle tegelindelingen", "Tegelindelingen"),
    Operation("/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", "Tegels", "Eén tegelindeling", "Tegelindeling"),
    Operation(TILESETS, "kaartlaag.collection.vector.getTileSetsList", "Tegels", "De tegelsets van een kaartlaag", "Tegelsets"),
    Operation(f"{TILESETS}/{{tileMatrixSetId}}", "kaartlaag.collection.vector.getTileSet", "Tegels", "Eén tegelset", "Tegelset"),
    Operation(
        f"{TILESETS}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        "kaartlaag.collection.vector.getTile",
        "Tegels",
        "Eén vectortegel",
        "Tegel",
        ("f-tegel",),
    ),
    Operation("/styles", "getStyles", "Stijlen", "Alle stijlen", "Stijlen", ("f-lijst",)),
    Operation("/styles/{styleId}", "getStyle", "Stijlen", "Eén stijl", "Stijl", ("f-stijl",)),
    Operation(f"{COLLECTION}/styles", "getCollectionStyles", "Stijlen", "De stijlen van een kaartlaag", "Stijlen", ("f-lijst",)),
    Operation(f"{COLLECTION}/styles/{{styleId}}", "getCollectionStyle", "Stijlen", "Eén stijl van een kaartlaag", "Stijl", ("f-stijl",)),
    Operation(f"{COLLECTION}/styles/{{styleId}}/legend", "getLegend", "Stijlen", "De legenda van een stijl", "Legenda", ("f-legenda",)),
    Operation("/begrippen", "getBegrippenlijsten", "Begrippen", "Alle codelijsten", "Begrippenlijsten", ("f-begrip",)),
    Operation("/begrippen/{lijst}", "getBegrippenlijst", "Begrippen", "Eén codelijst", "Begrippenlijst", ("f-begrip",)),
    Operation("/begrippen/{lijst}/{code}", "getBegrip", "Begrippen", "Eén begrip", "Begrip", ("f-begrip",)),
    *figures.OPERATIONS,
    *analysis.OPERATIONS,
    *regels.OPERATIONS,
    *gebiedsoverlap.OPERATIONS,
    *rasters.OPERATIONS,
)


def describe_api(publication: Publication, addresses: Addresses, contact: Contact) -> Json:
    """Return the whole document for what is published."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": TITLE,
            "description": DESCRIPTION,
            "version": __version__,
            "contact": {"name": contact.name, "url": contact.url, "email": contact.email},
        },
        "servers": [{"url": addresses.root, "description": "Deze service"}],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "paths": {operation.path: {"get": operation.describe()} for operation in OPERATIONS}
        | {f"/collections/{layer.id}/items": {"get": _describe_items(layer)} for layer in publication.values()}
        | overlap.paths()
        | processes.paths(),
        "components": {
            "parameters": _parameters(publication),
            "headers": {"API-Version": {"description": "Versie van de API", "schema": {"type": "string"}, "example": __version__}},
            "responses": _responses(),
            "schemas": _schemas(),
        },
    }


def _describe_items(layer: PublishedLayer) -> Json:
    operation = Operation(
        f"/collections/{layer.id}/items",
        f"getFeatures.{layer.id}",
        "Objecten",
        f"Objecten van {layer.layer.title}",
        "Objecten",
        (*ITEMS_PARAMETERS, "f"),
    ).describe()
    filters = [_describe_filter(name, each) for name, each in layer.layer.properties.items()]
    return operation | {"parameters": [*operation["parameters"], *filters]}


def _describe_filter(name: str, declared: Property) -> Json:
    """Describe a filter as QGIS wants it before it sends one: style form, explode false and the type in place."""
    unit = f" ({declared.unit})" if declared.unit else ""
    return {
        "name": name,
        "in": "query",
        "description": f"{declared.title}{unit}",
        "style": "form",
        "explode": False,
        "schema": declared.type.json_schema,
    }


def _parameters(publication: Publication) -> Json:
    told = {**_path_parameters(publication), **_format_parameters(), **_items_parameters(), **figures.parameters()}
    return told | analysis.parameters() | regels.parameters() | gebiedsoverlap.parameters() | rasters.parameters()


def _path_parameters(publication: Publication) -> Json:
    text = {"type": "string"}
    number = {"type": "integer", "minimum": 0}
    collections = [*publication, *publication.rasters]
    described: Mapping[str, tuple[str, Json]] = {
        "collectionId": ("Naam van de kaartlaag", text | ({"enum": collections} if collections else {})),
        "featureId": ("Blijvend kenmerk van het object", text),
        "tileMatrixSetId": ("Naam van de tegelindeling", text | {"enum": list(TILE_MATRIX_SETS)}),
        "tileMatrix": ("Niveau", number),
        "tileRow": ("Rij, van boven naar beneden", number),
        "tileCol": ("Kolom, van links naar rechts", number),
        "styleId": ("Naam van de stijl", text),
        "lijst": ("Naam van de codelijst, zoals energiedrager", text),
        "code": ("Code uit de lijst, zoals AARDGAS", text),
        **figures.PATH_PARAMETERS,
        **analysis.PATH_PARAMETERS,
        **processes.PATH_PARAMETERS,
        **regels.PATH_PARAMETERS,
    }
    return {
        name: {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
        for name, (description, schema) in described.items()
    }


def _format_parameters() -> Json:
    choices = {"f": ["json", "html"], "f-lijst": ["json"], "f-stijl": ["mapbox", "sld"], "f-legenda": ["json", "svg"], "f-tegel": ["mvt"]}
    choices |= {"f-begrip": ["json", "jsonld", "html"], **figures.FORMATS, **regels.FORMATS, **rasters.FORMATS}
    why = "Formaat van het antwoord; zonder deze parameter beslist de header Accept"
    schemas = {key: {"type": "string", "enum": formats} for key, formats in choices.items()}
    return {key: {"name": "f", "in": "query", "description": why, "schema": schema} for key, schema in schemas.items()}


def _items_parameters() -> Json:
    crs = {"type": "string", "format": "uri", "default": CRS84.uri, "enum": [each.uri for each in SUPPORTED]}
    number = {"type": "number"}
    text_list = {"type": "array", "items": {"type": "string"}}
    described: Mapping[str, tuple[str, Json]] = {
        "bbox": (
            "Alleen objecten die deze rechthoek raken: minx,miny,maxx,maxy in het stelsel van bbox-crs",
            {"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}], "items": number},
        ),
        "bbox-crs": ("Coördinatenstelsel van bbox", crs),
        "crs": ("Coördinatenstelsel van het antwoord", crs),
        "datetime": ("Alleen objecten die op dit moment of in deze periode gelden, zoals 2025-01-01 of 2022-01-01/..", {"type": "string"}),
        "limit": (
            f"Hoeveel objecten op een bladzijde; meer dan {MAX_LIMIT} wordt {MAX_LIMIT}",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": ("Hoeveel objecten worden overgeslagen; de link next is sneller", {"type": "integer", "minimum": 0, "default": 0}),
        "cursor": ("Plaats waar de volgende bladzijde begint; komt uit de link next", {"type": "string"}),
        "properties": ("Alleen deze eigenschappen, gescheiden door komma's", text_list),
        "sortby": ("Volgorde: eigenschappen gescheiden door komma's, met - ervoor van hoog naar laag", text_list),
        "skipGeometry": ("Geen geometrie in het antwoord", {"type": "boolean", "default": False}),
    }
    return {name: query_parameter(name, description, schema) for name, (description, schema) in described.items()}


def _responses() -> Json:
    answers = {
        "Beginpagina": ("Links naar alles wat de API heeft", content_of("Beginpagina", JSON, JSON_LD)),
        "Standaarden": ("Conformiteitsklassen", content_of("Standaarden", JSON)),
        "Kaartlagen": ("Alle kaartlagen", content_of("Kaartlagen", JSON, JSON_LD)),
        "Kaartlaag": ("De kaartlaag", content_of("Kaartlaag", JSON, JSON_LD)),
        "Schema": ("JSON Schema", content_of("Document", SCHEMA_JSON)),
        "Objecten": ("Een bladzijde objecten; de link next leidt naar de volgende", content_of("Objecten", GEOJSON)),
        "Object": ("Het object", content_of("Object", GEOJSON)),
        "Tegelindelingen": ("Alle tegelindelingen", content_of("Document", JSON)),
        "Tegelindeling": ("De tegelindeling", content_of("Document", JSON)),
        "Tegelsets": ("De tegelsets", content_of("Document", JSON)),
        "Tegelset": ("De tegelset", content_of("Document", JSON)),
        "Begrippenlijsten": ("De codelijsten", content_of("Begrippenlijsten", JSON, JSON_LD)),
        "Begrippenlijst": ("De codelijst met zijn begrippen", content_of("Begrippenlijst", JSON, JSON_LD)),
        "Begrip": ("Het begrip", content_of("Begrip", JSON, JSON_LD)),
    }
    plain = {
        "Tegel": ("De tegel", {MVT: {"schema": {"type": "string", "format": "binary"}}}),
        "Stijlen": ("De stijlen", {JSON: {"schema": shared("schemas", "Document")}}),
        "Stijl": ("De stijl", {MAPLIBRE: {"schema": shared("schemas", "Document")}, SLD: {"schema": {"type": "string"}}}),
        "Legenda": ("De legenda", {SVG: {"schema": {"type": "string"}}, JSON: {"schema": shared("schemas", "Document")}}),
    }
    headers = {"API-Version": shared("headers", "API-Version")}
    good = {
        name: {"description": text, "headers": headers, "content": content}
        for name, (text, content) in (answers | plain | _of_parts()).items()
    }
    faults = {"400": "De vraag klopt niet", "404": "Niet gevonden", "406": "Formaat niet beschikbaar", "500": "Fout in de service"}
    faults |= overlap.FAULTS | {"409": "Dit kan nu niet met deze taak"} | {"503": "Nu niet beschikbaar; Retry-After zegt wanneer weer"}
    problem = {PROBLEM: {"schema": shared("schemas", "Probleem")}}
    return good | {f"Fout{code}": {"description": text, "headers": headers, "content": problem} for code, text in faults.items()}


def _of_parts() -> dict[str, tuple[str, Json]]:
    parts = (figures, analysis, overlap, regels, gebiedsoverlap, processes, rasters)
    return {name: answer for part in parts for name, answer in part.responses().items()}


def _schemas() -> Json:
    text, integer = {"type": "string"}, {"type": "integer"}
    links = list_of(shared("schemas", "Link"))
    feature = shared("schemas", "Object")
    return {
        "Link": object_of(("href", "rel"), href=text, rel=text, type=text, title=text, hreflang=text, templated={"type": "boolean"}),
        "Beginpagina": object_of(("links",), title=text, description=text, publicatie={"type": "object"}, links=links),
        "Standaarden": object_of(("conformsTo",), conformsTo=list_of(text), links=links),
        "Kaartlaag": _describe_collection_schema(links),
        "Kaartlagen": object_of(("links", "collections"), links=links, collections=list_of(shared("schemas", "Kaartlaag"))),
        "Geometrie": object_of(("type",), type=text, coordinates=list_of({})) | {"nullable": True},
        "Object": object_of(
            ("type", "geometry", "properties"),
            type={"type": "string", "enum": ["Feature"]},
            id=text,
            geometry=shared("schemas", "Geometrie"),
            properties={"type": "object", "nullable": True},
            links=links,
        ),
        "Objecten": object_of(
            ("type", "features"),
            type={"type": "string", "enum": ["FeatureCollection"]},
            features=list_of(feature),
            links=links,
            numberMatched=integer,
            numberReturned=integer,
            timeStamp={"type": "string", "format": "date-time"},
        ),
        **_describe_begrip_schemas(links),
        **figures.schemas(links),
        **analysis.schemas(links),
        **overlap.schemas(links),
        **processes.schemas(links),
        **regels.schemas(links),
        **gebiedsoverlap.schemas(links),
        "Document": {"type": "object"},
        "Probleem": object_of(("status", "title", "detail"), status=integer, title=text, detail=text, errors=list_of(text)),
    }


def _describe_collection_schema(links: Json) -> Json:
    text = {"type": "string"}
    origin = object_of(bron=text, title=text, publisher=text, license=text, homepage=text, peildatum={"type": "string", "format": "date"})
    extent = object_of(
        spatial=object_of(bbox=list_of(list_of({"type": "number"})), crs=text),
        temporal=object_of(interval=list_of(list_of({"type": "string", "format": "date-time", "nullable": True})), trs=text),
    )
    return object_of(
        ("id", "links"),
        id=text,
        title=text,
        description=text,
        attribution=text,
        keywords=list_of(text),
        theme=text,
        itemType=text,
        itemCount={"type": "integer"},
        extent=extent,
        crs=list_of(text),
        storageCrs=text,
        defaultStyle=text,
        bronnen=list_of(origin),
        links=links,
    )


def _describe_begrip_schemas(links: Json) -> Json:
    text = {"type": "string"}
    lijst = dict.fromkeys(("uri", "lijst", "naam", "definitie", "bron"), text) | {"aantal": {"type": "integer"}}
    reference = object_of(("uri", "lijst", "code", "naam"), uri=text, lijst=text, code=text, naam=text)
    begrip = object_of(
        ("uri", "lijst", "code", "naam", "definitie", "bron"),
        **dict.fromkeys(("uri", "lijst", "code", "naam", "definitie", "bron"), text),
        ouder=reference | {"nullable": True},
        exactMatch=list_of(text),
        kenmerken={"type": "object", "additionalProperties": text},
        onderliggend=list_of(reference),
        links=links,
    )
    begrippen = list_of(shared("schemas", "Begrip"))
    return {
        "Begrip": begrip,
        "Begrippenlijst": object_of(("uri", "lijst", "naam"), **lijst, begrippen=begrippen, links=links),
        "Begrippenlijsten": object_of(("lijsten",), lijsten=list_of(shared("schemas", "Begrippenlijst")), links=links),
    }


@dataclass(frozen=True)
class ShownParameter:
    """A parameter as the page of the API shows it."""

    name: str
    place: str
    kind: str
    description: str


@dataclass(frozen=True)
class ShownOperation:
    """An operation as the page of the API shows it."""

    method: str
    path: str
    summary: str
    parameters: tuple[ShownParameter, ...]
    answers: tuple[str, ...]


def shown_operations(document: Json) -> Iterator[tuple[Json, list[ShownOperation]]]:
    """Yield each tag of an OpenAPI document with its operations, references resolved."""
    for tag in document["tags"]:
        named = [(method, path, item[method]) for path, item in document["paths"].items() for method in item]
        yield tag, [_show(document, method, path, operation) for method, path, operation in named if tag["name"] in operation["tags"]]


def _show(document: Json, method: str, path: str, operation: Json) -> ShownOperation:
    shared = document["components"]["parameters"]
    parameters = (shared[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each for each in operation["parameters"])
    return ShownOperation(
        method.upper(), path, operation["summary"], tuple(map(_show_parameter, parameters)), tuple(operation["responses"])
    )


def _show_parameter(parameter: Json) -> ShownParameter:
    schema = parameter["schema"]
    names = {"string": "tekst", "integer": "geheel getal", "number": "getal", "boolean": "true of false", "array": "lijst"}
    kind = names[schema["type"]] if "enum" not in schema or len(schema["enum"]) > 5 else " of ".join(schema["enum"])
    return ShownParameter(parameter["name"], parameter["in"], kind, parameter["description"])
