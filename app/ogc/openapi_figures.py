"""The part of the OpenAPI document about figures, their reconciliation and gebieden; columns come from where answers take them."""

from collections.abc import Iterable, Mapping

from app.beeld.columns import FIGURE, RECONCILIATION, VERDICT, Column, Kind
from app.ogc.describing import Operation, content_of, list_of, object_of, query_parameter, shared
from app.web.addresses import JSON, Json

CSV = "text/csv"
FILES = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.apache.parquet")
TAGS = {"Cijfers": "De cijfers van het Energiebeeld per gebied, hun optelling, en de gebieden zelf."}
SELECTING = (
    *("gebied", "niveau", "thema", "indicator", "drager", "keten", "subsector", "sector", "techniek", "richting", "jaar", "beeld"),
    "versie",
)
OPERATIONS = (
    Operation(
        "/cijfers",
        "getCijfers",
        "Cijfers",
        "Cijfers, gefilterd",
        "Cijfers",
        (*SELECTING, "indeling", "eenheid", "aggregeer", "limit", "cursor", "publicatie", "f-cijfers"),
    ),
    Operation(
        "/aansluiting",
        "getAansluiting",
        "Cijfers",
        "Of cijfers optellen: zelf geleverd naast de som van de gemeenten",
        "Aansluiting",
        (*SELECTING, "oordeel", "limit", "cursor", "publicatie", "f-aansluiting"),
    ),
    Operation("/gebieden", "getGebieden", "Cijfers", "Alle gebieden", "Gebieden", ("niveau", "datum", "f")),
    Operation("/gebieden/{gebiedCode}", "getGebied", "Cijfers", "Eén gebied", "Gebied", ("datum", "f")),
    Operation("/kengetallen", "getKengetallen", "Cijfers", "Waarmee ruimtebeslag wordt berekend", "Kengetallen", ("f-kengetallen",)),
)
PATH_PARAMETERS = {"gebiedCode": ("Code van het gebied, zoals GM0344", {"type": "string"})}
FORMATS = {"f-cijfers": ["json", "html", "csv", "csv-nl", "xlsx", "parquet"], "f-aansluiting": ["json", "html", "csv", "csv-nl"]}
FORMATS |= {"f-kengetallen": ["json", "html", "csv"]}
NOT_SPLIT = "; - voor cijfers die niet zijn uitgesplitst"
FROM_LISTS: Mapping[str, tuple[str, str]] = {
    "niveau": ("Schaalniveaus", "schaalniveau"),
    "thema": ("Thema's", "thema"),
    "indicator": ("Indicatoren", "indicator"),
    "drager": (f"Energiedragers{NOT_SPLIT}", "energiedrager"),
    "keten": (f"Ketens{NOT_SPLIT}", "keten"),
    "subsector": (f"Subsectoren{NOT_SPLIT}", "subsector"),
    "sector": (f"Hoofdsectoren{NOT_SPLIT}", "hoofdsector"),
    "techniek": (f"Technieken{NOT_SPLIT}", "techniek"),
    "richting": (f"Richtingen{NOT_SPLIT}", "richting"),
    "oordeel": ("Oordelen over de optelling", "oordeel"),
}
KINDS: Mapping[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
}
ALWAYS = frozenset({"energiebeeld", "niveau", "thema", "indicator", "jaar", "beeld", "eenheid", "soort", "herkomst", "bron"})


def parameters() -> Json:
    """Return the query parameters by the name of their component."""
    texts: Json = {"type": "array", "items": {"type": "string"}}
    listed = {
        name: query_parameter(name, f"{title}, gescheiden door komma's; de codes staan op /v1/begrippen/{codes}", texts)
        for name, (title, codes) in FROM_LISTS.items()
    }
    day: Json = {"type": "string", "format": "date"}
    division: Json = {"type": "string", "pattern": r"^\d{4}(-\d{2}-\d{2})?$"}
    sums: Json = {"type": "string", "enum": ["gebied", "drager", "keten", "subsector", "sector", "techniek"]}
    described: Mapping[str, tuple[str, Json]] = {
        "gebied": ("Codes van gebieden, gescheiden door komma's; zij staan op /v1/gebieden", texts),
        "jaar": ("Jaren en perioden, gescheiden door komma's, zoals 2023 of 2030/2050", texts),
        "beeld": ("Beelden, gescheiden door komma's, zoals HUIDIG", texts),
        "versie": (
            "Energiebeelden, zoals NL01-2026-0.1,NL01-2026-0.2; zonder dit het nieuwste van elk gebied, met 'alle' alle",
            texts,
        ),
        "eenheid": ("Eenheid van het antwoord, zoals GWh; moet bij elke gekozen indicator passen", {"type": "string"}),
        "aggregeer": ("Tel op over deze dimensie; wordt geweigerd voor indicatoren die niet op te tellen zijn", sums),
        "indeling": (
            "Cijfers in de indeling in gemeenten van dit jaar (1 januari) of deze dag; oudere worden volgens de opvolging omgerekend",
            division,
        ),
        "datum": ("De gebieden zoals zij op deze dag waren; zonder deze parameter de nieuwste indeling", day),
    }
    return listed | {name: query_parameter(name, description, schema) for name, (description, schema) in described.items()}


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    table = {CSV: {"schema": {"type": "string"}}}
    files = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in FILES}
    return {
        "Cijfers": ("Een bladzijde cijfers, of als bestand de hele selectie", content_of("Cijfers", JSON) | table | files),
        "Aansluiting": ("Een bladzijde optellingen, of als CSV de hele selectie", content_of("Aansluiting", JSON) | table),
        "Gebieden": ("De gebieden", content_of("Gebieden", JSON)),
        "Gebied": ("Het gebied", content_of("Gebied", JSON)),
        "Kengetallen": ("De kengetallen", content_of("Kengetallen", JSON) | table),
    }


