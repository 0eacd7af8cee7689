"""Take the figures of a levering: gather, check, compare and add up, with every fault at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.database.connections import Role, connect
from app.ingest.cijfers.checking import Register, check
from app.ingest.cijfers.closing import check_closing
from app.ingest.cijfers.comparing import compare
from app.ingest.cijfers.declaration import OWN_BEELD, Energiebeeld
from app.ingest.cijfers.gathering import gather, missing_columns
from app.ingest.cijfers.ledger import Ledger, Reading
from app.ingest.cijfers.storing import CheckedFigures
from app.ingest.cijfers.summing import sums_of
from app.ingest.cijfers.validity import read_gebieden
from app.ingest.report import DatasetCounts, Findings, Place, Row, fault, warning
from app.ingest.source import Source
from app.register.begrippen import Begrippen, read_begrippen
from app.settings import Settings

DESCRIBED = ("gebied", "ronde", "versie", "status", "opsteller", "gebaseerd_op")
ELSEWHERE = f"""
select id, current_energiebeeld.bron, {", ".join(DESCRIBED)} from facts.current_energiebeeld
where id = any(%s) and current_energiebeeld.bron <> %s
"""  # noqa: S608  (names of columns above)


@dataclass(frozen=True)
class Counter:
    """Where figures are taken in: the settings, the source, its findings, and whether the steward confirmed what looks wrong."""

    settings: Settings
    source: Source
    findings: Findings
    confirmed: bool


def take_figures(counter: Counter, readings: Sequence[Reading]) -> CheckedFigures | None:
    """Check the figures of these tables together; None when not one table of them can be read."""
    whole = [reading for reading in readings if not missing_columns(reading)]
    if not whole:
        return None
    begrippen = read_begrippen(counter.settings.seed_folders)
    _check_energiebeelden(counter, begrippen)
    ledger = gather(whole)
    register = Register(counter.source, begrippen, read_gebieden(counter.settings, counter.source))
    check(ledger, register)
    if ledger.asked.any():
        compare(ledger, counter.settings, register, confirmed=counter.confirmed)
        check_closing(ledger, counter.settings, register)
    else:
        remedy = "Importeer eerst de gemeenten van deze jaren, of controleer wat de bron uitsluit."
        counter.findings.add(Place(counter.source.id), fault("geen-cijfers", "er blijft geen cijfer over om op te slaan", remedy))
    sums = sums_of(ledger, begrippen)
    for each in (each for each in sums if each.difference):
        reason = f"{each.indicator}: wat is geleverd min wat is opgeslagen en geweigerd geeft {each.difference!r} {each.eenheid}"
        counter.findings.add(Place(counter.source.id), fault("som-sluit-niet", reason, "Meld dit: de import telt verkeerd."))
    return CheckedFigures(ledger, sums)


def _codes_of(energiebeeld: Energiebeeld) -> Iterator[tuple[str, str, str]]:
    """Yield the list, the field and the code of everything that a description takes from a code list."""
    yield "energiebeeldstatus", "status", energiebeeld.status
    for beeld in energiebeeld.beelden:
        if not beeld.code.startswith(OWN_BEELD):
            yield "beeld", "beeld", beeld.code
        if beeld.familie is not None:
            yield "scenariofamilie", "familie", beeld.familie


def counts_of(figures: CheckedFigures) -> list[DatasetCounts]:
    """Return per table how many rows were read and left out, and how many figures are stored."""
    return [_counts(figures.ledger, number, reading) for number, reading in enumerate(figures.ledger.readings)]


def _counts(ledger: Ledger, number: int, reading: Reading) -> DatasetCounts:
    mine, rows = ledger.whole("reading") == number, ledger.whole("rij")
    place = reading.account.place
    return DatasetCounts(
        file=place.file,
        layer=place.layer,
        facts=reading.dataset.target,
        read=len(reading.table),
        excluded=len(set(rows[mine & ~ledger.asked]) - set(rows[mine & ledger.asked])),
        stored=int((mine & ledger.sound).sum()),
    )


def _check_energiebeelden(counter: Counter, begrippen: Begrippen) -> None:
    """Hold the declared energiebeelden against the code lists, and warn when another source describes the same one otherwise."""
    source, place = counter.source, Place(counter.source.id)
    own = {each.id: each for each in source.energiebeelden}
    for each in own.values():
        for lijst, field, code in _codes_of(each):
            if code not in begrippen[lijst]:
                remark = fault("onbekende-code", f"deze code staat niet in de lijst {lijst}", "Verbeter de beschrijving in de bron.")
                counter.findings.add(place, remark, Row(None, f"{field} (in de bron)", code))
    with connect(counter.settings, Role.IMPORT) as connection:
        others = connection.execute(ELSEWHERE, [list(own), source.id]).fetchall()
    for name, bron, *described in others:
        mine = [getattr(own[name], field) for field in DESCRIBED]
        differing = [f"{field} {theirs!r}" for field, ours, theirs in zip(DESCRIBED, mine, described, strict=True) if ours != theirs]
        if differing:
            reason = f"bron {bron!r} beschrijft energiebeeld {name} anders: {', '.join(differing)}"
            counter.findings.add(place, warning("energiebeeld-anders", reason, "Beschrijf het in elke bron gelijk."))
