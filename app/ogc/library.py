"""pygeoapi as a library, configured in code from what is published; only this module and `provider.py` import it.

Two of its functions are replaced, because they change what others see: `to_json` turns `<5` into `&lt;5` in every answer (0.23.2
and later), and `setup_logger` takes over the root logger. Its renderer is not used: it builds a new Jinja environment for each page
(60 to 90 ms), keeps the configuration of the first base URL for all others, and falls back to templates that load scripts from
other hosts; `pages.py` has the same templates by the same names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import orjson
from pygeoapi import api as core
from pygeoapi.api.collection import gen_collection
from pygeoapi.l10n import Locale
from pygeoapi.linked_data import jsonldify_collection
from pygeoapi.util import json_serial
from starlette.requests import Request

from app.ogc.configuration import Contact, configure
from app.problems import Problem
from app.register.publication import Publication, PublishedLayer
from app.web.addresses import JSON, JSON_LD, Addresses, Json

type Answer = tuple[Json, int, str]


def _to_json(document: Json, pretty: bool = False) -> str:  # noqa: ARG001, FBT  # pygeoapi's signature
    return orjson.dumps(document, default=json_serial).decode()


core.to_json = _to_json
core.setup_logger = lambda _config: None


@dataclass(frozen=True)
class Library:
    """One pygeoapi API for one publication and base URL."""

    api: core.API
    addresses: Addresses

    def landing_page(self) -> Json:
        """Return the landing page without links that the service does not have."""
        return self._call(core.landing_page)

    def collection(self, layer: PublishedLayer) -> Json:
        """Return the description that pygeoapi makes of one collection."""
        described: Json = gen_collection(self.api, self._request(), layer.id, self._locale)
        return described

    def schema(self, layer: PublishedLayer) -> Json:
        """Return the JSON Schema of the features of one collection."""
        return self._call(core.get_collection_schema, layer.id)

    def linked_catalog(self) -> Json:
        """Return the catalogue as JSON-LD (schema.org DataCatalog)."""
        return self._call(core.landing_page, accept=JSON_LD)

    def linked_collection(self, collection: Json) -> Json:
        """Return a described collection as JSON-LD (schema.org Dataset)."""
        self.linked_catalog()
        linked: Json = jsonldify_collection(self.api, collection, self._locale)
        return linked

    def _call(self, function: Callable[..., Answer], *arguments: str, accept: str = JSON) -> Json:
        _, status, body = function(self.api, self._request(accept), *arguments)
        if status != HTTPStatus.OK:
            raise Problem(f"De beschrijving kon niet worden gemaakt ({status}).")
        answer: Json = orjson.loads(body)
        return answer

    def _request(self, accept: str = JSON) -> core.APIRequest:
        scope = {"type": "http", "method": "GET", "path": "/v1", "query_string": b"", "headers": [(b"accept", accept.encode())]}
        return core.APIRequest(Request(scope), self.api.locales)

    @property
    def _locale(self) -> Locale:
        return self.api.default_locale


def open_library(publication: Publication, addresses: Addresses, contact: Contact) -> Library:
    """Build pygeoapi for what is published; about 10 ms for 50 layers."""
    return Library(core.API(configure(publication, addresses, contact), {}), addresses)
