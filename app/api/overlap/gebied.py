"""`/v1/gebieden/{code}/overlap`: what lies of each gebiedsopgave in a gebied, how sure that is, and the energy objects that are hit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import TABLES, TITLES, describe_gebied, gebied_of
from app.api.asking import Faults, codes_in, refuse_codes
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.api.overlap.telling import hectares
from app.api.tables import Cell, answer_table
from app.beeld.gebied import Gebied, newest_of
from app.overlap.gebieden import ERNST, Gebiedsoverlap, Ondergrond, read_gebiedsoverlap
from app.overlap.toets import NO_LAYER, NOT_KNOWN
from app.problems import NotFound
from app.register.begrippen import Begrip
from app.register.crs import RD
from app.register.publication import PublishedLayer, PublishedRaster
from app.register.regels import SENTENCE
from app.web.addresses import GEOJSON, JSON, Json, link

FILTERS = ("kader", "beperking", "ernst")
OVERLAP = Resource("/gebieden/{code}/overlap", TABLES, frozenset({*FILTERS, PERMALINK, "f"}))
SIGNALEN = "overlapsignalen"
NOTHING = (0, 0, 0, 0)
MAYBE_MORE = "Van deze kaartlaag is niet bekend dat zij hier volledig is: er kan meer zijn dan er staat."
PARTLY = "Voor een deel van het gebied is niet bekend dat deze kaartlaag er volledig is."
HEADER = (
    *("gebied_code", "gebied_naam", "kader", "beperking", "beperking_naam", "laag", "laag_titel", "overlap_ha", "aandeel", "gedekt"),
    *("volledig", *(f"objecten_{each.lower()}" for each in ERNST), "niet_beoordeeld", "regelset_versie", "bron", "peildatum"),
)


@dataclass(frozen=True)
class _Line:
    """What one layer (None: there is no layer) says of one beperking."""

    beperking: Begrip
    layer: PublishedLayer | PublishedRaster | None
    ground: Ondergrond

    def has_any(self, ernst: Sequence[str]) -> bool:
        """Tell whether an energy object is hit with any of these."""
        return any(count for each, count in zip(ERNST, self.ground.objecten, strict=True) if each in ernst)

    @property
    def reason(self) -> str | None:
        """Why it is not judged, or not in all of the gebied."""
        if self.layer is None:
            return NO_LAYER
        if not self.ground.is_judged:
            return NOT_KNOWN
        if self.ground.gedekt == 0:
            return MAYBE_MORE
        return None if self.ground.is_complete else PARTLY


@dataclass(frozen=True)
class _Matrix:
    """The gebied, its overlap, a line for every beperking and layer that are asked, in the order of the code list, and the ernst asked."""

    ask: Ask
    gebied: Gebied
    overlap: Gebiedsoverlap
    lines: Sequence[_Line]
    ernst: Sequence[str]

    @property
    def hits(self) -> Sequence[_Line]:
        """The lines with energy objects of the ernst that is asked, or all; what was not judged is not less so for that."""
        return [line for line in self.lines if not self.ernst or line.has_any(self.ernst)]


def routes(door: Door) -> list[BaseRoute]:
    """Return the route of the overlap of a gebied."""
    return [route(door, OVERLAP, _answer)]


async def _answer(ask: Ask) -> Response:
    matrix = await _matrix(ask)
    if ask.form.startswith("csv"):
        return answer_table(ask, f"overlap-{matrix.gebied.code}", HEADER, _rows(matrix))
    return ask.document(_describe(matrix), "overlap.html")


async def _matrix(ask: Ask) -> _Matrix:
    faults = Faults()
    gebied = (await gebied_of(ask))[0]
    asked = {name: _codes(ask, name, faults) for name in FILTERS}
    faults.refuse()
    published = ask.publication.overlap
    overlap = await read_gebiedsoverlap(ask.door.reader, published.table_name, gebied.code) if published else None
    if overlap is None:
        raise await _nothing_of(ask, gebied)
    wanted = [
        begrip
        for code, begrip in ask.door.begrippen["beperking"].items()
        if (not asked["beperking"] or code in asked["beperking"]) and (not asked["kader"] or begrip.ouder in asked["kader"])
    ]
    lines = [line for begrip in wanted for line in _lines(ask, begrip, overlap.grounds)]
    return _Matrix(ask, gebied, overlap, lines, asked["ernst"])


def _codes(ask: Ask, name: str, faults: Faults) -> tuple[str, ...]:
    codes = codes_in(name, ask.query, faults) if name in ask.query else ()
    refuse_codes(name, codes, ERNST if name == "ernst" else tuple(ask.door.begrippen[name]), faults)
    return codes


async def _nothing_of(ask: Ask, gebied: Gebied) -> NotFound:
    """Return the problem that there is no overlap, with where there is."""
    if ask.publication.overlap is None:
        return NotFound("Deze publicatie heeft geen gebiedsopgaven; zonder die is er geen overlap.")
    if gebied.geldig_tot is None:
        return NotFound(f"Van {gebied.naam} is er geen overlap: die is er van gemeenten, energieregio's en provincies van nu.")
    named = newest_of(await ask.gebieden.periods_of(gebied.opvolgers))
    later = [f"{named[code].naam if code in named else code} (/v1/gebieden/{code}/overlap)" for code in gebied.opvolgers]
    successors = f" Opvolger: {', '.join(later)}." if later else ""
    return NotFound(
        f"{gebied.naam} ({gebied.code}) bestaat niet meer sinds {gebied.geldig_tot}; overlap is er van de gebieden van nu.{successors}"
    )


def _lines(ask: Ask, beperking: Begrip, grounds: Sequence[Ondergrond]) -> Iterator[_Line]:
    """Yield a line per layer that can tell of a beperking, also where it says nothing; without such a layer one line all the same."""
    found = {each.laag: each for each in grounds if each.beperking == beperking.code}
    layers: list[PublishedLayer | PublishedRaster] = [
        each for each in ask.publication.values() if each.layer.opgave and beperking.code in each.layer.opgave.codes
    ]
    layers += [each for each in ask.publication.rasters.values() if beperking.code in each.layer.raster.codes]
    for layer in layers:
        yield _Line(beperking, layer, found.get(layer.id, Ondergrond(layer.id, beperking.code, 0, 0, NOTHING)))
    if not layers:
        yield _Line(beperking, None, Ondergrond("", beperking.code, 0, 0, NOTHING))


def _describe(matrix: _Matrix) -> Json:
    ask, gebied, published = matrix.ask, matrix.gebied, matrix.ask.publication.overlap
    at = ask.addresses.at
    return {
        **describe_gebied(gebied),
        "oppervlakteHa": hectares(matrix.overlap.m2),
        "opgaven": [_opgave(matrix, each) for each in matrix.hits if each.layer],
        "nietBeoordeeld": [_not_judged(each) for each in matrix.lines if each.reason],
        "strekking": SENTENCE,
        "regelsetVersie": published.regelset if published else None,
        "publicatie": ask.publication.versie,
        "bronnen": _origins(matrix),
        "links": [
            *ask.links(TITLES),
            link("up", at("gebieden", gebied.code), JSON, gebied.naam),
            link("describedby", at("regels"), JSON, "De regels die zeggen wat een gebiedsopgave betekent"),
            link("describedby", at("begrippen", "beperking"), JSON, "Begrippen: beperkingen"),
            *([link("item", _signalen(matrix), GEOJSON, f"Signalen in {gebied.naam}")] if SIGNALEN in ask.publication else []),
        ],
        **({"kaders": {code: each.naam for code, each in ask.door.begrippen["kader"].items()}} if ask.form == "html" else {}),
    }


def _opgave(matrix: _Matrix, line: _Line) -> Json:
    ground, layer = line.ground, line.layer
    if layer is None:
        raise AssertionError(line)
    at = matrix.ask.addresses.at
    return {
        "laag": layer.id,
        "laagTitel": layer.layer.title,
        "constraintCode": line.beperking.code,
        "beperkingNaam": line.beperking.naam,
        "kader": line.beperking.ouder,
        "overlapHa": hectares(ground.m2) if ground.is_judged else None,
        "aandeel": _share(matrix, ground) if ground.is_judged else None,
        "gedekt": ground.gedekt,
        "volledig": ground.is_complete,
        "objecten": dict(zip(ERNST, ground.objecten, strict=True)),
        "signalen": _signalen(matrix, line) if SIGNALEN in matrix.ask.publication else None,
        "href": at("collections", layer.id),
    }


def _share(matrix: _Matrix, ground: Ondergrond) -> float:
    # What fills a gebied does so whatever the order in which its parts are added up.
    return min(1.0, round(ground.m2 / matrix.overlap.m2, 6))


def _not_judged(line: _Line) -> Json:
    return {
        "beperking": line.beperking.code,
        "beperkingNaam": line.beperking.naam,
        "kader": line.beperking.ouder,
        "laag": line.layer.id if line.layer else None,
        "reden": line.reason,
        "aandeelPct": round(100 * (1 - line.ground.gedekt), 1),
    }


def _signalen(matrix: _Matrix, line: _Line | None = None) -> str:
    """Return the address of the signals in the box of the gebied: all, or those of one layer and beperking."""
    asked = {"opgave_laag": line.ground.laag, "beperking": line.beperking.code} if line else {}
    ernst = matrix.ask.query.get("ernst", "")
    asked |= {"ernst": ernst} if ernst and "," not in ernst else {}
    box = ",".join(f"{side:.2f}" for side in matrix.overlap.box)
    query = {**asked, "randraak": "false", "bbox": box, "bbox-crs": RD.uri}
    told = "&".join(f"{name}={quote(value, safe=',:/')}" for name, value in query.items())
    return f"{matrix.ask.addresses.at('collections', SIGNALEN, 'items')}?{told}"


def _origins(matrix: _Matrix) -> list[Json]:
    """Return the leveringen behind the layers in the matrix, each once."""
    origins = {origin.levering_id: origin for line in matrix.lines if line.layer for origin in line.layer.description.origins}
    return [each.model_dump(mode="json", exclude={"levering_id", "demo"}) for _, each in sorted(origins.items())]


def _rows(matrix: _Matrix) -> Iterator[Sequence[Cell]]:
    published = matrix.ask.publication.overlap
    for line in matrix.hits:
        ground, layer = line.ground, line.layer
        origins = layer.description.origins if layer else ()
        yield (
            *(matrix.gebied.code, matrix.gebied.naam, line.beperking.ouder, line.beperking.code, line.beperking.naam),
            *((layer.id, layer.layer.title) if layer else (None, None)),
            *((hectares(ground.m2), _share(matrix, ground)) if ground.is_judged else (None, None)),
            *(ground.gedekt, ground.is_complete, *ground.objecten, line.reason, published.regelset if published else None),
            ", ".join(sorted({each.title for each in origins})) or None,
            max((each.peildatum.isoformat() for each in origins), default=None),
        )
