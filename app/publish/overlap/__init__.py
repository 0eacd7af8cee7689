"""Publish what the overlaptoets reads, and what it finds for everything that is known already."""

from app.publish.overlap.opgaven import OPGAVEN_SQL, build_opgaven

__all__ = ["OPGAVEN_SQL", "build_opgaven"]
