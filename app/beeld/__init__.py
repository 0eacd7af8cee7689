"""The figures of the Energiebeeld: which are asked, how PostgreSQL finds them, and how they leave as a page or as a file."""

from app.beeld.question import Conversion, Page, Question, Selection
from app.beeld.reading import Figures, Gebieden

__all__ = ["Conversion", "Figures", "Gebieden", "Page", "Question", "Selection"]
