"""What parties stand behind must add up: a gedragen energiebeeld whose totals do not close is refused, a concept is not."""

import pytest

from .test_figures import ENERGIEBEELD, GEDRAGEN, GROUND, Bureau

REGIO = {"gebied": "ES27", "eenheid": "TJ"}


@pytest.fixture
def bureau(steward, tmp_path):
    steward.query(GROUND)
    # ES27 has Den Haag and Rotterdam.
    steward.query(
        "insert into facts.gebied_relatie (levering_id, kind_code, ouder_code, ouder_soort, ouder_naam, geldig_vanaf)"
        " select id, 'GM0599', 'ES27', 'REGIO', 'ES27', '2022-01-01' from facts.levering where bron = 'grond' returning 1"
    )
    return Bureau(steward, tmp_path)


@pytest.fixture
def gedragen(bureau):
    """A concept in which Den Haag has 45 TJ and Rotterdam 36, and a source for what the regio makes of it."""
    bureau.deliver(bureau.csv({}, {"gebied": "0599", "waarde": "10"}))
    source = bureau.source({"energiebeeld": "ES27-2026-1.0"}, energiebeelden=[GEDRAGEN])
    return source.model_copy(update={"id": "gedragen"})


def test_a_total_of_its_own_that_does_not_close(bureau, gedragen, findings_of):
    path = bureau.csv({"waarde": "13", "herkomst": "CORRECTIE_GEBIED"}, {**REGIO, "waarde": "90"})
    (found,) = findings_of(bureau.refused(path, gedragen), "sluit-niet")
    assert (found.row, found.column, found.value) == (3, "waarde", "90")
    # 13 GWh is 46.8 TJ, with the 36 of the concept 82.8.
    assert found.reason == (
        "ES27 is 90 TJ, maar de gemeenten en wat niet is toegedeeld zijn samen 82.8; met dat verschil kan ES27-2026-1.0 niet GEDRAGEN zijn"
    )


@pytest.mark.parametrize(("total", "closes"), [("82,81", True), ("82,82", False), ("82,79", True), ("82,8", True)])
def test_the_tolerance_is_that_of_the_indicator(bureau, gedragen, total, closes):
    # Two decimals and two gemeenten: each may be 0.005 off.
    path = bureau.csv({"waarde": "13", "herkomst": "CORRECTIE_GEBIED"}, {**REGIO, "waarde": total})
    report = bureau.deliver(path, gedragen) if closes else bureau.refused(path, gedragen)
    assert report.outcome == ("opgeslagen" if closes else "geweigerd")


def test_what_is_not_assigned_counts(bureau, gedragen):
    rest = {"gebied": "ES27-NTI", "eenheid": "TJ", "waarde": "7,2"}
    bureau.deliver(bureau.csv({"waarde": "13", "herkomst": "CORRECTIE_GEBIED"}, {**REGIO, "waarde": "90"}, rest), gedragen)


def test_a_total_of_the_concept_that_no_longer_closes(bureau, gedragen, findings_of):
    bureau.deliver(bureau.csv({}, {"gebied": "0599", "waarde": "10"}, {**REGIO, "waarde": "81"}))
    correction = {"waarde": "13", "herkomst": "CORRECTIE_GEBIED"}
    (found,) = findings_of(bureau.refused(bureau.csv(correction), gedragen), "sluit-niet")
    assert (found.row, found.value) == (2, "13")
    # Withdrawn, the total is left to the service.
    bureau.deliver(bureau.csv(correction, {**REGIO, "waarde": "", "reden_leeg": "NVT", "herkomst": "CORRECTIE_GEBIED"}), gedragen)


def test_a_missing_gemeente_is_no_difference(bureau, gedragen):
    gas = {"drager": "AARDGAS", "eenheid": "TJ"}
    bureau.deliver(bureau.csv({**gas, "waarde": "5"}, {**gas, **REGIO, "waarde": "90"}), gedragen)


def test_what_the_version_does_not_touch_is_not_its_fault(bureau, gedragen):
    gas = {"drager": "AARDGAS", "eenheid": "TJ"}
    open_gas = [{**gas, "waarde": "1"}, {**gas, "gebied": "0599", "waarde": "2"}, {**gas, **REGIO, "waarde": "9"}]
    bureau.deliver(bureau.csv({}, {"gebied": "0599", "waarde": "10"}, *open_gas))
    bureau.deliver(bureau.csv({"waarde": "13", "herkomst": "CORRECTIE_GEBIED"}), gedragen)


def test_a_concept_may_come_with_totals_that_do_not_close(bureau):
    report = bureau.deliver(bureau.csv({}, {"gebied": "0599", "waarde": "10"}, {**REGIO, "waarde": "90"}))
    assert report.outcome == "opgeslagen"


def test_every_status_of_the_code_list_is_accepted(bureau, findings_of):
    for status in ("IN_BEWERKING", "AANGEVULD", "VERVANGEN"):
        report = bureau.deliver(bureau.csv({}), bureau.source(energiebeelden=[{**ENERGIEBEELD, "status": status}]))
        assert report.outcome == "opgeslagen"
    report = bureau.refused(bureau.csv({}), bureau.source(energiebeelden=[{**ENERGIEBEELD, "status": "VASTGESTELD"}]))
    assert [(each.column, each.value) for each in findings_of(report, "onbekende-code")] == [("status (in de bron)", "VASTGESTELD")]


def test_the_versie_of_the_service_itself_is_refused(bureau):
    with pytest.raises(ValueError, match="de versie 'actueel' maakt de service zelf"):
        bureau.source(energiebeelden=[{**ENERGIEBEELD, "id": "NL01-2026-actueel", "versie": "actueel"}])
