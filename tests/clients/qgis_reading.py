"""Read layers over OGC API Features in headless QGIS, and write what QGIS made of them as JSON. Runs in Debian's own Python."""

import json
import os
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

RD = QgsCoordinateReferenceSystem("EPSG:28992")
CRS84 = QgsCoordinateReferenceSystem("OGC:CRS84")


def open_layer(task):
    only_in_view = " restrictToRequestBBOX='1'" if "bbox" in task else ""
    layer = QgsVectorLayer(f"url='{task['api']}' typename='{task['collection']}'{only_in_view}", task["collection"], "OAPIF")
    if "subset" in task:
        layer.setSubsetString(task["subset"])
    return layer


def read(task):
    layer = open_layer(task)
    if not layer.isValid():
        return {"valid": False}
    to_rd = QgsCoordinateTransform(layer.crs(), RD, QgsProject.instance())
    request = QgsFeatureRequest()
    if "bbox" in task:
        box = QgsCoordinateTransform(CRS84, layer.crs(), QgsProject.instance()).transformBoundingBox(QgsRectangle(*task["bbox"]))
        request.setFilterRect(box).setFlags(QgsFeatureRequest.ExactIntersect)
    objects, values = {}, []
    for feature in layer.getFeatures(request):
        vertex = feature.geometry().vertexAt(0)
        point = to_rd.transform(vertex.x(), vertex.y())
        objects[feature["id"]] = [point.x(), point.y()]
        values.append(feature[task["column"]] if "column" in task else None)
    extent = to_rd.transformBoundingBox(layer.extent())
    return {
        "valid": True,
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "types": {field.name(): field.typeName() for field in layer.fields()},
        "objects": objects,
        "values": values,
        "box": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()] if "bbox" in task else None,
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
    }


if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    application = QgsApplication([], False)
    application.initQgis()
    Path(wanted["uitvoer"]).write_text(json.dumps([read(task) for task in wanted["taken"]]), encoding="utf-8")
    # Leave at once: QGIS may crash while it tidies up without a screen.
    os._exit(0)
