"""The conformance classes that hold, and no others: clients decide by this list what they dare to ask."""

from dataclasses import dataclass

SPEC = "http://www.opengis.net/spec"


@dataclass(frozen=True)
class Standard:
    """One part of a standard, and the classes of it that the service has."""

    title: str
    uri: str
    classes: tuple[str, ...]

    @property
    def conforms_to(self) -> tuple[str, ...]:
        """The full URI of each class."""
        return tuple(f"{self.uri}/conf/{name}" for name in self.classes)


STANDARDS = (
    Standard("OGC API Common 1: Core", f"{SPEC}/ogcapi-common-1/1.0", ("core", "landing-page", "json", "html", "oas30")),
    Standard("OGC API Common 2: Geospatial Data", f"{SPEC}/ogcapi-common-2/1.0", ("collections",)),
    # QGIS reads the URI of Features 5, which has since moved to Common 3; both say the same.
    Standard("OGC API Common 3: Schemas", f"{SPEC}/ogcapi-common-3/1.0", ("schemas",)),
    Standard("OGC API Features 1: Core", f"{SPEC}/ogcapi-features-1/1.0", ("core", "geojson", "html", "oas30")),
    Standard("OGC API Features 2: Coordinate Reference Systems", f"{SPEC}/ogcapi-features-2/1.0", ("crs",)),
    Standard("OGC API Features 3: Filtering", f"{SPEC}/ogcapi-features-3/1.0", ("queryables", "queryables-query-parameters")),
    Standard("OGC API Features 5: Schemas", f"{SPEC}/ogcapi-features-5/1.0", ("schemas", "core-roles-features")),
    # No job-list: who has the number of a job may see what came of it, so nobody is told the numbers of others.
    Standard(
        "OGC API Processes 1: Core",
        f"{SPEC}/ogcapi-processes-1/1.0",
        ("core", "ogc-process-description", "json", "html", "oas30", "dismiss"),
    ),
    Standard("OGC API Coverages 1: Core (ontwerp)", f"{SPEC}/ogcapi-coverages-1/1.0", ("core", "oas30")),
    Standard(
        "OGC API Tiles 1: Core",
        f"{SPEC}/ogcapi-tiles-1/1.0",
        ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30"),
    ),
    Standard(
        "Two Dimensional Tile Matrix Set and Tile Set Metadata",
        f"{SPEC}/tms/2.0",
        (
            "tilematrixset",
            "json-tilematrixset",
            "tilematrixsetlimits",
            "json-tilematrixsetlimits",
            "tilesetmetadata",
            "json-tilesetmetadata",
        ),
    ),
)

CONFORMS_TO = tuple(uri for standard in STANDARDS for uri in standard.conforms_to)
