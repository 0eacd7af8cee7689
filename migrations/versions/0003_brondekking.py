"""Where a delivered dataset is known to be complete: outside it, finding nothing says nothing."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of brondekkingen, with a view of what is current."""
    op.create_table(
        "brondekking",
        sa.Column("levering_id", sa.BigInteger, sa.ForeignKey("facts.levering.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("gebied", sa.Text, comment="Complete within this gebied"),
        sa.Column("geometrie", Geometry("MULTIPOLYGON", srid=28992, spatial_index=False), comment="Complete within this polygon"),
        sa.CheckConstraint("(gebied is null) <> (geometrie is null)", name="brondekking_one_of_two"),
        schema="facts",
    )
    op.execute(
        "create view facts.current_brondekking as select feit.*, levering.bron from facts.brondekking feit"
        " join facts.levering on levering.id = feit.levering_id where levering.status = 'CURRENT'"
    )


def downgrade() -> None:
    """Drop the brondekkingen."""
    op.execute("drop view facts.current_brondekking")
    op.drop_table("brondekking", schema="facts")
