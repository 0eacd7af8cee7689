"""Delivered rasters: what each holds and where it lies; the cells themselves are in a file named after its SHA-256."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table of rasters, with a view of what is current."""
    op.create_table(
        "raster",
        sa.Column("levering_id", sa.BigInteger, sa.ForeignKey("facts.levering.id", ondelete="CASCADE"), nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, index=True, comment="Of the file with the cells, which is named after it"),
        sa.Column("crs", sa.Text, nullable=False),
        sa.Column("transform", ARRAY(sa.Float), nullable=False, comment="a, b, c, d, e, f of x = a * column + b * row + c, y = d …"),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("nodata", sa.Float, nullable=False, comment="May be NaN"),
        sa.Column("statistics", JSONB, nullable=False, comment="known, minimum, mean, maximum: over the cells with data"),
        sa.PrimaryKeyConstraint("levering_id", "collection"),
        schema="facts",
    )
    op.execute(
        "create view facts.current_raster as select feit.*, levering.bron from facts.raster feit"
        " join facts.levering on levering.id = feit.levering_id where levering.status = 'CURRENT'"
    )


def downgrade() -> None:
    """Drop the rasters; their files stay until they are swept."""
    op.execute("drop view facts.current_raster")
    op.drop_table("raster", schema="facts")
