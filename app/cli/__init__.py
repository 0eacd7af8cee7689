"""The command line: `./energiebeeld` once the machine has what it needs."""
