"""Pages and single features of a published layer, answered by one statement that makes the finished text."""

from app.features.question import Cursor, PageQuestion, Sort, Window
from app.features.reading import Page, read_feature, read_page

__all__ = ["Cursor", "Page", "PageQuestion", "Sort", "Window", "read_feature", "read_page"]
