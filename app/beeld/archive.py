"""Earlier publications of figures, read when they are first asked for: what was published once can be cited for ever."""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from app.beeld.energiebeelden import energiebeelden_table
from app.beeld.statements import figures_table, gebieden_table
from app.database import Reader
from app.layers import Layers
from app.problems import NotFound
from app.register.publication import LAYERS, Publication, build_publication
from app.register.tables import SCHEMA

REMEMBERED = 32
SHOWN = 20
NAMED = "select id, versie, published_at from publication.publication where versie = %(versie)s"
VERSIES = f"select versie from publication.publication order by id desc limit {SHOWN + 1}"  # noqa: S608  (a number of our own)
COLUMNS = f"""
select attname::text from pg_attribute
where attrelid = to_regclass('{SCHEMA}.' || quote_ident(%(table)s)) and attnum > 0 and not attisdropped
"""  # noqa: S608  (a name of our own)


class UnreadablePublication(NotFound):
    """The publication is there, but was made by an edition of the service that published other columns."""

    title = "Niet meer op te vragen"


class Archive:
    """Calling it with a versie gives that publication; of its layers only those of opgaven, which answers about overlap name.

    No features of old ones are served.
    """

    def __init__(self, reader: Reader, current: Callable[[], Publication]) -> None:
        self._reader = reader
        self._current = current
        self._known: OrderedDict[str, Publication] = OrderedDict()

    async def __call__(self, versie: str) -> Publication:
        """Return the publication with this versie; raises NotFound with the versies there are, and UnreadablePublication."""
        current = self._current()
        if versie == current.versie:
            return current
        if versie not in self._known:
            self._known[versie] = await self._read(versie)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(versie)
        return self._known[versie]

    async def _read(self, versie: str) -> Publication:
        row = await self._reader.row(NAMED, {"versie": versie}) if "\0" not in versie else None
        if row is None:
            raise NotFound(f"Er is geen publicatie {versie!r}. {await self._known_versies()}")
        publication = build_publication(row, await self._reader.rows(LAYERS, {"publication": row[0]}), self._layers())
        if publication.gebieden is None or (publication.figures is None and publication.overlap is None):
            raise NotFound(f"Publicatie {versie} bevat geen cijfers. {await self._known_versies()}")
        if publication.figures is not None:
            await self._demand_columns(versie, publication.figures.table_name, figures_table("").c.keys())
        await self._demand_columns(versie, publication.gebieden, gebieden_table("").c.keys())
        if publication.energiebeelden is not None:
            await self._demand_columns(versie, publication.energiebeelden, energiebeelden_table("").c.keys())
        return publication

    def _layers(self) -> Layers:
        return Layers({published.id: published.layer for published in self._current().values() if published.layer.opgave})

    async def _known_versies(self) -> str:
        versies = [row[0] for row in await self._reader.rows(VERSIES)]
        return f"Er zijn: {', '.join(versies[:SHOWN])}{' …' if len(versies) > SHOWN else ''}."

    async def _demand_columns(self, versie: str, table: str, expected: Iterable[str]) -> None:
        found = {row[0] for row in await self._reader.rows(COLUMNS, {"table": table})}
        if missing := [name for name in expected if name not in found]:
            raise UnreadablePublication(
                f"Publicatie {versie} is gemaakt door een eerdere uitgave van de service en heeft niet alles wat dit adres nodig heeft:"
                f" {', '.join(missing)} {'ontbreekt' if len(missing) == 1 else 'ontbreken'}. Vraag haar aan een service van die uitgave,"
                " of laat 'publicatie' weg voor de nieuwste."
            )
