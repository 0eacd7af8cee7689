"""Whether the columns of a layer of figures fit the code lists, and the place in those lists that each of them adds up."""

from collections.abc import Iterator, Mapping

from app.layers import Figure, Layer, Layers, Property
from app.problems import ConfigurationFault, Problem
from app.register.begrippen import Aggregatie, Begrippen
from app.register.eenheden import factor

# What a column may be divided by that is no indicator: hectares of the gebied on the map.
AREA, AREA_UNIT = "OPPERVLAKTE", "ha"
PERCENT = "%"
# The columns of a layer of figures that hold no figure.
TOLD = ("gebied_code", "gebied_naam", "jaar", "beeld", "geldig_vanaf", "geldig_tot", "oppervlakte_ha")
TOLD_OF_FIGURES = ("energiebeeld", "status", "bron", "methode", "peiljaar", "aansluiting")
OF_BEELDEN = frozenset({"jaar", "beeld", "geldig_vanaf", "geldig_tot"})
LISTS = {
    "indicator": "indicator",
    "drager": "energiedrager",
    "keten": "keten",
    "sector": "hoofdsector",
    "subsector": "subsector",
    "techniek": "techniek",
    "richting": "richting",
    "beeld": "beeld",
}


def check_columns(layers: Layers, begrippen: Begrippen) -> None:
    """Raise ConfigurationFault with every column whose codes, unit or way of adding up the code lists do not know."""
    faults = [
        f"laag {layer.id}: {fault}" for layer in layers.values() if layer.figures for fault in _layer_faults(layer, layers, begrippen)
    ]
    if faults:
        raise ConfigurationFault("De lagen met cijfers passen niet bij de begrippen.", faults)


def place_in_lists(figure: Figure) -> tuple[str, str, str]:
    """Return what a column adds up among dragers, subsectoren and technieken: a code, a group of codes, or '' for all."""
    drager = f"keten/{figure.keten}" if figure.keten else figure.drager or ""
    subsector = f"sector/{figure.sector}" if figure.sector else figure.subsector or ""
    return drager, subsector, figure.techniek or ""


def factor_of(figure: Figure, units: Mapping[str, str]) -> float:
    """Return what the figures of a column are multiplied by, from the units of the indicators; % makes a share of what it is divided by.

    Raises UnitMismatch when the unit does not fit.
    """
    unit, drager = units[figure.indicator], figure.drager or ""
    if figure.per and figure.eenheid == PERCENT:
        return 100 * factor(unit, AREA_UNIT if figure.per == AREA else units[figure.per], drager)
    return factor(unit, figure.eenheid or unit, drager)


def _layer_faults(layer: Layer, layers: Layers, begrippen: Begrippen) -> Iterator[str]:
    if layer.figures is None:
        return
    if layer.figures.niveau not in begrippen["schaalniveau"]:
        yield f"onbekend niveau {layer.figures.niveau!r}"
    if layer.figures.beelden and (missing := sorted({"jaar", "beeld"} - layer.properties.keys())):
        yield f"een laag met beelden heeft de eigenschappen {' en '.join(missing)} nodig"
    yield from (f"de laag {shape!r} uit shapes bestaat niet" for shape in layer.figures.shapes if shape not in layers)
    for name, each in layer.properties.items():
        yield from (f"{name}: {fault}" for fault in _property_faults(name, each, layer.figures.beelden, begrippen))


def _property_faults(name: str, declared: Property, beelden: bool, begrippen: Begrippen) -> Iterator[str]:
    figure = declared.figure
    if figure is None:
        if name not in (*TOLD, *TOLD_OF_FIGURES):
            yield f"heeft geen figure; zonder kan alleen: {', '.join((*TOLD, *TOLD_OF_FIGURES))}"
        elif name in OF_BEELDEN and not beelden:
            yield "hoort alleen in een laag met beelden: true"
        return
    unknown = [
        f"onbekende {part} {getattr(figure, part)!r}"
        for part, lijst in LISTS.items()
        if getattr(figure, part) and getattr(figure, part) not in begrippen[lijst]
    ]
    yield from unknown
    if not unknown:
        yield from _figure_faults(figure, begrippen)


def _figure_faults(figure: Figure, begrippen: Begrippen) -> Iterator[str]:
    indicator = begrippen.indicatoren[figure.indicator]
    if figure.per not in (None, AREA) and figure.per not in begrippen.indicatoren:
        yield f"per: onbekende indicator {figure.per!r}"
        return
    if indicator.aggregatie is not Aggregatie.SOM and (figure.keten or figure.sector):
        yield f"indicator {figure.indicator} telt niet op ({indicator.aggregatie}), dus keten en sector kunnen niet"
    try:
        factor_of(figure, {code: each.eenheid for code, each in begrippen.indicatoren.items()})
    except Problem as problem:
        yield problem.detail
