"""Load the demo area Doggerland: generate its files and take them in like any other levering."""

from app.ingest.doggerland import generate
from app.ingest.importing import Options, import_all
from app.ingest.report import Progress, Report, silent
from app.ingest.source import read_sources
from app.settings import Settings


def import_demo(settings: Settings, progress: Progress = silent) -> list[Report]:
    """Generate Doggerland under the home and import every source marked `demo`; the reports tell what was stored."""
    folder = settings.home / "doggerland"
    progress("Doggerland tekenen")
    generate(folder)
    sources = {source.id: source for source in read_sources(settings.seed_folders).values() if source.demo}
    return import_all(settings, sources, folder, Options(keep_demo=True), progress)
