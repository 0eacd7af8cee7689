"""Nothing is read where it was delivered: a file is copied, its size bounded, its kind checked by its content, and only then opened."""

import gzip
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from app.ingest.geopackage import geopackage_faults
from app.ingest.report import Remark, fault
from app.ingest.source import SourceFile

MAX_BYTES = 8 * 1024**3
# JSON is read into memory as a whole.
MAX_JSON_BYTES = 1024**3
MAX_RATIO = 200
RATIO_COUNTS_FROM = 16 * 1024**2
MAX_ENTRIES = 200
BLOCK = 1024**2
HEAD = 4096

SIGNATURES = {
    b"SQLite format 3\0": "gpkg",
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"\0\0\x27\x0a": "shapefile",
    b"\xd0\xcf\x11\xe0": "xls",
    # Little and big endian, each as TIFF and as BigTIFF.
    **dict.fromkeys((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "geotiff"),
}
WORKBOOK = "xl/workbook.xml"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SHAPEFILE_NEEDED = (".shp", ".shx", ".dbf")
EXTENSIONS = {"gpkg": "gpkg", "geojson": "geojson", "gml": "gml", "csv": "csv", "xlsx": "xlsx", "geotiff": "tif"}
KIND_NAMES = {
    "gpkg": "een GeoPackage",
    "geojson": "een JSON-bestand",
    "gml": "een XML-bestand",
    "csv": "een tekstbestand",
    "shapefile": "een shapefile",
    "zip": "een zip-bestand",
    "xlsx": "een Excel-werkmap (.xlsx)",
    "geotiff": "een GeoTIFF",
    "xls": "een oude Excel-werkmap (.xls)",
    "gzip": "een gzip-bestand",
    "sqlite": "een SQLite-bestand dat geen GeoPackage is",
    "vrt": "een GDAL-VRT, een verwijzing naar andere bestanden",
    "html": "een webpagina",
    "lfs": "een verwijzing van Git LFS in plaats van het bestand zelf",
    "empty": "leeg",
    "binary": "een onbekend binair bestand",
}


class Refused(Exception):
    """A file that may not be opened, with the remark for the report."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark


@dataclass(frozen=True)
class Part:
    """One delivered file as it came: its name, SHA-256 and size."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Delivered:
    """A file in quarantine: the checked copy at `path`, how it was declared, and the parts it came in."""

    name: str
    path: Path
    declared: SourceFile
    parts: tuple[Part, ...]


def take_in(path: Path, declared: SourceFile, folder: Path) -> Delivered:
    """Copy a delivered file into the empty `folder`, unpack it within bounds and check that it is what it should be, or raise Refused."""
    if not path.exists():
        _refuse("bestand-ontbreekt", "het bestand bestaat niet", "Controleer de naam en de map.")
    if declared.format == "shapefile":
        return _take_in_shapefile(path, declared, folder)
    if path.is_dir():
        _refuse("bestand-ontbreekt", "dit is een map, geen bestand", f"Wijs het {declared.format}-bestand zelf aan.")
    copy = folder / f"data.{EXTENSIONS[declared.format]}"
    part = _copy(path, copy)
    if declared.format == "csv" and _kind(copy) == "gzip":
        _unpack_gzip(copy)
    _check_kind(copy, declared.format)
    if declared.format == "gpkg":
        _check_geopackage(path, copy)
    if declared.format == "xlsx":
        _check_workbook(copy)
    return Delivered(path.name, copy, declared, (part,))


def _take_in_shapefile(path: Path, declared: SourceFile, folder: Path) -> Delivered:
    if path.is_file() and path.suffix.lower() != ".shp":
        archive = folder / "levering.zip"
        parts: tuple[Part, ...] = (_copy(path, archive),)
        _check_kind(archive, "zip")
        _unpack_shapefile(archive, folder)
        archive.unlink()
    else:
        parts = tuple(_copy(each, folder / f"data{each.suffix.lower()}") for each in _shapefile_parts(path))
    _check_shapefile(folder)
    return Delivered(path.name, folder / "data.shp", declared, parts)


def _shapefile_parts(path: Path) -> Iterable[Path]:
    shapes = [path] if path.is_file() else sorted(each for each in path.iterdir() if each.suffix.lower() == ".shp")
    if len(shapes) != 1:
        _refuse("shapefile-onvolledig", f"de map bevat {len(shapes)} shapefiles in plaats van één", "Lever één shapefile per map of zip.")
    return sorted(each for each in shapes[0].parent.iterdir() if each.stem == shapes[0].stem and each.suffix.lower() in SHAPEFILE_PARTS)


def _copy(path: Path, copy: Path) -> Part:
    """Copy while hashing, so that what is checked, stored and cited are the same bytes."""
    size, limit = path.stat().st_size, MAX_JSON_BYTES if copy.suffix == ".geojson" else MAX_BYTES
    if size > limit:
        _refuse("bestand-te-groot", f"het bestand is {size:,} bytes; de grens is {limit:,}", "Lever het in delen of als GeoPackage.")
    digest = hashlib.sha256()
    with path.open("rb") as source, copy.open("wb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            target.write(block)
    return Part(path.name, digest.hexdigest(), size)


def _kind(path: Path) -> str:
    """Tell what a file is by how it begins, whatever its name."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for signature, kind in SIGNATURES.items():
        if head.startswith(signature):
            return _packed_kind(path) if kind == "zip" else kind
    return _text_kind(head)


def _packed_kind(path: Path) -> str:
    """A workbook is a zip with parts of set names (ECMA-376 part 2); one that is broken is told apart when it is opened."""
    try:
        with zipfile.ZipFile(path) as packed:
            return "xlsx" if WORKBOOK in packed.namelist() else "zip"
    except zipfile.BadZipFile:
        return "xlsx" if path.suffix == ".xlsx" else "zip"


def _text_kind(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "empty"
    if b"\0" in head:
        return "binary"
    if b"<OGRVRTDataSource" in head or b"<VRTDataset" in head or b"<GDALTileIndexDataset" in head:
        return "vrt"
    if text.startswith(b"version https://git-lfs"):
        return "lfs"
    if text[:14].lower() == b"<!doctype html" or text[:5].lower() == b"<html":
        return "html"
    return {b"<": "gml", b"{": "geojson"}.get(text[:1], "csv")


def _check_kind(path: Path, expected: str) -> None:
    kind = _kind(path)
    if kind == expected or (kind == "gml" and expected == "csv"):
        return
    code = "bestand-leeg" if kind == "empty" else "ander-soort-bestand"
    _refuse(code, f"het bestand is {KIND_NAMES[kind]}, niet {KIND_NAMES[expected]}", "Lever het bestand opnieuw in het opgegeven formaat.")


def _check_geopackage(path: Path, copy: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > 0:
        reason = "het bestand wordt nog bewerkt: ernaast staat een -wal-bestand"
        _refuse("bestand-in-gebruik", reason, "Sluit het programma dat het open heeft.")
    for remark in geopackage_faults(copy):
        raise Refused(remark)


def _check_workbook(copy: Path) -> None:
    """Count what each part unpacks to before anything reads it."""
    allowed = _allowed(copy.stat().st_size)
    try:
        with zipfile.ZipFile(copy) as packed:
            for entry in packed.infolist():
                with packed.open(entry) as source, Path(os.devnull).open("wb") as nowhere:
                    allowed -= _pour(source, nowhere, allowed)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as broken:
        _refuse("bestand-afgebroken", f"de werkmap is niet te lezen: {broken}", "Lever of download haar opnieuw, zonder wachtwoord.")


def _unpack_gzip(path: Path) -> None:
    unpacked = path.with_suffix(".unpacked")
    try:
        with gzip.open(path) as source, unpacked.open("wb") as target:
            _pour(source, target, _allowed(path.stat().st_size))
    except (EOFError, zlib.error, gzip.BadGzipFile) as broken:
        _refuse("bestand-afgebroken", f"het gzip-bestand is niet heel: {broken}", "Lever of download het opnieuw.")
    unpacked.replace(path)


def _unpack_shapefile(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = _shapefile_entries(packed)
            allowed = _allowed(archive.stat().st_size)
            for entry in entries:
                with packed.open(entry) as source, (folder / f"data{Path(entry.filename).suffix.lower()}").open("wb") as target:
                    allowed -= _pour(source, target, allowed)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as broken:
        _refuse("bestand-afgebroken", f"het zip-bestand is niet te lezen: {broken}", "Lever of download het opnieuw, zonder wachtwoord.")


def _shapefile_entries(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = packed.infolist()
    if len(entries) > MAX_ENTRIES:
        _refuse("zip-bom", f"het zip-bestand bevat {len(entries)} bestanden; de grens is {MAX_ENTRIES}", "Lever alleen de shapefile.")
    shapes = [Path(entry.filename) for entry in entries if entry.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        _refuse("shapefile-onvolledig", f"het zip-bestand bevat {len(shapes)} shapefiles in plaats van één", "Lever één shapefile per zip.")
    stem = shapes[0].with_suffix("")
    sisters = [each for each in entries if Path(each.filename).with_suffix("") == stem]
    wanted = [each for each in sisters if Path(each.filename).suffix.lower() in SHAPEFILE_PARTS]
    if len(wanted) != len({Path(each.filename).suffix.lower() for each in wanted}):
        _refuse("zip-bom", "het zip-bestand bevat hetzelfde bestand meer dan eens", "Pak de shapefile opnieuw in.")
    return wanted


def _allowed(packed: int) -> int:
    """Return how many bytes something of this size may unpack to; small files compress as well as they like."""
    return min(MAX_BYTES, max(packed * MAX_RATIO, RATIO_COUNTS_FROM))


def _pour(source: IO[bytes] | gzip.GzipFile, target: IO[bytes], allowed: int) -> int:
    """Copy at most `allowed` bytes, counted as they come: what the header promises proves nothing."""
    poured = 0
    while block := source.read(BLOCK):
        poured += len(block)
        if poured > allowed:
            reason = f"uitgepakt wordt het bestand groter dan {allowed:,} bytes"
            _refuse("zip-bom", reason, "Lever het onverpakt als dit echt de bedoeling is.")
        target.write(block)
    return poured


def _check_shapefile(folder: Path) -> None:
    missing = [suffix for suffix in SHAPEFILE_NEEDED if not (folder / f"data{suffix}").exists()]
    if missing:
        reason = f"bij de shapefile ontbreekt {', '.join(missing)}"
        _refuse("shapefile-onvolledig", reason, "Lever .shp, .shx en .dbf samen, liefst met .prj en .cpg.")
    _check_kind(folder / "data.shp", "shapefile")
    _check_shapefile_sizes(folder)


def _check_shapefile_sizes(folder: Path) -> None:
    """Compare the lengths in the headers with those of the files (ESRI Shapefile Technical Description, 1998; dBASE III)."""
    for suffix in (".shp", ".shx"):
        data = (folder / f"data{suffix}").read_bytes()[:100]
        stated = int.from_bytes(data[24:28], "big") * 2
        _check_size(folder / f"data{suffix}", stated)
    head = (folder / "data.dbf").read_bytes()[:32]
    records = int.from_bytes(head[4:8], "little")
    _check_size(folder / "data.dbf", int.from_bytes(head[8:10], "little") + records * int.from_bytes(head[10:12], "little"))
    shapes = ((folder / "data.shx").stat().st_size - 100) // 8
    if shapes != records:
        reason = f"de shapefile heeft {shapes} vormen en {records} rijen"
        _refuse("bestand-afgebroken", reason, "Lever .shp, .shx en .dbf die bij elkaar horen.")


def _check_size(path: Path, stated: int) -> None:
    size = path.stat().st_size
    if size < stated or size < 32:
        _refuse("bestand-afgebroken", f"{path.suffix} is {size:,} bytes, maar hoort {stated:,} te zijn", "Lever of download het opnieuw.")


def _refuse(code: str, reason: str, remedy: str) -> NoReturn:
    raise Refused(fault(code, reason, remedy))
