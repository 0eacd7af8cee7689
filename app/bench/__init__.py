"""`./energiebeeld bench`: how fast the service is, as a ratio to what PostgreSQL could do at best on this machine at this moment.

Why a ratio: requests per second say as much of the machine, and of who else uses it, as of the service. So each line of the table is
measured against a limit, in turns of a few seconds (service, limit, service, limit …), and the median of the ratios is the figure.

The limit is the same answer made by one prepared statement, from a table in RD that has nothing but a primary key and a spatial index,
asked over bare psycopg connections: one per processor, each in a process of its own. Pages are in order of id with an exact
intersection of the box, transformed with bent edges; tiles hold all features with all attributes at every level. Before anything is
timed the answers of both are compared: same features, properties and coordinates on pages that hold all of a box, same values in tiles
that are not generalised.

The service is the real one: supervisor and workers as `start` runs them, asked by one light process over 16 connections that stay open.
It answers more than the limit does (links, numberMatched, headers) and generalises tiles at low levels; both are part of the deal.
Boxes and tiles are random but the same in each run, and a box holds about twice as many features as the page shows. Tiles are asked of
a service that keeps none (`ENERGIEBEELD_TILE_CACHE_MB=0`), and never the same one twice at once; the lines "uit het geheugen" show what
the cache adds. Answers are not compressed, on either side. Load generator, service and PostgreSQL share the machine.

Figures are timed as a whole: publishing a country with all layers of figures, correcting one figure, and a file of a million figures
beside the same COPY over a bare connection.

Overlap is timed beside what others do with the same data: GeoPandas' overlay in bulk, one statement of PostGIS for a drawn polygon, and
all signals beside those of one object that changed.
"""

from app.bench.data import Amount
from app.bench.measuring import CALM, QUICK, Pace
from app.bench.results import Results
from app.bench.running import Options, run

__all__ = ["CALM", "QUICK", "Amount", "Options", "Pace", "Results", "run"]
