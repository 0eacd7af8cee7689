"""What a rule says of an energy object that meets an opgave, or comes near it; policy never excludes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app.overlap.measuring import is_sliver
from app.overlap.opgaven import Encounter, Energieobject, Opgave
from app.register.regels import Regel, Regelset

# Worst first. What can go together stands apart: it never makes up for what cannot.
ERNSTEN = ("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT", "GEEN", "NIET_BEOORDEELD")
KOPPELKANS = "KOPPELKANS"
# Hardest first.
HARDHEDEN = ("JURIDISCH", "BELEID", "SIGNALERING")


@dataclass(frozen=True)
class Oordeel:
    """What the rule that weighs heaviest says of one encounter; `gebied` is the provincie whose own rule it is."""

    encounter: Encounter
    regel: Regel
    ernst: str
    hardheid: str
    randraak: bool

    @property
    def opgave(self) -> Opgave:
        """What was met."""
        return self.encounter.opgave

    @property
    def is_overlap(self) -> bool:
        """Whether the two share ground, rather than lie near each other."""
        return self.encounter.meets


def weigh(subject: Energieobject, encounter: Encounter, regelset: Regelset, day: dt.date) -> tuple[Oordeel, ...]:
    """Return the worst that the rules of this day say of an encounter, with the best koppelkans; nothing when no rule says a thing.

    In each provincie that the object lies in its own rules count; of provincies that differ the strictest is told.
    """
    gebieden: tuple[str | None, ...] = subject.provincies or (None,)
    looked = {
        regel.code: regel
        for gebied in gebieden
        for regel in regelset.for_pair(subject.objectgroep, encounter.opgave.beperking, gebied, day)
    }
    told = [_judged(subject, encounter, regel) for regel in looked.values() if _applies(regel, subject, encounter)]
    kansen = [each for each in told if each.ernst == KOPPELKANS]
    return (*_worst(each for each in told if each.ernst != KOPPELKANS), *_worst(kansen))


def weight_of(regel: Regel, opgave: Opgave) -> tuple[str, str]:
    """Return the severity and hardheid of a rule for an opgave, which can be softer than its beperking."""
    hardheid = max(regel.hardheid, opgave.hardheid or regel.hardheid, key=HARDHEDEN.index)
    return ("ZWAARWEGEND" if regel.ernst == "UITSLUITING" and hardheid != "JURIDISCH" else regel.ernst), hardheid


def ernst_rank(ernst: str) -> int:
    """Return the place of a severity, worst first."""
    return ERNSTEN.index(ernst) if ernst in ERNSTEN else len(ERNSTEN)


def _worst(told: Iterable[Oordeel]) -> tuple[Oordeel, ...]:
    ranked = sorted(told, key=lambda each: (ernst_rank(each.ernst), HARDHEDEN.index(each.hardheid), each.regel.code))
    return tuple(ranked[:1])


def _applies(regel: Regel, subject: Energieobject, encounter: Encounter) -> bool:
    near = encounter.meets if regel.relatie == "OVERLAPT" else encounter.afstand_m <= regel.reach_m(subject.attributes)
    return near and regel.holds(subject.attributes, encounter.opgave.attributes)


def _judged(subject: Energieobject, encounter: Encounter, regel: Regel) -> Oordeel:
    ernst, hardheid = weight_of(regel, encounter.opgave)
    area = subject.footprint.m2
    sliver = area is not None and encounter.meets and is_sliver(encounter.m2, area)
    return Oordeel(encounter, regel, ernst, hardheid, sliver)
