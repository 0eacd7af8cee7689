"""`publish` and `status`: make the current facts public, and tell what is public."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg

from app.cli.terminal import Progress, Terminal, dutch_number
from app.database import Role, connect
from app.layers import Layers, read_layers
from app.publish import Published, publish, stale_layers
from app.register.begrippen import Begrippen, read_begrippen, store_begrippen
from app.register.columns import check_columns
from app.register.crs import use_grid
from app.register.grid import grid_folder
from app.register.publication import CURRENT, LAYERS, Origin, Publication, build_publication
from app.register.rasters import check_rasters
from app.register.regels import read_regels
from app.settings import Settings
from app.styles.checking import check_styles, drawn_properties
from app.styles.sld import read_styles

LEVERINGEN = """
select id, bron, title, peildatum, received_at, demo from facts.levering where status = 'CURRENT' order by bron
"""


@dataclass(frozen=True)
class Levering:
    """A current levering, as `status` lists it."""

    id: int
    bron: str
    title: str
    peildatum: dt.date
    received_at: dt.datetime
    demo: bool


def publish_current(settings: Settings, report: Progress) -> Published:
    """Publish what is current, with the layers, styles, code lists and rules of this configuration, whose faults are raised first."""
    layers, drawn, begrippen = _configuration(settings)
    store_begrippen(settings, begrippen)
    return publish(settings, layers, drawn, report)


def tell_published(published: Published, terminal: Terminal) -> None:
    """Say in one line what a publication run did."""
    if not published.changed:
        terminal.say(f"Er is niets veranderd; versie {published.versie} blijft.")
        return
    counts = f"{len(published.rebuilt)} lagen gemaakt, {len(published.kept)} ongewijzigd"
    figures = f"; {dutch_number(published.figures)} cijfers" if published.figures else ""
    terminal.say(f"Versie {published.versie} is gepubliceerd: {counts}{figures}.")


def tell_status(settings: Settings, terminal: Terminal) -> None:
    """Print what is published, from which leveringen, and what waits to be published."""
    use_grid(grid_folder(settings))
    layers, drawn, _ = _configuration(settings)
    stale = stale_layers(settings, layers, drawn)
    with connect(settings, Role.READ) as connection:
        publication = _current(connection, layers)
        leveringen = [Levering(*row) for row in connection.execute(LEVERINGEN)]
    if publication is None:
        terminal.say("Er is nog niets gepubliceerd.")
    else:
        terminal.say(f"Gepubliceerd: versie {publication.versie}, op {_moment(publication.published_at)}")
        terminal.table("Lagen", ("laag", "titel", "objecten", "peildatum", "gemaakt"), _layer_rows(publication))
        if publication.figures:
            terminal.say(f"Cijfers: {dutch_number(publication.figures.count)}")
    terminal.table("Leveringen", ("bron", "titel", "peildatum", "ontvangen", "stand"), _levering_rows(leveringen, publication, stale))
    if waiting := [layer_id for layer_id, origins in stale.items() if origins or layer_id in (publication or {})]:
        terminal.say(f"Nog te publiceren: {', '.join(waiting)}. Dat gaat met: ./energiebeeld publish")


def _configuration(settings: Settings) -> tuple[Layers, Mapping[str, frozenset[str]], Begrippen]:
    """Return the layers, what is drawn of each and the code lists, or raise ConfigurationFault naming every fault in them."""
    layers, styles, begrippen = (
        read_layers(settings.layer_folders),
        read_styles(settings.sld_folders),
        read_begrippen(settings.seed_folders),
    )
    check_styles(styles, layers)
    check_columns(layers, begrippen)
    check_rasters(layers, begrippen)
    read_regels(settings.seed_folders, begrippen)
    return layers, drawn_properties(styles, layers), begrippen


def _current(connection: psycopg.Connection, layers: Layers) -> Publication | None:
    row = connection.execute(CURRENT).fetchone()
    return build_publication(row, connection.execute(LAYERS, {"publication": row[0]}).fetchall(), layers) if row else None


def _layer_rows(publication: Publication) -> Iterable[tuple[str, ...]]:
    for layer in publication.values():
        dates = sorted({origin.peildatum for origin in layer.description.origins})
        peildatum = " – ".join(_date(date) for date in dict.fromkeys((dates[0], dates[-1]))) if dates else ""
        yield layer.id, layer.layer.title, dutch_number(layer.description.count), peildatum, _moment(layer.built_at)


def _levering_rows(
    leveringen: list[Levering], publication: Publication | None, stale: Mapping[str, tuple[Origin, ...]]
) -> Iterable[tuple[str, ...]]:
    published = {origin.levering_id for layer in (publication or {}).values() for origin in layer.description.origins}
    if publication is not None:
        published |= {origin.levering_id for raster in publication.rasters.values() for origin in raster.description.origins}
    if publication is not None and publication.figures:
        published |= {origin.levering_id for origin in publication.figures.origins}
    waiting = {origin.levering_id for origins in stale.values() for origin in origins} - published
    for each in leveringen:
        state = "gepubliceerd" if each.id in published else "wacht op publicatie" if each.id in waiting else "geen laag gebruikt dit"
        yield each.bron, each.title, _date(each.peildatum), _moment(each.received_at), f"{state}{', demo' if each.demo else ''}"


def _date(date: dt.date) -> str:
    return f"{date.day}-{date.month}-{date.year}"


def _moment(moment: dt.datetime) -> str:
    local = moment.astimezone()
    return f"{_date(local)} {local:%H:%M}"
