"""The route that lays gebieden side by side: `/v1/gebieden/{code}/vergelijk`, as they are or per inhabitant, dwelling or hectare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import (
    SUBJECT,
    TABLES,
    choose_stand,
    cijfers_address,
    coded,
    gebied_of,
    links_of,
    names_of,
    nothing_of,
    origins_of,
    refuse_several,
    sources_of,
)
from app.api.asking import Faults, parse_unit
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.api.tables import Cell, answer_table
from app.beeld import Selection
from app.beeld.adding import VRAAG, Adder, tidy
from app.beeld.cijfers import Cijfer, read_cijfers
from app.beeld.gebied import REST_LEVEL, Gebied, newest_of
from app.beeld.lines import Amount, Subject, lines_of
from app.beeld.normalising import PER, Moment, Noemer, Normaliser
from app.beeld.standen import Stand, newest, read_standen
from app.register.begrippen import Aggregatie, Begrippen
from app.web.addresses import Json

VERGELIJK = Resource(
    "/gebieden/{code}/vergelijk",
    TABLES,
    frozenset({*SUBJECT, "met", "per", "jaar", "beeld", "versie", "eenheid", PERMALINK, "f"}),
)
MOST = 20
# What is a share or a mean already, and says nothing when it is divided by inhabitants.
RATIOS = ("AANDEEL", "DUUR")
HEADER = (
    *("gebied_code", "gebied_naam", "niveau", "energiebeeld", "indicator", "drager", "keten", "subsector", "hoofdsector", "techniek"),
    *("richting", "totaal", "jaar", "beeld", "waarde", "eenheid", "reden_leeg", "noemer", "noemer_jaar", "waarde_per", "eenheid_per"),
    *("verhouding", "bron"),
)

type Place = tuple[str, int, str]


@dataclass(frozen=True)
class _Table:
    """Gebieden, of each the energiebeeld that counts, and the figures of all."""

    ask: Ask
    gebieden: tuple[Gebied, ...]
    versies: Mapping[str, str]
    cijfers: list[Cijfer]
    adder: Adder
    normaliser: Normaliser | None


@dataclass(frozen=True)
class _Cell:
    """What one gebied has in one line: its amount, what that is divided by, and how it compares with the first gebied."""

    gebied: Gebied
    amount: Amount | None
    noemer: Noemer | None
    per: float | None
    verhouding: float | None


@dataclass(frozen=True)
class _Line:
    """One subject in one year and beeld, with a cell per gebied."""

    subject: Subject
    jaar: int
    beeld: str
    cells: tuple[_Cell, ...]


def routes(door: Door) -> list[BaseRoute]:
    """Return the route that compares gebieden."""
    adder = Adder(door.begrippen)

    async def vergelijk(ask: Ask) -> Response:
        table = await _table(ask, adder)
        lines = list(_lines(table))
        if ask.form.startswith("csv"):
            return answer_table(ask, f"vergelijk-{table.gebieden[0].code}", HEADER, _rows(table, lines))
        return ask.document(_describe(table, lines), "vergelijk.html")

    return [route(door, VERGELIJK, vergelijk)]


async def _table(ask: Ask, adder: Adder) -> _Table:
    faults = Faults()
    periods = await gebied_of(ask)
    others = await _others(ask, periods[0], faults)
    asked = await ask.asker.selection(ask.query, faults)
    unit = parse_unit(ask.query, faults)
    refuse_several(("beeld", "versie"), ask, faults)
    indicators = asked.values.get("indicator", (VRAAG,))
    order = ask.query.get("met", "").split(",")
    named = newest_of(others)
    gebieden = (periods[0], *sorted(named.values(), key=lambda each: order.index(each.code) if each.code in order else 0))
    _check_per(ask, indicators, gebieden, faults)
    codes = tuple(each.code for each in gebieden)
    standen = await read_standen(ask.figures, codes, indicators)
    chosen, versies = _choose(periods[0], standen, asked, faults)
    values = {**asked.values, "indicator": indicators, "gebied": codes, "energiebeeld": tuple(dict.fromkeys(versies.values()))}
    selection = Selection({**values, "beeld": (chosen.beeld,)}, asked.years or (chosen.jaar,))
    conversion = await ask.asker.conversion(unit, selection) if unit else None
    cijfers = [each for each in await read_cijfers(ask.figures, selection, conversion) if each.energiebeeld == versies.get(each.gebied)]
    normaliser = await _normaliser(ask, versies, [*periods, *others], adder) if "per" in ask.query else None
    return _Table(ask, gebieden, versies, cijfers, adder, normaliser)


async def _others(ask: Ask, gebied: Gebied, faults: Faults) -> list[Gebied]:
    """Return every period of the gebieden to compare with: those asked, or else its parents, or else its neighbours."""
    if "met" not in ask.query:
        codes = gebied.ouders or gebied.buren
        if not codes:
            likely = ",".join(gebied.kinderen[:2]) or "PV25"
            faults.add(f"Noem met 'met' de gebieden waarmee u {gebied.naam} wilt vergelijken, zoals met={likely}.")
    else:
        codes = await ask.asker.gebieden_of("met", ask.query, faults)
    if gebied.code in codes:
        faults.add(f"'met' noemt {gebied.code}, en dat is het gebied zelf.")
    if len(codes) >= MOST:
        faults.add(f"Vergelijk hoogstens {MOST} gebieden tegelijk; dit zijn er {len(codes) + 1}.")
        return []
    return await ask.gebieden.periods_of([code for code in codes if code != gebied.code])


def _check_per(ask: Ask, indicators: Sequence[str], gebieden: Sequence[Gebied], faults: Faults) -> None:
    per = ask.query.get("per")
    if per is None:
        return
    if per not in PER:
        faults.add(f"per={per!r} bestaat niet. Kies uit: {', '.join(PER)}.")
    for code in indicators:
        if _is_ratio(ask.door.begrippen, code):
            naam = ask.door.begrippen["indicator"][code].naam
            faults.add(f"Indicator {code} ({naam}) is al een verhouding; per {per} delen zegt niets. Laat 'per' weg.")
    for gebied in gebieden:
        if gebied.niveau == REST_LEVEL:
            faults.add(f"{gebied.code} heeft geen inwoners, woningen of oppervlakte: het is wat aan geen gemeente is toegedeeld.")


def _is_ratio(begrippen: Begrippen, indicator: str) -> bool:
    said = begrippen.indicatoren.get(indicator)
    return said is not None and (said.aggregatie is Aggregatie.GEWOGEN_GEMIDDELDE or said.grootheid in RATIOS)


def _choose(gebied: Gebied, standen: Sequence[Stand], asked: Selection, faults: Faults) -> tuple[Stand, Mapping[str, str]]:
    """Return which figures of the gebied are meant (a year that all have before a newer one), and per gebied the energiebeeld."""
    own = [stand for stand in standen if stand.gebied == gebied.code]
    if not own:
        faults.refuse()
        raise nothing_of(gebied)
    wanted = asked.values.get("energiebeeld", ())
    per_gebied: dict[str, set[Stand]] = {}
    for stand in standen:
        if not wanted or stand.energiebeeld in wanted:
            per_gebied.setdefault(stand.gebied, set()).add(stand)
    times = [{(stand.beeld, stand.jaar) for stand in found} for found in per_gebied.values()]
    shared = set.intersection(*times) if times else set()
    common = [stand for stand in own if (stand.beeld, stand.jaar) in shared]
    years, beelden = asked.years, asked.values.get("beeld", ())
    fits = any((not years or stand.jaar in years) and (not beelden or stand.beeld in beelden) for stand in common)
    chosen = choose_stand(common if fits else own, asked, faults)
    faults.refuse()
    versies = {
        code: newest({stand.energiebeeld for stand in found if stand.beeld == chosen.beeld} or {stand.energiebeeld for stand in found})
        for code, found in per_gebied.items()
    }
    return chosen, versies


async def _normaliser(ask: Ask, versies: Mapping[str, str], periods: Sequence[Gebied], adder: Adder) -> Normaliser:
    per = ask.query["per"]
    if not PER[per]:
        return Normaliser(per, (), periods, adder)
    values = {"indicator": (PER[per],), "gebied": tuple(versies), "energiebeeld": tuple(dict.fromkeys(versies.values()))}
    counts = await read_cijfers(ask.figures, Selection(values))
    return Normaliser(per, [each for each in counts if each.energiebeeld == versies[each.gebied]], periods, adder)


def _lines(table: _Table) -> Iterator[_Line]:
    begrippen = table.ask.door.begrippen

    def is_additive(indicator: str) -> bool:
        return begrippen.indicatoren[indicator].aggregatie is Aggregatie.SOM

    def place(cijfer: Cijfer) -> Place:
        return cijfer.gebied, cijfer.jaar, cijfer.beeld

    for subject, amounts in lines_of(table.cijfers, place, is_additive, table.adder).items():
        for jaar, beeld in sorted({(jaar, beeld) for _, jaar, beeld in amounts}):
            mine = [amounts.get((gebied.code, jaar, beeld)) for gebied in table.gebieden]
            yield _Line(subject, jaar, beeld, tuple(_cells(table, mine)))


def _cells(table: _Table, amounts: Sequence[Amount | None]) -> Iterator[_Cell]:
    first: float | None = None
    for number, (gebied, amount) in enumerate(zip(table.gebieden, amounts, strict=True)):
        noemer = _noemer(table.normaliser, gebied, amount)
        per = tidy(amount.waarde / noemer.waarde) if amount and amount.waarde is not None and noemer else None
        compared = per if table.normaliser else amount.waarde if amount else None
        first = compared if number == 0 else first
        yield _Cell(gebied, amount, noemer, per, tidy(compared / first) if compared is not None and first else None)


def _noemer(normaliser: Normaliser | None, gebied: Gebied, amount: Amount | None) -> Noemer | None:
    if normaliser is None or amount is None or not amount.cijfers:
        return None
    cijfer = amount.cijfers[0]
    return normaliser.noemer(gebied.code, Moment(cijfer.jaar, cijfer.beeld, cijfer.indeling))


def _describe(table: _Table, lines: Sequence[_Line]) -> Json:
    ask = table.ask
    gebieden = [
        {
            "code": each.code,
            "naam": each.naam,
            "niveau": each.niveau,
            "energiebeeld": table.versies.get(each.code),
            "href": ask.addresses.at("gebieden", each.code),
        }
        for each in table.gebieden
    ]
    return {
        "gebieden": gebieden,
        "per": ask.query.get("per"),
        "regels": [_regel(table, line) for line in lines],
        "publicatie": ask.publication.versie,
        "bronnen": origins_of(ask, table.cijfers),
        "links": links_of(ask, table.gebieden[0]),
        **({"namen": names_of(ask.door.begrippen)} if ask.form == "html" else {}),
    }


def _regel(table: _Table, line: _Line) -> Json:
    subject, per = line.subject, table.ask.query.get("per")
    return {
        "indicator": subject.indicator,
        **coded(drager=subject.drager, keten=subject.keten, subsector=subject.subsector, hoofdsector=subject.hoofdsector),
        **coded(techniek=subject.techniek, richting=subject.richting),
        "totaal": subject.totaal,
        "jaar": line.jaar,
        "beeld": line.beeld,
        "eenheid": subject.eenheid,
        "eenheidPer": f"{subject.eenheid} per {per}" if per else None,
        "waarden": [_waarde(table, line, cell) for cell in line.cells],
    }


def _waarde(table: _Table, line: _Line, cell: _Cell) -> Json:
    amount, noemer = cell.amount, cell.noemer
    code, subject = cell.gebied.code, line.subject
    split = {} if subject.totaal else {name: getattr(subject, name) or "-" for name in ("drager", "subsector", "techniek", "richting")}
    behind = {"gebied": code, "indicator": subject.indicator, **split, "jaar": line.jaar, "beeld": line.beeld}
    return {
        "gebiedCode": code,
        "waarde": amount.waarde if amount else None,
        "redenLeeg": (amount.reden_leeg or None) if amount else "GEEN_CIJFER",
        "per": cell.per,
        "noemer": {"waarde": noemer.waarde, "jaar": noemer.jaar} if noemer else None,
        "verhouding": cell.verhouding,
        "bron": sources_of(amount.cijfers) if amount else None,
        "href": cijfers_address(table.ask, **behind, versie=table.versies[code]) if code in table.versies else None,
    }


def _rows(table: _Table, lines: Sequence[_Line]) -> Iterator[Sequence[Cell]]:
    per = table.ask.query.get("per")
    for line in lines:
        about = line.subject
        for cell in line.cells:
            amount, noemer, gebied = cell.amount, cell.noemer, cell.gebied
            yield (
                *(gebied.code, gebied.naam, gebied.niveau, table.versies.get(gebied.code)),
                *(about.indicator, about.drager, about.keten, about.subsector, about.hoofdsector, about.techniek, about.richting),
                *(about.totaal, line.jaar, line.beeld),
                *((amount.waarde, about.eenheid, amount.reden_leeg) if amount else (None, about.eenheid, "GEEN_CIJFER")),
                *((noemer.waarde, noemer.jaar) if noemer else (None, None)),
                *(cell.per, f"{about.eenheid} per {per}" if per else None, cell.verhouding),
                sources_of(amount.cijfers) if amount else None,
            )
