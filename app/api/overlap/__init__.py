"""The overlaptoets over HTTP: one plain JSON call, the same answer that the OGC process gives."""
