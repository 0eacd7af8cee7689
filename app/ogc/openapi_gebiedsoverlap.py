"""The part of the OpenAPI document about the overlap of gebieden with gebiedsopgaven."""

from app.ogc.describing import Operation, content_of, list_of, object_of, query_parameter
from app.ogc.openapi_analysis import ABOUT, GEBIED, INTEGER, MAYBE_NUMBER, MAYBE_TEXT, NUMBER, ORIGIN, TABLE, TEXT
from app.ogc.openapi_figures import CSV
from app.overlap.gebieden import ERNST
from app.web.addresses import JSON, Json

TAG = "Regels"
OPERATIONS = (
    Operation(
        f"{GEBIED}/overlap",
        "getGebiedsoverlap",
        TAG,
        "Wat van elke gebiedsopgave in een gebied ligt, en welke energieobjecten zij raakt",
        "Gebiedsoverlap",
        ("kader", "beperking", "ernst-geraakt", "publicatie", TABLE),
    ),
)


def parameters() -> Json:
    """Return the query parameters by the name of their component."""
    codes = list_of(TEXT | {"enum": list(ERNST)})
    told = "Alleen opgaven die een energieobject raken met een van deze, gescheiden door komma's; nietBeoordeeld blijft heel"
    return {"ernst-geraakt": query_parameter("ernst", told, codes)}


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    return {"Gebiedsoverlap": ("De overlap van het gebied", content_of("Gebiedsoverlap", JSON) | {CSV: {"schema": TEXT}})}


def schemas(links: Json) -> Json:
    """Return the schemas of the answers; `links` is the schema of their links."""
    hit = object_of(ERNST, **dict.fromkeys(ERNST, INTEGER)) | {"description": "Hoeveel bekende energieobjecten, per ernst"}
    opgave = object_of(
        ("laag", "laagTitel", "constraintCode", "beperkingNaam", "kader", "gedekt", "volledig", "objecten", "href"),
        **dict.fromkeys(("laag", "laagTitel", "constraintCode", "beperkingNaam", "kader", "href"), TEXT),
        overlapHa=MAYBE_NUMBER | {"description": "Hectare van het gebied onder de laag, als vereniging; leeg is niet beoordeeld"},
        aandeel=MAYBE_NUMBER | {"description": "Deel van het gebied, van 0 tot 1"},
        gedekt=NUMBER | {"description": "Deel van het gebied waar bekend is dat de laag volledig is, van 0 tot 1"},
        volledig={"type": "boolean"},
        objecten=hit,
        signalen=MAYBE_TEXT | {"description": "De signalen van deze laag in de rechthoek om het gebied"},
    )
    left = object_of(
        ("beperking", "beperkingNaam", "kader", "reden", "aandeelPct"),
        **dict.fromkeys(("beperking", "beperkingNaam", "kader", "reden"), TEXT),
        laag=MAYBE_TEXT,
        aandeelPct=NUMBER | {"description": "Deel van het gebied dat niet beoordeeld is"},
    )
    return {
        "Gebiedsoverlap": object_of(
            ("gebiedCode", "oppervlakteHa", "opgaven", "nietBeoordeeld", "strekking", "publicatie", "links"),
            **ABOUT,
            oppervlakteHa=NUMBER,
            opgaven=list_of(opgave),
            nietBeoordeeld=list_of(left),
            strekking=TEXT,
            regelsetVersie=MAYBE_TEXT | {"description": "De regels waarmee de publicatie is gewogen"},
            publicatie=TEXT,
            bronnen=list_of(ORIGIN),
            links=links,
        )
    }
