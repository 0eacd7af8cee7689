"""Figures as values to reckon with: what an answer shows of a row, read back as one typed object."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.beeld.columns import FIGURE
from app.beeld.question import MAX_LIMIT, Conversion, Question, Selection
from app.beeld.reading import Figures
from app.problems import BadRequest

KEYS = {column.stored: column.key for column in FIGURE}
DIMENSIONS = ("drager", "subsector", "techniek", "richting")
POTENTIE = "POTENTIE"
CAN_BE_EMPTY = ("drager", "keten", "subsector", "hoofdsector", "techniek", "richting", "reden_leeg", "methode", "eenheid")
ALWAYS_TOLD = (
    *("energiebeeld", "gebied", "gebied_naam", "niveau", "indicator", "jaar", "beeld", "waarde"),
    *("soort", "herkomst", "kwaliteit", "bron", "peiljaar"),
)

type Key = tuple[str, ...]


@dataclass(frozen=True)
class Cijfer:
    """One published figure; a dimension along which it is not split is an empty text, `ontbrekend` names gemeenten without a figure."""

    energiebeeld: str
    gebied: str
    gebied_naam: str
    niveau: str
    indicator: str
    drager: str
    keten: str
    subsector: str
    hoofdsector: str
    techniek: str
    richting: str
    jaar: int
    beeld: str
    waarde: float | None
    eenheid: str
    reden_leeg: str
    soort: str
    herkomst: str
    kwaliteit: str
    methode: str
    bron: str
    peiljaar: int | None
    indeling: dt.date
    ontbrekend: tuple[str, ...] = ()

    @property
    def split(self) -> Key:
        """Along which values of the dimensions it is split."""
        return (self.drager, self.subsector, self.techniek, self.richting)

    @property
    def subject(self) -> Key:
        """All that it is about, except gebied, time and beeld."""
        return (self.indicator, *self.split)


async def read_cijfers(figures: Figures, selection: Selection, conversion: Conversion | None = None) -> list[Cijfer]:
    """Return a whole selection, in the order of the key; raise BadRequest when that is more than one answer can hold."""
    page = await figures.page(Question(selection, conversion, MAX_LIMIT))
    if page.next is not None:
        raise BadRequest(f"Deze vraag gaat over meer dan {MAX_LIMIT} cijfers. Vraag minder indicatoren, jaren of beelden tegelijk.")
    return [_cijfer(each) for each in orjson.loads(b"[%b]" % page.rows)]


def _cijfer(shown: Mapping[str, Any]) -> Cijfer:
    texts: dict[str, Any] = {name: shown[KEYS[name]] or "" for name in CAN_BE_EMPTY}
    told: dict[str, Any] = {name: shown[KEYS[name]] for name in ALWAYS_TOLD}
    verdict = shown["aansluiting"] or {}
    indeling = dt.date.fromisoformat(shown["indeling"])
    return Cijfer(**texts, **told, indeling=indeling, ontbrekend=tuple(verdict.get("ontbrekend") or ()))
