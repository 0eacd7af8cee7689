"""The metadata documents: made once per publication, base URL and format, then served from memory."""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypedDict

import brotli
import orjson

from app.ogc.collections import QUERYABLES, SCHEMA, describe_collection, describe_geojson, describe_schema
from app.ogc.configuration import Contact
from app.ogc.conformance import CONFORMS_TO
from app.ogc.library import Library, open_library
from app.ogc.openapi import describe_api
from app.ogc.pages import render
from app.ogc.rasters import describe_raster, describe_raster_schema, link_raster
from app.ogc.tilesets import describe_tile_matrix_set, describe_tileset, summarise_tile_matrix_set, summarise_tileset
from app.register.publication import Publication, PublishedLayer, PublishedRaster
from app.tiles.matrix import TILE_MATRIX_SETS, tile_matrix_set_of
from app.web.addresses import HTML, JSON, JSON_LD, OGC_REL, OPENAPI_JSON, SCHEMA_JSON, Addresses, Json, link, representations
from app.web.pages import Frame

COLLECTION = "/collections/{collection_id}"
PAGE = {"json": JSON, "html": HTML}
LINKED = {"json": JSON, "html": HTML, "jsonld": JSON_LD}
SCHEMA_PAGE = {"json": SCHEMA_JSON, "html": HTML}
OPENAPI = {"json": OPENAPI_JSON, "html": HTML}

type Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Document:
    """The bytes of one answer; `tag` is the entity tag of the uncompressed form, without quotes."""

    body: bytes
    media_type: str
    tag: str

    @cached_property
    def compressed(self) -> Mapping[str | None, bytes]:
        """The bytes in each content encoding."""
        return {None: self.body, "gzip": gzip.compress(self.body, mtime=0), "br": brotli.compress(self.body, quality=7)}


@dataclass(frozen=True)
class Service:
    """What every document is made from."""

    publication: Publication
    library: Library
    contact: Contact

    @property
    def addresses(self) -> Addresses:
        """The addresses of this base URL."""
        return self.library.addresses

    def layer(self, arguments: Arguments) -> PublishedLayer:
        """Return the layer that the path names, or raise LayerNotFound."""
        return self.publication[arguments["collection_id"]]


@dataclass(frozen=True)
class Resource:
    """One kind of document: its path, its content as JSON, its page, and the formats on offer.

    `has_links` is false for documents whose format leaves no room for links.
    """

    path: str
    describe: Callable[[Service, Arguments], Json]
    template: str
    offers: Mapping[str, str] = field(default_factory=lambda: PAGE)
    link_data: Callable[[Service, Arguments], Json] | None = None
    default: str = "json"
    has_links: bool = True

    def address(self, service: Service, arguments: Arguments) -> str:
        """Return the absolute address for these path parameters."""
        return service.addresses.root + self.path.format_map(arguments)


class Documents:
    """All documents of one publication for one base URL; each is made when it is first asked for and then kept."""

    def __init__(self, publication: Publication, base_url: str, contact: Contact) -> None:
        self._service = Service(publication, open_library(publication, Addresses(base_url), contact), contact)
        self._made: dict[tuple[str, str], Document] = {}

    def find(self, resource: Resource, arguments: Arguments, wanted: str) -> Document | None:
        """Return the document if it was made before."""
        return self._made.get((resource.path.format_map(arguments), wanted))

    def make(self, resource: Resource, arguments: Arguments, wanted: str) -> Document:
        """Make the document and keep it; raises NotFound when the path names nothing that is published."""
        body = self._write(resource, arguments, wanted)
        # The tag follows the content: a deployment may change a title or a template without a new publication.
        tag = f"{self._service.publication.id}-{hashlib.blake2b(body, digest_size=12).hexdigest()}"
        document = Document(body, resource.offers[wanted], tag)
        # Compressing belongs here, in the thread that makes the document, not in the event loop that sends it.
        _ = document.compressed
        self._made[resource.path.format_map(arguments), wanted] = document
        return document

    def _write(self, resource: Resource, arguments: Arguments, wanted: str) -> bytes:
        service = self._service
        if raster := service.publication.rasters.get(arguments.get("collection_id", "")):
            resource = replace(resource, **of_cells(resource.path, raster))
        if wanted == "jsonld" and resource.link_data:
            return orjson.dumps(_drop_empty(resource.link_data(service, arguments)))
        described = resource.describe(service, arguments)
        own = representations(resource.address(service, arguments), resource.offers, wanted)
        linked = described | {"links": [*own, *described.get("links", [])]}
        if wanted == "html":
            layer = service.layer(arguments) if "collection_id" in arguments and not raster else None
            frame = Frame(service.publication, service.addresses, resource.address(service, arguments), layer)
            return render(resource.template, linked, frame).encode()
        return orjson.dumps(linked if resource.has_links else described)


