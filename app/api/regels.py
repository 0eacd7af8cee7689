"""The rules that weigh overlap: `/v1/regels` with filters, as table and file, and every rule by its code with what it rests on."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute

from app import __version__
from app.api import regelmatrix
from app.api.analysis import TABLES
from app.api.asking import Faults, codes_in, refuse_codes
from app.api.begrippen import like
from app.api.cijfers import XLSX
from app.api.door import Ask, Door, Resource, route
from app.api.regelmatrix import Matrix
from app.api.tables import Cell, answer_table, answer_workbook
from app.problems import NotFound
from app.register.begrippen import Begrip, Begrippen
from app.register.publication import PublishedLayer
from app.register.regels import COLUMNS, PROVINCIE, SENTENCE, Regel, Regelset
from app.web.addresses import GEOJSON, HTML, JSON, Json, is_web_address, link

# What a rule says in a column of its own, and the list of its codes.
OWN = ("objectgroep", "beperking", "ernst", "hardheid")
SELECTING = (*OWN, "objecttype", "kader", "gebied", "bevestigd")
YES_NO = {"true": True, "false": False}
TITLES = {
    "json": "Deze regels als JSON",
    "html": "Deze regels als webpagina",
    "csv": "Deze regels als CSV",
    "csv-nl": "Deze regels als CSV voor Nederlandse Excel",
    "xlsx": "Deze regels als Excel-werkmap",
}

type Test = Callable[[Regel], bool]


def routes(door: Door, regelset: Regelset) -> list[BaseRoute]:
    """Return the routes of the rules."""
    # What is answered follows from the files of this deployment, and which rules count can differ by the day.
    revision = f"{__version__}-{regelset.versie}-{hashlib.sha256(repr(list(door.begrippen)).encode()).hexdigest()[:12]}"
    two = {"json": JSON, "html": HTML}

    def resource(path: str, offers: Mapping[str, str], parameters: Sequence[str], handle: _Handler) -> BaseRoute:
        async def answer(ask: Ask) -> Response:
            return await handle(_About(ask, regelset))

        return route(door, Resource(path, offers, frozenset({*parameters, "f"}), revision, by_day=True), answer)

    return [
        resource("/regels", TABLES | {"xlsx": XLSX}, SELECTING, _regels),
        resource("/regels/matrix", TABLES, ("kader", "gebied"), _matrix),
        resource("/regels/{code}", two, (), _regel),
    ]


@dataclass(frozen=True)
class _About:
    """A question about the rules."""

    ask: Ask
    regelset: Regelset

    @property
    def begrippen(self) -> Begrippen:
        return self.ask.door.begrippen

    @cached_property
    def beperkingen(self) -> Mapping[str, Begrip]:
        return self.begrippen["beperking"]

    def uri(self, lijst: str, code: str) -> str:
        """Return the address of a begrip."""
        return self.ask.addresses.at("begrippen", lijst, code)


class _Handler(Protocol):
    async def __call__(self, about: _About) -> Response: ...


async def _regels(about: _About) -> Response:
    ask = about.ask
    regels, meldingen = _selected(about), _meldingen(about)
    if ask.form == "xlsx":
        return await run_in_threadpool(answer_workbook, ask, f"regels-{about.regelset.versie}", COLUMNS, [_row(each) for each in regels])
    if ask.form in ("csv", "csv-nl"):
        return answer_table(ask, f"regels-{about.regelset.versie}", COLUMNS, map(_row, regels))
    at = ask.addresses.at
    links = [*ask.links(TITLES), link("related", f"{at('regels', 'matrix')}{_within(ask)}", JSON, "Deze regels als matrix")]
    links += [link("related", at("begrippen", each), JSON, f"Begrippen: {each}") for each in (*OWN, "kader", "regime", "objecttype")]
    links.append(link("root", f"{ask.addresses.root}?f=json", JSON, "Beginpagina van de service"))
    document: Json = {
        "regelsetVersie": about.regelset.versie,
        "aantal": len(regels),
        "totaal": len(about.regelset),
        "aantallen": _counts(about, regels),
        "gevraagd": {name: value for name, value in ask.query.items() if name != "f"},
        "gebieden": list(about.regelset.gebieden),
        "meldingen": meldingen,
        "signalering": SENTENCE,
        "regels": [_describe(about, each) for each in regels],
        "links": links,
    }
    return ask.document(document | _names(about), "regels/regels.html")


async def _matrix(about: _About) -> Response:
    faults = Faults()
    kaders = _codes(about, "kader", faults)
    gebied = _gebied(about, faults)
    faults.refuse()
    ask = about.ask
    rows = [each for kader in kaders or about.begrippen["kader"] for each in about.beperkingen.values() if each.ouder == kader]
    matrix = Matrix(about.begrippen, about.regelset.within(gebied, ask.day), rows)
    if ask.form in ("csv", "csv-nl"):
        return answer_table(ask, f"regelmatrix-{about.regelset.versie}", *matrix.table)
    told = {"regelsetVersie": about.regelset.versie, "gebied": gebied, "gebieden": list(about.regelset.gebieden), "signalering": SENTENCE}
    links = [*ask.links(regelmatrix.TITLES), link("up", ask.addresses.at("regels"), JSON, "Alle regels")]
    return ask.document(told | matrix.describe(ask.addresses) | {"links": links}, "regels/matrix.html")


async def _regel(about: _About) -> Response:
    ask, code = about.ask, about.ask.request.path_params["code"]
    if code not in about.regelset.by_code:
        detail = f"De regelset {about.regelset.versie} heeft geen regel {code!r}. Alle regels staan op /v1/regels."
        raise NotFound(detail, like(code, about.regelset.by_code))
    regel = about.regelset.by_code[code]
    beperking = about.beperkingen[regel.beperking]
    replacing = [each.code for each in about.regelset if each.gebied and about.regelset.replaces(each, ask.day) == regel]
    document = _describe(about, regel) | {
        "regelsetVersie": about.regelset.versie,
        "grondslag": beperking.kenmerken.get("grondslag"),
        "vervangenDoor": replacing,
        "lagen": [{"id": each.id, "title": each.layer.title} for each in _layers(about, regel.beperking)],
        "signalering": SENTENCE,
        "links": list(_links_of(about, regel)),
    }
    return ask.document(document | _names(about), "regels/regel.html")


def _links_of(about: _About, regel: Regel) -> Iterator[Json]:
    """Link a rule to its begrippen, to the dataset of its beperking and to the layers where that lies on the map."""
    ask = about.ask
    yield from ask.links({"json": "Deze regel als JSON", "html": "Deze regel als webpagina"})
    yield link("collection", ask.addresses.at("regels"), JSON, "Alle regels")
    for lijst in OWN:
        code = getattr(regel, lijst)
        yield link("related", about.uri(lijst, code), JSON, f"{lijst}: {about.begrippen[lijst][code].naam}")
    told = about.beperkingen[regel.beperking].kenmerken
    if is_web_address(told.get("url", "")):
        yield link("via", told["url"], HTML, told.get("dataset", "Gegevens"))
    for layer in _layers(about, regel.beperking):
        yield link("item", ask.addresses.at("collections", layer.id, "items"), GEOJSON, f"Kaartlaag {layer.layer.title}")


def _selected(about: _About) -> list[Regel]:
    """Return the rules that the query selects, or raise BadRequest naming every fault in it."""
    faults = Faults()
    tests = [*_tests_of_codes(about, faults)]
    gebied = _gebied(about, faults)
    text = about.ask.query.get("bevestigd")
    if text is not None and text not in YES_NO:
        faults.add(f"bevestigd={text!r} is geen true of false.")
    faults.refuse()
    regels = about.regelset.within(gebied, about.ask.day) if gebied else about.regelset.regels
    return [each for each in regels if all(test(each) for test in tests) and (text is None or each.bevestigd == YES_NO[text])]


def _tests_of_codes(about: _About, faults: Faults) -> Iterator[Test]:
    for name in OWN:
        if codes := _codes(about, name, faults):
            yield partial(_says, name, codes)
    if kaders := _codes(about, "kader", faults):
        yield lambda regel: about.beperkingen[regel.beperking].ouder in kaders
    if types := _codes(about, "objecttype", faults):
        groups = {_group_of(about, each) for each in types}
        yield lambda regel: regel.objectgroep in groups


def _says(name: str, codes: tuple[str, ...], regel: Regel) -> bool:
    return getattr(regel, name) in codes


def _codes(about: _About, name: str, faults: Faults) -> tuple[str, ...]:
    codes = codes_in(name, about.ask.query, faults) if name in about.ask.query else ()
    refuse_codes(name, codes, tuple(about.begrippen[name]), faults)
    return codes


def _gebied(about: _About, faults: Faults) -> str | None:
    gebied = about.ask.query.get("gebied")
    if gebied is not None and not PROVINCIE.fullmatch(gebied):
        faults.add(
            f"gebied={gebied!r} is geen provincie. Schrijf een code zoals PV25; regels gelden voor heel het land of voor een provincie."
        )
        return None
    return gebied


def _group_of(about: _About, objecttype: str) -> str | None:
    begrip = about.begrippen["objecttype"].get(objecttype)
    return begrip.kenmerken.get("objectgroep") if begrip else None


def _meldingen(about: _About) -> list[str]:
    """Say of which object types there are no rules, and which borrow them."""
    told = []
    for code in codes_in("objecttype", about.ask.query, Faults()) if "objecttype" in about.ask.query else ():
        kenmerken = about.begrippen["objecttype"][code].kenmerken
        group = kenmerken.get("objectgroep")
        if group is None:
            told.append(f"Voor {code} zijn er geen regels: het hoort bij geen objectgroep.")
        elif kenmerken.get("regel_afgeleid") == "ja":
            told.append(f"{code} heeft geen eigen regels; deze zijn afgeleid van objectgroep {group}.")
    return told


def _layers(about: _About, beperking: str) -> list[PublishedLayer]:
    published = about.ask.publication.values()
    return [each for each in published if each.layer.opgave is not None and beperking in each.layer.opgave.codes]


def _describe(about: _About, regel: Regel) -> Json:
    """Return a rule as JSON shows it, with what the code list says of its beperking."""
    beperking = about.beperkingen[regel.beperking]
    replaced = about.regelset.replaces(regel, about.ask.day)
    return {
        "href": about.ask.addresses.at("regels", regel.code),
        "code": regel.code,
        "objectgroep": regel.objectgroep,
        "beperking": regel.beperking,
        "kader": beperking.ouder,
        "regime": beperking.kenmerken.get("regime"),
        "relatie": regel.relatie,
        "afstandM": regel.afstand_m,
        "afstandAttribuut": regel.afstand_attribuut,
        "afstandFactor": regel.afstand_factor,
        "voorwaarde": str(regel.voorwaarde) if regel.voorwaarde else None,
        "ernst": regel.ernst,
        "hardheid": regel.hardheid,
        "reden": regel.reden,
        "bron": regel.bron,
        "bevestigd": regel.bevestigd,
        "gebied": regel.gebied,
        "vervangt": replaced.code if replaced else None,
        "geldigVanaf": regel.geldig_vanaf.isoformat() if regel.geldig_vanaf else None,
        "geldigTot": regel.geldig_tot.isoformat() if regel.geldig_tot else None,
        "bevoegdGezag": beperking.kenmerken.get("gezag"),
        "bronDataset": beperking.kenmerken.get("dataset"),
        "bronUrl": beperking.kenmerken.get("url"),
    }


def _counts(about: _About, regels: Sequence[Regel]) -> Json:
    """Count by what a reader can choose next."""
    kaders = Counter(about.beperkingen[each.beperking].ouder for each in regels)
    counts: Json = {name: Counter(getattr(each, name) for each in regels) for name in OWN if name != "beperking"} | {"kader": kaders}
    ordered = {name: {code: found[code] for code in about.begrippen[name] if found[code]} for name, found in counts.items()}
    confirmed = sum(each.bevestigd for each in regels)
    return ordered | {"bevestigd": {"true": confirmed, "false": len(regels) - confirmed}}


def _names(about: _About) -> Json:
    """Return the names of codes for a page; in JSON the codes lead to /v1/begrippen."""
    if about.ask.form != "html":
        return {}
    lists = (*OWN, "kader", "regime", "relatie")
    return {"namen": {lijst: {code: each.naam for code, each in about.begrippen[lijst].items()} for lijst in lists}}


def _within(ask: Ask) -> str:
    return f"?gebied={ask.query['gebied']}" if "gebied" in ask.query else ""


def _row(regel: Regel) -> list[Cell]:
    """Return a rule as its file has it, so that a table can be delivered back."""
    told = {name: getattr(regel, name) for name in COLUMNS}
    told["voorwaarde"] = str(regel.voorwaarde) if regel.voorwaarde else None
    told["bevestigd"] = "ja" if regel.bevestigd else "nee"
    told |= {name: told[name].isoformat() if told[name] else None for name in ("geldig_vanaf", "geldig_tot")}
    return list(told.values())
