"""The frame of every web page of the API: Jinja templates and one style sheet, without scripts or anything from another host."""

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import __version__
from app.register.publication import Publication, PublishedLayer
from app.web.addresses import Addresses, Json, is_web_address

SHARED = Path(__file__).parent / "templates"
TITLE = "Energiebeeld kaartservice"
DESCRIPTION = (
    "Vraag naar en aanbod van energie, infrastructuur, opslag en ruimtebeslag per gemeente, regio en provincie, "
    "met de gebiedsopgaven waar de energieopgave aan raakt. Open te gebruiken in QGIS, in andere software en in de kaart."
)
STYLESHEET = (Path(__file__).parent / "static" / "pages.css").read_bytes()
STYLESHEET_NAME = f"pages-{hashlib.blake2b(STYLESHEET, digest_size=6).hexdigest()}.css"
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
UNKNOWN = Markup('<span class="unknown" title="onbekend">–</span>')

LICENSES = {
    "https://creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "https://creativecommons.org/publicdomain/mark/1.0": "Publiek domein",
    "https://opendatacommons.org/licenses/odbl/1-0": "ODbL 1.0",
}


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content: the publication (and whether a newer one is served), its address, and its layer."""

    publication: Publication
    addresses: Addresses
    address: str
    layer: PublishedLayer | None = None
    is_earlier: bool = False

    @property
    def stylesheet(self) -> str:
        """The address of the style sheet, which changes with its content."""
        return self.addresses.at("static", STYLESHEET_NAME)

    @property
    def themes(self) -> dict[str, list[PublishedLayer]]:
        """The published layers by theme, both in the order of the publication."""
        shelves: dict[str, list[PublishedLayer]] = defaultdict(list)
        for published in self.publication.values():
            shelves[published.layer.theme.value].append(published)
        return shelves

    @property
    def is_demo(self) -> bool:
        """Whether invented data is on show."""
        shown = [self.layer] if self.layer else self.publication.values()
        figures = () if self.layer or self.publication.figures is None else self.publication.figures.origins
        return any(origin.demo for origin in (*figures, *(origin for published in shown for origin in published.description.origins)))


def render(environment: Environment, template: str, data: Json, frame: Frame) -> str:
    """Return the page that a template makes of a document; every value is escaped."""
    return environment.get_template(template).render(data=data, page=frame)


def format_number(value: float, *, split: bool = True) -> str:
    """Return a number as a Dutch reader expects it: decimal comma, and points between thousands if `split`."""
    # Twelve figures are more than anyone measured and less than where binary fractions show.
    digits = "d" if isinstance(value, int) else ".12g"
    return format(value, f",{digits}" if split else digits).translate(str.maketrans(",.", ".,"))


def format_readable(value: float) -> str:
    """Return a computed number for people: five figures, which is more than any estimate is worth."""
    return format_number(float(f"{value:.5g}"))


def format_short_date(text: str) -> str:
    """Return an ISO date as day-month-year, and any other text as it is."""
    try:
        return dt.date.fromisoformat(text[:10]).strftime("%d-%m-%Y")
    except ValueError:
        return text


def _format_date(moment: dt.date | str) -> str:
    day = dt.date.fromisoformat(moment[:10]) if isinstance(moment, str) else moment
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _web_link(text: str, label: str | None = None) -> str:
    """Make a link of an address on the web, and leave anything else (such as `javascript:`) as text."""
    if not is_web_address(text):
        return label or text
    return Markup('<a href="{}">{}</a>').format(text, label or text)


def _license_link(text: str) -> str:
    return _web_link(text, LICENSES.get(text.rstrip("/").replace("http://", "https://")))


def prepare_environment(templates: Path) -> Environment:
    """Return an environment for the templates of one door, which extend `_base.html`; the door adds its own filters."""
    environment = Environment(
        loader=FileSystemLoader([templates, SHARED]), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": format_number,
        "readable": format_readable,
        "date": _format_date,
        "short_date": format_short_date,
        "weblink": _web_link,
        "license": _license_link,
    }
    environment.globals |= {"title": TITLE, "description": DESCRIPTION, "version": __version__}
    return environment
