"""Everything between a running database and a served map: grid, web map, demo data, publication."""

from app.cli.publishing import publish_current, tell_published
from app.cli.terminal import Progress, Terminal
from app.database import Role, connect
from app.ingest.demo import import_demo
from app.ingest.report import RefusedImport
from app.portal.build import build
from app.register.grid import ready_grid
from app.settings import Settings


def prepare(settings: Settings, terminal: Terminal, *, demo: bool) -> None:
    """Do what is still to be done before serving; each step knows by itself when it has been done."""
    with terminal.step("Coördinatentransformatie") as report:
        ready_grid(settings, report)
    with terminal.step("Webkaart", fleeting=True) as report:
        build(settings, report)
    if demo and _is_empty(settings):
        with terminal.step("Demogebied Doggerland", fleeting=True) as report:
            _demo(settings, report)
    with terminal.step("Publicatie", fleeting=True) as report:
        published = publish_current(settings, report)
    tell_published(published, terminal)


def _demo(settings: Settings, report: Progress) -> None:
    for refused in [each for each in import_demo(settings, report) if each.faults]:
        raise RefusedImport(refused)


def _is_empty(settings: Settings) -> bool:
    with connect(settings, Role.READ) as connection:
        row = connection.execute("select exists (select from facts.levering)").fetchone()
    return row == (False,)
