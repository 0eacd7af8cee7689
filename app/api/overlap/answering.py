"""Answer a question for the overlaptoets: bring what it names to the measure, one object after another, and tell what was found."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from app.api.door import Door
from app.api.overlap.asking import Vraag, read_vraag
from app.api.overlap.telling import Teller
from app.overlap.footprint import Ground
from app.overlap.objects import Published, has_objects, read_features
from app.overlap.opgaven import Energieobject
from app.overlap.reading import Opgaven
from app.overlap.toets import Toets
from app.problems import BadRequest, NotFound, Unavailable
from app.register.publication import Publication
from app.register.regels import SENTENCE, Regelset
from app.web.addresses import JSON, Addresses, Json, link

# Measuring keeps a processor busy, and the pages of others wait for it.
AT_ONCE = 2
PATIENCE_S = 5.0
BUSY = "Er worden op dit moment veel toetsen gedaan. Probeer het zo weer."
NO_OPGAVEN = "Deze publicatie heeft geen gebiedsopgaven om tegen te toetsen."

type Progress = Callable[[float], None]


@dataclass(frozen=True)
class Overlaptoets:
    """The overlaptoets of this deployment: its rules, and what makes the ground of objects."""

    door: Door
    regelset: Regelset
    ground: Ground
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def read(self, body: Json) -> Vraag:
        """Return the question in a JSON object, or raise BadRequest with every fault in it."""
        return read_vraag(body, self.door.begrippen, today=dt.datetime.now(dt.UTC).date())

    async def answer(self, vraag: Vraag, addresses: Addresses, progress: Progress = lambda _: None) -> Json:
        """Return the whole answer to a question, or raise NotFound or BadRequest for what it names and is not there."""
        publication = await self.door.archive(vraag.publicatie) if vraag.publicatie else self.door.current()
        if publication.opgaven is None:
            raise NotFound(NO_OPGAVEN)
        toets = Toets(
            publication,
            Opgaven(self.door.reader, publication.opgaven.table_name),
            self.regelset,
            vraag.day,
            self.door.settings.raster_folder,
        )
        teller = Teller(self.door.begrippen, publication, self.regelset, addresses, vraag.crs, vraag.with_geometry)
        subjects = await self._subjects(vraag, publication)
        told = []
        for number, subject in enumerate(subjects):
            async with self.turn():
                uitkomst = await toets.test(subject)
            told.append(await asyncio.to_thread(teller.tell, uitkomst))
            progress((number + 1) / len(subjects))
        return self._envelope(vraag, publication, addresses, told)

    def turn(self) -> "Turn":
        """Return one of the few places at the measure, for as long as a block lasts."""
        return Turn(self._room)

    async def _subjects(self, vraag: Vraag, publication: Publication) -> list[Energieobject]:
        if vraag.drawing is not None and vraag.objecttype is not None:
            return [self._subject(vraag.objecttype, Published("", "", None, vraag.kenmerken, vraag.drawing))]
        if vraag.gebied is not None and vraag.objecttype is not None:
            gebied = await self.gebied(vraag.gebied, publication)
            return [self._subject(vraag.objecttype, Published(gebied.laag, gebied.id, gebied.naam, vraag.kenmerken, gebied.geometry))]
        return await self._known(vraag, publication)

    async def _known(self, vraag: Vraag, publication: Publication) -> list[Energieobject]:
        """Return the published objects that are named, in the order of the question."""
        found: dict[tuple[str, str], Published] = {}
        faults = []
        for laag in dict.fromkeys(laag for laag, _ in vraag.objecten):
            if laag not in publication or not has_objects(publication[laag].layer):
                choices = ", ".join(sorted(each.id for each in publication.values() if has_objects(each.layer)))
                faults.append(f"De laag {laag!r} heeft geen energieobjecten. Kies uit: {choices}.")
                continue
            ids = [each for at, each in vraag.objecten if at == laag]
            found |= {(laag, each.id): each for each in await read_features(self.door.reader, publication[laag], "id", ids)}
            faults += [f"De laag {laag!r} heeft geen object {each!r}." for each in ids if (laag, each) not in found]
        for (laag, each), feature in found.items():
            if self.objectgroep(feature.objecttype) is None:
                faults.append(f"Voor {each!r} uit {laag!r} (objecttype {feature.objecttype}) zijn er geen regels.")
        if faults:
            raise BadRequest("Niet alle objecten kunnen getoetst worden.", faults)
        return [self._subject(str(found[key].objecttype), found[key]) for key in dict.fromkeys(vraag.objecten)]

    async def gebied(self, code: str, publication: Publication) -> Published:
        """Return a gebied of now by its code, or raise BadRequest."""
        for published in publication.values():
            if published.layer.holds_gebieden:
                found = await read_features(self.door.reader, published, "code", [code])
                if found:
                    return found[0]
        raise BadRequest(f"Er is nu geen gebied met code {code[:40]!r}. Alle gebieden staan op /v1/gebieden.")

    def objectgroep(self, objecttype: str | None) -> str | None:
        """Return the group whose rules hold for such an object, or None when there are no rules for it."""
        known = self.door.begrippen["objecttype"].get(objecttype or "")
        return known.kenmerken.get("objectgroep") or None if known else None

    def _subject(self, objecttype: str, feature: Published) -> Energieobject:
        return Energieobject(
            objecttype=objecttype,
            objectgroep=self.objectgroep(objecttype) or "",
            attributes=feature.attributes,
            footprint=self.ground.footprint(feature.geometry, objecttype, feature.attributes),
            id=feature.id or None,
            laag=feature.laag or None,
            naam=feature.naam,
        )

    def _envelope(self, vraag: Vraag, publication: Publication, addresses: Addresses, told: list[Json]) -> Json:
        return {
            "toetsen": told,
            "regelsetVersie": self.regelset.versie,
            "publicatie": publication.versie,
            "datum": vraag.day.isoformat(),
            "strekking": SENTENCE,
            # The same question again, for as long as the publication is there.
            "invoer": {**vraag.asked, "datum": vraag.day.isoformat(), "publicatie": publication.versie},
            "links": [
                link("describedby", addresses.at("regels"), JSON, f"De regels, versie {self.regelset.versie}"),
                link("related", addresses.at("collections", "overlapsignalen"), JSON, "Alle signalen van bekende objecten"),
                link("root", f"{addresses.root}?f=json", JSON, "Beginpagina van de service"),
            ],
        }


class Turn:
    """One of the few places at the measure; raises Unavailable when none comes free in time."""

    def __init__(self, room: asyncio.Semaphore) -> None:
        self._room = room

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._room.acquire()
        except TimeoutError:
            raise Unavailable(BUSY) from None

    async def __aexit__(self, *_: object) -> None:
        self._room.release()
