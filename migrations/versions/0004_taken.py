"""Jobs: what clients asked and come back for, in a schema of its own that nothing else writes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of jobs."""
    op.create_table(
        "taak",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("proces", sa.Text, nullable=False),
        sa.Column("invoer", JSONB, nullable=False),
        sa.Column("antwoordvorm", sa.Text, nullable=False, comment="raw or document"),
        sa.Column("adres", sa.Text, nullable=False, comment="The base URL that links in the outcome start with"),
        sa.Column("status", sa.Text, nullable=False, server_default="accepted"),
        sa.Column("voortgang", sa.SmallInteger, nullable=False, server_default="0", comment="Percentage"),
        sa.Column("bericht", sa.Text),
        sa.Column("uitkomst", JSONB),
        sa.Column("werker", UUID, comment="The worker that does it"),
        sa.Column("hartslag", sa.DateTime(timezone=True), comment="When that worker was last heard of"),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=not now, server_default=sa.func.now() if now else None)
            for name, now in (("aangemaakt", True), ("gestart", False), ("bijgewerkt", True), ("beeindigd", False))
        ),
        sa.CheckConstraint("status in ('accepted', 'running', 'successful', 'failed', 'dismissed')", name="taak_status"),
        schema="taken",
    )
    op.create_index("taak_wachtend", "taak", ["aangemaakt"], schema="taken", postgresql_where=sa.text("status in ('accepted', 'running')"))


def downgrade() -> None:
    """Drop the jobs."""
    op.drop_table("taak", schema="taken")
