"""The part of the OpenAPI document about what is reckoned from figures: balance, comparison, series, energiebeelden, differences."""

from collections.abc import Mapping

from app.beeld.balans import Oordeel
from app.beeld.normalising import PER
from app.beeld.verschil import CHANGES, COLUMNS, Wijziging
from app.ogc.describing import Operation, content_of, list_of, object_of, query_parameter, shared
from app.ogc.openapi_figures import CSV, KINDS
from app.web.addresses import JSON, Json

TAG = "Cijfers"
GEBIED = "/gebieden/{gebiedCode}"
ENERGIEBEELD = "/energiebeelden/{energiebeeldId}"
TABLE = "f-aansluiting"
SUBJECT = ("indicator", "drager", "keten", "sector", "subsector", "techniek", "richting")
OPERATIONS = (
    Operation(
        f"{GEBIED}/balans",
        "getBalans",
        TAG,
        "Energiebalans van een gebied: vraag naast aanbod per keten en energiedrager",
        "Balans",
        ("jaar-een", "beeld-een", "versie-een", "eenheid", "publicatie", "f"),
    ),
    Operation(
        f"{GEBIED}/vergelijk",
        "getVergelijking",
        TAG,
        "Een gebied naast andere gebieden, ook per inwoner, woning of hectare",
        "Vergelijking",
        (*SUBJECT, "met", "per", "jaar", "beeld-een", "versie-een", "eenheid", "publicatie", TABLE),
    ),
    Operation(
        f"{GEBIED}/reeks",
        "getReeks",
        TAG,
        "Cijfers van een gebied door de jaren: realisatie en elk beeld",
        "Reeks",
        (*SUBJECT, "beeld", "versie", "eenheid", "publicatie", TABLE),
    ),
    Operation("/energiebeelden", "getEnergiebeelden", TAG, "Alle energiebeelden en hun versies", "Energiebeelden", ("publicatie", "f")),
    Operation(ENERGIEBEELD, "getEnergiebeeld", TAG, "Eén energiebeeld", "Energiebeeld", ("publicatie", "f")),
    Operation(
        f"{ENERGIEBEELD}/verschil",
        "getVerschil",
        TAG,
        "Wat er tussen twee energiebeelden is toegevoegd, gewijzigd en vervallen",
        "Verschil",
        (
            *("van", "naar", "wijziging", "opgeteld", "gebied", "niveau", "thema", *SUBJECT, "jaar", "beeld", "limit", "cursor"),
            *("publicatie", TABLE),
        ),
    ),
)
KINDS_OF_CHANGE = tuple(each.value for each in Wijziging)
PATH_PARAMETERS = {"energiebeeldId": ("Naam van het energiebeeld, zoals NL01-2026-0.1", {"type": "string"})}

TEXT: Json = {"type": "string"}
MAYBE_TEXT: Json = {"type": "string", "nullable": True}
INTEGER: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
MAYBE_NUMBER: Json = {"type": "number", "nullable": True}
DAY: Json = {"type": "string", "format": "date"}
SPLIT = dict.fromkeys(("drager", "subsector", "techniek", "richting"), MAYBE_TEXT)
LINE = {"indicator": TEXT, **SPLIT, "keten": MAYBE_TEXT, "hoofdsector": MAYBE_TEXT, "totaal": {"type": "boolean"}, "eenheid": TEXT}
ABOUT = {"gebiedCode": TEXT, "gebiedNaam": TEXT, "niveau": TEXT}
ORIGIN = object_of(
    ("bron", "title", "publisher", "license", "homepage", "peildatum"),
    **dict.fromkeys(("bron", "title", "publisher", "license", "homepage"), TEXT),
    attribution=MAYBE_TEXT,
    peildatum=DAY,
)


