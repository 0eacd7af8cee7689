"""`import`, `withdraw` and `sources`: take leveringen and print the report of each, or take them back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from app.cli.terminal import Terminal, dutch_number
from app.ingest.download import download
from app.ingest.importing import Options, import_all, import_source
from app.ingest.recognising import recognise_given, unclaimed
from app.ingest.report import Outcome, RefusedImport, Report
from app.ingest.source import Source, read_sources
from app.ingest.withdrawing import delivered, withdraw
from app.problems import BadRequest, ImportFault
from app.register.begrippen import read_begrippen, store_begrippen
from app.register.grid import ready_grid
from app.settings import Settings

SUM_COLUMNS = ("indicator", "eenheid", "wat", "cijfers", "som")
FINDING_COLUMNS = ("ernst", "code", "bestand", "laag", "rij", "kolom", "waarde", "reden", "wat te doen")


@dataclass(frozen=True)
class Order:
    """What the command line asks to import: one source, with files or from its official address, or all that `folder` holds."""

    source: str | None
    files: tuple[Path, ...]
    folder: Path | None
    options: Options


def run_import(settings: Settings, order: Order, terminal: Terminal) -> bool:
    """Import, print the reports, and tell whether nothing was refused."""
    sources, begrippen = read_sources(settings.seed_folders), read_begrippen(settings.seed_folders)
    if not order.options.dry_run:
        store_begrippen(settings, begrippen)
    ready_grid(settings, terminal.say)
    if order.folder is not None:
        reports = _import_folder(settings, sources, order, terminal)
    else:
        reports = [_import_one(settings, _named(sources, order.source), order, terminal)]
    if order.folder is not None:
        _tell_unclaimed(unclaimed(sources, order.folder), terminal)
    for report in reports:
        _print(report, terminal)
        terminal.say(f"Het hele verslag: {_keep(report, settings.home / 'verslagen')}")
    if any(report.levering_id is not None for report in reports):
        terminal.say("Publiceer met: ./energiebeeld publish")
    elif any(report.outcome is Outcome.ONGEWIJZIGD for report in reports) and delivered(settings, demo=True):
        terminal.say("De demo staat er nog. Intrekken gaat met: ./energiebeeld withdraw --demo")
    return all(report.faults == 0 for report in reports)


def run_withdraw(settings: Settings, named: tuple[str, ...], terminal: Terminal, *, demo: bool) -> None:
    """Withdraw what these sources delivered, or with `demo` the whole demo area, and tell what was withdrawn."""
    wanted = delivered(settings, demo=True) if demo else named
    if not wanted:
        terminal.say("Er is geen demo om in te trekken.")
        return
    for bron in withdraw(settings, wanted):
        terminal.say(f"Ingetrokken: {bron}")
    terminal.say("Tot u publiceert, blijft de kaart zoals zij is: ./energiebeeld publish")


def tell_sources(settings: Settings, terminal: Terminal) -> None:
    """Print the sources that can be imported."""
    sources = read_sources(settings.seed_folders).values()
    rows = ((each.id, each.title, each.publisher, f"{each.peildatum:%Y-%m-%d}", _origin(each)) for each in sources)
    terminal.table("Bronnen", ("bron", "titel", "uitgever", "peildatum", "ophalen"), rows)
    terminal.say("Importeren: ./energiebeeld import BRON, of met eigen bestanden: ./energiebeeld import BRON --file PAD")


def _origin(source: Source) -> str:
    if source.demo:
        return "demo"
    return "vanzelf" if all(file.address for file in source.files.values()) else "met --file"


def _named(sources: Mapping[str, Source], name: str | None) -> Source:
    if name is None or name not in sources:
        like = [f"Bedoelt u {other}?" for other in get_close_matches(name or "", sources, n=3, cutoff=0.5)]
        raise BadRequest(f"Er is geen bron {name!r}. Alle bronnen staan in: ./energiebeeld sources", like)
    return sources[name]


def _import_one(settings: Settings, source: Source, order: Order, terminal: Terminal) -> Report:
    with terminal.step(source.title, fleeting=True) as progress:
        try:
            files = recognise_given(source, order.files) if order.files else download(settings, source, progress)
            return import_source(settings, source, files, order.options, progress)
        except ImportFault as fault:
            return _report_of(fault)


def _import_folder(settings: Settings, sources: Mapping[str, Source], order: Order, terminal: Terminal) -> list[Report]:
    with terminal.step(f"Alles uit {order.folder}", fleeting=True) as progress:
        return import_all(settings, sources, order.folder or Path(), order.options, progress)


def _tell_unclaimed(paths: list[Path], terminal: Terminal) -> None:
    if paths:
        terminal.say("Niet herkend, bij geen enkele bron:")
        for path in paths:
            terminal.say(f"  {path}")


def _report_of(fault: ImportFault) -> Report:
    """Return the report of a refused levering; a fault without one is told like any other."""
    if isinstance(fault, RefusedImport):
        return fault.report
    raise fault


def _print(report: Report, terminal: Terminal) -> None:
    terminal.say("")
    terminal.say(f"{report.title} ({report.bron}): {report.outcome.value}")
    terminal.table("Aantallen", ("bestand", "laag", "feiten", "gelezen", "overgeslagen", "hersteld", "opgeslagen"), _counts(report))
    if report.sums:
        terminal.table("Sommen per indicator, als controle op de import", SUM_COLUMNS, _sums(report))
    if rows := report.as_rows():
        terminal.table("Bevindingen", FINDING_COLUMNS, rows)
    for defect in report.known_defects:
        terminal.say(f"Bekend gebrek: {defect}")
    for bron in report.withdrawn:
        terminal.say(f"Demo ingetrokken: {bron}")


def _keep(report: Report, folder: Path) -> Path:
    """Write the whole report, of which the terminal shows at most ten findings of a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.bron}.json"
    path.write_text(report.as_json(), encoding="utf-8")
    return path


def _counts(report: Report) -> Iterable[tuple[str, ...]]:
    for each in report.datasets:
        numbers = (each.read, each.excluded, each.repaired, each.stored)
        yield each.file, each.layer or "", each.facts, *map(dutch_number, numbers)


def _sums(report: Report) -> Iterable[tuple[str, ...]]:
    for each in report.sums:
        yield each.indicator, each.eenheid, "geleverd", dutch_number(each.count), dutch_number(each.delivered, 3)
        yield "", "", "opgeslagen", dutch_number(each.stored_count), dutch_number(each.stored, 3)
        for part in each.rejected:
            yield "", "", f"niet opgeslagen: {part.reason}", dutch_number(part.count), dutch_number(part.total, 3)
        yield "", "", "verschil", "", dutch_number(each.difference, 3)
