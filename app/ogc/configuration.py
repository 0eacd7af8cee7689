"""The configuration of pygeoapi, made from what is published instead of from a file."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from app import __version__
from app.register.crs import CRS84, RD, SUPPORTED
from app.register.publication import Publication, PublishedLayer
from app.settings import Settings
from app.web.addresses import Addresses, Json
from app.web.pages import DESCRIPTION, TITLE

TEMPLATES = Path(__file__).parent / "templates"
# pygeoapi wants an extent of every collection; the description of an empty layer drops this one again.
WORLD = (-180.0, -90.0, 180.0, 90.0)
KEYWORDS = ("energie", "Energiebeeld", "energietransitie", "ruimtelijke ordening", "gemeenten", "provincies")


@dataclass(frozen=True)
class Contact:
    """Whom users can turn to."""

    name: str
    email: str
    url: str


def contact_of(settings: Settings, addresses: Addresses) -> Contact:
    """Return the contact of this deployment; without an own page that is the landing page."""
    return Contact(settings.contact_name, settings.contact_email, settings.contact_url or addresses.base_url)


def configure(publication: Publication, addresses: Addresses, contact: Contact) -> Json:
    """Return the configuration with one collection per published layer."""
    return {
        "server": {
            "url": addresses.root,
            "encoding": "utf-8",
            "mimetype": "application/json",
            "languages": ["nl-NL"],
            "limits": {"default_items": 1000, "max_items": 10_000, "on_exceed": "throttle"},
            "api_rules": {"api_version": __version__, "strict_slashes": True},
            "templates": {"path": str(TEMPLATES)},
        },
        "logging": {"level": "WARNING"},
        "metadata": _describe_service(addresses, contact),
        "resources": {layer.id: _describe_layer(layer) for layer in publication.values()},
    }


def _describe_service(addresses: Addresses, contact: Contact) -> Json:
    return {
        "identification": {
            "title": TITLE,
            "description": DESCRIPTION,
            "keywords": list(KEYWORDS),
            "url": addresses.base_url,
            "terms_of_service": None,
        },
        "license": {"name": None, "url": None},
        "provider": {"name": contact.name, "url": contact.url},
        "contact": {"email": contact.email, "url": contact.url},
    }


def _describe_layer(published: PublishedLayer) -> Json:
    layer = published.layer
    return {
        "type": "collection",
        "title": layer.title,
        "description": layer.description,
        "keywords": [layer.theme.value, *layer.keywords],
        "extents": _describe_extents(published),
        "providers": [
            {
                "type": "feature",
                "name": "app.ogc.provider.LayerProvider",
                "data": layer,
                "id_field": "id",
                "title_field": layer.label,
                "crs": [crs.uri for crs in SUPPORTED],
                "storage_crs": RD.uri,
            }
        ],
    }


def _describe_extents(published: PublishedLayer) -> Json:
    description = published.description
    extents: Json = {"spatial": {"bbox": list(description.extent_crs84 or WORLD), "crs": CRS84.uri}}
    if description.period:
        begin, end = description.period
        extents["temporal"] = {
            "begin": _midnight(begin),
            "end": _midnight(end),
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return extents


def _midnight(day: dt.date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None
