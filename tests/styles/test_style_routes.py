"""The style routes through HTTP, over a publication made by hand."""

import asyncio
import datetime as dt
from xml.etree.ElementTree import Element

import httpx
import orjson
import pytest
from defusedxml import ElementTree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.ogc.styles import routes
from app.problems import Problem
from app.register.publication import Description, Origin, Publication, PublishedLayer
from app.settings import Settings
from app.styles.sld import read_styles

from .conftest import POLYGON, compare, layer, point, rule, where

CBS = Origin(
    levering_id=1,
    bron="cbs",
    title="Gebiedsindelingen",
    publisher="CBS",
    license="https://creativecommons.org/licenses/by/4.0/",
    homepage="https://www.cbs.nl/",
    attribution="© CBS, Kadaster",
    peildatum=dt.date(2025, 1, 1),
    demo=False,
)


class Client:
    """Asks the application over HTTP, without a network."""

    def __init__(self, app):
        self._app = app

    def get(self, path, headers=None):
        async def ask():
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="https://kaart.example") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())


def publish(each):
    description = Description(count=12, extent_crs84=(3.2, 50.7, 7.3, 53.6), extent_rd=(0, 300000, 280000, 620000), origins=(CBS,))
    return PublishedLayer(each, f"{each.table_name}_1", description, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@pytest.fixture
def client(write_sld, tmp_path):
    write_sld(rule("Gebied", POLYGON, where(compare("PropertyIsEqualTo", "soort", "a"))), name="vlakken")
    write_sld(rule("Ondergrond", POLYGON), name="grond")
    write_sld(rule("Station", point("square")), name="punten")
    areas = layer(id="gebieden", style="vlakken", background="grond", mosaic=True)
    stations = layer("point", id="stations", style="punten", shown=True)
    older = layer("point", id="oude-stations", style="punten")
    published = {each.id: publish(each) for each in (areas, stations, older)}
    publication = Publication(7, "2026-1", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), published)

    def explain(_: Request, fault: Exception) -> Response:
        assert isinstance(fault, Problem)
        return JSONResponse({"detail": fault.detail}, status_code=fault.status)

    app = Starlette(
        routes=routes(lambda: publication, read_styles([tmp_path]), Settings(url="https://kaart.example/")),
        exception_handlers={Problem: explain},
    )
    return Client(app)


def test_the_whole_map_has_the_ground_below_then_areas_then_points(client):
    answer = client.get("/v1/styles/energiebeeld?f=mapbox")

    style = answer.json()
    assert answer.headers["content-type"] == "application/vnd.mapbox.style+json"
    assert [each["id"] for each in style["layers"]] == [
        "achtergrond",
        "ondergrond:gebieden/0",
        "ondergrond:gebieden/1",
        "gebieden/0",
        "gebieden/1",
        "stations/0",
        "oude-stations/0",
    ]
    hidden = [each["id"] for each in style["layers"] if each.get("layout", {}).get("visibility") == "none"]
    assert hidden == ["gebieden/0", "gebieden/1", "oude-stations/0"]
    assert style["sprite"] == "https://kaart.example/v1/styles/energiebeeld/sprite"
    assert style["sources"]["gebieden"] == {
        "type": "vector",
        "tiles": ["https://kaart.example/v1/collections/gebieden/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"],
        "minzoom": 0,
        "maxzoom": 16,
        "bounds": [3.2, 50.7, 7.3, 53.6],
        "attribution": "© CBS, Kadaster",
    }


def test_a_style_of_several_layers_draws_them_all(client):
    assert set(client.get("/v1/styles/punten").json()["sources"]) == {"stations", "oude-stations"}


def test_a_collection_offers_its_style_as_maplibre_sld_and_legend(client):
    (style,) = client.get("/v1/collections/gebieden/styles").json()["styles"]
    addresses = [each["href"].removeprefix("https://kaart.example") for each in style["links"]]

    mapbox, sld, image, legend = [client.get(address) for address in addresses]

    assert [each["id"] for each in mapbox.json()["layers"]] == ["gebieden/0", "gebieden/1"]
    assert sld.headers["content-type"].startswith("application/vnd.ogc.sld+xml;version=1.1")
    root: Element = ElementTree.fromstring(sld.text)
    assert root.tag == "{http://www.opengis.net/sld}StyledLayerDescriptor"
    assert image.headers["content-type"] == "image/svg+xml"
    assert legend.json()["items"][0]["title"] == "Gebied"


def test_the_sprite_answers_for_one_style_and_for_the_whole_map(client):
    for style in ("punten", "energiebeeld"):
        index, image = client.get(f"/v1/styles/{style}/sprite@2x.json"), client.get(f"/v1/styles/{style}/sprite@2x.png")
        assert list(index.json()) == ["punten/0"]
        assert (image.headers["content-type"], image.content[:4]) == ("image/png", b"\x89PNG")


def test_every_style_is_listed_once_and_the_whole_map_first(client):
    listed = client.get("/v1/styles?f=json").json()

    assert (listed["default"], [each["id"] for each in listed["styles"]]) == ("energiebeeld", ["energiebeeld", "vlakken", "punten"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/styles/niets", 404),
        ("/v1/styles/grond", 404),
        ("/v1/styles/punten?f=qml", 400),
        ("/v1/styles/energiebeeld?f=sld", 400),
        ("/v1/styles?kleur=rood", 400),
        ("/v1/styles/punten/sprite@3x.png", 404),
        ("/v1/styles/niets/sprite.png", 404),
        ("/v1/collections/niets/styles", 404),
        ("/v1/collections/gebieden/styles/punten", 404),
        ("/v1/collections/gebieden/styles/vlakken/legend?f=html", 400),
    ],
)
def test_what_does_not_exist_is_a_clear_fault(client, path, status):
    answer = client.get(path)

    assert (answer.status_code, bool(orjson.loads(answer.content)["detail"])) == (status, True)


def test_a_client_that_has_the_style_gets_304(client):
    first = client.get("/v1/styles/punten")

    assert client.get("/v1/styles/punten", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
