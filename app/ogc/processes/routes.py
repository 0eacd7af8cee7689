"""The addresses of processes and jobs: described, executed at once or as a job, looked at, cancelled and started again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.ogc.pages import render
from app.ogc.processes.asking import is_deferred, read_execution
from app.ogc.processes.describing import describe, describe_job, outcome_of, summarise
from app.ogc.processes.jobs import Asked, Jobs, Status
from app.ogc.processes.process import EXCEPTIONS, Processes
from app.problems import NotFound, Problem
from app.register.publication import Publication
from app.settings import Settings
from app.web.addresses import HTML, JSON, Addresses, Json, base_url_of, link, representations
from app.web.body import read_json
from app.web.negotiation import negotiate, refuse_unknown_parameters
from app.web.pages import PAGE_POLICY, Frame

OFFERS = {"json": JSON, "html": HTML}
NOT_KEPT = {"Cache-Control": "no-store", "Content-Language": "nl", "Vary": "Accept"}

type Handler = Callable[[Request], Awaitable[Response]]


class ResultNotReady(NotFound):
    """The job has no outcome yet, or none any more."""

    type = f"{EXCEPTIONS}/result-not-ready"


class JobFailed(Problem):
    """The job failed; its reason is told where its outcome would be."""

    status = 400
    title = "De taak is mislukt"


@dataclass(frozen=True)
class Desk:
    """What the routes share; `current` gives the publication that is served now."""

    processes: Processes
    jobs: Jobs
    current: Callable[[], Publication]
    settings: Settings

    def addresses(self, request: Request) -> Addresses:
        """Return the addresses for the base URL of a request."""
        return Addresses(base_url_of(request, self.settings))


def routes(desk: Desk) -> list[BaseRoute]:
    """Return the routes of processes and jobs."""
    return [
        Route("/v1/processes", _page(desk, _list, "processes/index.html")),
        Route("/v1/processes/{process_id}", _page(desk, _describe, "processes/process.html")),
        Route("/v1/processes/{process_id}/execution", _execute(desk), methods=["POST"]),
        Route("/v1/jobs/{job_id}", _page(desk, _job, "processes/job.html"), methods=["GET"]),
        Route("/v1/jobs/{job_id}", _dismiss(desk), methods=["DELETE"]),
        Route("/v1/jobs/{job_id}/results", _results(desk)),
        Route("/v1/jobs/{job_id}/herstart", _restart(desk), methods=["POST"]),
    ]


def _page(desk: Desk, tell: Callable[[Desk, Request, Addresses], Awaitable[Json]], template: str) -> Handler:
    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ("f",))
        wanted = negotiate(request, OFFERS, "json")
        addresses = desk.addresses(request)
        told = await tell(desk, request, addresses)
        own = f"{addresses.base_url}{request.url.path}"
        told = {**told, "links": [*representations(own, OFFERS, wanted), *(each for each in told["links"] if each["rel"] != "self")]}
        if wanted == "json":
            return Response(orjson.dumps(told), media_type=JSON, headers=NOT_KEPT)
        page = render(template, told, Frame(desk.current(), addresses, own))
        headers = NOT_KEPT | {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
        return Response(page.encode(), media_type=HTML, headers=headers)

    return answer


async def _list(desk: Desk, request: Request, addresses: Addresses) -> Json:  # noqa: ARG001
    root = link("root", f"{addresses.root}?f=json", JSON, "Beginpagina van de service")
    return {"processes": [summarise(each, addresses) for each in desk.processes.listed], "links": [root]}


async def _describe(desk: Desk, request: Request, addresses: Addresses) -> Json:
    told = describe(desk.processes[request.path_params["process_id"]], addresses)
    return {**told, "links": [*told["links"], link("up", addresses.at("processes"), JSON, "Alle processen")]}


async def _job(desk: Desk, request: Request, addresses: Addresses) -> Json:
    return describe_job(await desk.jobs.find(request.path_params["job_id"]), addresses)


def _execute(desk: Desk) -> Handler:
    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ())
        process = desk.processes[request.path_params["process_id"]]
        execution = read_execution(await read_json(request))
        checked = process.check(dict(execution.inputs))
        addresses = desk.addresses(request)
        if is_deferred(request):
            asked = Asked(process.description.id, execution.inputs, execution.response, addresses.base_url)
            job = await desk.jobs.add(asked)
            headers = NOT_KEPT | {"Location": addresses.at("jobs", str(job.id)), "Preference-Applied": "respond-async"}
            return Response(orjson.dumps(describe_job(job, addresses)), 201, headers, JSON)
        outcome = await process.run(checked, addresses, lambda _: None)
        return Response(orjson.dumps(outcome_of(outcome, execution.response)), media_type=JSON, headers=NOT_KEPT)

    return answer


def _results(desk: Desk) -> Handler:
    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ())
        job = await desk.jobs.find(request.path_params["job_id"])
        if job.status is Status.FAILED:
            raise JobFailed(job.message or "De taak is mislukt.")
        if job.status is not Status.SUCCESSFUL:
            raise ResultNotReady(f"Deze taak heeft geen uitkomst: haar status is {job.status.value}.")
        return Response(orjson.dumps(outcome_of(job.uitkomst, job.response)), media_type=JSON, headers=NOT_KEPT)

    return answer


def _dismiss(desk: Desk) -> Handler:
    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ())
        job = await desk.jobs.dismiss(request.path_params["job_id"])
        return Response(orjson.dumps(describe_job(job, desk.addresses(request))), media_type=JSON, headers=NOT_KEPT)

    return answer


def _restart(desk: Desk) -> Handler:
    async def answer(request: Request) -> Response:
        refuse_unknown_parameters(request, ())
        job = await desk.jobs.restart(request.path_params["job_id"])
        addresses = desk.addresses(request)
        headers = NOT_KEPT | {"Location": addresses.at("jobs", str(job.id))}
        return Response(orjson.dumps(describe_job(job, addresses)), 201, headers, JSON)

    return answer
