"""The route that compares two energiebeelden: `/v1/energiebeelden/{id}/verschil`, what was added, what changed and what is gone."""

from dataclasses import dataclass

import orjson
from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import SUBJECT, TABLES, names_of
from app.api.asking import Faults, Query, parse_cursor, parse_limit
from app.api.cijfers import CSV, PLACE, READ_AT_ONCE
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.api.downloads import Downloads
from app.api.energiebeelden import energiebeelden_of, find_energiebeeld
from app.beeld import Page, Selection
from app.beeld.energiebeelden import read_area
from app.beeld.exporting import Copy, csv_parts
from app.beeld.statements import Form, shape_of
from app.beeld.verschil import CHANGES, COLUMNS, Comparison, copy_statement, count_differences, read_differences
from app.web.addresses import JSON, Json, link

VERSCHIL = Resource(
    "/energiebeelden/{id}/verschil",
    TABLES,
    frozenset({*SUBJECT, *PLACE, "gebied", "niveau", "thema", "jaar", "beeld", "van", "naar", "wijziging", "opgeteld", PERMALINK, "f"}),
)
FORMS = {"csv": Form(), "csv-nl": Form(delimiter=";", dutch=True)}
TITLES = {
    "json": "Dit verschil als JSON",
    "html": "Dit verschil als webpagina",
    "csv": "Het hele verschil als CSV",
    "csv-nl": "Het hele verschil als CSV voor Nederlandse Excel",
}
YES_NO = {"true": True, "false": False}


@dataclass(frozen=True)
class _Place:
    """Which page is asked."""

    limit: int
    after: int


def routes(door: Door) -> list[BaseRoute]:
    """Return the route that compares energiebeelden."""
    downloads = Downloads()

    async def verschil(ask: Ask) -> Response:
        return await _verschil(ask, downloads)

    return [route(door, VERSCHIL, verschil)]


async def _verschil(ask: Ask, downloads: Downloads) -> Response:
    faults = Faults()
    van, naar = await _ends(ask, faults)
    asked = await ask.asker.selection(ask.query, faults)
    is_file = ask.form in FORMS
    if is_file and (misplaced := sorted(PLACE & ask.query.keys())):
        faults.add(f"{' en '.join(map(repr, misplaced))} horen bij bladzijden; een bestand ({ask.form}) geeft het hele verschil.")
    place = _Place(parse_limit(ask.query, faults, READ_AT_ONCE if ask.form == "html" else 1_000), parse_cursor(ask.query, faults))
    changes, with_sums = _changes(ask.query, faults), _with_sums(ask.query, faults)
    faults.refuse()
    selection = await _within(ask, (van, naar), asked, faults)
    faults.refuse()
    comparison = Comparison(van, naar, selection, with_sums, changes)
    return await (_file(ask, comparison, downloads) if is_file else _page(ask, comparison, place))


async def _ends(ask: Ask, faults: Faults) -> tuple[str, str]:
    """Return from which to which energiebeeld: unless asked otherwise, from what the one of the path is based on to that one itself."""
    energiebeelden = await energiebeelden_of(ask)
    own = find_energiebeeld(energiebeelden, ask.request.path_params["id"])
    naar = ask.query.get("naar", own.id)
    van = ask.query.get("van", own.gebaseerd_op if naar == own.id else own.id)
    if van is None:
        faults.add(f"{own.id} is op geen ander energiebeeld gebaseerd. Noem met van= waarmee u het wilt vergelijken.")
        return own.id, naar
    for name, energiebeeld in (("van", van), ("naar", naar)):
        if energiebeeld not in energiebeelden:
            faults.add(f"{name}={energiebeeld!r} is geen energiebeeld. Er zijn: {', '.join(energiebeelden)}.")
    if van == naar:
        faults.add(f"van en naar zijn allebei {van}; daartussen is geen verschil.")
    elif own.id not in (van, naar):
        faults.add(f"Dit adres gaat over {own.id}: noem dat als van of als naar.")
    return van, naar


def _changes(query: Query, faults: Faults) -> tuple[str, ...]:
    asked = tuple(query["wijziging"].split(",")) if "wijziging" in query else CHANGES
    for each in asked:
        if each not in CHANGES:
            faults.add(f"Onbekende waarde {each!r} van 'wijziging'. Bekend zijn: {', '.join(CHANGES)}.")
    return asked


def _with_sums(query: Query, faults: Faults) -> bool:
    text = query.get("opgeteld", "false")
    if text not in YES_NO:
        faults.add(f"opgeteld={text!r} is geen true of false.")
    return YES_NO.get(text, False)


async def _within(ask: Ask, ends: tuple[str, str], asked: Selection, faults: Faults) -> Selection:
    """Keep a selection within the gebied of both: a versie of a regio says nothing about what lies outside it."""
    energiebeelden = await energiebeelden_of(ask)
    areas = [await read_area(ask.gebieden, code) for code in dict.fromkeys(energiebeelden[each].gebied for each in ends)]
    bounds = [area for area in areas if area is not None]
    if len(areas) < 2 or not bounds:
        return asked
    common = frozenset.intersection(*bounds)
    inside = common.intersection(asked.values["gebied"]) if "gebied" in asked.values else common
    if not inside:
        faults.add(f"Wat u vraagt ligt niet in het gebied van zowel {ends[0]} als {ends[1]}.")
    return Selection({**asked.values, "gebied": tuple(sorted(inside))}, asked.years)


async def _page(ask: Ask, comparison: Comparison, place: _Place) -> Response:
    counts = await count_differences(ask.figures, comparison)
    page = await read_differences(ask.figures, comparison, place.limit, place.after)
    envelope: Json = {
        "van": comparison.van,
        "naar": comparison.naar,
        "aantallen": counts,
        "aantal": page.returned,
        "totaal": sum(counts[each] for each in comparison.changes),
        "publicatie": ask.publication.versie,
        "links": _links(ask, comparison, page, place),
    }
    if ask.form == "html":
        shown = {"verschillen": orjson.loads(b"[%b]" % page.rows), "namen": names_of(ask.door.begrippen)}
        return ask.document(shown | envelope, "verschil.html")
    return ask.answer(b'{"verschillen":[%b],%b' % (page.rows, orjson.dumps(envelope)[1:]))


def _links(ask: Ask, comparison: Comparison, page: Page, place: _Place) -> list[Json]:
    at = ask.addresses.at
    links = ask.links(TITLES)
    if page.next is not None:
        following = ask.address(limit=str(place.limit), cursor=str(page.next), f=ask.form)
        links.append(link("next", following, ask.resource.offers[ask.form], "Volgende bladzijde"))
    ends = [link("related", at("energiebeelden", each), JSON, f"Energiebeeld {each}") for each in (comparison.van, comparison.naar)]
    return [*links, *ends, link("describedby", at("begrippen"), JSON, "Begrippen: wat de codes betekenen")]


async def _file(ask: Ask, comparison: Comparison, downloads: Downloads) -> Response:
    form = FORMS[ask.form]
    statement = copy_statement(ask.figures.tables.figures, shape_of(comparison.selection), form, with_sums=comparison.with_sums)
    name = f"verschil-{comparison.van}-{comparison.naar}-{ask.publication.versie}.csv"
    headers = ask.headers | {"Content-Disposition": f'attachment; filename="{name}"'}
    media_type = f"{CSV}; charset=utf-8; header=present"
    if ask.is_head:
        return Response(media_type=media_type, headers=headers)
    parts = csv_parts(ask.door.settings, Copy(statement, comparison.values, COLUMNS), for_excel=form.dutch)
    return await downloads.start(parts, media_type, headers)
