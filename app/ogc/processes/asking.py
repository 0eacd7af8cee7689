"""Read an execution request (OGC API - Processes, clause 7.11.1): inputs plain or qualified, and what the service does not do refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from app.ogc.processes.describing import OUTPUT
from app.problems import BadRequest
from app.web.addresses import Json

FIELDS = ("inputs", "outputs", "response", "subscriber")
RESPONSES = ("raw", "document")
QUALIFIED = frozenset({"value", "mediaType", "encoding", "schema", "format"})
MANY = 20


@dataclass(frozen=True)
class Execution:
    """The inputs by name, and whether the answer comes raw or in a document."""

    inputs: Mapping[str, Any]
    response: str


def read_execution(body: Json) -> Execution:
    """Return what is to be executed, or raise BadRequest naming every fault around the inputs; the process judges the inputs."""
    faults = [
        f"Het veld {name[:60]!r} is onbekend. Bekend zijn: inputs, outputs, response." for name in sorted(body.keys() - set(FIELDS))[:MANY]
    ]
    if body.get("subscriber") is not None:
        faults.append(
            "'subscriber' kan niet: de service roept geen andere adressen aan. Kijk op /v1/jobs/{jobId} hoe de taak ervoor staat."
        )
    inputs = body.get("inputs", {})
    if not isinstance(inputs, dict):
        faults.append("'inputs' is een object met de invoer per naam.")
        inputs = {}
    response = body.get("response", "raw")
    if response not in RESPONSES:
        faults.append(f"'response' is raw of document, niet {str(response)[:60]!r}.")
    faults.extend(_faults_of_outputs(body.get("outputs")))
    values = {name: _value(name, each, faults) for name, each in inputs.items()}
    if faults:
        raise BadRequest("Dit verzoek kan niet worden uitgevoerd.", faults)
    return Execution(values, str(response))


def is_deferred(request: Request) -> bool:
    """Tell whether the client prefers to come back for the answer (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer")).lower().split(",")
    return any(each.split(";")[0].strip() == "respond-async" for each in preferences)


def _faults_of_outputs(outputs: object) -> list[str]:
    if outputs is None:
        return []
    if not isinstance(outputs, dict):
        return ["'outputs' is een object met de gewenste uitkomsten per naam."]
    unknown = [f"De uitkomst {name[:60]!r} bestaat niet; er is alleen {OUTPUT!r}." for name in sorted(outputs.keys() - {OUTPUT})[:MANY]]
    wanted = outputs.get(OUTPUT)
    if isinstance(wanted, dict) and wanted.get("transmissionMode", "value") != "value":
        unknown.append("'transmissionMode' is value: uitkomsten komen in het antwoord zelf.")
    return unknown


def _value(name: str, told: object, faults: list[str]) -> object:
    """Unpack a qualified value; a reference is refused, because fetching what a client names reaches where the client cannot."""
    if not isinstance(told, dict):
        return told
    if "href" in told:
        faults.append(f"inputs.{name[:60]}: een verwijzing (href) kan niet; zet de waarde zelf in de vraag.")
        return None
    return told["value"] if "value" in told and told.keys() <= QUALIFIED else told
