"""`python -m app.cli`: run a command and tell in Dutch what goes wrong."""

from app.cli.commands import run

if __name__ == "__main__":
    run()
