"""Take a raster from a GeoTIFF in quarantine to a file named after its SHA-256: checked cell by cell, stored as Cloud Optimized GeoTIFF."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
import rasterio
from psycopg.types.json import Jsonb
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.shutil import copy as copy_dataset

from app.database.connections import Role, connect
from app.ingest.quarantine import Delivered
from app.ingest.report import Account, DatasetCounts, Remark, Row, fault
from app.ingest.source import Dataset, Range, Source
from app.register.crs import RD
from app.register.rasters import raster_path
from app.settings import Settings

MAX_CELLS = 2_000_000_000
# GDAL must not look for sisters of the file.
ALONE = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
COG = {
    "driver": "COG",
    "COMPRESS": "DEFLATE",
    "PREDICTOR": "YES",
    "BLOCKSIZE": "256",
    "OVERVIEW_RESAMPLING": "NEAREST",
    "BIGTIFF": "IF_SAFER",
}
REDO = "Maak of download het bestand opnieuw."
WARP = "Breng het naar RD, bijvoorbeeld met: gdalwarp -t_srs EPSG:28992 -tr 25 25 -tap -co COMPRESS=DEFLATE oud.tif nieuw.tif"
BLOCK = 1024**2

# Who keeps files holds it shared, who sweeps alone: a file is then never swept between its coming and the row that names it.
LOCK = "hashtextextended('rasters', 0)"
COPY = "copy facts.raster (levering_id, collection, sha256, crs, transform, width, height, nodata, statistics) from stdin"
TAKEN = """
select current_raster.bron from facts.current_raster join facts.levering on levering.id = levering_id
where collection = %s and current_raster.bron <> %s and demo = %s
"""


@dataclass(frozen=True)
class Statistics:
    """Of the cells with data: how many there are, and their least, mean and greatest value."""

    known: int
    minimum: float
    mean: float
    maximum: float


@dataclass(frozen=True)
class CheckedRaster:
    """A raster as it will be stored: its file in quarantine with the hash of that, its grid and its statistics."""

    target: str
    collection: str
    path: Path
    sha256: str
    crs: str
    transform: tuple[float, ...]
    size: tuple[int, int]
    nodata: float
    statistics: Statistics
    counts: DatasetCounts

    @property
    def known(self) -> int:
        """How many cells have data."""
        return self.statistics.known


def take_raster(settings: Settings, what: tuple[Source, Dataset], delivered: Delivered, account: Account) -> CheckedRaster | None:
    """Check a GeoTIFF and write it anew beside it, or return None when the account says what is wrong with it."""
    source, dataset = what
    for remark in _taken(settings, source, dataset):
        account.add(remark)
    try:
        with rasterio.Env(**ALONE), rasterio.open(delivered.path, driver="GTiff") as raster:
            faults = list(_grid_faults(raster))
            for remark in faults:
                account.add(remark)
            statistics = None if faults else _read_all(raster, dataset, account)
            return None if statistics is None else _rewrite(raster, dataset, (delivered, statistics))
    except RasterioError as broken:
        account.add(fault("bestand-onleesbaar", f"de GeoTIFF is niet te lezen, misschien is hij afgebroken: {broken}", REDO))
        return None


def keep_files(settings: Settings, connection: psycopg.Connection, rasters: Iterable[CheckedRaster]) -> None:
    """Bring the files of these rasters to where they are kept, whole or not at all; what the transaction then drops is swept later."""
    if not rasters:
        return
    connection.execute(f"select pg_advisory_xact_lock_shared({LOCK})")
    settings.raster_folder.mkdir(parents=True, exist_ok=True)
    for each in rasters:
        kept = raster_path(settings.raster_folder, each.sha256)
        if kept.exists() and kept.stat().st_size == each.path.stat().st_size:
            continue
        coming = kept.with_suffix(f".{os.getpid()}.deel")
        shutil.copyfile(each.path, coming)
        with coming.open("rb") as written:
            os.fsync(written.fileno())
        coming.replace(kept)


def copy_rasters(connection: psycopg.Connection, rasters: Iterable[CheckedRaster], levering_id: int) -> Iterator[tuple[str, int]]:
    """Store what is known of these rasters; yields the name of each kind of facts, and how many cells with data there are."""
    for each in rasters:
        told = Jsonb(vars(each.statistics))
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            row = (levering_id, each.collection, each.sha256, each.crs, list(each.transform), *each.size, each.nodata, told)
            copy.write_row(row)
        yield each.target, each.known


def sweep(settings: Settings) -> None:
    """Remove files that no levering refers to: what was left by an import that was killed, or that failed at the last moment."""
    with connect(settings, Role.IMPORT) as connection:
        alone = connection.execute(f"select pg_try_advisory_xact_lock({LOCK})").fetchone()
        if alone is None or not alone[0]:
            return
        used = {sha256 for (sha256,) in connection.execute("select sha256 from facts.raster")}
        for path in settings.raster_folder.iterdir():
            if path.suffix in (".tif", ".deel") and (path.suffix == ".deel" or path.stem not in used):
                path.unlink(missing_ok=True)


def _taken(settings: Settings, source: Source, dataset: Dataset) -> Iterator[Remark]:
    with connect(settings, Role.IMPORT) as connection:
        for (bron,) in connection.execute(TAKEN, [dataset.collection, source.id, source.demo]):
            reason = f"bron {bron!r} levert al het raster {dataset.collection!r}"
            yield fault("raster-in-gebruik", reason, f"Voeg de rasters samen tot één bestand, of trek de andere in: withdraw {bron}.")


def _grid_faults(raster: DatasetReader) -> Iterator[Remark]:
    yield from _place_faults(raster)
    if raster.count != 1:
        yield fault("raster-banden", f"de GeoTIFF heeft {raster.count} banden in plaats van één", "Lever de band met de waarden apart.")
    if np.dtype(raster.dtypes[0]).kind not in "iuf":
        yield fault("raster-soort", f"de waarden zijn van soort {raster.dtypes[0]}", "Lever gehele of gebroken getallen.")
    if raster.nodata is None:
        reason = "de GeoTIFF zegt niet welke waarde 'geen gegevens' betekent"
        yield fault("nodata-ontbreekt", reason, "Zet het erin met: gdal_edit.py -a_nodata -9999 bestand.tif")
    if {*raster.scales} != {1.0} or {*raster.offsets} != {0.0}:
        yield fault(
            "raster-schaal", "de waarden staan er geschaald in", "Lever ze zoals ze zijn: gdal_translate -unscale oud.tif nieuw.tif"
        )
    if raster.width * raster.height > MAX_CELLS:
        reason = f"het raster heeft {raster.width * raster.height:,} cellen; de grens is {MAX_CELLS:,}"
        yield fault("bestand-te-groot", reason, "Lever grotere cellen of een kleiner gebied.")


def _place_faults(raster: DatasetReader) -> Iterator[Remark]:
    if raster.crs is None:
        remedy = "Zet het erin met: gdal_edit.py -a_srs EPSG:28992 bestand.tif"
        yield fault("crs-ontbreekt", "de GeoTIFF noemt geen coördinatenstelsel", remedy)
    elif raster.crs.to_epsg() != RD.epsg:
        yield fault("crs-anders", f"het coördinatenstelsel is {raster.crs.to_string()[:60]}, niet RD (EPSG:28992)", WARP)
    a, b, _, d, e, _ = raster.transform[:6]
    if not (a > 0 and e < 0 and b == 0 and d == 0):
        yield fault("raster-gedraaid", "de rijen liggen niet van west naar oost en de kolommen niet van noord naar zuid", WARP)


def _read_all(raster: DatasetReader, dataset: Dataset, account: Account) -> Statistics | None:
    """Read every cell once, block by block, so that a file that breaks off is noticed and no cell lies outside its range."""
    values = dataset.values
    if values is None:
        raise AssertionError(dataset.collection)
    counted, total, low, high = 0, 0.0, np.inf, -np.inf
    for _, window in raster.block_windows(1):
        cells = raster.read(1, window=window, masked=True).compressed().astype(np.float64)
        if len(cells):
            counted, total = counted + len(cells), total + float(cells.sum())
            low, high = min(low, float(cells.min())), max(high, float(cells.max()))
            if np.isnan(cells).any():
                low = np.nan
    for remark, value in _value_faults(counted, (low, high), values, _is_outside(raster.bounds, dataset.extent)):
        account.add(remark, Row(value=value))
    if account.findings.faulty:
        return None
    return Statistics(counted, low, total / counted, high)


def _value_faults(counted: int, found: tuple[float, float], values: Range, outside: bool) -> Iterator[tuple[Remark, object]]:
    low, high = found
    if outside:
        reason = "het raster ligt niet in Nederland of op de Noordzee"
        yield fault("buiten-nederland", reason, "Controleer het coördinatenstelsel en de ligging."), None
    if not counted:
        yield fault("raster-leeg", "geen enkele cel heeft een waarde", "Controleer wat 'geen gegevens' betekent (nodata)."), None
        return
    for value, holds in ((low, low >= values.minimum), (high, high <= values.maximum)):
        if not holds:
            reason = f"een cel heeft een waarde buiten {values.minimum:g} tot {values.maximum:g}"
            yield fault("waarde-buiten-bereik", reason, "Controleer de eenheid, en welke waarde 'geen gegevens' betekent (nodata)."), value


def _is_outside(bounds: tuple[float, float, float, float], extent: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return west < extent[0] or south < extent[1] or east > extent[2] or north > extent[3]


def _rewrite(raster: DatasetReader, dataset: Dataset, taken: tuple[Delivered, Statistics]) -> CheckedRaster:
    delivered, statistics = taken
    path = delivered.path.with_name("raster.tif")
    copy_dataset(raster, path, **COG)
    read = raster.width * raster.height
    counts = DatasetCounts(file=delivered.name, facts=dataset.target, read=read, excluded=read - statistics.known, stored=statistics.known)
    return CheckedRaster(
        target=dataset.target,
        collection=str(dataset.collection),
        path=path,
        sha256=_digest(path),
        crs=f"EPSG:{RD.epsg}",
        transform=tuple(map(float, raster.transform[:6])),
        size=(raster.width, raster.height),
        nodata=float(raster.nodata),
        statistics=statistics,
        counts=counts,
    )


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
