"""Read and find the area that a question is about: drawn, a published feature, or a gebied."""

from dataclasses import dataclass

import shapely

from app.api.asking import Faults
from app.api.overlap.answering import Overlaptoets
from app.api.overlap.asking import read_geometry, read_text
from app.layers import Geometry
from app.overlap.objects import Published, read_features
from app.problems import BadRequest
from app.register.crs import Crs
from app.register.publication import Publication
from app.web.addresses import Json

OBJECT = '{"laag": "natura-2000", "id": "…"}'


@dataclass(frozen=True)
class Plek:
    """An area that is asked about: a polygon (RD), a published feature (layer and id), or the code of a gebied."""

    drawing: shapely.Geometry | None
    object: tuple[str, str] | None
    gebied: str | None


def read_plek(body: Json, crs: Crs, faults: Faults, choices: tuple[str, ...] = ("geometrie", "object", "gebied")) -> Plek:
    """Return the area in one of the fields `choices` of a question; what is wrong with it is added to the faults."""
    given = [name for name in choices if body.get(name) is not None]
    if len(given) != 1:
        faults.add(f"Geef de plek in één van deze velden: {', '.join(choices)}." + (f" Nu zijn er {len(given)}." if given else ""))
    drawing = read_geometry(body, crs, faults)
    if drawing is not None and shapely.get_dimensions(drawing) != 2:
        faults.add("geometrie: hier hoort een vlak (Polygon of MultiPolygon), want een punt of lijn heeft geen oppervlakte.")
    return Plek(drawing, _object(body, faults) if "object" in choices else None, read_text(body, "gebied", faults))


def _object(body: Json, faults: Faults) -> tuple[str, str] | None:
    told = body.get("object")
    if told is None:
        return None
    if isinstance(told, dict) and set(told) == {"laag", "id"} and all(isinstance(value, str) for value in told.values()):
        return told["laag"], told["id"]
    faults.add(f"object: dit is {OBJECT}, met twee teksten en niets anders.")
    return None


async def find_plek(toets: Overlaptoets, plek: Plek, publication: Publication) -> Published:
    """Return the area as a feature (of no layer when it was drawn), or raise BadRequest when nothing has that id or code."""
    if plek.object is not None:
        return await _feature(toets, publication, *plek.object)
    if plek.gebied is not None:
        return await toets.gebied(plek.gebied, publication)
    return Published("", "", None, {}, plek.drawing)


async def _feature(toets: Overlaptoets, publication: Publication, laag: str, feature_id: str) -> Published:
    if laag not in publication or publication[laag].layer.geometry is not Geometry.POLYGON:
        choices = ", ".join(sorted(each.id for each in publication.values() if each.layer.geometry is Geometry.POLYGON))
        raise BadRequest(f"De laag {laag[:60]!r} heeft geen vlakken. Kies uit: {choices}.")
    found = await read_features(toets.door.reader, publication[laag], "id", [feature_id])
    if not found:
        raise BadRequest(f"De laag {laag!r} heeft geen object {feature_id[:60]!r}.")
    return found[0]
