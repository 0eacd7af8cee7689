"""The gebiedsopgaven of Doggerland: every group, each with its code, and objects that meet each ernst, intersected here with Shapely."""

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import app.ingest  # noqa: F401  (restricts what GDAL may read, which has to precede geopandas)

# isort: split
import geopandas as gpd
import pytest
import shapely

from app.ingest.source import Dataset, Facts, read_sources
from app.layers import Layers, Opgave, read_layers
from app.register.begrippen import Begrippen, read_begrippen
from app.register.regels import Regel, Regelset, read_regels

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 28)
PROVINCIES = {"Westerdogger": "PV97", "Oosterdogger": "PV98"}
# What each object meets: seed/doggerland.yaml puts it within these areas, seed/regels says how much they weigh.
MEETS = {
    # Nobody knows how high it will be, where 80 m is allowed and the radar sees what is higher than 160 m.
    "Windturbine Zandwal": {("LV-LIB", "AANDACHTSPUNT"), ("DE-RAD", "AANDACHTSPUNT")},
    "Windturbine Elsehoek": {("LV-LIB", "UITSLUITING"), ("DE-RAD", "ZWAARWEGEND")},
    "Windturbine Roggebroek": {("LV-LIB", "AANDACHTSPUNT")},
    # 15 m from the edge of the road.
    "Windturbine Rijksweg D1": {("IN-WEG", "ZWAARWEGEND")},
    "WKO Tarnewoude-West": {("WB-GWB", "UITSLUITING"), ("WB-BVZ", "ZWAARWEGEND")},
    # 140 m and 45 m deep, where 60 m is free.
    "WKO Elsterhof": {("WB-BVZ", "ZWAARWEGEND")},
    "WKO Elsterbad": {("WB-BVZ", "AANDACHTSPUNT")},
    "WKO Grevelkade": {("WB-BVZ", "ZWAARWEGEND")},
    "WKO Otterpoort": {("WO-PLN", "KOPPELKANS")},
    "Batterij Kreekerlaagte": {("WB-RAK", "AANDACHTSPUNT"), ("LB-GRO", "AANDACHTSPUNT")},
    "Batterij Doggewaard": {
        ("WB-RIV", "ZWAARWEGEND"),
        ("WB-BRG", "ZWAARWEGEND"),
        ("WB-RAK", "AANDACHTSPUNT"),
        ("EN-CON", "KOPPELKANS"),
    },
    "Zonnepark Doggerkavels": {("LB-GRO", "ZWAARWEGEND")},
    # The provincie of the first forbids what the land, and so that of the second, weighs.
    "Aardwarmte Tarnewoude": {("WB-BVZ", "UITSLUITING")},
    "Aardwarmte Grevelaar": {("WB-BVZ", "ZWAARWEGEND")},
    "Batterij Stormakker": set(),
    "Zonnepark Stortberg": {("WB-STO", "KOPPELKANS")},
}
NESTED = ("hoogtebeperkingen_luchthavens", "munitie_aandachtsgebieden", "aandachtsgebieden", "afwegingskader")

type Drawn = dict[str, gpd.GeoDataFrame]
type Weigh = Callable[[str], set[Regel]]
type Value = str | float | None


@dataclass(frozen=True)
class Shape:
    """One opgave: its beperking, its properties as the layer publishes them, and where it lies."""

    beperking: str
    values: Mapping[str, Value]
    geometry: shapely.Geometry


@pytest.fixture(scope="module")
def published() -> Layers:
    return read_layers((ROOT / "layers",))


@pytest.fixture(scope="module")
def begrippen() -> Begrippen:
    return read_begrippen((ROOT / "seed",))


@pytest.fixture(scope="module")
def regels(begrippen: Begrippen) -> Regelset:
    return read_regels((ROOT / "seed",), begrippen)


@pytest.fixture(scope="module")
def opgaven(layers: Drawn, published: Layers) -> list[Shape]:
    datasets = [(each, published[each.collection].opgave) for each in _demo() if each.facts is Facts.OBJECT and each.collection]
    return [shape for each, opgave in datasets if opgave for shape in _shapes(layers[each.layer or ""], each, opgave)]


def _demo() -> Iterator[Dataset]:
    yield from (dataset for source in read_sources((ROOT / "seed",)).values() if source.demo for dataset in source.datasets)


def _shapes(frame: gpd.GeoDataFrame, dataset: Dataset, opgave: Opgave) -> Iterator[Shape]:
    for row in frame.to_dict("records"):
        read = {name: row.get(column.source) for name, column in dataset.columns.items() if isinstance(column.source, str)}
        code = opgave.beperking or opgave.beperkingen.get(str(read[opgave.per or ""]))
        if code:
            yield Shape(code, {name: _known(value) for name, value in read.items()}, row["geometry"])


