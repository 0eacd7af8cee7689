"""Units as Dutch sources write them, and the factor from one to another; what only looks alike is refused with the reason."""

from decimal import Decimal
from difflib import get_close_matches
from functools import cache, lru_cache
from threading import Lock

from pint import DimensionalityError, Quantity, UnitRegistry

from app.problems import BadRequest

# Exact decimals, so that 1 GWh is 3.6 TJ and not 3.6000000000000005. Watt-peak and volt-ampere are dimensions of their own:
# the first is direct current at the panel, the second ignores the power factor; neither may be added to watt.
DEFINITIONS = """
kilo- = 1000 = k-
mega- = 1000000 = M-
giga- = 1000000000 = G-
tera- = 1000000000000 = T-
peta- = 1000000000000000 = P-
milli- = 0.001 = m-
meter = [lengte]
seconde = [tijd]
gram = [massa]
joule = [energie]
volt = [spanning]
bar = [druk]
wattpiek = [piekvermogen]
voltampere = [schijnbaar_vermogen]
stuk = [aantal]
aandeel = [verhouding]
procent = 0.01 * aandeel
uur = 3600 * seconde
jaar = 8760 * uur
watt = joule / seconde
wattuur = watt * uur
hectare = 10000 * meter ** 2
ton = 1000000 * gram
"""
EXPRESSIONS = {
    "MJ": "megajoule",
    "GJ": "gigajoule",
    "TJ": "terajoule",
    "PJ": "petajoule",
    "kWh": "kilowattuur",
    "MWh": "megawattuur",
    "GWh": "gigawattuur",
    "TWh": "terawattuur",
    "mln kWh": "gigawattuur",
    "m3": "meter ** 3",
    "kW": "kilowatt",
    "MW": "megawatt",
    "GW": "gigawatt",
    "kWp": "kilowattpiek",
    "MWp": "megawattpiek",
    "kVA": "kilovoltampere",
    "MVA": "megavoltampere",
    "V": "volt",
    "kV": "kilovolt",
    "bar": "bar",
    "mbar": "millibar",
    "m2": "meter ** 2",
    "ha": "hectare",
    "km2": "kilometer ** 2",
    "m": "meter",
    "km": "kilometer",
    "m3 per uur": "meter ** 3 / uur",
    "GJ per ha per jaar": "gigajoule / hectare / jaar",
    "aantal": "stuk",
    "%": "procent",
    "aandeel": "aandeel",
    "kg": "kilogram",
    "ton": "ton",
    "ton CO2": "ton",
    "Mton": "megaton",
    "uur": "uur",
}
# Other ways to write the same unit. Capitals count: MW is a thousand million times mW.
SPELLINGS = {
    "m³": "m3",
    "m²": "m2",
    "km²": "km2",
    "m3/h": "m3 per uur",
    "m³/h": "m3 per uur",
    "GJ/(ha·jaar)": "GJ per ha per jaar",
    "mln. kWh": "mln kWh",
    "procent": "%",
    "ton CO₂": "ton CO2",
}
# Lower heating value (onderwaarde), as Dutch energy statistics reckon.
HEATING_VALUES = {
    "AARDGAS": ("MJ", "m3", "31.65"),
    "GROENGAS": ("MJ", "m3", "31.65"),
    "GASMIX": ("MJ", "m3", "31.65"),
    "WATERSTOF": ("MJ", "kg", "120"),
}
REASONS = {
    frozenset({"piekvermogen", "vermogen"}): (
        "piekvermogen (kWp, MWp) geldt voor zonnepanelen en is gelijkstroom, vermogen (kW, MW) geldt voor omvormers en is wisselstroom;"
        " het ene volgt niet uit het andere"
    ),
    frozenset({"schijnbaar vermogen", "vermogen"}): "wat een MVA aan MW levert, hangt af van de arbeidsfactor",
    frozenset({"energie", "vermogen"}): "energie is vermogen maal tijd, en het aantal uren is niet bekend",
    frozenset({"energie", "volume"}): "hoeveel energie in een m3 zit, is alleen bekend van aardgas, groengas en gas uit het net",
    frozenset({"energie", "massa"}): "hoeveel energie in een kg zit, is alleen bekend van waterstof",
}
KINDS = {
    "[energie]": "energie",
    "[energie] / [tijd]": "vermogen",
    "[piekvermogen]": "piekvermogen",
    "[schijnbaar_vermogen]": "schijnbaar vermogen",
    "[lengte] ** 3": "volume",
    "[massa]": "massa",
}

_MAKING = Lock()

type Amount = Quantity[Decimal]


class UnknownUnit(BadRequest):
    """No unit is written like this."""

    title = "Onbekende eenheid"


class UnitMismatch(BadRequest):
    """The two units measure different things."""

    title = "Deze eenheden passen niet bij elkaar"


def known_units() -> tuple[str, ...]:
    """Return every unit that `factor` knows, as the list `eenheid` spells them."""
    return tuple(EXPRESSIONS)


def canonical(unit: str) -> str:
    """Return the unit as the list `eenheid` spells it, or raise UnknownUnit."""
    unit = " ".join(unit.split())
    spelled = SPELLINGS.get(unit, unit)
    if spelled not in EXPRESSIONS:
        like = [f"Bedoelt u {other}?" for other in get_close_matches(unit, [*EXPRESSIONS, *SPELLINGS], n=2, cutoff=0.5)]
        same = [f"Bedoelt u {other}?" for other in EXPRESSIONS if other.casefold() == unit.casefold()]
        known = f"Bekend zijn: {', '.join(EXPRESSIONS)}."
        raise UnknownUnit(f"De eenheid {unit!r} is niet bekend. {known}", list(dict.fromkeys([*same, *like])))
    return spelled


@lru_cache(maxsize=1024)
def factor(van: str, naar: str, drager: str = "") -> float:
    """Return what an amount in `van` is multiplied by to give it in `naar`; gas and hydrogen also between amount and energy.

    Raises UnknownUnit, and UnitMismatch with the reason when the units measure different things.
    """
    one, target = _one(canonical(van)), _one(canonical(naar))
    for amount in _ways(one, drager):
        try:
            return float(amount.to(target.units).magnitude)
        except DimensionalityError:
            continue
    raise UnitMismatch(f"{canonical(van)} is niet om te rekenen naar {canonical(naar)}{_reason(one, target)}.")


def _ways(one: Amount, drager: str) -> tuple[Amount, ...]:
    """Return the amount itself, and as energy or as volume or mass when the heating value of the drager is known."""
    if drager not in HEATING_VALUES:
        return (one,)
    energy, per, value = HEATING_VALUES[drager]
    heating: Amount = Decimal(value) * _one(energy) / _one(per)
    return (one, one * heating, one / heating)


def _reason(one: Amount, target: Amount) -> str:
    kinds = frozenset(KINDS.get(str(each.dimensionality), "") for each in (one, target))
    return f": {REASONS[kinds]}" if kinds in REASONS else ""


@lru_cache(maxsize=256)
def _one(unit: str) -> Amount:
    one: Amount = _registry().Quantity(Decimal(1), EXPRESSIONS[unit])
    return one


def _registry() -> UnitRegistry[Decimal]:
    # Quantities of two registries do not go together, and publishing asks from several threads.
    with _MAKING:
        return _only_registry()


@cache
def _only_registry() -> UnitRegistry[Decimal]:
    registry: UnitRegistry[Decimal] = UnitRegistry(None, non_int_type=Decimal)
    for line in DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry
