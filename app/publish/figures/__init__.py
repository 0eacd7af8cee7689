"""Publish figures: put the leveringen of each energiebeeld together, add them up along the scales, and judge whether they close."""

from app.publish.figures.building import ACTUEEL, CHOSEN_BY, FIGURES_SQL, areas_of, build_figures, digests_of, indexes_of
from app.publish.figures.correcting import Correction

__all__ = ["ACTUEEL", "CHOSEN_BY", "FIGURES_SQL", "Correction", "areas_of", "build_figures", "digests_of", "indexes_of"]
