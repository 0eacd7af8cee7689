"""GDAL reads the formats that a source may declare and nothing else: no redirecting files, no network, no databases.

GDAL registers its drivers when pyogrio is first imported, so `app.ingest` calls `restrict_drivers` before it imports anything else.
"""

import os

from app.problems import ConfigurationFault

REDIRECTING = ("VRT", "OGR_VRT", "GTI", "GDALG", "HTTP")
NETWORK = ("AmigoCloud", "Carto", "CSW", "EEDA", "Elasticsearch", "NGW", "OAPIF", "OGCAPI", "PLSCENES", "WFS", "ADBC")
LOOKALIKES = ("ESRIJSON", "TopoJSON", "GeoJSONSeq", "JSONFG", "GTFS", "LVBAG", "KML", "LIBKML", "GeoRSS", "GPX", "MapML", "JML", "OSM")
DANGEROUS = frozenset({*REDIRECTING, *NETWORK})

ENVIRONMENT = {
    "GDAL_SKIP": ",".join((*REDIRECTING, *NETWORK, *LOOKALIKES)),
    # No file name can reach the network: only names that end so may be opened over it.
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    # "0014" is a code, not a number.
    "GML_FIELDTYPES": "ALWAYS_STRING",
}


def restrict_drivers() -> None:
    """Set what GDAL may do; must precede the first import of pyogrio in the process."""
    os.environ.update(ENVIRONMENT)


def demand_restricted_drivers() -> None:
    """Raise ConfigurationFault when GDAL started before it was restricted."""
    from pyogrio import list_drivers  # noqa: PLC0415  (importing it registers the drivers)

    if active := sorted(DANGEROUS & set(list_drivers())):
        raise ConfigurationFault(f"GDAL is gestart met stuurprogramma's die een import niet mag gebruiken: {', '.join(active)}.")
