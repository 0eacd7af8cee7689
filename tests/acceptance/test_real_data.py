"""What "done" means for the real data: it is all there, it adds up, it lies where it should, and nothing that goes wrong is seen."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator

import httpx
import psycopg
import pyogrio
import pytest
import shapely

from app.settings import Settings

from ..conftest import DATA, Netherlands
from ..running import run_command

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.is_dir(), reason="de echte gegevens (../shared/data) staan niet op deze machine"),
]

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
COUNTS = {
    "gemeenten": 342,
    "gemeenten-historie": 342 + 345,
    "provincies": 12,
    "regios": 30,
    "natura-2000": 160,
    "laadpunten": 86_319 - 147,
    "hoogspanningsverbindingen": 1_163,
    "hoogspanningsknopen": 1_030,
    "windparken-op-zee": 15,
    "zoekgebieden-wind-op-zee": 28,
    "grote-wateren": 14 - 2,
    "transmissienet-stations": 44,
    "transmissienet-verbindingen": 50 + 3,
    "transmissienet-opwekkers": 42,
    "stiltegebieden": 15 + 85 + 149,
    "grondwaterbescherming": 4,
    "projectbesluiten": 4,
}
# Polygons of the derived file went to RD by an operation of a metre, ours by the grid.
METRE = 1.5


@pytest.fixture(scope="module")
def client(netherlands: Netherlands) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=netherlands.service.api, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    """The key gemeente → provincie → energieregio of 2025, as delivered."""
    with (DATA / "grenzen" / "regio_indeling_2025.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def features(client: httpx.Client, collection: str, **query: object) -> list[dict]:
    answer = client.get(f"/collections/{collection}/items", params={"limit": 10_000, **query})
    assert answer.status_code == 200, answer.text
    assert answer.json()["numberMatched"] == answer.json()["numberReturned"]
    return answer.json()["features"]


@pytest.mark.parametrize(("collection", "count"), COUNTS.items())
def test_counts(client, collection, count):
    assert client.get(f"/collections/{collection}").json()["itemCount"] == count
    assert client.get(f"/collections/{collection}/items", params={"limit": 1}).json()["numberMatched"] == count


def test_the_first_import_of_real_data_withdraws_the_demo_and_says_so(netherlands, client):
    withdrawn = re.findall(r"Demo ingetrokken: (\S+)", netherlands.imported)
    assert len(withdrawn) == len(set(withdrawn)) == 9
    assert all(bron.startswith("doggerland-") for bron in withdrawn)
    assert not any(bron["demo"] for each in client.get("/collections").json()["collections"] for bron in each["bronnen"])
    assert not [each["id"] for each in features(client, "gemeenten") if each["id"].startswith("GM9")]


@pytest.mark.parametrize(("soort", "column", "other"), [("regio", "es_code", "regio_code"), ("provincie", "pv_code", "provincie_code")])
def test_gemeenten_per_gebied_are_those_of_the_key(client, key, soort, column, other):
    wanted = Counter(row[column] for row in key)
    assert Counter(each["properties"][other] for each in features(client, "gemeenten", skipGeometry="true")) == wanted
    assert {each["id"] for each in features(client, f"{soort}s", skipGeometry="true")} == set(wanted)
    code, count = wanted.most_common(1)[0]
    assert client.get("/collections/gemeenten/items", params={other: code, "limit": 1}).json()["numberMatched"] == count


@pytest.mark.parametrize(("collection", "other"), [("regios", "regio_code"), ("provincies", "provincie_code")])
def test_areas_of_gemeenten_add_up(client, collection, other):
    sums: Counter[str] = Counter()
    for each in features(client, "gemeenten", skipGeometry="true"):
        sums[each["properties"][other]] += each["properties"]["oppervlakte_ha"]
    areas = {each["id"]: each["properties"]["oppervlakte_ha"] for each in features(client, collection, skipGeometry="true")}
    assert areas == pytest.approx(sums, rel=1e-5)


def test_regios_equal_the_derived_file(client):
    meta, _, shapes, columns = pyogrio.raw.read(DATA / "grenzen" / "res_regios_2025_afgeleid.gpkg")
    codes = columns[next(at for at, name in enumerate(meta["fields"]) if "code" in name)]
    derived = dict(zip(codes, shapely.from_wkb(shapes), strict=True))
    served_regios = {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in features(client, "regios", crs=RD)}
    assert served_regios.keys() == derived.keys()
    for code, regio in served_regios.items():
        assert regio.area == pytest.approx(derived[code].area, rel=1e-4)
        assert shapely.distance(regio.centroid, derived[code].centroid) < METRE
        # What the two do not share is a rim along the border, narrower than a metre and a half.
        assert regio.symmetric_difference(derived[code]).area < METRE * regio.length


def test_every_charging_point_lies_in_the_gemeente_that_its_code_says(netherlands, client):
    gemeenten = {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in features(client, "gemeenten", crs=RD)}
    shapely.prepare(list(gemeenten.values()))
    rows = netherlands.service.rows("laadpunten", "gemeente_code, st_x(geom_rd), st_y(geom_rd)")
    inside = [shapely.intersects_xy(gemeenten[code], x, y) for code, x, y in rows]
    assert len(inside) == COUNTS["laadpunten"]
    assert all(inside)


def test_charging_points_per_gemeente_are_those_published_with_them(netherlands):
    """The rows that were left out as exact duplicates are in that count."""
    with (DATA / "infrastructuur" / "laadpunten_per_gemeente_2026.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in rows[0] if name in ("gm_code", "statcode", "code"))
    published = {row[column]: int(float(row["chargers_total"])) for row in rows}
    served_counts = Counter(code for (code,) in netherlands.service.rows("laadpunten", "gemeente_code"))
    duplicates = sum(total.count for total in netherlands.reports["ndw-laadpunten-2026"].totals if total.code == "dubbele-rij")
    assert sum(published.values()) - sum(served_counts.values()) == duplicates == 147
    assert all(0 <= count - served_counts[code] <= duplicates for code, count in published.items())


def test_defective_values_are_unknown_rather_than_wrong(netherlands):
    service = netherlands.service
    ((known, highest),) = service.rows("laadpunten", "count(vermogen_kw), max(vermogen_kw)")
    assert known / COUNTS["laadpunten"] == pytest.approx(0.5, abs=0.01)
    assert highest < 7_000
    assert not service.rows("laadpunten", "id", "vermogen_kw = 0")
    assert not service.rows("installaties", "id", "eigenaar ilike '%tennet%'")
    # Volts as text, often in a list, of which the highest counts.
    columns = "min(spanning_kv), max(spanning_kv), count(distinct spanning_kv)"
    ((lowest, highest, spread),) = service.rows("hoogspanningsverbindingen", columns)
    assert 10 < lowest < highest < 500
    assert spread < 12
    assert service.rows("hoogspanningsverbindingen", "spanning_kv", "spanningen_v = '150000; 380000'")[0] == (380.0,)


def test_a_refused_levering_changes_nothing_that_is_served(netherlands, client):
    settings, page = netherlands.service.settings, "/collections/gemeenten/items?limit=1000"
    before, facts = client.get(page), leveringen(settings)

    refused = run_command(settings, "import", "cbs-gemeenten-2025", "--file", DATA / "grenzen" / "gemeenten_2023_grof.geojson")
    published = run_command(settings, "publish")

    assert refused.returncode == 1
    assert "geweigerd" in refused.stdout
    assert "Traceback" not in refused.stderr
    assert "Er is niets veranderd" in published.stdout
    after = client.get(page)
    assert (after.status_code, after.headers["etag"], after.content) == (200, before.headers["etag"], before.content)
    assert leveringen(settings) == facts


def leveringen(settings: Settings) -> list[tuple[object, ...]]:
    with psycopg.connect(settings.database_url or "") as connection:
        return connection.execute("select id, bron, status from facts.levering order by id").fetchall()


def test_importing_the_same_again_changes_nothing(netherlands):
    path = DATA / "landgebruik" / "krw_rijkswateren_2018.gpkg"
    told = run_command(netherlands.service.settings, "import", "krw-rijkswateren-2018", "--file", path)
    assert told.returncode == 0
    assert "ongewijzigd" in told.stdout


def test_files_that_no_source_takes_are_named(netherlands: Netherlands):
    _, _, told = netherlands.imported.partition("Niet herkend")
    assert "gemeenten_2023_grof.geojson" in told
    assert "res_regios_2019_zonder_prj.zip" in told
    assert "natura2000_2026.gpkg" not in told.partition("opgeslagen")[0]
