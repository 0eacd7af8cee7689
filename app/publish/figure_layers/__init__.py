"""Publish layers of figures: the published figures of one scale as columns, on the shapes of layers that are published already."""

from app.publish.figure_layers.building import FigureTask, build_figure_layer
from app.publish.figure_layers.planning import figure_tasks

__all__ = ["FigureTask", "build_figure_layer", "figure_tasks"]
