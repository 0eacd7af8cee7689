"""Which publication is served: none is known until the database has told, and that is something else than nothing published."""

import asyncio

import pytest

from app.database import Reader
from app.layers import read_layers
from app.problems import Unavailable
from app.register.current import NOTHING, CurrentPublication
from app.register.publication import Publication
from app.settings import Settings


async def look(settings: Settings) -> Publication:
    """Return what is served after the first look; before it, that is not known."""
    reader = Reader(settings)
    current = CurrentPublication(reader, read_layers(settings.layer_folders))
    try:
        with pytest.raises(Unavailable):
            current()
        await current.refresh()
        return current()
    finally:
        await reader.close()


def test_an_empty_database_serves_nothing(database_settings: Settings) -> None:
    assert asyncio.run(look(database_settings)) is NOTHING


def test_while_the_database_is_away_it_is_not_known_what_is_served() -> None:
    away = Settings(DATABASE_URL="postgresql://niemand@127.0.0.1:1/nergens", database_url_read="postgresql://niemand@127.0.0.1:1/nergens")
    with pytest.raises(Unavailable, match="niet bereikbaar"):
        asyncio.run(look(away))
