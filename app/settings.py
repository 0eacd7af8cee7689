"""Everything the environment can decide, read once into one frozen object."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).parent.parent


def _split_paths(value: object) -> object:
    if isinstance(value, str):
        return tuple(Path(part) for part in value.split(os.pathsep) if part)
    return value


Folders = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_split_paths)]


class Settings(BaseSettings):
    """Settings of one process; each field is an `ENERGIEBEELD_*` variable described in the README."""

    model_config = SettingsConfigDict(env_prefix="ENERGIEBEELD_", frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = ROOT / ".energiebeeld"
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_url_import: str | None = None
    database_url_read: str | None = None
    url: str | None = None
    layers: Folders = ()
    sld: Folders = ()
    seed: Folders = ()
    proj: Path | None = None
    rasters: Path | None = None
    statement_timeout_s: float = 5.0
    pool_size: int = 4
    tile_cache_mb: int = 64
    contact_name: str = "Beheer Energiebeeld"
    contact_email: str = "energiebeeld@example.org"
    contact_url: str | None = None

    @property
    def raster_folder(self) -> Path:
        """Where delivered rasters are kept, each under the SHA-256 of its bytes."""
        return self.rasters or self.home / "rasters"

    @property
    def layer_folders(self) -> tuple[Path, ...]:
        """Folders with layer YAML, the product's own first."""
        return (ROOT / "layers", *self.layers)

    @property
    def sld_folders(self) -> tuple[Path, ...]:
        """Folders with SLD styles, the product's own first."""
        return (ROOT / "sld", *self.sld)

    @property
    def seed_folders(self) -> tuple[Path, ...]:
        """Folders with sources and code lists, the product's own first."""
        return (ROOT / "seed", *self.seed)
