"""What the user sees: steps with their duration, notices, tables; lively on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.problems import Problem

BAR_WIDTH = 24
PLAIN_WIDTH = 240


class Progress(Protocol):
    """Told what is going on, with the part done (0 to 1) where that is known."""

    def __call__(self, message: str, done: float | None = None) -> None:
        """Show it."""


class Terminal:
    """Writes to standard output, faults to standard error."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
        self._err = Console(stderr=True, highlight=False)

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self._out.print(Text(text), soft_wrap=True)

    def fault(self, problem: Problem) -> None:
        """Print what is wrong: the detail, then every single fault."""
        self._err.print(Text(problem.detail, style="bold red"), soft_wrap=True)
        for error in problem.errors:
            self._err.print(Text(f"- {error}"), soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table that wraps to the width of the terminal, except for its first column, which names things."""
        table = Table(title=Text(title), title_justify="left")
        for column in columns:
            table.add_column(Text(column), overflow="fold", no_wrap=not table.columns)
        for row in rows:
            table.add_row(*map(Text, row))
        self._out.print(table)

    @contextmanager
    def step(self, title: str, *, fleeting: bool = False) -> Iterator[Progress]:
        """Show that something is under way and how long it took; what is reported stays, unless it is `fleeting` progress."""
        started = time.monotonic()
        if not self._out.is_terminal:
            self.say(f"{title} ...")
            yield self._plain_progress
            self.say(f"{title}: klaar in {_seconds(started)}")
            return
        with self._out.status(Text(title)) as status:

            def progress(message: str, done: float | None = None) -> None:
                if fleeting:
                    status.update(Text(f"{title}: {message}{_bar(done)}"))
                else:
                    self.say(f"  {message}")

            yield progress
        self._out.print(Text.assemble(("✓ ", "green"), title, (f" ({_seconds(started)})", "dim")))

    def _plain_progress(self, message: str, done: float | None = None) -> None:
        if done is None:
            self.say(f"  {message}")


def dutch_number(value: float, decimals: int = 0) -> str:
    """Write 86319 as 86.319, and 79797.48 with two decimals as 79.797,48."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def _seconds(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s".replace(".", ",")


def _bar(done: float | None) -> str:
    if done is None:
        return ""
    filled = round(BAR_WIDTH * min(max(done, 0.0), 1.0))
    return f"  {'━' * filled}{'╌' * (BAR_WIDTH - filled)} {done:.0%}"
