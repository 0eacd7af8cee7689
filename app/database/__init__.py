"""PostgreSQL with PostGIS: where it is, who may do what, and how to connect."""

from app.database.connections import Role, connect, engine
from app.database.reader import Reader

__all__ = ["Reader", "Role", "connect", "engine"]
