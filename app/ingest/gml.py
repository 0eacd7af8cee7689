"""Rewrite any GML as a plain feature collection that GDAL reads, because official GML (such as STOP/GIO) nests its features in its own way.

Document types and entities are refused, links are not followed, and arcs are noted before GDAL straightens them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from xml.etree.ElementTree import Element, ParseError, tostring

import numpy as np
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.ingest.report import Remark, fault
from app.ingest.table import Mask

GML_SPACES = ("http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2")
MEMBERS = frozenset({"featureMember", "featureMembers", "member"})
GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Curve", "MultiCurve", "CompositeCurve", "OrientableCurve"}
    | {"Polygon", "MultiPolygon", "Surface", "MultiSurface", "CompositeSurface", "OrientableSurface", "MultiGeometry", "PolyhedralSurface"}
)
ARCS = frozenset(
    {"Arc", "ArcString", "ArcByBulge", "ArcStringByBulge", "ArcByCenterPoint", "Circle", "CircleByCenterPoint"}
    | {"CubicSpline", "BSpline", "Bezier", "Clothoid", "Geodesic", "GeodesicString", "OffsetCurve"}
)
START = '<?xml version="1.0" encoding="UTF-8"?>\n<c:collection xmlns:c="urn:plain" xmlns:gml="http://www.opengis.net/gml/3.2">\n'
END = "</c:collection>\n"


class UnreadableGml(Exception):
    """The file is no GML that can be read; `remark` says why."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark


def normalise(path: Path, target: Path, element: str | None) -> Mask:
    """Write the features of `path` as plain GML to `target`; return for each whether it holds arcs.

    A feature is every element with the local name `element`, or without that every member of the collection. Its leaves become text
    attributes named after their local name; the first of a name counts.
    """
    curved: list[bool] = []
    try:
        with target.open("w", encoding="utf-8") as file:
            file.write(START)
            for feature, crs in _features(path, element):
                curved.append(any(_local(each) in ARCS for each in feature.iter()))
                _write(file, feature, crs)
            file.write(END)
    except ParseError as broken:
        raise UnreadableGml(
            fault("bestand-afgebroken", f"het XML is niet heel: {broken}", "Maak of download het bestand opnieuw.")
        ) from None
    except DefusedXmlException:
        raise UnreadableGml(fault("xml-entiteiten", "het XML bevat een documenttype of entiteiten", "Lever GML zonder DOCTYPE.")) from None
    if not curved:
        sought = f"elementen {element!r}" if element else "leden van een verzameling (member of featureMember)"
        raise UnreadableGml(
            fault("laag-ontbreekt", f"het GML heeft geen {sought}", "Noem het element van een object als `layer` in de bron.")
        )
    return np.array(curved, dtype=bool)


def _features(path: Path, element: str | None) -> Iterator[tuple[Element, str | None]]:
    """Yield each feature with the CRS that the envelope of the collection states, if it comes first."""
    inside: list[Element] = []
    crs: str | None = None
    for event, node in iterparse(path, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            inside.append(node)
            continue
        inside.pop()
        is_feature = _local(node) == element if element else bool(inside) and _local(inside[-1]) in MEMBERS
        if is_feature:
            yield node, crs
            node.clear()
        elif _local(node) == "Envelope":
            crs = node.get("srsName") or crs


def _write(file: TextIO, feature: Element, crs: str | None) -> None:
    file.write("<gml:featureMember><c:feature>")
    identifiers = [("gml_id", value) for name, value in feature.attrib.items() if name.endswith("}id")]
    for name, text in dict(reversed([*identifiers, *_leaves(feature)])).items():
        leaf = Element(f"{{urn:plain}}{name}")
        leaf.text = text
        file.write(tostring(leaf, encoding="unicode"))
    geometry = next(_geometries(feature), None)
    if geometry is not None:
        if crs is not None and not any(each.get("srsName") for each in geometry.iter()):
            geometry.set("srsName", crs)
        file.write(f"<c:geometrie>{tostring(geometry, encoding='unicode')}</c:geometrie>")
    file.write("</c:feature></gml:featureMember>\n")


def _leaves(node: Element) -> Iterator[tuple[str, str]]:
    for child in node:
        if _is_geometry(child):
            continue
        if len(child) == 0:
            yield _local(child), (child.text or "").strip()
        else:
            yield from _leaves(child)


def _geometries(node: Element) -> Iterator[Element]:
    for child in node:
        if _is_geometry(child):
            yield child
        else:
            yield from _geometries(child)


def _is_geometry(node: Element) -> bool:
    return _local(node) in GEOMETRIES and node.tag.startswith(tuple(f"{{{space}}}" for space in GML_SPACES))


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]
