"""Build a publication from the facts: immutable tables per layer, and a pointer that moves in one transaction."""

from app.publish.publishing import Published, publish, stale_layers

__all__ = ["Published", "publish", "stale_layers"]
