"""The rules as a matrix: per beperking and objectgroep the gravest thing that a rule says, to survey and to print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.api.tables import Cell
from app.register.begrippen import Begrip, Begrippen
from app.register.regels import Regel
from app.web.addresses import Addresses, Json

# A sign as well as a colour: not everyone sees the colour, and not every printer has it.
SIGNS = {"UITSLUITING": "U", "ZWAARWEGEND": "Z", "AANDACHTSPUNT": "A", "KOPPELKANS": "K", "GEEN": "–", "NIET_BEOORDEELD": "?"}
TITLES = {
    "json": "Deze matrix als JSON",
    "html": "Deze matrix als webpagina",
    "csv": "Deze matrix als CSV",
    "csv-nl": "Deze matrix als CSV voor Nederlandse Excel",
}
NOT_JUDGED = "NIET_BEOORDEELD"


@dataclass(frozen=True)
class Matrix:
    """Rules of some beperkingen, set out against all objectgroepen."""

    begrippen: Begrippen
    regels: Sequence[Regel]
    beperkingen: Sequence[Begrip]

    @property
    def table(self) -> tuple[list[str], Iterator[Sequence[Cell]]]:
        """A header and rows for a file: the ernst of every cell."""
        groups = list(self.begrippen["objectgroep"])
        rows = ([each.code, each.naam, each.ouder, *(self._ernst(group, each.code) for group in groups)] for each in self.beperkingen)
        return ["beperking", "naam", "kader", *groups], rows

    def describe(self, addresses: Addresses) -> Json:
        """Return the matrix as JSON shows it; the order of the list `ernst` decides what is gravest."""
        groups, grave = self.begrippen["objectgroep"].values(), self.begrippen["ernst"].values()
        return {
            "objectgroepen": [{"code": each.code, "naam": each.naam, "definitie": each.definitie} for each in groups],
            "legenda": [
                {"ernst": each.code, "teken": SIGNS[each.code], "naam": each.naam, "definitie": each.definitie}
                for each in grave
                if each.code in SIGNS
            ],
            "rijen": [self._row(each, addresses) for each in self.beperkingen],
        }

    def _row(self, beperking: Begrip, addresses: Addresses) -> Json:
        kader = self.begrippen.ouder_of(beperking)
        return {
            "beperking": beperking.code,
            "naam": beperking.naam,
            "kader": beperking.ouder,
            "kaderNaam": kader.naam if kader else "",
            "regime": beperking.kenmerken.get("regime"),
            "hardheid": beperking.kenmerken.get("hardheid"),
            "uri": addresses.at("begrippen", "beperking", beperking.code),
            "cellen": [self._cell(group, beperking.code, addresses) for group in self.begrippen["objectgroep"]],
        }

    def _cell(self, group: str, beperking: str, addresses: Addresses) -> Json:
        regels = self._by_pair.get((group, beperking), [])
        ernst = self._ernst(group, beperking)
        return {
            "objectgroep": group,
            "ernst": ernst,
            "teken": SIGNS.get(ernst, "?"),
            "naam": self.begrippen["ernst"][ernst].naam,
            "bevestigd": bool(regels) and all(each.bevestigd for each in regels),
            "voorwaardelijk": any(each.voorwaarde for each in regels),
            "provincie": any(each.gebied for each in regels),
            "regels": [each.code for each in regels],
            "href": f"{addresses.at('regels')}?objectgroep={group}&beperking={beperking}",
        }

    def _ernst(self, group: str, beperking: str) -> str:
        found = [each.ernst for each in self._by_pair.get((group, beperking), [])]
        return min(found, key=self._order.__getitem__, default=NOT_JUDGED)

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.begrippen["ernst"])}

    @cached_property
    def _by_pair(self) -> Mapping[tuple[str, str], list[Regel]]:
        found: dict[tuple[str, str], list[Regel]] = {}
        for regel in self.regels:
            found.setdefault((regel.objectgroep, regel.beperking), []).append(regel)
        return found
