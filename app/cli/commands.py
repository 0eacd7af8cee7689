"""The commands and their options; what they do is imported when it is asked for, so that a supervisor stays small and `--help` quick."""

import re
import sys
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from typer import rich_utils

from app.cli.terminal import Terminal
from app.database.cluster import running_database
from app.database.prepare import first_line
from app.problems import BadRequest, ConfigurationFault, Problem, Unavailable
from app.settings import Settings

# ruff: noqa: PLC0415, PLR0913
# One parameter per option of a command.

rich_utils.OPTIONS_PANEL_TITLE = "Opties"
rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenten"
rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"

USAGE = "Zo werkt het: ./energiebeeld --help, en per opdracht: ./energiebeeld OPDRACHT --help"
DUTCH = {
    r"No such command '(.*)'\.": r"De opdracht '\1' bestaat niet.",
    r"No such option:? (\S+)": r"De optie \1 bestaat niet.",
    r"Missing argument '(.*)'\.": r"Er ontbreekt een \1.",
    r"Missing command\.": "Er ontbreekt een opdracht.",
    r"Option '(.*)' requires an argument\.": r"Achter \1 hoort een waarde.",
    r"Got unexpected extra arguments? \((.*)\)": r"Te veel argumenten: \1.",
    r"Invalid value for '(.*)': (.*)": r"De waarde bij \1 klopt niet: \2",
}

