"""Store a levering in one transaction: all of it or nothing, and the one before it is superseded, not changed."""

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson
import psycopg
from psycopg.types.json import Jsonb

from app.database.connections import Role, connect
from app.ingest.cijfers.storing import CheckedFigures, copy_figures
from app.ingest.mapping import Values
from app.ingest.quarantine import Part
from app.ingest.rasters import CheckedRaster, copy_rasters, keep_files
from app.ingest.report import DatasetCounts, Progress, Report, closed
from app.ingest.source import OPVOLGING, Dataset, Facts, Source
from app.ingest.table import Table
from app.problems import Unavailable
from app.register.crs import as_ewkb
from app.settings import Settings

INSERT_LEVERING = """
insert into facts.levering (bron, title, publisher, license, homepage, attribution, peildatum, demo, files, report)
values (%(bron)s, %(title)s, %(publisher)s, %(license)s, %(homepage)s, %(attribution)s, %(peildatum)s, %(demo)s, %(files)s, '{}')
returning id
"""
INSERT_FACTS = "insert into facts.levering_facts values (%s, %s, %s)"
SUPERSEDE = "update facts.levering set status = 'SUPERSEDED' where bron = %s and status = 'CURRENT' returning id"
WITHDRAW_DEMO = "update facts.levering set status = 'WITHDRAWN' where demo and status = 'CURRENT' returning bron"
CURRENT_FILES = "select files, report->>'declaration' from facts.levering where bron = %s and status = 'CURRENT'"
CURRENT_ROWS = """
select facts, rows from facts.levering_facts join facts.levering on levering.id = levering_id where bron = %s and status = 'CURRENT'
"""
COPY_OBJECT = "copy facts.object (levering_id, collection, object_id, eigenschappen, geometrie) from stdin"
COPY_GEBIED = "copy facts.gebied (levering_id, code, soort, naam, geldig_vanaf, geldig_tot, geometrie) from stdin"
COPY_RELATIE = (
    "copy facts.gebied_relatie (levering_id, kind_code, ouder_code, ouder_soort, ouder_naam, geldig_vanaf, geldig_tot) from stdin"
)
COPY_OPVOLGING = "copy facts.gebied_opvolging (levering_id, oud, nieuw, datum, soort, aandeel, grondslag) from stdin"
COPY_BRONDEKKING = "copy facts.brondekking (levering_id, collection, gebied, geometrie) from stdin"
TAKEN_IDS = """
select object_id, current_object.bron from facts.current_object
join facts.levering on levering.id = levering_id
where collection = %s and current_object.bron <> %s and demo = %s and object_id = any(%s)
order by object_id limit 20
"""
GEBIED_CODES = """
select distinct code from facts.current_gebied
join facts.levering on levering.id = levering_id
where soort = %s and demo = %s and geldig_vanaf <= %s and (geldig_tot is null or geldig_tot > %s)
"""


@dataclass(frozen=True)
class Checked:
    """The rows of one dataset as they will be stored: keys, properties, and geometry in RD."""

    dataset: Dataset
    table: Table
    keys: Values
    properties: Mapping[str, Values]
    counts: DatasetCounts


@dataclass(frozen=True)
class Levering:
    """What is stored together: the source, the delivered files, the checked datasets and the checked figures."""

    source: Source
    parts: tuple[Part, ...]
    datasets: tuple[Checked, ...]
    figures: CheckedFigures | None = None
    rasters: tuple[CheckedRaster, ...] = ()


def declaration_of(source: Source) -> str:
    """Return a hash of the source as declared: the same files mapped otherwise are another levering."""
    return hashlib.sha256(source.model_dump_json().encode()).hexdigest()


def is_current(settings: Settings, source: Source, parts: Sequence[Part]) -> bool:
    """Tell whether exactly these files, read in this way, are the current levering of the source."""
    with connect(settings, Role.IMPORT) as connection:
        row = connection.execute(CURRENT_FILES, [source.id]).fetchone()
    if row is None or row[1] != declaration_of(source):
        return False
    return {each["sha256"] for each in row[0]} == {each.sha256 for each in parts}


def current_rows(settings: Settings, source: Source) -> Mapping[str, int]:
    """Return how many rows of each kind of facts the current levering of the source holds."""
    with connect(settings, Role.IMPORT) as connection:
        return dict(connection.execute(CURRENT_ROWS, [source.id]).fetchall())


def valid_codes(settings: Settings, source: Source, soort: str) -> frozenset[str]:
    """Return the codes of gebieden of this soort that are valid at the peildatum; the demo knows only its own."""
    with connect(settings, Role.IMPORT) as connection:
        rows = connection.execute(GEBIED_CODES, [soort, source.demo, source.peildatum, source.peildatum])
        return frozenset(code for (code,) in rows)


def taken_ids(settings: Settings, source: Source, checked: Checked) -> Mapping[str, str]:
    """Return which of these object ids another source already uses in the same collection (at most twenty, with that source)."""
    with connect(settings, Role.IMPORT) as connection:
        values = [checked.dataset.collection, source.id, source.demo, list(checked.keys)]
        return dict(connection.execute(TAKEN_IDS, values).fetchall())