def _drop_empty[Value](value: Value) -> Value | Json | list[object]:
    """Drop members without a value, which JSON-LD would read as a statement."""
    if isinstance(value, list):
        return [_drop_empty(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _drop_empty(each) for name, each in value.items()}
    return {name: each for name, each in kept.items() if each not in (None, {}, [])}


def _landing(service: Service, _: Arguments) -> Json:
    described, at = service.library.landing_page(), service.addresses.at
    publication = service.publication
    return {
        "title": described["title"],
        "description": described["description"],
        **({"publicatie": {"versie": publication.versie, "gepubliceerd": publication.published_at.isoformat()}} if publication else {}),
        "links": [
            link("service-desc", at("openapi.json"), OPENAPI_JSON, "Beschrijving van de API (OpenAPI 3.0)"),
            link("service-doc", at("docs"), HTML, "Uitleg van de API"),
            link("conformance", at("conformance"), JSON, "Standaarden waaraan de API voldoet"),
            link("data", at("collections"), JSON, "Alle kaartlagen"),
            link(f"{OGC_REL}/tiling-schemes", at("tileMatrixSets"), JSON, "Tegelindelingen"),
            link(f"{OGC_REL}/styles", at("styles"), JSON, "Stijlen"),
            link(f"{OGC_REL}/processes", at("processes"), JSON, "Processen: overlap toetsen en ruimte zoeken"),
            link("related", at("cijfers"), JSON, "Cijfers per gebied"),
            link("related", at("aansluiting"), JSON, "Sluiten de cijfers?"),
            link("related", at("energiebeelden"), JSON, "Energiebeelden en hun versies"),
            link("related", at("gebieden"), JSON, "Alle gebieden"),
            link("related", at("kengetallen"), JSON, "Kengetallen voor ruimtebeslag"),
            link("related", at("regels"), JSON, "Regels over overlap met gebiedsopgaven"),
            link("glossary", at("begrippen"), JSON, "Begrippen: codelijsten met definities (SKOS)"),
        ],
    }


def _conformance(_service: Service, _: Arguments) -> Json:
    return {"conformsTo": list(CONFORMS_TO)}


def _collections(service: Service, _: Arguments) -> Json:
    described = [describe_collection(service.library, layer) for layer in service.publication.values()]
    described += [describe_raster(raster, service.addresses) for raster in service.publication.rasters.values()]
    return {
        "links": [link("root", f"{service.addresses.root}?f=json", JSON, "Beginpagina van de service")],
        "collections": [each | {"links": [*_own_links(service, each["id"]), *each["links"]]} for each in described],
    }


def _own_links(service: Service, layer_id: str) -> list[Json]:
    return representations(service.addresses.at("collections", layer_id), PAGE, "json")


def _collection(service: Service, arguments: Arguments) -> Json:
    return describe_collection(service.library, service.layer(arguments))


def _linked_collections(service: Service, _: Arguments) -> Json:
    datasets = [_linked_collection(service, {"collection_id": layer_id}) for layer_id in service.publication]
    return service.library.linked_catalog() | {"dataset": datasets}


def _linked_collection(service: Service, arguments: Arguments) -> Json:
    described = describe_collection(service.library, service.layer(arguments))
    downloads = [each for each in described["links"] if each["rel"] == "items"]
    linked = service.library.linked_collection(described | {"links": downloads})
    licenses = dict.fromkeys(each["license"] for each in described["bronnen"])
    period = {"temporalCoverage": _write_period(described["extent"])} if "temporal" in described["extent"] else {}
    return {"@context": "https://schema.org/docs/jsonldcontext.jsonld"} | linked | {"license": list(licenses)} | period


def _write_period(extent: Json) -> str:
    """Write an interval as schema.org asks, with `..` for an open end."""
    begin, end = extent["temporal"]["interval"][0]
    return f"{begin or '..'}/{end or '..'}"


def _queryables(service: Service, arguments: Arguments) -> Json:
    return describe_schema(service.library, service.layer(arguments), QUERYABLES)


def _schema(service: Service, arguments: Arguments) -> Json:
    return describe_schema(service.library, service.layer(arguments), SCHEMA)


def _geojson_schema(service: Service, arguments: Arguments) -> Json:
    return describe_geojson(service.library, service.layer(arguments))


def _openapi(service: Service, _: Arguments) -> Json:
    return describe_api(service.publication, service.addresses, service.contact)


def _tile_matrix_sets(service: Service, _: Arguments) -> Json:
    return {"tileMatrixSets": [summarise_tile_matrix_set(tms, service.addresses) for tms in TILE_MATRIX_SETS.values()]}


def _tile_matrix_set(_service: Service, arguments: Arguments) -> Json:
    return describe_tile_matrix_set(tile_matrix_set_of(arguments["tms_id"]))


def _tilesets(service: Service, arguments: Arguments) -> Json:
    layer = service.layer(arguments)
    return {"tilesets": [summarise_tileset(layer, tms, service.addresses) for tms in TILE_MATRIX_SETS.values()]}


def _tileset(service: Service, arguments: Arguments) -> Json:
    layer, tms = service.layer(arguments), tile_matrix_set_of(arguments["tms_id"])
    return describe_tileset(layer, tms, service.addresses, describe_schema(service.library, layer, SCHEMA))


class _OfCells(TypedDict, total=False):
    describe: Callable[[Service, Arguments], Json]
    link_data: Callable[[Service, Arguments], Json]
    template: str


def of_cells(path: str, raster: PublishedRaster) -> _OfCells:
    """Return how a raster answers at a path of collections; nothing where only features have an answer."""
    if path == COLLECTION:
        return {
            "describe": lambda service, _: describe_raster(raster, service.addresses),
            "link_data": lambda service, _: link_raster(raster, service.addresses),
            "template": "collections/raster.html",
        }
    return {"describe": lambda service, _: describe_raster_schema(raster, service.addresses)} if path == f"{COLLECTION}/schema" else {}


LANDING = Resource("", _landing, "landing_page.html", LINKED, lambda service, _: service.library.linked_catalog())
RESOURCES = (
    Resource("/conformance", _conformance, "conformance.html"),
    Resource("/collections", _collections, "collections/index.html", LINKED, _linked_collections),
    Resource("/collections/{collection_id}", _collection, "collections/collection.html", LINKED, _linked_collection),
    Resource("/collections/{collection_id}/queryables", _queryables, "collections/schema.html", SCHEMA_PAGE, has_links=False),
    Resource("/collections/{collection_id}/schema", _schema, "collections/schema.html", SCHEMA_PAGE, has_links=False),
    Resource("/collections/{collection_id}/schema/geojson", _geojson_schema, "collections/schema.html", SCHEMA_PAGE, has_links=False),
    Resource("/collections/{collection_id}/tiles", _tilesets, "collections/tiles/index.html"),
    Resource("/collections/{collection_id}/tiles/{tms_id}", _tileset, "collections/tiles/metadata.html"),
    Resource("/tileMatrixSets", _tile_matrix_sets, "tilematrixsets/index.html"),
    Resource("/tileMatrixSets/{tms_id}", _tile_matrix_set, "tilematrixsets/tilematrixset.html"),
    Resource("/openapi.json", _openapi, "openapi/docs.html", OPENAPI, has_links=False),
    Resource("/docs", _openapi, "openapi/docs.html", {"html": HTML}, default="html"),
)
