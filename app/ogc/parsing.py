"""Parse the query of a features request into a question, naming every fault at once."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from app.features import Cursor, PageQuestion, Sort, Window
from app.features.question import MAX_LIMIT, Period
from app.layers import Layer, PropertyType, Value
from app.problems import BadRequest
from app.register.crs import CRS84, RD, WEB_MERCATOR, Crs, crs_of

type Query = Mapping[str, str]

OPEN = ("", "..")
BOOLEANS = {"true": True, "false": False}


def parse_page_question(layer: Layer, query: Query) -> PageQuestion:
    """Return what a client asks of the items of a layer, or raise BadRequest with all faults."""
    asked: dict[str, Any] = {}
    equals: dict[str, Value] = {}
    faults: dict[str, None] = {}
    for name in query:
        try:
            if name in PARAMETERS:
                member, parse = PARAMETERS[name]
                asked[member] = parse(layer, query)
            elif name in layer.properties:
                equals[name] = _parse_value(layer, name, query[name])
            elif name != "f":
                _refuse_unknown(layer, query)
        except BadRequest as fault:
            faults |= dict.fromkeys(fault.errors or [fault.detail])
    if faults:
        raise BadRequest(" ".join(faults) if len(faults) == 1 else "De vraag bevat fouten.", list(faults))
    return PageQuestion(equals=equals, **asked)


def parse_crs(query: Query) -> Crs:
    """Return the coordinate system in which the answer must be written."""
    return crs_of(query["crs"]) if "crs" in query else CRS84


def _refuse_unknown(layer: Layer, query: Query) -> NoReturn:
    names = {*PARAMETERS, "f"}
    unknown = sorted(query.keys() - names - layer.properties.keys())
    known = ", ".join([*sorted(names), *layer.properties])
    raise BadRequest(f"Onbekende parameter {', '.join(map(repr, unknown))}. Laag {layer.id!r} kent: {known}.")


def _parse_limit(_: Layer, query: Query) -> int:
    return min(_parse_count(query, "limit", 1), MAX_LIMIT)


def _parse_offset(_: Layer, query: Query) -> int:
    return _parse_count(query, "offset", 0)


def _parse_count(query: Query, name: str, least: int) -> int:
    text = query[name]
    # Only plain digits: int() also takes "1_000", " 7" and Arabic numerals.
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or int(text) < least:
        raise BadRequest(f"De waarde {text!r} van {name!r} is geen geheel getal van minstens {least}.")
    return min(int(text), 2**31 - 1)


def _parse_cursor(_: Layer, query: Query) -> Cursor:
    text = query["cursor"]
    if {"offset", "sortby"} & query.keys():
        raise BadRequest("'cursor' gaat niet samen met 'offset' of 'sortby'. Volg de link 'next' zoals die er staat.")
    rid, dash, matched = text.partition("-")
    parts = [rid, matched] if dash else [rid]
    if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        raise BadRequest(f"De waarde {text!r} van 'cursor' komt niet van deze service. Volg de link 'next' zoals die er staat.")
    return Cursor(int(rid), int(matched) if dash else None)


def _parse_window(_: Layer, query: Query) -> Window | None:
    crs = crs_of(query["bbox-crs"], "bbox-crs") if "bbox-crs" in query else CRS84
    if "bbox" not in query:
        return None
    numbers = _parse_numbers(query["bbox"])
    low, high = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    (west, south), (east, north) = (corner[1::-1] if crs.latitude_first else corner[:2] for corner in (low, high))
    _check_box(crs, (west, south, east, north), query["bbox"])
    if west > east:
        return Window(crs, ((west, south, 180.0, north), (-180.0, south, east, north)))
    return Window(crs, ((west, south, east, north),))


def _parse_numbers(text: str) -> list[float]:
    explain = f"De waarde {text!r} van 'bbox' is geen rechthoek. Geef vier getallen (minx,miny,maxx,maxy) of zes (met hoogte)."
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise BadRequest(explain) from None
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise BadRequest(explain)
    return numbers


def _check_box(crs: Crs, box: tuple[float, float, float, float], text: str) -> None:
    west, south, east, north = box
    geographic = crs not in (RD, WEB_MERCATOR)
    if south > north or (west > east and not geographic):
        raise BadRequest(f"In 'bbox' {text!r} is het minimum groter dan het maximum.")
    if geographic and (max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90):
        order = "breedte,lengte" if crs.latitude_first else "lengte,breedte"
        raise BadRequest(f"'bbox' {text!r} ligt buiten {crs.name}. Geef graden als {order}, of zet bij RD-coördinaten bbox-crs={RD.uri}.")


def _parse_datetime(layer: Layer, query: Query) -> Period | None:
    text = query["datetime"]
    start, slash, end = text.partition("/")
    period = Period(_parse_moment(start, text), _parse_moment(end if slash else start, text))
    if period.start and period.end and period.start > period.end:
        raise BadRequest(f"In 'datetime' {text!r} ligt het begin na het einde.")
    if not slash and period.start is None:
        raise BadRequest(_datetime_help(text))
    # A layer without time holds for every moment (OGC 17-069r4, 7.15.4).
    return period if layer.period else None


def _parse_moment(part: str, text: str) -> dt.date | None:
    if part in OPEN:
        return None
    try:
        if len(part) == 10:
            return dt.date.fromisoformat(part)
        moment = dt.datetime.fromisoformat(part)
    except ValueError:
        raise BadRequest(_datetime_help(text)) from None
    if moment.tzinfo is None:
        raise BadRequest(_datetime_help(text))
    # QGIS writes open ends as year 0000 and 9999; those near the ends of the calendar have no UTC date.
    return moment.date() if moment.year in (1, 9999) else moment.astimezone(dt.UTC).date()


def _datetime_help(text: str) -> str:
    return (
        f"De waarde {text!r} van 'datetime' is geen moment of periode. Geef bijvoorbeeld 2025-01-01, 2025-01-01T00:00:00Z,"
        " 2022-01-01/2025-01-01 of ../2025-01-01."
    )


def _parse_value(layer: Layer, name: str, text: str) -> Value:
    kind = layer.properties[name].type
    try:
        return VALUES[kind](text)
    except (ValueError, KeyError):
        raise BadRequest(f"De waarde {text!r} past niet bij eigenschap {name!r} ({kind.value}).") from None


def _parse_integer(text: str) -> int:
    number = int(text)
    if abs(number) >= 2**63:
        raise ValueError(text)
    return number


def _parse_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _parse_text(text: str) -> str:
    if "\0" in text:
        raise ValueError(text)
    return text


VALUES: dict[PropertyType, Callable[[str], Value]] = {
    PropertyType.TEXT: _parse_text,
    PropertyType.INTEGER: _parse_integer,
    PropertyType.NUMBER: _parse_number,
    PropertyType.BOOLEAN: BOOLEANS.__getitem__,
    PropertyType.DATE: dt.date.fromisoformat,
}


def _parse_properties(layer: Layer, query: Query) -> tuple[str, ...]:
    names = tuple(name for name in query["properties"].split(",") if name)
    _refuse_unknown_properties(layer, names, "properties")
    return tuple(dict.fromkeys(names))


def _parse_sort(layer: Layer, query: Query) -> tuple[Sort, ...]:
    # A plus in a query means a space to many clients.
    parts = [part.lstrip(" ") for part in query["sortby"].split(",")]
    sort = tuple(Sort(part.lstrip("+-"), part.startswith("-")) for part in parts)
    _refuse_unknown_properties(layer, tuple(each.name for each in sort), "sortby")
    return sort


def _refuse_unknown_properties(layer: Layer, names: tuple[str, ...], parameter: str) -> None:
    unknown = [name for name in names if name not in layer.properties]
    if unknown:
        raise BadRequest(
            f"'{parameter}' noemt {', '.join(map(repr, unknown))}, maar laag {layer.id!r} heeft alleen: {', '.join(layer.properties)}."
        )


def _parse_with_geometry(_: Layer, query: Query) -> bool:
    text = query["skipGeometry"]
    if text not in BOOLEANS:
        raise BadRequest(f"De waarde {text!r} van 'skipGeometry' is geen true of false.")
    return not BOOLEANS[text]


# Which member of the question a parameter sets, and how.
PARAMETERS: dict[str, tuple[str, Callable[[Layer, Query], object]]] = {
    "bbox": ("window", _parse_window),
    "bbox-crs": ("window", _parse_window),
    "crs": ("crs", lambda _, query: parse_crs(query)),
    "cursor": ("cursor", _parse_cursor),
    "datetime": ("period", _parse_datetime),
    "limit": ("limit", _parse_limit),
    "offset": ("offset", _parse_offset),
    "properties": ("properties", _parse_properties),
    "skipGeometry": ("with_geometry", _parse_with_geometry),
    "sortby": ("sort", _parse_sort),
}
