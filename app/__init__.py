"""Energiebeeld kaartservice: publish layers from facts, then serve them over OGC APIs."""

__version__ = "0.1.0"
