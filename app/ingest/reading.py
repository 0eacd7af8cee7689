"""Read one layer of a file in quarantine into a table, with every remark about what was found on the way."""

import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
from numpy.typing import NDArray

from app.ingest.cijfers.headings import Headings
from app.ingest.crosstable import read_crosstable
from app.ingest.csvfile import read_csv
from app.ingest.geopackage import BROKEN, feature_layers, geometry_codes, is_curved, is_measured
from app.ingest.gml import UnreadableGml, normalise
from app.ingest.placing import UNSTATED
from app.ingest.quarantine import Delivered
from app.ingest.report import Account, Row, fault
from app.ingest.source import CsvGeometry
from app.ingest.table import Geometry, Table, geometry_of_wkb
from app.ingest.xlsxfile import read_xlsx

DRIVERS = {"gpkg": "GPKG", "geojson": "GeoJSON", "shapefile": "ESRI Shapefile", "gml": "GML"}
SHAPE_M_TYPES = frozenset({21, 23, 25, 28})
REDO = "Maak of download het bestand opnieuw."


@dataclass(frozen=True)
class Wanted:
    """What to read: the layer (None when the file has one), for a CSV where the geometry is and in which CRS, of a sheet its headings."""

    layer: str | None = None
    csv_geometry: CsvGeometry | None = None
    crs: str | None = None
    headings: Headings | None = None


def read_layer(delivered: Delivered, wanted: Wanted, account: Account) -> Table | None:
    """Read a layer; None when it cannot be read at all, which the account then explains."""
    match delivered.declared.format:
        case "csv":
            return read_csv(delivered, wanted.csv_geometry, wanted.crs, account)
        case "xlsx":
            return _read_workbook(delivered, wanted, account)
        case "gpkg":
            return _read_gpkg(delivered, wanted.layer, account)
        case "geojson":
            return _read_geojson(delivered, account)
        case "shapefile":
            return _read_shapefile(delivered, account)
        case "gml":
            return _read_gml(delivered, wanted.layer, account)
        case "geotiff":
            raise AssertionError("a raster has no rows")


def _read_workbook(delivered: Delivered, wanted: Wanted, account: Account) -> Table | None:
    if wanted.headings is None:
        return read_xlsx(delivered, wanted.layer, account)
    return read_crosstable(delivered, wanted.layer, wanted.headings, account)


def _read_gpkg(delivered: Delivered, layer: str | None, account: Account) -> Table | None:
    try:
        return _read_gpkg_layer(delivered, layer, account)
    except BROKEN as broken:
        account.add(fault("bestand-onleesbaar", f"het GeoPackage is niet te lezen: {broken}", REDO))
        return None


def _read_gpkg_layer(delivered: Delivered, layer: str | None, account: Account) -> Table | None:
    layers = feature_layers(delivered.path)
    name = layer or (layers[0] if len(layers) == 1 else None)
    if name not in layers:
        found = ", ".join(layers) or "geen enkele laag met geometrie"
        reason = f"de laag staat niet in het bestand; wel: {found}"
        account.add(fault("laag-ontbreekt", reason, "Controleer de naam van de laag in de bron."))
        return None
    table = _read_ogr(delivered.path, "gpkg", name, account)
    if table is None or table.geometry is None:
        return table
    codes = geometry_codes(delivered.path, name)
    if len(codes) != len(table):
        account.add(fault("bestand-afgebroken", f"de laag heeft {len(codes)} rijen, waarvan {len(table)} leesbaar", REDO))
        return None
    return replace(table, geometry=replace(table.geometry, curved=is_curved(codes), measured=is_measured(codes)))


def _read_shapefile(delivered: Delivered, account: Account) -> Table | None:
    encoding = None if delivered.path.with_suffix(".cpg").exists() else delivered.declared.encoding
    table = _read_ogr(delivered.path, "shapefile", None, account, encoding)
    if table is None or table.geometry is None:
        return table
    with delivered.path.open("rb") as file:
        kind = int.from_bytes(file.read(36)[32:36], "little")
    measured = np.full(len(table), kind in SHAPE_M_TYPES)
    return replace(table, geometry=replace(table.geometry, measured=measured))


def _read_gml(delivered: Delivered, layer: str | None, account: Account) -> Table | None:
    plain = delivered.path.with_name("normalised.gml")
    try:
        curved = normalise(delivered.path, plain, layer)
    except UnreadableGml as unreadable:
        account.add(unreadable.remark)
        return None
    table = _read_ogr(plain, "gml", None, account)
    if table is None or table.geometry is None:
        return table
    if len(table) != len(curved):
        account.add(fault("bestand-onleesbaar", f"het GML heeft {len(curved)} objecten, waarvan {len(table)} leesbaar", REDO))
        return None
    return replace(table, geometry=replace(table.geometry, curved=curved))


