"""What a GeoPackage says of itself, read with SQLite alone before GDAL opens it (OGC 12-128r19)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.ingest.report import Remark, fault

APPLICATION_IDS = frozenset({0x47504B47, 0x47503130, 0x47503131})
ENVELOPE_BYTES = (0, 32, 48, 48, 64)
HEADER_BYTES = 8
LONGEST_HEADER = HEADER_BYTES + 64 + 5
CURVES = frozenset(range(8, 13))
BROKEN = (sqlite3.DatabaseError, UnicodeDecodeError)
REDO = "Maak of download het bestand opnieuw."


def geopackage_faults(path: Path) -> Iterator[Remark]:
    """Yield what forbids opening this file: broken, another application's, or with layers that are computed by SQL of its maker."""
    try:
        with closing(_open(path)) as connection:
            yield from _size_faults(connection, path)
            yield from _identity_faults(connection)
            yield from _content_faults(connection)
    except BROKEN as broken:
        yield fault("bestand-afgebroken", f"het GeoPackage is niet te lezen: {broken}", REDO)


def feature_layers(path: Path) -> tuple[str, ...]:
    """Return the names of the layers with features, in the order of the file."""
    with closing(_open(path)) as connection:
        layers = connection.execute("select table_name from gpkg_contents where data_type = 'features' order by rowid")
        return tuple(str(name) for (name,) in layers)


def geometry_codes(path: Path, layer: str) -> NDArray[np.int64]:
    """Return the ISO WKB type of each feature as delivered (0 without geometry); GDAL straightens arcs and drops measures."""
    with closing(_open(path)) as connection:
        row = connection.execute("select column_name from gpkg_geometry_columns where table_name = ?", [layer]).fetchone()
        if row is None:
            raise sqlite3.DatabaseError("de laag staat niet in gpkg_geometry_columns")
        quoted = [str(name).replace('"', '""') for name in (row[0], layer)]
        heads = connection.execute(f'select substr("{quoted[0]}", 1, {LONGEST_HEADER}) from "{quoted[1]}" order by rowid')  # noqa: S608
        return np.array([_wkb_code(head) for (head,) in heads], dtype=np.int64)


def is_curved(codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which types hold arcs (CircularString to MultiSurface of ISO 13249-3 that are no straight types)."""
    curved: NDArray[np.bool_] = np.isin(codes % 1000, list(CURVES))
    return curved


def is_measured(codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which types have an M."""
    measured: NDArray[np.bool_] = (codes // 1000 == 2) | (codes // 1000 == 3)
    return measured


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma query_only = on")
    return connection


def _size_faults(connection: sqlite3.Connection, path: Path) -> Iterator[Remark]:
    (page,), (pages,) = connection.execute("pragma page_size").fetchone(), connection.execute("pragma page_count").fetchone()
    with path.open("rb") as file:
        stated = int.from_bytes(file.read(32)[28:32], "big") * page
    if path.stat().st_size < max(stated, page * pages):
        reason = f"het GeoPackage is {path.stat().st_size:,} bytes, maar hoort {stated:,} te zijn"
        yield fault("bestand-afgebroken", reason, REDO)


def _identity_faults(connection: sqlite3.Connection) -> Iterator[Remark]:
    (application,) = connection.execute("pragma application_id").fetchone()
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type in ('table', 'view')")}
    if application not in APPLICATION_IDS and not {"gpkg_contents", "gpkg_geometry_columns"} <= tables:
        yield fault("ander-soort-bestand", "het is een SQLite-bestand dat geen GeoPackage is", "Exporteer de gegevens als GeoPackage.")
    elif missing := {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} - tables:
        yield fault("ander-soort-bestand", f"in het GeoPackage ontbreekt {', '.join(sorted(missing))}", "Exporteer de gegevens opnieuw.")
    else:
        (verdict,) = connection.execute("pragma quick_check(1)").fetchone()
        if verdict != "ok":
            yield fault("bestand-afgebroken", f"het GeoPackage is beschadigd: {verdict}", REDO)


def _content_faults(connection: sqlite3.Connection) -> Iterator[Remark]:
    computed = connection.execute(
        "select name from sqlite_master where type <> 'table'"
        " and name in (select table_name from gpkg_contents where data_type = 'features')"
    )
    for (name,) in computed:
        yield fault("laag-is-view", f"laag {name!r} is geen tabel maar een view", "Exporteer de laag zelf.")


def _wkb_code(head: bytes | None) -> int:
    """Read the type behind the GeoPackage header (§2.1.3): magic, version, flags with the size of the envelope, then WKB."""
    if not isinstance(head, bytes) or len(head) < HEADER_BYTES + 5 or head[:2] != b"GP":
        return 0
    envelope = (head[3] >> 1) & 0b111
    start = HEADER_BYTES + (ENVELOPE_BYTES[envelope] if envelope < len(ENVELOPE_BYTES) else 0)
    order = "little" if head[start : start + 1] == b"\x01" else "big"
    code = int.from_bytes(head[start + 1 : start + 5], "little" if order == "little" else "big")
    # Some writers use the flags of EWKB or old OGR instead of the thousands of ISO.
    return code % 1000 + (code // 1000 % 4) * 1000 if code < 0x10000000 else (code & 0xFF) + _flagged(code)


def _flagged(code: int) -> int:
    return 1000 * bool(code & 0x80000000) + 2000 * bool(code & 0x40000000)
