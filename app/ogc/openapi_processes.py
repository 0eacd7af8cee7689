"""The part of the OpenAPI document about processes and jobs."""

from app.ogc.describing import content_of, list_of, object_of, shared
from app.ogc.openapi_overlap import FAULTS
from app.ogc.processes.jobs import Status
from app.web.addresses import JSON, Json

TAGS = {"Processen": "Dezelfde vragen volgens OGC API - Processes: meteen beantwoord, of als taak die later het antwoord geeft."}
PATH_PARAMETERS = {
    "processId": ("Naam van het proces, zoals overlaptoets", {"type": "string"}),
    "jobId": ("Nummer van de taak", {"type": "string", "format": "uuid"}),
}
PROCESS, JOB = "/processes/{processId}", "/jobs/{jobId}"


def paths() -> Json:
    """Return the paths of processes and jobs."""
    return {
        "/processes": {"get": _get("/processes", "getProcesses", "Alle processen", "Processen", page=True)},
        PROCESS: {"get": _get(PROCESS, "getProcessDescription", "Eén proces", "Proces", page=True)},
        f"{PROCESS}/execution": {"post": _execute()},
        JOB: {
            "get": _get(JOB, "getStatus", "Hoe een taak ervoor staat", "Taak", page=True),
            "delete": _get(JOB, "dismiss", "Een taak afbreken, of haar uitkomst weggooien", "Taak"),
        },
        f"{JOB}/results": {"get": _get(JOB, "getResult", "De uitkomst van een taak", "Uitkomst")},
        f"{JOB}/herstart": {"post": _restart()},
    }


def _get(path: str, operation: str, summary: str, answer: str, *, page: bool = False) -> Json:
    named = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    faults = ("400", *(("404",) if named else ()), *(("406",) if page else ()), "500", "503")
    return {
        "operationId": operation,
        "tags": list(TAGS),
        "summary": summary,
        "parameters": [shared("parameters", name) for name in (*named, *(("f",) if page else ()))],
        "responses": {"200": shared("responses", answer)} | {code: shared("responses", f"Fout{code}") for code in faults},
    }


def _execute() -> Json:
    told = _get(PROCESS, "execute", "Een proces uitvoeren", "Uitkomst")
    body = {"required": True, "content": {JSON: {"schema": shared("schemas", "Uitvoering")}}}
    later = {"201": shared("responses", "Taak")} | {code: shared("responses", f"Fout{code}") for code in FAULTS}
    return {**told, "requestBody": body, "responses": dict(sorted((told["responses"] | later).items()))}


def _restart() -> Json:
    told = _get(JOB, "restart", "Een mislukte taak opnieuw starten", "Taak")
    answers = {code: each for code, each in told["responses"].items() if code != "200"}
    return {**told, "responses": {"201": shared("responses", "Taak"), **answers, "409": shared("responses", "Fout409")}}


def responses() -> dict[str, tuple[str, Json]]:
    """Return what is answered: a description and content per name."""
    whatever = {JSON: {"schema": {"type": "object"}}}
    return {
        "Processen": ("De processen", content_of("Processen", JSON)),
        "Proces": ("Het proces, met zijn invoer en uitkomst", content_of("Proces", JSON)),
        "Taak": ("Hoe de taak ervoor staat", content_of("Taak", JSON)),
        "Uitkomst": ("De uitkomst", whatever),
    }


def schemas(links: Json) -> Json:
    """Return the schemas of processes and jobs; `links` is the schema of their links."""
    text, whatever, moment = {"type": "string"}, {"type": "object"}, {"type": "string", "format": "date-time"}
    about = {"id": text, "title": text, "description": text, "version": text}
    lists = dict.fromkeys(("keywords", "jobControlOptions", "outputTransmission"), list_of(text))
    summary = object_of(("id", "version", "links"), **about, **lists, links=links)
    return {
        "Processen": object_of(("processes", "links"), processes=list_of(summary), links=links),
        "Proces": object_of(("id", "version", "inputs", "outputs"), **about, **lists, inputs=whatever, outputs=whatever, links=links),
        "Uitvoering": object_of(
            (),
            inputs=whatever | {"description": "De invoer per naam, zoals het proces haar beschrijft"},
            outputs=whatever,
            response=text | {"enum": ["raw", "document"], "default": "raw"},
        ),
        "Taak": object_of(
            ("jobID", "type", "status", "links"),
            jobID=text | {"format": "uuid"},
            processID=text,
            type=text | {"enum": ["process"]},
            status=text | {"enum": [each.value for each in Status]},
            message=text | {"nullable": True},
            progress={"type": "integer", "minimum": 0, "maximum": 100},
            **dict.fromkeys(("created", "started", "updated", "finished"), moment),
            links=links,
        ),
    }
