"""Publish what the overlaptoets reads, and what it finds for everything that is known already."""

from app.publish.overlap.planning import overlap_tasks

__all__ = ["overlap_tasks"]