def parameters() -> Json:
    """Return the query parameters by the name of their component."""
    texts = list_of(TEXT)
    described: Mapping[str, tuple[str, str, Json]] = {
        "publicatie": ("publicatie", "Antwoord uit deze publicatie, ook als er een nieuwere is; de link cite-as noemt haar", TEXT),
        "jaar-een": ("jaar", "Jaar; zonder deze parameter het nieuwste jaar met cijfers", INTEGER),
        "beeld-een": ("beeld", "Beeld; zonder deze parameter HUIDIG", TEXT),
        "versie-een": ("versie", "Energiebeeld; zonder deze parameter het nieuwste dat cijfers van het gebied heeft", TEXT),
        "met": ("met", "Gebieden om mee te vergelijken, gescheiden door komma's; anders de ouders, of de buren", texts),
        "per": ("per", "Deel door inwoners, woningen of hectaren (oppervlakte met water)", TEXT | {"enum": list(PER)}),
        "van": ("van", "Het oude energiebeeld; zonder deze parameter dat waarop het nieuwe is gebaseerd", TEXT),
        "naar": ("naar", "Het nieuwe energiebeeld; zonder deze parameter dat van het adres", TEXT),
        "wijziging": ("wijziging", "Alleen deze wijzigingen, gescheiden door komma's", list_of(TEXT | {"enum": list(CHANGES)})),
        "opgeteld": (
            "opgeteld",
            "Ook wat de service zelf optelt en berekent; zonder deze parameter alleen wat is geleverd",
            {"type": "boolean", "default": False},
        ),
    }
    return {component: query_parameter(*told) for component, told in described.items()}


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    table = {CSV: {"schema": TEXT}}
    return {
        "Balans": ("De energiebalans", content_of("Balans", JSON)),
        "Vergelijking": ("De gebieden naast elkaar", content_of("Vergelijking", JSON) | table),
        "Reeks": ("De reeksen", content_of("Reeks", JSON) | table),
        "Energiebeelden": ("De energiebeelden", content_of("Energiebeelden", JSON)),
        "Energiebeeld": ("Het energiebeeld", content_of("Energiebeeld", JSON)),
        "Verschil": ("Een bladzijde verschillen, of als CSV alle", content_of("Verschil", JSON) | table),
    }


def schemas(links: Json) -> Json:
    """Return the schemas of the answers; `links` is the schema of their links."""
    cited = {"publicatie": TEXT, "bronnen": list_of(ORIGIN), "links": links}
    changed = {each.key: KINDS[each.kind] | {"nullable": True, "description": each.title} for each in COLUMNS}
    return {
        **_balans_schemas(cited),
        "Vergelijking": _comparison(cited),
        "Reeks": _series(cited),
        **_energiebeeld_schemas(cited),
        "Verschil": object_of(
            ("verschillen", "van", "naar", "aantallen", "links"),
            verschillen=list_of(object_of(("wijziging",), **changed)),
            van=TEXT,
            naar=TEXT,
            aantallen=object_of(KINDS_OF_CHANGE, **dict.fromkeys(KINDS_OF_CHANGE, INTEGER)),
            aantal=INTEGER,
            totaal=INTEGER,
            publicatie=TEXT,
            links=links,
        ),
    }


def _balans_schemas(cited: Json) -> Json:
    side = object_of(
        ("waarde", "som", "aantal", "href"),
        waarde=MAYBE_NUMBER | {"description": "Leeg als er geen cijfer is, of van een deel de waarde ontbreekt"},
        som=MAYBE_NUMBER | {"description": "De som van wat bekend is"},
        aantal=INTEGER,
        zonderWaarde=INTEGER,
        bron=MAYBE_TEXT,
        peiljaren=list_of(INTEGER),
        href=TEXT,
    )
    zijde = shared("schemas", "BalansZijde")
    post = {"vraag": zijde, "aanbod": zijde, "saldo": MAYBE_NUMBER, "oordeel": TEXT | {"enum": list(Oordeel)}, "tekst": TEXT}
    drager = object_of(("drager",), drager=TEXT, **post)
    keten = object_of(("keten", "dragers"), keten=TEXT, **post, volledig={"type": "boolean"}, dragers=list_of(drager))
    balans = object_of(
        ("gebiedCode", "energiebeeld", "jaar", "beeld", "eenheid", "totaal", "ketens", "onvolledig"),
        **ABOUT,
        energiebeeld=TEXT,
        jaar=INTEGER,
        beeld=TEXT,
        eenheid=TEXT,
        totaal=object_of((), **post),
        ketens=list_of(keten),
        vraagPerSector=list_of(object_of(("hoofdsector",), hoofdsector=TEXT, **side["properties"])),
        volledig={"type": "boolean"},
        onvolledig=list_of(_gap()),
        **dict.fromkeys(("conversie", "opslag", "piek", "nietMeegeteld"), list_of(_beside())),
        dubbeltelling=list_of(TEXT),
        **cited,
    )
    return {"BalansZijde": side, "Balans": balans}


