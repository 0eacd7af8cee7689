"""Tie a process to the one that started it; as a script: become another user, tie the knot, and turn into a given program.

Only the standard library is imported, because the script runs before anything else does, and as root when root starts the service.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, last_signal: signal.Signals) -> None:
    """Ask Linux to send `last_signal` to this process when process `parent` ends; elsewhere the next start clears up what is left.

    Linux watches the thread that forked: start such a process from a thread that lives as long as it should.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), last_signal)


def become(uid: int, gid: int) -> None:
    """Give up the rights of root for those of another user; nothing happens when that is who we are."""
    if os.geteuid() == uid:
        return
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def main(arguments: list[str]) -> None:
    """Run `lifeline.py UID GID PARENT PROGRAM [ARGUMENT]...`."""
    uid, gid, parent, *program = arguments
    os.umask(0o077)
    become(int(uid), int(gid))
    # A change of user clears the death signal, so it is set last.
    die_with_parent(int(parent), signal.SIGINT)
    os.execv(program[0], program)


if __name__ == "__main__":
    main(sys.argv[1:])
