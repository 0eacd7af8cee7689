"""The regelset: every cell of the national matrix is there, provincies replace exactly what they name, and faults are all told at once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.problems import ConfigurationFault
from app.register.begrippen import Begrippen, read_begrippen
from app.register.regels import COLUMNS, Regel, Regelset, read_regels
from app.register.voorwaarden import Voorwaarde, read_voorwaarde
from app.settings import ROOT

SEED = ROOT / "seed"
TODAY = date(2026, 11, 28)
GROUPS = ("WIND", "ZONV", "BATT", "STAT", "BODE", "GEOT", "AQUA", "H2EL", "LEIB", "LEIO")
# U uitsluiting, Z zwaarwegend, A aandachtspunt, K koppelkans, - geen melding. LV-LIB: above the height; LV-LIB0: lower or unknown.
MATRIX = """
WB-KER   Z Z Z Z Z Z A Z A Z
WB-KERZ  Z A A A A A A A A Z
WB-KERR  Z A A A A A A A A A
WB-RIV   A Z Z Z A A K Z A A
WB-BRG   A A Z Z - A - Z - A
WB-ZBR   A A A A - - - A - A
WB-OVS   - A A Z - A - A - -
WB-WWG   Z Z Z Z U U Z Z A Z
WB-GWB   A A A A U U A A - A
WB-BVZ   A - - - Z Z - - - A
WB-ASV   - - - - A Z - - - -
WB-VEE   A K A A - - - A A A
WB-BEK   A Z A A A - K A - A
WB-VRZ   - K - - A - A A - -
WB-RAK   - - A A - - - A - -
NA-N2K   Z Z Z Z A A A Z Z A
NA-NNN   Z Z Z Z A A A Z Z A
NA-STI   A - A A - A - A - -
NA-WEI   A Z - - - - - - A -
LB-GRO   - Z A A - - - A - A
LB-ONT   - Z A - K K K - - A
WO-PLN   Z A A K K K K Z Z K
WO-GEV   Z - A A - - - Z Z -
DE-RAD   Z - A A - - - A A -
DE-MUN   Z A Z Z - A - Z A A
DE-LVL   Z - - - - - - - Z -
DE-TER   A A A A A A A A A A
LV-LIB   U - - U - - - U U -
LV-LIB0  A A - A - - - A A -
EN-CON   Z Z K - - - - Z K K
EN-MAG   - - - - - - - - - -
EN-HSL   Z A A - A A - A A A
EV-BUI   Z Z Z Z Z Z A Z A A
EV-AAN   A - A A - - - A - A
IN-WEG   Z K - - - - - - A A
ER-WHE   Z Z A Z A - - Z Z A
ER-ARC   A A A A A A A A A A
"""
LETTERS = {"U": "UITSLUITING", "Z": "ZWAARWEGEND", "A": "AANDACHTSPUNT", "K": "KOPPELKANS", "-": "GEEN"}
CELLS = [
    (row.split()[0], group, LETTERS[letter])
    for row in MATRIX.strip().splitlines()
    for group, letter in zip(GROUPS, row.split()[1:], strict=True)
]
GOOD = "EIGEN-1,WIND,NA-N2K,OVERLAPT,,,,,ZWAARWEGEND,JURIDISCH,Reden.,Bron,ja,PV25,,"


@pytest.fixture(scope="module")
def begrippen() -> Begrippen:
    return read_begrippen((SEED,))


@pytest.fixture(scope="module")
def regelset(begrippen: Begrippen) -> Regelset:
    return read_regels((SEED,), begrippen)


def write(folder: Path, *rows: str, name: str = "2026-11", header: Sequence[str] = COLUMNS) -> Path:
    (folder / "regels").mkdir(exist_ok=True)
    path = folder / "regels" / f"{name}.csv"
    path.write_text("\n".join((",".join(header), *rows)) + "\n", encoding="utf-8")
    return path


def faults_of(begrippen: Begrippen, folder: Path) -> str:
    with pytest.raises(ConfigurationFault) as fault:
        read_regels((SEED, folder), begrippen)
    return "\n".join(fault.value.errors)


def worst_of(regelset: Regelset, begrippen: Begrippen, group: str, beperking: str) -> str:
    found = {each.ernst for each in regelset.for_pair(group, beperking, None, TODAY)}
    return next(code for code in begrippen["ernst"] if code in found)


def test_all_370_cells_of_the_national_matrix_are_there(regelset: Regelset, begrippen: Begrippen) -> None:
    assert len(CELLS) == 37 * 10
    lower = {group: ernst for beperking, group, ernst in CELLS if beperking == "LV-LIB0"}
    for beperking, group, ernst in CELLS:
        if beperking != "LV-LIB0":
            # The lower cell of LV-LIB says what counts for objects that no height excludes.
            expected = lower[group] if (beperking, ernst) == ("LV-LIB", "GEEN") else ernst
            assert worst_of(regelset, begrippen, group, beperking) == expected, (group, beperking)


def test_below_or_without_a_height_the_other_lib_cells_count(regelset: Regelset) -> None:
    for beperking, group, ernst in CELLS:
        if beperking != "LV-LIB0":
            continue
        for own in ({}, {"tiphoogte_m": 99.0, "hoogte_m": 99.0}):
            rules = regelset.for_pair(group, "LV-LIB", None, TODAY)
            assert {each.ernst for each in rules if each.holds(own, {"hoogte_max_m": 100.0})} == {ernst}, group


def test_every_pair_has_a_rule_also_where_nothing_is_settled(regelset: Regelset, begrippen: Begrippen) -> None:
    assert list(begrippen["objectgroep"]) == list(GROUPS)
    for beperking in begrippen["beperking"]:
        for group in GROUPS:
            assert regelset.for_pair(group, beperking, None, TODAY), (group, beperking)


def test_no_rule_of_thumb_hardens(regelset: Regelset, begrippen: Begrippen) -> None:
    for each in regelset:
        if each.ernst == "UITSLUITING":
            beperking = begrippen["beperking"][each.beperking].kenmerken
            assert (each.hardheid, beperking["hardheid"]) == ("JURIDISCH", "JURIDISCH")
            assert beperking["regime"] != "WBS"
    assert {each.ernst for each in regelset if each.beperking == "WB-RAK"} == {"AANDACHTSPUNT", "GEEN"}


def test_every_reason_is_one_sentence_of_its_own(regelset: Regelset) -> None:
    for each in regelset:
        assert each.reden[0].isupper(), each
        assert each.reden.endswith("."), each
        assert ". " not in each.reden, each
        assert len(each.reden) < 200, each


def test_every_object_type_of_a_group_says_whether_its_rules_are_borrowed(begrippen: Begrippen) -> None:
    types = {code: each.kenmerken for code, each in begrippen["objecttype"].items()}
    assert {each["objectgroep"] for each in types.values() if "objectgroep" in each} == set(GROUPS)
    assert all(each.get("regel_afgeleid") in ("ja", "nee") for each in types.values() if "objectgroep" in each)
    assert types["VERGISTER"] == {"objectgroep": "H2EL", "regel_afgeleid": "ja"}
    assert types["WARMTELEIDING"] == {"objectgroep": "LEIO", "regel_afgeleid": "nee"}
    assert "objectgroep" not in types["ZON_DAK"]


def test_a_turbine_near_a_road_reaches_half_its_rotor(regelset: Regelset) -> None:
    (rule,) = regelset.for_pair("WIND", "IN-WEG", None, TODAY)
    assert [rule.reach_m({"rotordiameter_m": rotor}) for rotor in (40.0, 60.0, 130.0, None)] == [30, 30, 65, 30]
    assert regelset.reach_m("WIND", "IN-WEG", {}) == 30
    assert regelset.reach_m("WIND", "NA-N2K", {"rotordiameter_m": 130.0}) == 0


def test_the_depth_of_a_system_decides_in_a_boringsvrije_zone(regelset: Regelset) -> None:
    def ernst(depth: float | None, limit: float | None) -> set[str]:
        rules = regelset.for_pair("BODE", "WB-BVZ", "PV97", TODAY)
        return {each.ernst for each in rules if each.holds({"boordiepte_m": depth}, {"diepte_max_m": limit})}

    assert ernst(120, 80) == {"ZWAARWEGEND"}
    assert ernst(60, 80) == {"AANDACHTSPUNT"}
    assert ernst(None, 80) == ernst(60, None) == ernst(None, None) == {"ZWAARWEGEND"}


@pytest.mark.parametrize(
    ("text", "own", "opgave", "expected"),
    [
        ("tiphoogte_m > hoogte_max_m", {"tiphoogte_m": 250.0}, {"hoogte_max_m": 100.0}, True),
        ("tiphoogte_m>hoogte_max_m", {"tiphoogte_m": 100.0}, {"hoogte_max_m": 100.0}, False),
        ("tiphoogte_m >= 100", {"tiphoogte_m": "100"}, {}, True),
        ("tiphoogte_m > hoogte_max_m", {}, {"hoogte_max_m": 100.0}, False),
        ("tiphoogte_m > hoogte_max_m", {"tiphoogte_m": 250.0}, {}, False),
        ("tiphoogte_m onbekend", {"tiphoogte_m": None}, {}, True),
        ("tiphoogte_m onbekend", {"tiphoogte_m": float("nan")}, {}, True),
        ("tiphoogte_m onbekend", {"tiphoogte_m": "hoog"}, {}, True),
        ("tiphoogte_m onbekend", {"tiphoogte_m": 0.0}, {}, False),
        ("hoogte_max_m onbekend", {"tiphoogte_m": 250.0}, {"hoogte_max_m": None}, True),
        ("spanning_kv = 380", {"spanning_kv": 380.0}, {}, True),
        ("boordiepte_m <= 0.5", {"boordiepte_m": 0.5}, {}, True),
        ("boordiepte_m < 0.5", {"boordiepte_m": 0.5}, {}, False),
    ],
)
def test_a_condition_holds_only_for_what_is_known(text: str, own: dict[str, float], opgave: dict[str, float], expected: bool) -> None:
    condition = read_voorwaarde(text)
    assert condition.holds(own, opgave) is expected
    assert read_voorwaarde(str(condition)) == condition


def rule(code: str, gebied: str | None, relatie: str, condition: Voorwaarde | None, reach: tuple[float, float] = (0.0, 0.0)) -> Regel:
    attribute = "tiphoogte_m" if reach[1] else None
    return Regel(
        *(code, "WIND", "NA-N2K", relatie, reach[0] or None, attribute, reach[1] or None, condition),
        *("ZWAARWEGEND", "JURIDISCH", "Reden.", "Bron", True),
        gebied=gebied,
    )


PLACES = st.tuples(
    st.sampled_from(["OVERLAPT", "BINNEN_AFSTAND"]),
    st.sampled_from(
        [None, Voorwaarde("tiphoogte_m"), Voorwaarde("tiphoogte_m", ">", 100.0), Voorwaarde("tiphoogte_m", ">", "hoogte_max_m")]
    ),
)


@given(national=st.sets(PLACES), own=st.sets(PLACES), other=st.sets(PLACES))
def test_a_provincie_replaces_exactly_the_national_rules_it_names(national: set, own: set, other: set) -> None:
    rules = [
        rule(f"{gebied or 'NL'}-{number}", gebied, *place)
        for gebied, places in ((None, national), ("PV25", own), ("PV26", other))
        for number, place in enumerate(sorted(places, key=str))
    ]
    regelset = Regelset("proef", tuple(rules))
    found = regelset.for_pair("WIND", "NA-N2K", "PV25", TODAY)
    assert {each.place for each in found} == national | own
    assert {each.place for each in found if each.gebied == "PV25"} == own
    assert {each.place for each in found if each.gebied is None} == national - own
    assert len(found) == len(national | own)
    assert {each.place for each in regelset.for_pair("WIND", "NA-N2K", None, TODAY)} == national
    assert {regelset.replaces(each, TODAY) is not None for each in found if each.gebied} <= {True, False}
    assert all((regelset.replaces(each, TODAY) is not None) == (each.place in national) for each in found if each.gebied)


@given(
    reaches=st.lists(st.tuples(st.floats(0, 5_000), st.floats(0, 10)), min_size=1, max_size=5),
    height=st.none() | st.floats(0, 400),
    taller=st.floats(0, 400),
)
def test_the_reach_of_a_pair_is_the_greatest_of_its_rules(reaches: list, height: float | None, taller: float) -> None:
    regelset = Regelset("proef", tuple(rule(f"R-{n}", None, "BINNEN_AFSTAND", None, each) for n, each in enumerate(reaches)))
    reach = regelset.reach_m("WIND", "NA-N2K", {"tiphoogte_m": height})
    assert reach == max(each.reach_m({"tiphoogte_m": height}) for each in regelset)
    assert reach >= regelset.reach_m("WIND", "NA-N2K", {})
    assert regelset.reach_m("WIND", "NA-N2K", {"tiphoogte_m": (height or 0) + taller}) >= reach
    assert regelset.reach_m("WIND", "LV-LIB", {"tiphoogte_m": height}) == 0


def test_a_rule_counts_from_its_first_day_until_the_day_before_its_end(begrippen: Begrippen, tmp_path: Path) -> None:
    write(
        tmp_path, GOOD.removesuffix(",,") + ",2026-01-01,2027-01-01", GOOD.replace("EIGEN-1", "EIGEN-2").removesuffix(",,") + ",2027-01-01,"
    )
    regelset = read_regels((SEED, tmp_path), begrippen)
    codes = [
        [each.code for each in regelset.for_pair("WIND", "NA-N2K", "PV25", day)]
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert codes == [["R-WIND-N2K"], ["EIGEN-1"], ["EIGEN-1"], ["EIGEN-2"]]


def test_the_version_follows_every_change_in_the_rows_and_not_their_order(begrippen: Begrippen, tmp_path: Path) -> None:
    before = read_regels((SEED,), begrippen).versie
    assert before.startswith("2026-11-")
    second = GOOD.replace("EIGEN-1", "EIGEN-2").replace("PV25", "PV26")
    write(tmp_path, GOOD, second)
    added = read_regels((SEED, tmp_path), begrippen).versie
    write(tmp_path, second, GOOD)
    assert read_regels((SEED, tmp_path), begrippen).versie == added != before
    write(tmp_path, second, GOOD.replace("Reden.", "Andere reden."))
    assert read_regels((SEED, tmp_path), begrippen).versie not in (added, before)


def test_every_fault_is_named_with_file_row_field_value_and_remedy(begrippen: Begrippen, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "X1,WINDT,NA-N2000,OVERLAP,,,,,ZWAAR,HARD,Reden.,Bron,misschien,GM0344,,",
        "R-WIND-N2K,WIND,NA-STI,OVERLAPT,,,,,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "X3,WIND,NA-N2K,OVERLAPT,,,,,GEEN,BELEID,,,ja,,,",
        "X4,WIND,NA-STI,BINNEN_AFSTAND,,,,,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "X5,WIND,NA-STI,OVERLAPT,30,,,,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        'X6,WIND,NA-STI,BINNEN_AFSTAND,"1,5",hoogte,nan,,GEEN,BELEID,Reden.,Bron,ja,PV25,,',
        "X7,WIND,NA-STI,BINNEN_AFSTAND,30,tiphoogte_m,,,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "X8,WIND,NA-STI,OVERLAPT,,,,tiphoogte > 30,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "X9,WIND,NA-STI,OVERLAPT,,,,tiphoogte_m > hoog,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "X10,WIND,NA-STI,OVERLAPT,,,,te hoog,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "X11,WIND,NA-STI,OVERLAPT,,,,,GEEN,BELEID,Reden.,Bron,ja,PV25,2026-13-01,1-1-2027",
        "X12,WIND,NA-STI,OVERLAPT,,,,,GEEN,BELEID,Reden.,Bron,ja,PV25,2027-01-01,2026-01-01",
        "X13,BATT,WB-RAK,OVERLAPT,,,,,UITSLUITING,JURIDISCH,Reden.,Bron,ja,PV25,,",
        "X14,WIND,NA-N2K,OVERLAPT,,,,,UITSLUITING,BELEID,Reden.,Bron,ja,PV25,,",
        "X15,WIND,EN-CON,OVERLAPT,,,,,UITSLUITING,JURIDISCH,Reden.,Bron,ja,PV25,,",
        "X16,WIND,NA-N2K,ONBEKEND,,,,,GEEN,BELEID,Reden.,Bron,ja,PV25,,",
        "x17,WIND,NA-N2K,OVERLAPT,,,,,GEEN,BELEID,Reden.,Bron,ja,PV26,,",
        "X18,WIND",
        "X19,WIND,NA-N2K,OVERLAPT,,,,,GEEN,BELEID,Reden.,Bron,ja,,,",
    )
    told = faults_of(begrippen, tmp_path)
    for said in (
        "2: 'objectgroep' is 'WINDT', en dat staat niet in",
        "2: 'beperking' is 'NA-N2000', en dat staat niet in",
        "2: 'relatie' is 'OVERLAP', en dat staat niet in",
        "2: 'ernst' is 'ZWAAR', en dat staat niet in",
        "2: 'hardheid' is 'HARD', en dat staat niet in",
        "2: 'bevestigd' is 'misschien'; schrijf ja of nee",
        "2: 'gebied' is 'GM0344': laat het leeg",
        "3: 'code' is 'R-WIND-N2K', en die staat al in",
        "4: de kolom 'reden' is leeg; vul haar",
        "4: de kolom 'bron' is leeg; vul haar",
        "5: 'relatie' is 'BINNEN_AFSTAND' zonder afstand; vul afstand_m",
        "6: 'relatie' is 'OVERLAPT' met een afstand; schrijf BINNEN_AFSTAND",
        "7: 'afstand_m' is '1,5' in plaats van een getal",
        "7: 'afstand_factor' is 'nan' in plaats van een getal",
        "7: 'afstand_attribuut' is 'hoogte'; kies uit vermogen_mw",
        "8: 'afstand_attribuut' is 'tiphoogte_m' en 'afstand_factor' ''; vul beide of geen van beide",
        "9: 'voorwaarde' is 'tiphoogte > 30': 'tiphoogte' is onbekend; kies uit",
        "10: 'voorwaarde' is 'tiphoogte_m > hoog': 'hoog' is geen getal",
        "11: 'voorwaarde' is 'te hoog': onleesbaar; schrijf bijvoorbeeld",
        "12: 'geldig_vanaf' is '2026-13-01' in plaats van een datum",
        "12: 'geldig_tot' is '1-1-2027' in plaats van een datum",
        "13: 'geldig_tot' is '2026-01-01'; dat ligt niet na",
        "14: 'ernst' is 'UITSLUITING' bij WB-RAK, en dat is beleid (regime WBS); kies hoogstens ZWAARWEGEND",
        "15: 'hardheid' is 'BELEID' bij UITSLUITING; alleen wat JURIDISCH is sluit uit",
        "16: 'ernst' is 'UITSLUITING' bij EN-CON, dat geen wettelijk regime kent",
        "17: 'relatie' is 'ONBEKEND', en dat kan een regel niet vragen",
        "18: 'code' is 'x17'; gebruik hoofdletters",
        "19: 2 waarden bij 16 kolommen",
        "20: X19 gaat over hetzelfde als R-WIND-N2K",
    ):
        assert f"{path}:{said}" in told


def test_a_file_for_another_regelset_or_without_columns_is_refused(begrippen: Begrippen, tmp_path: Path) -> None:
    older = write(tmp_path, GOOD, name="2025-01")
    wrong = write(tmp_path, "X", name="2026-11", header=("code", "kleur", "kleur"))
    odd = write(tmp_path, GOOD, name="eigen")
    told = faults_of(begrippen, tmp_path)
    assert f"{older}: hoort niet bij de regelset 2026-11; loop de rijen na en noem het bestand 2026-11.csv" in told
    assert f"{wrong}: de kolom 'reden' ontbreekt" in told
    assert f"{wrong}: de kolom 'kleur' is onbekend; haal haar weg" in told
    assert f"{wrong}: de kolom 'kleur' staat er meer dan eens" in told
    assert f"{odd}: noem het bestand naar jaar en maand" in told
    with pytest.raises(ConfigurationFault, match="er zijn geen regels"):
        read_regels((tmp_path / "leeg",), begrippen)


def test_a_beperking_that_says_too_little_is_refused(tmp_path: Path) -> None:
    (tmp_path / "begrippen").mkdir()
    path = tmp_path / "begrippen" / "beperking.csv"
    path.write_text("code,naam,definitie,bron,ouder,exact_match,regime\nXX-1,Iets,Iets.,Bron,NATUUR,,WET\n", encoding="utf-8")
    with pytest.raises(ConfigurationFault) as fault:
        read_begrippen((SEED, tmp_path))
    told = "\n".join(fault.value.errors)
    for said in ("de kolom 'hardheid' is leeg", "de kolom 'gezag' is leeg", "'WET' staat niet in de lijst 'regime'"):
        assert f"{path}:2: {said}" in told
