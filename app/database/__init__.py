"""PostgreSQL with PostGIS: where it is, who may do what, and how to connect."""

from app.database.connections import Role, connect, engine
from app.database.reader import Reader
from app.database.wire import Envelope

__all__ = ["Envelope", "Reader", "Role", "connect", "engine"]
