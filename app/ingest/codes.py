"""Hold the codes of gebieden in a dataset against those that exist."""

from app.ingest.cijfers.validity import read_gebieden
from app.ingest.mapping import Value, Values
from app.ingest.opvolging import check_opvolging
from app.ingest.report import Account, Remark, Row, fault, warning
from app.ingest.source import Facts, Source
from app.ingest.storing import Checked, valid_codes
from app.settings import Settings


def check_codes(settings: Settings, source: Source, checked: Checked, account: Account) -> None:
    """Hold codes of gebieden against those that are valid at the peildatum; of a succession, on the days around its date."""
    dataset = checked.dataset
    if dataset.facts is Facts.GEBIED_OPVOLGING:
        check_opvolging(settings, source, checked, account)
    demands: list[tuple[str, str, Values]] = [
        (soort, dataset.columns[name].origins[0] if dataset.columns[name].origins else name, checked.properties[name])
        for name, soort in dataset.gebied_codes.items()
    ]
    if dataset.facts is Facts.GEBIED_RELATIE:
        demands.append(("GEMEENTE", dataset.key_names[0][0], checked.keys))
    for soort, column, values in demands:
        known = valid_codes(settings, source, soort)
        if not known:
            reason = f"er zijn geen gebieden van soort {soort} geladen die gelden op {source.peildatum}; de codes zijn niet gecontroleerd"
            account.add(warning("codes-niet-gecontroleerd", reason, "Importeer eerst de gebieden."), Row(column=column))
        else:
            unknown = [at for at, value in enumerate(values) if value and value not in known]
            remarks = _remarks(settings, source, soort, {values[at] for at in unknown})
            for at in unknown:
                account.add(remarks[values[at]], Row(int(checked.table.rows[at]), column, values[at]))
            if dataset.facts is Facts.GEBIED_RELATIE:
                _report_unrelated(known - set(values), account)


def _remarks(settings: Settings, source: Source, soort: str, codes: set[Value]) -> dict[Value, Remark]:
    """Return what to say of each code that does not exist at the peildatum; one that was succeeded points to its successors."""
    if not codes:
        return {}
    gebieden, day = read_gebieden(settings, source), source.peildatum
    following = {code: gebieden.successors_of(str(code), day) for code in codes}
    reason = f"er is geen {soort.lower()} met deze code die geldt op {day}"
    otherwise = "Gebruik de code van de indeling van dat jaar."
    return {
        code: fault("onbekende-gebiedscode", reason, f"Opgevolgd door {', '.join(new)}." if new else otherwise)
        for code, new in following.items()
    }


def _report_unrelated(codes: frozenset[str], account: Account) -> None:
    remark = warning("zonder-relatie", "deze gemeente staat niet in de sleutel en telt dus in geen regio of provincie mee")
    account.add_rows(remark, (Row(value=code) for code in sorted(codes)))
