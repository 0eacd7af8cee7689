"""Read one layer through GDAL's OAPIF driver, as GeoPandas does, and write what was read as JSON. Run in a process of its own."""

import json
import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely


def read(task: dict) -> dict:
    source = f"OAPIF:{task['api']}/collections/{task['collection']}"
    bbox = tuple(task["bbox"]) if task.get("bbox") else None
    meta, _, shapes, columns = pyogrio.raw.read(
        source,
        layer=task["collection"],
        bbox=bbox,
        where=task.get("where"),
        **task.get("options", {}),
    )
    values = dict(zip(meta["fields"], columns, strict=True))
    return {
        "gdal": list(pyogrio.__gdal_version__),
        "crs": meta["crs"],
        "types": dict(zip(meta["fields"], map(str, meta["dtypes"]), strict=True)),
        "ids": list(values["id"]),
        "wkb": [shapely.from_wkb(shape).wkb_hex for shape in shapes],
        "values": list(map(str, np.asarray(values[task["column"]]))) if "column" in task else [],
    }


if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(wanted["uitvoer"]).write_text(json.dumps(read(wanted)), encoding="utf-8")
