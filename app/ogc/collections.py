"""Collections as clients read them: what pygeoapi describes, with our links, counts, styles and the bronnen behind each layer."""

from app.ogc.library import Library
from app.ogc.provider import GEOMETRY_FORMATS
from app.ogc.tilesets import attribution_of
from app.register.publication import Origin, PublishedLayer
from app.web.addresses import GEOJSON, HTML, JSON, OGC_REL, SCHEMA_JSON, Addresses, Json, is_web_address, link

QUERYABLES = "queryables"
SCHEMA = "schema"


def describe_collection(library: Library, layer: PublishedLayer) -> Json:
    """Return the description of a collection (Features 1 §7.14, Features 2 §6.2), without links to itself."""
    described = library.collection(layer)
    if layer.description.extent_crs84 is None:
        del described["extent"]["spatial"]
    return {
        **described,
        "attribution": attribution_of(layer),
        "theme": layer.layer.theme.value,
        "itemCount": layer.description.count,
        "defaultStyle": layer.layer.style,
        "bronnen": [origin.model_dump(mode="json", exclude={"levering_id"}) for origin in layer.description.origins],
        "links": [*_links_to_data(layer, library.addresses), *_links_to_origins(layer.description.origins)],
    }


def _links_to_data(layer: PublishedLayer, addresses: Addresses) -> list[Json]:
    address, title = addresses.at("collections", layer.id), layer.layer.title
    return [
        # No ?f=json: GDAL puts "/{id}" behind this address to ask for one feature.
        link("items", f"{address}/items", GEOJSON, f"{title}: objecten als GeoJSON"),
        link("items", f"{address}/items?f=html", HTML, f"{title}: objecten als webpagina"),
        link(f"{OGC_REL}/queryables", f"{address}/queryables?f=json", SCHEMA_JSON, f"{title}: eigenschappen om op te filteren"),
        link(f"{OGC_REL}/schema", f"{address}/schema?f=json", SCHEMA_JSON, f"{title}: beschrijving van de eigenschappen"),
        # GDAL takes its types from here, and knows this relation only with a capital (relations ignore case, RFC 8288 §2.1.1).
        link("describedBy", f"{address}/schema/geojson?f=json", SCHEMA_JSON, f"{title}: schema van een object in GeoJSON"),
        link(f"{OGC_REL}/tilesets-vector", f"{address}/tiles?f=json", JSON, f"{title}: vectortegels"),
        link(f"{OGC_REL}/styles", f"{address}/styles?f=json", JSON, f"{title}: stijlen"),
        link("root", f"{addresses.root}?f=json", JSON, "Beginpagina van de service"),
    ]


def _links_to_origins(origins: tuple[Origin, ...]) -> list[Json]:
    licenses = dict.fromkeys(origin.license for origin in origins if is_web_address(origin.license))
    homepages = {origin.homepage: origin.title for origin in origins if is_web_address(origin.homepage)}
    return [
        *(link("license", license_, HTML, "Licentie van de bron") for license_ in licenses),
        *(link("describedby", homepage, HTML, f"Bron: {title}") for homepage, title in homepages.items()),
    ]


def describe_schema(library: Library, layer: PublishedLayer, kind: str) -> Json:
    """Return the JSON Schema of the features (Features 5), or of what a client may filter by (`kind` queryables, Features 3 §6.2)."""
    described = library.schema(layer)
    properties: Json = described["properties"]
    geometry = {
        "title": "Geometrie",
        "format": GEOMETRY_FORMATS[layer.layer.geometry],
        "x-ogc-role": "primary-geometry",
        "x-ogc-propertySeq": 0,
    }
    properties["geometry"] = geometry
    if kind == QUERYABLES:
        properties = {name: field for name, field in properties.items() if name != "id"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": library.addresses.at("collections", layer.id, kind),
        "title": described["title"],
        "description": layer.layer.description,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def describe_geojson(library: Library, layer: PublishedLayer) -> Json:
    """Return the JSON Schema of one feature as GeoJSON writes it; `describe_schema` describes the same feature apart from any encoding."""
    described = library.schema(layer)
    fields: Json = described["properties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": library.addresses.at("collections", layer.id, SCHEMA, "geojson"),
        "title": described["title"],
        "description": layer.layer.description,
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": fields["id"],
            "geometry": {"type": "object", "properties": {"type": {"type": "string", "enum": sorted(layer.layer.geometry.types)}}},
            "properties": {"type": "object", "properties": {name: fields[name] for name in layer.layer.properties}},
        },
    }
