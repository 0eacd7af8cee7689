"""Styles: one SLD per style, read once, and everything that is drawn or explained from it."""
