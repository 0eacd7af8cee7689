"""The opgaven of the overlap tests, asked as processes."""

from ..overlap.conftest import service, settings

__all__ = ["service", "settings"]
