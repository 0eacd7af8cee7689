"""Hold energy objects against opgaven, one beperking after another, and store what the rules say of each pair."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import psycopg
import shapely
from psycopg import sql

from app.overlap.cells import Cells
from app.overlap.judging import KOPPELKANS, Oordeel, weigh
from app.overlap.measuring import Geometries, Measured, Metres, Numbers, Parts, measure
from app.overlap.opgaven import Encounter, Opgave
from app.overlap.toets import NOT_JUDGED
from app.publish.overlap.objecten import Known, footprints_of
from app.publish.overlap.rasters import in_batches
from app.register.begrippen import Begrip
from app.register.crs import as_ewkb
from app.register.regels import Regelset
from app.register.tables import SCHEMA, opgaven_names

# Parts of opgaven that are in memory at a time; the parts of one opgave stay together.
PARTS_AT_ONCE = 200_000
# Up to so many objects it is quicker to look for what is near each than to read all opgaven.
FEW = 2_000
SILENT = frozenset({"GEEN", NOT_JUDGED})
SIGNAL = (
    *("id", "object_laag", "object_id", "object_naam", "objecttype", "status"),
    *("opgave_laag", "opgave_id", "opgave_naam", "beperking", "kader", "ernst", "hardheid", "relatie", "reden", "regel"),
    *("provincie_regel", "bevestigd", "bevoegd_gezag", "overlap_m2", "aandeel_pct", "afstand_m", "randraak"),
    *("ruimtebeslag_m2", "ruimtebeslag_methode", "geometrie"),
)

type Row = tuple[object, ...]


@dataclass(frozen=True)
class Rules:
    """What weighs: the rules, on a day, and what the beperkingen are that they are about."""

    regelset: Regelset
    beperkingen: Mapping[str, Begrip]
    day: dt.date


@dataclass(frozen=True)
class Signaller:
    """What holds objects against the opgaven in the tables of this name, by these rules, and writes the signals to `target`."""

    connection: psycopg.Connection
    opgaven: str
    rules: Rules
    target: str
    rasters: tuple[Cells, ...] = ()

    def signal(self, objects: Sequence[Known], only_new: bool) -> None:
        """Store the signals of these objects, against the opgaven of the temporary table nieuwe_opgave alone when `only_new`."""
        for beperking in self._beperkingen():
            concerned = [each for each in objects if self._says(each.subject.objectgroep, beperking)]
            if concerned:
                reach = np.array([self._reach(each, beperking) for each in concerned])
                self._signal(concerned, reach, self._parts(beperking, (concerned, reach), only_new=only_new))
        for cells in self.rasters:
            concerned = [each for each in objects if any(self._says(each.subject.objectgroep, code) for code in cells.layer.raster.codes)]
            self._signal_cells(concerned, self._only_new(cells) if only_new else cells)

    def _signal_cells(self, objects: Sequence[Known], cells: Cells) -> None:
        for some in in_batches(objects) if cells.opgaven else ():
            measured, _ = cells.measure([each.subject.footprint.geometry for each in objects[some]])
            self._store(measured, objects[some])

    def _only_new(self, cells: Cells) -> Cells:
        new = {nr for (nr,) in self.connection.execute("select nr from nieuwe_opgave")}
        return replace(cells, opgaven={number: nr for number, nr in cells.opgaven.items() if nr in new})

    def _says(self, objectgroep: str, beperking: str) -> bool:
        return any(regel.ernst not in SILENT for regel in self.rules.regelset.by_pair.get((objectgroep, beperking), ()))

    def _reach(self, known: Known, beperking: str) -> float:
        return self.rules.regelset.reach_m(known.subject.objectgroep, beperking, known.subject.attributes)

    def _beperkingen(self) -> list[str]:
        table = sql.Identifier(SCHEMA, self.opgaven)
        rows = self.connection.execute(sql.SQL("select distinct beperking from {} order by beperking").format(table))
        return [code for (code,) in rows]

    def _signal(self, objects: Sequence[Known], reach: Metres, batches: Iterator[Parts]) -> None:
        footprints = footprints_of(objects)
        within = reach[footprints.owners] if reach.any() else None
        for parts in batches:
            for measured in measure(footprints, parts, reach=within, keep=True):
                self._store(measured, objects)

    def _parts(self, beperking: str, around: tuple[Sequence[Known], Metres], *, only_new: bool) -> Iterator[Parts]:
        """Yield the parts of the opgaven of a beperking, the parts of one opgave together."""
        conditions: list[sql.Composable] = [sql.SQL("deel.beperking = {}").format(sql.Literal(beperking))]
        if only_new:
            conditions.append(sql.SQL("deel.nr in (select nr from nieuwe_opgave)"))
        elif len(around[0]) <= FEW:
            self._look_around(*around)
            conditions.append(sql.SQL("exists (select from zoekvak where zoekvak.vak && deel.deel)"))
        query = sql.SQL("select deel.nr, ST_AsBinary(deel.deel) from {} deel where {} order by deel.nr").format(
            sql.Identifier(SCHEMA, opgaven_names(self.opgaven).delen), sql.SQL(" and ").join(conditions)
        )
        with self.connection.cursor(name="delen", binary=True) as cursor:
            cursor.execute(query)
            yield from _in_batches(cursor)

    def _look_around(self, objects: Sequence[Known], reach: Metres) -> None:
        """Fill the temporary table zoekvak with the boxes in which these objects look for opgaven."""
        self.connection.execute("drop table if exists zoekvak")
        self.connection.execute("create temp table zoekvak (vak geometry)")
        boxes = shapely.bounds([each.subject.footprint.geometry for each in objects]) + reach[:, None] * np.array([-1, -1, 1, 1])
        with self.connection.cursor() as cursor, cursor.copy("copy zoekvak from stdin") as copy:
            for box in as_ewkb(shapely.box(*boxes.T)):
                copy.write_row((box,))
        self.connection.execute("create index on zoekvak using gist (vak)")
        self.connection.execute("analyze zoekvak")

    def _store(self, measured: Measured, objects: Sequence[Known]) -> None:
        opgaven = self._named(measured.opgaven)
        statement = sql.SQL("copy {} ({}) from stdin").format(
            sql.Identifier(SCHEMA, self.target), sql.SQL(", ").join(map(sql.Identifier, SIGNAL))
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in self._rows(measured, objects, opgaven):
                copy.write_row(row)

    def _named(self, numbers: Numbers) -> dict[int, Opgave]:
        """Return the opgaven with these numbers."""
        rows = self.connection.execute(
            sql.SQL(
                "select nr, laag, id, naam, beperking, hardheid, gezag, hoogte_max_m, nauwkeurigheid_m, geldig_vanaf,"
                " geldig_tot, kenmerken from {} where nr = any(%s)"
            ).format(sql.Identifier(SCHEMA, self.opgaven)),
            [np.unique(numbers).tolist()],
        )
        return {row[0]: Opgave(*row) for row in rows}

    def _rows(self, measured: Measured, objects: Sequence[Known], opgaven: dict[int, Opgave]) -> Iterator[Row]:
        """Yield the signals of these pairs, with what they share (or where the object is) written for the database."""
        pieces = _Pieces.of(measured)
        told: list[Row] = []
        shown: list[shapely.Geometry] = []
        for at, (place, nr) in enumerate(zip(measured.footprints.tolist(), measured.opgaven.tolist(), strict=True)):
            opgave = opgaven[nr]
            if not opgave.is_valid_on(self.rules.day):
                continue
            encounter = Encounter(opgave, float(measured.m2[at]), float(measured.afstand_m[at]), bool(measured.meets[at]))
            known = objects[place]
            for oordeel in weigh(known.subject, encounter, self.rules.regelset, self.rules.day):
                if oordeel.ernst not in SILENT:
                    told.append(self._row(known, oordeel))
                    shown.append(pieces.of_pair(at) or known.subject.footprint.geometry)
        written = as_ewkb(np.array([*shown, None], dtype=object)[:-1])
        yield from ((*row, shape) for row, shape in zip(told, written, strict=True))

    def _row(self, known: Known, oordeel: Oordeel) -> Row:
        subject, opgave, regel = known.subject, oordeel.opgave, oordeel.regel
        area, beperking = subject.footprint.m2, self.rules.beperkingen[opgave.beperking]
        kind = "kans" if oordeel.ernst == KOPPELKANS else "signaal"
        name = "|".join((str(subject.laag), str(subject.id), opgave.laag, opgave.id, kind))
        m2 = oordeel.encounter.m2
        return (
            hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
            *(subject.laag, subject.id, subject.naam, subject.objecttype, known.status),
            *(opgave.laag, opgave.id, opgave.naam, opgave.beperking, beperking.ouder),
            *(oordeel.ernst, oordeel.hardheid, "overlapt" if oordeel.is_overlap else "binnen_afstand", regel.reden, regel.code),
            *(regel.gebied is not None, regel.bevestigd, opgave.gezag or beperking.kenmerken.get("gezag") or None),
            round(m2, 1) if oordeel.is_overlap and area is not None else None,
            round(100 * m2 / area, 1) if oordeel.is_overlap and area else None,
            round(oordeel.encounter.afstand_m, 1),
            oordeel.randraak,
            round(area, 1) if area is not None else None,
            subject.footprint.methode.value,
        )


@dataclass(frozen=True)
class _Pieces:
    """The parts of overlaps in the order of their pairs."""

    geometries: Geometries
    starts: Numbers

    @classmethod
    def of(cls, measured: Measured) -> "_Pieces":
        order = np.argsort(measured.piece_pairs, kind="stable")
        starts = np.searchsorted(measured.piece_pairs[order], np.arange(len(measured) + 1))
        return cls(measured.pieces[order], starts)

    def of_pair(self, at: int) -> shapely.Geometry | None:
        mine = self.geometries[self.starts[at] : self.starts[at + 1]]
        if len(mine) == 0:
            return None
        whole = mine[0] if len(mine) == 1 else shapely.union_all(mine)
        return whole if shapely.get_dimensions(whole) == 2 else None


def _in_batches(cursor: psycopg.ServerCursor[Row]) -> Iterator[Parts]:
    """Cut between opgaven, at about every PARTS_AT_ONCE parts."""
    rows: list[Row] = []
    while more := cursor.fetchmany(PARTS_AT_ONCE):
        rows += more
        last = rows[-1][0]
        whole = next((at for at in range(len(rows) - 1, -1, -1) if rows[at][0] != last), -1) + 1
        if whole:
            yield Parts.of(rows[:whole])
        rows = rows[whole:]
    if rows:
        yield Parts.of(rows)