commands = typer.Typer(
    name="./energiebeeld",
    help="Kaartservice voor het Energiebeeld: vraag, aanbod, infrastructuur, opslag en ruimtebeslag op de kaart en over OGC API's.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@commands.command()
def start(
    host: Annotated[str, typer.Option(metavar="ADRES", help="Adres om op te luisteren; 0.0.0.0 is vanaf overal bereikbaar.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="NUMMER", min=1, max=65535, help="Poort.")] = 8000,
    workers: Annotated[int | None, typer.Option(metavar="AANTAL", min=1, help="Aantal webprocessen; standaard een per processor.")] = None,
    *,
    demo: Annotated[bool, typer.Option(help="Vul een lege database met het demogebied Doggerland.")] = True,
) -> None:
    """Start alles: database, webkaart, demo als de database leeg is, publicatie en webserver. Stoppen met Ctrl-C."""
    from app.cli.start import StartOptions, available_processors, start

    start(_settings(), StartOptions(host, port, workers or max(2, available_processors()), demo), Terminal())


@commands.command("import")
def import_(
    source: Annotated[str | None, typer.Argument(metavar="BRON", help="Naam van de bron; zie ./energiebeeld sources.")] = None,
    file: Annotated[list[Path] | None, typer.Option(metavar="PAD", help="Eigen kopie van een bestand van de bron; mag vaker.")] = None,
    folder: Annotated[Path | None, typer.Option("--from", metavar="MAP", help="Map met bestanden.", exists=True, file_okay=False)] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Alle bronnen waarvan de bestanden onder --from staan.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Alleen het verslag; er wordt niets opgeslagen.")] = False,
    keep_demo: Annotated[bool, typer.Option("--keep-demo", help="Laat het demogebied naast echte data staan.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Sla ook op als het verslag om een bevestiging vraagt.")] = False,
) -> None:
    """Neem een levering aan: uit eigen bestanden, of van het officiële adres van de bron."""
    if everything != (folder is not None) or everything == (source is not None):
        raise BadRequest("Noem een bron, of geef --all met --from MAP.")

    from app.cli.importing import Order, run_import
    from app.ingest.importing import Options

    options = Options(dry_run=dry_run, keep_demo=keep_demo, confirm=confirm)
    settings, terminal = _settings(), Terminal()
    with running_database(settings, terminal.say):
        well = run_import(settings, Order(source, tuple(file or ()), folder, options), terminal)
    if not well:
        raise typer.Exit(1)


@commands.command()
def withdraw(
    source: Annotated[list[str] | None, typer.Argument(metavar="BRON", help="Naam van de bron; mag vaker.")] = None,
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Trek het hele demogebied in.")] = False,
) -> None:
    """Trek in wat een bron leverde: het blijft bewaard, maar komt niet in de volgende publicatie."""
    if demo == bool(source):
        raise BadRequest("Noem een bron, of geef --demo.")

    from app.cli.importing import run_withdraw

    settings, terminal = _settings(), Terminal()
    with running_database(settings, terminal.say):
        run_withdraw(settings, tuple(source or ()), terminal, demo=demo)


@commands.command()
def sources() -> None:
    """Toon de bronnen die deze service kent."""
    from app.cli.importing import tell_sources

    tell_sources(_settings(), Terminal())


@commands.command()
def publish() -> None:
    """Maak van de aangenomen leveringen een nieuwe publicatie."""
    from app.cli.publishing import publish_current, tell_published
    from app.register.grid import ready_grid

    settings, terminal = _settings(), Terminal()
    ready_grid(settings, terminal.say)
    with running_database(settings, terminal.say):
        with terminal.step("Publicatie", fleeting=True) as report:
            published = publish_current(settings, report)
        tell_published(published, terminal)


@commands.command()
def status() -> None:
    """Toon wat gepubliceerd is, uit welke leveringen, en wat nog op publicatie wacht."""
    from app.cli.publishing import tell_status

    settings, terminal = _settings(), Terminal()
    with running_database(settings, terminal.say):
        tell_status(settings, terminal)


@commands.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def check(
    context: typer.Context,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Zonder de trage tests (browsers, QGIS, herstel na een crash).")] = False,
) -> None:
    """Controleer alles: stijl, typen, verdiepingen en tests. Wat hierachter staat gaat naar pytest."""
    from app.cli.checks import checks, run_checks

    if not run_checks(checks(quick=quick, pytest_arguments=tuple(context.args)), Terminal()):
        raise typer.Exit(1)


@commands.command()
def bench(
    only: Annotated[str | None, typer.Option(metavar="LIJST", help="Alleen deze metingen, gescheiden door komma's.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="MAP", help="Waar de uitkomst komt.")] = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Korte rondes: minder nauwkeurig.")] = False,
) -> None:
    """Meet de snelheid, telkens naast hetzelfde antwoord van een kale SQL-opdracht."""
    from app.bench import CALM, QUICK, Options, run

    settings, terminal = _settings(), Terminal()
    with running_database(settings, terminal.say):
        run(settings, Options(tuple(only.split(",")) if only else (), QUICK if quick else CALM, output=output), terminal.say)


@commands.command(hidden=True)
def build(*, check: Annotated[bool, typer.Option("--check", help="Controleer ook de typen.")] = False) -> None:
    """Bouw alleen de webkaart."""
    from app.portal.build import build, check_types

    settings, terminal = _settings(), Terminal()
    with terminal.step("Webkaart", fleeting=True) as report:
        build(settings, report)
        if check:
            check_types(settings, report)


@commands.command(hidden=True)
def prepare(*, demo: bool = True) -> None:
    """Doe alles wat `start` doet tussen database en webserver."""
    from app.cli.preparing import prepare

    settings, terminal = _settings(), Terminal()
    with running_database(settings, terminal.say, service=True):
        prepare(settings, terminal, demo=demo)


def run() -> None:
    """Run the command line; a problem is told in Dutch, without traceback, and gives exit status 1."""
    terminal = Terminal()
    try:
        sys.exit(commands(prog_name="./energiebeeld", standalone_mode=False))
    except Problem as problem:
        terminal.fault(problem)
    except (psycopg.OperationalError, DBAPIError) as fault:
        terminal.fault(Unavailable("De database viel weg; er is niets half opgeslagen. Probeer het opnieuw.", [first_line(fault)]))
    except typer.TyperException as fault:
        terminal.fault(BadRequest(_in_dutch(fault.format_message()), [USAGE]))
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        terminal.say("Gestopt.")
        sys.exit(130)
    sys.exit(1)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as fault:
        errors = [f"ENERGIEBEELD_{'.'.join(map(str, error['loc'])).upper()}: {error['msg']}" for error in fault.errors()]
        raise ConfigurationFault("Deze instellingen kloppen niet.", errors) from fault


def _in_dutch(message: str) -> str:
    for english, dutch in DUTCH.items():
        if re.search(english, message):
            return re.sub(f"{english}.*", dutch, message, flags=re.DOTALL)
    return message
