"""The routes of figures: `/v1/cijfers`, and `/v1/aansluiting`, which shows that they add up."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.asking import COLLAPSED, SELECTING, Faults, parse_collapsed, parse_cursor, parse_limit, parse_unit
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.api.downloads import Downloads, Parts
from app.api.herindeling import Melding, meldingen_of, refuse_empty, refuse_obstacles
from app.beeld import Page, Question, Selection
from app.beeld.columns import ALL, RECONCILIATION, Column
from app.beeld.energiebeelden import SpokenFor
from app.beeld.exporting import MOST_ROWS_OF_EXCEL, Copy, csv_parts
from app.beeld.statements import LEVELS, Form, copy_statement, parameters_of, shape_of
from app.problems import BadRequest
from app.web.addresses import HTML, JSON, Json, link

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
FILES = {"csv": CSV, "csv-nl": CSV, "xlsx": XLSX, "parquet": PARQUET}
ENDINGS = {"csv": "csv", "csv-nl": "csv", "xlsx": "xlsx", "parquet": "parquet"}
TITLES = {
    "json": "Deze cijfers als JSON",
    "html": "Deze cijfers als webpagina",
    "csv": "De hele selectie als CSV",
    "csv-nl": "De hele selectie als CSV voor Nederlandse Excel",
    "xlsx": "De hele selectie als Excel-werkmap",
    "parquet": "De hele selectie als Parquet",
}
PLACE = frozenset({"limit", "cursor"})
READ_AT_ONCE = 100
PARENTS = tuple(level for level in LEVELS if level != "GEMEENTE")

CIJFERS = Resource(
    "/cijfers",
    {"json": JSON, "html": HTML, **FILES},
    frozenset(SELECTING) - {"oordeel"} | PLACE | {"eenheid", "aggregeer", "indeling", PERMALINK, "f"},
)
AANSLUITING = Resource(
    "/aansluiting",
    {"json": JSON, "html": HTML, "csv": CSV, "csv-nl": CSV},
    frozenset(SELECTING) | PLACE | {PERMALINK, "f"},
)
FILE_FORMS = {"csv": Form(), "csv-nl": Form(delimiter=";", dutch=True), "xlsx": Form(header=False), "parquet": Form(header=False)}


def routes(door: Door) -> list[BaseRoute]:
    """Return the routes of figures."""
    downloads = Downloads()

    spoken_for = SpokenFor()

    async def select(ask: Ask, faults: Faults) -> Selection:
        """Read what is selected; a question that names no versie is about one energiebeeld of each gebied, so nothing counts twice."""
        selection = await ask.asker.selection(ask.query, faults)
        table = ask.publication.energiebeelden
        if "versie" in ask.query or table is None:
            return selection
        chosen = await spoken_for(ask.figures, ask.gebieden, table)
        return replace(selection, values={**selection.values, "energiebeeld": chosen}) if chosen else selection

    async def cijfers(ask: Ask) -> Response:
        faults = Faults()
        return await _cijfers(ask, await select(ask, faults), faults, downloads)

    async def aansluiting(ask: Ask) -> Response:
        faults = Faults()
        return await _aansluiting(ask, await select(ask, faults), faults, downloads)

    return [route(door, CIJFERS, cijfers), route(door, AANSLUITING, aansluiting)]


async def _cijfers(ask: Ask, selection: Selection, faults: Faults, downloads: Downloads) -> Response:
    unit, collapsed = parse_unit(ask.query, faults), parse_collapsed(ask.query, faults)
    limit, after = _place(ask, faults)
    if "aggregeer" in ask.query and (ask.form in FILES or "cursor" in ask.query):
        faults.add("'aggregeer' geeft één antwoord als json of html; een bestand en 'cursor' horen bij cijfers die niet zijn opgeteld.")
    faults.refuse()
    await refuse_obstacles(ask.figures, selection)
    conversion = await ask.asker.conversion(unit, selection) if unit else None
    question = Question(selection, conversion, limit, after)
    meldingen = await meldingen_of(ask.gebieden, selection)
    if ask.form in FILES:
        if any(each.never for each in meldingen) and await ask.figures.count(selection, 1) == 0:
            refuse_empty(meldingen, selection)
        return await _file(ask, question, ALL, downloads, meldingen)
    page = await _sums(ask, question, collapsed) if collapsed else await ask.figures.page(question)
    if page.returned == 0 and after == 0:
        refuse_empty(meldingen, selection)
    return _page(ask, page, "cijfers", question, meldingen)


async def _aansluiting(ask: Ask, chosen: Selection, faults: Faults, downloads: Downloads) -> Response:
    limit, after = _place(ask, faults)
    faults.refuse()
    # Only parents have a verdict: saying so spares PostgreSQL a walk past all gemeenten.
    selection = Selection({"niveau": PARENTS, **chosen.values}, chosen.years, with_verdict=True)
    question = Question(selection, None, limit, after)
    if ask.form in FILES:
        return await _file(ask, question, RECONCILIATION, downloads)
    return _page(ask, await ask.figures.reconciliation(question), "aansluiting", question)


def _place(ask: Ask, faults: Faults) -> tuple[int, int]:
    if ask.form in FILES and (misplaced := sorted(PLACE & ask.query.keys())):
        faults.add(f"{' en '.join(map(repr, misplaced))} horen bij bladzijden; een bestand ({ask.form}) geeft de hele selectie.")
    return parse_limit(ask.query, faults, READ_AT_ONCE if ask.form == "html" else 1_000), parse_cursor(ask.query, faults)


async def _sums(ask: Ask, question: Question, name: str) -> Page:
    await ask.asker.refuse_sum(name, ask.query, question.selection)
    page = await ask.figures.sums(question, COLLAPSED[name], len(question.selection.values.get("gebied", ())), ask.door.begrippen.above)
    if page.next is not None:
        raise BadRequest(f"De optelling geeft meer dan {question.limit} uitkomsten. Selecteer minder, of geef een grotere 'limit'.")
    return page


def _page(ask: Ask, page: Page, name: str, question: Question, meldingen: Sequence[Melding] = ()) -> Response:
    links = [*ask.links(TITLES), *_links_instead(ask, meldingen)]
    if page.next is not None:
        place = {"limit": str(question.limit), "cursor": str(page.next), "f": ask.form}
        links.append(link("next", ask.address(**place), ask.resource.offers[ask.form], "Volgende bladzijde"))
    envelope: Json = {
        "aantal": page.returned,
        **({} if page.total is None else {"totaal": page.total}),
        **({"meldingen": [each.text for each in meldingen]} if meldingen else {}),
        "publicatie": ask.publication.versie,
        "bronnen": [origin.model_dump(mode="json", exclude={"levering_id", "demo"}) for origin in ask.origins],
        "links": [*links, *_related(ask, name)],
    }
    if ask.form == "html":
        names = {code: indicator.naam for code, indicator in ask.door.begrippen.indicatoren.items()}
        shown = {name: orjson.loads(b"[%b]" % page.rows), "vraag": dict(ask.query), "namen": names}
        return ask.document(shown | envelope, f"{name}.html")
    return ask.answer(b'{"%b":[%b],%b' % (name.encode(), page.rows, orjson.dumps(envelope)[1:]))


def _links_instead(ask: Ask, meldingen: Sequence[Melding]) -> list[Json]:
    """Return links to the same question about who came after, or before, a gebied that did not exist."""
    return [
        link(each.rel, ask.address(gebied=code, cursor=None), ask.resource.offers[ask.form], f"Cijfers van {code}")
        for each in meldingen
        for code in each.codes
    ]


def _related(ask: Ask, name: str) -> list[Json]:
    other, title = ("aansluiting", "Sluiten de cijfers?") if name == "cijfers" else ("cijfers", "Alle cijfers")
    at = ask.addresses.at
    return [
        link("related", at(other), JSON, title),
        link("related", at("gebieden"), JSON, "Alle gebieden"),
        link("describedby", at("begrippen"), JSON, "Begrippen: wat de codes betekenen"),
        link("root", f"{ask.addresses.root}?f=json", JSON, "Beginpagina van de service"),
    ]


async def _file(
    ask: Ask, question: Question, columns: tuple[Column, ...], downloads: Downloads, meldingen: Sequence[Melding] = ()
) -> Response:
    if ask.form == "xlsx" and await ask.figures.count(question.selection, MOST_ROWS_OF_EXCEL + 1) > MOST_ROWS_OF_EXCEL:
        raise BadRequest(f"Een Excel-blad heeft plaats voor {MOST_ROWS_OF_EXCEL} cijfers. Selecteer minder, of vraag f=csv of f=parquet.")
    name = f"{ask.resource.path[1:]}-{ask.publication.versie}.{ENDINGS[ask.form]}"
    headers = ask.headers | {"Content-Disposition": f'attachment; filename="{name}"'}
    if instead := _links_instead(ask, meldingen):
        headers["Link"] = ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"' for each in instead)
    media_type = f"{CSV}; charset=utf-8; header=present" if ask.form.startswith("csv") else FILES[ask.form]
    if ask.is_head:
        return Response(media_type=media_type, headers=headers)
    return await downloads.start(_Writing(ask, question, columns).parts(), media_type, headers)


@dataclass(frozen=True)
class _Writing:
    """A selection that is about to be written to a file."""

    ask: Ask
    question: Question
    columns: tuple[Column, ...]

    def parts(self) -> Parts:
        """Return the parts of the file, in the format that was asked."""
        settings, form = self.ask.door.settings, self.ask.form
        # Imported when first asked: a worker that writes none of these need not have their libraries in memory.
        if form == "xlsx":
            from app.beeld.workbooks import xlsx_parts  # noqa: PLC0415

            return xlsx_parts(settings, self.copy, self.notes)
        if form == "parquet":
            from app.beeld.parquet import parquet_parts  # noqa: PLC0415

            return parquet_parts(settings, self.copy, self.notes)
        return csv_parts(settings, self.copy, for_excel=form == "csv-nl")

    @property
    def copy(self) -> Copy:
        """The statement that PostgreSQL answers."""
        selection, conversion, form = self.question.selection, self.question.conversion, FILE_FORMS[self.ask.form]
        form = Form(form.delimiter, form.dutch, form.header, self.columns)
        statement = copy_statement(self.ask.figures.tables.figures, shape_of(selection, conversion), form)
        return Copy(statement, parameters_of(selection, conversion), self.columns)

    @property
    def notes(self) -> Mapping[str, str]:
        """What goes with the figures, so that the file can be understood on its own."""
        return {
            "adres": self.ask.address(),
            "publicatie": self.ask.publication.versie,
            "gepubliceerd": self.ask.publication.published_at.date().isoformat(),
            "opgehaald": dt.datetime.now(dt.UTC).date().isoformat(),
            **{f"bron {each.bron}": f"{each.attribution or each.publisher}, {each.title}, {each.license}" for each in self.ask.origins},
        }
