"""Run the migrations on the connection that `app.database` hands over."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="migration", version_table_schema="facts", transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
