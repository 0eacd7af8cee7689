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
from app.register.tables import SCHEMA, kaart_name, opgaven_names, overlap_names

GEBIEDEN_SQL = (Path(__file__).parent / "gebieden.sql").read_text(encoding="utf-8")
TELLEN_SQL = (Path(__file__).parent / "tellen.sql").read_text(encoding="utf-8")
KAART_SQL = (Path(__file__).parent / "kaart.sql").read_text(encoding="utf-8")
# Where several layers tell of one beperking, and of the same gebied.
SHARED = """
select beperking, array_agg(code) from (
    select beperking, code from {} where m2 > 0 group by beperking, code having count(*) > 1
) as gedeeld group by beperking
"""
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

    def measure(self, layers: Iterable[Layer], gebieden_sleutel: str, previous: str | None) -> None:
        """Fill the tables of ground and of what layers are made of; what `previous` has of the same layer is taken over."""
        layers = tuple(layers)
        self._collect(layers, gebieden_sleutel)
        _, _, gebieden, lagen = self._tables(self.target)
        if previous is not None:
            _, _, before, lagen_before = self._tables(previous)
            self.connection.execute(
                sql.SQL(
                    "insert into {} (code, laag, beperking, m2, gedekt)"
                    " select code, laag, beperking, m2, gedekt from {} join {} using (laag) join {} as eerder using (laag, sleutel)"
                    " where m2 > 0 or gedekt > 0"
                ).format(gebieden, before, lagen, lagen_before)
            )
            todo = sql.SQL("select laag from {} where (laag, sleutel) not in (select laag, sleutel from {})").format(lagen, lagen_before)
        else:
            todo = sql.SQL("select laag from {}").format(lagen)
        parts, codes = self._gebieden()
        if not codes:
            return
        declared = {layer.id: layer.opgave.codes for layer in layers if layer.opgave}
        cells = {each.layer.id: each for each in self.rasters}
        for (laag,) in self.connection.execute(todo).fetchall():
            if laag in cells:
                self._store(laag, codes, ground_on(cells[laag], parts))
            else:
                self._store(laag, codes, _Ground(parts, self._parts_of(laag), self._coverage_of(laag), declared[laag]).rows())

    def count(self) -> None:
        """Count the energy objects that are hit in each gebied."""
        signalen, _, gebieden, _ = self._tables(self.target)
        self.connection.execute(sql.SQL(TELLEN_SQL).format(signalen=signalen, gebieden=gebieden))

    def gather(self) -> None:
        """Gather per gebied what maps show; ground that two layers put under one beperking counts once."""
        _, _, gebieden, _ = self._tables(self.target)
        connection = self.connection
        connection.execute("create temp table gebied_samen (code text, beperking text, m2 double precision)")
        shared = connection.execute(sql.SQL(SHARED).format(gebieden)).fetchall()
        if shared:
            parts, codes = self._gebieden()
            for beperking, mine in shared:
                areas = _under(parts, [number for number, code in enumerate(codes) if code in set(mine)], self._parts_under(beperking))
                with connection.cursor() as cursor, cursor.copy("copy gebied_samen from stdin") as copy:
                    for number, m2 in areas.items():
                        copy.write_row((codes[number], beperking, round(m2, 2)))
        kaart = sql.Identifier(SCHEMA, kaart_name(self.target))
        connection.execute(sql.SQL(KAART_SQL).format(gebieden=gebieden, kaart=kaart))

    def _collect(self, layers: Iterable[Layer], gebieden_sleutel: str) -> None:
        connection = self.connection
        connection.execute("drop table if exists gebied_vorm, gebied_deel, gebied_samen, getroffen")
        connection.execute("create temp table gebied_vorm (laag text, code text, naam text, geometrie geometry)")
        for layer in gebied_layers(layers):
            with naming(f"De laag {layer.id!r}"):
                connection.execute(
                    sql.SQL("insert into gebied_vorm select {}, code, {}, geometrie from ({}) as feit").format(
                        sql.Literal(layer.id), sql.Identifier(layer.label or "code"), facts_of(layer)
                    )
                )
        opgaven, _, coverage, _ = (sql.Identifier(SCHEMA, name) for name in opgaven_names(self.opgaven))
        _, _, _, lagen = self._tables(self.target)
        values = {"vertices": sql.Literal(VERTICES), "gebieden_sleutel": sql.Literal(gebieden_sleutel)}
        # psycopg sends several statements at once when they have no parameters.
        connection.execute(sql.SQL(GEBIEDEN_SQL).format(opgaven=opgaven, coverage=coverage, lagen=lagen, **values))

    def _gebieden(self) -> tuple[Parts, Sequence[str]]:
        rows = self.connection.execute("select nr, code, ST_AsBinary(deel) from gebied_deel order by nr").fetchall()
        codes = dict.fromkeys(code for _, code, _ in rows)
        return Parts.of((nr, wkb) for nr, _, wkb in rows), list(codes)

    def _parts_of(self, laag: str) -> tuple[Parts, Sequence[str]]:
        """Return the parts of the opgaven of a layer, and per number the beperking."""
        opgaven, parts, _, _ = (sql.Identifier(SCHEMA, name) for name in opgaven_names(self.opgaven))
        rows = self.connection.execute(
            sql.SQL(
                "select deel.nr, ST_AsBinary(deel.deel), deel.beperking from {} deel join {} opgave using (nr)"
                " where opgave.laag = %s and ST_Dimension(deel.deel) = 2 order by deel.nr"
            ).format(parts, opgaven),
            [laag],
        ).fetchall()
        return Parts.of((nr, wkb) for nr, wkb, _ in rows), [beperking for _, _, beperking in rows]

    def _parts_under(self, beperking: str) -> Parts:
        """Return the parts of the opgaven of a beperking, of whichever layer."""
        _, parts, _, _ = (sql.Identifier(SCHEMA, name) for name in opgaven_names(self.opgaven))
        rows = self.connection.execute(
            sql.SQL("select nr, ST_AsBinary(deel) from {} where beperking = %s and ST_Dimension(deel) = 2 order by nr").format(parts),
            [beperking],
        ).fetchall()
        return Parts.of(rows)

    def _coverage_of(self, laag: str) -> Parts:
        _, _, coverage, _ = (sql.Identifier(SCHEMA, name) for name in opgaven_names(self.opgaven))
        rows = self.connection.execute(sql.SQL("select ST_AsBinary(deel) from {} where laag = %s").format(coverage), [laag]).fetchall()
        # Each part is an owner of its own: leveringen may cover the same ground.
        return Parts.of((at, wkb) for at, (wkb,) in enumerate(rows))

    def _store(self, laag: str, codes: Sequence[str], rows: Iterable[tuple[int, str, float, float]]) -> None:
        _, _, gebieden, _ = self._tables(self.target)
        statement = sql.SQL("copy {} (code, laag, beperking, m2, gedekt) from stdin").format(gebieden)
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for number, beperking, m2, covered in rows:
                copy.write_row((codes[number], laag, beperking, round(m2, 2), round(covered, 6)))

    def _tables(self, name: str) -> tuple[sql.Identifier, sql.Identifier, sql.Identifier, sql.Identifier]:
        signalen, objecten, gebieden, lagen = (sql.Identifier(SCHEMA, each) for each in overlap_names(name))
        return signalen, objecten, gebieden, lagen


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
