"""OWSLib lists, describes and executes the processes."""

import pytest
from owslib.ogcapi.processes import Processes

from ..running import Service

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


@pytest.fixture
def client(service: Service) -> Processes:
    return Processes(service.api)


def test_processes_are_listed_and_described(client: Processes) -> None:
    assert [each["id"] for each in client.processes()] == ["overlaptoets", "plantoets", "ruimtezoeker", "echo"]
    assert "geometrie" in client.process("overlaptoets")["inputs"]


def test_the_overlaptoets_is_executed(service: Service, client: Processes) -> None:
    west, south, east, north = service.publication()["natura-2000"].description.extent_rd or (0, 0, 0, 0)
    point = {"type": "Point", "coordinates": [(west + east) / 2, (south + north) / 2]}
    inputs = {"geometrie": {"value": point}, "crs": RD, "objecttype": "WINDTURBINE", "kenmerken": {"value": {"vermogen_mw": 5.6}}}
    told = client.execute("overlaptoets", inputs, response="raw")
    assert told["toetsen"][0]["object"]["ruimtebeslag"]["kengetal"] == "WIND_LAND_HA_PER_MW"
    document = client.execute("overlaptoets", inputs)
    assert document["uitkomst"]["value"]["strekking"] == "Signalering; geen besluit of toestemming."
