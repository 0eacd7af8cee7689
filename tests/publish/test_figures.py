"""What is published of figures: sums, remainders, gaps and verdicts, with numbers that can be checked on paper."""

import datetime as dt

import pytest

from app.problems import ConfigurationFault

from .conftest import CONCEPT, LAND, LEVERING, NEW, OLD, A, B, Beeld, C, Cijfer, D, Desk, E

EVERY = (Cijfer(A, 1), Cijfer(B, 2), Cijfer(C, 4), Cijfer(D, 8))


def shown(row, *names):
    return tuple(row[name] for name in names)


def test_every_level_is_the_sum_of_its_gemeenten(desk: Desk):
    desk.deliver(EVERY)
    found = {row["gebied"]: row for row in desk.figures()}
    assert {code: row["waarde"] for code, row in found.items()} == {
        A: 1, B: 2, C: 4, D: 8, "PV98": 3, "PV99": 12, "ES97": 1, "ES98": 6, "ES99": 8, LAND: 15,
    }  # fmt: skip
    land = found[LAND]
    assert shown(land, "niveau", "gebied_naam", "oordeel", "kinderen", "som", "rest", "geleverd", "verschil", "ontbrekend") == (
        "LAND", "Nederland", "SLUITEND", 4, 15, None, None, None, None,
    )  # fmt: skip
    assert shown(land, "herkomst", "bron", "levering_id", "soort", "thema", "eenheid", "peiljaar") == (
        "AFGELEID", "bron-a", None, "REALISATIE", "VRAAG", "TJ", 2024,
    )  # fmt: skip
    assert shown(found[A], "niveau", "gebied_naam", "herkomst", "oordeel", "kinderen") == (
        "GEMEENTE",
        "Gemeente 1",
        "CONCEPT_RIJK",
        None,
        None,
    )


