"""Publish figures: put the leveringen of each energiebeeld together, add them up along the scales, and judge whether they close."""

from app.publish.figures.building import FIGURES_SQL, build_figures, digests_of

__all__ = ["FIGURES_SQL", "build_figures", "digests_of"]
