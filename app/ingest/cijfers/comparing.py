"""Compare figures with those of the year before and of the previous levering: a jump of 3.6 or 1000 is a wrong unit until confirmed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.database.connections import Role, connect
from app.ingest.cijfers.checking import Register
from app.ingest.cijfers.declaration import KEY
from app.ingest.cijfers.ledger import Ledger
from app.ingest.report import Remark, fault, warning
from app.ingest.source import Source
from app.ingest.table import Mask
from app.register.begrippen import DIMENSIONS
from app.settings import Settings

GWH_AS_TJ = 3.6
KILO_AS_MEGA = 1000.0
# Only of these can GWh and TJ be confused; a gemeente where a solar park was built may well have 3.6 times its power.
OF_ENERGY = frozenset({"ENERGIE", "OPSLAGCAPACITEIT", "WARMTEPOTENTIE"})
# A revision of the same figure is small; a year later the figure itself may have changed by a tenth.
SAME_FIGURE = 0.02
YEAR_LATER = 0.10
# In a series whose ratios differ more than this among gebieden, one gebied that grew by 3.6 says nothing.
STEADY = 0.10

SERIES = ("energiebeeld", "indicator", *DIMENSIONS, "jaar", "beeld")
EARLIER = """
select energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar::int, beeld, waarde, current_cijfer.bron
from facts.current_cijfer join facts.levering on levering.id = levering_id
where waarde <> 0 and demo = %(demo)s and energiebeeld = any(%(energiebeelden)s) and indicator = any(%(indicatoren)s)
and jaar = any(%(jaren)s)
"""


@dataclass(frozen=True)
class _Compared:
    """For each figure of the ledger the earlier value it is held against (NaN for none), and what that one is."""

    values: NDArray[np.float64]
    energy: Mask
    tolerance: float
    what: str


def compare(ledger: Ledger, settings: Settings, register: Register, *, confirmed: bool) -> None:
    """Refuse figures that jumped as a wrong unit would make them, or warn of them when that was confirmed."""
    if not ledger.sound.any():
        return
    source, indicators = register.source, register.begrippen.indicatoren
    of_energy = [code for code, each in indicators.items() if each.grootheid in OF_ENERGY]
    energy: Mask = ledger.among("indicator", of_energy)
    earlier = _read_earlier(ledger, settings, source)
    same = earlier[earlier["bron"] == source.id]
    _judge(ledger, _Compared(_look_up(ledger, same, 0), energy, SAME_FIGURE, "in de vorige levering"), confirmed=confirmed)
    realised = ledger.is_("soort", "REALISATIE")
    own = ledger.frame((*KEY, "waarde"), ledger.sound & realised)
    before = pd.concat([own, earlier[[*KEY, "waarde"]]]).drop_duplicates(list(KEY))
    values = np.where(realised, _look_up(ledger, before, 1), np.nan)
    _judge(ledger, _Compared(values, energy, YEAR_LATER, "in het jaar daarvoor"), confirmed=confirmed)


def _read_earlier(ledger: Ledger, settings: Settings, source: Source) -> pd.DataFrame:
    sound = ledger.sound
    years = {int(year) for year in np.unique(ledger.whole("jaar")[sound])}
    given = {
        "demo": source.demo,
        "energiebeelden": sorted(set(ledger.texts("energiebeeld")[sound])),
        "indicatoren": sorted(set(ledger.texts("indicator")[sound])),
        "jaren": sorted(years | {year - 1 for year in years}),
    }
    with connect(settings, Role.IMPORT) as connection:
        rows = connection.execute(EARLIER, given).fetchall()
    return pd.DataFrame(rows, columns=[*KEY, "waarde", "bron"])


def _look_up(ledger: Ledger, earlier: pd.DataFrame, years_back: int) -> NDArray[np.float64]:
    """Return for each figure the value of the same key so many years back."""
    wanted = ledger.frame(KEY).assign(jaar=ledger.whole("jaar") - years_back)
    found = wanted.merge(earlier.astype({"jaar": "int64"})[[*KEY, "waarde"]], how="left", on=list(KEY), validate="many_to_one")
    return found["waarde"].to_numpy(dtype=np.float64)


def _judge(ledger: Ledger, compared: _Compared, *, confirmed: bool) -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = ledger.numbers("waarde") / compared.values
    known: Mask = ledger.sound & np.isfinite(ratios) & (ratios > 0)
    suspect: Mask = known & _near(ratios, compared)
    if not suspect.any():
        return
    if compared.tolerance > SAME_FIGURE:
        suspect &= _telling(ledger, np.where(known, ratios, np.nan), compared)
    remarks = [_remark(float(ratio), compared.what, confirmed=confirmed) for ratio in ratios[suspect]]
    if confirmed:
        ledger.warn(suspect, remarks)
    else:
        ledger.refuse(suspect, remarks)


def _near(ratios: NDArray[np.float64], compared: _Compared) -> Mask:
    sizes = np.abs(np.log(ratios, where=ratios > 0, out=np.zeros(len(ratios))))
    near: Mask = np.abs(sizes - np.log(KILO_AS_MEGA)) <= compared.tolerance
    near |= compared.energy & (np.abs(sizes - np.log(GWH_AS_TJ)) <= compared.tolerance)
    return near


def _telling(ledger: Ledger, ratios: NDArray[np.float64], compared: _Compared) -> Mask:
    """Tell where a jump says something: in a series that is steady among gebieden, or in which the typical gebied jumped too."""
    logs = ledger.frame(SERIES).assign(log=np.log(ratios))
    series = logs.groupby(list(SERIES), sort=False)["log"]
    typical = series.transform("median").to_numpy(dtype=np.float64)
    logs["log"] = np.abs(logs["log"] - typical)
    spread = logs.groupby(list(SERIES), sort=False)["log"].transform("median").to_numpy(dtype=np.float64)
    telling: Mask = (spread <= STEADY) | _near(np.exp(typical), compared)
    return telling


def _remark(ratio: float, what: str, *, confirmed: bool) -> Remark:
    times = max(ratio, 1 / ratio)
    size = f"{times:.3g}" if times < 100 else f"{times:.0f}"
    shown = f"{size} keer de waarde {what}" if ratio >= 1 else f"1/{size} van de waarde {what}"
    cause = "GWh en TJ verwisseld" if 0.1 < ratio < 10 else "een factor 1000 in de eenheid"
    remark = warning if confirmed else fault
    remedy = "Bevestigd met --confirm." if confirmed else "Controleer de eenheid. Klopt de waarde, bevestig dan met --confirm."
    return remark("verhouding-verdacht", f"de waarde is {shown}: {cause}?", remedy)
