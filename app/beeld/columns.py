"""The columns of a figure as clients see them, said once for JSON, CSV, XLSX and Parquet."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"


@dataclass(frozen=True)
class Column:
    """A published column: its name in the table, in files (snake_case) and in JSON (camelCase), its title and what it holds.

    `verdict` columns say how the figure of a parent relates to its gemeenten; `converted` ones are in the unit of the row.
    """

    stored: str
    name: str
    key: str
    title: str
    kind: Kind = Kind.TEXT
    verdict: bool = False
    converted: bool = False


FIGURE = (
    Column("energiebeeld", "energiebeeld", "energiebeeld", "Energiebeeld"),
    Column("gebied", "gebied_code", "gebiedCode", "Gebiedscode"),
    Column("gebied_naam", "gebied_naam", "gebiedNaam", "Gebied"),
    Column("niveau", "niveau", "niveau", "Schaalniveau"),
    Column("thema", "thema", "thema", "Thema"),
    Column("indicator", "indicator", "indicator", "Indicator"),
    Column("drager", "drager", "drager", "Energiedrager"),
    Column("keten", "keten", "keten", "Keten"),
    Column("subsector", "subsector", "subsector", "Subsector"),
    Column("hoofdsector", "hoofdsector", "hoofdsector", "Hoofdsector"),
    Column("techniek", "techniek", "techniek", "Techniek"),
    Column("richting", "richting", "richting", "Richting"),
    Column("jaar", "jaar", "jaar", "Jaar", Kind.INTEGER),
    Column("beeld", "beeld", "beeld", "Beeld"),
    Column("waarde", "waarde", "waarde", "Waarde", Kind.NUMBER, converted=True),
    Column("eenheid", "eenheid", "eenheid", "Eenheid"),
    Column("ondergrens", "ondergrens", "ondergrens", "Ondergrens", Kind.NUMBER, converted=True),
    Column("bovengrens", "bovengrens", "bovengrens", "Bovengrens", Kind.NUMBER, converted=True),
    Column("reden_leeg", "reden_leeg", "redenLeeg", "Reden dat de waarde ontbreekt"),
    Column("soort", "soort", "soort", "Soort"),
    Column("herkomst", "herkomst", "herkomst", "Herkomst"),
    Column("kwaliteit", "kwaliteit", "kwaliteit", "Kwaliteit"),
    Column("methode", "methode", "methode", "Methode"),
    Column("bron", "bron", "bron", "Bron"),
    Column("peiljaar", "peiljaar", "peiljaar", "Peiljaar", Kind.INTEGER),
    Column("indeling", "indeling", "indeling", "Gemeentelijke indeling van", Kind.DATE),
    Column("levering_id", "levering_id", "leveringId", "Levering", Kind.INTEGER),
)
VERDICT = (
    Column("oordeel", "oordeel", "oordeel", "Oordeel over de optelling", verdict=True),
    Column("geleverd", "geleverd", "geleverd", "Zelf geleverd", Kind.NUMBER, verdict=True, converted=True),
    Column("som", "som", "som", "Som van de gemeenten", Kind.NUMBER, verdict=True, converted=True),
    Column("rest", "rest", "rest", "Niet toegedeeld", Kind.NUMBER, verdict=True, converted=True),
    Column("verschil", "verschil", "verschil", "Verschil", Kind.NUMBER, verdict=True, converted=True),
    Column("kinderen", "kinderen", "kinderen", "Aantal gemeenten", Kind.INTEGER, verdict=True),
    Column("ontbrekend", "ontbrekend", "ontbrekend", "Ontbrekende gemeenten", Kind.LIST, verdict=True),
)
ALL = (*FIGURE, *VERDICT)

_OF_THE_FIGURE_ONLY = frozenset(
    ("waarde", "ondergrens", "bovengrens", "reden_leeg", "herkomst", "kwaliteit", "methode", "peiljaar", "levering_id")
)
RECONCILIATION = tuple(column for column in ALL if column.stored not in _OF_THE_FIGURE_ONLY)
