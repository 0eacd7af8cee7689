"""The condition of a rule: an attribute of the object against a number or a field of the opgave, or not known at all."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# What an object may tell of itself and an opgave of itself. A name that neither has would never hold, so it is refused.
ATTRIBUTES: Mapping[str, str] = {
    "vermogen_mw": "vermogen (MW)",
    "vermogen_piek_mwp": "piekvermogen (MWp)",
    "opslag_mwh": "opslag (MWh)",
    "spanning_kv": "spanning (kV)",
    "tiphoogte_m": "tiphoogte (m)",
    "hoogte_m": "hoogte (m)",
    "rotordiameter_m": "rotordiameter (m)",
    "boordiepte_m": "boordiepte (m onder maaiveld)",
    "druk_bar": "druk (bar)",
}
OPGAVE_FIELDS: Mapping[str, str] = {
    "hoogte_max_m": "grootste hoogte die de opgave toestaat (m)",
    "diepte_max_m": "grootste diepte die de opgave toestaat (m onder maaiveld)",
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
UNKNOWN = "onbekend"
FORM = re.compile(r"(?P<name>[a-z0-9_]+)\s*(?:(?P<sign>>=|<=|>|<|=)\s*(?P<than>\S+)|(?<=\s)onbekend)")
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
HOW = "schrijf bijvoorbeeld 'tiphoogte_m > hoogte_max_m', 'boordiepte_m > 50' of 'tiphoogte_m onbekend'"

type Values = Mapping[str, float | str | None]


@dataclass(frozen=True)
class Voorwaarde:
    """`naam` compared (`vergelijking`) with a number or a field of the opgave; without `vergelijking`: that `naam` is unknown."""

    naam: str
    vergelijking: str | None = None
    dan: float | str | None = None

    def __str__(self) -> str:
        """The condition as a rule states it."""
        if self.vergelijking is None:
            return f"{self.naam} {UNKNOWN}"
        return (
            f"{self.naam} {self.vergelijking} {self.dan:g}"
            if isinstance(self.dan, float)
            else f"{self.naam} {self.vergelijking} {self.dan}"
        )

    def holds(self, attributes: Values, opgave: Values) -> bool:
        """Tell whether it is so; a comparison with something unknown is not."""
        value = known_number((attributes if self.naam in ATTRIBUTES else opgave).get(self.naam))
        if self.vergelijking is None:
            return value is None
        limit = self.dan if isinstance(self.dan, float) else known_number(opgave.get(str(self.dan)))
        return value is not None and limit is not None and COMPARISONS[self.vergelijking](value, limit)


def read_voorwaarde(text: str) -> Voorwaarde:
    """Return the condition that a text states; a ValueError says in Dutch what is wrong with it."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"onleesbaar; {HOW}")
    name, sign, than = found.group("name", "sign", "than")
    if name not in ATTRIBUTES and name not in OPGAVE_FIELDS:
        raise ValueError(f"{name!r} is onbekend; kies uit {', '.join((*ATTRIBUTES, *OPGAVE_FIELDS))}")
    if sign is None:
        return Voorwaarde(name)
    if than in OPGAVE_FIELDS:
        return Voorwaarde(name, sign, than)
    limit = known_number(than)
    if limit is None:
        raise ValueError(f"{than!r} is geen getal met een decimale punt en geen gegeven van de opgave ({', '.join(OPGAVE_FIELDS)})")
    return Voorwaarde(name, sign, limit)


def known_number(value: float | str | None) -> float | None:
    """Return a value as a finite number, or None when it is not one, such as a text without a plain number."""
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value) else None
    return value if value is not None and math.isfinite(value) else None
