"""What the overlaptoets, the plantoets and the ruimtezoeker ask: every input with its title, description and JSON Schema, said once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.overlap.drawing import CRS_NAMES, DEPTHS
from app.register.crs import CRS84

type Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
REFERENCE: Schema = {
    "type": "object",
    "required": ["laag", "id"],
    "additionalProperties": False,
    "properties": {"laag": TEXT, "id": TEXT},
}


@dataclass(frozen=True)
class Input:
    """One input: what it is called, what it means, and which values fit; one that is `required` must be given."""

    title: str
    description: str
    schema: Schema
    required: bool = False


@dataclass(frozen=True)
class Description:
    """One question that can be asked: its id, what it does, what it asks and what the answer is; `path` is where it is one JSON call."""

    id: str
    path: str
    title: str
    description: str
    inputs: Mapping[str, Input]
    answer: str
    outcome: Schema = field(default_factory=lambda: {"type": "object", "contentMediaType": "application/json"})
    keywords: tuple[str, ...] = field(default=("overlap", "gebiedsopgaven"))

    @property
    def schema(self) -> Schema:
        """The JSON Schema of all inputs together, as the body of the JSON call."""
        required = [name for name, each in self.inputs.items() if each.required]
        properties = {name: each.schema | {"title": each.title, "description": each.description} for name, each in self.inputs.items()}
        return {"type": "object", "additionalProperties": False, "properties": properties, **({"required": required} if required else {})}


def _number(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def _geometry(*kinds: str) -> Schema:
    return {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {"type": {"type": "string", "enum": list(kinds)}, "coordinates": {"type": "array", "items": {}}},
    }


def _wish(distance: str) -> Schema:
    properties = {"laag": TEXT, "objecttype": TEXT, "minstensKv": _number(0, 1_000), distance: _number(0, 50)}
    return {
        "type": "array",
        "maxItems": 5,
        "items": {"type": "object", "required": [distance], "additionalProperties": False, "properties": properties},
    }


GEBIED = Input("Gebied", "Code van een gebied van nu, zoals GM0344; alle gebieden staan op /v1/gebieden.", TEXT)
AREA = Input("Vlak", "Een vlak als GeoJSON, in het stelsel van 'crs'.", _geometry("Polygon", "MultiPolygon"))
WITH_GEOMETRY = Input("Met geometrie", "Of de vlakken zelf in het antwoord komen.", FLAG)
OBJECTTYPE = Input("Objecttype", "Wat voor energieobject het is, zoals WINDTURBINE; zie /v1/begrippen/objecttype.", TEXT)
KENMERKEN = Input(
    "Kenmerken",
    "Wat van het object bekend is, zoals vermogen_mw, vermogen_piek_mwp, tiphoogte_m of boordiepte_m; null is onbekend.",
    {"type": "object"},
)
COMMON: Mapping[str, Input] = {
    "crs": Input(
        "Coördinatenstelsel",
        f"Waarin getekend is en geantwoord wordt; zonder dit {CRS84.uri}.",
        {"type": "string", "enum": list(CRS_NAMES)},
    ),
    "datum": Input("Datum", "De dag waarop regels en gebiedsopgaven gelden; zonder dit vandaag.", {"type": "string", "format": "date"}),
    "publicatie": Input("Publicatie", "De publicatie om uit te antwoorden; zonder dit de nieuwste.", TEXT),
}

OVERLAPTOETS = Description(
    id="overlaptoets",
    path="/overlaptoetsen",
    title="Overlaptoets",
    description=(
        "Houdt een energieobject (getekend, gepubliceerd, of een gebied) tegen alle gebiedsopgaven: per regel de ernst, de reden, de bron"
        " en het bevoegd gezag, de ergste eerst, met wat niet beoordeeld kon worden. Signalering; geen besluit of toestemming."
    ),
    inputs={
        "geometrie": Input(
            "Geometrie", "Waar het object ligt, als GeoJSON, in het stelsel van 'crs'; met 'objecttype'.", _geometry(*DEPTHS)
        ),
        "objecten": Input("Objecten", "Gepubliceerde objecten, elk met laag en id.", {"type": "array", "maxItems": 50, "items": REFERENCE}),
        "gebied": GEBIED,
        "objecttype": OBJECTTYPE,
        "kenmerken": KENMERKEN,
        "metGeometrie": WITH_GEOMETRY,
        **COMMON,
    },
    answer="De bevindingen per object, de ergste eerst",
)
PLANTOETS = Description(
    id="plantoets",
    path="/plantoetsen",
    title="Plantoets",
    description=(
        "Zegt welke energieobjecten een plan raakt of die dichtbij liggen: aantallen, namen, status, vermogen, kilometers verbinding en"
        " ruimtebeslag, en in welke gebiedsopgaven van het energienet het plan ligt. Is het plan zelf een gebiedsopgave, dan ook wat de"
        " regels van elk object erbij zeggen. Signalering; geen besluit of toestemming."
    ),
    inputs={
        "geometrie": AREA,
        "object": Input("Object", "Een gepubliceerd vlak: kaartlaag en id.", REFERENCE),
        "gebied": GEBIED,
        "afstandM": Input("Afstand", "Tot hoe ver om het plan objecten meetellen (m); zonder dit alleen wat het raakt.", _number(0, 5_000)),
        "beperking": Input(
            "Beperking",
            "Wat het plan zelf is, zoals WO-PLN; zie /v1/begrippen/beperking. Van een gepubliceerde gebiedsopgave is het bekend.",
            TEXT,
        ),
        "hoogteMaxM": Input("Hoogste hoogte", "Hoe hoog er in het plan gebouwd mag worden (m), bij een beperking.", _number(0, 1_000)),
        "metGeometrie": WITH_GEOMETRY,
        **COMMON,
    },
    answer="Wat het plan raakt, per kaartlaag en objecttype, en wat de regels daarvan zeggen",
)
RUIMTEZOEKER = Description(
    id="ruimtezoeker",
    path="/ruimtezoekers",
    title="Ruimtezoeker",
    description=(
        "Zoekt waar een energieobject van een bepaalde grootte ruimte vindt: buiten wat vermeden moet worden en dicht bij wat nodig is."
        " Geeft plekken als GeoJSON, de beste eerst, elk met wat er nog tegen is. Vrij heet alleen wat helemaal beoordeeld is."
        " Signalering; geen besluit of toestemming."
    ),
    inputs={
        "objecttype": Input(OBJECTTYPE.title, OBJECTTYPE.description, TEXT, required=True),
        "oppervlakteHa": Input("Oppervlakte", "Hoe groot de plek minstens is (ha); zonder dit naar vermogen.", _number(0.01, 10_000)),
        "kenmerken": KENMERKEN,
        "geometrie": AREA,
        "gebied": GEBIED,
        "vermijd": Input(
            "Vermijd",
            "Ernsten (UITSLUITING, ZWAARWEGEND, AANDACHTSPUNT) en beperkingen die een plek niet mag hebben; zonder dit de eerste twee.",
            {"type": "array", "minItems": 1, "items": TEXT},
        ),
        "nabij": Input("Nabij", "Waar de plek helemaal binnen hoogstensKm van ligt: een laag of objecttype.", _wish("hoogstensKm")),
        "verVan": Input("Ver van", "Waar de plek minstensKm vandaan ligt: een laag of objecttype.", _wish("minstensKm")),
        "breedteM": Input("Breedte", "Hoe breed de plek overal minstens is (m); zonder dit 20.", _number(0, 1_000)),
        "aantal": Input("Aantal", "Hoeveel plekken er getoond worden; zonder dit 10.", {"type": "integer", "minimum": 1, "maximum": 50}),
        **COMMON,
    },
    answer="De plekken als GeoJSON, de beste eerst",
)
DESCRIPTIONS = (OVERLAPTOETS, PLANTOETS, RUIMTEZOEKER)
