"""Facts inserted by hand: gemeenten, who belongs to whom, and figures that a person can add up on paper.

A, B, C and D are gemeenten; A and B lie in provincie PV98, C and D in PV99; regio ES97 is A, regio ES98 is B and C (across the border),
regio ES99 is D. In 2023 C and D have merged into E, which is in PV99 and ES98.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import psycopg
import pytest
from psycopg.rows import dict_row

from app.database import Role, connect
from app.publish.figures import build_figures
from app.register.afleidingen import Afleidingen
from app.settings import Settings

OLD, NEW = "2022-01-01", "2023-01-01"
A, B, C, D, E = "GM9001", "GM9002", "GM9003", "GM9004", "GM9005"
MEMBERS = {
    OLD: {A: ("PV98", "ES97"), B: ("PV98", "ES98"), C: ("PV99", "ES98"), D: ("PV99", "ES99")},
    NEW: {A: ("PV98", "ES97"), B: ("PV98", "ES98"), E: ("PV99", "ES98")},
}
LAND = "NL01"
CONCEPT = "NL01-2026-0.1"
INDICATOREN = {
    "finale-vraag": {"thema": "VRAAG", "eenheid": "TJ", "aggregatie": "SOM", "decimalen": "2"},
    "ruw": {"thema": "VRAAG", "eenheid": "TJ", "aggregatie": "SOM", "tolerantie": "5"},
    "woningen": {"thema": "GEBIED", "eenheid": "aantal", "aggregatie": "SOM", "decimalen": "0"},
    "gas-per-woning": {"thema": "VRAAG", "eenheid": "m3", "aggregatie": "GEWOGEN_GEMIDDELDE", "gewicht": "woningen", "decimalen": "0"},
    "piekvraag": {"thema": "VRAAG", "eenheid": "MW", "aggregatie": "NIET"},
    "hoogste-piek": {"thema": "VRAAG", "eenheid": "MW", "aggregatie": "MAX"},
}
LISTS = {
    "kwaliteit": ("GEMETEN", "GEREGISTREERD", "GEMODELLEERD", "GESCHAT", "TOEGEDEELD"),
    "soort": ("REALISATIE", "PLAN_VASTGESTELD", "BEELD", "POTENTIE"),
}

LEVERING = """
insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report, status)
values (%s, %s, 'Test', 'https://example.org', 'https://example.org', %s, '[]', '{}', 'CURRENT') returning id
"""
ENERGIEBEELD = """
insert into facts.energiebeeld
    (levering_id, id, gebied, ronde, versie, status, opsteller, gedragen_door, datum_gedragen, gebaseerd_op, grondslag, peildatum)
values (%s, %s, %s, '2026', %s, %s, 'Proef', %s, %s, %s, %s, '2024-01-01')
"""
CIJFER = """
insert into facts.cijfer
    (levering_id, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, indeling, waarde, ondergrens,
    bovengrens, soort, herkomst, kwaliteit, waarde_bron, eenheid_bron, methode, reden_leeg)
values (%(levering)s, %(energiebeeld)s, %(gebied)s, %(indicator)s, %(drager)s, %(subsector)s, %(techniek)s, '', %(jaar)s, %(beeld)s,
    %(indeling)s, %(waarde)s, %(ondergrens)s, %(bovengrens)s, %(soort)s, %(herkomst)s, %(kwaliteit)s, %(waarde)s, 'TJ', null,
    %(reden_leeg)s)
