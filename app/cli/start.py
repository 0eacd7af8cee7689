"""`start`: database, data, web map and web workers, in that order; and back again on Ctrl-C."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from types import FrameType

from app.cli.terminal import Terminal
from app.cli.web import Web, listen
from app.database.cluster import running_database
from app.settings import Settings

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class StartOptions:
    """How to serve."""

    host: str
    port: int
    workers: int
    demo: bool


def available_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start(settings: Settings, options: StartOptions, terminal: Terminal) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    for number in STOPPING:
        signal.signal(number, _interrupt_once)
    with ExitStack() as stack:
        listener = stack.enter_context(listen(options.host, options.port))
        with terminal.step("Database"):
            stack.enter_context(running_database(settings, terminal.say, service=True))
        _prepare(demo=options.demo)
        with terminal.step("Webserver"):
            web = Web(listener, options.workers, terminal.say)
            stack.callback(web.stop)
            web.wait_until_ready()
        _tell(settings, options, terminal)
        with suppress(KeyboardInterrupt):
            web.keep()
        terminal.say("Stoppen ...")


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    """Stop in order; a second Ctrl-C while that is going on would only leave a mess."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _prepare(*, demo: bool) -> None:
    """Have another process do the work that needs much memory, so that the supervisor stays small; it tells its own faults."""
    command = [sys.executable, "-m", "app.cli", "prepare", "--demo" if demo else "--no-demo"]
    outcome = subprocess.run(command, check=False).returncode
    if outcome != 0:
        raise SystemExit(outcome)


def _tell(settings: Settings, options: StartOptions, terminal: Terminal) -> None:
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = (settings.url or f"http://{host}:{options.port}").rstrip("/")
    terminal.say("")
    terminal.say("Het Energiebeeld staat klaar:")
    terminal.say(f"  kaart    {url}/")
    terminal.say(f"  API      {url}/v1   (dit adres in QGIS: Laag > Laag toevoegen > WFS / OGC API - Features)")
    terminal.say("  stoppen  Ctrl-C")
