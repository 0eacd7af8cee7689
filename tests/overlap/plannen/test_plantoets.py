"""The plantoets over HTTP: one square kilometre, in which and around which a person can count what there is."""

from collections.abc import Callable

import httpx
import pytest

from ..conftest import RD, box, rectangle
from .conftest import PLAN, faults_of

type Told = dict
type Ask = Callable[..., Told]


@pytest.fixture(scope="module")
def ask(service: httpx.Client) -> Ask:
    def ask(**question: object) -> Told:
        place = {} if "object" in question else {"geometrie": rectangle(PLAN)}
        answer = service.post("/v1/plantoetsen", json={**place, "crs": RD, **question})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def group(told: Told, laag: str, objecttype: str | None) -> Told:
    [found] = [each for each in told["groepen"] if (each["laag"], each["objecttype"]) == (laag, objecttype)]
    return found


def named(told: Told) -> set[str]:
    return {each["id"] for one in told["groepen"] for each in one["objecten"]}


def judged(told: Told) -> dict[str, Told]:
    return {each["object"]["id"]: each for each in told["beoordeling"]["bevindingen"]}


def test_a_plan_touches_what_is_in_it(ask: Ask) -> None:
    told = ask()
    assert told["plan"]["oppervlakteHa"] == 100.0
    assert named(told) == {"molen", "plan-molen", "zon", "accu", "boven", "zonder-type", "terrein"}
    assert told["aantalObjecten"] == 7
    assert told["samenvatting"].endswith("Signalering; geen besluit of toestemming.")


def test_a_distance_brings_in_what_is_near(ask: Ask) -> None:
    far = ask(afstandM=500)
    assert named(far) - named(ask()) == {"hoog", "laag"}
    [hoog] = [each for each in group(far, "proef-installaties", "WINDTURBINE")["objecten"] if each["id"] == "hoog"]
    # Its ground, 0.201 ha by key figure, reaches 25 m from where it stands.
    assert (hoog["relatie"], hoog["afstandM"], hoog["ruimtebeslagBinnenHa"]) == ("binnen_afstand", 475, 0.0)


def test_capacity_is_summed_apart_and_what_is_unknown_is_counted(ask: Ask) -> None:
    told = ask()
    wind = group(told, "proef-installaties", "WINDTURBINE")
    assert (wind["aantal"], wind["vermogenMw"]) == (2, {"som": 3.0, "onbekend": 1})
    assert {each["status"]: each["vermogenMw"] for each in wind["perStatus"]} == {
        "BESTAAND": {"som": 3.0, "onbekend": 0},
        "GEPLAND": {"som": None, "onbekend": 1},
    }
    zon = group(told, "proef-installaties", "ZONNEPARK_LAND")
    assert (zon["vermogenPiekMwp"], "vermogenMw" in zon) == ({"som": 5.0, "onbekend": 0}, False)
    accu = group(told, "proef-installaties", "BATTERIJ")
    assert (accu["vermogenMw"]["som"], accu["opslagMwh"]["som"]) == (5.0, 10.0)


def test_lines_count_per_netvlak_as_far_as_they_lie_inside(ask: Ask) -> None:
    told = ask()
    assert told["lengtePerNetvlak"] == {"NETVLAK_HS": 1.0, "NETVLAK_EHS": 0.4}
    [boven] = group(told, "proef-lijnen", "VERBINDING_BOVENGRONDS")["objecten"]
    assert (boven["netvlak"], boven["lengteBinnenKm"]) == ("NETVLAK_HS", 1.0)
    assert group(told, "proef-lijnen", None)["objecttypeNaam"] == "Onbekend"


def test_ground_counts_once(ask: Ask) -> None:
    """The field of 4 ha holds the terrain of 1 ha; the mill takes 0.201 ha, and half of the battery's 0.06 ha is inside."""
    told = ask(metGeometrie=True)
    assert told["ruimtebeslag"]["directHa"] == pytest.approx(4 + 0.201 + 0.03, abs=0.01)
    # A strip of 5.7 ha per kilometre along the line is no ground that the line itself takes.
    assert told["ruimtebeslag"]["strookHa"] == pytest.approx(5.7, abs=0.01)
    assert told["ruimtebeslag"]["onbekend"] == 2
    assert told["ruimtebeslag"]["geometrie"]["type"] == "MultiPolygon"
    [terrein] = group(told, "proef-terreinen", "ZONNEPARK_LAND")["objecten"]
    assert (terrein["ruimtebeslagMethode"], terrein["ruimtebeslagBinnenHa"]) == ("GEMETEN", 1.0)


