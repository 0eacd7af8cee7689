"""The service as `start` runs it, a supervisor with its workers, on a free port that it prints; ends with the process that started it."""

import signal
import sys

from app.cli.start import available_processors
from app.cli.web import Web, listen
from app.database.lifeline import die_with_parent


def main(parent: int) -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    die_with_parent(parent, signal.SIGTERM)
    with listen("127.0.0.1", 0) as listener:
        web = Web(listener, max(2, available_processors()), _tell)
        try:
            web.wait_until_ready()
            sys.stdout.write(f"{listener.getsockname()[1]}\n")
            sys.stdout.flush()
            web.keep()
        except KeyboardInterrupt:
            pass
        finally:
            web.stop()


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
