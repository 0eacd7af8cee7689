"""PostgreSQL with PostGIS: where it is, who may do what, and how to connect."""

from app.database.connections import Role, connect, engine
from app.database.reader import Envelope, Reader

__all__ = ["Envelope", "Reader", "Role", "connect", "engine"]