"""

type Row = dict[str, object]


@dataclass(frozen=True)
class Cijfer:
    """A figure to insert; without a value it is empty for a reason."""

    gebied: str
    waarde: float | None
    indicator: str = "finale-vraag"
    drager: str = ""
    subsector: str = ""
    techniek: str = ""
    jaar: int = 2022
    beeld: str = "HUIDIG"
    indeling: str = OLD
    ondergrens: float | None = None
    bovengrens: float | None = None
    soort: str = "REALISATIE"
    herkomst: str = "CONCEPT_RIJK"
    kwaliteit: str = "GEREGISTREERD"
    reden_leeg: str | None = None


@dataclass(frozen=True)
class Beeld:
    """An energiebeeld to insert; with a grondslag it layers over those leveringen, and is gedragen unless told otherwise."""

    id: str = CONCEPT
    gebied: str = LAND
    gebaseerd_op: str | None = None
    grondslag: list[int] = field(default_factory=list)
    datum_gedragen: str = "2026-01-01"
    status: str | None = None


class Desk:
    """Inserts leveringen and builds figures from them on one connection."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def deliver(self, cijfers: Sequence[Cijfer], bron: str = "bron-a", beeld: Beeld | None = None, peildatum: str = "2024-01-01") -> int:
        """Insert a levering of figures; the one before it from the same source is superseded."""
        beeld = beeld or Beeld()
        self.connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = %s and status = 'CURRENT'", [bron])
        row = self.connection.execute(LEVERING, [bron, bron, peildatum]).fetchone()
        assert row is not None
        status = beeld.status or ("GEDRAGEN" if beeld.grondslag else "CONCEPT")
        gedragen = status == "GEDRAGEN"
        self.connection.execute(
            ENERGIEBEELD,
            [
                row[0],
                beeld.id,
                beeld.gebied,
                beeld.id.rpartition("-")[2],
                status,
                ["Gemeente A"] if gedragen else [],
                beeld.datum_gedragen if gedragen else None,
                beeld.gebaseerd_op,
                beeld.grondslag,
            ],
        )
        with self.connection.cursor() as cursor:
            values = [{**vars(cijfer), "levering": row[0], "energiebeeld": beeld.id} for cijfer in cijfers]
            empty = [each | {"reden_leeg": each["reden_leeg"] or ("ONBEKEND" if each["waarde"] is None else None)} for each in values]
            cursor.executemany(CIJFER, empty)
        self.connection.execute("insert into facts.levering_facts values (%s, 'cijfer', %s)", [row[0], len(cijfers)])
        return int(row[0])

    def figures(self, afleidingen: Afleidingen | None = None) -> list[Row]:
        """Build the figures, with what is derived if asked; return all rows in their order, and take the table away again."""
        with self.connection.transaction(force_rollback=True):
            count = build_figures(self.connection, "cijfers_000000000000", afleidingen or Afleidingen())
            with self.connection.cursor(row_factory=dict_row) as cursor:
                rows = cursor.execute("select * from publication.cijfers_000000000000 order by rij").fetchall()
        assert count == len(rows)
        return rows

    def figure(self, gebied: str, **where: object) -> Row:
        """Return the one published figure of a gebied."""
        found = [row for row in self.figures() if row["gebied"] == gebied and all(row[name] == value for name, value in where.items())]
        assert len(found) == 1, found
        return found[0]


def insert_register(connection: psycopg.Connection) -> None:
    """Insert the code lists and the gebieden of both divisions, as current leveringen."""
    for order, (code, kenmerken) in enumerate(INDICATOREN.items()):
        connection.execute(
            "insert into facts.begrip values ('indicator', %s, %s, null, %s, %s)", [code, code, json.dumps(kenmerken), order]
        )
    for lijst, codes in LISTS.items():
        for order, code in enumerate(codes):
            connection.execute("insert into facts.begrip values (%s, %s, %s, null, '{}', %s)", [lijst, code, code, order])
    connection.execute(
        "insert into facts.begrip values ('energiedrager', 'AARDGAS', 'Aardgas', 'KOOLSTOF', '{}', 0),"
        " ('subsector', 'WONINGEN', 'Woningen', 'WONEN', '{}', 0), ('land', 'NL01', 'Nederland', null, '{}', 0)"
    )
    row = connection.execute(LEVERING, ["gebieden", "Gebieden", OLD]).fetchone()
    assert row is not None
    for start, end in ((OLD, NEW), (NEW, None)):
        for code, parents in MEMBERS[start].items():
            connection.execute(
                "insert into facts.gebied values (%s, %s, 'GEMEENTE', %s, %s, %s)", [row[0], code, f"Gemeente {code[-1]}", start, end]
            )
            for parent, soort in zip(parents, ("PROVINCIE", "REGIO"), strict=True):
                connection.execute(
                    "insert into facts.gebied_relatie values (%s, %s, %s, %s, %s, %s, %s)",
                    [row[0], code, parent, soort, f"{soort.title()} {parent[2:]}", start, end],
                )
    connection.execute("insert into facts.levering_facts values (%s, 'gebied', 7), (%s, 'gebied_relatie', 14)", [row[0], row[0]])


@pytest.fixture(scope="module")
def register(database_settings: Settings) -> Settings:
    """A database with the gebieden of both divisions and the code lists."""
    with connect(database_settings, Role.IMPORT) as connection:
        insert_register(connection)
    return database_settings


@pytest.fixture
def desk(register: Settings) -> Iterator[Desk]:
    """A desk whose leveringen are gone after the test."""
    with connect(register, Role.IMPORT) as connection:
        yield Desk(connection)
        connection.rollback()
