"""Take a levering: read, check and store what an official source or a steward delivers."""

from app.ingest.drivers import restrict_drivers

restrict_drivers()
