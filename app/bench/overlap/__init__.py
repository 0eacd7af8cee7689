"""How fast overlap is measured: in bulk beside GeoPandas, for one drawn polygon beside PostGIS, and for one object that changed."""

from app.bench.overlap.timing import time_overlap

__all__ = ["time_overlap"]
