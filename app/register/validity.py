"""What is wrong with a geometry and where, in Dutch."""

import re

REASONS = {
    "Self-intersection": "de rand kruist zichzelf (vlinderdas) of delen overlappen",
    "Ring Self-intersection": "een ring raakt of kruist zichzelf",
    "Hole lies outside shell": "een gat ligt buiten het vlak",
    "Holes are nested": "een gat ligt in een ander gat",
    "Nested shells": "een deel ligt binnen een ander deel",
    "Duplicate Rings": "een ring komt twee keer voor",
    "Interior is disconnected": "het binnenste van het vlak is opgedeeld door zijn gaten",
    "Too few points in geometry component": "een lijn of ring heeft te weinig punten",
    "Invalid Coordinate": "een coördinaat is geen eindig getal",
    "Ring is not closed": "een ring is niet gesloten",
}


def explain_invalid(reason: str) -> tuple[str, str | None]:
    """Split GEOS' "Self-intersection[5.1 52.3]" into Dutch and the place."""
    found = re.match(r"(?P<why>[^\[]+?)\s*(?:\[(?P<where>[^\]]+)\])?$", reason)
    if found is None:
        return reason, None
    return REASONS.get(found["why"], found["why"]), found["where"]
