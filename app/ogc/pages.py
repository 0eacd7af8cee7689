"""The pages of the OGC API: its templates, and how they show features."""

from app.layers import Property, PropertyType
from app.ogc.configuration import TEMPLATES
from app.ogc.conformance import STANDARDS
from app.ogc.openapi import shown_operations
from app.ogc.sketch import sketch
from app.register.crs import BY_URI
from app.register.publication import Publication, PublishedLayer
from app.web.addresses import Addresses, Json
from app.web.pages import UNKNOWN, Frame, format_number, format_short_date, prepare_environment
from app.web.pages import render as render_with

TYPES = {
    PropertyType.TEXT: "tekst",
    PropertyType.INTEGER: "geheel getal",
    PropertyType.NUMBER: "getal",
    PropertyType.BOOLEAN: "ja of nee",
    PropertyType.DATE: "datum",
}


def render(template: str, data: Json, frame: Frame) -> str:
    """Return the page that a template makes of a document."""
    return render_with(ENVIRONMENT, template, data, frame)


def items_html(publication: Publication, layer: PublishedLayer, features: Json, base_url: str) -> str:
    """Return the page of a feature collection: GeoJSON as the items route answers it, with its `links`."""
    addresses = Addresses(base_url)
    frame = Frame(publication, addresses, addresses.at("collections", layer.id, "items"), layer)
    return render("collections/items/index.html", features, frame)


def item_html(publication: Publication, layer: PublishedLayer, feature: Json, base_url: str) -> str:
    """Return the page of one GeoJSON feature (lon/lat), with a sketch of its shape."""
    addresses = Addresses(base_url)
    frame = Frame(publication, addresses, addresses.at("collections", layer.id, "items", str(feature["id"])), layer)
    return render("collections/items/item.html", feature, frame)


def format_value(value: object, declared: Property) -> str:
    """Return a value as a Dutch reader expects it: decimal comma, dates as day-month-year; thousands are split only beside a unit."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int | float):
        return format_number(value, split=declared.unit is not None)
    if declared.type is PropertyType.DATE:
        return format_short_date(str(value))
    return str(value)


def _crs_name(uri: str) -> str:
    crs = BY_URI.get(uri)
    return crs.name if crs else uri


ENVIRONMENT = prepare_environment(TEMPLATES)
ENVIRONMENT.filters |= {"value": format_value, "crs_name": _crs_name, "sketch": sketch, "operations": shown_operations}
ENVIRONMENT.globals |= {"standards": STANDARDS, "types": TYPES}
