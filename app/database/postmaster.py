"""One PostgreSQL server on the embedded cluster: made, started, found again after a crash, stopped."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from app.database.connections import ADMINISTRATOR, administrator_conninfo
from app.database.housing import Housing, own_folder
from app.database.programs import Programs, find_programs
from app.database.tuning import MB, write_configuration
from app.problems import ConfigurationFault, Unavailable
from app.settings import Settings

LIFELINE = Path(__file__).parent / "lifeline.py"
# The oldest WAL replays in this time on a slow disk; a server that does nothing for as long is beyond help.
LONGEST_START_S = 300.0
LONGEST_STOP_S = 30.0
LARGEST_LOG = 20 * MB


class Postmaster:
    """A running server: a child of this process, or one that outlived the process that started it."""

    def __init__(self, housing: Housing, pid: int, process: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self._housing = housing
        self._process = process

    def is_alive(self) -> bool:
        """Tell whether the server still runs."""
        if self._process is not None:
            return self._process.poll() is None
        return self.pid in _processes(self._housing)

    def stop(self) -> None:
        """Stop in good order, rolling back what is under way; a server that does not listen is stopped the hard way."""
        for last_signal in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            _signal(self.pid, last_signal)
            if _wait(lambda: not self.is_alive(), LONGEST_STOP_S):
                return


def start_postmaster(settings: Settings, housing: Housing) -> Postmaster:
    """Return a server that answers: the one a crashed process left behind, or a new one. The caller holds the lock of the cluster."""
    return _adopt(settings, housing) or _start(settings, housing)


def answers(settings: Settings) -> bool:
    """Tell whether the embedded server takes connections."""
    try:
        psycopg.connect(administrator_conninfo(settings, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def mark(housing: Housing) -> str:
    """Return the name that every process of this cluster's server shows in its command line."""
    return f"energiebeeld-{hashlib.sha256(str(housing.cluster).encode()).hexdigest()[:12]}"


def _adopt(settings: Settings, housing: Housing) -> Postmaster | None:
    """Take over a server that still runs, once it has finished starting; one that is stopping is waited for."""
    pid = _recorded_pid(housing)
    if pid not in _processes(housing):
        return None
    postmaster = Postmaster(housing, pid)
    _wait(lambda: answers(settings) or not postmaster.is_alive(), LONGEST_START_S)
    if answers(settings):
        return postmaster
    postmaster.stop()
    return None


def _start(settings: Settings, housing: Housing) -> Postmaster:
    programs = find_programs(_made_by(housing))
    if _made_by(housing) is None:
        _make_cluster(housing, programs)
    _clear_remains(housing)
    process = _launch(housing, programs)
    postmaster = Postmaster(housing, process.pid, process)
    _wait(lambda: not postmaster.is_alive() or answers(settings), LONGEST_START_S)
    if not postmaster.is_alive() or not answers(settings):
        postmaster.stop()
        raise Unavailable(f"PostgreSQL start niet. Het laatste uit {housing.log}:", _last_lines(housing.log))
    return postmaster


def _launch(housing: Housing, programs: Programs) -> subprocess.Popen[bytes]:
    """Start the server as a direct child, in a session of its own so that Ctrl-C reaches only us: the order of stopping is ours."""
    configuration = write_configuration(housing)
    options = ["-D", str(housing.cluster), "-c", f"config_file={configuration}", "-c", f"cluster_name={mark(housing)}"]
    _rotate(housing.log)
    with housing.log.open("ab") as log:
        return subprocess.Popen(
            _as_account(housing, [programs.postgres, *options]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            start_new_session=True,
        )


def _make_cluster(housing: Housing, programs: Programs) -> None:
    """Make the cluster beside its place and move it there, so that an interrupted attempt leaves no half cluster."""
    new = housing.folder / "cluster.new"
    shutil.rmtree(new, ignore_errors=True)
    outcome = ""
    for locale in ("C.UTF-8", "C"):
        own_folder(new, housing.account)
        command = [programs.initdb, f"--pgdata={new}", f"--username={ADMINISTRATOR}", "--encoding=UTF8", f"--locale={locale}"]
        command += ["--data-checksums", "--auth-local=peer", "--auth-host=reject"]
        made = subprocess.run(_as_account(housing, command), capture_output=True, text=True, cwd="/", env=_environment(), check=False)
        if made.returncode == 0:
            new.rename(housing.cluster)
            return
        outcome = made.stderr
        shutil.rmtree(new, ignore_errors=True)
    raise ConfigurationFault(f"PostgreSQL kan geen cluster maken in {housing.folder}:", outcome.splitlines())


def _made_by(housing: Housing) -> int | None:
    """Return the major version that made the cluster, or nothing when there is none yet."""
    try:
        return int((housing.cluster / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except PermissionError:
        owner = housing.cluster.owner()
        raise ConfigurationFault(f"De database in {housing.cluster} is van gebruiker {owner}. Start als root of als {owner}.") from None


def _clear_remains(housing: Housing) -> None:
    """Remove what a killed server leaves: backends that had not noticed yet, and lock files with a number that is now someone else's."""
    for last_signal, patience_s in ((None, 2.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, LONGEST_STOP_S)):
        for pid in _processes(housing) if last_signal else ():
            _signal(pid, last_signal)
        if _wait(lambda: not _processes(housing), patience_s):
            break
    (housing.cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (housing.sockets / name).unlink(missing_ok=True)


def _recorded_pid(housing: Housing) -> int:
    """Return the number in postmaster.pid, or 0."""
    try:
        return int((housing.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return 0


def _processes(housing: Housing) -> frozenset[int]:
    """Return the processes of this cluster's server; where there is no /proc, the recorded one if that number is in use.

    Their command lines tell, because in a container even root may not look further into the processes of another user.
    """
    if not Path("/proc/self/cmdline").exists():
        pid = _recorded_pid(housing)
        return frozenset({pid} if pid and _signal(pid, None) else ())
    wanted = mark(housing).encode()
    return frozenset(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _is_server(entry, wanted))


def _is_server(process: Path, wanted: bytes) -> bool:
    try:
        command = (process / "cmdline").read_bytes()
    except OSError:
        return False
    program = command.partition(b"\0")[0].partition(b" ")[0].rpartition(b"/")[2]
    return program in (b"postgres", b"postgres:") and wanted in command


def _signal(pid: int, number: signal.Signals | None) -> bool:
    """Send a signal (or nothing) to a process; tell whether it exists."""
    try:
        os.kill(pid, number or 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _as_account(housing: Housing, command: list[str]) -> list[str]:
    account = housing.account
    return [sys.executable, "-I", str(LIFELINE), str(account.uid), str(account.gid), str(os.getpid()), *command]


def _environment() -> dict[str, str]:
    """Return the little that PostgreSQL needs: PGDATA, TZ and the like from outside would change what it does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)


def _last_lines(log: Path) -> list[str]:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        return file.read().decode(errors="replace").splitlines()[-8:]


def _wait(condition: Callable[[], bool], patience_s: float) -> bool:
    """Wait until the condition holds; tell whether it came to that."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
