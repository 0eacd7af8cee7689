"""What the answers share that reckon with figures: the gebied they are about, which figures are meant, names of codes, and sources."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from app.api.asking import Faults
from app.api.cijfers import CSV
from app.api.door import PERMALINK, Ask
from app.beeld import Selection
from app.beeld.cijfers import Cijfer
from app.beeld.gebied import Gebied
from app.beeld.question import NOT_SPLIT
from app.beeld.standen import HUIDIG, Stand, newest
from app.problems import NotFound
from app.register.begrippen import Begrippen
from app.web.addresses import HTML, JSON, Json, link

OFFERS = {"json": JSON, "html": HTML}
TABLES = {**OFFERS, "csv": CSV, "csv-nl": CSV}
TITLES = {
    "json": "Dit antwoord als JSON",
    "html": "Dit antwoord als webpagina",
    "csv": "Dit antwoord als CSV",
    "csv-nl": "Dit antwoord als CSV voor Nederlandse Excel",
}
# What selects figures besides gebied and time.
SUBJECT = ("indicator", "drager", "keten", "sector", "subsector", "techniek", "richting")
# By which parameter of /v1/cijfers a dimension is asked.
ASKED_AS = ("drager", "subsector", "techniek", "richting")
NAMED_LISTS = (
    "indicator",
    "energiedrager",
    "keten",
    "subsector",
    "hoofdsector",
    "techniek",
    "richting",
    "beeld",
    "beeldsoort",
    "energiebeeldstatus",
    "reden-leeg",
)
LONGEST_CODE = 40
MANY = 20


async def gebied_of(ask: Ask) -> list[Gebied]:
    """Return every period of the gebied that the path names, the newest first; raises NotFound."""
    code = ask.request.path_params["code"]
    periods = await ask.gebieden.periods_of([code]) if "\0" not in code and "," not in code and len(code) <= LONGEST_CODE else []
    if not periods:
        raise NotFound(f"Er is geen gebied met code {code!r}. Alle gebieden staan op /v1/gebieden.")
    return periods


def nothing_of(gebied: Gebied) -> NotFound:
    """Return the problem that a gebied has none of the figures that are asked."""
    return NotFound(f"Van {gebied.naam} zijn er geen cijfers van wat u vraagt. Wat er wel is, staat op /v1/cijfers?gebied={gebied.code}.")


def choose_stand(standen: Sequence[Stand], asked: Selection, faults: Faults) -> Stand:
    """Return which of the figures (there are some) are meant: the newest energiebeeld, HUIDIG and the newest year, unless asked otherwise.

    A year in which all of the indicators have figures goes before a newer one. What is asked and not there is a fault.
    """
    left = list(standen)
    wanted = {"versie": asked.values.get("energiebeeld", ()), "beeld": asked.values.get("beeld", ()), "jaar": tuple(map(str, asked.years))}
    for name, codes in wanted.items():
        kept = [stand for stand in left if not codes or _told(stand)[name] in codes]
        if not kept:
            there = ", ".join(sorted({_told(stand)[name] for stand in left}))
            faults.add(f"Van dit gebied zijn er geen cijfers met {name}={','.join(codes[:MANY])}; wel met {there}.")
            return left[0]
        left = kept
    latest = newest({stand.energiebeeld for stand in left})
    left = [stand for stand in left if stand.energiebeeld == latest]
    beelden = sorted({stand.beeld for stand in left})
    if HUIDIG not in beelden and len(beelden) > 1:
        faults.add(f"Hiervan zijn er {len(beelden)} beelden. Kies er een met beeld=: {', '.join(beelden)}.")
    return max((stand for stand in left if stand.beeld in (HUIDIG, beelden[0])), key=_preference)


def _told(stand: Stand) -> dict[str, str]:
    return {"versie": stand.energiebeeld, "beeld": stand.beeld, "jaar": str(stand.jaar)}


def _preference(stand: Stand) -> tuple[bool, int, int]:
    return stand.beeld == HUIDIG, len(stand.indicators), stand.jaar


def refuse_several(names: Iterable[str], ask: Ask, faults: Faults) -> None:
    """Add a fault for every parameter that has several values where the answer is about one."""
    for name in names:
        text = ask.query.get(name, "")
        if "," in text or (name == "jaar" and "/" in text):
            faults.add(f"{name}={text!r} noemt er meer dan een; dit antwoord gaat over één {name}.")


def names_of(begrippen: Begrippen) -> Mapping[str, Mapping[str, str]]:
    """Return per code list the naam of each code."""
    return {lijst: {code: begrip.naam for code, begrip in begrippen[lijst].items()} for lijst in NAMED_LISTS}


def cijfers_address(ask: Ask, **selected: str | int) -> str:
    """Return the address of the figures behind an answer, in its unit and its publication."""
    kept = {name: ask.query[name] for name in ("eenheid", PERMALINK) if name in ask.query}
    query = "&".join(f"{name}={quote(str(value), safe=',:/')}" for name, value in {**selected, **kept}.items())
    return f"{ask.addresses.at('cijfers')}?{query}"


def split_of(cijfer: Cijfer) -> dict[str, str]:
    """Return the parameters that select exactly the dimensions of a figure."""
    return {name: getattr(cijfer, name) or "-" for name in ASKED_AS}


def coded(**codes: str) -> dict[str, str | None]:
    """Return codes as JSON shows them: nothing where a figure is not split."""
    return {name: None if code == NOT_SPLIT else code for name, code in codes.items()}


def sources_of(cijfers: Iterable[Cijfer]) -> str | None:
    """Return the names of the sources of these figures, as one text."""
    return ", ".join(sorted({name for each in cijfers for name in each.bron.split(", ")})) or None


def origins_of(ask: Ask, cijfers: Iterable[Cijfer]) -> list[Json]:
    """Return the leveringen behind these figures, as answers cite them."""
    used = {name for each in cijfers for name in each.bron.split(", ")}
    return [each.model_dump(mode="json", exclude={"levering_id", "demo"}) for each in ask.origins if each.bron in used]


def links_of(ask: Ask, gebied: Gebied) -> list[Json]:
    """Return the links of an answer about a gebied."""
    at = ask.addresses.at
    return [
        *ask.links(TITLES),
        link("up", at("gebieden", gebied.code), JSON, gebied.naam),
        link("related", cijfers_address(ask, gebied=gebied.code), JSON, f"Cijfers van {gebied.naam}"),
        link("describedby", at("begrippen"), JSON, "Begrippen: wat de codes betekenen"),
    ]


def describe_gebied(gebied: Gebied) -> Json:
    """Return what is needed to name a gebied."""
    return {"gebiedCode": gebied.code, "gebiedNaam": gebied.naam, "niveau": gebied.niveau}
