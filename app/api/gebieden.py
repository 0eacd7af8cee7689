"""The routes of gebieden: which there are on a day, and what one belongs to, consists of, came from and became."""

import datetime as dt
from collections.abc import Mapping, Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import gebied_of
from app.api.asking import Faults
from app.api.door import Ask, Door, Resource, route
from app.beeld.gebied import REST, REST_LEVEL, Gebied, newest_of
from app.beeld.statements import LEVELS
from app.problems import NotFound
from app.web.addresses import GEOJSON, HTML, JSON, Json, link

OFFERS = {"json": JSON, "html": HTML}
GEBIEDEN = Resource("/gebieden", OFFERS, frozenset({"niveau", "datum", "f"}))
GEBIED = Resource("/gebieden/{code}", OFFERS, frozenset({"datum", "f"}))
TITLES = {"json": "Dit document als JSON", "html": "Dit document als webpagina"}
RELATIONS = {"ouders": "up", "kinderen": "item", "voorgangers": "predecessor-version", "opvolgers": "successor-version", "buren": "related"}
ANALYSES = {"balans": "Energiebalans", "vergelijk": "Vergelijking met andere gebieden", "reeks": "Reeks door de jaren"}


def routes(door: Door) -> list[BaseRoute]:
    """Return the routes of gebieden."""
    return [route(door, GEBIEDEN, _gebieden), route(door, GEBIED, _gebied)]


async def _gebieden(ask: Ask) -> Response:
    faults = Faults()
    levels, day = _levels(ask, faults), _day(ask, faults)
    faults.refuse()
    gebieden = await ask.gebieden.of_levels(levels, day)
    listed = [_summary(ask, each) for each in gebieden]
    links = [*ask.links(TITLES), link("root", f"{ask.addresses.root}?f=json", JSON, "Beginpagina van de service")]
    return ask.document({"gebieden": listed, "aantal": len(listed), "links": links}, "gebieden.html")


async def _gebied(ask: Ask) -> Response:
    faults = Faults()
    day = _day(ask, faults)
    faults.refuse()
    periods = await gebied_of(ask)
    gebied = next((each for each in periods if day is None or each.is_valid_on(day)), None)
    if gebied is None:
        raise NotFound(
            f"Gebied {periods[0].code} bestond niet op {day}, wel {' en '.join(map(_period, periods))}.{_successors(periods[0])}"
        )
    named = newest_of(await ask.gebieden.periods_of(gebied.related))
    return ask.document(await _describe(ask, gebied, periods, named), "gebied.html")


async def _describe(ask: Ask, gebied: Gebied, periods: Sequence[Gebied], named: Mapping[str, Gebied]) -> Json:
    related = {name: [_reference(ask, code, named) for code in getattr(gebied, name)] for name in RELATIONS}
    return {
        **_summary(ask, gebied),
        "oppervlakteHa": gebied.oppervlakte_ha,
        "extent": list(gebied.extent_crs84) if gebied.extent_crs84 else None,
        "perioden": [{"geldigVanaf": each.geldig_vanaf.isoformat(), "geldigTot": _iso(each.geldig_tot)} for each in periods],
        **related,
        "links": [*ask.links(TITLES), *_relations(related), *_links_to_figures(ask, gebied), *await _links_to_layers(ask, gebied.code)],
    }


def _summary(ask: Ask, gebied: Gebied) -> Json:
    return {
        "code": gebied.code,
        "naam": gebied.naam,
        "niveau": gebied.niveau,
        "geldigVanaf": gebied.geldig_vanaf.isoformat(),
        "geldigTot": _iso(gebied.geldig_tot),
        "href": ask.addresses.at("gebieden", gebied.code),
    }


def _reference(ask: Ask, code: str, named: Mapping[str, Gebied]) -> Json:
    known = named.get(code)
    return {
        "code": code,
        "naam": known.naam if known else None,
        "niveau": known.niveau if known else None,
        "href": ask.addresses.at("gebieden", code),
    }


def _relations(related: Mapping[str, Sequence[Json]]) -> list[Json]:
    return [link(rel, each["href"], JSON, each["naam"] or each["code"]) for name, rel in RELATIONS.items() for each in related[name]]


def _links_to_figures(ask: Ask, gebied: Gebied) -> list[Json]:
    at, code = ask.addresses.at, gebied.code
    links = [link("related", f"{at('cijfers')}?gebied={code}", JSON, f"Cijfers van {gebied.naam}")]
    if gebied.voorgangers:
        earlier = f"{at('cijfers')}?gebied={code}&indeling={gebied.geldig_vanaf}"
        links.append(link("related", earlier, JSON, f"Cijfers van {gebied.naam}, ook over de jaren van voor de herindeling"))
    links += [link("related", at("gebieden", code, name), JSON, title) for name, title in ANALYSES.items()]
    if ask.publication.overlap is not None and gebied.geldig_tot is None and gebied.extent_crs84:
        links.append(link("related", at("gebieden", code, "overlap"), JSON, "Overlap met gebiedsopgaven"))
    if gebied.kinderen:
        rest = f"{code}{REST}"
        links.append(link("related", f"{at('aansluiting')}?gebied={code}", JSON, f"Sluiten de cijfers van {gebied.naam}?"))
        links.append(link("related", at("gebieden", rest), JSON, "Wat aan geen gemeente is toegedeeld"))
    return links


async def _links_to_layers(ask: Ask, code: str) -> list[Json]:
    """Return the layers that have this gebied: by `gebied_code`, or by `code` in the theme of the gebieden themselves."""
    by_code = []
    for published in ask.publication.values():
        properties = published.layer.properties
        if "gebied_code" in properties:
            by_code.append((published, "gebied_code"))
        elif "code" in properties and published.layer.theme.value == "gebieden":
            by_code.append((published, "code"))
    found = await ask.gebieden.layers_with(code, by_code)
    return [
        link("item", f"{ask.addresses.at('collections', layer.id, 'items')}?{column}={code}", GEOJSON, f"Kaartlaag {layer.layer.title}")
        for layer, column in found
    ]


def _levels(ask: Ask, faults: Faults) -> tuple[str, ...]:
    if "niveau" not in ask.query:
        return LEVELS
    asked = tuple(ask.query["niveau"].split(","))
    known = (*LEVELS, REST_LEVEL)
    for level in asked:
        if level not in known:
            faults.add(f"Onbekende waarde {level!r} van 'niveau'. Bekend zijn: {', '.join(known)} (niet toegedeeld).")
    return asked


def _day(ask: Ask, faults: Faults) -> dt.date | None:
    text = ask.query.get("datum")
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        faults.add(f"datum={text!r} is geen dag. Schrijf jaar-maand-dag, zoals 2023-01-01.")
        return None


def _period(gebied: Gebied) -> str:
    return f"van {gebied.geldig_vanaf} tot {gebied.geldig_tot or 'heden'}"


def _successors(gebied: Gebied) -> str:
    return f" Opvolger: {', '.join(gebied.opvolgers)}." if gebied.opvolgers else ""


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
