"""The effective energiebeeld of a land: its newest concept, and over it what parties in gebieden stand behind."""

from .conftest import CONCEPT, LAND, NEW, A, B, Beeld, C, Cijfer, D, Desk, E

ACTUEEL = "NL01-2026-actueel"
EVERY = (Cijfer(A, 1), Cijfer(B, 2), Cijfer(C, 4), Cijfer(D, 8))
GAS = {"drager": "AARDGAS"}


def correction(gebied: str, waarde: float | None, **more: object) -> Cijfer:
    return Cijfer(gebied, waarde, herkomst="CORRECTIE_GEBIED", **more)


def es98(concept: int, **more: object) -> Beeld:
    return Beeld("ES98-2026-1.0", "ES98", CONCEPT, [concept], **more)


def actueel(desk: Desk, drager: str = "") -> dict[str, dict[str, object]]:
    return {row["gebied"]: row for row in desk.figures() if row["energiebeeld"] == ACTUEEL and row["drager"] == drager}


def values(rows: dict[str, dict[str, object]]) -> dict[str, object]:
    return {gebied: row["waarde"] for gebied, row in rows.items()}


def test_without_a_gedragen_version_nothing_is_made(desk: Desk):
    concept = desk.deliver(EVERY)
    assert {row["energiebeeld"] for row in desk.figures()} == {CONCEPT}
    desk.deliver([correction(B, 2.5)], bron="regio", beeld=es98(concept, status="IN_BEWERKING"))
    assert actueel(desk) == {}


