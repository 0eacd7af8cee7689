"""The web pages: Dutch, safe, and without anything from another host."""

import re
from html.parser import HTMLParser

import pytest

from app.layers import Property, PropertyType
from app.ogc.pages import format_value, item_html, items_html
from app.ogc.sketch import sketch
from app.register.publication import Publication
from app.web.pages import PAGE_POLICY, STYLESHEET_NAME
from tests.ogc.conftest import ATTACK, Get

BASE = "http://kaart.test"
PAGES = (
    "/v1?f=html",
    "/v1/conformance?f=html",
    "/v1/collections?f=html",
    "/v1/collections/gemeenten?f=html",
    "/v1/collections/wind-turbines?f=html",
    "/v1/collections/wind-turbines/queryables?f=html",
    "/v1/collections/wind-turbines/schema?f=html",
    "/v1/collections/wind-turbines/tiles?f=html",
    "/v1/collections/wind-turbines/tiles/WebMercatorQuad?f=html",
    "/v1/tileMatrixSets?f=html",
    "/v1/tileMatrixSets/WebMercatorQuad?f=html",
    "/v1/docs",
)
ALLOWED_HOSTS = ("http://kaart.test", "https://creativecommons.org/", "https://www.cbs.nl/", "mailto:", "#")


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hrefs.extend(value or "" for name, value in attrs if name in ("href", "src"))
        self.handlers.extend(name for name, _ in attrs if name.startswith("on") or name == "style")


def assert_harmless(page: str) -> None:
    read = Reader(page)
    assert not {"script", "img", "iframe", "style"} & set(read.tags)
    assert not read.handlers
    assert not [href for href in read.hrefs if not href.startswith(ALLOWED_HOSTS)]


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_no_scripts_and_lead_nowhere_dangerous(get: Get, address: str) -> None:
    response = get(address)
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == PAGE_POLICY
    assert response.headers["content-language"] == "nl"
    assert '<html lang="nl">' in response.text
    assert_harmless(response.text)


def test_names_and_values_cannot_break_out_of_the_page(publication: Publication) -> None:
    turbines = publication["wind-turbines"]
    point = {"type": "Point", "coordinates": [5.0, 52.0]}
    feature = {"type": "Feature", "id": f"a/{ATTACK}", "properties": {"bouwjaar": ATTACK}, "geometry": point, "links": []}
    collected = {"type": "FeatureCollection", "features": [feature], "numberMatched": 1, "links": []}
    for page in (items_html(publication, turbines, collected, BASE), item_html(publication, turbines, feature, BASE)):
        assert_harmless(page)
        assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page


def test_a_collection_page_tells_what_a_gis_specialist_needs(get: Get) -> None:
    page = get("/v1/collections/gemeenten?f=html").text
    for said in ("342", "1 januari 2025", "CC BY 4.0", "© CBS, Kadaster", "Openen in QGIS", "Oppervlakte", "ha", "Kadaster", "tot heden"):
        assert said in page
    assert 'href="http://kaart.test/?lagen=gemeenten"' in page
    assert "http://kaart.test/v1</code>" in page


def test_invented_data_is_called_invented(get: Get) -> None:
    assert "Doggerland" in get("/v1/collections/wind-turbines?f=html").text
    assert "Doggerland" not in get("/v1/collections/gemeenten?f=html").text


def test_items_page_shows_figures_as_dutch_readers_write_them(publication: Publication) -> None:
    square = {"type": "Polygon", "coordinates": [[[5, 52], [5.1, 52], [5.1, 52.1], [5, 52.1], [5, 52]]]}
    properties = {"naam": "Utrecht", "oppervlakte_ha": 9921.5, "inwoners": 374411, "geldig_vanaf": "2022-01-01", "geldig_tot": None}
    feature = {"type": "Feature", "id": "GM0344", "properties": properties, "geometry": square, "links": []}
    following = {"rel": "next", "type": "text/html", "title": "Volgende", "href": f"{BASE}/v1/collections/gemeenten/items?cursor=1&f=html"}
    collected = {"type": "FeatureCollection", "features": [feature], "numberMatched": 342, "links": [following]}
    page = items_html(publication, publication["gemeenten"], collected, BASE)
    for said in (
        "9.921,5",
        "374.411",
        "01-01-2022",
        "1 van 342 objecten",
        'href="http://kaart.test/v1/collections/gemeenten/items/GM0344?f=html"',
    ):
        assert said in re.sub(r"\s+", " ", re.sub(r"</?span[^>]*>", "", page))
    assert 'rel="next"' in page
    item = item_html(publication, publication["gemeenten"], feature, BASE)
    assert "<h1>Utrecht</h1>" in item
    assert "9.921,5 ha" in item
    assert '<path class="polygon"' in item


def test_items_page_without_count_or_objects(publication: Publication) -> None:
    collected = {"type": "FeatureCollection", "features": [], "links": []}
    assert "Geen enkel object" in items_html(publication, publication["gemeenten"], collected, BASE)


@pytest.mark.parametrize(
    ("value", "declared", "text"),
    [
        (2025, Property(title="Jaar", type=PropertyType.INTEGER), "2025"),
        (12345, Property(title="Inwoners", type=PropertyType.INTEGER, unit="inwoners"), "12.345"),
        (0.1 + 0.2, Property(title="Vermogen", type=PropertyType.NUMBER, unit="MW"), "0,3"),
        (True, Property(title="In bedrijf", type=PropertyType.BOOLEAN), "ja"),
        ("2024-12-31", Property(title="Dag", type=PropertyType.DATE), "31-12-2024"),
        ("<5", Property(title="Aantal"), "<5"),
    ],
)
def test_values(value: object, declared: Property, text: str) -> None:
    assert format_value(value, declared) == text


def test_the_style_sheet_is_served_for_ever(get: Get) -> None:
    response = get(f"/v1/static/{STYLESHEET_NAME}")
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]
    assert "url(" not in response.text
    assert "@import" not in response.text


@pytest.mark.parametrize(
    ("geometry", "part"),
    [
        ({"type": "Point", "coordinates": [5, 52]}, '<circle cx="160.0" cy="120.0"'),
        ({"type": "MultiPoint", "coordinates": [[5, 52], [6, 53]]}, "<circle"),
        ({"type": "LineString", "coordinates": [[5, 52], [6, 53]]}, '<path class="linestring" d="M'),
        ({"type": "MultiPolygon", "coordinates": [[[[5, 52], [6, 52], [6, 53], [5, 52]]]]}, "Z"),
        ({"type": "Polygon", "coordinates": []}, ""),
        (None, ""),
    ],
)
def test_sketches(geometry: dict[str, object] | None, part: str) -> None:
    assert part in sketch(geometry)
    assert "nan" not in sketch(geometry)
