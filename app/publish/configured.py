"""What the files of a deployment say of a publication."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.layers import Layers
from app.overlap.footprint import Ground
from app.register.afleidingen import Afleidingen, read_afleidingen
from app.register.begrippen import Begrippen, read_begrippen
from app.register.regels import Regelset, read_regels
from app.settings import Settings

type Drawn = Mapping[str, frozenset[str]]


def today() -> dt.date:
    """Return the day that a publication is of."""
    return dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class Configured:
    """The layers with the properties that are drawn of each, the code lists, the derivations of figures, the rules, and the day."""

    layers: Layers
    drawn: Drawn
    begrippen: Begrippen
    afleidingen: Afleidingen
    regelset: Regelset
    raster_folder: Path
    day: dt.date

    @classmethod
    def read(cls, settings: Settings, layers: Layers, drawn: Drawn) -> "Configured":
        """Read the files of this deployment, or raise ConfigurationFault."""
        begrippen = read_begrippen(settings.seed_folders)
        afleidingen = read_afleidingen(settings.seed_folders, begrippen)
        regelset = read_regels(settings.seed_folders, begrippen)
        return cls(layers, drawn, begrippen, afleidingen, regelset, settings.raster_folder, today())

    @cached_property
    def ground(self) -> Ground:
        """What makes the footprints of objects."""
        return Ground(self.begrippen, self.afleidingen.kengetallen)
