"""Whether the process lives, and whether it can answer now."""

from collections.abc import Callable

from fastapi import APIRouter
from pydantic import BaseModel

from app.database import Reader
from app.problems import Unavailable
from app.register.crs import grid_is_used
from app.register.current import NOTHING
from app.register.publication import Publication

EXACT = "1 mm (RDNAPTRANS2018)"
APPROXIMATE = "0,25 m: het RDNAPTRANS-grid ontbreekt"


class Ready(BaseModel):
    """What a monitor reads: all is well, which publication is served, and how accurate coordinates outside RD are."""

    status: str
    publicatie: str
    nauwkeurigheid: str


def router(current: Callable[[], Publication], reader: Reader) -> APIRouter:
    """Return the health routes."""
    routes = APIRouter(prefix="/health")

    @routes.get("/live")
    async def live() -> dict[str, str]:
        """Answer without touching anything."""
        return {"status": "ok"}

    @routes.get("/ready")
    async def ready() -> Ready:
        """Answer 503 while the database is away or nothing is published."""
        await reader.row("select 1")
        publication = current()
        if publication.id == NOTHING.id:
            raise Unavailable("Er is nog niets gepubliceerd.")
        return Ready(status="ok", publicatie=publication.versie, nauwkeurigheid=EXACT if grid_is_used() else APPROXIMATE)

    return routes
