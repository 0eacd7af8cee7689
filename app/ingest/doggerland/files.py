"""Write sheets as GeoPackage or CSV, the same bytes each time."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from app.ingest.doggerland.sheets import Row, Sheet
from app.register.crs import RD

WRITTEN_AT = "2026-01-01T00:00:00.000Z"


def write_geopackage(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write each sheet as a layer in RD; what was there is replaced."""
    path.unlink(missing_ok=True)
    with _steady_clock():
        for sheet in sheets:
            _frame(sheet).to_file(path, layer=sheet.name, driver="GPKG", engine="pyogrio", promote_to_multi=_is_mixed(sheet))


def write_csv(path: Path, sheet: Sheet) -> None:
    """Write a sheet with its points, if it has any, in the columns x and y (RD)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_header(sheet.rows[0]))
        writer.writerows((*row.cells.values(), *_coordinates(row)) for row in sheet.rows)


@contextmanager
def _steady_clock() -> Iterator[None]:
    """Let GDAL write the same time into every GeoPackage, so that an unchanged demo is recognised by its checksum."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN_AT})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _frame(sheet: Sheet) -> gpd.GeoDataFrame:
    attributes = pd.DataFrame([dict(row.cells) for row in sheet.rows]).convert_dtypes()
    return gpd.GeoDataFrame(attributes, geometry=[row.geometry for row in sheet.rows], crs=RD.epsg)


def _is_mixed(sheet: Sheet) -> bool:
    return len({row.geometry.geom_type for row in sheet.rows if row.geometry is not None}) > 1


def _header(row: Row) -> tuple[str, ...]:
    return (*row.cells, *(("x", "y") if row.geometry is not None else ()))


def _coordinates(row: Row) -> tuple[str, ...]:
    return () if row.geometry is None else tuple(f"{number:.3f}" for number in row.geometry.coords[0])