def test_gedragen_figures_are_in_every_sum_and_the_concept_stays_as_it_was(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([correction(B, 2.5)], bron="regio", beeld=es98(concept))
    found = actueel(desk)
    assert values(found) == {
        A: 1, B: 2.5, C: 4, D: 8, "PV98": 3.5, "PV99": 12, "ES97": 1, "ES98": 6.5, "ES99": 8, LAND: 15.5,
    }  # fmt: skip
    assert (found[B]["herkomst"], found[B]["bron"], found[C]["herkomst"]) == ("CORRECTIE_GEBIED", "regio", "CONCEPT_RIJK")
    assert (found[LAND]["oordeel"], found[LAND]["kinderen"], found[LAND]["bron"]) == ("SLUITEND", 4, "bron-a, regio")
    assert desk.figure(LAND, energiebeeld=CONCEPT)["waarde"] == 15


def test_remainders_and_delivered_totals_are_judged_as_anywhere(desk: Desk):
    concept = desk.deliver((*EVERY, Cijfer("PV99-NTI", 10), Cijfer(LAND, 25)))
    desk.deliver([correction(B, 2.5)], bron="regio", beeld=es98(concept))
    found, names = actueel(desk)[LAND], ("waarde", "som", "rest", "geleverd", "verschil", "oordeel")
    assert [found[name] for name in names] == [25.5, 15.5, 10, 25, -0.5, "NIET_SLUITEND"]
    assert desk.figure(LAND, energiebeeld=CONCEPT)["oordeel"] == "SLUITEND_MET_REST"


def test_additions_are_added_and_withdrawals_hide_what_the_concept_says(desk: Desk):
    concept = desk.deliver((*EVERY, Cijfer(A, 3, **GAS), Cijfer(B, 7, **GAS), Cijfer(D, 5, **GAS)))
    own = (Cijfer(C, 9, herkomst="AANVULLING_GEBIED", **GAS), correction(B, None, reden_leeg="NVT", **GAS))
    desk.deliver(own, bron="regio", beeld=es98(concept))
    found = actueel(desk, "AARDGAS")
    assert B not in found
    assert (found[LAND]["waarde"], found[LAND]["som"], found[LAND]["ontbrekend"], found[LAND]["oordeel"]) == (None, 17, [B], "ONVOLLEDIG")
    assert found["PV99"]["waarde"] == 14
    assert desk.figure(B, energiebeeld=CONCEPT, drager="AARDGAS")["waarde"] == 7


def test_a_version_counts_only_within_its_own_area(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([correction(B, 2.5), correction(A, 100), correction("PV98", 200), correction("ES98-NTI", 0.5)], "regio", es98(concept))
    found = actueel(desk)
    assert (found[A]["waarde"], found["PV98"]["waarde"], found["PV98"]["geleverd"]) == (1, 3.5, None)
    # What the regio did not assign is in its own sum, and in that of the land as no provincie has a rest.
    assert (found["ES98"]["waarde"], found[LAND]["waarde"]) == (7, 16)


def test_where_two_overlap_the_one_that_was_gedragen_last_wins(desk: Desk):
    concept = desk.deliver(EVERY)
    for regio, provincie, expected in (("2026-02-01", "2026-03-01", 2.7), ("2026-04-01", "2026-03-01", 2.5)):
        desk.deliver([correction(B, 2.5), correction(C, 4.5)], "regio", es98(concept, datum_gedragen=regio))
        later = Beeld("PV98-2026-1.0", "PV98", CONCEPT, [concept], datum_gedragen=provincie)
        desk.deliver([correction(A, 1.5), correction(B, 2.7)], "provincie", later)
        assert values(actueel(desk))[LAND] == 1.5 + expected + 4.5 + 8


def test_the_last_version_of_a_gebied_counts_with_those_it_lies_over(desk: Desk):
    concept = desk.deliver(EVERY)
    first = desk.deliver([correction(B, 2.5)], "regio", es98(concept))
    over = Beeld("ES98-2026-1.1", "ES98", "ES98-2026-1.0", [first], datum_gedragen="2026-05-01")
    desk.deliver([correction(C, 4.5)], "regio-2", over)
    assert values(actueel(desk))["ES98"] == 7
    # A version that starts again from the concept no longer has what the first one said.
    desk.deliver([correction(C, 4.25)], "regio-2", Beeld("ES98-2026-2.0", "ES98", CONCEPT, [concept], datum_gedragen="2026-06-01"))
    assert values(actueel(desk))["ES98"] == 6.25


def test_a_new_concept_goes_into_it_and_not_into_the_gedragen_version(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([correction(B, 2.5)], "regio", es98(concept))
    before = [row | {"rij": 0} for row in desk.figures() if row["energiebeeld"] == "ES98-2026-1.0"]
    desk.deliver([Cijfer(code, 1_000) for code in (A, B, C, D)])
    assert [row | {"rij": 0} for row in desk.figures() if row["energiebeeld"] == "ES98-2026-1.0"] == before
    assert values(actueel(desk)) == {
        A: 1_000, B: 2.5, C: 1_000, D: 1_000, "PV98": 1_002.5, "PV99": 2_000, "ES97": 1_000, "ES98": 1_002.5, "ES99": 1_000, LAND: 3_002.5,
    }  # fmt: skip


def test_the_newest_concept_is_the_one_with_the_highest_version(desk: Desk):
    concept = desk.deliver(EVERY)
    desk.deliver([correction(B, 2.5)], "regio", es98(concept))
    desk.deliver([Cijfer(code, 10) for code in (A, B, C, D)], "bron-b", Beeld("NL01-2026-0.10"))
    desk.deliver([Cijfer(code, 20) for code in (A, B, C, D)], "bron-c", Beeld("NL01-2026-0.9"))
    assert values(actueel(desk))[LAND] == 32.5


def test_what_is_said_of_a_gemeente_that_is_no_more_is_left_out_and_told(desk: Desk):
    concept = desk.deliver([Cijfer(code, 1, jaar=2030) for code in (A, B, C, D)])
    desk.deliver([correction(D, 9, jaar=2030)], "regio", Beeld("ES99-2026-1.0", "ES99", CONCEPT, [concept]))
    assert values(actueel(desk))[LAND] == 12
    desk.deliver([Cijfer(code, 1, jaar=2030, indeling=NEW) for code in (A, B, E)])
    told: list[str] = []
    desk.connection.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
    assert values(actueel(desk))[LAND] == 3
    assert any(f"in energiebeeld {ACTUEEL} ontbreken 1 cijfers van bron regio" in each and D in each for each in told)
    assert desk.figure(D, energiebeeld="ES99-2026-1.0")["waarde"] == 9
