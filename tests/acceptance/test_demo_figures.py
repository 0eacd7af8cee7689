"""The figures of the demo, as an analyst asks for them: they add up, with the one gap that was made on purpose."""

import math
from collections.abc import Mapping

import httpx
import pytest

from ..running import Service

INDUSTRY = {"indicator": "finale-vraag", "subsector": "INDUSTRIE", "drager": "ELEKTRICITEIT"}


@pytest.fixture(scope="module")
def ask(doggerland: Service):
    """Ask for rows, all on one page."""
    with httpx.Client(base_url=doggerland.api, timeout=60) as client:

        def rows(path: str, **query: object) -> list[dict]:
            answer = client.get(path, params={"limit": 10_000, **query}).raise_for_status().json()
            return answer[path.rpartition("/")[2]]

        yield rows


def test_a_provincie_and_the_land_show_what_belongs_to_no_gemeente(ask):
    found = {
        row["gebiedCode"]: row["aansluiting"] for row in ask("/cijfers", **INDUSTRY, jaar=2024, beeld="HUIDIG", gebied="PV97,PV98,DL01")
    }

    assert {code: each["oordeel"] for code, each in found.items()} == {
        "PV97": "SLUITEND",
        "PV98": "SLUITEND_MET_REST",
        "DL01": "SLUITEND_MET_REST",
    }
    # Fifteen of every hundred: the other eighty-five are with the gemeenten.
    assert found["PV98"]["rest"] == pytest.approx(found["PV98"]["som"] * 15 / 85, abs=0.01)
    assert found["DL01"]["rest"] == found["PV98"]["rest"]


def test_only_that_demand_has_a_remainder(ask):
    rests = ask("/cijfers", niveau="NTI")
    assert {(row["gebiedCode"], row["subsector"], row["drager"]) for row in rests} == {("PV98-NTI", "INDUSTRIE", "ELEKTRICITEIT")}


def test_each_year_adds_up_in_its_own_division(ask):
    for year, count in ((2022, 24), (2024, 23)):
        demand = ask("/cijfers", indicator="inwoners", jaar=year)
        per_level: Mapping[str, list[float]] = {level: [] for level in ("GEMEENTE", "REGIO", "PROVINCIE", "LAND")}
        for row in demand:
            per_level[row["niveau"]].append(row["waarde"])
        assert len(per_level["GEMEENTE"]) == count
        assert {math.fsum(values) for values in per_level.values()} == {1_338_600}


def test_four_beelden_lead_to_2050(ask):
    land = ask("/cijfers", gebied="DL01", indicator="finale-vraag", subsector="WONINGEN", drager="AARDGAS", jaar="2030/2050")
    values = {(row["beeld"], row["jaar"]): row["waarde"] for row in land}
    assert len(values) == 16
    for beeld in {beeld for beeld, _ in values}:
        years = [values[beeld, year] for year in (2030, 2035, 2040, 2050)]
        assert years == sorted(years, reverse=True)
    assert values["II3050V3_EV", 2050] == 0
