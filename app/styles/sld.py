"""Read SLD 1.1 files into styles, once, at start-up."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from xml.sax import SAXException

from defusedxml.common import DefusedXmlException

from app.problems import ConfigurationFault
from app.styles.elements import Element, read_xml
from app.styles.grammar import COMPARISONS, PREDICATES, SYMBOLIZERS, find_faults
from app.styles.model import (
    And,
    Comparison,
    Fill,
    Filter,
    IsNull,
    LineSymbolizer,
    Not,
    Operator,
    Or,
    PointSymbolizer,
    PolygonSymbolizer,
    Rule,
    Scales,
    Shape,
    Stroke,
    Style,
    Symbolizer,
)

OPERATORS = dict(zip(COMPARISONS, Operator, strict=True))


def read_styles(folders: Sequence[Path]) -> Mapping[str, Style]:
    """Read every `*.sld` of these folders by file name, or raise ConfigurationFault naming each fault in each file."""
    found: dict[str, Style] = {}
    faults: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.sld"))):
        if path.stem in found:
            faults.append(f"{path}: er is al een stijl {path.stem!r}")
            continue
        root, wrong = _parse(path)
        faults.extend(f"{path}: {fault}" for fault in wrong)
        if root and not wrong:
            found[path.stem] = _style(path, root)
    if faults:
        raise ConfigurationFault("Er zijn fouten in de stijlen (SLD).", faults)
    return MappingProxyType(found)


def _parse(path: Path) -> tuple[Element | None, list[str]]:
    try:
        root = read_xml(path.read_bytes())
    except SAXException as fault:
        return None, [f"geen geldige XML: {fault}"]
    except DefusedXmlException as fault:
        return None, [f"XML met een DTD of entiteiten wordt niet gelezen ({type(fault).__name__})"]
    return root, list(find_faults(root))


def _style(path: Path, root: Element) -> Style:
    named = root.children[0]
    described = named.children[-1]
    title = described.value("se:Description", "se:Title") or named.value("se:Description", "se:Title") or path.stem
    groups = tuple(tuple(_rule(rule) for rule in group.all("se:Rule")) for group in root.walk() if group.name == "se:FeatureTypeStyle")
    return Style(path.stem, title, groups, path.read_text(encoding="utf-8"))


def _rule(element: Element) -> Rule:
    given = element.one("ogc:Filter")
    smallest, largest = element.value("se:MinScaleDenominator"), element.value("se:MaxScaleDenominator")
    return Rule(
        title=" ".join((element.value("se:Description", "se:Title") or "").split()),
        filter=_filter(given.children[0]) if given else None,
        is_else=element.one("se:ElseFilter") is not None,
        scales=Scales(float(smallest) if smallest else None, float(largest) if largest else None),
        symbolizers=tuple(_symbolizer(each) for each in element.all(*SYMBOLIZERS)),
    )


def _filter(element: Element) -> Filter:
    name = element.value("ogc:PropertyName") or ""
    if operator := OPERATORS.get(element.name):
        return Comparison(operator, name, element.value("ogc:Literal") or "")
    parts = tuple(_filter(part) for part in element.all(*PREDICATES))
    makers: dict[str, Callable[[], Filter]] = {
        "ogc:PropertyIsNull": partial(IsNull, name),
        "ogc:PropertyIsBetween": partial(_between, element, name),
        "ogc:And": partial(And, parts),
        "ogc:Or": partial(Or, parts),
        "ogc:Not": lambda: Not(parts[0]),
    }
    return makers[element.name]()


def _between(element: Element, name: str) -> Filter:
    """Both boundaries belong to it (Filter Encoding 1.1, clause 9)."""
    lower, upper = element.value("ogc:LowerBoundary", "ogc:Literal"), element.value("ogc:UpperBoundary", "ogc:Literal")
    return And((Comparison(Operator.GREATER_OR_EQUAL, name, lower or ""), Comparison(Operator.LESS_OR_EQUAL, name, upper or "")))


def _symbolizer(element: Element) -> Symbolizer:
    if element.name == "se:PolygonSymbolizer":
        return PolygonSymbolizer(_fill(element), _stroke(element))
    if element.name == "se:LineSymbolizer":
        stroke = _stroke(element)
        assert stroke is not None  # noqa: S101 - the grammar demands it
        return LineSymbolizer(stroke)
    graphic = element.all("se:Graphic")[0]
    mark = graphic.all("se:Mark")[0]
    shape = Shape(mark.value("se:WellKnownName") or "")
    return PointSymbolizer(shape, float(graphic.value("se:Size") or 0), _fill(mark), _stroke(mark))


def _fill(element: Element) -> Fill | None:
    given = _parameters(element.one("se:Fill"))
    return Fill(given["fill"].lower(), float(given.get("fill-opacity", 1))) if given else None


def _stroke(element: Element) -> Stroke | None:
    given = _parameters(element.one("se:Stroke"))
    if not given:
        return None
    return Stroke(
        color=given["stroke"].lower(),
        width=float(given.get("stroke-width", 1)),
        opacity=float(given.get("stroke-opacity", 1)),
        dash=tuple(float(part) for part in given.get("stroke-dasharray", "").replace(",", " ").split()),
        join=given.get("stroke-linejoin", "mitre"),
        cap=given.get("stroke-linecap", "butt"),
    )


def _parameters(element: Element | None) -> Mapping[str, str]:
    return {each.attributes["name"]: each.text.strip() for each in element.children} if element else {}
