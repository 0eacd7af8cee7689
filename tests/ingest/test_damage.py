"""Whatever happens to the bytes of a file, an import takes it or refuses it with a report; it never breaks."""

import contextlib

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.ingest.importing import Options
from app.ingest.report import RefusedImport

BOXES = [shapely.box(155000 + 200 * at, 463000, 155100 + 200 * at, 463100) for at in range(5)]
DAMAGE = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), min_size=1, max_size=5)
CUT = st.one_of(st.none(), st.floats(0, 1))


@pytest.mark.parametrize("kind", ["gpkg", "shapefile", "geojson", "csv"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=DAMAGE, cut=CUT)
def test_damaged_bytes(steward, kind, damage, cut):
    path = original(steward, kind)
    source = steward.points() if kind == "csv" else steward.source(kind)
    before = steward.contents()
    spoil(path, damage, cut)
    with contextlib.suppress(RefusedImport):
        steward.deliver(source, path, Options(dry_run=True))
    assert steward.contents() == before


def original(steward, kind):
    if kind == "csv":
        return steward.csv(*((number, f"punt {number}", 155000 + number, 463000) for number in range(5)))
    return steward.vector({"shapefile": "levering.shp"}.get(kind, f"levering.{kind}"), *BOXES)


def spoil(path, damage, cut):
    content = bytearray(path.read_bytes())
    for where, bytes_ in damage:
        start = int(where * len(content))
        content[start : start + len(bytes_)] = bytes_
    path.write_bytes(content if cut is None else content[: int(cut * len(content))])
