"""The subset of SLD 1.1 that the service draws, as data; whatever is outside it is a fault, never a guess.

Left out on purpose: text, raster, hatches and external graphics, functions and arithmetic, units other than pixels. The order of
children follows the OGC schema only where it carries meaning (comparisons).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.styles.elements import Element

COMPARISONS = (
    "ogc:PropertyIsEqualTo",
    "ogc:PropertyIsNotEqualTo",
    "ogc:PropertyIsLessThan",
    "ogc:PropertyIsLessThanOrEqualTo",
    "ogc:PropertyIsGreaterThan",
    "ogc:PropertyIsGreaterThanOrEqualTo",
)
PREDICATES = frozenset({*COMPARISONS, "ogc:PropertyIsBetween", "ogc:PropertyIsNull", "ogc:And", "ogc:Or", "ogc:Not"})
SYMBOLIZERS = frozenset({"se:PolygonSymbolizer", "se:LineSymbolizer", "se:PointSymbolizer"})

NUMBER = r"\d+(\.\d+)?"
POSITIVE = r"(?=.*[1-9])(\d+(\.\d+)?|\.\d+)"
FRACTION = r"0(\.\d+)?|1(\.0+)?|\.\d+"
COLOR = r"#[0-9a-fA-F]{6}"
PIXELS = r"http://www\.opengeospatial\.org/se/units/pixel"

UNLIMITED = 1_000_000


@dataclass(frozen=True)
class Count:
    """How often a child, or a choice of children, must and may occur."""

    least: int
    most: int


ONE, OPTIONAL, SOME, TWO_OR_MORE = Count(1, 1), Count(0, 1), Count(1, UNLIMITED), Count(2, UNLIMITED)


@dataclass(frozen=True)
class Form:
    """What an element may hold: named children, a choice of children, attributes and text by pattern."""

    children: Mapping[str, Count] = field(default_factory=dict)
    choice: frozenset[str] = frozenset()
    chosen: Count = ONE
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    ordered: bool = False


ANY_TEXT = Form(text=r".+")
DRAWN = {"version": r"1\.1(\.0)?", "uom": PIXELS}
COMPARISON = Form({"ogc:PropertyName": ONE, "ogc:Literal": ONE}, ordered=True)
BOUNDARY = Form({"ogc:Literal": ONE})
PARAMETERS = Form({"se:SvgParameter": SOME})

FORMS: Mapping[str, Form] = {
    "sld:StyledLayerDescriptor": Form(
        {"sld:NamedLayer": ONE}, attributes={"version": r"1\.1(\.0)?", "xsi:schemaLocation": r".*", "xml:lang": r"nl"}
    ),
    "sld:NamedLayer": Form({"se:Name": ONE, "se:Description": OPTIONAL, "sld:UserStyle": ONE}),
    "sld:UserStyle": Form({"se:Name": OPTIONAL, "se:Description": OPTIONAL, "sld:IsDefault": OPTIONAL, "se:FeatureTypeStyle": SOME}),
    "sld:IsDefault": Form(text=r"1|true"),
    "se:FeatureTypeStyle": Form({"se:Name": OPTIONAL, "se:Description": OPTIONAL, "se:Rule": SOME}, attributes={"version": r"1\.1(\.0)?"}),
    "se:Description": Form({"se:Title": ONE, "se:Abstract": OPTIONAL}),
    "se:Name": ANY_TEXT,
    "se:Title": ANY_TEXT,
    "se:Abstract": ANY_TEXT,
    "se:Rule": Form(
        {
            "se:Name": ONE,
            "se:Description": ONE,
            "ogc:Filter": OPTIONAL,
            "se:ElseFilter": OPTIONAL,
            "se:MinScaleDenominator": OPTIONAL,
            "se:MaxScaleDenominator": OPTIONAL,
        },
        choice=SYMBOLIZERS,
        chosen=SOME,
    ),
    "se:ElseFilter": Form(),
    "se:MinScaleDenominator": Form(text=POSITIVE),
    "se:MaxScaleDenominator": Form(text=POSITIVE),
    "ogc:Filter": Form(choice=PREDICATES),
    "ogc:And": Form(choice=PREDICATES, chosen=TWO_OR_MORE),
    "ogc:Or": Form(choice=PREDICATES, chosen=TWO_OR_MORE),
    "ogc:Not": Form(choice=PREDICATES),
    **dict.fromkeys(COMPARISONS, COMPARISON),
    "ogc:PropertyIsBetween": Form({"ogc:PropertyName": ONE, "ogc:LowerBoundary": ONE, "ogc:UpperBoundary": ONE}),
    "ogc:LowerBoundary": BOUNDARY,
    "ogc:UpperBoundary": BOUNDARY,
    "ogc:PropertyIsNull": Form({"ogc:PropertyName": ONE}),
    "ogc:PropertyName": ANY_TEXT,
    "ogc:Literal": Form(text=r".*"),
    "se:PolygonSymbolizer": Form({"se:Name": OPTIONAL, "se:Fill": OPTIONAL, "se:Stroke": OPTIONAL}, attributes=DRAWN),
    "se:LineSymbolizer": Form({"se:Name": OPTIONAL, "se:Stroke": ONE}, attributes=DRAWN),
    "se:PointSymbolizer": Form({"se:Name": OPTIONAL, "se:Graphic": ONE}, attributes=DRAWN),
    "se:Graphic": Form({"se:Mark": ONE, "se:Size": ONE}),
    "se:Mark": Form({"se:WellKnownName": ONE, "se:Fill": OPTIONAL, "se:Stroke": OPTIONAL}),
    "se:WellKnownName": Form(text=r"circle|square|triangle"),
    "se:Size": Form(text=POSITIVE),
    "se:Fill": PARAMETERS,
    "se:Stroke": PARAMETERS,
    "se:SvgParameter": Form(attributes={"name": r".+"}, text=r".+"),
}

SVG_PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "se:Fill": {"fill": COLOR, "fill-opacity": FRACTION},
    "se:Stroke": {
        "stroke": COLOR,
        "stroke-width": POSITIVE,
        "stroke-opacity": FRACTION,
        "stroke-dasharray": rf"({NUMBER})([ ,]+({NUMBER}))+",
        "stroke-linejoin": r"mitre|round|bevel",
        "stroke-linecap": r"butt|round|square",
    },
}


def find_faults(root: Element) -> Iterator[str]:
    """Yield every way in which the document leaves the subset, as a Dutch line that opens with the line number and the element."""
    if root.name != "sld:StyledLayerDescriptor":
        yield _at(root, "hier hoort sld:StyledLayerDescriptor te staan (SLD 1.1)")
        return
    yield from _element_faults(root)


def _element_faults(element: Element) -> Iterator[str]:
    form = FORMS[element.name]
    yield from _attribute_faults(element, form)
    yield from _text_faults(element, form)
    yield from _count_faults(element, form)
    yield from _special_faults(element)
    for child in element.children:
        if child.name in form.children or child.name in form.choice:
            yield from _element_faults(child)
        else:
            yield _at(child, f"valt in {element.name} buiten de ondersteunde deelverzameling van SLD 1.1")


def _attribute_faults(element: Element, form: Form) -> Iterator[str]:
    for name, value in element.attributes.items():
        if name not in form.attributes:
            yield _at(element, f"het attribuut {name} wordt niet ondersteund")
        elif not re.fullmatch(form.attributes[name], value):
            yield _at(element, f"de waarde {value!r} van het attribuut {name} wordt niet ondersteund")


def _text_faults(element: Element, form: Form) -> Iterator[str]:
    text = element.text.strip()
    if form.text is None and text:
        yield _at(element, f"de tekst {text!r} hoort hier niet")
    if form.text is not None and not re.fullmatch(form.text, text, re.DOTALL):
        yield _at(element, f"de waarde {text!r} is niet toegestaan")


def _count_faults(element: Element, form: Form) -> Iterator[str]:
    for name, count in form.children.items():
        if not count.least <= len(element.all(name)) <= count.most:
            yield _at(element, f"heeft {_wanted(count)} {name} nodig, gevonden: {len(element.all(name))}")
    if form.choice and not form.chosen.least <= len(element.all(*form.choice)) <= form.chosen.most:
        choices = ", ".join(sorted(form.choice))
        yield _at(element, f"heeft {_wanted(form.chosen)} van deze nodig: {choices}; gevonden: {len(element.all(*form.choice))}")
    if form.ordered and [child.name for child in element.children] != list(form.children):
        yield _at(element, f"de volgorde moet zijn: {', '.join(form.children)}")


def _special_faults(element: Element) -> Iterator[str]:
    if element.name in SVG_PARAMETERS:
        yield from _parameter_faults(element)
    if element.name == "se:Rule" and element.one("ogc:Filter") and element.one("se:ElseFilter"):
        yield _at(element, "heeft zowel ogc:Filter als se:ElseFilter")
    if element.name == "se:FeatureTypeStyle":
        rests = [rest for rule in element.all("se:Rule") for rest in rule.all("se:ElseFilter")]
        yield from (_at(rest, "mag één keer in een se:FeatureTypeStyle") for rest in rests[1:])
    if element.name in {"se:PolygonSymbolizer", "se:Mark"} and not element.all("se:Fill", "se:Stroke"):
        yield _at(element, "heeft een se:Fill of een se:Stroke nodig")


def _parameter_faults(element: Element) -> Iterator[str]:
    allowed = SVG_PARAMETERS[element.name]
    names = [parameter.attributes.get("name", "") for parameter in element.children]
    if next(iter(allowed)) not in names:
        yield _at(element, f"mist se:SvgParameter {next(iter(allowed))!r}")
    for name, parameter in zip(names, element.children, strict=True):
        text = parameter.text.strip()
        if name not in allowed:
            yield _at(parameter, f"{name!r} wordt in {element.name} niet ondersteund; wel: {', '.join(allowed)}")
        elif names.count(name) > 1:
            yield _at(parameter, f"{name!r} staat er meer dan eens")
        elif not re.fullmatch(allowed[name], text):
            yield _at(parameter, f"de waarde {text!r} van {name} is niet toegestaan")


def _wanted(count: Count) -> str:
    if count == ONE:
        return "precies één"
    return "hoogstens één" if count == OPTIONAL else f"minstens {count.least}"


def _at(element: Element, message: str) -> str:
    return f"regel {element.line}: {element.name}: {message}"
