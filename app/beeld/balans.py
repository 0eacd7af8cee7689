"""The energiebalans of a gebied: vraag beside aanbod per energiedrager and per keten, with what is not known said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.beeld.adding import AANBOD, COUNTED, VRAAG, Added, Adder, tidy
from app.beeld.cijfers import POTENTIE, Cijfer
from app.register.begrippen import Begrippen

# What is measured as power or as content, and never added to energy per year.
CONVERSIE = ("conversievermogen",)
OPSLAG = ("opslagvermogen", "opslagcapaciteit")
PIEK = ("piekvraag", "transportcapaciteit-aanwezig", "transportcapaciteit-benodigd", "transportcapaciteit-gevraagd")
INDICATORS = (VRAAG, AANBOD, *CONVERSIE, *OPSLAG, *PIEK)
SAME = 1e-9


class Oordeel(StrEnum):
    """What aanbod min vraag comes to."""

    OVERSCHOT = "OVERSCHOT"
    TEKORT = "TEKORT"
    IN_BALANS = "IN_BALANS"
    ONBEKEND = "ONBEKEND"


@dataclass(frozen=True)
class Post:
    """Vraag beside aanbod, in one unit."""

    vraag: Added
    aanbod: Added

    @property
    def saldo(self) -> float | None:
        """Aanbod min vraag, or None when either is not known."""
        if self.vraag.waarde is None or self.aanbod.waarde is None:
            return None
        return tidy(self.aanbod.waarde - self.vraag.waarde)

    @property
    def oordeel(self) -> Oordeel:
        """Whether there is a surplus or a shortage."""
        if self.saldo is None:
            return Oordeel.ONBEKEND
        if abs(self.saldo) <= SAME * max(self.vraag.waarde or 0.0, self.aanbod.waarde or 0.0):
            return Oordeel.IN_BALANS
        return Oordeel.OVERSCHOT if self.saldo > 0 else Oordeel.TEKORT


@dataclass(frozen=True)
class Gap:
    """What is not known of one side: a figure without a value (for `reden`), or none at all for a keten, drager or hoofdsector."""

    indicator: str
    reden: str = "GEEN_CIJFER"
    keten: str = ""
    drager: str = ""
    hoofdsector: str = ""
    cijfer: Cijfer | None = None


@dataclass(frozen=True)
class Keten:
    """One keten and its energiedragers."""

    code: str
    post: Post
    dragers: tuple[tuple[str, Post], ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Balans:
    """All ketens together and each apart, the vraag per hoofdsector, what is not known, and what stands beside the balance."""

    totaal: Post
    ketens: tuple[Keten, ...]
    sectoren: tuple[tuple[str, Added], ...]
    gaps: tuple[Gap, ...]
    conversie: tuple[Cijfer, ...]
    opslag: tuple[Cijfer, ...]
    piek: tuple[Cijfer, ...]
    left_out: tuple[Cijfer, ...]


class Balancer:
    """Makes balances with the code lists."""

    def __init__(self, begrippen: Begrippen) -> None:
        self._begrippen = begrippen
        self._adder = Adder(begrippen)

    def balance(self, cijfers: Sequence[Cijfer]) -> Balans:
        """Return the balance of the figures (INDICATORS) of one gebied, energiebeeld, jaar and beeld."""
        counted = [each for each in cijfers if each.richting in COUNTED.get(each.indicator, ()) and each.soort != POTENTIE]
        ketens = tuple(self._keten(code, counted) for code in self._begrippen["keten"])
        sectoren = tuple((code, self._adder.add(_of(counted, VRAAG, hoofdsector=code))) for code in self._begrippen["hoofdsector"])
        totaal = self._post(counted)
        apart = {name: _apart(cijfers, indicators) for name, indicators in (("conversie", CONVERSIE), ("opslag", OPSLAG), ("piek", PIEK))}
        left_out = tuple(each for each in cijfers if each.indicator in COUNTED and each not in counted)
        gaps = (*_sector_gaps(counted, sectoren), *_values_missing(totaal, drager=""), *(gap for keten in ketens for gap in keten.gaps))
        return Balans(totaal, ketens, sectoren, gaps, **apart, left_out=left_out)

    def _keten(self, code: str, counted: Sequence[Cijfer]) -> Keten:
        mine = [each for each in counted if each.keten == code]
        found = [drager for drager in self._begrippen["energiedrager"] if any(each.drager == drager for each in mine)]
        dragers = tuple((drager, self._post([each for each in mine if each.drager == drager])) for drager in found)
        gaps = tuple(gap for drager, post in dragers for gap in (*_sides_missing(post, drager), *_values_missing(post, drager)))
        gaps = gaps if mine else (Gap(VRAAG, keten=code), Gap(AANBOD, keten=code))
        return Keten(code, self._post(mine), dragers, gaps)

    def _post(self, counted: Sequence[Cijfer]) -> Post:
        return Post(self._adder.add(_of(counted, VRAAG)), self._adder.add(_of(counted, AANBOD)))


def _of(counted: Iterable[Cijfer], indicator: str, hoofdsector: str | None = None) -> list[Cijfer]:
    return [each for each in counted if each.indicator == indicator and hoofdsector in (None, each.hoofdsector)]


def _apart(cijfers: Iterable[Cijfer], indicators: tuple[str, ...]) -> tuple[Cijfer, ...]:
    return tuple(each for each in cijfers if each.indicator in indicators and each.soort != POTENTIE)


def _sides_missing(post: Post, drager: str) -> Iterator[Gap]:
    for indicator, added in ((VRAAG, post.vraag), (AANBOD, post.aanbod)):
        if added.is_empty:
            yield Gap(indicator, drager=drager)


def _values_missing(post: Post, drager: str) -> Iterator[Gap]:
    """Yield the figures of this drager that have no value, though they are counted on."""
    for indicator, added in ((VRAAG, post.vraag), (AANBOD, post.aanbod)):
        for each in added.missing:
            if each.drager == drager:
                yield Gap(indicator, each.reden_leeg, drager=drager, hoofdsector=each.hoofdsector, cijfer=each)


def _sector_gaps(counted: Sequence[Cijfer], sectoren: Iterable[tuple[str, Added]]) -> Iterator[Gap]:
    """Yield the hoofdsectoren without any vraag, unless there is vraag that is not split along sectors and so may hold them."""
    if any(not each.hoofdsector for each in _of(counted, VRAAG)):
        return
    for code, added in sectoren:
        if added.is_empty:
            yield Gap(VRAAG, hoofdsector=code)
