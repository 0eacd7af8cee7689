"""Store figures with their energiebeelden, and count in the database what arrived."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from app.ingest.cijfers.declaration import Energiebeeld
from app.ingest.cijfers.ledger import Ledger
from app.ingest.cijfers.summing import differences
from app.ingest.report import IndicatorSums
from app.ingest.source import Source
from app.problems import ImportFault

TEXTS = ("energiebeeld", "gebied", "indicator", "drager", "subsector", "techniek", "richting", "beeld", "soort", "herkomst", "kwaliteit")
COPY = (
    f"copy facts.cijfer (levering_id, {', '.join(TEXTS)}, jaar, indeling, waarde, ondergrens, bovengrens, waarde_bron,"
    " eenheid_bron, methode, reden_leeg) from stdin"
)
INSERT_ENERGIEBEELD = """
insert into facts.energiebeeld (levering_id, id, gebied, ronde, versie, status, opsteller, gedragen_door, datum_gedragen, gebaseerd_op,
 grondslag, toelichting, peildatum)
values (%(levering_id)s, %(id)s, %(gebied)s, %(ronde)s, %(versie)s, %(status)s, %(opsteller)s, %(gedragen_door)s, %(datum_gedragen)s,
 %(gebaseerd_op)s, %(grondslag)s, %(toelichting)s, %(peildatum)s)
"""
INSERT_BEELD = """
insert into facts.beeld (levering_id, energiebeeld, code, naam, soort, familie, omschrijving, rekening_gehouden_met)
values (%(levering_id)s, %(energiebeeld)s, %(code)s, %(naam)s, %(soort)s, %(familie)s, %(omschrijving)s, %(rekening_gehouden_met)s)
"""
# A version that was made on certain leveringen keeps them: a later concept does not change what was agreed upon.
PINNED = """
select grondslag from facts.energiebeeld where id = %s and gebaseerd_op = %s and grondslag <> '{}' order by levering_id desc limit 1
"""
CURRENT = "select array_agg(distinct levering_id order by levering_id) from facts.current_cijfer where energiebeeld = %s"
STORED = "select indicator, waarde from facts.cijfer where levering_id = %s"


@dataclass(frozen=True)
class CheckedFigures:
    """The figures of a levering as they will be stored, and their sums."""

    ledger: Ledger
    sums: tuple[IndicatorSums, ...]

    @property
    def count(self) -> int:
        """How many figures will be stored."""
        return int(self.ledger.sound.sum())


def copy_figures(connection: psycopg.Connection, source: Source, figures: CheckedFigures, levering_id: int) -> int:
    """Store energiebeelden, beelden and figures; raise ImportFault when the database then holds another sum than was delivered."""
    for energiebeeld in source.energiebeelden:
        _insert_energiebeeld(connection, energiebeeld, source, levering_id)
    count = 0
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in _rows(figures.ledger):
            copy.write_row((levering_id, *row))
            count += 1
    found = differences(figures.sums, _stored(connection, levering_id))
    if found:
        raise ImportFault("De sommen van wat is geleverd, opgeslagen en geweigerd sluiten niet; er is niets opgeslagen.", found)
    return count


def _insert_energiebeeld(connection: psycopg.Connection, energiebeeld: Energiebeeld, source: Source, levering_id: int) -> None:
    described = energiebeeld.model_dump(exclude={"beelden"})
    values = {**described, "levering_id": levering_id, "peildatum": energiebeeld.peildatum or source.peildatum}
    values["gedragen_door"] = list(energiebeeld.gedragen_door)
    values["grondslag"] = _grondslag(connection, energiebeeld)
    connection.execute(INSERT_ENERGIEBEELD, values)
    for beeld in energiebeeld.beelden:
        told = {**beeld.model_dump(), "rekening_gehouden_met": list(beeld.rekening_gehouden_met)}
        connection.execute(INSERT_BEELD, {**told, "levering_id": levering_id, "energiebeeld": energiebeeld.id})


def grondslag_of(connection: psycopg.Connection, energiebeeld: Energiebeeld) -> Sequence[int] | None:
    """Return the leveringen under an energiebeeld: those it was first made on, or the current ones of the energiebeeld under it.

    None when it is based on an energiebeeld of which there are no figures.
    """
    if energiebeeld.gebaseerd_op is None:
        return []
    pinned = connection.execute(PINNED, [energiebeeld.id, energiebeeld.gebaseerd_op]).fetchone()
    row = pinned or connection.execute(CURRENT, [energiebeeld.gebaseerd_op]).fetchone()
    return None if row is None or row[0] is None else list(row[0])


def _grondslag(connection: psycopg.Connection, energiebeeld: Energiebeeld) -> Sequence[int]:
    found = grondslag_of(connection, energiebeeld)
    if found is None:
        raise ImportFault(
            f"Energiebeeld {energiebeeld.id} is gebaseerd op {energiebeeld.gebaseerd_op}, en daarvan zijn geen cijfers geladen."
            " Importeer die eerst."
        )
    return found


def _rows(ledger: Ledger) -> Iterator[tuple[object, ...]]:
    sound = ledger.sound
    columns: list[Iterable[object]] = [ledger.texts(name)[sound] for name in TEXTS]
    columns += [ledger.whole("jaar")[sound].tolist(), ledger.texts("indeling")[sound]]
    columns += [_or_none(ledger.numbers(name)[sound].tolist()) for name in ("waarde", "ondergrens", "bovengrens", "bron")]
    columns += [ledger.texts("eenheid")[sound], *(_given(ledger.texts(name)[sound]) for name in ("methode", "reden_leeg"))]
    return zip(*columns, strict=True)


def _or_none(numbers: list[float]) -> list[float | None]:
    return [None if math.isnan(number) else number for number in numbers]


def _given(texts: Iterable[str]) -> list[str | None]:
    return [text or None for text in texts]


def _stored(connection: psycopg.Connection, levering_id: int) -> Mapping[str, tuple[int, float]]:
    values: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    for indicator, value in connection.execute(STORED, [levering_id]):
        counts[indicator] = counts.get(indicator, 0) + 1
        if value is not None:
            values.setdefault(indicator, []).append(value)
    return {indicator: (count, math.fsum(values.get(indicator, ()))) for indicator, count in counts.items()}
