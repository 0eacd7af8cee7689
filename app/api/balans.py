"""The route of the energiebalans: `/v1/gebieden/{code}/balans`, vraag beside aanbod per keten and energiedrager."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.responses import Response
from starlette.routing import BaseRoute

from app.api.analysis import (
    OFFERS,
    choose_stand,
    cijfers_address,
    coded,
    describe_gebied,
    gebied_of,
    links_of,
    names_of,
    origins_of,
    refuse_several,
    sources_of,
    split_of,
)
from app.api.asking import Faults, parse_unit
from app.api.door import PERMALINK, Ask, Door, Resource, route
from app.beeld import Selection
from app.beeld.adding import AANBOD, VRAAG, Added
from app.beeld.balans import INDICATORS, Balancer, Balans, Gap, Keten, Oordeel, Post
from app.beeld.cijfers import Cijfer, read_cijfers
from app.beeld.gebied import Gebied
from app.beeld.standen import Stand, read_standen
from app.problems import NotFound
from app.web.addresses import Json
from app.web.pages import format_readable

BALANS = Resource("/gebieden/{code}/balans", OFFERS, frozenset({"jaar", "beeld", "versie", "eenheid", PERMALINK, "f"}))
UNIT = "TJ"
# What is counted once, and why (the three guards of the Energiebeeld, and two of the figures themselves).
GUARDS = (
    "Vraag is finale vraag: wat een omzetting in gaat en wat er uit komt, staat nooit samen in één som van vraag.",
    (
        "Elektriciteit waarmee warmte of waterstof wordt gemaakt, is vraag naar elektriciteit in de sector Energieproductie; de warmte of"
        " waterstof is aanbod. In het totaal van alle ketens staat zo'n omzetting dus aan beide kanten."
    ),
    "Stroom van windparken op zee is aanbod van het land, niet van de provincie waar de kabel aankomt.",
    "Een cijfer dat als totaal is geleverd telt niet nog eens mee met zijn delen per sector of techniek; technieken liggen ook in elkaar.",
    "Een potentie telt nooit mee. Vermogen (MW) en opslagcapaciteit (MWh) zijn geen energie per jaar en staan apart.",
)
SIDES = {VRAAG: "de vraag", AANBOD: "het aanbod"}


def routes(door: Door) -> list[BaseRoute]:
    """Return the route of the energiebalans."""
    balancer = Balancer(door.begrippen)

    async def balans(ask: Ask) -> Response:
        return await _balans(ask, balancer)

    return [route(door, BALANS, balans)]


@dataclass(frozen=True)
class _About:
    """What a balance is about: the gebied, the figures that were chosen, and the unit of vraag and aanbod."""

    ask: Ask
    gebied: Gebied
    stand: Stand
    unit: str

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """What codes are called."""
        return names_of(self.ask.door.begrippen)

    def figures(self, **selected: str) -> str:
        """Return the address of figures of this gebied, energiebeeld, jaar and beeld."""
        stand = self.stand
        return cijfers_address(self.ask, gebied=self.gebied.code, versie=stand.energiebeeld, jaar=stand.jaar, beeld=stand.beeld, **selected)


async def _balans(ask: Ask, balancer: Balancer) -> Response:
    gebied = (await gebied_of(ask))[0]
    faults = Faults()
    asked = await ask.asker.selection(ask.query, faults)
    unit = parse_unit(ask.query, faults)
    refuse_several(("jaar", "beeld", "versie"), ask, faults)
    standen = await read_standen(ask.figures, [gebied.code], (VRAAG, AANBOD))
    if not standen:
        faults.refuse()
        raise NotFound(f"Van {gebied.naam} zijn er geen cijfers van vraag of aanbod, dus ook geen balans.")
    stand = choose_stand(standen, asked, faults)
    faults.refuse()
    place = {"gebied": (gebied.code,), "energiebeeld": (stand.energiebeeld,), "beeld": (stand.beeld,)}
    energy = Selection({**place, "indicator": (VRAAG, AANBOD)}, (stand.jaar,))
    beside = Selection({**place, "indicator": INDICATORS[2:]}, (stand.jaar,))
    conversion = await ask.asker.conversion(unit, energy) if unit else None
    cijfers = [*await read_cijfers(ask.figures, energy, conversion), *await read_cijfers(ask.figures, beside)]
    about = _About(ask, gebied, stand, unit or UNIT)
    return ask.document(_describe(about, balancer.balance(cijfers), cijfers), "balans.html")


def _describe(about: _About, balans: Balans, cijfers: list[Cijfer]) -> Json:
    ask, stand = about.ask, about.stand
    return {
        **describe_gebied(about.gebied),
        "energiebeeld": stand.energiebeeld,
        "jaar": stand.jaar,
        "beeld": stand.beeld,
        "eenheid": about.unit,
        "totaal": _post(about, balans.totaal, balans.gaps),
        "ketens": [_keten(about, keten) for keten in balans.ketens],
        "vraagPerSector": [
            {"hoofdsector": code, **_side(about, added, indicator=VRAAG, sector=code)}
            for code, added in balans.sectoren
            if not added.is_empty
        ],
        "volledig": not balans.gaps,
        "onvolledig": [_gap(about, gap) for gap in balans.gaps],
        "conversie": _beside(about, balans.conversie),
        "opslag": _beside(about, balans.opslag),
        "piek": _beside(about, balans.piek),
        "nietMeegeteld": _beside(about, balans.left_out),
        "dubbeltelling": list(GUARDS),
        "publicatie": ask.publication.versie,
        "bronnen": origins_of(ask, cijfers),
        "links": links_of(ask, about.gebied),
        **({"namen": about.names} if ask.form == "html" else {}),
    }


def _keten(about: _About, keten: Keten) -> Json:
    return {
        "keten": keten.code,
        **_post(about, keten.post, keten.gaps, keten=keten.code),
        "volledig": not keten.gaps,
        "dragers": [{"drager": code, **_post(about, post, (), drager=code)} for code, post in keten.dragers],
    }


def _post(about: _About, post: Post, gaps: tuple[Gap, ...], **selected: str) -> Json:
    return {
        "vraag": _side(about, post.vraag, indicator=VRAAG, **selected),
        "aanbod": _side(about, post.aanbod, indicator=AANBOD, **selected),
        "saldo": post.saldo,
        "oordeel": post.oordeel,
        "tekst": f"{_sentence(post, about.unit)}{', gerekend met wat bekend is' if gaps and post.saldo is not None else ''}.",
    }


def _side(about: _About, added: Added, **selected: str) -> Json:
    """Describe one side: its value, what is known of it when it has none, how many figures it is made of, and where they are."""
    return {
        "waarde": added.waarde,
        "som": added.som,
        "aantal": len(added.parts),
        "zonderWaarde": len(added.missing),
        "bron": sources_of(added.parts),
        "peiljaren": sorted({each.peiljaar for each in added.parts if each.peiljaar}),
        "href": about.figures(**selected),
    }


def _sentence(post: Post, unit: str) -> str:
    if post.saldo is None:
        missing = [SIDES[name] for name, side in ((VRAAG, post.vraag), (AANBOD, post.aanbod)) if side.waarde is None]
        return f"Saldo onbekend: {' en '.join(missing)} {'zijn' if len(missing) > 1 else 'is'} niet (geheel) bekend"
    amount = f"{format_readable(abs(post.saldo))} {unit}"
    return {Oordeel.OVERSCHOT: f"Overschot van {amount}", Oordeel.TEKORT: f"Tekort van {amount}"}.get(post.oordeel, "In balans")


def _gap(about: _About, gap: Gap) -> Json:
    cijfer = gap.cijfer
    return {
        "indicator": gap.indicator,
        **coded(keten=gap.keten, drager=gap.drager, hoofdsector=gap.hoofdsector),
        **coded(subsector=cijfer.subsector if cijfer else "", techniek=cijfer.techniek if cijfer else ""),
        "reden": gap.reden,
        "ontbrekend": list(cijfer.ontbrekend) if cijfer else [],
        "tekst": _gap_sentence(about, gap),
    }


def _gap_sentence(about: _About, gap: Gap) -> str:
    names, side, subject = about.names, SIDES[gap.indicator], _subject(about, gap)
    if gap.cijfer is None:
        return f"Geen cijfer van {side} van {subject}."
    parts = [names["subsector"].get(gap.cijfer.subsector, ""), names["techniek"].get(gap.cijfer.techniek, "")]
    split = f" ({', '.join(filter(None, parts))})" if any(parts) else ""
    reason = names["reden-leeg"].get(gap.reden, gap.reden).lower()
    missing = f"; van {', '.join(gap.cijfer.ontbrekend)} is er geen" if gap.cijfer.ontbrekend else ""
    return f"{side.capitalize()} van {subject}{split} heeft geen waarde: {reason}{missing}."


def _subject(about: _About, gap: Gap) -> str:
    if gap.keten:
        return f"de {about.names['keten'][gap.keten].lower()}"
    if gap.hoofdsector and gap.cijfer is None:
        return f"de sector {about.names['hoofdsector'][gap.hoofdsector]}"
    return about.names["energiedrager"].get(gap.drager, "alle energiedragers").lower()


def _beside(about: _About, cijfers: Iterable[Cijfer]) -> list[Json]:
    return [
        {
            "indicator": each.indicator,
            **coded(drager=each.drager, subsector=each.subsector, techniek=each.techniek, richting=each.richting),
            "waarde": each.waarde,
            "eenheid": each.eenheid,
            "redenLeeg": each.reden_leeg or None,
            "soort": each.soort,
            "bron": each.bron,
            "peiljaar": each.peiljaar,
            "href": about.figures(indicator=each.indicator, **split_of(each)),
        }
        for each in cijfers
    ]
