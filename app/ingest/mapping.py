"""From the columns of a file to typed properties, as the source declares; every value that does not fit is a finding."""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.ingest.report import Account, Remark, Row, fault, warning
from app.ingest.source import Column
from app.ingest.table import Mask, Table

type Value = str | int | float | bool | None
type Values = NDArray[np.object_]

YES = frozenset({"true", "1", "ja", "j", "yes", "y", "waar", "t"})
# NUL and halves of a surrogate pair are no characters; PostgreSQL stores neither.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
UNFIT_FOR_PATH = re.compile(r"[^\w.:~-]+")
NO = frozenset({"false", "0", "nee", "n", "no", "onwaar", "f"})
DATE_FORMS = ("%Y-%m-%d", "%Y%m%d", "%d-%m-%Y", "%Y/%m/%d", "%d/%m/%Y")
READINGS = {
    "text": "tekst: zij bevat tekens die geen tekst zijn",
    "texts": "tekst: zij bevat tekens die geen tekst zijn",
    "integer": "een geheel getal",
    "number": "een getal",
    "numbers": "een lijst getallen",
    "boolean": "ja of nee (true/false)",
    "date": "een datum",
    "year": "een jaartal",
}


class _Unreadable:
    """A text that cannot be read as its type."""


UNREADABLE = _Unreadable()


@dataclass(frozen=True)
class _Cells:
    """The texts of one property and the column in which each was found."""

    texts: Values
    column: str


def as_text(values: "pd.Series[str]") -> NDArray[np.object_]:
    """Spell values as text, trimmed; nothing is '' and a whole number has no '.0', so that codes join however they were typed."""
    cells = values.to_numpy(dtype=object)
    if pd.api.types.infer_dtype(cells, skipna=False) == "string":
        return _objects(value.strip() for value in cells)
    return _objects(_text(value) for value in cells)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return _float_text(float(value))
    return str(value).strip()


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))


def key_of(table: Table, columns: Sequence[Sequence[str]], prefix: str = "") -> Values:
    """Return the key of each row: its columns joined by "-", '' when one of them is empty; each column may have several names."""
    present = [next(name for name in names if name in table.attributes.columns) for names in columns]
    parts = [_objects(_identifier(text) for text in as_text(table.attributes[name])) for name in present]
    return _objects(prefix + "-".join(row) if all(row) else "" for row in zip(*parts, strict=True))


def _identifier(text: str) -> str:
    """Make a code fit for the path of a URL; "12.0" in a text column means 12."""
    if UNFIT_FOR_PATH.search(text):
        text = UNFIT_FOR_PATH.sub("-", text).strip("-")
    return text.removesuffix(".0") if text.endswith(".0") and text[:-2].isdigit() else text


def map_columns(table: Table, columns: Mapping[str, Column], account: Account) -> dict[str, Values]:
    """Return the values of each property, None where there is none, in the order of the rows."""
    return {name: _property(table, column, account) for name, column in columns.items()}


def _property(table: Table, column: Column, account: Account) -> Values:
    if column.constant is not None:
        return np.full(len(table), column.constant, dtype=object)
    cells = _cells(table, column)
    read = _READERS[column.type]
    # Each distinct text is read once: most columns repeat themselves.
    where, distinct = pd.factorize(cells.texts)
    values = _objects(_value(text, column, read) for text in distinct)
    unfit = _objects(_unfit(value, column) for value in values)
    _report_unfit(table, cells, unfit[where], (column, account))
    mapped = _objects(_settled(values, unfit, column, distinct))[where]
    _report_missing(table, cells, mapped, (column, account))
    return mapped


