"""Bring the RDNAPTRANS2018 grid to where PROJ finds it, so that RD is transformed to the millimetre."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx

from app.register.crs import use_grid
from app.settings import Settings

# NSGI (Kadaster, Rijkswaterstaat, Dienst der Hydrografie), CC BY 4.0, as the PROJ project distributes it; sha256 per file.
ADDRESS = "https://cdn.proj.org/"
GRIDS = {
    "nl_nsgi_rdtrans2018.tif": "7653831191b424e715a906468962fc60071cfb71a3186b2a58f098bab8bf41de",
    "nl_nsgi_rdcorr2018.tif": "978fb0caf0026a4ddd65eb211f797d7240a7dc6810462a66f60b61d5df615bab",
}
TIMEOUT = httpx.Timeout(20.0, connect=4.0)

WITHOUT_GRID = (
    "Het RDNAPTRANS-grid ontbreekt: coördinaten buiten RD zijn nauwkeurig tot 0,25 m in plaats van 1 mm."
    " Zet {names} in {folder}, of noem de map ervan in ENERGIEBEELD_PROJ."
)


def grid_folder(settings: Settings) -> Path:
    """Return the folder where the grid is, or should come."""
    return settings.proj or settings.home / "proj"


def ready_grid(settings: Settings, report: Callable[[str], None], address: str = ADDRESS) -> bool:
    """Let PROJ use the grid, downloaded first if need be; tell whether it is used, and report the accuracy when it is not."""
    folder = grid_folder(settings)
    if use_grid(folder):
        return True
    if settings.proj is None:
        _download(folder, address, report)
    if use_grid(folder):
        return True
    report(WITHOUT_GRID.format(names=" en ".join(GRIDS), folder=folder))
    return False


def _download(folder: Path, address: str, report: Callable[[str], None]) -> None:
    report("RDNAPTRANS-grid ophalen")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name, digest in GRIDS.items():
            _download_file(folder / name, f"{address}{name}", digest)
    except (httpx.HTTPError, ValueError) as fault:
        report(f"Ophalen lukt niet: {fault}")


def _download_file(path: Path, address: str, digest: str) -> None:
    """Download to a file beside it and rename, so that only a whole and right file gets the name."""
    content = httpx.get(address, timeout=TIMEOUT, follow_redirects=True).raise_for_status().content
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"{address} is niet het verwachte bestand")
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
