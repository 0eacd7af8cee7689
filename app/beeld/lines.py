"""Figures laid out as lines of a table: per subject what it amounts to at each place (a gebied, a year), with a total where one may add."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.beeld.adding import Adder
from app.beeld.cijfers import Cijfer

UNKNOWN = "ONBEKEND"


@dataclass(frozen=True)
class Subject:
    """What a line is about; `totaal` is everything of an indicator that was asked, added up."""

    indicator: str
    totaal: bool
    drager: str = ""
    subsector: str = ""
    techniek: str = ""
    richting: str = ""
    keten: str = ""
    hoofdsector: str = ""
    eenheid: str = ""

    @property
    def place(self) -> tuple[object, ...]:
        """Where its line stands: by code, a total before what it is made of."""
        return self.indicator, not self.totaal, self.drager, self.subsector, self.techniek, self.richting


@dataclass(frozen=True)
class Amount:
    """A value, or why there is none, and the figures behind it."""

    waarde: float | None
    reden_leeg: str
    cijfers: tuple[Cijfer, ...]


type Lines[Place: Hashable] = Mapping[Subject, Mapping[Place, Amount]]


def lines_of[Place: Hashable](
    cijfers: Sequence[Cijfer], place: Callable[[Cijfer], Place], additive: Callable[[str], bool], adder: Adder
) -> Lines[Place]:
    """Return a line per subject, and one with the total of every additive indicator that has several; in the order of the codes."""
    lines: dict[Subject, dict[Place, Amount]] = {}
    for each in cijfers:
        lines.setdefault(_subject(each), {})[place(each)] = Amount(each.waarde, each.reden_leeg, (each,))
    subjects = sorted(lines, key=lambda subject: subject.place)
    for indicator, several in groupby(subjects, key=lambda subject: subject.indicator):
        if additive(indicator) and len(list(several)) > 1:
            mine = [each for each in cijfers if each.indicator == indicator]
            if total := _total(mine, place, adder):
                lines[Subject(indicator, totaal=True, eenheid=mine[0].eenheid)] = total
    return {subject: lines[subject] for subject in sorted(lines, key=lambda subject: subject.place)}


def _total[Place: Hashable](mine: Sequence[Cijfer], place: Callable[[Cijfer], Place], adder: Adder) -> dict[Place, Amount]:
    by_place: dict[Place, list[Cijfer]] = {}
    for each in mine:
        by_place.setdefault(place(each), []).append(each)
    added = {each: adder.add(figures) for each, figures in by_place.items()}
    return {
        each: Amount(one.waarde, "" if one.waarde is not None else UNKNOWN, (*one.parts, *one.missing))
        for each, one in added.items()
        if not one.is_empty
    }


def _subject(cijfer: Cijfer) -> Subject:
    return Subject(
        cijfer.indicator,
        totaal=False,
        drager=cijfer.drager,
        subsector=cijfer.subsector,
        techniek=cijfer.techniek,
        richting=cijfer.richting,
        keten=cijfer.keten,
        hoofdsector=cijfer.hoofdsector,
        eenheid=cijfer.eenheid,
    )