def _objects(values: Iterable[object]) -> Values:
    """Return an array of these objects as they are, which NumPy only makes when told the length first."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def _cells(table: Table, column: Column) -> _Cells:
    """Take the first of the columns that holds a value."""
    texts = np.full(len(table), "", dtype=object)
    for origin in (each for each in column.origins if each in table.attributes.columns):
        candidate = _tagged(as_text(table.attributes[origin]), column.tag)
        candidate[pd.Series(candidate).isin(column.empty).to_numpy()] = ""
        texts = np.where(texts == "", candidate, texts)
    return _Cells(texts, " / ".join(column.origins))


def _tagged(texts: Values, tag: str | None) -> Values:
    """Take the value of one key from hstore texts."""
    if tag is None:
        return texts
    pair = re.compile(rf'"{re.escape(tag)}"\s*=>\s*"((?:[^"\\]|\\.)*)"')
    return np.array([re.sub(r"\\(.)", r"\1", found[1]).strip() if (found := pair.search(text)) else "" for text in texts], dtype=object)


def _value(text: str, column: Column, read: Callable[[str, Column], Value | _Unreadable]) -> Value | _Unreadable:
    if text == "":
        return None
    if column.values:
        return read(column.values[text], column) if text in column.values else UNREADABLE
    return read(text, column)


def _unfit(value: Value | _Unreadable, column: Column) -> str | None:
    """Say why a value does not fit, or None."""
    if isinstance(value, _Unreadable):
        if column.values:
            return f"de waarde staat niet in de lijst: {_few(column.values)}"
        return f"de waarde is niet te lezen als {READINGS[column.type]}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if column.minimum is not None and value < column.minimum:
            return f"de waarde is kleiner dan {column.minimum:g}"
        if column.maximum is not None and value > column.maximum:
            return f"de waarde is groter dan {column.maximum:g}"
    return None


def _few(values: Iterable[str]) -> str:
    shown = sorted(values)
    return ", ".join(shown[:10]) + (" …" if len(shown) > 10 else "")


def _settled(values: Values, unfit: Values, column: Column, texts: Values) -> list[Value]:
    """Decide what is stored for an unfit value; what cannot be read can only be kept as text."""
    kept: list[Value] = []
    for value, wrong, text in zip(values, unfit, texts, strict=True):
        if not isinstance(value, _Unreadable):
            kept.append(value if wrong is None or column.unfit == "keep" else None)
        else:
            keepable = column.unfit == "keep" and column.type in ("text", "texts") and not UNSTORABLE.search(text)
            kept.append(str(text) if keepable else None)
    return kept


def _report_unfit(table: Table, cells: _Cells, unfit: Values, declared: tuple[Column, Account]) -> None:
    column, account = declared
    for at in np.flatnonzero(unfit != np.array(None)):
        account.add(_unfit_remark(column, str(unfit[at])), Row(int(table.rows[at]), cells.column, cells.texts[at]))


def _unfit_remark(column: Column, reason: str) -> Remark:
    match column.unfit:
        case "fault":
            remedy = "Verbeter de waarde, of laat de bron haar toe (`values`, `empty`, `minimum`, `maximum`, `unfit`)."
            return fault("waarde-onjuist", reason, remedy)
        case "unknown":
            return warning("waarde-onjuist", f"{reason}; opgeslagen als onbekend")
        case "keep":
            return warning("waarde-onjuist", f"{reason}; toch opgeslagen")


def _report_missing(table: Table, cells: _Cells, mapped: Values, declared: tuple[Column, Account]) -> None:
    column, account = declared
    if not column.required:
        return
    missing: Mask = (cells.texts == "") & (mapped == np.array(None))
    remark = fault("waarde-ontbreekt", "de waarde is verplicht en ontbreekt", "Vul de waarde in.")
    account.add_rows(remark, (Row(int(number), cells.column) for number in table.rows[missing]))


def _read_text(text: str, _: Column) -> Value | _Unreadable:
    return UNREADABLE if UNSTORABLE.search(text) else text


def _read_number(text: str, column: Column) -> Value | _Unreadable:
    try:
        number = float(text)
    except ValueError:
        return UNREADABLE
    return round(number * column.scale, column.decimals) if math.isfinite(number) and "_" not in text else UNREADABLE


def _read_integer(text: str, column: Column) -> Value | _Unreadable:
    number = _read_number(text, column)
    return int(number) if isinstance(number, float) and number.is_integer() else UNREADABLE


def _read_numbers(text: str, column: Column) -> Value | _Unreadable:
    parts = _known_parts(text, column)
    numbers = [_read_number(number, column) for part in parts for number in re.split(r"[/,\s]+", part) if number]
    known = [number for number in numbers if isinstance(number, float)]
    if not numbers:
        return None
    if len(known) != len(numbers):
        return UNREADABLE
    return known[0] if column.take == "first" else max(known) if column.take == "max" else min(known)


def _read_texts(text: str, column: Column) -> Value | _Unreadable:
    if UNSTORABLE.search(text):
        return UNREADABLE
    return "; ".join(dict.fromkeys(_known_parts(text, column))) or None


def _known_parts(text: str, column: Column) -> list[str]:
    """Split a list at ";" or "|" and leave out the spellings of unknown, such as the "n/a" of a list of which some parts are known."""
    return [part for each in re.split(r"[;|]", text) if (part := each.strip()) and part not in column.empty]


def _read_boolean(text: str, _: Column) -> Value | _Unreadable:
    lowered = text.lower()
    if lowered in YES or lowered in NO:
        return lowered in YES
    return UNREADABLE


def _read_date(text: str, _: Column) -> Value | _Unreadable:
    day = re.split(r"[T ]", text, maxsplit=1)[0]
    for form in DATE_FORMS:
        try:
            return dt.datetime.strptime(day, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
    return UNREADABLE


def _read_year(text: str, _: Column) -> Value | _Unreadable:
    found = re.match(r"(\d{4})(?!\d)", text)
    return int(found[1]) if found else UNREADABLE


_READERS: Mapping[str, Callable[[str, Column], Value | _Unreadable]] = {
    "text": _read_text,
    "integer": _read_integer,
    "number": _read_number,
    "numbers": _read_numbers,
    "texts": _read_texts,
    "boolean": _read_boolean,
    "date": _read_date,
    "year": _read_year,
}
