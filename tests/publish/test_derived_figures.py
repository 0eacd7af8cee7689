"""Figures that the service derives itself, on a map that a person can measure.

Gemeenten are squares of 2 km: A from x = 100 to 102 km, B from 102 to 104, E (of the newest division) from 106 to 108; between B and E
lies water, where there is no gemeente. A and B lie in PV98, E in PV99.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.database import Role, connect
from app.problems import ConfigurationFault
from app.register.afleidingen import Afleidingen, read_afleidingen
from app.register.begrippen import Begrippen, read_begrippen, store_begrippen
from app.register.kengetallen import COLUMNS, read_kengetallen
from app.settings import ROOT, Settings

from .conftest import LAND, LEVERING, NEW, A, B, Beeld, Cijfer, Desk, E, Row, insert_register

SEED = ROOT / "seed"
PLACES = {A: 100_000, B: 102_000, E: 106_000}
SOUTH, NORTH = 450_000, 452_000
YEAR = 2025
ZON = {"indicator": "opgesteld-piekvermogen", "drager": "ELEKTRICITEIT", "techniek": "ZON_VELD", "jaar": 2024, "indeling": NEW}
BRUTO, NETTO = "ruimtebeslag-direct-bruto", "ruimtebeslag-direct-netto"


def box(x: float, y: float, width: float, height: float | None = None) -> str:
    return f"POLYGON(({x} {y}, {x + width} {y}, {x + width} {y + (height or width)}, {x} {y + (height or width)}, {x} {y}))"


def line(start: float, end: float, y: float = 451_000) -> str:
    return f"LINESTRING({start} {y}, {end} {y})"


def point(x: float, y: float = 451_000) -> str:
    return f"POINT({x} {y})"


class Surveyor(Desk):
    """A desk that objects are delivered to as well."""

    def __init__(self, connection: psycopg.Connection, afleidingen: Afleidingen) -> None:
        super().__init__(connection)
        self.afleidingen = afleidingen

    def draw(self, collection: str, *objects: tuple[str, dict[str, object]], bron: str = "objecten", demo: bool = False) -> None:
        """Insert a levering of objects, each its shape in RD and its properties."""
        (levering,) = self.connection.execute(LEVERING, [f"{bron}-{collection}", bron, f"{YEAR}-06-30"]).fetchone()
        self.connection.execute("update facts.levering set demo = %s where id = %s", [demo, levering])
        for number, (shape, properties) in enumerate(objects):
            self.connection.execute(
                "insert into facts.object values (%s, %s, %s, %s, ST_GeomFromText(%s, 28992))",
                [levering, collection, str(number), json.dumps(properties), shape],
            )
        self.connection.execute("insert into facts.levering_facts values (%s, %s, %s)", [levering, f"object/{collection}", len(objects)])

    def found(self, indicator: str, **where: object) -> dict[str, Row]:
        """Publish, and return the rows of one indicator by gebied."""
        rows = [row for row in self.figures(self.afleidingen) if row["indicator"] == indicator]
        rows = [row for row in rows if all(row[name] == value for name, value in where.items())]
        by_gebied = {row["gebied"]: row for row in rows}
        assert len(by_gebied) == len(rows), rows
        return by_gebied

    def values(self, indicator: str, **where: object) -> dict[str, object]:
        """Return the values of one indicator by gebied."""
        return {code: pytest.approx(row["waarde"], abs=1e-9) for code, row in self.found(indicator, **where).items()}


@pytest.fixture(scope="module")
def begrippen() -> Begrippen:
    return read_begrippen((SEED,))


@pytest.fixture(scope="module")
def surveyed(database_settings: Settings, begrippen: Begrippen) -> Settings:
    """The gebieden with their squares, and the code lists of the product."""
    with connect(database_settings, Role.IMPORT) as connection:
        insert_register(connection)
        for code, x in PLACES.items():
            connection.execute(
                "update facts.gebied set geometrie = ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 28992)) where code = %s",
                [x, SOUTH, x + 2_000, NORTH, code],
            )
    store_begrippen(database_settings, begrippen)
    return database_settings


@pytest.fixture
def desk(surveyed: Settings, begrippen: Begrippen) -> Iterator[Surveyor]:
    """A desk with a concept of the land; all that is delivered to it is gone after the test."""
    with connect(surveyed, Role.IMPORT) as connection:
        surveyor = Surveyor(connection, read_afleidingen((SEED,), begrippen))
        surveyor.deliver([Cijfer(code, 1_000, "inwoners", jaar=2024, indeling=NEW) for code in (A, B, E)], bron="inwoners")
        yield surveyor
        connection.rollback()


OVERHEAD = {"objecttype": "VERBINDING_BOVENGRONDS", "status": "BESTAAND"}


def test_a_line_through_two_gemeenten_gives_its_parts_and_their_sum(desk: Surveyor) -> None:
    desk.draw("hoogspanningsverbindingen", (line(101_000, 104_000), {**OVERHEAD, "spanning_kv": 150}))
    assert desk.values("netlengte") == {A: 1, B: 2, E: 0, "PV98": 3, "PV99": 0, "ES97": 1, "ES98": 2, LAND: 3}
    land = desk.found("netlengte")[LAND]
    assert (land["oordeel"], land["rest"], land["eenheid"], land["techniek"]) == ("SLUITEND", None, "km", "NETVLAK_HS")
    gemeente = desk.found("netlengte")[A]
    assert (gemeente["jaar"], gemeente["beeld"], gemeente["soort"], gemeente["herkomst"]) == (YEAR, "HUIDIG", "REALISATIE", "AFGELEID")
    assert (gemeente["bron"], gemeente["peiljaar"]) == ("objecten-hoogspanningsverbindingen", YEAR)
    assert "in RD gemeten" in gemeente["methode"]


def test_a_line_partly_at_sea_counts_for_the_land(desk: Surveyor) -> None:
    desk.draw("hoogspanningsverbindingen", (line(103_000, 107_000), {**OVERHEAD, "spanning_kv": 380}))
    found = desk.found("netlengte")
    assert {code: row["waarde"] for code, row in found.items()} == {
        A: 0,
        B: 1,
        E: 1,
        f"{LAND}-NTI": 2,
        "PV98": 1,
        "PV99": 1,
        "ES97": 0,
        "ES98": 2,
        LAND: 4,
    }
    assert (found[LAND]["oordeel"], found[LAND]["som"], found[LAND]["rest"]) == ("SLUITEND_MET_REST", 2, 2)


def test_a_line_along_a_border_counts_once(desk: Surveyor) -> None:
    desk.draw("hoogspanningsverbindingen", ("LINESTRING(102000 450000, 102000 452000)", {**OVERHEAD, "spanning_kv": 110}))
    assert desk.values("netlengte")[LAND] == 2


def test_only_real_existing_lines_with_a_voltage_count(desk: Surveyor) -> None:
    desk.draw(
        "hoogspanningsverbindingen",
        (line(100_000, 101_000), {"herkomst": "OSM", "spanning_kv": 150, "status": "BESTAAND"}),
        (line(100_000, 102_000), {"herkomst": "NETMODEL", "spanning_kv": 150, "status": "BESTAAND"}),
        (line(100_000, 102_000), {**OVERHEAD, "status": "GEPLAND", "spanning_kv": 150}),
        (line(100_000, 102_000), OVERHEAD),
    )
    assert {
        (row["techniek"], row["waarde"])
        for row in desk.figures(desk.afleidingen)
        if row["indicator"] == "netlengte" and row["gebied"] == LAND
    } == {("NETVLAK_HS", 1)}


def test_stations_are_counted_per_netvlak_also_those_at_sea(desk: Surveyor) -> None:
    desk.draw(
        "stations",
        *((point(x), {"objecttype": "STATION", "spanning_kv": 220, "status": "BESTAAND"}) for x in (100_500, 101_000, 105_000)),
        (point(103_000), {"objecttype": "STATION", "spanning_kv": 110}),
        (point(103_000), {"objecttype": "STATION", "spanning_kv": 110, "status": "GEPLAND"}),
    )
    assert desk.values("aantal-stations", techniek="NETVLAK_EHS")[LAND] == 3
    assert desk.values("aantal-stations", techniek="NETVLAK_EHS")[f"{LAND}-NTI"] == 1
    assert desk.values("aantal-stations", techniek="NETVLAK_HS") == {A: 0, B: 1, E: 0, "PV98": 1, "PV99": 0, "ES97": 0, "ES98": 1, LAND: 1}


def test_storage_conversion_and_power_come_from_existing_installations(desk: Surveyor) -> None:
    desk.draw(
        "installaties",
        (point(101_000), {"objecttype": "BATTERIJ", "drager": "ELEKTRICITEIT", "vermogen_mw": 20, "opslag_mwh": 80, "status": "BESTAAND"}),
        (point(103_000), {"objecttype": "BATTERIJ", "drager": "ELEKTRICITEIT", "vermogen_mw": 50, "opslag_mwh": 200, "status": "VERGUND"}),
        (point(103_000), {"objecttype": "ELEKTROLYSER", "drager": "WATERSTOF", "vermogen_mw": 5, "status": "BESTAAND"}),
        (
            point(107_000),
            {
                "objecttype": "ELEKTRICITEITSCENTRALE",
                "drager": "ELEKTRICITEIT",
                "drager_in": "AARDGAS",
                "vermogen_mw": 400,
                "status": "BESTAAND",
            },
        ),
        (point(107_000), {"objecttype": "WINDPARK", "drager": "ELEKTRICITEIT", "vermogen_mw": 12, "status": "BESTAAND"}),
    )
    assert desk.values("opslagvermogen", techniek="BATTERIJ", drager="ELEKTRICITEIT")["PV98"] == 20
    assert desk.values("opslagcapaciteit", techniek="BATTERIJ")[LAND] == 80
    assert desk.values("conversievermogen", techniek="ELEKTROLYSER", drager="")[B] == 5
    assert desk.values("opgesteld-vermogen") == {A: 0, B: 0, E: 400, "PV98": 0, "PV99": 400, "ES97": 0, "ES98": 400, LAND: 400}
    assert desk.found("opgesteld-vermogen")[E]["techniek"] == "GASCENTRALE"
    assert desk.values("pijplijn-vermogen")[LAND] == 50


def test_a_square_of_100_metres_is_one_hectare(desk: Surveyor) -> None:
    desk.draw("energieterreinen", (box(100_500, 450_500, 100), {"objecttype": "STATION", "spanning_kv": 150, "status": "BESTAAND"}))
    for indicator in (BRUTO, NETTO):
        assert desk.values(indicator) == {A: 1, B: 0, E: 0, "PV98": 1, "PV99": 0, "ES97": 1, "ES98": 0, LAND: 1}
    row = desk.found(BRUTO)[A]
    assert (row["kwaliteit"], row["methode"], row["techniek"]) == ("GEMETEN", "Gemeten in RD, terreinen: 1", "NETVLAK_HS")
    assert desk.found(BRUTO)[LAND]["oordeel"] == "SLUITEND"


def test_a_terrein_is_cut_at_the_border_and_its_rest_is_of_the_land(desk: Surveyor) -> None:
    desk.draw("energieterreinen", (box(101_800, 450_500, 400, 100), {"objecttype": "ZONNEPARK_LAND"}))
    assert (desk.values(BRUTO)[A], desk.values(BRUTO)[B]) == (2, 2)
    desk.draw("energieterreinen", (box(103_900, 450_500, 400, 100), {"objecttype": "ZONNEPARK_LAND"}), bron="anders")
    found = desk.values(BRUTO)
    assert (found[B], found[f"{LAND}-NTI"], found[LAND]) == (3, 3, 8)


def test_netto_counts_overlap_once(desk: Surveyor) -> None:
    solar = {"objecttype": "ZONNEPARK_LAND", "status": "BESTAAND"}
    desk.draw("energieterreinen", (box(100_500, 450_500, 100), solar), (box(100_550, 450_500, 100), solar))
    assert desk.values(BRUTO)[LAND] == 2
    assert desk.values(NETTO)[LAND] == 1.5


def test_capacity_times_key_figure_has_bounds_and_names_the_key_figure(desk: Surveyor) -> None:
    desk.deliver([Cijfer(A, 10, **ZON), Cijfer(B, 0, **ZON), Cijfer(E, 5, **ZON)])
    found = desk.found(BRUTO, techniek="ZON_VELD")
    assert [found[code]["waarde"] for code in (A, B, E, "PV98", LAND)] == pytest.approx([12, 0, 6, 12, 18])
    assert (found[A]["ondergrens"], found[A]["bovengrens"]) == pytest.approx((10, 14))
    assert (found[LAND]["ondergrens"], found[LAND]["bovengrens"]) == pytest.approx((15, 21))
    assert found[A]["methode"] == "Kengetal ZON_VELD_HA_PER_MWP: 1,2 ha per MWp (1,0–1,4), klimaatfeiten.nl"
    assert (found[A]["kwaliteit"], found[A]["jaar"], found[LAND]["oordeel"]) == ("GESCHAT", 2024, "SLUITEND")
    assert found[A]["bron"] == "bron-a"


def test_an_unknown_capacity_is_not_zero_ground(desk: Surveyor) -> None:
    desk.deliver([Cijfer(A, 10, **ZON), Cijfer(B, None, **ZON), Cijfer(E, 5, **ZON)])
    land = desk.found(BRUTO, techniek="ZON_VELD")[LAND]
    assert (land["waarde"], land["oordeel"], land["ontbrekend"]) == (None, "ONVOLLEDIG", [B])


def test_a_provincie_that_knows_more_than_its_gemeenten_keeps_its_own_ground(desk: Surveyor) -> None:
    desk.deliver([Cijfer(A, 10, **ZON), Cijfer(E, 5, **ZON), Cijfer("PV98", 30, **ZON), Cijfer("PV99", 7, **ZON)])
    found = desk.found(BRUTO, techniek="ZON_VELD")
    assert (found["PV98"]["waarde"], found["PV98"]["oordeel"]) == (pytest.approx(36), "ONVOLLEDIG")
    assert (found["PV99"]["waarde"], found["PV99"]["oordeel"]) == (pytest.approx(6), "SLUITEND")


def test_what_is_not_assigned_takes_ground_too(desk: Surveyor) -> None:
    desk.deliver([Cijfer(code, 10, **ZON) for code in (A, B, E, "PV98-NTI")])
    assert desk.values(BRUTO, techniek="ZON_VELD")["PV98"] == 36


def test_a_beeld_takes_the_ground_of_its_capacity(desk: Surveyor) -> None:
    later = {**ZON, "jaar": 2040, "beeld": "II3050V3_KM", "soort": "BEELD"}
    desk.deliver([Cijfer(code, 100, **later) for code in (A, B, E)])
    land = desk.found(BRUTO, beeld="II3050V3_KM")[LAND]
    assert (land["waarde"], land["jaar"], land["soort"]) == (pytest.approx(360), 2040, "BEELD")


def test_only_levels_that_have_capacity_have_ground(desk: Surveyor) -> None:
    wind = {"indicator": "opgesteld-vermogen", "drager": "ELEKTRICITEIT", "techniek": "WIND_LAND", "jaar": 2024, "indeling": NEW}
    desk.deliver([Cijfer("PV98", 30, **wind), Cijfer("PV99", 60, **wind)])
    assert {code: row["waarde"] for code, row in desk.found(BRUTO).items()} == {"PV98": pytest.approx(2.01), "PV99": pytest.approx(4.02)}


def test_what_is_measured_is_not_reckoned_again(desk: Surveyor) -> None:
    """Of 20 MWp in A a field of 5 MWp is measured at 4 ha: the other 15 MWp take 18 ha. In B nobody says what the field can do."""
    current = {**ZON, "jaar": YEAR}
    desk.deliver([Cijfer(A, 20, **current), Cijfer(B, 20, **current), Cijfer(E, 10, **current)])
    desk.draw(
        "energieterreinen",
        (box(100_500, 450_500, 200), {"objecttype": "ZONNEPARK_LAND", "vermogen_piek_mwp": 5}),
        (box(102_500, 450_500, 200), {"objecttype": "ZONNEPARK_LAND"}),
    )
    found = desk.found(BRUTO)
    assert [found[code]["waarde"] for code in (A, B, E, LAND)] == pytest.approx([22, 4, 12, 38])
    assert found[A]["methode"].startswith("Gemeten in RD, terreinen: 1; Kengetal ZON_VELD_HA_PER_MWP")
    assert (found[A]["ondergrens"], found[A]["bovengrens"]) == pytest.approx((19, 25))
    assert (found[A]["kwaliteit"], found[B]["kwaliteit"], found[LAND]["kwaliteit"]) == ("GESCHAT", "GEMETEN", "GESCHAT")
    assert found[A]["bron"] == "bron-a, objecten-energieterreinen"


def test_a_point_in_a_terrein_is_that_terrein_and_a_stated_area_goes_before_a_key_figure(desk: Surveyor) -> None:
    station = {"objecttype": "STATION", "spanning_kv": 150, "status": "BESTAAND"}
    desk.draw("stations", (point(100_550, 450_550), {**station, "oppervlakte_ha": 9}), (point(103_000), {**station, "oppervlakte_ha": 2.5}))
    desk.draw("stations", (point(107_000), station), bron="anders")
    desk.draw("energieterreinen", (box(100_500, 450_500, 100), station))
    found = desk.found(BRUTO)
    assert [found[code]["waarde"] for code in (A, B, E)] == [1, 2.5, 3]
    assert [found[code]["kwaliteit"] for code in (A, B, E)] == ["GEMETEN", "GEREGISTREERD", "GESCHAT"]
    assert found[B]["methode"] == "Opgave van de bron, objecten: 1"
    assert "niet bevestigd" in found[E]["methode"]


def test_strips_along_overhead_lines_are_indirect_and_do_not_add_up_with_direct(desk: Surveyor) -> None:
    """Two kilometres of 380 kV with 36 m on either side take 14.4 ha; twice the same line takes no more."""
    overhead = {**OVERHEAD, "spanning_kv": 380}
    desk.draw("hoogspanningsverbindingen", (line(101_000, 103_000), overhead), (line(101_000, 103_000), overhead))
    found = desk.found("ruimtebeslag-indirect")
    assert [found[code]["waarde"] for code in (A, B, E, "PV98", LAND)] == pytest.approx([7.2, 7.2, 0, 14.4, 14.4])
    assert {found[code]["oordeel"] for code in ("PV98", LAND)} == {"NIET_OPTELBAAR"}
    assert "BELEMMERINGSSTROOK" in found[A]["methode"]
    assert not desk.found(BRUTO)


def test_a_delivered_figure_wins_from_a_derived_one(desk: Surveyor) -> None:
    station = {"objecttype": "STATION", "spanning_kv": 150, "status": "BESTAAND"}
    desk.draw("stations", (point(101_000), station), (point(103_000), station))
    told = {"indicator": "aantal-stations", "drager": "ELEKTRICITEIT", "techniek": "NETVLAK_HS", "jaar": YEAR, "indeling": NEW}
    concept = desk.deliver([Cijfer(A, 7, **told)])
    found = desk.found("aantal-stations")
    assert [found[code]["waarde"] for code in (A, B, LAND)] == [7, 1, 8]
    assert (found[A]["herkomst"], found[B]["herkomst"]) == ("CONCEPT_RIJK", "AFGELEID")
    over = Beeld("PV98-2026-1.0", "PV98", "NL01-2026-0.1", [concept])
    desk.deliver([Cijfer(B, 4, **told, herkomst="CORRECTIE_GEBIED")], bron="provincie", beeld=over)
    corrected = desk.found("aantal-stations", energiebeeld="PV98-2026-1.0")
    assert [corrected[code]["waarde"] for code in (A, B, "PV98")] == [7, 4, 11]
    assert desk.values("aantal-stations", energiebeeld="NL01-2026-0.1")[B] == 1


def test_a_version_over_the_concept_is_derived_from_its_own_figures(desk: Surveyor) -> None:
    concept = desk.deliver([Cijfer(A, 10, **ZON), Cijfer(B, 10, **ZON), Cijfer(E, 10, **ZON)])
    over = Beeld("PV98-2026-1.0", "PV98", "NL01-2026-0.1", [concept])
    desk.deliver([Cijfer(A, 20, **ZON, herkomst="CORRECTIE_GEBIED")], bron="provincie", beeld=over)
    own = desk.values(BRUTO, energiebeeld="PV98-2026-1.0")
    assert own == {A: 24, B: 12, "PV98": 36, "ES97": 24}
    assert desk.values(BRUTO, energiebeeld="NL01-2026-0.1")["PV98"] == 24


def test_figures_of_an_older_division_are_not_mixed_with_derived_ones(desk: Surveyor) -> None:
    desk.draw("stations", (point(101_000), {"objecttype": "STATION", "spanning_kv": 150}))
    told = {"indicator": "aantal-stations", "drager": "ELEKTRICITEIT", "techniek": "NETVLAK_HS", "jaar": YEAR}
    desk.deliver([Cijfer(code, 1, **told) for code in (A, B, "GM9003", "GM9004")])
    assert {row["herkomst"] for code, row in desk.found("aantal-stations").items() if code.startswith("GM")} == {"CONCEPT_RIJK"}


def test_the_demo_and_the_real_land_do_not_see_each_others_objects(desk: Surveyor) -> None:
    station = {"objecttype": "STATION", "spanning_kv": 150, "status": "BESTAAND"}
    desk.draw("stations", (point(101_000), station), bron="demo", demo=True)
    assert not desk.found("aantal-stations")


def test_demand_per_inhabitant_is_demand_over_inhabitants_at_every_level(desk: Surveyor) -> None:
    demand = {"jaar": 2024, "indeling": NEW}
    desk.deliver(
        [
            *(Cijfer(code, 2, drager="AARDGAS", subsector="WONINGEN", **demand) for code in (A, B, E)),
            *(Cijfer(code, 1, drager="AARDGAS", subsector="DIENSTEN", **demand) for code in (A, B, E)),
            Cijfer(A, 4, drager="ELEKTRICITEIT", subsector="WONINGEN", **demand),
        ]
    )
    gas = desk.values("vraag-per-inwoner", drager="AARDGAS")
    assert gas == {A: 3, B: 3, E: 3, "PV98": 3, "PV99": 3, "ES97": 3, "ES98": 3, LAND: 3}
    total = desk.found("vraag-per-inwoner", drager="TOTAAL")
    assert [total[code]["waarde"] for code in (A, B, "PV98")] == [7, 3, 5]
    assert total[A]["bron"] == "bron-a, inwoners"


def own_seed(folder: Path, *rows: str) -> Path:
    (folder / "kengetallen.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return folder


DENSE = "ZON_VELD_PV99,ZON_VELD,opgesteld-piekvermogen,DIRECT,m2,kWp,8,8,8,Provincie,2026,BELEID,PV99,ja,"


def test_a_key_figure_of_a_provincie_goes_before_the_national_one(desk: Surveyor, begrippen: Begrippen, tmp_path: Path) -> None:
    desk.afleidingen = read_afleidingen((SEED, own_seed(tmp_path, DENSE)), begrippen)
    desk.deliver([Cijfer(code, 10, **ZON) for code in (A, B, E)])
    found = desk.found(BRUTO)
    assert [found[code]["waarde"] for code in (A, E, "PV99", LAND)] == pytest.approx([12, 8, 8, 32])
    assert found[E]["methode"] == "Kengetal ZON_VELD_PV99: 8 m2 per kWp, Provincie"


def test_a_row_of_ones_own_replaces_the_one_with_its_code(begrippen: Begrippen, tmp_path: Path) -> None:
    row = "ZON_VELD_HA_PER_MWP,ZON_VELD,opgesteld-piekvermogen,DIRECT,ha,MWp,0.9,1.0,1.1,Eigen meting,2026,BELEID,,ja,"
    found = {each.code: each for each in read_kengetallen((SEED, own_seed(tmp_path, row)), begrippen)}
    assert float(found["ZON_VELD_HA_PER_MWP"].midden) == 1
    assert len(found) == len(read_kengetallen((SEED,), begrippen))


def test_faults_in_key_figures_are_named_with_file_and_line(begrippen: Begrippen, tmp_path: Path) -> None:
    own_seed(
        tmp_path,
        "EEN,ZONNEVELD,opgesteld-piekvermogen,DIRECT,ha,MW,1,2,1.5,Bron,2026,BELEID,,ja,",
        'twee,WIND_LAND,opgesteld-vermogen,DIRECT,ha,MW,1,1,"1,5",,26,BELEID,GM0344,misschien,',
        "DRIE,ZON_VELD,opgesteld-piekvermogen,DIRECT,ha,MWp,1,1,1,Bron,,BELEID,,ja,",
        "EEN",
    )
    with pytest.raises(ConfigurationFault) as fault:
        read_kengetallen((SEED, tmp_path), begrippen)
    told = "\n".join(fault.value.errors)
    path = tmp_path / "kengetallen.csv"
    for expected in (
        f"{path}:2: 'ZONNEVELD' staat niet in de lijst 'techniek'",
        f"{path}:2: onder (1), midden (2) en boven (1.5) staan niet van laag naar hoog",
        f"{path}:2: MW is niet om te rekenen naar MWp",
        f"{path}:3: de kolom 'bron' is leeg",
        f"{path}:3: de code 'twee' bestaat uit hoofdletters",
        f"{path}:3: 'boven' is '1,5' in plaats van een getal",
        f"{path}:3: 'jaar' is '26'",
        f"{path}:3: 'geldig_gebied' is 'GM0344'",
        f"{path}:3: 'bevestigd' is 'misschien'",
        f"{path}:4: DRIE en ZON_VELD_HA_PER_MWP gelden allebei voor ZON_VELD, DIRECT",
        f"{path}:5: 1 waarden bij 15 kolommen",
    ):
        assert expected in told


def test_a_derivation_of_ones_own_replaces_the_one_with_its_name(desk: Surveyor, begrippen: Begrippen, tmp_path: Path) -> None:
    folder = tmp_path / "afleidingen"
    folder.mkdir()
    for ending in ("yaml", "sql"):
        text = (SEED / "afleidingen" / f"aantal-stations.{ending}").read_text(encoding="utf-8")
        (folder / f"aantal-stations.{ending}").write_text(text.replace("count(*)", "2 * count(*)"), encoding="utf-8")
    desk.draw("stations", (point(101_000), {"objecttype": "STATION", "spanning_kv": 150}))
    assert desk.values("aantal-stations")[LAND] == 1
    desk.afleidingen = read_afleidingen((SEED, tmp_path), begrippen)
    assert desk.values("aantal-stations")[LAND] == 2
