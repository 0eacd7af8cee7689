"""Withdraw what a source delivered: it stays readable in the database, but nothing is published from it any more."""

from collections.abc import Iterable
from difflib import get_close_matches

from app.database.connections import Role, connect
from app.problems import BadRequest
from app.settings import Settings

CURRENT = "select bron from facts.levering where status = 'CURRENT' and (demo or not %s) order by bron"
LOCK = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"
WITHDRAW = "update facts.levering set status = 'WITHDRAWN' where status = 'CURRENT' and bron = any(%s) returning bron"


def delivered(settings: Settings, *, demo: bool = False) -> list[str]:
    """Return the sources that have a current levering; with `demo` only those of the demo area."""
    with connect(settings, Role.IMPORT) as connection:
        return [bron for (bron,) in connection.execute(CURRENT, [demo])]


def withdraw(settings: Settings, named: Iterable[str]) -> list[str]:
    """Withdraw the current levering of each of these sources, all or none, or raise BadRequest naming those that have none."""
    wanted = sorted(set(named))
    known = delivered(settings)
    if unknown := [name for name in wanted if name not in known]:
        faults = [_missing(name, known) for name in unknown]
        raise BadRequest("Er is niets ingetrokken: van deze bronnen is geen levering van kracht.", faults)
    with connect(settings, Role.IMPORT) as connection:
        for name in wanted:
            # The lock of an import of that source: it ends first, and its levering is then the one withdrawn.
            connection.execute(LOCK, [f"levering {name}"])
        return sorted(bron for (bron,) in connection.execute(WITHDRAW, [wanted]))


def _missing(name: str, known: list[str]) -> str:
    like = get_close_matches(name, known, n=1, cutoff=0.5)
    meant = f" Bedoelt u {like[0]}?" if like else ""
    return f"{name}.{meant} Wat er is, staat in: ./energiebeeld status"
