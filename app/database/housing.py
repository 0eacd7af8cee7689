"""Where the embedded cluster lives and which user of the operating system runs it."""

import hashlib
import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.database.connections import socket_folder
from app.problems import ConfigurationFault
from app.settings import Settings

# For a home that the unprivileged user cannot enter, such as a clone below /root.
ELSEWHERE = Path("/var/lib/energiebeeld")
UNPRIVILEGED = ("postgres", "energiebeeld", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Housing:
    """The folders of the cluster: `folder` holds the data and the configuration, `home` the log and the locks."""

    home: Path
    folder: Path
    sockets: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """The data; only `account` may enter."""
        return self.folder / "cluster"

    @property
    def configuration(self) -> Path:
        """The configuration: made at every start, not writable for the server itself."""
        return self.folder / "postgresql"

    @property
    def log(self) -> Path:
        """What PostgreSQL has to say."""
        return self.home / "log" / "postgresql.log"


def house(settings: Settings) -> Housing:
    """Make the folders of the embedded cluster (but not the cluster) and return where they are."""
    home = settings.home.resolve()
    _make(home)
    _make(home / "log")
    account = _account(home / "cluster")
    folder = _folder(home, account)
    _make(folder / "postgresql")
    (folder / "postgresql").chmod(0o755)
    sockets = socket_folder(settings)
    if folder != home and sockets.parent == home:
        _point(sockets, folder / "run")
        sockets = folder / "run"
    own_folder(sockets, account)
    return Housing(home, folder, sockets, account)


def own_folder(folder: Path, account: Account) -> None:
    """Make a folder that only `account` may enter; a folder of someone else raises ConfigurationFault."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in (os.geteuid(), account.uid):
        raise ConfigurationFault(f"De map {folder} is van een andere gebruiker. Kies een andere ENERGIEBEELD_HOME.")
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ConfigurationFault(
            f"De map {folder} kan niet worden gemaakt ({fault.strerror}). Kies een andere ENERGIEBEELD_HOME."
        ) from fault


def _account(cluster: Path) -> Account:
    """Return who runs the server: whoever starts it, except that root leaves it to the cluster's owner or to an unprivileged user."""
    if os.geteuid() != 0:
        return _known(os.geteuid())
    if cluster.exists() and cluster.stat().st_uid != 0:
        return _known(cluster.stat().st_uid)
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return _known(pwd.getpwnam(name).pw_uid)
    raise ConfigurationFault("PostgreSQL draait niet als root. Maak een gebruiker 'energiebeeld' aan, of start als gewone gebruiker.")


def _known(uid: int) -> Account:
    try:
        user = pwd.getpwuid(uid)
    except KeyError:
        raise ConfigurationFault(
            f"De gebruiker met nummer {uid} staat niet in /etc/passwd; PostgreSQL vraagt een bekende gebruiker."
        ) from None
    return Account(user.pw_name, user.pw_uid, user.pw_gid)


def _folder(home: Path, account: Account) -> Path:
    """Return the home, or a place outside it when `account` cannot enter; a link in the home remembers that choice."""
    link = home / "cluster"
    if link.is_symlink():
        return link.readlink().parent
    if link.exists() or _may_enter(home, account):
        return home
    folder = ELSEWHERE / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    _make(folder)
    for step in (ELSEWHERE, folder):
        step.chmod(0o755)
    _point(link, folder / "cluster")
    return folder


def _may_enter(folder: Path, account: Account) -> bool:
    if account.uid == os.geteuid():
        return True
    command = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
    return (
        subprocess.run(command, user=account.uid, group=account.gid, extra_groups=[], stderr=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def _point(link: Path, target: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(target)
