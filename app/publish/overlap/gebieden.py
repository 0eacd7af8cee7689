"""How much of each gebied lies under each layer of gebiedsopgaven, and on how much of it the layer is known to be complete."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
import shapely
from psycopg import sql

from app.layers import Layer
from app.overlap.cells import Cells
from app.overlap.measuring import Measured, Metres, Numbers, Parts, measure, united
from app.publish.facts_layer import facts_of
from app.publish.faults import naming
from app.publish.overlap.opgaven import VERTICES
from app.publish.overlap.rasters import ground_on
from app.register.tables import identifiers, opgaven_names, overlap_names

HERE = Path(__file__).parent
GEBIEDEN, ANDERS, OVERNEMEN, TELLEN, KAART = (
    (HERE / f"{name}.sql").read_text(encoding="utf-8") for name in ("gebieden", "anders", "overnemen", "tellen", "kaart")
)
# All SQL that decides what is told of gebieden.
GROUNDS_SQL = f"{GEBIEDEN}{ANDERS}{OVERNEMEN}{TELLEN}{KAART}"
ALLE = "create temp table te_tellen as select distinct code from gebied_vorm"
# Where several layers tell of one beperking, and of the same gebied.
SHARED = """
select beperking, array_agg(code) from (
    select beperking, code from {gebieden} where m2 > 0 and code in (select code from te_tellen)
    group by beperking, code having count(*) > 1
) as gedeeld group by beperking
"""
STILL_SHOWN = "insert into {kaart} select * from {kaart_toen} where code not in (select code from te_tellen)"
# Ground that two drawings of one border share is no ground under two opgaven.
NOTHING_M2 = 0.01

type Row = tuple[object, ...]


def gebied_layers(layers: Iterable[Layer]) -> list[Layer]:
    """Return the layers that hold the gebieden of today."""
    return [layer for layer in layers if layer.holds_gebieden]


@dataclass(frozen=True)
class Grounds:
    """What measures the ground of gebieden: against the opgaven in the tables of this name, into the overlap tables of `target`."""

    connection: psycopg.Connection
    opgaven: str
    target: str
    rasters: tuple[Cells, ...] = ()

    def fill(self, layers: Iterable[Layer], gebieden_sleutel: str, previous: str | None) -> None:
        """Fill the tables of gebieden and of what layers are made of, and make the table of what maps show.

        What `previous` has of the same layer is taken over; where no layer changed at all, so is what it has of every gebied but those
        of objects with other signals.
        """
        layers, target = tuple(layers), identifiers(overlap_names(self.target))
        self._collect(layers, gebieden_sleutel)
        earlier = identifiers(overlap_names(previous)) if previous is not None else None
        then = {f"{name}_toen": table for name, table in (earlier or {}).items()}
        now, before = self._made_of(target), self._made_of(earlier) if earlier else set()
        same_ground = earlier is not None and now == before
        self._execute(ANDERS if same_ground else ALLE, **target, **then)
        self.connection.execute("analyze te_tellen")
        if earlier is not None:
            self._execute(OVERNEMEN, **target, **then)
        self._measure({layer.id: layer.opgave.codes for layer in layers if layer.opgave}, sorted(laag for laag, _ in now - before))
        self._execute(TELLEN, **target)
        self._unite()
        self._execute(KAART, **target)
        if same_ground:
            self._execute(STILL_SHOWN, **target, **then)

    def _made_of(self, tables: Mapping[str, sql.Identifier]) -> set[tuple[str, object]]:
        return set(self.connection.execute(sql.SQL("select laag, sleutel from {lagen}").format(**tables)))

    def _execute(self, statements: str, **names: sql.Composable) -> None:
        # psycopg sends several statements at once when they have no parameters.
        self.connection.execute(sql.SQL(statements).format(**names))

    def _measure(self, declared: Mapping[str, Iterable[str]], todo: Sequence[str]) -> None:
        """Store the ground of every gebied under these layers, of which `declared` says the beperkingen."""
        parts, codes = self._gebieden() if todo else (None, ())
        if parts is None or not codes:
            return
        cells = {each.layer.id: each for each in self.rasters}
        for laag in todo:
            if laag in cells:
                self._store(laag, codes, ground_on(cells[laag], parts))
            else:
                self._store(laag, codes, _Ground(parts, self._parts_of(laag), self._coverage_of(laag), declared[laag]).rows())

    def _unite(self) -> None:
        """Fill the temporary table gebied_samen: ground that two layers put under one beperking counts once."""
        connection = self.connection
        connection.execute("create temp table gebied_samen (code text, beperking text, m2 double precision)")
        shared = connection.execute(sql.SQL(SHARED).format(**identifiers(overlap_names(self.target)))).fetchall()
        if shared:
            parts, codes = self._gebieden()
            for beperking, mine in shared:
                areas = _under(parts, [number for number, code in enumerate(codes) if code in set(mine)], self._parts_under(beperking))
                with connection.cursor() as cursor, cursor.copy("copy gebied_samen from stdin") as copy:
                    for number, m2 in areas.items():
                        copy.write_row((codes[number], beperking, round(m2, 2)))

    def _collect(self, layers: Iterable[Layer], gebieden_sleutel: str) -> None:
        """Fill the temporary tables gebied_vorm and gebied_deel, and note what the ground of each layer is made of."""
        self.connection.execute("create temp table gebied_vorm (laag text, code text, naam text, geometrie geometry)")
        for layer in gebied_layers(layers):
            with naming(f"De laag {layer.id!r}"):
                self.connection.execute(
                    sql.SQL("insert into gebied_vorm select {}, code, {}, geometrie from ({}) as feit").format(
                        sql.Literal(layer.id), sql.Identifier(layer.label or "code"), facts_of(layer)
                    )
                )
        self._execute(
            GEBIEDEN,
            vertices=sql.Literal(VERTICES),
            gebieden_sleutel=sql.Literal(gebieden_sleutel),
            lagen=identifiers(overlap_names(self.target))["lagen"],
            lagen_van_opgaven=identifiers(opgaven_names(self.opgaven))["lagen"],
        )

    def _gebieden(self) -> tuple[Parts, Sequence[str]]:
        rows = self.connection.execute("select nr, code, ST_AsBinary(deel) from gebied_deel order by nr").fetchall()
        codes = dict.fromkeys(code for _, code, _ in rows)
        return Parts.of((nr, wkb) for nr, _, wkb in rows), list(codes)

    def _parts_of(self, laag: str) -> tuple[Parts, Sequence[str]]:
        """Return the parts of the opgaven of a layer, and per number the beperking."""
        rows = self.connection.execute(
            sql.SQL(
                "select deel.nr, ST_AsBinary(deel.deel), deel.beperking from {delen} deel join {opgaven} opgave using (nr)"
                " where opgave.laag = %s and ST_Dimension(deel.deel) = 2 order by deel.nr"
            ).format(**identifiers(opgaven_names(self.opgaven))),
            [laag],
        ).fetchall()
        return Parts.of((nr, wkb) for nr, wkb, _ in rows), [beperking for _, _, beperking in rows]

    def _parts_under(self, beperking: str) -> Parts:
        """Return the parts of the opgaven of a beperking, of whichever layer."""
        rows = self.connection.execute(
            sql.SQL("select nr, ST_AsBinary(deel) from {delen} where beperking = %s and ST_Dimension(deel) = 2 order by nr").format(
                **identifiers(opgaven_names(self.opgaven))
            ),
            [beperking],
        ).fetchall()
        return Parts.of(rows)

    def _coverage_of(self, laag: str) -> Parts:
        statement = sql.SQL("select ST_AsBinary(deel) from {dekking} where laag = %s").format(**identifiers(opgaven_names(self.opgaven)))
        rows = self.connection.execute(statement, [laag]).fetchall()
        # Each part is an owner of its own: leveringen may cover the same ground.
        return Parts.of((at, wkb) for at, (wkb,) in enumerate(rows))

    def _store(self, laag: str, codes: Sequence[str], rows: Iterable[tuple[int, str, float, float]]) -> None:
        columns = "copy {gebieden} (code, laag, beperking, m2, gedekt) from stdin"
        statement = sql.SQL(columns).format(**identifiers(overlap_names(self.target)))
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for number, beperking, m2, covered in rows:
                copy.write_row((codes[number], laag, beperking, round(m2, 2), round(covered, 6)))


@dataclass(frozen=True)
class _Ground:
    """Gebieden, the opgaven of one layer (with the beperking of each part), where that layer is complete, and what it can tell of."""

    gebieden: Parts
    opgaven: tuple[Parts, Sequence[str]]
    coverage: Parts
    declared: Iterable[str]

    def rows(self) -> Iterator[tuple[int, str, float, float]]:
        """Yield (number of the gebied, beperking, m² under it, share of the gebied that is covered) wherever either is above zero."""
        parts, codes = self.opgaven
        covered = self._covered()
        for beperking in sorted({*codes, *self.declared}):
            mine = np.array([code == beperking for code in codes], dtype=bool)
            some = Parts(parts.geometries[mine], parts.owners[mine])
            under = _areas(self.gebieden, some, _stacking(some))
            for number in sorted(under.keys() | covered.keys()):
                yield number, beperking, under.get(number, 0.0), covered.get(number, 0.0)

    def _covered(self) -> dict[int, float]:
        whole = np.bincount(self.gebieden.owners, weights=shapely.area(self.gebieden.geometries))
        everything = np.unique(self.coverage.owners)
        return {at: min(1.0, m2 / whole[at]) for at, m2 in _areas(self.gebieden, self.coverage, everything).items()}


def _under(gebieden: Parts, numbers: Sequence[int], opgaven: Parts) -> Mapping[int, float]:
    """Return the area (m²) of these gebieden under opgaven, all together."""
    mine = np.isin(gebieden.owners, numbers)
    return _areas(Parts(gebieden.geometries[mine], gebieden.owners[mine]), opgaven, _stacking(opgaven))


def _areas(gebieden: Parts, others: Parts, stacking: Numbers) -> dict[int, float]:
    """Return the area (m²) of each gebied under others; only where two of those that stack meet, their union is made."""
    found: dict[int, float] = {}
    for measured in measure(gebieden, others, keep=True):
        loose = ~np.isin(measured.opgaven, stacking)
        numbers, at = np.unique(measured.footprints, return_inverse=True)
        sums = np.bincount(at, weights=np.where(loose, measured.m2, 0.0), minlength=len(numbers))
        sums += _of_unions(measured, ~loose, at, len(numbers))
        found |= {int(number): float(area) for number, area in zip(numbers, sums, strict=True) if area > 0}
    return found


def _of_unions(measured: Measured, stacked: np.ndarray, at: Numbers, count: int) -> Metres:
    areas = np.zeros(count)
    for number in np.unique(at[stacked]):
        pairs = np.flatnonzero(stacked & (at == number))
        if len(pairs) == 1:
            areas[number] = measured.m2[pairs[0]]
        else:
            areas[number] = united(measured.pieces[np.isin(measured.piece_pairs, pairs)]).area
    return areas


def _stacking(parts: Parts) -> Numbers:
    """Return the owners of parts that share ground with another's."""
    one, other = shapely.STRtree(parts.geometries).query(parts.geometries, predicate="intersects")
    apart = (parts.owners[one] != parts.owners[other]) & (one < other)
    one, other = one[apart], other[apart]
    shared = shapely.area(shapely.intersection(parts.geometries[one], parts.geometries[other])) > NOTHING_M2
    return np.unique(np.concatenate((parts.owners[one[shared]], parts.owners[other[shared]])))
