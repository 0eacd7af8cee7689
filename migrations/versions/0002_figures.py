"""Code lists, and figures as they were delivered: energiebeelden, their beelden and their cijfers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002"
down_revision = "0001"

# The dimensions of a figure besides place and time; '' is a figure that is not split along that dimension.
DIMENSIONS = ("drager", "subsector", "techniek", "richting")
NATURAL_KEY = ("energiebeeld", "gebied", "indicator", *DIMENSIONS, "jaar", "beeld")


def upgrade() -> None:
    """Create the tables of code lists and figures, with views of what is current."""
    _create_begrip()
    _create_energiebeeld()
    _create_cijfer()
    _create_opvolging()
    for table in ("energiebeeld", "beeld", "cijfer", "gebied_opvolging"):
        op.execute(
            f"create view facts.current_{table} as select feit.*, levering.bron from facts.{table} feit"
            " join facts.levering on levering.id = feit.levering_id where levering.status = 'CURRENT'"
        )


def downgrade() -> None:
    """Drop the figures and the code lists."""
    for view in ("current_gebied_opvolging", "current_cijfer", "current_beeld", "current_energiebeeld"):
        op.execute(f"drop view facts.{view}")
    for table in ("gebied_opvolging", "cijfer", "beeld", "energiebeeld", "begrip"):
        op.drop_table(table, schema="facts")


def _levering_id() -> sa.Column[int]:
    return sa.Column("levering_id", sa.BigInteger, sa.ForeignKey("facts.levering.id", ondelete="CASCADE"), nullable=False)


def _create_begrip() -> None:
    op.create_table(
        "begrip",
        sa.Column("lijst", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("naam", sa.Text, nullable=False),
        sa.Column("ouder", sa.Text, comment="The code this one rolls up to: keten of a drager, hoofdsector of a subsector"),
        sa.Column("kenmerken", JSONB, nullable=False, server_default="{}", comment="What only this list has: eenheid, aggregatie, weight"),
        sa.Column("volgorde", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("lijst", "code"),
        schema="facts",
        comment="The code lists of seed/begrippen as they are now, for derivations in SQL; the files are the source",
    )


def _create_energiebeeld() -> None:
    op.create_table(
        "energiebeeld",
        _levering_id(),
        sa.Column("id", sa.Text, nullable=False, comment="{gebied}-{ronde}-{versie}"),
        sa.Column("gebied", sa.Text, nullable=False),
        sa.Column("ronde", sa.Text, nullable=False),
        sa.Column("versie", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("opsteller", sa.Text, nullable=False),
        sa.Column("gedragen_door", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("datum_gedragen", sa.Date),
        sa.Column("gebaseerd_op", sa.Text, comment="The energiebeeld under it"),
        sa.Column("grondslag", ARRAY(sa.BigInteger), nullable=False, server_default="{}", comment="Leveringen of that one, pinned"),
        sa.Column("toelichting", sa.Text),
        sa.Column("peildatum", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("levering_id", "id"),
        sa.CheckConstraint(
            "status <> 'GEDRAGEN' or (datum_gedragen is not null and gedragen_door <> '{}')", name="energiebeeld_gedragen_door_iemand"
        ),
        schema="facts",
    )
    op.create_table(
        "beeld",
        _levering_id(),
        sa.Column("energiebeeld", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("naam", sa.Text, nullable=False),
        sa.Column("soort", sa.Text, nullable=False),
        sa.Column("familie", sa.Text),
        sa.Column("omschrijving", sa.Text),
        sa.Column("rekening_gehouden_met", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("levering_id", "energiebeeld", "code"),
        schema="facts",
    )


def _create_cijfer() -> None:
    op.create_table(
        "cijfer",
        _levering_id(),
        sa.Column("energiebeeld", sa.Text, nullable=False),
        sa.Column("gebied", sa.Text, nullable=False),
        sa.Column("indicator", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in DIMENSIONS),
        sa.Column("jaar", sa.SmallInteger, nullable=False),
        sa.Column("beeld", sa.Text, nullable=False),
        sa.Column("indeling", sa.Date, nullable=False, comment="The day whose division into gemeenten the code is of"),
        sa.Column("waarde", sa.Double, comment="In the unit of the indicator"),
        sa.Column("ondergrens", sa.Double),
        sa.Column("bovengrens", sa.Double),
        sa.Column("soort", sa.Text, nullable=False),
        sa.Column("herkomst", sa.Text, nullable=False),
        sa.Column("kwaliteit", sa.Text, nullable=False),
        sa.Column("waarde_bron", sa.Double, comment="As delivered, in eenheid_bron"),
        sa.Column("eenheid_bron", sa.Text, nullable=False),
        sa.Column("methode", sa.Text),
        sa.Column("reden_leeg", sa.Text),
        sa.PrimaryKeyConstraint("levering_id", *NATURAL_KEY),
        sa.CheckConstraint("(waarde is null) = (reden_leeg is not null)", name="cijfer_empty_for_a_reason"),
        schema="facts",
    )


def _create_opvolging() -> None:
    op.create_table(
        "gebied_opvolging",
        _levering_id(),
        sa.Column("oud", sa.Text, nullable=False),
        sa.Column("nieuw", sa.Text, nullable=False),
        sa.Column("datum", sa.Date, nullable=False, comment="First day of the new division"),
        sa.Column("soort", sa.Text, nullable=False),
        sa.Column("aandeel", sa.Double, nullable=False, comment="Share of the old that passes to the new, 0 to 1"),
        sa.Column("grondslag", sa.Text, nullable=False, comment="What the share is of: INWONERS, WONINGEN, OPPERVLAKTE or GEHEEL"),
        sa.PrimaryKeyConstraint("levering_id", "oud", "nieuw", "datum"),
        sa.CheckConstraint("aandeel > 0 and aandeel <= 1", name="gebied_opvolging_share"),
        schema="facts",
    )