def schemas(links: Json) -> Json:
    """Return the schemas of the answers; `links` is the schema of their links."""
    text: Json = {"type": "string"}
    verdict = object_of(**_members(VERDICT)) | {"nullable": True}
    missing = list_of(object_of(("code",), code=text, naam=text | {"nullable": True}))
    return {
        "Cijfer": object_of(tuple(sorted(ALWAYS)), **_members(FIGURE), aansluiting=verdict),
        "Optelling": object_of(("gebiedCode", "indicator", "oordeel"), **(_members(RECONCILIATION) | {"ontbrekend": missing})),
        "Cijfers": _page("cijfers", "Cijfer", links),
        "Aansluiting": _page("aansluiting", "Optelling", links),
        **_gebied_schemas(links),
        "Kengetallen": object_of(
            ("kengetallen", "aantal", "links"), kengetallen=list_of(_kengetal_schema()), aantal={"type": "integer"}, links=links
        ),
    }


def _kengetal_schema() -> Json:
    text: Json = {"type": "string"}
    number: Json = {"type": "number"}
    always = ("code", "omschrijving", "techniek", "indicator", "ruimtebeslagsoort", "tellerEenheid", "noemerEenheid", "bron", "hardheid")
    return object_of(
        (*always, "onder", "midden", "boven", "bevestigd"),
        **dict.fromkeys(always, text),
        **dict.fromkeys(("onder", "midden", "boven"), number),
        jaar={"type": "integer", "nullable": True},
        geldigGebied=text | {"nullable": True, "description": "De provincie waar het geldt; leeg is landelijk"},
        bevestigd={"type": "boolean", "description": "Of een openbare bron is nagegaan"},
        toelichting=text | {"nullable": True},
    )


def _page(name: str, item: str, links: Json) -> Json:
    number: Json = {"type": "integer"}
    text: Json = {"type": "string"}
    day: Json = {"type": "string", "format": "date"}
    texts = dict.fromkeys(("bron", "title", "publisher", "license", "homepage"), text)
    origin = object_of(tuple(texts), **texts, attribution=text | {"nullable": True}, peildatum=day)
    members = {name: list_of(shared("schemas", item)), "aantal": number, "totaal": number, "publicatie": text}
    members |= {"meldingen": list_of(text)} if name == "cijfers" else {}
    return object_of((name, "aantal", "links"), **members, bronnen=list_of(origin), links=links)


def _gebied_schemas(links: Json) -> Json:
    text: Json = {"type": "string"}
    day: Json = {"type": "string", "format": "date"}
    period = {"geldigVanaf": day, "geldigTot": day | {"nullable": True}}
    summary = {"code": text, "naam": text, "niveau": text, **period, "href": text}
    maybe = text | {"nullable": True}
    related = list_of(object_of(("code", "href"), code=text, naam=maybe, niveau=maybe, href=text))
    return {
        "Gebieden": object_of(
            ("gebieden", "aantal", "links"),
            gebieden=list_of(object_of(("code", "naam", "niveau"), **summary)),
            aantal={"type": "integer"},
            links=links,
        ),
        "Gebied": object_of(
            ("code", "naam", "niveau", "links"),
            **summary,
            oppervlakteHa={"type": "number", "nullable": True},
            extent=list_of({"type": "number"}) | {"nullable": True},
            perioden=list_of(object_of((), **period)),
            ouders=related,
            kinderen=related,
            voorgangers=related,
            opvolgers=related,
            buren=related,
            links=links,
        ),
    }


def _members(columns: Iterable[Column]) -> Json:
    return {
        column.key: KINDS[column.kind] | {"description": column.title} | ({} if column.stored in ALWAYS else {"nullable": True})
        for column in columns
    }
