"""The configuration of the embedded PostgreSQL: closed to the outside, durable, and sized to the machine."""

import os
from dataclasses import dataclass
from pathlib import Path

from app.database.connections import ADMINISTRATOR, Role
from app.database.housing import Housing

MB = 1024 * 1024
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))

CLOSED = """# Made by ./energiebeeld at every start; changes are lost.
local all all peer map=energiebeeld
"""


@dataclass(frozen=True)
class Memory:
    """How the memory of the machine (in MB) is divided."""

    machine: int

    @property
    def shared_buffers(self) -> int:
        """An eighth of the machine: the operating system caches the rest, and a laptop stays usable."""
        return _between(128, self.machine // 8, 2048)

    @property
    def work_mem(self) -> int:
        """Per sort or hash, so many times more in all."""
        return _between(8, self.machine // 512, 64)

    @property
    def maintenance_work_mem(self) -> int:
        """For building indexes while publishing."""
        return _between(64, self.machine // 32, 512)


def machine_memory() -> int:
    """Return the memory of this machine, or the smaller limit of the container around us, in MB."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in CGROUP_LIMITS:
        text = limit.read_text(encoding="ascii").strip() if limit.is_file() else ""
        if text.isdigit():
            sizes.append(int(text))
    return min(sizes) // MB


def write_configuration(housing: Housing) -> Path:
    """Write the three configuration files and return the main one; the server may read but not change them."""
    files = {"pg_hba.conf": CLOSED, "pg_ident.conf": _identities(housing), "postgresql.conf": _settings(housing)}
    for name, text in files.items():
        path = housing.configuration / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
    return housing.configuration / "postgresql.conf"


def _identities(housing: Housing) -> str:
    """Let the user who runs the service, and the one who runs the server, be each of our roles."""
    starter = os.geteuid()
    users = {housing.account.name, "root" if starter == 0 else housing.account.name}
    roles = (ADMINISTRATOR, *Role)
    return "".join(f'energiebeeld "{user}" {role}\n' for user in sorted(users) for role in roles)


def _settings(housing: Housing) -> str:
    memory = Memory(machine_memory())
    values = {
        "hba_file": str(housing.configuration / "pg_hba.conf"),
        "ident_file": str(housing.configuration / "pg_ident.conf"),
        "listen_addresses": "",
        "unix_socket_directories": f'"{housing.sockets}"',
        "unix_socket_permissions": "0700",
        "cluster_name": "energiebeeld",
        "max_connections": "100",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": f"{memory.shared_buffers}MB",
        "work_mem": f"{memory.work_mem}MB",
        "maintenance_work_mem": f"{memory.maintenance_work_mem}MB",
        "effective_cache_size": f"{max(256, memory.machine // 2)}MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "5min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_min_duration_statement": "10s",
    }
    quoted = (f"{name} = '{value.replace("'", "''")}'\n" for name, value in values.items())
    return "# Made by ./energiebeeld at every start; changes are lost.\n" + "".join(quoted)


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))
