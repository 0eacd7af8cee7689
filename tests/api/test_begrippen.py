"""The code lists as their users get them: JSON for programs, SKOS for vocabularies, pages for people."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import pytest

from app.register.begrippen import Begrippen, read_begrippen
from app.settings import ROOT, Settings

from ..service.conftest import serving

BASE = "http://kaart.test/v1/begrippen"
SKOS = "http://www.w3.org/2004/02/skos/core#"

type Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def ask(country: Settings) -> Iterator[Ask]:
    """Ask the whole application, under the address of a portal."""
    with serving(country.model_copy(update={"url": "http://kaart.test"})) as client:

        def request(path: str, method: str = "GET", **headers: str) -> httpx.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.request(method, f"/v1/begrippen{path}", headers=named)

        yield request


@pytest.fixture(scope="module")
def begrippen() -> Begrippen:
    return read_begrippen((ROOT / "seed",))


type Triple = tuple[str, str, str]


def triples(document: dict) -> Iterator[Triple]:
    """Read JSON-LD by the rules that this document uses: prefixes, aliases of @id and @type, a language, and values that are addresses."""
    context = document["@context"]

    def expand(name: str) -> str:
        prefix, _, rest = name.partition(":")
        return context[prefix] + rest

    for node in document["@graph"]:
        yield node["id"], "rdf:type", expand(node["type"])
        for name, value in node.items():
            if name in ("id", "type"):
                continue
            term = context[name] if isinstance(context[name], dict) else {"@id": context[name]}
            for each in value if isinstance(value, list) else [value]:
                language = f"@{term['@language']}" if "@language" in term else ""
                yield node["id"], expand(term["@id"]), each if term.get("@type") == "@id" else f'"{each}"{language}'


def test_all_lists(ask: Ask, begrippen: Begrippen) -> None:
    answer = ask("")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == "nl"
    lists = answer.json()["lijsten"]
    assert [each["lijst"] for each in lists] == list(begrippen.lijsten)
    drager = next(each for each in lists if each["lijst"] == "energiedrager")
    assert (drager["uri"], drager["naam"], drager["aantal"]) == (f"{BASE}/energiedrager", "Energiedragers", 27)
    assert f"{BASE}/thema" in [each["href"] for each in answer.json()["links"] if each["rel"] == "item"]


def test_one_list(ask: Ask) -> None:
    answer = ask("/hoofdsector").json()
    assert answer["naam"] == "Hoofdsectoren"
    assert [each["code"] for each in answer["begrippen"]] == ["WONEN", "WERKEN", "VERVOER", "ENERGIEPRODUCTIE"]
    assert all(each["definitie"] and each["bron"] for each in answer["begrippen"])
    assert next(each["href"] for each in answer["links"] if each["rel"] == "up") == BASE


def test_one_begrip(ask: Ask) -> None:
    gas = ask("/energiedrager/AARDGAS").json()
    assert (gas["uri"], gas["naam"]) == (f"{BASE}/energiedrager/AARDGAS", "Aardgas")
    assert gas["ouder"] == {"uri": f"{BASE}/keten/KOOLSTOF", "lijst": "keten", "code": "KOOLSTOF", "naam": "Koolstofketen"}
    vraag = ask("/indicator/finale-vraag").json()
    assert (vraag["kenmerken"]["eenheid"], vraag["kenmerken"]["aggregatie"]) == ("TJ", "SOM")
    related = [each["href"] for each in vraag["links"] if each["rel"] == "related"]
    assert related == [f"{BASE}/thema/VRAAG", f"{BASE}/grootheid/ENERGIE", f"{BASE}/eenheid/TJ", f"{BASE}/aggregatie/SOM"]
    werken = ask("/hoofdsector/WERKEN").json()
    assert {"INDUSTRIE", "LANDBOUW"} <= {each["code"] for each in werken["onderliggend"]}


@pytest.mark.parametrize("code", ["ton CO2", "%", "mln kWh", "m3 per uur"])
def test_every_code_has_an_address_that_works(ask: Ask, code: str) -> None:
    listed = {each["code"]: each["uri"] for each in ask("/eenheid").json()["begrippen"]}
    answer = ask(listed[code].removeprefix(BASE))
    assert answer.json()["code"] == code
    assert answer.json()["uri"] == listed[code]


def test_every_begrip_answers_at_its_own_uri(ask: Ask, begrippen: Begrippen) -> None:
    for lijst in begrippen.lijsten:
        for each in ask(f"/{lijst}").json()["begrippen"]:
            assert each["uri"].startswith(f"{BASE}/{lijst}/")
    wrong = [each for each in begrippen if ask(f"/{each.lijst}/{quote(each.code)}").status_code != 200]
    assert wrong == []


def test_a_concept_as_skos(ask: Ask) -> None:
    answer = ask("/energiedrager/AARDGAS?f=jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    uri = f"{BASE}/energiedrager/AARDGAS"
    found = set(triples(answer.json()))
    assert {
        (uri, "rdf:type", f"{SKOS}Concept"),
        (uri, f"{SKOS}prefLabel", '"Aardgas"@nl'),
        (uri, f"{SKOS}notation", '"AARDGAS"'),
        (uri, f"{SKOS}inScheme", f"{BASE}/energiedrager"),
        (uri, f"{SKOS}topConceptOf", f"{BASE}/energiedrager"),
        (uri, f"{SKOS}broader", f"{BASE}/keten/KOOLSTOF"),
    } <= found
    assert any(part == f"{SKOS}definition" and value.endswith('"@nl') for _, part, value in found)
    assert any(part == "http://purl.org/dc/terms/source" for _, part, _ in found)
    unit = set(triples(ask("/eenheid/TJ?f=jsonld").json()))
    assert (f"{BASE}/eenheid/TJ", f"{SKOS}exactMatch", "http://qudt.org/vocab/unit/TeraJ") in unit


def test_all_lists_as_skos_agree_with_the_files(ask: Ask, begrippen: Begrippen) -> None:
    found = list(triples(ask("", accept="application/ld+json").json()))
    assert len(found) == len(set(found))
    by_part: dict[str, set[tuple[str, str]]] = {}
    for subject, part, value in found:
        by_part.setdefault(part, set()).add((subject, value))
    types = by_part["rdf:type"]
    assert sum(kind == f"{SKOS}ConceptScheme" for _, kind in types) == len(begrippen.lijsten)
    assert sum(kind == f"{SKOS}Concept" for _, kind in types) == len(list(begrippen))
    concepts = {subject for subject, kind in types if kind == f"{SKOS}Concept"}
    for part in ("prefLabel", "definition", "notation", "inScheme"):
        assert concepts <= {subject for subject, _ in by_part[SKOS + part]}
    assert by_part[f"{SKOS}broader"] == _turned(by_part[f"{SKOS}narrower"])
    assert len(by_part[f"{SKOS}broader"]) == sum(each.ouder is not None for each in begrippen)
    assert by_part[f"{SKOS}topConceptOf"] == _turned(by_part[f"{SKOS}hasTopConcept"])


def _turned(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(second, first) for first, second in pairs}


@pytest.mark.parametrize(("path", "said"), [("", "Energiedragers"), ("/energiedrager", "Koolstofketen"), ("/eenheid/ton%20CO2", "ton CO2")])
def test_pages_for_people(ask: Ask, path: str, said: str) -> None:
    page = ask(path, accept="text/html,*/*;q=0.8")
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="nl">' in page.text
    assert said in page.text
    assert "script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert f'href="{BASE}?f=html"' in page.text
    assert f'type="application/ld+json" href="{BASE}{path}?f=jsonld"' in page.text


def test_the_page_of_an_indicator_leads_to_its_unit(ask: Ask) -> None:
    page = ask("/indicator/vraag-per-inwoner?f=html").text
    for said in (f'href="{BASE}/eenheid/GJ?f=html"', f'href="{BASE}/indicator/inwoners?f=html"', "Energievraag per inwoner"):
        assert said in page


@pytest.mark.parametrize("path", ["", "/thema", "/thema/VRAAG"])
def test_tags_spare_a_second_answer_and_differ_per_format(ask: Ask, path: str) -> None:
    tags = [ask(f"{path}?f={form}").headers["etag"] for form in ("json", "jsonld", "html")]
    assert len(set(tags)) == 3
    for form, tag in zip(("json", "jsonld", "html"), tags, strict=True):
        again = ask(f"{path}?f={form}", if_none_match=tag)
        assert (again.status_code, again.content) == (304, b"")
    head = ask(f"{path}?f=json", method="HEAD")
    assert (head.status_code, head.headers["etag"]) == (200, tags[0])


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/energiedragers", 404, "Bedoelt u energiedrager?"),
        ("/energiedrager/aardgas", 404, "Bedoelt u AARDGAS?"),
        ("/energiedrager/AARDGAS/meer", 404, "Er staat niets op"),
        ("/energiedrager/", 404, "Er staat niets op"),
        ("/energiedrager?f=rdf", 400, "Kies uit: json, jsonld, html"),
        ("/energiedrager?taal=en", 400, "onbekende parameter: 'taal'"),
    ],
)
def test_faults_are_told_in_dutch(ask: Ask, path: str, status: int, said: str) -> None:
    answer = ask(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


def test_nothing_acceptable_is_said_so(ask: Ask) -> None:
    assert ask("/thema", accept="image/png").status_code == 406