def _beside() -> Json:
    return object_of(
        ("indicator", "eenheid"),
        indicator=TEXT,
        **SPLIT,
        waarde=MAYBE_NUMBER,
        eenheid=TEXT,
        redenLeeg=MAYBE_TEXT,
        soort=TEXT,
        bron=TEXT,
        peiljaar=INTEGER | {"nullable": True},
        href=TEXT,
    )


def _gap() -> Json:
    return object_of(
        ("indicator", "reden", "tekst"),
        indicator=TEXT,
        **SPLIT,
        keten=MAYBE_TEXT,
        hoofdsector=MAYBE_TEXT,
        reden=TEXT,
        ontbrekend=list_of(TEXT),
        tekst=TEXT,
    )


def _comparison(cited: Json) -> Json:
    gebied = object_of(("code", "naam", "niveau"), code=TEXT, naam=TEXT, niveau=TEXT, energiebeeld=MAYBE_TEXT, href=TEXT)
    noemer = object_of(("waarde",), waarde=NUMBER, jaar=INTEGER | {"nullable": True}) | {"nullable": True}
    value = object_of(
        ("gebiedCode", "waarde"),
        gebiedCode=TEXT,
        waarde=MAYBE_NUMBER,
        redenLeeg=MAYBE_TEXT,
        per=MAYBE_NUMBER,
        noemer=noemer,
        verhouding=MAYBE_NUMBER | {"description": "Hoeveel keer het cijfer van het eerste gebied"},
        bron=MAYBE_TEXT,
        href=MAYBE_TEXT,
    )
    line = object_of(
        ("indicator", "jaar", "beeld", "waarden"), **LINE, jaar=INTEGER, beeld=TEXT, eenheidPer=MAYBE_TEXT, waarden=list_of(value)
    )
    return object_of(("gebieden", "regels", "links"), gebieden=list_of(gebied), per=MAYBE_TEXT, regels=list_of(line), **cited)


def _series(cited: Json) -> Json:
    point = object_of(
        ("jaar", "waarde"),
        jaar=INTEGER,
        waarde=MAYBE_NUMBER,
        redenLeeg=MAYBE_TEXT,
        delta=MAYBE_NUMBER,
        deltaProcent=MAYBE_NUMBER,
        bron=MAYBE_TEXT,
    )
    realised = object_of(("jaar", "waarde"), jaar=INTEGER, waarde=NUMBER) | {"nullable": True}
    one = object_of(
        ("energiebeeld", "indicator", "beeld", "punten"),
        energiebeeld=TEXT,
        **LINE,
        beeld=TEXT,
        realisatie=realised | {"description": "De laatste realisatie, waarmee elk punt is vergeleken"},
        punten=list_of(point),
        href=TEXT,
    )
    return object_of(("gebiedCode", "reeksen", "links"), **ABOUT, reeksen=list_of(one), jaren=list_of(INTEGER), **cited)


def _energiebeeld_schemas(cited: Json) -> Json:
    texts = dict.fromkeys(("id", "gebiedCode", "ronde", "versie", "status", "opsteller", "href"), TEXT)
    summary = {
        **texts,
        **dict.fromkeys(("gebiedNaam", "gebaseerdOp", "toelichting"), MAYBE_TEXT),
        "gedragenDoor": list_of(TEXT),
        "datumGedragen": DAY | {"nullable": True},
        "peildatum": DAY,
        "geleverd": INTEGER | {"description": "Cijfers die voor deze versie zelf zijn geleverd"},
        "cijfers": INTEGER | {"description": "Cijfers die deze versie heeft, met wat eronder ligt en wat is opgeteld"},
    }
    beeld = object_of(
        ("code", "naam", "soort"),
        code=TEXT,
        naam=TEXT,
        soort=TEXT,
        familie=MAYBE_TEXT,
        omschrijving=MAYBE_TEXT,
        rekeningGehoudenMet=list_of(TEXT),
    )
    every = object_of(tuple(texts), **summary)
    return {
        "Energiebeeld": object_of((*texts, "beelden"), **summary, beelden=list_of(beeld), **cited),
        "Energiebeelden": object_of(
            ("energiebeelden", "aantal", "links"), energiebeelden=list_of(every), aantal=INTEGER, publicatie=TEXT, links=cited["links"]
        ),
    }
