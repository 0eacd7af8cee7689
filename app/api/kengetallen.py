"""The route of key figures, `/v1/kengetallen`: what ruimtebeslag is computed with, each with its source."""

import csv
import hashlib
import io
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from app import __version__
from app.api.door import Ask, Door, Resource, route
from app.register.kengetallen import COLUMNS, Kengetal
from app.web.addresses import HTML, JSON, Json, link

CSV = "text/csv"
OFFERS = {"json": JSON, "html": HTML, "csv": CSV}
TITLES = {"json": "De kengetallen als JSON", "html": "De kengetallen als webpagina", "csv": "De kengetallen als CSV"}


def routes(door: Door, kengetallen: Sequence[Kengetal]) -> list[BaseRoute]:
    """Return the route of the key figures."""
    # What is answered follows from the files of this deployment, not from the publication.
    revision = f"{__version__}-{hashlib.sha256(repr(kengetallen).encode()).hexdigest()[:12]}"

    async def answer(ask: Ask) -> Response:
        return _kengetallen(ask, kengetallen)

    return [route(door, Resource("/kengetallen", OFFERS, frozenset({"f"}), revision), answer)]


def _kengetallen(ask: Ask, kengetallen: Sequence[Kengetal]) -> Response:
    if ask.form == "csv":
        return ask.answer(_as_csv(kengetallen))
    links = [*ask.links(TITLES), link("describedby", ask.addresses.at("begrippen"), JSON, "Begrippen: wat de codes betekenen")]
    links.append(link("related", f"{ask.addresses.at('cijfers')}?thema=RUIMTEBESLAG", JSON, "Cijfers over ruimtebeslag"))
    links.append(link("root", f"{ask.addresses.root}?f=json", JSON, "Beginpagina van de service"))
    described = [_describe(each) for each in kengetallen]
    return ask.document({"kengetallen": described, "aantal": len(described), "links": links}, "kengetallen.html")


def _describe(kengetal: Kengetal) -> Json:
    return {
        "code": kengetal.code,
        "omschrijving": kengetal.omschrijving,
        "techniek": kengetal.techniek,
        "indicator": kengetal.indicator,
        "ruimtebeslagsoort": kengetal.ruimtebeslagsoort,
        "tellerEenheid": kengetal.teller_eenheid,
        "noemerEenheid": kengetal.noemer_eenheid,
        "onder": float(kengetal.onder),
        "midden": float(kengetal.midden),
        "boven": float(kengetal.boven),
        "bron": kengetal.bron,
        "jaar": kengetal.jaar,
        "hardheid": kengetal.hardheid,
        "geldigGebied": kengetal.geldig_gebied or None,
        "bevestigd": kengetal.bevestigd,
        "toelichting": kengetal.toelichting or None,
    }


def _as_csv(kengetallen: Sequence[Kengetal]) -> bytes:
    """Return the table with names in snake_case, as the files of figures have them."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in kengetallen:
        told = {name: getattr(each, name) for name in COLUMNS} | {"bevestigd": "ja" if each.bevestigd else "nee"}
        writer.writerow("" if value is None else value for value in told.values())
    return file.getvalue().encode()