def _read_geojson(delivered: Delivered, account: Account) -> Table | None:
    """Read the JSON itself too: GDAL closes open rings and fills in a CRS without a word."""
    try:
        document = json.loads(delivered.path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as broken:
        account.add(fault("bestand-afgebroken", f"het GeoJSON is niet te lezen: {broken}", REDO))
        return None
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        account.add(fault("ander-soort-bestand", "het JSON-bestand is geen GeoJSON-FeatureCollection", "Lever een FeatureCollection."))
        return None
    if any(_report_not_finite(features, account)):
        return None
    return _with_geojson_marks(_read_ogr(delivered.path, "geojson", None, account), document, features, account)


def _with_geojson_marks(table: Table | None, document: dict[str, object], features: list[object], account: Account) -> Table | None:
    if table is None or table.geometry is None:
        return table
    if len(table) != len(features):
        account.add(fault("bestand-onleesbaar", f"het GeoJSON heeft {len(features)} objecten, waarvan {len(table)} leesbaar", REDO))
        return None
    rings = [list(_rings(_coordinates(feature))) for feature in features]
    unclosed = np.array([any(ring[0] != ring[-1] for ring in each) for each in rings], dtype=bool)
    crs = table.geometry.crs if "crs" in document else UNSTATED
    return replace(table, geometry=replace(table.geometry, unclosed=unclosed | table.geometry.unclosed, crs=crs))


def _report_not_finite(features: Sequence[object], account: Account) -> Iterator[bool]:
    """JSON knows no NaN or Infinity, but some writers do."""
    for number, feature in enumerate(features, start=1):
        wrong = next((each for each in _numbers(_coordinates(feature)) if not np.isfinite(each)), None)
        if wrong is not None:
            remark = fault("coordinaat-geen-getal", "een coördinaat is geen eindig getal", "Herstel of verwijder dit object.")
            account.add(remark, Row(number, value=wrong))
            yield True


def _coordinates(feature: object) -> object:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return ()
    if geometry.get("type") == "GeometryCollection":
        return [_coordinates({"geometry": part}) for part in geometry.get("geometries", ())]
    if geometry.get("type") in ("Polygon", "MultiPolygon"):
        return [{"ring": ring} for ring in _paths(geometry.get("coordinates"))]
    return geometry.get("coordinates", ())


def _paths(nested: object) -> Iterator[list[list[float]]]:
    """Yield the lists of positions in nested coordinates."""
    if isinstance(nested, list) and nested and isinstance(nested[0], list) and nested[0] and isinstance(nested[0][0], int | float):
        yield nested
    elif isinstance(nested, list):
        for part in nested:
            yield from _paths(part)


def _rings(coordinates: object) -> Iterator[list[list[float]]]:
    if isinstance(coordinates, dict):
        yield coordinates["ring"]
    elif isinstance(coordinates, list | tuple):
        for part in coordinates:
            yield from _rings(part)


def _numbers(coordinates: object) -> Iterator[float]:
    if isinstance(coordinates, int | float):
        yield coordinates
    elif isinstance(coordinates, dict):
        yield from _numbers(coordinates["ring"])
    elif isinstance(coordinates, list | tuple):
        for part in coordinates:
            yield from _numbers(part)


def _read_ogr(path: Path, kind: str, layer: str | None, account: Account, encoding: str | None = None) -> Table | None:
    """Read with GDAL, having made sure that it is the declared driver that reads."""
    try:
        with warnings.catch_warnings():
            # GDAL warns of what it mends or drops; the report tells the user instead.
            warnings.simplefilter("ignore")
            if pyogrio.read_info(path, layer=layer)["driver"] != DRIVERS[kind]:
                account.add(fault("ander-soort-bestand", f"het bestand is geen {kind}", REDO))
                return None
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, encoding=encoding, datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError, ValueError, IndexError) as broken:
        account.add(fault("bestand-onleesbaar", f"het bestand is niet te lezen: {broken}", REDO))
        return None
    count = len(fields[0]) if fields else 0 if wkb is None else len(wkb)
    attributes = pd.DataFrame(dict(zip(meta["fields"], fields, strict=True)), index=range(count))
    return Table(attributes, np.arange(1, count + 1, dtype=np.int64), _geometry(wkb, meta["crs"], count))


def _geometry(wkb: NDArray[np.object_] | None, crs: str | None, count: int) -> Geometry:
    """A layer without any geometry is a layer in which every geometry is missing."""
    return geometry_of_wkb(np.full(count, None, dtype=object) if wkb is None else wkb, crs)
