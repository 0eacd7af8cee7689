"""The web map in a real browser, on the demo and on real data: what is drawn, what a click tells, and who is left out by it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import rasterio
from playwright.sync_api import Page, expect

from app.cli.publishing import publish_current
from app.database import Role, connect
from app.ingest.importing import Options, import_source, in_order, recognise
from app.ingest.source import read_sources
from app.layers import read_layers
from app.settings import ROOT, Settings
from app.styles.model import PolygonSymbolizer
from app.styles.sld import read_styles

from ..conftest import Demo
from ..running import served

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Dataset has no geotransform")]

REAL = ROOT.parent / "shared" / "data"
REAL_SOURCES = ("cbs-gemeenten-2025", "cbs-provincies-2025", "gebiedssleutel-2025", "osm-hoogspanningsnet-2016")
MIDDLE = """
select naam, code, st_y(point), st_x(point)
from facts.current_gebied, lateral (select st_transform(st_pointonsurface(geometrie), 4326) as point) as inside
where code = %s and geldig_tot is null
"""


@pytest.fixture(scope="module")
def database_settings(published_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with published_demo.copied(tmp_path_factory.mktemp("kaart")) as settings:
        yield settings


@pytest.fixture(scope="module")
def demo(database_settings: Settings, portal_home: Path) -> Iterator[str]:
    with served(database_settings.model_copy(update={"home": portal_home})) as service:
        yield service.address


@contextmanager
def real(settings: Settings, portal_home: Path) -> Iterator[str]:
    files = [path for path in REAL.rglob("*") if path.is_file()]
    sources = read_sources(settings.seed_folders)
    for source in in_order(sources[name] for name in REAL_SOURCES):
        import_source(settings, source, recognise(source, files), Options())
    publish_current(settings, lambda _: None)
    with served(settings.model_copy(update={"home": portal_home})) as service:
        yield service.address


def wait_until_drawn(page: Page) -> None:
    expect(page.locator(".map canvas")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)


def share_of_land(page: Page, to: Path) -> float:
    """Return which part of the map has the colour that the SLD gives to land, and keep the picture of the page."""
    to.parent.mkdir(exist_ok=True)
    page.screenshot(path=to)
    box = page.locator(".map").bounding_box()
    with rasterio.open(to) as picture:
        pixels = picture.read((1, 2, 3))[:, int(box["y"]) :, int(box["x"]) :]
    return float(np.all(np.abs(pixels.astype(int) - np.reshape(land_color(), (3, 1, 1))) <= 2, axis=0).mean())


def land_color() -> list[int]:
    layers, styles = read_layers(Settings().layer_folders), read_styles(Settings().sld_folders)
    drawn = styles[layers["provincies"].background].rules[0].symbolizers[0]
    assert isinstance(drawn, PolygonSymbolizer)
    return [int(drawn.fill.color[start : start + 2], 16) for start in (1, 3, 5)]


def middle_of(settings: Settings, code: str) -> tuple[str, str, str]:
    """Return (name, code, fragment that opens the map on a point inside) of a gebied."""
    with connect(settings, Role.IMPORT) as connection:
        naam, code, latitude, longitude = connection.execute(MIDDLE, [code]).fetchone()
    return naam, code, f"#kaart=12/{latitude:.5f}/{longitude:.5f}"


def click_the_middle(page: Page) -> None:
    box = page.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_the_demo_is_drawn_and_says_that_it_is_one(demo: str, open_page: Callable[..., Page], portal_home: Path) -> None:
    page = open_page(f"{demo}/")

    wait_until_drawn(page)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Energiebeeld")
    expect(page.locator(".notice")).to_contain_text("verzonnen")
    expect(page.locator(".publication")).to_contain_text("Publicatie 20")
    assert share_of_land(page, portal_home / "schermafdrukken" / "kaart-demo.png") > 0.1


def test_a_click_tells_the_gemeente_with_what_the_tile_leaves_out(
    demo: str, open_page: Callable[..., Page], database_settings: Settings
) -> None:
    naam, code, fragment = middle_of(database_settings, "GM9009")
    page = open_page(f"{demo}/?lagen=gemeenten{fragment}")
    wait_until_drawn(page)

    click_the_middle(page)

    card = page.locator(".card").first
    expect(card.locator(".name")).to_have_text(naam)
    expect(card).to_contain_text(code)
    expect(card).to_contain_text(" ha")
    expect(card.get_by_role("link", name="Alles van deze laag")).to_have_attribute("href", f"{demo}/v1/collections/gemeenten?f=html")


def test_the_keyboard_asks_and_escape_closes(demo: str, open_page: Callable[..., Page], database_settings: Settings) -> None:
    naam, _, fragment = middle_of(database_settings, "GM9009")
    page = open_page(f"{demo}/?lagen={fragment}")
    wait_until_drawn(page)

    page.locator(".map canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_contain_text(naam)
    page.keyboard.press("Escape")

    expect(page.locator(".panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.className").startswith("maplibregl-canvas")


def test_a_switch_shows_the_legend_and_keeps_the_address_in_step(demo: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{demo}/?lagen=stations")
    wait_until_drawn(page)

    page.get_by_label("Zoek een kaartlaag").fill("hoogspanningsverb")
    switch = page.get_by_role("switch", name="Hoogspanningsverbindingen", exact=True)
    switch.check()

    expect(page.get_by_role("list", name="Legenda van Hoogspanningsverbindingen")).to_contain_text("380 kV")
    expect(page.get_by_role("switch", name="Gemeenten", exact=True)).to_be_hidden()
    assert "lagen=stations,hoogspanningsverbindingen" in page.url
    switch.uncheck()
    assert "lagen=stations#" in page.url


def test_an_iframe_with_chosen_layers_shows_the_map_and_its_legend_only(demo: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{demo}/kaart?lagen=natura-2000,bestaat-niet")

    wait_until_drawn(page)

    expect(page.locator(".header")).to_have_count(0)
    expect(page.get_by_role("switch")).to_have_count(0)
    expect(page.get_by_role("region", name="Legenda")).to_contain_text("Natura 2000")
    expect(page.locator(".notices")).to_contain_text("bestaat niet (meer): bestaat-niet")
    expect(page.locator(".sources")).to_contain_text("Bronnen")


def test_only_the_page_for_iframes_may_be_framed_by_others(demo: str, browser) -> None:
    context = browser.new_context()
    policies = {path: context.request.get(f"{demo}{path}").headers["content-security-policy"] for path in ("/", "/kaart")}
    context.close()

    assert policies["/"].endswith("frame-ancestors 'self'")
    assert policies["/kaart"].endswith("frame-ancestors *")
    assert all("unsafe" not in policy for policy in policies.values())


def test_a_phone_of_320_pixels_needs_no_sideways_scrolling(demo: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{demo}/", width=320, height=640)
    wait_until_drawn(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    toggle = page.get_by_role("button", name="Kaartlagen")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_without_webgl_the_list_and_its_links_remain(demo: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{demo}/", prepare="HTMLCanvasElement.prototype.getContext = () => null;")

    expect(page.locator(".map")).to_contain_text("WebGL 2 ontbreekt")
    address = page.get_by_role("link", name="Gegevens van Hoogspanningsstations").get_attribute("href")
    assert address == f"{demo}/v1/collections/stations?f=html"


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data is not here")
def test_real_data_is_drawn_and_answers(database_settings: Settings, demo: str, open_page: Callable[..., Page], portal_home: Path) -> None:
    del demo
    with real(database_settings, portal_home) as address:
        page = open_page(f"{address}/")
        wait_until_drawn(page)
        share = share_of_land(page, portal_home / "schermafdrukken" / "kaart.png")
        page.close()
        naam, code, fragment = middle_of(database_settings, "GM0344")
        asked = open_page(f"{address}/?lagen=gemeenten{fragment}")
        wait_until_drawn(asked)
        click_the_middle(asked)
        expect(asked.locator(".card").first).to_contain_text(code)
        expect(asked.locator(".card .name").first).to_have_text(naam)
        expect(asked.locator(".notice")).to_have_count(0)
        asked.close()

    assert naam == "Utrecht"
    assert share > 0.1
