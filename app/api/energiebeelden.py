"""The routes of energiebeelden: which versions there are, who stands behind them, and which beelden they hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import OFFERS, TITLES, names_of
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.beeld.energiebeelden import Beeld, Energiebeeld, FigureCounts, read_energiebeelden
from app.beeld.gebied import Gebied, newest_of
from app.problems import NotFound
from app.web.addresses import JSON, Json, link

ENERGIEBEELDEN = Resource("/energiebeelden", OFFERS, frozenset({PERMALINK, "f"}))
ENERGIEBEELD = Resource("/energiebeelden/{id}", OFFERS, frozenset({PERMALINK, "f"}))


@dataclass(frozen=True)
class _Shelf:
    """The energiebeelden of a publication, with the gebieden they are of and their numbers of figures."""

    ask: Ask
    energiebeelden: Mapping[str, Energiebeeld]
    gebieden: Mapping[str, Gebied]
    counts: Mapping[str, int]


def routes(door: Door) -> list[BaseRoute]:
    """Return the routes of energiebeelden."""
    counts = FigureCounts()

    async def several(ask: Ask) -> Response:
        shelf = await _shelf(ask, counts)
        described = [_summary(shelf, each) for each in shelf.energiebeelden.values()]
        links = [*ask.links(TITLES), link("root", f"{ask.addresses.root}?f=json", JSON, "Beginpagina van de service")]
        return ask.document(_named(ask, {"energiebeelden": described, "aantal": len(described), "links": links}), "energiebeelden.html")

    async def one(ask: Ask) -> Response:
        shelf = await _shelf(ask, counts)
        energiebeeld = find_energiebeeld(shelf.energiebeelden, ask.request.path_params["id"])
        return ask.document(_named(ask, _describe(shelf, energiebeeld)), "energiebeeld.html")

    return [route(door, ENERGIEBEELDEN, several), route(door, ENERGIEBEELD, one)]


async def energiebeelden_of(ask: Ask) -> Mapping[str, Energiebeeld]:
    """Return the energiebeelden of the publication by their id, the newest first; raises NotFound when it holds none."""
    table = ask.publication.energiebeelden
    if table is None:
        raise NotFound(f"Publicatie {ask.publication.versie} bevat geen beschrijving van energiebeelden.")
    return await read_energiebeelden(ask.door.reader, table)


def find_energiebeeld(energiebeelden: Mapping[str, Energiebeeld], named: str) -> Energiebeeld:
    """Return the energiebeeld with this id, or raise NotFound naming those there are."""
    if named not in energiebeelden:
        raise NotFound(f"Er is geen energiebeeld {named!r}. Er zijn: {', '.join(energiebeelden)}.")
    return energiebeelden[named]


async def _shelf(ask: Ask, counts: FigureCounts) -> _Shelf:
    energiebeelden = await energiebeelden_of(ask)
    gebieden = newest_of(await ask.gebieden.periods_of(sorted({each.gebied for each in energiebeelden.values()})))
    return _Shelf(ask, energiebeelden, gebieden, await counts(ask.figures) if ask.publication.figures else {})


def _named(ask: Ask, document: Json) -> Json:
    names = {"namen": names_of(ask.door.begrippen)} if ask.form == "html" else {}
    return {**document, "publicatie": ask.publication.versie, **names}


def _summary(shelf: _Shelf, each: Energiebeeld) -> Json:
    gebied = shelf.gebieden.get(each.gebied)
    return {
        "id": each.id,
        "gebiedCode": each.gebied,
        "gebiedNaam": gebied.naam if gebied else None,
        "ronde": each.ronde,
        "versie": each.versie,
        "status": each.status,
        "opsteller": each.opsteller,
        "gedragenDoor": list(each.gedragen_door),
        "datumGedragen": each.datum_gedragen.isoformat() if each.datum_gedragen else None,
        "gebaseerdOp": each.gebaseerd_op,
        "toelichting": each.toelichting,
        "peildatum": each.peildatum.isoformat(),
        "geleverd": each.geleverd,
        "cijfers": shelf.counts.get(each.id, 0),
        "href": shelf.ask.addresses.at("energiebeelden", each.id),
    }


def _describe(shelf: _Shelf, each: Energiebeeld) -> Json:
    ask = shelf.ask
    origins = [origin.model_dump(mode="json", exclude={"levering_id", "demo"}) for origin in ask.origins if origin.bron in each.bronnen]
    order = list(ask.door.begrippen["beeld"])
    beelden = sorted(each.beelden, key=lambda beeld: (order.index(beeld.code) if beeld.code in order else len(order), beeld.code))
    return {
        **_summary(shelf, each),
        "beelden": [_beeld(beeld) for beeld in beelden],
        "bronnen": origins,
        "links": [*ask.links(TITLES), *_links(shelf, each)],
    }


def _beeld(beeld: Beeld) -> Json:
    return {
        "code": beeld.code,
        "naam": beeld.naam,
        "soort": beeld.soort,
        "familie": beeld.familie,
        "omschrijving": beeld.omschrijving,
        "rekeningGehoudenMet": list(beeld.rekening_gehouden_met),
    }


def _links(shelf: _Shelf, each: Energiebeeld) -> list[Json]:
    at = shelf.ask.addresses.at
    links = [
        link("collection", at("energiebeelden"), JSON, "Alle energiebeelden"),
        link("related", f"{at('cijfers')}?versie={each.id}", JSON, f"Cijfers van {each.id}"),
        link("related", at("gebieden", each.gebied), JSON, f"Het gebied {each.gebied}"),
    ]
    if each.gebaseerd_op is not None and each.gebaseerd_op in shelf.energiebeelden:
        links.append(link("predecessor-version", at("energiebeelden", each.gebaseerd_op), JSON, f"Gebaseerd op {each.gebaseerd_op}"))
        links.append(link("related", at("energiebeelden", each.id, "verschil"), JSON, f"Verschil met {each.gebaseerd_op}"))
    later = [other.id for other in shelf.energiebeelden.values() if other.gebaseerd_op == each.id]
    return links + [link("successor-version", at("energiebeelden", name), JSON, f"Basis van {name}") for name in later]
