"""Add up figures of one indicator without counting anything twice, though some are totals of others and technieken are nested.

A figure that is not split along a dimension is the total as delivered; figures split along it are its parts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.beeld.cijfers import DIMENSIONS, POTENTIE, Cijfer
from app.register.begrippen import Begrippen

TOTAL = "TOTAAL"
VRAAG, AANBOD = "finale-vraag", "productie"
# Storage that smooths and energy that crosses the border are neither vraag nor aanbod of the gebied.
COUNTED = {VRAAG: ("", "VRAAG", "AFNAME"), AANBOD: ("", "AANBOD", "INVOEDING")}


def tidy(value: float) -> float:
    """Return a computed number in twelve figures: more than anyone measured, and less than where binary fractions show."""
    return float(f"{value:.12g}")


@dataclass(frozen=True)
class Added:
    """What figures come to: those that count (`parts`), and those that should but have no value (`missing`)."""

    parts: tuple[Cijfer, ...] = ()
    missing: tuple[Cijfer, ...] = ()

    @cached_property
    def som(self) -> float | None:
        """The sum of what is known, or None when nothing is."""
        return tidy(math.fsum(each.waarde or 0.0 for each in self.parts)) if self.parts else None

    @property
    def waarde(self) -> float | None:
        """The sum, or None when a part of it has no value: missing is not zero."""
        return None if self.missing else self.som

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure at all."""
        return not (self.parts or self.missing)


class Adder:
    """Adds up with the nesting of the code list of technieken."""

    def __init__(self, begrippen: Begrippen) -> None:
        self._above = begrippen.above

    def add(self, cijfers: Iterable[Cijfer]) -> Added:
        """Add up figures of one indicator, gebied, jaar and beeld: the delivered total, or else the topmost parts.

        A POTENTIE never counts, and richtingen are not added: what goes into a conversion comes out of it too.

        Where parts along one dimension overlap with parts along another, either set is at most the whole: the larger one counts.
        """
        figures = _in_one_direction([each for each in cijfers if each.soort != POTENTIE])
        known = [each for each in figures if each.waarde is not None]
        choices = [self._choose(known, first) for first in DIMENSIONS]
        parts = max(choices, key=lambda chosen: math.fsum(each.waarde or 0.0 for each in chosen))
        missing = [each for each in figures if each.waarde is None and not any(self._covers(part, each) for part in parts)]
        return Added(tuple(parts), tuple(missing))

    def _choose(self, known: Sequence[Cijfer], first: str) -> list[Cijfer]:
        """Take figures from the least split on, those that are split along `first` before others, as far as none overlaps another."""
        chosen: list[Cijfer] = []
        for each in sorted(known, key=lambda one: self._rank(one, first)):
            if not any(self._overlaps(each, other) for other in chosen):
                chosen.append(each)
        return chosen

    def _rank(self, cijfer: Cijfer, first: str) -> tuple[int, bool, int]:
        named = _named(cijfer)
        return sum(map(bool, named.values())), not named[first], len(self._above.get(cijfer.techniek, ()))

    def _covers(self, whole: Cijfer, part: Cijfer) -> bool:
        mine, theirs = _named(whole), _named(part)
        return all(mine[name] in ("", theirs[name], *self._over(name, theirs[name])) for name in DIMENSIONS)

    def _overlaps(self, one: Cijfer, other: Cijfer) -> bool:
        mine, theirs = _named(one), _named(other)
        return all(
            mine[name] in ("", theirs[name], *self._over(name, theirs[name])) or theirs[name] in ("", *self._over(name, mine[name]))
            for name in DIMENSIONS
        )

    def _over(self, name: str, code: str) -> tuple[str, ...]:
        return self._above.get(code, ()) if name == "techniek" else ()


def _in_one_direction(cijfers: Sequence[Cijfer]) -> list[Cijfer]:
    richtingen = {each.richting for each in cijfers}
    only = ("",) if "" in richtingen else tuple(richtingen) if len(richtingen) == 1 else ()
    return [each for each in cijfers if each.richting in COUNTED.get(each.indicator, only)]


def _named(cijfer: Cijfer) -> dict[str, str]:
    """Return its value along each dimension; the total of all energiedragers is not split."""
    return dict(zip(DIMENSIONS, ("" if cijfer.drager == TOTAL else cijfer.drager, *cijfer.split[1:]), strict=True))