def _known(value: object) -> Value:
    """Return what a cell says; nothing is NaN in pandas."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value if isinstance(value, str | float) else float(str(value))


def _met(row: Mapping[str, object], opgaven: list[Shape], begrippen: Begrippen, regels: Regelset) -> set[Regel]:
    """Return the rules that count for an object, without those that give no signal."""
    groep = begrippen.by_lijst["objecttype"][str(row["objecttype"])].kenmerken["objectgroep"]
    values = {name: _known(value) for name, value in row.items() if name != "geometry"}
    found: set[Regel] = set()
    for opgave in opgaven:
        for regel in regels.for_pair(groep, opgave.beperking, PROVINCIES[str(row["provincie"])], DAY):
            near = shapely.distance(opgave.geometry, row["geometry"]) <= regel.reach_m(values)
            if near and regel.holds(values, opgave.values) and regel.ernst not in ("GEEN", "NIET_BEOORDEELD"):
                found.add(regel)
    return found


@pytest.fixture(scope="module")
def weigh(layers: Drawn, opgaven: list[Shape], begrippen: Begrippen, regels: Regelset) -> Weigh:
    rows = {row["naam"]: row for row in layers["installaties"].to_dict("records")}
    return lambda naam: _met(rows[naam], opgaven, begrippen, regels)


@pytest.mark.parametrize("naam", MEETS)
def test_an_object_meets_what_it_was_put_there_for(weigh: Weigh, naam: str) -> None:
    assert {(regel.beperking, regel.ernst) for regel in weigh(naam)} == MEETS[naam]


def test_every_ernst_is_met(begrippen: Begrippen) -> None:
    met = {ernst for naam in MEETS for _, ernst in MEETS[naam]}
    assert met == set(begrippen.by_lijst["ernst"]) - {"GEEN", "NIET_BEOORDEELD"}


def test_a_provincie_has_rules_of_its_own(weigh: Weigh) -> None:
    (own,), (national,) = weigh("WKO Elsterhof"), weigh("WKO Grevelkade")
    assert (own.gebied, national.gebied) == ("PV97", None)


def test_every_opgave_has_a_code_of_the_list(published: Layers, begrippen: Begrippen) -> None:
    known = set(begrippen.by_lijst["beperking"])
    named = {layer.id: layer.opgave.codes - known for layer in published.values() if layer.opgave}
    assert {layer: codes for layer, codes in named.items() if codes} == {}
    assert len(named) > 30


def test_every_group_has_opgaven_in_doggerland(opgaven: list[Shape], begrippen: Begrippen) -> None:
    groups = {begrippen.by_lijst["beperking"][opgave.beperking].ouder for opgave in opgaven}
    assert groups == set(begrippen.by_lijst["kader"])


def test_every_opgave_says_who_decides_and_by_what(opgaven: list[Shape], published: Layers) -> None:
    for dataset in (each for each in _demo() if each.facts is Facts.OBJECT):
        if published[dataset.collection or ""].opgave:
            assert {"naam", "regeling", "bevoegd_gezag"} <= set(dataset.columns), dataset.collection
    assert all(opgave.geometry.area > 0 for opgave in opgaven)


def test_opgaven_are_complete_in_both_provincies_but_for_two(published: Layers) -> None:
    datasets = [each for each in _demo() if each.facts is Facts.OBJECT and published[each.collection or ""].opgave]
    partly = {each.collection for each in _demo() if each.facts is Facts.BRONDEKKING}
    assert partly == {"woningbouwplannen", "landbouwgrond"}
    assert {each.collection for each in datasets if each.brondekking is None} == partly
    assert {code for each in datasets if each.brondekking for code in each.brondekking.gebieden} == {"PV97", "PV98"}


def test_what_is_partly_covered_lies_within_its_cover(layers: Drawn) -> None:
    provincies = layers["provincies"].set_index("code").geometry
    for collection in ("woningbouwplannen", "landbouwgrond"):
        cover = layers[f"dekking_{collection}"].geometry.union_all()
        assert layers[collection].within(shapely.buffer(cover, 0.01)).all(), collection
        assert all(shapely.area(shapely.difference(each, cover)) > 0 for each in provincies), collection
    plans = layers["dekking_woningbouwplannen"].geometry.union_all()
    assert plans.intersection(provincies["PV97"]).area > 300e6
    assert plans.intersection(provincies["PV98"]).area == 0


@pytest.mark.parametrize("layer", NESTED)
def test_nested_areas_leave_out_what_lies_within_them(layers: Drawn, layer: str) -> None:
    shapes = layers[layer].geometry
    assert shapes.area.sum() == pytest.approx(shapes.union_all().area, rel=1e-6)


def test_parcels_do_not_overlap_and_are_a_few_hundred(layers: Drawn) -> None:
    parcels = layers["landbouwgrond"].geometry
    assert 200 < len(parcels) < 500
    assert parcels.area.sum() == pytest.approx(parcels.union_all().area, rel=1e-9)


def test_a_strip_lies_along_its_line(layers: Drawn) -> None:
    lines = layers["hoogspanningsverbindingen"].set_index("id")
    for strip in layers["hoogspanningsstroken"].itertuples():
        assert lines.objecttype[strip.id] == "VERBINDING_BOVENGRONDS"
        assert strip.geometry.area == pytest.approx(strip.breedte_m * lines.geometry[strip.id].length, rel=0.01)


def test_congestion_is_known_everywhere(layers: Drawn) -> None:
    areas = layers["congestiegebieden"]
    assert areas.area.sum() == pytest.approx(layers["provincies"].area.sum(), abs=1)
    assert set(areas.kleur) == {"TRANSPARANT", "GEEL", "ORANJE", "ROOD"}
