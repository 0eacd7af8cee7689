"""Account for every figure: per indicator what was delivered, stored and rejected, and why; nothing may be lost between them."""

import math
from collections.abc import Iterable, Mapping

import numpy as np

from app.ingest.cijfers.ledger import Ledger
from app.ingest.report import IndicatorSums, Rejected
from app.ingest.table import Mask
from app.register.begrippen import Begrippen

# Figures added into one are rounded once more than their parts.
ROUNDING = 1e-12


def sums_of(ledger: Ledger, begrippen: Begrippen) -> tuple[IndicatorSums, ...]:
    """Return the sums of each indicator, in the order in which they were delivered."""
    indicators = ledger.texts("indicator")
    return tuple(_of_indicator(ledger, str(indicator), indicators == indicator, begrippen) for indicator in dict.fromkeys(indicators))


def _of_indicator(ledger: Ledger, indicator: str, mine: Mask, begrippen: Begrippen) -> IndicatorSums:
    values = ledger.numbers("waarde")
    reasons = np.where(ledger.asked, ledger.texts("geweigerd"), ledger.texts("uitgesloten"))
    stored: Mask = mine & ledger.sound
    delivered = _sum(values[mine])
    rejected = tuple(
        Rejected(reason=str(reason), count=int((mine & (reasons == reason)).sum()), total=_sum(values[mine & (reasons == reason)]))
        for reason in dict.fromkeys(reasons[mine & (reasons != "")])
    )
    total = _sum(values[stored])
    return IndicatorSums(
        indicator=indicator,
        eenheid=begrippen.indicatoren[indicator].eenheid if indicator in begrippen.indicatoren else "",
        count=int(mine.sum()),
        delivered=delivered,
        stored_count=int(stored.sum()),
        stored=total,
        rejected=rejected,
        difference=_difference(delivered, (total, *(each.total for each in rejected)), _sum(np.abs(values[mine]))),
    )


def without_stored(sums: Iterable[IndicatorSums], reason: str) -> tuple[IndicatorSums, ...]:
    """Return the sums of a levering of which nothing was stored: what was sound is rejected with the rest, for this reason."""
    return tuple(_with_rest(each, reason) if each.stored_count else each for each in sums)


def _with_rest(each: IndicatorSums, reason: str) -> IndicatorSums:
    rest = Rejected(reason=reason, count=each.stored_count, total=each.stored)
    return each.model_copy(update={"stored": 0.0, "stored_count": 0, "rejected": (*each.rejected, rest)})


def differences(sums: Iterable[IndicatorSums], stored: Mapping[str, tuple[int, float]]) -> list[str]:
    """Say in Dutch where what the database holds is not what was delivered less what was rejected."""
    found = []
    for each in sums:
        count, total = stored.get(each.indicator, (0, 0.0))
        rejected = sum(part.count for part in each.rejected)
        difference = _difference(each.stored, (total,), abs(each.stored))
        if count != each.stored_count or each.count != count + rejected or difference or each.difference:
            found.append(
                f"{each.indicator}: geleverd {each.count} cijfers, som {each.delivered!r}; opgeslagen {count}, som {total!r};"
                f" geweigerd {rejected}; verschil {difference or each.difference!r} {each.eenheid}"
            )
    return found


def _sum(values: Iterable[float]) -> float:
    return math.fsum(value for value in values if not math.isnan(value))


def _difference(whole: float, parts: Iterable[float], size: float) -> float:
    difference = math.fsum((whole, *(-part for part in parts)))
    return 0.0 if abs(difference) <= ROUNDING * size else difference
