"""Bring attributes and geometry of another file of the same source to the rows of a dataset, by code."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from app.ingest.mapping import as_text
from app.ingest.placing import in_rd
from app.ingest.report import Account, Row, fault, warning
from app.ingest.source import Join
from app.ingest.table import Table, plain_geometry

NOBODY = -1


def join(table: Table, declared: Join, joined: Table, accounts: tuple[Account, Account]) -> Table:
    """Return the table with the columns of `joined` added; `accounts` are those of the dataset and of the joined file."""
    ours, theirs = accounts
    if _lacks(table, declared.left, ours) | _lacks(joined, declared.right, theirs):
        return table
    partners = _partners(as_text(table.attributes[declared.left]), as_text(joined.attributes[declared.right]), joined, theirs)
    _report_alone(joined, declared, partners, theirs)
    gives_geometry = joined.geometry is not None and declared.geometry
    if not gives_geometry:
        _report_without_partner(table, declared, partners, ours)
    widened = Table(_widened(table.attributes, declared, joined, partners), table.rows, table.geometry)
    return _with_geometry(widened, joined, partners, theirs) if gives_geometry else widened


def _lacks(table: Table, column: str, account: Account) -> bool:
    if column in table.attributes.columns:
        return False
    reason = f"de koppelkolom ontbreekt; wel: {', '.join(map(str, table.attributes.columns))}"
    account.add(fault("kolom-ontbreekt", reason, "Controleer de kolomnaam in de bron en in het bestand."), Row(column=column))
    return True


def _partners(left: NDArray[np.object_], right: NDArray[np.object_], joined: Table, account: Account) -> NDArray[np.int64]:
    """Return for each row the position of its partner; a code that occurs twice is a fault, an empty one joins nothing."""
    position: dict[str, int] = {}
    for at, code in enumerate(right):
        if code and code in position:
            reason = f"de koppelsleutel staat ook op rij {joined.rows[position[code]]}"
            account.add(fault("dubbele-koppelsleutel", reason, "Laat per sleutel één rij over."), Row(int(joined.rows[at]), value=code))
        elif code:
            position[code] = at
    return np.array([position.get(code, NOBODY) for code in left], dtype=np.int64)


def _report_alone(joined: Table, declared: Join, partners: NDArray[np.int64], account: Account) -> None:
    alone = np.setdiff1d(np.arange(len(joined)), partners)
    codes = as_text(joined.attributes[declared.right])
    reason = f"geen rij van het hoofdbestand heeft deze {declared.left}; niet opgeslagen"
    remark = warning("zonder-partner", reason, "Vul de code aan in een van beide bestanden.")
    account.add_rows(remark, (Row(int(joined.rows[at]), declared.right, codes[at]) for at in alone))


def _report_without_partner(table: Table, declared: Join, partners: NDArray[np.int64], account: Account) -> None:
    codes = as_text(table.attributes[declared.left])
    remark = warning("zonder-partner", f"bestand {declared.file!r} heeft geen rij met deze code; de eigenschappen daaruit blijven leeg")
    account.add_rows(remark, (Row(int(table.rows[at]), declared.left, codes[at]) for at in np.flatnonzero(partners == NOBODY)))


def _widened(attributes: pd.DataFrame, declared: Join, joined: Table, partners: NDArray[np.int64]) -> pd.DataFrame:
    added = joined.attributes.reset_index(drop=True).reindex(partners).add_prefix(f"{declared.file}.")
    return pd.concat([attributes.reset_index(drop=True), added.reset_index(drop=True)], axis="columns")


def _with_geometry(table: Table, joined: Table, partners: NDArray[np.int64], account: Account) -> Table:
    """Give the joined geometry, in RD, to rows that have none; joined files may differ in CRS."""
    shapes = np.full(len(table), None, dtype=object) if table.geometry is None else table.geometry.shapes
    found = (partners != NOBODY) & shapely.is_missing(shapes)
    in_metres = in_rd(joined, account)
    shapes = shapes.copy()
    shapes[found] = in_metres[partners[found]]
    return Table(table.attributes, table.rows, plain_geometry(shapes, "EPSG:28992"))