def store(settings: Settings, levering: Levering, report: Report, progress: Progress, *, keep_demo: bool = False) -> Report:
    """Store the levering and return the report as kept with it, or raise Unavailable with the database as it was."""
    try:
        with connect(settings, Role.IMPORT) as connection:
            # Two imports of the same source wait for each other; the second then supersedes the first.
            connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"levering {levering.source.id}"])
            keep_files(settings, connection, levering.rasters)
            return _store(connection, levering, (report, keep_demo), progress)
    except psycopg.errors.LockNotAvailable as busy:
        raise Unavailable("Een andere import van deze bron is nog bezig; er is niets opgeslagen. Probeer het straks opnieuw.") from busy
    except psycopg.OperationalError as lost:
        raise Unavailable(
            "De database viel weg tijdens het opslaan; er is niets half opgeslagen. Herhaal de import: was hij toch al gelukt,"
            f" dan meldt hij 'ongewijzigd'. ({lost})"
        ) from lost


def _store(connection: psycopg.Connection, levering: Levering, told: tuple[Report, bool], progress: Progress) -> Report:
    report, keep_demo = told
    source = levering.source
    superseded = [levering_id for (levering_id,) in connection.execute(SUPERSEDE, [source.id])]
    levering_id = _insert_levering(connection, levering)
    connection.execute("update facts.levering set superseded_by = %s where id = any(%s)", [levering_id, superseded])
    _copy_all(connection, levering, levering_id, progress)
    _copy_coverage(connection, levering, levering_id)
    for target, cells in copy_rasters(connection, levering.rasters, levering_id):
        connection.execute(INSERT_FACTS, [levering_id, target, cells])
    if levering.figures is not None:
        progress("cijfers opslaan")
        rows = copy_figures(connection, source, levering.figures, levering_id)
        connection.execute(INSERT_FACTS, [levering_id, str(Facts.CIJFER), rows])
    withdrawn = () if source.demo or keep_demo else tuple(bron for (bron,) in connection.execute(WITHDRAW_DEMO))
    kept = closed(report, levering_id=levering_id, withdrawn=withdrawn, declaration=declaration_of(source))
    connection.execute("update facts.levering set report = %s where id = %s", [kept.as_json(), levering_id])
    progress("vastleggen")
    return kept


def _insert_levering(connection: psycopg.Connection, levering: Levering) -> int:
    described = levering.source.model_dump(include={"title", "publisher", "license", "homepage", "attribution", "peildatum", "demo"})
    files = [{"name": part.name, "sha256": part.sha256, "bytes": part.bytes} for part in levering.parts]
    values = {"bron": levering.source.id, "files": Jsonb(files), **described}
    row = connection.execute(INSERT_LEVERING, values).fetchone()
    if row is None:
        raise Unavailable("De database gaf de levering geen nummer.")
    return int(row[0])


def _copy_all(connection: psycopg.Connection, levering: Levering, levering_id: int, progress: Progress) -> None:
    by_target = itertools.groupby(sorted(levering.datasets, key=lambda each: each.dataset.target), key=lambda each: each.dataset.target)
    for target, group in by_target:
        rows = 0
        for checked in group:
            progress(f"{target} opslaan")
            rows += _copy(connection, checked, levering_id)
        connection.execute(INSERT_FACTS, [levering_id, target, rows])


def _copy(connection: psycopg.Connection, checked: Checked, levering_id: int) -> int:
    statement, rows = {
        Facts.OBJECT: (COPY_OBJECT, _object_rows),
        Facts.GEBIED: (COPY_GEBIED, _gebied_rows),
        Facts.GEBIED_RELATIE: (COPY_RELATIE, _relatie_rows),
        Facts.GEBIED_OPVOLGING: (COPY_OPVOLGING, _opvolging_rows),
        Facts.BRONDEKKING: (COPY_BRONDEKKING, _brondekking_rows),
    }[checked.dataset.facts]
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows(checked):
            copy.write_row((levering_id, *row))
            count += 1
    return count


def _copy_coverage(connection: psycopg.Connection, levering: Levering, levering_id: int) -> None:
    """Keep the gebieden within which datasets are said to be complete."""
    covered = {(each.collection, code) for each in levering.source.datasets if each.brondekking for code in each.brondekking.gebieden}
    with connection.cursor() as cursor, cursor.copy(COPY_BRONDEKKING) as copy:
        for collection, code in sorted(covered, key=str):
            copy.write_row((levering_id, collection, code, None))


def _object_rows(checked: Checked) -> Iterator[tuple[object, ...]]:
    names = tuple(checked.properties)
    values = zip(*checked.properties.values(), strict=True) if names else itertools.repeat((), len(checked.keys))
    for key, row, geometry in zip(checked.keys, values, _hex(checked.table), strict=True):
        yield checked.dataset.collection, key, orjson.dumps(dict(zip(names, row, strict=True))).decode(), geometry


def _gebied_rows(checked: Checked) -> Iterator[tuple[object, ...]]:
    dataset = checked.dataset
    for key, naam, geometry in zip(checked.keys, checked.properties["naam"], _hex(checked.table), strict=True):
        yield key, dataset.soort, naam, dataset.valid_from, dataset.valid_to, geometry


def _relatie_rows(checked: Checked) -> Iterator[tuple[object, ...]]:
    dataset = checked.dataset
    for parent in dataset.parents:
        for key, code, naam in zip(checked.keys, checked.properties[parent.code], checked.properties[parent.name], strict=True):
            yield key, code, parent.soort, naam, dataset.valid_from, dataset.valid_to


def _opvolging_rows(checked: Checked) -> Iterator[tuple[object, ...]]:
    yield from zip(*(checked.properties[name] for name in OPVOLGING), strict=True)


def _brondekking_rows(checked: Checked) -> Iterator[tuple[object, ...]]:
    for geometry in _hex(checked.table):
        yield checked.dataset.collection, None, geometry


def _hex(table: Table) -> list[str]:
    if table.geometry is None:
        raise TypeError("facts with geometry need a table with geometry")
    return as_ewkb(table.geometry.shapes)
