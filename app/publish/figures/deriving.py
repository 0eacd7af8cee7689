"""Derive figures from objects, key figures and other figures, by the statements of `seed/afleidingen`."""

from pathlib import Path

import psycopg
from psycopg import sql

from app.problems import ConfigurationFault
from app.register.afleidingen import Afleiding, Afleidingen

HERE = Path(__file__).parent
GROUND, DERIVE, SETTLE, TWICE, DERIVED = (
    (HERE / f"{step}.sql").read_text(encoding="utf-8") for step in ("ground", "derive", "settle", "twice", "derived")
)
DERIVING_SQL = f"{GROUND}{DERIVE}{SETTLE}{TWICE}{DERIVED}"

NEEDED = frozenset({"land", "gebied", "waarde"})
# What a derivation leaves out of its rows.
DEFAULTS = {
    "energiebeeld": "land.energiebeeld",
    "drager": "''",
    "subsector": "''",
    "techniek": "''",
    "richting": "''",
    "jaar": "achter.jaar",
    "beeld": "'HUIDIG'",
    "indeling": "land.indeling",
    "ondergrens": "null",
    "bovengrens": "null",
    "soort": "'REALISATIE'",
    "leveringen": "achter.leveringen",
}
TELLING = """
create temp table afleiding_bron (afleiding text, kind text) on commit drop;
create temp table afleiding_indicator (afleiding text, indicator text) on commit drop;
create temp table kengetal (
    code text, techniek text, indicator text, ruimtebeslagsoort text, eenheid text, geldig_gebied text,
    onder double precision, midden double precision, boven double precision, tekst text
) on commit drop;
"""
# What no declaration can rule out.
WRONG = """
select distinct format('de indicator %s staat niet in haar indicators', indicator) from uitgerekend
where afleiding = {afleiding} and indicator <> all ({known})
union all
select distinct format('het gebied %s bestaat niet', uitgerekend.gebied) from uitgerekend
where afleiding = {afleiding} and gebied not in (select gebied from afleidbaar)
union all
select distinct format('een cijfer van %s heeft geen leveringen of geen jaar', indicator) from uitgerekend join stel using (levering_id)
where afleiding = {afleiding} and (leveringen = '{{}}' or jaar is null)
order by 1 limit 20
"""
COPY_KENGETAL = (
    "copy kengetal (code, techniek, indicator, ruimtebeslagsoort, eenheid, geldig_gebied, onder, midden, boven, tekst) from stdin"
)


def derive(connection: psycopg.Connection, afleidingen: Afleidingen) -> None:
    """Fill the temporary tables `afgeleid` (derived figures, for the energiebeelden they are of) and `stel` (the leveringen behind each).

    Reads the temporary table `laag`, inside the transaction that is open. Raises ConfigurationFault naming the derivation whose
    statement fails or does not yield what it should, or those that make the same figure.
    """
    connection.execute(TELLING.encode())
    _tell(connection, afleidingen)
    connection.execute(GROUND.encode())
    for afleiding in afleidingen.each:
        try:
            _derive_one(connection, afleiding)
        except psycopg.Error as fault:
            raise ConfigurationFault(f"De afleiding {afleiding.name!r} kan niet worden gemaakt.", [" ".join(str(fault).split())]) from fault
    if twice := [each for (each,) in connection.execute(TWICE.encode())]:
        raise ConfigurationFault("De cijfers kunnen zo niet worden afgeleid; wat er stond blijft staan.", twice)
    connection.execute(DERIVED.encode())


def _tell(connection: psycopg.Connection, afleidingen: Afleidingen) -> None:
    with connection.cursor() as cursor:
        with cursor.copy("copy afleiding_bron from stdin") as copy:
            for each in afleidingen.each:
                for kind in each.derived_from:
                    copy.write_row((each.name, kind))
        with cursor.copy("copy afleiding_indicator from stdin") as copy:
            for each in afleidingen.each:
                for indicator in each.indicators:
                    copy.write_row((each.name, indicator))
        with cursor.copy(COPY_KENGETAL) as copy:
            for kengetal in afleidingen.kengetallen:
                told = (kengetal.code, kengetal.techniek, kengetal.indicator, kengetal.ruimtebeslagsoort, kengetal.eenheid)
                numbers = (float(number) * kengetal.per_eenheid for number in (kengetal.onder, kengetal.midden, kengetal.boven))
                copy.write_row((*told, kengetal.geldig_gebied, *numbers, kengetal.omschrijving))


def _derive_one(connection: psycopg.Connection, afleiding: Afleiding) -> None:
    values = _values(afleiding, _columns(connection, afleiding))
    connection.execute(sql.SQL(DERIVE).format(**values, select=sql.SQL(afleiding.sql)))
    if wrong := [
        str(each) for (each,) in connection.execute(sql.SQL(WRONG).format(**values, known=sql.Literal(list(afleiding.indicators))))
    ]:
        raise ConfigurationFault(f"De afleiding {afleiding.name!r} geeft niet wat zij moet geven.", wrong)
    connection.execute("analyze uitgerekend")
    connection.execute(sql.SQL(SETTLE).format(afleiding=values["afleiding"], **_own(afleiding)))


def _columns(connection: psycopg.Connection, afleiding: Afleiding) -> frozenset[str]:
    """Return what the statement yields."""
    shown = connection.execute(sql.SQL("select * from ({}) as uitkomst limit 0").format(sql.SQL(afleiding.sql)))
    found = frozenset(column.name for column in shown.description or ())
    known = NEEDED | DEFAULTS.keys() | {"indicator", "kwaliteit", "methode", "dekkend"}
    faults = [f"de kolom {name!r} ontbreekt" for name in sorted(NEEDED - found)]
    faults += [f"de kolom {name!r} is onbekend; bekend zijn {', '.join(sorted(known))}" for name in sorted(found - known)]
    if "indicator" not in found and len(afleiding.indicators) > 1:
        faults.append("zij noemt meer indicatoren, dus elke rij zegt van welke zij is")
    if faults:
        raise ConfigurationFault(f"De afleiding {afleiding.name!r} geeft niet wat zij moet geven.", faults)
    return found


def _own(afleiding: Afleiding) -> dict[str, sql.Composable]:
    return {"kwaliteit": sql.Literal(afleiding.kwaliteit), "methode": sql.Literal(afleiding.method)}


def _values(afleiding: Afleiding, columns: frozenset[str]) -> dict[str, sql.Composable]:
    """Return per part of a figure the expression that gives it: the column, and where that is null or left out what holds for all."""
    defaults: dict[str, sql.Composable] = {name: sql.SQL(default) for name, default in DEFAULTS.items()}
    defaults |= {**_own(afleiding), "indicator": sql.Literal(afleiding.indicators[0]), "dekkend": sql.Literal(afleiding.covers_land)}
    values = {
        name: sql.SQL("coalesce({}, {})").format(sql.Identifier("uitkomst", name), default) if name in columns else default
        for name, default in defaults.items()
    }
    return values | {"afleiding": sql.Literal(afleiding.name)}
