"""Absolute addresses of all resources, and the links between them, for the base URL of one request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from app.problems import BadRequest
from app.settings import Settings

type Json = dict[str, Any]

OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")

JSON = "application/json"
JSON_LD = "application/ld+json"
HTML = "text/html"
GEOJSON = "application/geo+json"
SCHEMA_JSON = "application/schema+json"
OPENAPI_JSON = "application/vnd.oai.openapi+json;version=3.0"
MVT = "application/vnd.mapbox-vector-tile"

TITLES = {"json": "Dit document als JSON", "jsonld": "Dit document als JSON-LD", "html": "Dit document als webpagina"}


@dataclass(frozen=True)
class Addresses:
    """Where things live, from a base URL without a slash at its end (`https://kaart.example.nl`)."""

    base_url: str

    @property
    def root(self) -> str:
        """The landing page of the API."""
        return f"{self.base_url}/v1"

    def at(self, *segments: str) -> str:
        """Return the address under the API of these path segments, escaped."""
        return "/".join((self.root, *map(_escaped, segments)))

    def map(self, layer_id: str) -> str:
        """Return the address of the web map that shows this layer."""
        return f"{self.base_url}/?lagen={quote(layer_id, safe='')}"


@lru_cache(maxsize=4096)
def _escaped(segment: str) -> str:
    return quote(segment, safe="")


def base_url_of(request: Request, settings: Settings) -> str:
    """Return the base URL clients should use: the configured one, else the one they asked for; BadRequest for a mangled Host."""
    return base_url_at(request.scope["scheme"], request.headers.get("host", ""), settings.url)


@lru_cache(maxsize=64)
def base_url_at(scheme: str, host: str, configured: str | None) -> str:
    """Return the base URL for a scheme and a Host header, unless one is configured."""
    if configured:
        return configured.rstrip("/")
    if not HOST.fullmatch(host):
        raise BadRequest("De header Host bevat geen geldige computernaam.")
    return f"{scheme}://{host}"


def link(rel: str, href: str, media_type: str, title: str) -> Json:
    """Return one link; what it leads to is in Dutch."""
    return {"rel": rel, "type": media_type, "title": title, "href": href, "hreflang": "nl"}


def representations(address: str, offers: Mapping[str, str], current: str) -> list[Json]:
    """Return the links from a document to itself and to its other formats."""
    return [
        link("self" if name == current else "alternate", f"{address}?f={name}", media_type, TITLES[name])
        for name, media_type in sorted(offers.items(), key=lambda offer: offer[0] != current)
    ]


def is_web_address(text: str) -> bool:
    """Tell whether a text may become a link: only http and https, so that a bron cannot smuggle in a script."""
    return text.startswith(("https://", "http://"))