def test_homes_are_weighed_with_every_object_that_rules_keep_away(ask: Ask) -> None:
    told = ask(beperking="WO-PLN")
    found = judged(told)
    assert (found["hoog"]["ernst"], found["hoog"]["regelCode"], found["hoog"]["afstandM"]) == ("ZWAARWEGEND", "R-WIND-PLN", 475)
    assert found["hoog"]["relatie"] == "binnen_afstand"
    assert "hoge molen ligt op 475 m van het plan (woningbouwplan)" in found["hoog"]["zin"].lower()
    # 475 m away, and rules look 400 m for a mill of 150 m.
    assert "laag" not in found
    assert "hoog" not in named(told)
    assert (found["molen"]["relatie"], found["molen"]["afstandM"]) == ("overlapt", 0)
    assert told["beoordeling"]["zonderRegels"] == 1
    ernsten = [each["ernst"] for each in told["beoordeling"]["bevindingen"]]
    assert ernsten == sorted(ernsten, key=("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT", "KOPPELKANS").index)


def test_without_a_beperking_nothing_is_judged(ask: Ask) -> None:
    told = ask()["beoordeling"]
    assert (told["beperking"], told["bevindingen"], told["perErnst"]) == (None, [], {})


def test_a_provincie_judges_by_its_own_rule(ask: Ask) -> None:
    found = judged(ask(beperking="NA-STI"))["molen"]
    assert (found["ernst"], found["regelCode"], found["provincieOverride"]) == ("ZWAARWEGEND", "PV97-WIND-STI", True)


def test_a_height_plan_weighs_what_is_higher(ask: Ask) -> None:
    assert judged(ask(beperking="LV-LIB", hoogteMaxM=100))["molen"]["ernst"] == "UITSLUITING"
    assert judged(ask(beperking="LV-LIB", hoogteMaxM=200))["molen"]["ernst"] == "AANDACHTSPUNT"
    assert judged(ask(beperking="LV-LIB", hoogteMaxM=100))["plan-molen"]["regelCode"] == "R-WIND-LIB0"


def test_a_published_opgave_is_a_plan_of_its_own_kind(ask: Ask) -> None:
    told = ask(object={"laag": "proef-congestie", "id": "rood"}, afstandM=0)
    assert (told["plan"]["naam"], told["plan"]["oppervlakteHa"]) == ("Net vol", 400.0)
    assert told["plan"]["beperking"]["beperking"] == "EN-CON"
    assert {"molen", "zon", "terrein"} <= named(told)


def test_where_the_net_is_full_is_told(ask: Ask) -> None:
    net = ask()["energienet"]
    [rood] = net["opgaven"]
    assert (rood["beperking"], rood["naam"], rood["overlapOppervlakteHa"], rood["aandeelPct"]) == ("EN-CON", "Net vol", 50.0, 50.0)
    assert {each["beperking"] for each in net["nietBeoordeeld"]} == {"EN-HSL", "EN-MAG", "EN-RWB"}


def test_the_answer_can_be_asked_again(ask: Ask) -> None:
    told = ask(afstandM=500)
    again = ask(**{name: value for name, value in told["invoer"].items() if name != "geometrie"})
    assert again["groepen"] == told["groepen"]


def test_nothing_there_is_nothing_found(ask: Ask) -> None:
    told = ask(geometrie=rectangle(box(-19_000, -19_000, -18_000, -18_000)), beperking="WO-PLN")
    assert (told["groepen"], told["beoordeling"]["bevindingen"], told["ruimtebeslag"]["directHa"]) == ([], [], 0.0)


def test_every_fault_is_told_at_once(service: httpx.Client) -> None:
    question = {
        "geometrie": {"type": "LineString", "coordinates": [[5.4, 52.1], [5.5, 52.1]]},
        "gebied": "GM0344",
        "afstandM": 9_000,
        "beperking": "WO-PLAN",
        "hoogteMaxM": "hoog",
        "datum": "morgen",
        "metGeometrie": "ja",
        "straal": 3,
    }
    answer = service.post("/v1/plantoetsen", json=question)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    told = faults_of(answer)
    for part in (
        "'straal' is onbekend",
        "Nu zijn er 2",
        "hier hoort een vlak",
        "afstandM: hier hoort een getal van 0 tot en met 5000",
        "Bedoelt u 'WO-PLN'?",
        "hoogteMaxM: hier hoort een getal",
        "'morgen' is geen dag",
        "metGeometrie: hier hoort true of false",
    ):
        assert part in told, (part, told)


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ({"object": {"laag": "proef-lijnen", "id": "boven"}}, "heeft geen vlakken"),
        ({"object": {"laag": "proef-terreinen", "id": "weg"}}, "heeft geen object"),
        ({"object": {"laag": "proef-terreinen"}}, "met twee teksten"),
        ({"gebied": "GM9999"}, "geen gebied met code"),
        ({"geometrie": rectangle(PLAN), "crs": RD, "hoogteMaxM": 100}, "geef 'beperking'"),
        ({"geometrie": rectangle(PLAN)}, "Dit lijken RD-coördinaten"),
        ({}, "Geef de plek in één van deze velden"),
    ],
)
def test_what_cannot_be_a_plan_is_refused(service: httpx.Client, question: Told, fault: str) -> None:
    answer = service.post("/v1/plantoetsen", json=question)
    assert answer.status_code == 400, answer.text
    assert fault in faults_of(answer)
