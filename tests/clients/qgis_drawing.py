"""Draw vector tiles in headless QGIS in RD, plainly and in the style of the service, and save the pictures. Runs in Debian's own Python."""

import json
import os
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def draw(task):
    # QGIS 3.40 takes addresses as they stand; 3.22 takes them either way.
    source = f"type=xyz&url={task['tiles']}&zmin=0&zmax=14"
    if "style" in task:
        source += f"&styleUrl={task['style']}"
    layer = QgsVectorTileLayer(source, "tegels")
    styled = layer.loadDefaultStyle()[1] if "style" in task else False
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:28992"))
    settings.setExtent(QgsRectangle(*task["extent"]))
    settings.setOutputSize(QSize(256, 256))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(task["picture"])
    return {"valid": layer.isValid(), "styled": styled, "errors": [error.message for error in job.errors()]}


if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    application = QgsApplication([], False)
    application.initQgis()
    Path(wanted["uitvoer"]).write_text(json.dumps([draw(task) for task in wanted["taken"]]), encoding="utf-8")
    # Leave at once: QGIS may crash while it tidies up without a screen.
    os._exit(0)
