"""Where the cells of a raster are kept, and whether the classes of a raster name a beperking that exists."""

from pathlib import Path

from app.layers import Layers
from app.problems import ConfigurationFault
from app.register.begrippen import Begrippen


def raster_path(folder: Path, sha256: str) -> Path:
    """Return the file with this SHA-256 under the folder of rasters."""
    return folder / f"{sha256}.tif"


def check_rasters(layers: Layers, begrippen: Begrippen) -> None:
    """Raise ConfigurationFault naming every class of a raster with a beperking that is not in the code list."""
    faults = [
        f"{layer.id}.yaml: raster.classes: {each.beperking!r} staat niet in de lijst beperking"
        for layer in layers.rasters.values()
        for each in layer.raster.classes
        if each.beperking is not None and each.beperking not in begrippen["beperking"]
    ]
    if faults:
        raise ConfigurationFault("Er zijn fouten in de rasters.", faults)
