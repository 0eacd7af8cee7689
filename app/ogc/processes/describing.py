"""Describe processes and jobs as OGC API - Processes has them."""

from app import __version__
from app.ogc.processes.jobs import Job, Status
from app.ogc.processes.process import Process
from app.web.addresses import JSON, OGC_REL, Addresses, Json, link

# The one output of every process.
OUTPUT = "uitkomst"


def summarise(process: Process, addresses: Addresses) -> Json:
    """Return the entry of a process in the list."""
    described = process.description
    at = addresses.at("processes", described.id)
    return {
        "id": described.id,
        "title": described.title,
        "description": described.description,
        "version": __version__,
        "keywords": list(described.keywords),
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            link("process", at, JSON, described.title),
            link(f"{OGC_REL}/execute", f"{at}/execution", JSON, f"{described.title} uitvoeren (POST)"),
        ],
    }


def describe(process: Process, addresses: Addresses) -> Json:
    """Return a process with its inputs and its output."""
    described = process.description
    inputs = {
        name: {
            "title": each.title,
            "description": each.description,
            "schema": each.schema,
            "minOccurs": int(each.required),
            "maxOccurs": 1,
        }
        for name, each in described.inputs.items()
    }
    return {
        **summarise(process, addresses),
        "inputs": inputs,
        "outputs": {OUTPUT: {"title": described.answer, "schema": described.outcome}},
    }


def describe_job(job: Job, addresses: Addresses) -> Json:
    """Return how a job stands; what was asked is not told again."""
    at = addresses.at("jobs", str(job.id))
    links = [link("self", at, JSON, "Hoe deze taak ervoor staat"), link("up", addresses.at("processes", job.proces), JSON, "Het proces")]
    if job.status is Status.SUCCESSFUL:
        links.append(link(f"{OGC_REL}/results", f"{at}/results", JSON, "De uitkomst"))
    if job.status is Status.FAILED:
        links.append(link("retry", f"{at}/herstart", JSON, "De taak opnieuw starten (POST)"))
    moments = {"created": job.created, "started": job.started, "updated": job.updated, "finished": job.finished}
    return {
        "jobID": str(job.id),
        "processID": job.proces,
        "type": "process",
        "status": job.status.value,
        "message": job.message,
        "progress": job.progress,
        **{name: moment.isoformat() for name, moment in moments.items() if moment is not None},
        "links": links,
    }


def outcome_of(outcome: object, response: str) -> object:
    """Return an outcome as it was asked: raw as it is, or in a document, in which an object must be qualified (clause 7.11.2.2)."""
    if response == "raw":
        return outcome
    return {OUTPUT: {"value": outcome, "mediaType": JSON} if isinstance(outcome, dict) else outcome}
