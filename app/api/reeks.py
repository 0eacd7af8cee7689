"""The route of time series: `/v1/gebieden/{code}/reeks`, what was realised and what each beeld expects, in one or more energiebeelden."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import (
    SUBJECT,
    TABLES,
    cijfers_address,
    coded,
    describe_gebied,
    gebied_of,
    links_of,
    names_of,
    nothing_of,
    origins_of,
    sources_of,
)
from app.api.asking import Faults, parse_unit
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.api.tables import Cell, answer_table
from app.beeld import Selection
from app.beeld.adding import VRAAG, Adder, tidy
from app.beeld.cijfers import Cijfer, read_cijfers
from app.beeld.gebied import Gebied
from app.beeld.lines import Amount, Subject, lines_of
from app.beeld.standen import HUIDIG, age, newest, read_standen
from app.register.begrippen import Aggregatie
from app.web.addresses import Json

REEKS = Resource("/gebieden/{code}/reeks", TABLES, frozenset({*SUBJECT, "beeld", "versie", "eenheid", PERMALINK, "f"}))
HEADER = (
    *("gebied_code", "gebied_naam", "energiebeeld", "indicator", "drager", "keten", "subsector", "hoofdsector", "techniek", "richting"),
    *("totaal", "beeld", "jaar", "waarde", "eenheid", "reden_leeg", "realisatie_jaar", "realisatie", "delta", "delta_procent", "bron"),
)

type Place = tuple[str, str, int]


@dataclass(frozen=True)
class _Series:
    """One subject in one energiebeeld and beeld: the amounts by year, and the latest realisation to hold them against."""

    subject: Subject
    energiebeeld: str
    beeld: str
    amounts: Mapping[int, Amount]
    realised: tuple[int, float] | None

    def delta(self, amount: Amount) -> float | None:
        """Return how much an amount differs from the latest realisation."""
        return tidy(amount.waarde - self.realised[1]) if amount.waarde is not None and self.realised else None

    def percentage(self, amount: Amount) -> float | None:
        """Return that difference in percents of the latest realisation, None when that was nothing."""
        delta = self.delta(amount)
        return tidy(100 * delta / self.realised[1]) if delta is not None and self.realised and self.realised[1] else None


@dataclass(frozen=True)
class _About:
    """Of which gebied the series are, and all figures in them."""

    ask: Ask
    gebied: Gebied
    cijfers: Sequence[Cijfer]


def routes(door: Door) -> list[BaseRoute]:
    """Return the route of time series."""
    adder = Adder(door.begrippen)

    async def reeks(ask: Ask) -> Response:
        about = await _read(ask)
        series = list(_series(about, adder))
        if ask.form.startswith("csv"):
            return answer_table(ask, f"reeks-{about.gebied.code}", HEADER, _rows(about, series))
        return ask.document(_describe(about, series), "reeks.html")

    return [route(door, REEKS, reeks)]


async def _read(ask: Ask) -> _About:
    gebied = (await gebied_of(ask))[0]
    faults = Faults()
    asked = await ask.asker.selection(ask.query, faults)
    unit = parse_unit(ask.query, faults)
    faults.refuse()
    indicators = asked.values.get("indicator", (VRAAG,))
    energiebeelden = {stand.energiebeeld for stand in await read_standen(ask.figures, [gebied.code], indicators)}
    if not energiebeelden:
        raise nothing_of(gebied)
    wanted = asked.values.get("energiebeeld", (newest(energiebeelden),))
    for each in wanted:
        if each not in energiebeelden:
            others = ", ".join(sorted(energiebeelden, key=age))
            faults.add(f"Energiebeeld {each} heeft hiervan geen cijfers over {gebied.naam}; wel {others}.")
    faults.refuse()
    values = {**asked.values, "indicator": indicators, "gebied": (gebied.code,), "energiebeeld": wanted}
    if "beeld" in values:
        # What a beeld expects is held against what was realised.
        values["beeld"] = tuple(dict.fromkeys((*values["beeld"], HUIDIG)))
    selection = Selection(values)
    conversion = await ask.asker.conversion(unit, selection) if unit else None
    return _About(ask, gebied, await read_cijfers(ask.figures, selection, conversion))


def _series(about: _About, adder: Adder) -> Iterator[_Series]:
    indicatoren = about.ask.door.begrippen.indicatoren

    def is_additive(indicator: str) -> bool:
        return indicatoren[indicator].aggregatie is Aggregatie.SOM

    def place(cijfer: Cijfer) -> Place:
        return cijfer.energiebeeld, cijfer.beeld, cijfer.jaar

    for subject, amounts in lines_of(about.cijfers, place, is_additive, adder).items():
        for energiebeeld in sorted({name for name, _, _ in amounts}, key=age):
            realised = _latest({jaar: one for (name, beeld, jaar), one in amounts.items() if (name, beeld) == (energiebeeld, HUIDIG)})
            beelden = {beeld for name, beeld, _ in amounts if name == energiebeeld}
            for beeld in sorted(beelden, key=lambda code: (code != HUIDIG, code)):
                mine = {jaar: one for (name, code, jaar), one in sorted(amounts.items()) if (name, code) == (energiebeeld, beeld)}
                yield _Series(subject, energiebeeld, beeld, mine, realised)


def _latest(realised: Mapping[int, Amount]) -> tuple[int, float] | None:
    return max(((jaar, one.waarde) for jaar, one in realised.items() if one.waarde is not None), default=None)


def _describe(about: _About, series: Sequence[_Series]) -> Json:
    ask = about.ask
    return {
        **describe_gebied(about.gebied),
        "reeksen": [_reeks(about, each) for each in series],
        "jaren": sorted({jaar for each in series for jaar in each.amounts}),
        "publicatie": ask.publication.versie,
        "bronnen": origins_of(ask, about.cijfers),
        "links": links_of(ask, about.gebied),
        **({"namen": names_of(ask.door.begrippen)} if ask.form == "html" else {}),
    }


def _reeks(about: _About, series: _Series) -> Json:
    subject = series.subject
    split = {} if subject.totaal else {name: getattr(subject, name) or "-" for name in ("drager", "subsector", "techniek", "richting")}
    behind = {"gebied": about.gebied.code, "versie": series.energiebeeld, "indicator": subject.indicator, **split, "beeld": series.beeld}
    return {
        "energiebeeld": series.energiebeeld,
        "indicator": subject.indicator,
        **coded(drager=subject.drager, keten=subject.keten, subsector=subject.subsector, hoofdsector=subject.hoofdsector),
        **coded(techniek=subject.techniek, richting=subject.richting),
        "totaal": subject.totaal,
        "beeld": series.beeld,
        "eenheid": subject.eenheid,
        "realisatie": {"jaar": series.realised[0], "waarde": series.realised[1]} if series.realised else None,
        "punten": [_point(series, jaar) for jaar in series.amounts],
        "href": cijfers_address(about.ask, **behind),
    }


def _point(series: _Series, jaar: int) -> Json:
    amount = series.amounts[jaar]
    return {
        "jaar": jaar,
        "waarde": amount.waarde,
        "redenLeeg": amount.reden_leeg or None,
        "delta": series.delta(amount),
        "deltaProcent": series.percentage(amount),
        "bron": sources_of(amount.cijfers),
    }


def _rows(about: _About, series: Sequence[_Series]) -> Iterator[Sequence[Cell]]:
    for one in series:
        subject, (year, value) = one.subject, one.realised or (None, None)
        for jaar, amount in one.amounts.items():
            yield (
                *(about.gebied.code, about.gebied.naam, one.energiebeeld),
                *(subject.indicator, subject.drager, subject.keten, subject.subsector, subject.hoofdsector),
                *(subject.techniek, subject.richting, subject.totaal, one.beeld, jaar),
                *(amount.waarde, subject.eenheid, amount.reden_leeg, year, value),
                *(one.delta(amount), one.percentage(amount), sources_of(amount.cijfers)),
            )
