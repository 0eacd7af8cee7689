"""Take a levering from files to facts: read, join, check, map and store, with one report of everything that was found."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from app.ingest.cijfers.ledger import Reading
from app.ingest.cijfers.storing import CheckedFigures
from app.ingest.cijfers.summing import without_stored
from app.ingest.cijfers.taking import Counter, counts_of, take_figures
from app.ingest.codes import check_codes
from app.ingest.download import download
from app.ingest.drivers import demand_restricted_drivers
from app.ingest.duplicates import check_exact_duplicates, check_keys, check_places
from app.ingest.inspection import Inspection
from app.ingest.joining import join
from app.ingest.mapping import as_text, map_columns
from app.ingest.merging import merge_parts
from app.ingest.opvolging import opvolging_columns
from app.ingest.placing import place, settle_crs
from app.ingest.quarantine import Delivered, Refused, take_in
from app.ingest.rasters import CheckedRaster, sweep, take_raster
from app.ingest.reading import Wanted, read_layer
from app.ingest.recognising import demand_files, recognise
from app.ingest.report import (
    Account,
    DatasetCounts,
    Findings,
    Outcome,
    Place,
    Progress,
    RefusedImport,
    Report,
    Row,
    closed,
    fault,
    note,
    silent,
    warning,
)
from app.ingest.shapes import check_shapes, valid_in_rd
from app.ingest.source import Column, Dataset, Facts, Source
from app.ingest.spreading import declared_names, spread
from app.ingest.storing import Checked, Levering, current_rows, declaration_of, is_current, store, taken_ids
from app.ingest.table import Mask, Table
from app.ingest.whole import check_whole
from app.settings import Settings

LARGEST_SHRINKAGE = 0.5
ORDER = (Facts.GEBIED, Facts.GEBIED_RELATIE, Facts.GEBIED_OPVOLGING, Facts.OBJECT, Facts.BRONDEKKING, Facts.RASTER, Facts.CIJFER)


@dataclass(frozen=True)
class Options:
    """How to import: `dry_run` stores nothing; `keep_demo` leaves Doggerland in place; `confirm` accepts what only looks wrong.

    What looks wrong is a levering that shrank by half, and figures that jumped as a wrong unit would make them.
    """

    dry_run: bool = False
    keep_demo: bool = False
    confirm: bool = False


@dataclass(frozen=True)
class Desk:
    """What the steps of one import share."""

    settings: Settings
    source: Source
    delivered: Mapping[str, Delivered]
    findings: Findings
    progress: Progress

    def account(self, file: str, layer: str | None) -> Account:
        """Return the account of a layer, under the name the file was delivered with."""
        return Account(Place(self.delivered[file].name, layer), self.findings)


def import_source(settings: Settings, source: Source, files: Mapping[str, Path], options: Options, progress: Progress = silent) -> Report:
    """Import one levering: `files` gives a path for each of `source.files`; without any they are fetched from their official addresses.

    Returns the report (stored with the levering); raises RefusedImport, which carries the report, when anything is wrong, and then
    nothing is stored.
    """
    demand_restricted_drivers()
    files = files or download(settings, source, progress)
    demand_files(source, files)
    findings = Findings()
    source, files = spread(source, files, findings)
    with tempfile.TemporaryDirectory(prefix="energiebeeld-") as quarantine:
        progress("bestanden controleren")
        delivered = _take_in_all(source, files, findings, Path(quarantine))
        desk = Desk(settings, source, delivered, findings, progress)
        if findings.faulty:
            raise RefusedImport(_report(desk, Outcome.GEWEIGERD, ()))
        parts = tuple(part for each in delivered.values() for part in each.parts)
        if not options.dry_run and is_current(settings, source, parts):
            return _report(desk, Outcome.ONGEWIJZIGD, ())
        rasters = tuple(_take_rasters(desk))
        levering = Levering(source, parts, _check_all(desk), _take_figures(desk, options), rasters)
        _check_levering(desk, levering, options)
        return _conclude(desk, levering, options)


def _conclude(desk: Desk, levering: Levering, options: Options) -> Report:
    if desk.findings.faulty:
        raise RefusedImport(_account_for(desk, Outcome.GEWEIGERD, levering))
    if options.dry_run:
        return _account_for(desk, Outcome.PROEF, levering)
    report = _account_for(desk, Outcome.OPGESLAGEN, levering)
    kept = store(desk.settings, levering, report, desk.progress, keep_demo=options.keep_demo)
    if levering.rasters:
        sweep(desk.settings)
    return kept


def import_all(
    settings: Settings, sources: Mapping[str, Source], folder: Path, options: Options, progress: Progress = silent
) -> list[Report]:
    """Import every source of which all files are found under `folder`; one refused source does not stop the others.

    Gebieden come first, then the relations between them and their succession, then objects and figures, so that codes can be checked. The
    reports of refused leveringen are among those returned; the caller decides what that means.
    """
    reports = []
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() or path.suffix == ""]
    for source in in_order(sources.values()):
        files = recognise(source, paths)
        if declared_names(files) == set(source.files):
            progress(f"{source.id}: {source.title}")
            reports.append(_import_or_refuse(settings, source, files, (options, progress)))
    return reports


def _import_or_refuse(settings: Settings, source: Source, files: Mapping[str, Path], how: tuple[Options, Progress]) -> Report:
    try:
        return import_source(settings, source, files, *how)
    except RefusedImport as refused:
        return refused.report


def in_order(sources: Iterable[Source]) -> list[Source]:
    """Order sources so that what others refer to comes first; the demo comes last, or real data would withdraw it."""
    ranks = {facts: rank for rank, facts in enumerate(ORDER)}
    return sorted(sources, key=lambda source: (source.demo, min(ranks[each.facts] for each in source.datasets), source.id))


def _take_in_all(source: Source, files: Mapping[str, Path], findings: Findings, quarantine: Path) -> dict[str, Delivered]:
    delivered: dict[str, Delivered] = {}
    for name, declared in source.files.items():
        folder = quarantine / str(len(delivered))
        folder.mkdir(exist_ok=True)
        try:
            delivered[name] = take_in(files[name], declared, folder)
        except Refused as refused:
            findings.add(Place(files[name].name), refused.remark)
    return delivered


def _check_all(desk: Desk) -> tuple[Checked, ...]:
    checked = []
    for number, dataset in enumerate(desk.source.datasets):
        if dataset.facts in (Facts.CIJFER, Facts.RASTER):
            continue
        desk.progress(dataset.layer or desk.delivered[dataset.file].name, number / len(desk.source.datasets))
        done = _check_dataset(desk, dataset)
        if done is not None:
            checked.append(done)
    return tuple(checked)


def _take_rasters(desk: Desk) -> Iterator[CheckedRaster]:
    for dataset in (each for each in desk.source.datasets if each.facts is Facts.RASTER):
        desk.progress(f"raster controleren: {desk.delivered[dataset.file].name}")
        taken = take_raster(desk.settings, (desk.source, dataset), desk.delivered[dataset.file], desk.account(dataset.file, None))
        if taken is not None:
            yield taken


def _take_figures(desk: Desk, options: Options) -> CheckedFigures | None:
    """Read every table of figures and check them together, so that a figure that is in two of them is noticed."""
    readings = []
    for dataset in (each for each in desk.source.datasets if each.facts is Facts.CIJFER):
        desk.progress(f"cijfers lezen: {dataset.layer or desk.delivered[dataset.file].name}")
        account = desk.account(dataset.file, dataset.layer)
        headings = dataset.figures.header if dataset.figures is not None else None
        table = read_layer(desk.delivered[dataset.file], Wanted(dataset.layer, headings=headings), account)
        if table is not None:
            readings.append(Reading(dataset, table, account, desk.source.peildatum))
    counter = Counter(desk.settings, desk.source, desk.findings, options.confirm)
    return take_figures(counter, readings) if readings else None


def _check_dataset(desk: Desk, dataset: Dataset) -> Checked | None:
    """Check one dataset; None when it cannot be read. What was found before in other datasets does not hide what is found here."""
    inspection = Inspection(dataset, desk.account(dataset.file, dataset.layer))
    table = _read(desk, dataset, inspection.account)
    if table is None or _lacks_columns(table, dataset, inspection.account):
        return None
    read = len(table)
    table = _exclude(table, inspection)
    table = check_exact_duplicates(table, inspection)
    table = _place(table, inspection) if dataset.has_geometry else table
    table = merge_parts(table, inspection)
    table = check_places(table, inspection)
    table, keys = check_keys(table, inspection)
    properties = map_columns(table, _columns(dataset), inspection.account)
    check_whole(table, properties, inspection)
    checked = Checked(dataset, table, keys, properties, _counts(inspection, read, len(table)))
    check_codes(desk.settings, desk.source, checked, inspection.account)
    return replace(checked, table=_promoted(table, dataset))


def _read(desk: Desk, dataset: Dataset, account: Account) -> Table | None:
    table = read_layer(desk.delivered[dataset.file], Wanted(dataset.layer, dataset.csv_geometry, dataset.crs), account)
    if table is None:
        return None
    for declared in dataset.joins:
        theirs = desk.account(declared.file, declared.layer)
        joined = read_layer(desk.delivered[declared.file], Wanted(declared.layer, declared.csv_geometry, declared.crs), theirs)
        if joined is not None:
            table = join(table, declared, joined, (account, theirs))
    return table


def _lacks_columns(table: Table, dataset: Dataset, account: Account) -> bool:
    """Report every column that the source names and the file lacks."""
    named = [*dataset.key_names, *((each.column,) for each in dataset.exclude)]
    named.extend(column.origins for column in _columns(dataset).values() if column.origins)
    named.extend([(dataset.stated_area.column,)] if dataset.stated_area else [])
    present = list(map(str, table.attributes.columns))
    missing = [" of ".join(names) for names in dict.fromkeys(named) if not set(names) & set(present)]
    reason = f"de kolom ontbreekt; wel aanwezig: {', '.join(present)}"
    for name in missing:
        account.add(fault("kolom-ontbreekt", reason, "Controleer de kolomnaam in de bron en in het bestand."), Row(column=name))
    return bool(missing)


def _columns(dataset: Dataset) -> Mapping[str, Column]:
    """Return the columns to map; those of a key file follow from its parents."""
    if dataset.facts is Facts.GEBIED_OPVOLGING:
        return opvolging_columns(dataset)
    names = [name for parent in dataset.parents for name in (parent.code, parent.name)]
    return {**{name: Column(source=name, required=True) for name in names}, **dataset.columns}


def _exclude(table: Table, inspection: Inspection) -> Table:
    for rule in inspection.dataset.exclude:
        texts = as_text(table.attributes[rule.column])
        expression = re.compile(rule.matches)
        rows = np.array([bool(expression.fullmatch(text)) for text in texts], dtype=bool)
        table = inspection.leave_out(table, rows, note("uitgesloten", f"{rule.reason} Niet opgeslagen."), texts[rows])
    return table


def _place(table: Table, inspection: Inspection) -> Table:
    """Check geometry as delivered, then bring what is sound to RD."""
    if table.geometry is None:
        inspection.account.add(fault("geometrie-ontbreekt", "de laag heeft geen geometrie", "Lever de laag met geometrie."))
        return table
    stated = table.geometry.crs
    table = check_shapes(table, inspection)
    epsg = settle_crs(stated, inspection.dataset, inspection.account)
    if epsg is None:
        return table
    return valid_in_rd(place(table, inspection.dataset, epsg, inspection.account), inspection)


def _promoted(table: Table, dataset: Dataset) -> Table:
    """A gebied or brondekking is stored as a MultiPolygon, an object as it was delivered."""
    if table.geometry is None or dataset.facts not in (Facts.GEBIED, Facts.BRONDEKKING):
        return table
    shapes = table.geometry.shapes.copy()
    single: Mask = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    return table.with_shapes(shapes)


def _counts(inspection: Inspection, read: int, stored: int) -> DatasetCounts:
    place = inspection.account.place
    return DatasetCounts(
        file=place.file,
        layer=place.layer,
        facts=inspection.dataset.target,
        read=read,
        excluded=len(inspection.excluded),
        repaired=len(inspection.mended),
        stored=stored,
    )


def _check_levering(desk: Desk, levering: Levering, options: Options) -> None:
    """Check what only shows across datasets and leveringen: ids in use, and a levering that lost much of what was there."""
    seen: dict[tuple[str, str], str] = {}
    for each in levering.datasets:
        account = desk.account(each.dataset.file, each.dataset.layer)
        _report_across(each, seen, account)
        if each.dataset.facts is Facts.OBJECT:
            for key, bron in taken_ids(desk.settings, desk.source, each).items():
                remark = fault(
                    "sleutel-in-gebruik",
                    f"bron {bron!r} gebruikt dit id al in {each.dataset.collection}",
                    "Geef de dataset een `id_prefix`.",
                )
                account.add(remark, Row(value=key))
    _report_shrinkage(desk, levering, options)


def _report_across(checked: Checked, seen: dict[tuple[str, str], str], account: Account) -> None:
    """Two datasets of a source may not deliver the same key of the same facts (and, for gebieden, the same period)."""
    dataset = checked.dataset
    target = f"{dataset.target} {dataset.valid_from or ''}"
    place = f"{account.place.file} {account.place.layer or ''}".strip()
    for at, key in enumerate(checked.keys):
        other = seen.setdefault((target, key), place)
        if key and other != place:
            remark = fault("dubbele-sleutel", f"dezelfde sleutel staat ook in {other}", "Geef een van beide datasets een `id_prefix`.")
            account.add(remark, Row(int(checked.table.rows[at]), value=key))


def _report_shrinkage(desk: Desk, levering: Levering, options: Options) -> None:
    before = current_rows(desk.settings, desk.source)
    for target, rows in before.items():
        now = sum(len(each.keys) * (len(each.dataset.parents) or 1) for each in levering.datasets if each.dataset.target == target)
        now += sum(each.known for each in levering.rasters if each.target == target)
        now += levering.figures.count if levering.figures is not None and target == Facts.CIJFER else 0
        if rows and now < rows * LARGEST_SHRINKAGE and not desk.findings.faulty:
            reason = f"{target} telt {now} rijen; de vorige levering had er {rows}"
            remark = warning if options.confirm else fault
            desk.findings.add(Place(desk.source.id), remark("sterk-gekrompen", reason, "Klopt dit, bevestig dan met --confirm."))


def _account_for(desk: Desk, outcome: Outcome, levering: Levering) -> Report:
    """Return the report of a levering, with the counts of its datasets and the sums of its figures."""
    figures = levering.figures
    counts = (
        *(each.counts for each in levering.datasets),
        *(each.counts for each in levering.rasters),
        *(counts_of(figures) if figures is not None else ()),
    )
    report = _report(desk, outcome, counts)
    if figures is None:
        return report
    sums = figures.sums if outcome is not Outcome.GEWEIGERD else without_stored(figures.sums, "de levering is geweigerd")
    return closed(report, sums=sums)


def _report(desk: Desk, outcome: Outcome, counts: tuple[DatasetCounts, ...]) -> Report:
    report = desk.findings.report(desk.source.id, desk.source.title, outcome, counts)
    if outcome is not Outcome.OPGESLAGEN:
        counts = tuple(each.model_copy(update={"stored": 0}) for each in counts)
    return closed(report, datasets=counts, known_defects=desk.source.known_defects, declaration=declaration_of(desk.source))
