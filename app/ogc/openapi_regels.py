"""The part of the OpenAPI document about the rules that weigh overlap."""

from collections.abc import Mapping

from app.ogc.describing import Operation, content_of, list_of, object_of, query_parameter, shared
from app.ogc.openapi_figures import CSV
from app.web.addresses import JSON, Json

TAG = "Regels"
TAGS = {TAG: "De regels die zeggen wat een gebiedsopgave voor een energievoorziening betekent."}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CODES = ("objectgroep", "objecttype", "beperking", "kader", "ernst", "hardheid")
OPERATIONS = (
    Operation("/regels", "getRegels", TAG, "De regels, gefilterd", "Regels", (*CODES, "gebied-regels", "bevestigd", "f-regels")),
    Operation(
        "/regels/matrix",
        "getRegelmatrix",
        TAG,
        "De regels als matrix van beperkingen en objectgroepen",
        "Regelmatrix",
        ("kader", "gebied-regels", "f-regelmatrix"),
    ),
    Operation("/regels/{regelCode}", "getRegel", TAG, "Eén regel", "Regel"),
)
PATH_PARAMETERS = {"regelCode": ("Code van de regel, zoals R-WIND-LIB", {"type": "string"})}
FORMATS = {"f-regels": ["json", "html", "csv", "csv-nl", "xlsx"], "f-regelmatrix": ["json", "html", "csv", "csv-nl"]}

TEXT: Json = {"type": "string"}
MAYBE_TEXT: Json = {"type": "string", "nullable": True}
MAYBE_NUMBER: Json = {"type": "number", "nullable": True}
MAYBE_DAY: Json = {"type": "string", "format": "date", "nullable": True}
INTEGER: Json = {"type": "integer"}
YES_NO: Json = {"type": "boolean"}


def parameters() -> Json:
    """Return the query parameters by the name of their component."""
    titles: Mapping[str, str] = {
        "objectgroep": "Objectgroepen",
        "objecttype": "Objecttypen, waarvan de objectgroep telt",
        "beperking": "Beperkingen",
        "kader": "Kaders, waarvan alle beperkingen tellen",
        "ernst": "Ernst",
        "hardheid": "Hardheid",
    }
    told = {
        name: query_parameter(name, f"{title}, gescheiden door komma's; de codes staan op /v1/begrippen/{name}", list_of(TEXT))
        for name, title in titles.items()
    }
    return told | {
        "gebied-regels": query_parameter(
            "gebied",
            "Provincie, zoals PV25: wat daar nu geldt, met haar eigen regels in plaats van de landelijke",
            TEXT | {"pattern": r"^PV\d\d$"},
        ),
        "bevestigd": query_parameter("bevestigd", "Alleen regels die zijn bevestigd (true) of niet (false)", YES_NO),
    }


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    table = {CSV: {"schema": TEXT}}
    workbook = {XLSX: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "Regels": ("De regels", content_of("Regels", JSON) | table | workbook),
        "Regelmatrix": ("De matrix", content_of("Regelmatrix", JSON) | table),
        "Regel": ("De regel", content_of("Regel", JSON)),
    }


def schemas(links: Json) -> Json:
    """Return the schemas of the answers; `links` is the schema of their links."""
    always = ("code", "objectgroep", "beperking", "relatie", "ernst", "hardheid", "reden", "bron", "bevestigd")
    said = {"regelsetVersie": TEXT, "signalering": TEXT, "links": links}
    layers = list_of(object_of(("id", "title"), id=TEXT, title=TEXT))
    return {
        "RegelInLijst": object_of(always, **_rule()),
        "Regels": object_of(
            ("regelsetVersie", "regels", "aantal", "links"),
            regels=list_of(shared("schemas", "RegelInLijst")),
            aantal=INTEGER,
            totaal=INTEGER | {"description": "Hoeveel regels de regelset heeft"},
            aantallen={"type": "object", "description": "Per kenmerk en code hoeveel van deze regels er zijn"},
            gevraagd={"type": "object", "additionalProperties": TEXT},
            gebieden=list_of(TEXT) | {"description": "Provincies met eigen regels"},
            meldingen=list_of(TEXT),
            **said,
        ),
        "Regel": object_of(
            (*always, "regelsetVersie", "links"),
            **_rule(),
            grondslag=MAYBE_TEXT,
            vervangenDoor=list_of(TEXT) | {"description": "Regels van provincies die er daar voor in de plaats komen"},
            lagen=layers | {"description": "Kaartlagen waarop de beperking staat"},
            **said,
        ),
        "Regelmatrix": _matrix(said),
    }


def _rule() -> Json:
    texts = dict.fromkeys(("href", "code", "objectgroep", "beperking", "relatie", "ernst", "hardheid", "reden", "bron"), TEXT)
    about = dict.fromkeys(("kader", "regime", "bevoegdGezag", "bronDataset", "bronUrl"), MAYBE_TEXT)
    return {
        **texts,
        **about,
        "afstandM": MAYBE_NUMBER | {"description": "Afstand in meter waarbinnen de regel geldt"},
        "afstandAttribuut": MAYBE_TEXT | {"description": "Eigenschap van het object die, maal afstandFactor, de afstand vergroot"},
        "afstandFactor": MAYBE_NUMBER,
        "voorwaarde": MAYBE_TEXT | {"description": "Wat nog meer waar moet zijn, zoals tiphoogte_m > hoogte_max_m"},
        "bevestigd": YES_NO | {"description": "Of een openbare bron of het bevoegd gezag de regel bevestigt"},
        "gebied": MAYBE_TEXT | {"description": "De provincie waar de regel geldt; leeg is heel het land"},
        "vervangt": MAYBE_TEXT | {"description": "De landelijke regel waarvoor deze in de plaats komt"},
        "geldigVanaf": MAYBE_DAY,
        "geldigTot": MAYBE_DAY,
    }


def _matrix(said: Json) -> Json:
    cell = object_of(
        ("objectgroep", "ernst", "teken", "regels"),
        objectgroep=TEXT,
        ernst=TEXT | {"description": "Het zwaarste dat een regel zegt"},
        teken=TEXT,
        naam=TEXT,
        bevestigd=YES_NO,
        voorwaardelijk=YES_NO,
        provincie=YES_NO,
        regels=list_of(TEXT),
        href=TEXT,
    )
    texts = dict.fromkeys(("beperking", "naam", "kaderNaam", "uri"), TEXT)
    row = object_of((*texts, "cellen"), **texts, **dict.fromkeys(("kader", "regime", "hardheid"), MAYBE_TEXT), cellen=list_of(cell))
    return object_of(
        ("regelsetVersie", "objectgroepen", "rijen", "links"),
        gebied=MAYBE_TEXT,
        gebieden=list_of(TEXT),
        objectgroepen=list_of(object_of(("code", "naam"), code=TEXT, naam=TEXT, definitie=TEXT)),
        legenda=list_of(object_of(("ernst", "teken", "naam"), ernst=TEXT, teken=TEXT, naam=TEXT, definitie=TEXT)),
        rijen=list_of(row),
        **said,
    )
