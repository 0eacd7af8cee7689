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
        self._publication = NOTHING

    def __call__(self) -> Publication:
        """Return the publication that is served now."""
        return self._publication

    async def refresh(self) -> None:
        """Read the pointer, and the publication when it moved. Raises Unavailable when the database is away."""
        row = await self._reader.row(CURRENT)
        if row is None or row[0] == self._publication.id:
            return
        rows = await self._reader.rows(LAYERS, {"publication": row[0]})
        self._publication = build_publication(
            (row[0], row[1], row[2]), [(each[0], each[1], each[2], each[3]) for each in rows], self._layers
        )
        log.info("Serving publication %s with %d layers", self._publication.versie, len(self._publication))

    async def watch(self) -> None:
        """Look for a new publication every second, for as long as the process serves."""
        while True:
            try:
                await self.refresh()
            except Unavailable:
                log.warning("The database is away; publication %s stays", self._publication.versie)
            await asyncio.sleep(LOOK_AGAIN_S)
