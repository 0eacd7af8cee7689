"""XML as small frozen elements that remember their line, read without entities, DTDs or anything from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator

from defusedxml.sax import make_parser

PREFIXES: Mapping[str | None, str] = {
    "http://www.opengis.net/sld": "sld:",
    "http://www.opengis.net/se": "se:",
    "http://www.opengis.net/ogc": "ogc:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    None: "",
}


@dataclass
class Element:
    """An element by its usual prefix and name (`se:Rule`), with its attributes, children and own text."""

    name: str
    line: int
    attributes: Mapping[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> list["Element"]:
        """Return the children with one of these names, in order."""
        return [child for child in self.children if child.name in names]

    def one(self, name: str) -> "Element | None":
        """Return the first child with this name."""
        return next(iter(self.all(name)), None)

    def value(self, *path: str) -> str | None:
        """Return the text of the element at the end of this path of names."""
        found: Element | None = self
        for name in path:
            found = found.one(name) if found else None
        return found.text.strip() if found else None

    def walk(self) -> Iterator["Element"]:
        """Yield this element and everything in it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_xml(content: bytes) -> Element:
    """Parse XML; raises SAXParseException or DefusedXmlException."""
    parser = make_parser()
    builder = _Builder()
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(builder)
    parser.forbid_dtd = True
    parser.parse(BytesIO(content))
    return builder.top.children[0]


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.top = Element("", 0, {})
        self._open = [self.top]
        self._place: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        self._place = locator

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl) -> None:  # noqa: ARG002, N802
        attributes = {_prefixed(key): value for key, value in attrs.items()}
        element = Element(_prefixed(name), (self._place.getLineNumber() if self._place else None) or 0, attributes)
        self._open[-1].children.append(element)
        self._open.append(element)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: ARG002, N802
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].text += content


def _prefixed(name: tuple[str | None, str]) -> str:
    namespace, local = name
    return f"{PREFIXES.get(namespace, f'{{{namespace}}}')}{local}"
