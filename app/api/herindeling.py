"""What herindeling means for a question about figures: the division they are asked in, and where gebieden that are no more point on."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.beeld import Figures, Gebieden, Selection
from app.beeld.gebied import Gebied, newest_of
from app.beeld.question import Obstacle
from app.problems import BadRequest

YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Melding:
    """What a client should know of a gebied that did not exist in (some of) the years that are asked, and who was there instead.

    `rel` and `codes` make the link to those; `never` tells that it existed in none of these years.
    """

    text: str
    rel: str
    codes: tuple[str, ...]
    never: bool


def read_day(text: str) -> dt.date | None:
    """Return the day of a division, 1 January when only a year is given; None when it is neither."""
    try:
        return dt.datetime.strptime(f"{text}-01-01" if YEAR.fullmatch(text) else text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


async def outside_division(gebieden: Gebieden, periods: Sequence[Gebied], day: dt.date) -> list[str]:
    """Return for each gebied that does not exist on the day of a division why that is, and who to ask for."""
    found = []
    for known in _by_code(periods).values():
        if any(each.is_valid_on(day) for each in known):
            continue
        newest, oldest = known[0], known[-1]
        if newest.geldig_tot is not None and newest.geldig_tot <= day:
            told = f"bestaat niet in de indeling van {day}.{await _named(gebieden, ' Opvolger: {}.', newest.opvolgers)}"
        else:
            before = await _named(gebieden, " Toen waren er {}.", oldest.voorgangers)
            told = f"bestaat pas sinds {oldest.geldig_vanaf}.{before} Terugrekenen kan niet: een som laat zich niet splitsen."
        found.append(f"{_label(newest)} {told}")
    return found


async def refuse_obstacles(figures: Figures, selection: Selection) -> None:
    """Raise BadRequest when selected figures have no place in the division that is asked: nothing may be missing without a word."""
    if selection.indeling is None:
        return
    obstacles = await figures.obstacles(selection)
    if obstacles:
        raise BadRequest(
            f"Deze cijfers zijn niet te geven in de indeling van {selection.indeling}.",
            [_obstacle(each, selection.indeling) for each in obstacles],
        )


def _obstacle(each: Obstacle, day: dt.date) -> str:
    if each.ended:
        return (
            f"{each.naam} ({each.gebied}) bestaat sinds {each.datum} niet meer en van een opvolger is niets geleverd, dus zou het cijfer"
            " hier wegvallen. Importeer de opvolging, of vraag een eerdere indeling."
        )
    return (
        f"{each.naam} ({each.gebied}) heeft cijfers in een nieuwere indeling, en was voor {each.datum} een ander gebied. Terugrekenen naar"
        f" {day} kan niet: een som laat zich niet splitsen. Vraag indeling={each.datum} of later, of selecteer eerdere jaren."
    )


async def meldingen_of(gebieden: Gebieden, selection: Selection) -> list[Melding]:
    """Return what is to be told of the asked gebieden; in a division all of them exist, so then there is nothing to tell."""
    codes = selection.values.get("gebied", ())
    if selection.indeling is not None or not codes:
        return []
    days = [dt.date(year, 1, 1) for year in selection.years]
    found = [await _melding(gebieden, known, days) for known in _by_code(await gebieden.periods_of(codes)).values()]
    return [each for each in found if each is not None]


async def _melding(gebieden: Gebieden, periods: Sequence[Gebied], days: Sequence[dt.date]) -> Melding | None:
    newest, oldest = periods[0], periods[-1]
    never = bool(days) and not any(each.is_valid_on(day) for each in periods for day in days)
    end, start = newest.geldig_tot, oldest.geldig_vanaf
    if end is not None and (not days or any(day >= end for day in days)):
        following = await _named(gebieden, " Opvolger: {}.", newest.opvolgers)
        hint = f" De opvolger heeft met indeling={end} ook cijfers over eerdere jaren." if following else ""
        return Melding(f"{_label(newest)} bestaat niet meer sinds {end}.{following}{hint}", "successor-version", newest.opvolgers, never)
    if oldest.voorgangers and any(day < start for day in days):
        before = await _named(gebieden, " Daarvoor waren er {}.", oldest.voorgangers)
        text = f"{_label(newest)} bestaat sinds {start}.{before} Met indeling={start} zijn hun cijfers omgerekend."
        return Melding(text, "predecessor-version", oldest.voorgangers, never)
    return None


def refuse_empty(meldingen: Sequence[Melding], selection: Selection) -> None:
    """Raise BadRequest when an answer is empty because none of the asked gebieden existed in the asked years."""
    if meldingen and len(meldingen) == len(selection.values["gebied"]) and all(each.never for each in meldingen):
        raise BadRequest("Deze gebieden bestonden niet in de gevraagde jaren.", [each.text for each in meldingen])


def _by_code(periods: Iterable[Gebied]) -> Mapping[str, list[Gebied]]:
    """Group periods by code, each newest first, as they come."""
    grouped: dict[str, list[Gebied]] = {}
    for each in periods:
        grouped.setdefault(each.code, []).append(each)
    return grouped


async def _named(gebieden: Gebieden, sentence: str, codes: Sequence[str]) -> str:
    """Return a sentence with the names of these gebieden in it; nothing when there are none."""
    if not codes:
        return ""
    known = newest_of(await gebieden.periods_of(codes))
    return sentence.format(", ".join(_label(known[code]) if code in known else code for code in codes))


def _label(gebied: Gebied) -> str:
    return f"{gebied.naam} ({gebied.code})"
