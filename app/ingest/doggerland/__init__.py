"""Generate Doggerland, two invented provincies in the North Sea, as files that go through the ordinary import."""

from app.ingest.doggerland.generator import generate

__all__ = ["generate"]
