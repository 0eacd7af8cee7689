"""The publication that is served now: read at start, and again soon after the pointer moves."""

import asyncio
import datetime as dt
import logging

from app.database import Reader
from app.layers import Layers
from app.problems import Unavailable
from app.register.publication import CURRENT, LAYERS, Publication, build_publication

log = logging.getLogger(__name__)
LOOK_AGAIN_S = 1.0
NOTHING = Publication(0, "leeg", dt.datetime.fromtimestamp(0, dt.UTC), {})


class CurrentPublication:
    """Calling it gives the publication; `watch` keeps it current."""

    def __init__(self, reader: Reader, layers: Layers) -> None:
        self._reader = reader
        self._layers = layers
        self._publication: Publication | None = None

    def __call__(self) -> Publication:
        """Return the publication that is served now; raises Unavailable until the database has told which one that is."""
        if self._publication is None:
            raise Unavailable("De database is niet bereikbaar. Probeer het zo weer.")
        return self._publication

    async def refresh(self) -> None:
        """Read the pointer, and the publication when it moved. Raises Unavailable when the database is away."""
        row = await self._reader.row(CURRENT)
        known = NOTHING if self._publication is None else self._publication
        if row is None or row[0] == known.id:
            self._publication = known
            return
        rows = await self._reader.rows(LAYERS, {"publication": row[0]})
        self._publication = build_publication(row, rows, self._layers)
        log.info("Serving publication %s with %d layers", self._publication.versie, len(self._publication))

    async def watch(self) -> None:
        """Look for a new publication every second, for as long as the process serves."""
        while True:
            try:
                await self.refresh()
            except Unavailable:
                log.warning("The database is away; what is served stays as it is")
            await asyncio.sleep(LOOK_AGAIN_S)
