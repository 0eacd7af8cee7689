"""The web pages of the API: Jinja templates and one style sheet, without scripts and without anything from another host."""

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import __version__
from app.layers import Property, PropertyType
from app.ogc.addresses import Addresses, Json
from app.ogc.collections import is_web_address
from app.ogc.configuration import DESCRIPTION, TEMPLATES, TITLE
from app.ogc.conformance import STANDARDS
from app.ogc.openapi import shown_operations
from app.ogc.sketch import sketch
from app.register.crs import BY_URI
from app.register.publication import Publication, PublishedLayer

STYLESHEET = (Path(__file__).parent / "static" / "pages.css").read_bytes()
STYLESHEET_NAME = f"pages-{hashlib.blake2b(STYLESHEET, digest_size=6).hexdigest()}.css"
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
UNKNOWN = Markup('<span class="unknown" title="onbekend">–</span>')
TYPES = {
    PropertyType.TEXT: "tekst",
    PropertyType.INTEGER: "geheel getal",
    PropertyType.NUMBER: "getal",
    PropertyType.BOOLEAN: "ja of nee",
    PropertyType.DATE: "datum",
}

LICENSES = {
    "https://creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "https://creativecommons.org/publicdomain/mark/1.0": "Publiek domein",
    "https://opendatacommons.org/licenses/odbl/1-0": "ODbL 1.0",
}


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content: the publication, where the page lives, and the layer it is about."""

    publication: Publication
    addresses: Addresses
    address: str
    layer: PublishedLayer | None = None

    @property
    def stylesheet(self) -> str:
        """The address of the style sheet, which changes with its content."""
        return self.addresses.at("static", STYLESHEET_NAME)

    @property
    def themes(self) -> dict[str, list[PublishedLayer]]:
        """The published layers by theme, both in the order of the publication."""
        shelves: dict[str, list[PublishedLayer]] = defaultdict(list)
        for published in self.publication.values():
            shelves[published.layer.theme.value].append(published)
        return shelves

    @property
    def is_demo(self) -> bool:
        """Whether invented data is on show."""
        shown = [self.layer] if self.layer else self.publication.values()
        return any(origin.demo for published in shown for origin in published.description.origins)


def render(template: str, data: Json, frame: Frame) -> str:
    """Return the page that a template makes of a document; every value is escaped."""
    return ENVIRONMENT.get_template(template).render(data=data, page=frame)


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
        return _format_number(value, split=declared.unit is not None)
    if declared.type is PropertyType.DATE:
        return _format_short_date(str(value))
    return str(value)


def _format_number(value: float, *, split: bool = True) -> str:
    # Twelve figures are more than anyone measured and less than where binary fractions show.
    digits = "d" if isinstance(value, int) else ".12g"
    return format(value, f",{digits}" if split else digits).translate(str.maketrans(",.", ".,"))


def _format_short_date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text[:10]).strftime("%d-%m-%Y")
    except ValueError:
        return text


def _format_date(moment: dt.date | str) -> str:
    day = dt.date.fromisoformat(moment[:10]) if isinstance(moment, str) else moment
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _web_link(text: str, label: str | None = None) -> str:
    """Make a link of an address on the web, and leave anything else (such as `javascript:`) as text."""
    if not is_web_address(text):
        return label or text
    return Markup('<a href="{}">{}</a>').format(text, label or text)


def _license_link(text: str) -> str:
    return _web_link(text, LICENSES.get(text.rstrip("/").replace("http://", "https://")))


def _crs_name(uri: str) -> str:
    crs = BY_URI.get(uri)
    return crs.name if crs else uri


def _prepare_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "value": format_value,
        "number": _format_number,
        "date": _format_date,
        "weblink": _web_link,
        "license": _license_link,
        "crs_name": _crs_name,
        "sketch": sketch,
        "operations": shown_operations,
    }
    environment.globals |= {"title": TITLE, "description": DESCRIPTION, "standards": STANDARDS, "types": TYPES, "version": __version__}
    return environment


ENVIRONMENT = _prepare_environment()
