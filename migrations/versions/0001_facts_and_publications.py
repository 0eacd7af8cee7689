"""Facts as they were delivered, and the register of publications made from them."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the schemas `facts` and `publication`, with views of what is current."""
    _create_levering()
    _create_gebied()
    _create_object()
    _create_publication()
    _create_views()


def downgrade() -> None:
    """Drop everything that was delivered and published."""
    for view in ("current_object", "current_gebied_relatie", "current_gebied"):
        op.execute(f"drop view facts.{view}")
    for table in ("current_publication", "publication_layer", "publication", "layer_version"):
        op.drop_table(table, schema="publication")
    for table in ("object", "gebied_relatie", "gebied", "levering_facts", "levering"):
        op.drop_table(table, schema="facts")


def _levering_id() -> sa.Column[int]:
    return sa.Column("levering_id", sa.BigInteger, sa.ForeignKey("facts.levering.id", ondelete="CASCADE"), nullable=False)


def _create_levering() -> None:
    op.create_table(
        "levering",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("bron", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("license", sa.Text, nullable=False),
        sa.Column("homepage", sa.Text, nullable=False),
        sa.Column("attribution", sa.Text),
        sa.Column("peildatum", sa.Date, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("files", JSONB, nullable=False, comment="Per file: name, sha256, bytes"),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("status", sa.Text, nullable=False, server_default="CURRENT"),
        sa.Column("superseded_by", sa.BigInteger, sa.ForeignKey("facts.levering.id", deferrable=True, initially="DEFERRED")),
        sa.CheckConstraint("status in ('CURRENT', 'SUPERSEDED', 'WITHDRAWN')", name="levering_status"),
        schema="facts",
    )
    op.create_index("levering_current", "levering", ["bron"], unique=True, schema="facts", postgresql_where=sa.text("status = 'CURRENT'"))
    op.create_table(
        "levering_facts",
        _levering_id(),
        sa.Column("facts", sa.Text, nullable=False, comment="gebied, gebied_relatie or object/{collection}"),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("levering_id", "facts"),
        schema="facts",
    )


def _create_gebied() -> None:
    op.create_table(
        "gebied",
        _levering_id(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("soort", sa.Text, nullable=False),
        sa.Column("naam", sa.Text, nullable=False),
        sa.Column("geldig_vanaf", sa.Date, nullable=False),
        sa.Column("geldig_tot", sa.Date),
        sa.Column("geometrie", Geometry("MULTIPOLYGON", srid=28992, spatial_index=False)),
        sa.PrimaryKeyConstraint("levering_id", "code", "geldig_vanaf"),
        sa.CheckConstraint("geldig_tot > geldig_vanaf", name="gebied_period"),
        schema="facts",
    )
    op.create_table(
        "gebied_relatie",
        _levering_id(),
        sa.Column("kind_code", sa.Text, nullable=False),
        sa.Column("ouder_code", sa.Text, nullable=False),
        sa.Column("ouder_soort", sa.Text, nullable=False),
        sa.Column("ouder_naam", sa.Text, nullable=False),
        sa.Column("geldig_vanaf", sa.Date, nullable=False),
        sa.Column("geldig_tot", sa.Date),
        sa.PrimaryKeyConstraint("levering_id", "kind_code", "ouder_code", "geldig_vanaf"),
        schema="facts",
    )


def _create_object() -> None:
    op.create_table(
        "object",
        _levering_id(),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("eigenschappen", JSONB, nullable=False),
        sa.Column("geometrie", Geometry("GEOMETRY", srid=28992, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("levering_id", "collection", "object_id"),
        schema="facts",
    )


def _create_publication() -> None:
    op.create_table(
        "layer_version",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("layer_id", sa.Text, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False, unique=True),
        sa.Column("input_hash", sa.Text, nullable=False, comment="sha256 of the layer, its SQL and the leveringen it is made from"),
        sa.Column("description", JSONB, nullable=False, comment="Counts, extent, overviews and leveringen: what serving needs to know"),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("layer_id", "input_hash"),
        schema="publication",
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("versie", sa.Text, nullable=False, unique=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        schema="publication",
    )
    op.create_table(
        "publication_layer",
        sa.Column("publication_id", sa.BigInteger, sa.ForeignKey("publication.publication.id", ondelete="CASCADE"), nullable=False),
        sa.Column("layer_version_id", sa.BigInteger, sa.ForeignKey("publication.layer_version.id"), nullable=False),
        sa.PrimaryKeyConstraint("publication_id", "layer_version_id"),
        schema="publication",
    )
    op.create_table(
        "current_publication",
        sa.Column("only_row", sa.Boolean, sa.CheckConstraint("only_row"), primary_key=True, server_default=sa.true()),
        sa.Column("publication_id", sa.BigInteger, sa.ForeignKey("publication.publication.id"), nullable=False),
        schema="publication",
    )


def _create_views() -> None:
    for table in ("gebied", "gebied_relatie", "object"):
        op.execute(
            f"create view facts.current_{table} as select feit.*, levering.bron from facts.{table} feit"
            " join facts.levering on levering.id = feit.levering_id where levering.status = 'CURRENT'"
        )
