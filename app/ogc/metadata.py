"""The routes of everything that describes the service: landing page, collections, schemas, tilesets, OpenAPI and their pages."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.ogc.configuration import contact_of
from app.ogc.documents import LANDING, RESOURCES, Document, Documents, Resource
from app.problems import NotFound
from app.register.publication import Publication
from app.settings import Settings
from app.web.addresses import HTML, Addresses, base_url_of
from app.web.caching import FRESH, has_already
from app.web.negotiation import choose_encoding, negotiate, refuse_unknown_parameters
from app.web.pages import PAGE_POLICY, STYLESHEET, STYLESHEET_NAME

KEPT_BASE_URLS = 4

type Handler = Callable[[Request], Awaitable[Response]]


def routes(current: Callable[[], Publication], settings: Settings) -> list[BaseRoute]:
    """Return the metadata routes; `current` gives the publication that is served now."""
    shelf = _Shelf(current, settings)
    described = [Route(f"/v1{resource.path}", _answer(shelf, resource)) for resource in RESOURCES]
    landing = [Route(path, _answer(shelf, LANDING)) for path in ("/v1", "/v1/")]
    return [*landing, *described, Route("/v1/static/{name}", _stylesheet)]


class _Shelf:
    """The documents of the current publication for the base URLs used last; older ones are forgotten, so a Host cannot fill memory."""

    def __init__(self, current: Callable[[], Publication], settings: Settings) -> None:
        self._current = current
        self._settings = settings
        self._kept: OrderedDict[tuple[int, str], Documents] = OrderedDict()

    def documents_for(self, request: Request) -> Documents:
        """Return the documents for the base URL of this request."""
        publication, base_url = self._current(), base_url_of(request, self._settings)
        key = (publication.id, base_url)
        if key not in self._kept:
            self._kept[key] = Documents(publication, base_url, contact_of(self._settings, Addresses(base_url)))
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_BASE_URLS:
            self._kept.popitem(last=False)
        return self._kept[key]


def _answer(shelf: _Shelf, resource: Resource) -> Handler:
    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ("f",))
        wanted = negotiate(request, resource.offers, resource.default)
        documents, arguments = shelf.documents_for(request), request.path_params
        document = documents.find(resource, arguments, wanted)
        if document is None:
            document = await run_in_threadpool(documents.make, resource, arguments, wanted)
        return _respond(request, document)

    return answer


def _respond(request: Request, document: Document) -> Response:
    encoding = choose_encoding(request)
    tag = f'"{document.tag}-{encoding}"' if encoding else f'"{document.tag}"'
    headers = {"ETag": tag, "Cache-Control": FRESH, "Vary": "Accept, Accept-Encoding", "Content-Language": "nl"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    if document.media_type == HTML:
        headers |= {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
    return Response(document.compressed[encoding], media_type=document.media_type, headers=headers)


async def _stylesheet(request: Request) -> Response:
    refuse_unknown_parameters(request, ())
    if request.path_params["name"] != STYLESHEET_NAME:
        raise NotFound("Dit bestand hoort niet bij deze versie van de service.")
    return Response(STYLESHEET, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})
