"""The part of the OpenAPI document about what is held against the gebiedsopgaven: questions that are posted as JSON."""

from app.ogc.describing import list_of, object_of, shared
from app.overlap.inputs import DESCRIPTIONS, OVERLAPTOETS, PLANTOETS, RUIMTEZOEKER, Description
from app.web.addresses import JSON, Json

TAGS = {"Overlap": "Energieobjecten en plannen naast de gebiedsopgaven: toetsen, en zoeken waar ruimte is. Er wordt niets bewaard."}
ANSWERS = {OVERLAPTOETS.id: "Overlaptoetsing", PLANTOETS.id: "Plantoetsing", RUIMTEZOEKER.id: "GevondenRuimte"}
FAULTS = {"413": "De vraag is te groot", "415": "De vraag is geen JSON"}


def paths() -> Json:
    """Return the paths, each with its POST."""
    return {each.path: {"post": _operation(each)} for each in DESCRIPTIONS}


def _operation(described: Description) -> Json:
    body = {"required": True, "content": {JSON: {"schema": described.schema}}}
    faults = {code: shared("responses", f"Fout{code}") for code in ("400", "404", *FAULTS, "500", "503")}
    return {
        "operationId": f"post{described.id.capitalize()}",
        "tags": list(TAGS),
        "summary": described.title,
        "description": described.description,
        "parameters": [],
        "requestBody": body,
        "responses": {"200": shared("responses", ANSWERS[described.id]), **faults},
    }


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    return {ANSWERS[each.id]: (each.answer, {JSON: {"schema": shared("schemas", ANSWERS[each.id])}}) for each in DESCRIPTIONS}


def schemas(links: Json) -> Json:
    """Return the schemas of the answers; `links` is the schema of their links."""
    text, number, integer, whatever = {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"type": "object"}
    always = ("regelsetVersie", "publicatie", "datum", "strekking", "invoer", "links")
    common = {**dict.fromkeys(always, text), "datum": text | {"format": "date"}, "invoer": whatever, "links": links}
    feature = shared("schemas", "Object")
    hectares = dict.fromkeys(("gebiedHa", "vrijHa", "passendHa", "gevraagdHa"), number)
    return {
        "Overlaptoetsing": object_of(("toetsen", *always), toetsen=list_of(whatever), **common),
        "Plantoetsing": object_of(
            ("plan", "samenvatting", "aantalObjecten", "groepen", "ruimtebeslag", "beoordeling", "energienet", *always),
            **dict.fromkeys(("plan", "lengtePerNetvlak", "ruimtebeslag", "beoordeling", "energienet"), whatever),
            groepen=list_of(whatever),
            aantalObjecten=integer,
            samenvatting=text,
            lagen=list_of(text),
            **common,
        ),
        "GevondenRuimte": object_of(
            ("type", "features", "samenvatting", "aantal", *hectares, *always),
            type={"type": "string", "enum": ["FeatureCollection"]},
            features=list_of(feature),
            **dict.fromkeys(("aantal", "aantalGevonden"), integer),
            **hectares,
            **dict.fromkeys(("samenvatting", "methode"), text),
            vermeden=list_of(text),
            **common,
        ),
    }
