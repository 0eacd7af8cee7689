"""PostgreSQL with PostGIS: where it is, who may do what, and how to connect."""

from app.database.connections import Role, connect, engine, read_pool

__all__ = ["Role", "connect", "engine", "read_pool"]
