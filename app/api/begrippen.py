"""The code lists as SKOS: `/v1/begrippen`, a list and a code, as JSON, JSON-LD and web page; the address of a begrip is its URI."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

import orjson
from starlette.responses import Response
from starlette.routing import BaseRoute

from app import __version__
from app.api.door import Ask, Door, Resource, route
from app.problems import NotFound
from app.register.begrippen import LISTS, Begrip, Begrippen
from app.web.addresses import HTML, JSON, JSON_LD, TITLES, Addresses, Json, link

OFFERS = {"json": JSON, "jsonld": JSON_LD, "html": HTML}
DUTCH = {"@language": "nl"}
ADDRESS = {"@type": "@id"}
CONTEXT: Json = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    "prefLabel": {"@id": "skos:prefLabel", **DUTCH},
    "definition": {"@id": "skos:definition", **DUTCH},
    "source": {"@id": "dct:source", **DUTCH},
    "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", **ADDRESS},
    "topConceptOf": {"@id": "skos:topConceptOf", **ADDRESS},
    "hasTopConcept": {"@id": "skos:hasTopConcept", **ADDRESS},
    "broader": {"@id": "skos:broader", **ADDRESS},
    "narrower": {"@id": "skos:narrower", **ADDRESS},
    "exactMatch": {"@id": "skos:exactMatch", **ADDRESS},
}


def routes(door: Door) -> list[BaseRoute]:
    """Return the routes of the code lists."""
    # What is answered follows from the files of this deployment, not only from the publication.
    revision = f"{__version__}-{hashlib.sha256(repr(list(door.begrippen)).encode()).hexdigest()[:12]}"

    def resource(path: str, handle: Callable[[Ask, _Shelf], Response]) -> BaseRoute:
        async def answer(ask: Ask) -> Response:
            return handle(ask, _Shelf(door.begrippen, ask.addresses))

        return route(door, Resource(path, OFFERS, frozenset({"f"}), revision), answer)

    return [
        resource("/begrippen", _lists),
        resource("/begrippen/{lijst}", _list),
        resource("/begrippen/{lijst}/{code}", _begrip),
    ]


class _Shelf:
    """The code lists with the address of everything in them."""

    def __init__(self, begrippen: Begrippen, addresses: Addresses) -> None:
        self.begrippen = begrippen
        self._addresses = addresses

    def uri(self, *segments: str) -> str:
        """Return the address of all lists, of a list, or of a code in it."""
        return self._addresses.at("begrippen", *segments)

    def list_of(self, ask: Ask) -> Mapping[str, Begrip]:
        """Return the list that the path names, or raise NotFound with names that are like it."""
        named = ask.request.path_params["lijst"]
        if named not in self.begrippen.lijsten:
            raise NotFound(f"Er is geen codelijst {named!r}. Alle lijsten staan op /v1/begrippen.", like(named, self.begrippen.lijsten))
        return self.begrippen[named]

    def begrip_of(self, ask: Ask) -> Begrip:
        """Return the begrip that the path names, or raise NotFound with codes that are like it."""
        lijst, code = self.list_of(ask), ask.request.path_params["code"]
        if code not in lijst:
            named = ask.request.path_params["lijst"]
            raise NotFound(f"De lijst {named!r} heeft geen code {code!r}. Alle codes staan op /v1/begrippen/{named}.", like(code, lijst))
        return lijst[code]

    def describe(self, begrip: Begrip) -> Json:
        """Return a begrip as JSON shows it."""
        ouder = self.begrippen.ouder_of(begrip)
        return {
            "uri": self.uri(begrip.lijst, begrip.code),
            "lijst": begrip.lijst,
            "code": begrip.code,
            "naam": begrip.naam,
            "definitie": begrip.definitie,
            "bron": begrip.bron,
            "ouder": self.refer(ouder) if ouder else None,
            "exactMatch": list(begrip.exact_match),
            "kenmerken": dict(begrip.kenmerken),
        }

    def refer(self, begrip: Begrip) -> Json:
        """Return what is needed to mention a begrip."""
        return {"uri": self.uri(begrip.lijst, begrip.code), "lijst": begrip.lijst, "code": begrip.code, "naam": begrip.naam}

    def summarise(self, lijst: str) -> Json:
        """Return a list without its codes."""
        said = self.begrippen[LISTS][lijst]
        return {
            "uri": self.uri(lijst),
            "lijst": lijst,
            "naam": said.naam,
            "definitie": said.definitie,
            "bron": said.bron,
            "aantal": len(self.begrippen[lijst]),
        }

    def related(self, begrip: Begrip) -> Iterator[Begrip]:
        """Yield the begrippen that the kenmerken name: of an indicator its thema, grootheid, eenheid, aggregatie and gewicht."""
        for name, value in begrip.kenmerken.items():
            lijst = "indicator" if name == "gewicht" else name
            if lijst in self.begrippen.lijsten and value in self.begrippen[lijst]:
                yield self.begrippen[lijst][value]


def _lists(ask: Ask, shelf: _Shelf) -> Response:
    names = shelf.begrippen.lijsten
    if ask.form == "jsonld":
        return _linked(ask, (node for name in names for node in _link_scheme(shelf, name)))
    links = [*ask.links(TITLES), link("root", f"{ask.addresses.root}?f=json", JSON, "Beginpagina van de service")]
    links += [link("item", shelf.uri(name), JSON, shelf.begrippen[LISTS][name].naam) for name in names]
    return ask.document({"lijsten": [shelf.summarise(name) for name in names], "links": links}, "begrippen/lijsten.html")


def _list(ask: Ask, shelf: _Shelf) -> Response:
    lijst, name = shelf.list_of(ask), ask.request.path_params["lijst"]
    if ask.form == "jsonld":
        return _linked(ask, _link_scheme(shelf, name))
    described = [shelf.describe(begrip) for begrip in lijst.values()]
    links = [*ask.links(TITLES), link("up", shelf.uri(), JSON, "Alle codelijsten")]
    return ask.document({**shelf.summarise(name), "begrippen": described, "links": links}, "begrippen/lijst.html")


def _begrip(ask: Ask, shelf: _Shelf) -> Response:
    begrip = shelf.begrip_of(ask)
    if ask.form == "jsonld":
        return _linked(ask, [_link_concept(shelf, begrip)])
    scheme = shelf.summarise(begrip.lijst)
    links = [*ask.links(TITLES), link("collection", scheme["uri"], JSON, scheme["naam"])]
    links += [link("related", shelf.uri(each.lijst, each.code), JSON, f"{each.lijst}: {each.naam}") for each in shelf.related(begrip)]
    narrower = [shelf.refer(each) for each in shelf.begrippen.children_of(begrip)]
    return ask.document({**shelf.describe(begrip), "onderliggend": narrower, "links": links}, "begrippen/begrip.html")


def _linked(ask: Ask, nodes: Iterable[Json]) -> Response:
    return ask.answer(orjson.dumps({"@context": CONTEXT, "@graph": list(nodes)}))


def _link_scheme(shelf: _Shelf, name: str) -> Iterator[Json]:
    """Yield a list as skos:ConceptScheme, then its codes; a code is on top when it rolls up to nothing in its own list."""
    said, concepts = shelf.begrippen[LISTS][name], shelf.begrippen[name].values()
    yield {
        "id": shelf.uri(name),
        "type": "skos:ConceptScheme",
        "prefLabel": said.naam,
        "definition": said.definitie,
        "source": said.bron,
        "hasTopConcept": [shelf.uri(name, each.code) for each in concepts if _is_on_top(shelf, each)],
    }
    yield from (_link_concept(shelf, each) for each in concepts)


def _link_concept(shelf: _Shelf, begrip: Begrip) -> Json:
    ouder = shelf.begrippen.ouder_of(begrip)
    scheme = shelf.uri(begrip.lijst)
    return {
        "id": shelf.uri(begrip.lijst, begrip.code),
        "type": "skos:Concept",
        "prefLabel": begrip.naam,
        "definition": begrip.definitie,
        "source": begrip.bron,
        "notation": begrip.code,
        "inScheme": scheme,
        **({"topConceptOf": scheme} if _is_on_top(shelf, begrip) else {}),
        **({"broader": shelf.uri(ouder.lijst, ouder.code)} if ouder else {}),
        "narrower": [shelf.uri(each.lijst, each.code) for each in shelf.begrippen.children_of(begrip)],
        "exactMatch": list(begrip.exact_match),
    }


def _is_on_top(shelf: _Shelf, begrip: Begrip) -> bool:
    ouder = shelf.begrippen.ouder_of(begrip)
    return ouder is None or ouder.lijst != begrip.lijst


def like(named: str, known: Iterable[str]) -> list[str]:
    """Return a question for each code that a client may have meant."""
    by_folded = {each.casefold(): each for each in known}
    return [f"Bedoelt u {by_folded[each]}?" for each in get_close_matches(named.casefold(), by_folded, n=3)]
