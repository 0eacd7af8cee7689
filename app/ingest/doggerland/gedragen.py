"""What the parties in one regio of Doggerland agreed on: their own figures, to lie over the concept as a gedragen version."""

from collections.abc import Iterator, Mapping

from app.ingest.declared import Declared
from app.ingest.doggerland.sheets import Row, Sheet

WITHDRAWN = "NVT"


class AgreedFigure(Declared):
    """One figure for several gemeenten; a gemeente without a value withdraws what the concept says of it."""

    indicator: str
    drager: str = ""
    subsector: str = ""
    techniek: str = ""
    eenheid: str
    jaar: int
    beeld: str = "HUIDIG"
    soort: str = "REALISATIE"
    herkomst: str
    kwaliteit: str
    values: Mapping[str, float | None]


class Agreement(Declared):
    """The figures of a regio that differ from the concept, or that the concept lacks."""

    regio: str
    figures: tuple[AgreedFigure, ...]

    @property
    def gemeenten(self) -> frozenset[str]:
        """The gemeenten that it says something of."""
        return frozenset(code for each in self.figures for code in each.values)


def draw_gedragen(agreement: Agreement) -> Sheet:
    """Return the figures as a generic levering, one row each."""
    return Sheet("gedragen", tuple(row for each in agreement.figures for row in _rows(each)))


def _rows(figure: AgreedFigure) -> Iterator[Row]:
    codes = figure.model_dump(exclude={"values"})
    for gebied, value in sorted(figure.values.items()):
        yield Row({"gebied": gebied, **codes, "waarde": value, "reden_leeg": WITHDRAWN if value is None else ""})