def test_rows_are_numbered_in_the_order_of_the_key(desk: Desk):
    desk.deliver((*EVERY, Cijfer(A, 5, drager="AARDGAS"), Cijfer(A, 6, jaar=2021), Cijfer(A, 7, indicator="ruw")))
    rows = desk.figures()
    assert [row["rij"] for row in rows] == list(range(1, len(rows) + 1))
    names = ["energiebeeld", "niveau", "gebied", "indicator", "drager", "subsector", "techniek", "richting", "jaar", "beeld"]
    keys = [shown(row, *names) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_a_regio_across_two_provincies_counts_its_gemeenten_in_both(desk: Desk):
    desk.deliver(EVERY)
    assert shown(desk.figure("ES98"), "waarde", "kinderen", "gebied_naam", "niveau") == (6, 2, "Regio 98", "REGIO")


def test_keten_and_hoofdsector_follow_from_the_code_lists(desk: Desk):
    desk.deliver([Cijfer(A, 1, drager="AARDGAS", subsector="WONINGEN")])
    assert shown(desk.figure(A), "drager", "keten", "subsector", "hoofdsector", "techniek") == (
        "AARDGAS", "KOOLSTOF", "WONINGEN", "WONEN", "",
    )  # fmt: skip


def test_what_is_not_assigned_is_in_the_sum_of_its_parent_and_of_the_land(desk: Desk):
    desk.deliver((*EVERY, Cijfer("NL01-NTI", 100), Cijfer("PV99-NTI", 10), Cijfer(LAND, 125)))
    found = {row["gebied"]: row for row in desk.figures()}
    names = ("waarde", "som", "rest", "geleverd", "verschil", "oordeel")
    assert shown(found["PV99"], *names) == (22, 12, 10, None, None, "SLUITEND_MET_REST")
    assert shown(found["PV98"], *names) == (3, 3, None, None, None, "SLUITEND")
    assert shown(found[LAND], *names) == (125, 15, 110, 125, 0, "SLUITEND_MET_REST")
    assert shown(found["NL01-NTI"], "niveau", "waarde", "oordeel", "gebied_naam") == ("NTI", 100, None, "Nederland (niet toegedeeld)")


def test_what_regios_did_not_assign_counts_in_the_land_only_where_provincies_have_no_rest(desk: Desk):
    desk.deliver((*EVERY, Cijfer("ES98-NTI", 10)))
    assert shown(desk.figure(LAND), "waarde", "rest") == (25, 10)
    desk.deliver((*EVERY, Cijfer("ES98-NTI", 10), Cijfer("PV99-NTI", 16)))
    assert shown(desk.figure(LAND), "waarde", "rest") == (31, 16)


def test_a_rest_of_zero_is_no_rest_and_an_empty_rest_is_missing(desk: Desk):
    desk.deliver((*EVERY, Cijfer("NL01-NTI", 0), Cijfer("PV98-NTI", None, reden_leeg="ONTHULLING")))
    found = {row["gebied"]: row for row in desk.figures()}
    assert shown(found["PV98"], "waarde", "oordeel", "ontbrekend", "reden_leeg", "som") == (None, "ONVOLLEDIG", ["PV98-NTI"], "ONBEKEND", 3)
    assert shown(found[LAND], "waarde", "oordeel", "ontbrekend") == (None, "ONVOLLEDIG", ["PV98-NTI"])
    desk.deliver((*EVERY, Cijfer("NL01-NTI", 0)))
    assert shown(desk.figure(LAND), "waarde", "rest", "oordeel") == (15, 0, "SLUITEND")


def test_a_missing_gemeente_is_named_and_the_sum_of_the_others_is_shown(desk: Desk):
    desk.deliver((Cijfer(A, 1), Cijfer(B, None, reden_leeg="ONTHULLING"), Cijfer(C, 4)))
    found = {row["gebied"]: row for row in desk.figures()}
    names = ("waarde", "reden_leeg", "som", "oordeel", "kinderen", "ontbrekend", "herkomst")
    assert shown(found[LAND], *names) == (None, "ONBEKEND", 5, "ONVOLLEDIG", 4, [B, D], "AFGELEID")
    assert shown(found["PV98"], *names) == (None, "ONBEKEND", 1, "ONVOLLEDIG", 2, [B], "AFGELEID")
    assert shown(found["ES97"], "waarde", "oordeel") == (1, "SLUITEND")
    assert "ES99" not in found
    assert shown(found[B], "waarde", "reden_leeg") == (None, "ONTHULLING")


def test_with_a_missing_gemeente_the_delivered_figure_stands(desk: Desk):
    desk.deliver((Cijfer(A, 1), Cijfer(B, 2), Cijfer(C, 4), Cijfer("PV99", 13, kwaliteit="GEMETEN"), Cijfer("ES99", 9)))
    found = {row["gebied"]: row for row in desk.figures()}
    names = ("waarde", "geleverd", "som", "verschil", "oordeel", "ontbrekend", "herkomst", "kwaliteit")
    assert shown(found["PV99"], *names) == (13, 13, 4, 9, "ONVOLLEDIG", [D], "CONCEPT_RIJK", "GEMETEN")
    assert shown(found["ES99"], *names) == (9, 9, None, None, "ONVOLLEDIG", [D], "CONCEPT_RIJK", "GEREGISTREERD")
    assert found["PV99"]["levering_id"] is not None


def test_zero_is_a_value(desk: Desk):
    desk.deliver((Cijfer(A, 0), Cijfer(B, 0), Cijfer(C, 0), Cijfer(D, 0), Cijfer(LAND, 0)))
    assert shown(desk.figure(LAND), "waarde", "som", "verschil", "oordeel", "ontbrekend") == (0, 0, 0, "SLUITEND", None)


def test_a_delivered_figure_that_differs_is_shown_beside_the_sum(desk: Desk):
    desk.deliver((*EVERY, Cijfer(LAND, 15.02), Cijfer("PV98", 3.011)))
    names = ("waarde", "geleverd", "oordeel")
    # Two decimals: each gemeente may be 0.005 off, so four of them 0.02.
    assert shown(desk.figure(LAND), *names) == (15, 15.02, "SLUITEND")
    assert shown(desk.figure("PV98"), *names) == (3, 3.011, "NIET_SLUITEND")
    assert desk.figure("PV98")["verschil"] == pytest.approx(0.011)
    assert desk.figure("PV98")["herkomst"] == "AFGELEID"


def test_a_difference_of_exactly_the_tolerance_closes(desk: Desk):
    # In binary 100.3 less 100.1 and 0.19 is more than 0.01.
    desk.deliver((Cijfer(A, 100.1), Cijfer(B, 0.19), Cijfer("PV98", 100.3)))
    assert shown(desk.figure("PV98"), "som", "verschil", "oordeel") == (100.29, 0.01, "SLUITEND")


def test_an_indicator_may_declare_its_tolerance(desk: Desk):
    desk.deliver(
        [Cijfer(each.gebied, each.waarde, indicator="ruw") for each in EVERY] + [Cijfer(LAND, 20, "ruw"), Cijfer("PV98", 9, "ruw")]
    )
    assert desk.figure(LAND)["oordeel"] == "SLUITEND"
    assert desk.figure("PV98")["oordeel"] == "NIET_SLUITEND"


def test_a_level_stands_alone_where_no_gemeente_has_the_figure(desk: Desk):
    desk.deliver((Cijfer("PV98", 30), Cijfer(LAND, 70), Cijfer("NL01-NTI", 5)))
    names = ("waarde", "geleverd", "som", "oordeel", "kinderen", "herkomst")
    assert shown(desk.figure("PV98"), *names) == (30, 30, None, None, None, "CONCEPT_RIJK")
    assert shown(desk.figure(LAND), *names) == (70, 70, None, None, None, "CONCEPT_RIJK")


def test_what_is_known_per_provincie_only_adds_up_to_the_land(desk: Desk):
    desk.deliver((Cijfer("PV98-NTI", 30), Cijfer("PV99-NTI", 40)))
    names = ("waarde", "rest", "som", "oordeel", "kinderen")
    assert shown(desk.figure("PV98"), *names) == (30, 30, None, "SLUITEND_MET_REST", None)
    assert shown(desk.figure(LAND), *names) == (70, 70, None, "SLUITEND_MET_REST", None)
    desk.deliver([Cijfer("PV98-NTI", 30)])
    assert shown(desk.figure(LAND), "waarde", "rest", "oordeel", "ontbrekend") == (None, 30, "ONVOLLEDIG", ["PV99"])


def test_a_mean_is_weighted(desk: Desk):
    homes = (Cijfer(A, 10, "woningen"), Cijfer(B, 30, "woningen"), Cijfer(C, 20, "woningen"), Cijfer(D, 40, "woningen"))
    means = (Cijfer(A, 1000, "gas-per-woning"), Cijfer(B, 1200, "gas-per-woning"), Cijfer(C, 900, "gas-per-woning"))
    desk.deliver((*homes, *means, Cijfer("PV98", 1151, "gas-per-woning"), Cijfer("ES97", 1002, "gas-per-woning")))
    found = {row["gebied"]: row for row in desk.figures() if row["indicator"] == "gas-per-woning"}
    # Ten homes with 1000 and thirty with 1200: 46 000 over forty.
    assert shown(found["PV98"], "som", "waarde", "oordeel", "methode") == (
        1150, 1150, "SLUITEND", "Gemiddelde van de gemeenten, gewogen met woningen",
    )  # fmt: skip
    assert shown(found["ES97"], "waarde", "verschil", "oordeel") == (1000, 2, "NIET_SLUITEND")
    assert shown(found["ES98"], "waarde") == ((30 * 1200 + 20 * 900) / 50,)
    assert shown(found["PV99"], "som", "waarde", "oordeel", "ontbrekend") == (900, None, "ONVOLLEDIG", [D])


def test_a_mean_without_its_weight_is_no_mean(desk: Desk):
    desk.deliver((Cijfer(A, 1000, "gas-per-woning"), Cijfer(B, 1200, "gas-per-woning"), Cijfer(A, 10, "woningen")))
    found = {row["gebied"]: row for row in desk.figures() if row["indicator"] == "gas-per-woning"}
    assert shown(found["PV98"], "waarde", "oordeel", "ontbrekend") == (None, "ONVOLLEDIG", [B])
    assert shown(found["ES97"], "waarde", "oordeel") == (1000, "SLUITEND")


def test_without_any_weight_each_level_stands_by_itself(desk: Desk):
    desk.deliver((Cijfer(A, 1000, "gas-per-woning"), Cijfer(B, 1200, "gas-per-woning"), Cijfer("PV98", 1100, "gas-per-woning")))
    assert {row["gebied"]: row["oordeel"] for row in desk.figures()} == {A: None, B: None, "PV98": "NIET_OPTELBAAR"}


def test_the_weight_is_split_as_the_mean_is_where_it_can_be(desk: Desk):
    desk.deliver((
        Cijfer(A, 1000, "gas-per-woning", drager="AARDGAS", subsector="WONINGEN"),
        Cijfer(B, 2000, "gas-per-woning", drager="AARDGAS", subsector="WONINGEN"),
        Cijfer(A, 1, "woningen"), Cijfer(B, 1, "woningen"),
        Cijfer(A, 3, "woningen", subsector="WONINGEN"), Cijfer(B, 1, "woningen", subsector="WONINGEN"),
    ))  # fmt: skip
    assert desk.figure("PV98", indicator="gas-per-woning")["waarde"] == 1250


@pytest.mark.parametrize("indicator", ["piekvraag", "hoogste-piek"])
def test_peaks_are_never_added(desk: Desk, indicator: str):
    desk.deliver(
        [Cijfer(each.gebied, each.waarde, indicator) for each in EVERY] + [Cijfer("PV98", 2.5, indicator), Cijfer("PV99-NTI", 1, indicator)]
    )
    found = {row["gebied"]: row for row in desk.figures()}
    assert set(found) == {A, B, C, D, "PV98", "PV99-NTI"}
    assert shown(found["PV98"], "waarde", "geleverd", "som", "oordeel") == (2.5, 2.5, None, "NIET_OPTELBAAR")
    assert found[A]["oordeel"] is None


def test_each_year_is_added_in_its_own_division(desk: Desk):
    later = [Cijfer(code, value, jaar=2023, indeling=NEW) for code, value in ((A, 1), (B, 2), (E, 12))]
    desk.deliver((*EVERY, *later))
    found = {(row["gebied"], row["jaar"]): row for row in desk.figures()}
    assert shown(found["ES98", 2022], "waarde", "kinderen", "indeling") == (6, 2, dt.date(2022, 1, 1))
    assert shown(found["ES98", 2023], "waarde", "kinderen") == (14, 2)
    assert shown(found[LAND, 2022], "waarde", "kinderen") == (15, 4)
    assert shown(found[LAND, 2023], "waarde", "kinderen") == (15, 3)
    assert ("ES99", 2023) not in found


def test_divisions_do_not_mix_in_one_sum(desk: Desk):
    desk.deliver((Cijfer(A, 1, indeling=NEW), Cijfer(B, 2, indeling=OLD)))
    assert desk.figure("PV98")["waarde"] == 3
    desk.deliver((Cijfer(A, 1), Cijfer(D, 8), Cijfer(E, 12, indeling=NEW)))
    with pytest.raises(ConfigurationFault, match=f"{D}.*bron-a"):
        desk.figures()


def test_the_worst_quality_wins(desk: Desk):
    desk.deliver(
        (Cijfer(A, 1, kwaliteit="GEMETEN"), Cijfer(B, 2, kwaliteit="GESCHAT"), Cijfer(C, 4), Cijfer(D, 8, kwaliteit="GEMODELLEERD"))
    )
    found = {row["gebied"]: row["kwaliteit"] for row in desk.figures()}
    assert (found["PV98"], found["PV99"], found["ES97"], found[LAND]) == ("GESCHAT", "GEMODELLEERD", "GEMETEN", "GESCHAT")


def test_bounds_add(desk: Desk):
    desk.deliver((Cijfer(A, 10, ondergrens=8, bovengrens=13), Cijfer(B, 20, ondergrens=15, bovengrens=21), Cijfer(C, 5), Cijfer(D, 6)))
    assert shown(desk.figure("PV98"), "ondergrens", "waarde", "bovengrens") == (23, 30, 34)
    assert shown(desk.figure("PV99"), "ondergrens", "waarde", "bovengrens") == (None, 11, None)
    assert shown(desk.figure(LAND), "ondergrens", "waarde", "bovengrens") == (34, 41, 45)


def test_figures_that_are_split_are_not_added_to_those_that_are_not(desk: Desk):
    desk.deliver((*EVERY, Cijfer(A, 7, drager="AARDGAS")))
    found = {(row["gebied"], row["drager"]): row["waarde"] for row in desk.figures()}
    assert (found[LAND, ""], found["ES97", "AARDGAS"], found[LAND, "AARDGAS"]) == (15, 7, None)


def test_the_demo_does_not_count_in_real_gebieden(desk: Desk):
    desk.deliver(EVERY)
    row = desk.connection.execute(LEVERING, ["demo", "Demo", OLD]).fetchone()
    desk.connection.execute("update facts.levering set demo = true where id = %s", [row[0]])
    desk.connection.execute("insert into facts.gebied_relatie values (%s, 'GM9999', 'PV98', 'PROVINCIE', 'Demo', %s, null)", [row[0], OLD])
    assert shown(desk.figure("PV98"), "waarde", "kinderen", "gebied_naam") == (3, 2, "Provincie 98")
    assert desk.figure(LAND)["kinderen"] == 4


def test_potential_is_never_added_to_what_is(desk: Desk):
    desk.deliver((Cijfer(A, 1), Cijfer(B, 2, soort="POTENTIE")))
    with pytest.raises(ConfigurationFault, match="potenties"):
        desk.figures()


def test_all_sources_of_a_sum_are_named(desk: Desk):
    desk.deliver((Cijfer(A, 1), Cijfer(D, 8)), peildatum="2023-06-01")
    desk.deliver((Cijfer(B, 2), Cijfer(C, 4)), bron="bron-b")
    found = {row["gebied"]: (row["bron"], row["peiljaar"]) for row in desk.figures()}
    assert found[LAND] == ("bron-a, bron-b", None)
    assert found["ES97"] == ("bron-a", 2023)
    assert found["ES98"] == ("bron-b", 2024)


def test_two_sources_may_not_deliver_the_same_figure(desk: Desk):
    desk.deliver(EVERY)
    desk.deliver([Cijfer(B, 2)], bron="bron-b")
    with pytest.raises(ConfigurationFault) as fault:
        desk.figures()
    assert fault.value.errors == (f"bronnen bron-a en bron-b leveren in energiebeeld {CONCEPT} allebei finale-vraag, 2022, HUIDIG van {B}",)


def test_an_unknown_indicator_is_named(desk: Desk):
    desk.deliver([Cijfer(A, 1, "geluk")])
    with pytest.raises(ConfigurationFault, match="geluk"):
        desk.figures()


def test_a_gedragen_version_lies_over_its_concept_within_its_own_area(desk: Desk):
    concept = desk.deliver((*EVERY, Cijfer(B, 7, drager="AARDGAS"), Cijfer("ES98", 6)))
    gedragen = Beeld("ES98-2026-1.0", "ES98", CONCEPT, [concept])
    own = (
        Cijfer(B, 2.5, herkomst="CORRECTIE_GEBIED"),
        Cijfer(C, 9, drager="AARDGAS", herkomst="AANVULLING_GEBIED"),
        Cijfer(B, None, drager="AARDGAS", herkomst="CORRECTIE_GEBIED", reden_leeg="NVT"),
    )
    desk.deliver(own, bron="regio", beeld=gedragen)
    found = {(row["gebied"], row["drager"]): row for row in desk.figures() if row["energiebeeld"] == gedragen.id}
    assert set(found) == {(B, ""), (C, ""), (C, "AARDGAS"), ("ES98", ""), ("ES98", "AARDGAS")}
    assert shown(found[B, ""], "waarde", "herkomst", "bron") == (2.5, "CORRECTIE_GEBIED", "regio")
    assert shown(found[C, ""], "waarde", "herkomst", "bron") == (4, "CONCEPT_RIJK", "bron-a")
    assert shown(found["ES98", ""], "waarde", "geleverd", "oordeel", "bron") == (6.5, 6, "NIET_SLUITEND", "bron-a, regio")
    assert shown(found["ES98", "AARDGAS"], "waarde", "som", "ontbrekend") == (None, 9, [B])
    concept_rows = {(row["gebied"], row["drager"]): row["waarde"] for row in desk.figures() if row["energiebeeld"] == CONCEPT}
    assert concept_rows["ES98", ""] == 6


def test_a_new_concept_never_touches_a_gedragen_version(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([Cijfer(B, 2.5, herkomst="CORRECTIE_GEBIED")], bron="regio", beeld=Beeld("ES98-2026-1.0", "ES98", CONCEPT, [concept]))

    def gedragen() -> list[dict[str, object]]:
        return [row | {"rij": 0} for row in desk.figures() if row["energiebeeld"] == "ES98-2026-1.0"]

    before = gedragen()
    desk.deliver([Cijfer(code, 1_000) for code in (A, B, C, D)])
    assert gedragen() == before
    assert desk.figure(LAND, energiebeeld=CONCEPT)["waarde"] == 4_000


def test_versions_may_lie_over_each_other(desk: Desk):
    concept = desk.deliver(EVERY)
    first = desk.deliver([Cijfer(B, 2.5)], bron="regio", beeld=Beeld("ES98-2026-1.0", "ES98", CONCEPT, [concept]))
    desk.deliver([Cijfer(C, 4.5)], bron="regio-2", beeld=Beeld("ES98-2026-1.1", "ES98", "ES98-2026-1.0", [first]))
    found = {row["gebied"]: row["waarde"] for row in desk.figures() if row["energiebeeld"] == "ES98-2026-1.1"}
    assert found == {B: 2.5, C: 4.5, "ES98": 7}


def test_a_version_of_a_provincie_has_the_regios_that_lie_wholly_in_it(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([Cijfer(A, 1.5)], bron="provincie", beeld=Beeld("PV98-2026-1.0", "PV98", CONCEPT, [concept]))
    found = {row["gebied"]: row["waarde"] for row in desk.figures() if row["energiebeeld"] == "PV98-2026-1.0"}
    assert found == {A: 1.5, B: 2, "PV98": 3.5, "ES97": 1.5}


def test_a_grondslag_that_is_gone_is_named(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([Cijfer(B, 2.5)], bron="regio", beeld=Beeld("ES98-2026-1.0", "ES98", CONCEPT, [concept, 999_999]))
    with pytest.raises(ConfigurationFault, match="999999"):
        desk.figures()


def test_sums_are_of_decimals_as_people_write_them(desk: Desk):
    # Added as doubles these make 1939.8490000000002 and 0.30000000000000004.
    desk.deliver((Cijfer(A, 1939.546), Cijfer(B, 0.1), Cijfer(C, 0.2), Cijfer(D, 0), Cijfer("PV99-NTI", 0.003), Cijfer(LAND, 1939.85)))
    assert shown(desk.figure("PV98"), "som", "waarde") == (1939.646, 1939.646)
    assert desk.figure("ES98")["som"] == 0.3
    names = ("waarde", "som", "rest", "verschil", "oordeel")
    assert shown(desk.figure(LAND), *names) == (1939.849, 1939.846, 0.003, 0.001, "SLUITEND_MET_REST")


def test_bounds_and_means_have_no_noise_either(desk: Desk):
    desk.deliver((
        Cijfer(A, 0.3, ondergrens=0.1, bovengrens=0.7), Cijfer(B, 0.3, ondergrens=0.2, bovengrens=0.1 + 0.7),
        Cijfer(A, 3, "woningen"), Cijfer(B, 7, "woningen"), Cijfer(A, 0.1, "gas-per-woning"), Cijfer(B, 0.2, "gas-per-woning"),
    ))  # fmt: skip
    assert shown(desk.figure("PV98", indicator="finale-vraag"), "ondergrens", "waarde", "bovengrens") == (0.3, 0.6, 1.5)
    # Three homes with 0.1 and seven with 0.2: 1.7 over ten.
    assert desk.figure("PV98", indicator="gas-per-woning")["waarde"] == 0.17


def test_more_digits_than_people_write_are_no_difference(desk: Desk):
    parts = {A: 79_797.481234567891, B: 1 / 3, C: 2 / 3, D: 0.1}
    desk.deliver([*(Cijfer(code, value) for code, value in parts.items()), Cijfer(LAND, sum(parts.values()))])
    assert shown(desk.figure(LAND), "verschil", "oordeel") == (0, "SLUITEND")
    assert desk.figure(A)["waarde"] == parts[A]


def test_the_same_facts_give_the_same_sum_in_any_order(desk: Desk):
    values = (0.1, 1e16, -1e16, 0.3)
    for order in (values, values[::-1]):
        desk.deliver([Cijfer(code, value) for code, value in zip((A, B, C, D), order, strict=True)])
        assert desk.figure(LAND)["waarde"] == 0.4
