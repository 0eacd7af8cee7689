"""SLD documents to write, and layers to hold against them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.layers import Layer

OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sld:StyledLayerDescriptor version="1.1.0" xmlns:sld="http://www.opengis.net/sld"'
    ' xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc">\n'
    "<sld:NamedLayer><se:Name>stijl</se:Name><sld:UserStyle>"
    "<se:Description><se:Title>Een stijl</se:Title></se:Description><se:FeatureTypeStyle>\n"
)
CLOSING = "</se:FeatureTypeStyle></sld:UserStyle></sld:NamedLayer></sld:StyledLayerDescriptor>\n"
GROUP = "</se:FeatureTypeStyle>\n<se:FeatureTypeStyle>"
FILL = '<se:Fill><se:SvgParameter name="fill">#aabbcc</se:SvgParameter></se:Fill>'
WIDTH = '<se:SvgParameter name="stroke-width">4</se:SvgParameter>'
STROKE = f'<se:Stroke><se:SvgParameter name="stroke">#112233</se:SvgParameter>{WIDTH}</se:Stroke>'
POLYGON = f"<se:PolygonSymbolizer>{FILL}{STROKE}</se:PolygonSymbolizer>"
LINE = f"<se:LineSymbolizer>{STROKE}</se:LineSymbolizer>"


def point(shape: str = "circle", size: float = 10) -> str:
    mark = f"<se:Mark><se:WellKnownName>{shape}</se:WellKnownName>{FILL}{STROKE}</se:Mark>"
    return f"<se:PointSymbolizer><se:Graphic>{mark}<se:Size>{size:g}</se:Size></se:Graphic></se:PointSymbolizer>"


def rule(title: str, drawn: str, condition: str = "") -> str:
    return f"<se:Rule><se:Name>r</se:Name><se:Description><se:Title>{title}</se:Title></se:Description>{condition}{drawn}</se:Rule>\n"


def compare(operator: str, name: str, literal: object) -> str:
    return f"<ogc:{operator}><ogc:PropertyName>{name}</ogc:PropertyName><ogc:Literal>{literal}</ogc:Literal></ogc:{operator}>"


def where(predicate: str) -> str:
    return f"<ogc:Filter>{predicate}</ogc:Filter>"


@pytest.fixture
def write_sld(tmp_path: Path) -> Callable[..., Path]:
    def write(*rules: str, name: str = "stijl") -> Path:
        path = tmp_path / f"{name}.sld"
        path.write_text(OPENING + "".join(rules) + CLOSING, encoding="utf-8")
        return path

    return write


def layer(geometry: str = "polygon", **changed: object) -> Layer:
    properties = {
        "soort": {"title": "Soort"},
        "spanning_kv": {"title": "Spanning", "type": "number", "unit": "kV"},
        "aantal_circuits": {"title": "Circuits", "type": "integer"},
        "op_zee": {"title": "Op zee", "type": "boolean"},
        "geldig_vanaf": {"title": "Geldig vanaf", "type": "date"},
    }
    declared = {"id": "proef", "title": "Proef", "description": "Om te proberen.", "theme": "aanbod", "style": "stijl"}
    return Layer(**{**declared, "geometry": geometry, "properties": properties, **changed})
