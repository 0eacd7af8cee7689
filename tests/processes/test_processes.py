"""OGC API - Processes over HTTP: described, executed at once or as a job, cancelled, given up and started again."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from app.database import Role, connect
from app.settings import Settings

from ..overlap.conftest import RD, square
from ..running import served

SOLAR = {"geometrie": {"value": square(0, -50, 100)}, "objecttype": "ZONNEPARK_LAND", "crs": RD}
LATER = {"Prefer": "respond-async"}


def execute(service: httpx.Client, process: str, inputs: dict[str, Any], *, later: bool = False, **rest: object) -> httpx.Response:
    return service.post(f"/v1/processes/{process}/execution", json={"inputs": inputs, **rest}, headers=LATER if later else {})


def wait_for(service: httpx.Client, job: str, *statuses: str) -> dict[str, Any]:
    deadline = time.monotonic() + 40
    while True:
        told: dict[str, Any] = service.get(job).json()
        if told["status"] in statuses:
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.1)


def test_processes_are_described(service: httpx.Client) -> None:
    listed = service.get("/v1/processes").json()["processes"]
    assert [each["id"] for each in listed] == ["overlaptoets", "plantoets", "ruimtezoeker", "echo"]
    told = service.get("/v1/processes/overlaptoets").json()
    assert told["inputs"]["objecttype"]["schema"] == {"type": "string"}
    assert set(told["jobControlOptions"]) == {"sync-execute", "async-execute", "dismiss"}
    assert "<h1>Overlaptoets</h1>" in service.get("/v1/processes/overlaptoets?f=html").text
    missing = service.get("/v1/processes/toverij")
    assert missing.status_code == 404
    assert missing.json()["type"].endswith("/no-such-process")


def test_an_execution_gives_the_same_answer_as_the_plain_call(service: httpx.Client) -> None:
    plain = service.post("/v1/overlaptoetsen", json={**SOLAR, "geometrie": square(0, -50, 100)}).json()
    raw = execute(service, "overlaptoets", SOLAR)
    assert raw.status_code == 200, raw.text
    assert raw.json()["toetsen"] == plain["toetsen"]
    document = execute(service, "overlaptoets", SOLAR, response="document").json()
    assert document["uitkomst"]["value"]["toetsen"] == plain["toetsen"]


def test_a_job_is_accepted_done_and_its_outcome_kept(service: httpx.Client) -> None:
    accepted = execute(service, "overlaptoets", SOLAR, later=True)
    assert accepted.status_code == 201, accepted.text
    job = accepted.headers["Location"]
    assert accepted.json()["jobID"] == job.rsplit("/", 1)[1]
    told = wait_for(service, job, "successful", "failed")
    assert (told["status"], told["progress"], "invoer" in told) == ("successful", 100, False)
    [natuur] = [each for each in service.get(f"{job}/results").json()["toetsen"][0]["bevindingen"] if each["beperking"] == "NA-N2K"]
    assert natuur["overlapOppervlakteHa"] == 0.50
    assert "Taak: klaar" in service.get(f"{job}?f=html").text


def test_a_running_job_is_cancelled_and_has_no_outcome(service: httpx.Client) -> None:
    job = execute(service, "echo", {"echo": "hallo", "pause": 50}, later=True).headers["Location"]
    wait_for(service, job, "running")
    early = service.get(f"{job}/results")
    assert (early.status_code, early.json()["type"].rsplit("/", 1)[1]) == (404, "result-not-ready")
    assert service.delete(job).json()["status"] == "dismissed"
    # Its worker notices within a heartbeat, and is free for the next.
    quick = execute(service, "echo", {"echo": "daarna"}, later=True).headers["Location"]
    wait_for(service, quick, "successful")
    assert service.get(f"{quick}/results").json() == "daarna"
    assert service.get(job).json()["status"] == "dismissed"


@pytest.mark.slow
def test_a_job_whose_worker_is_killed_fails_and_can_start_again(service: httpx.Client, settings: Settings) -> None:
    with served(settings) as other:
        # Each of the two does one job at a time.
        jobs = [execute(service, "echo", {"echo": "opnieuw", "pause": 3}, later=True).headers["Location"] for _ in range(2)]
        for job in jobs:
            wait_for(service, job, "running")
        os.kill(other.pid, signal.SIGKILL)
    ends = {job: wait_for(service, job, "successful", "failed") for job in jobs}
    assert sorted(told["status"] for told in ends.values()) == ["failed", "successful"]
    [lost] = [job for job, told in ends.items() if told["status"] == "failed"]
    assert ends[lost]["message"] == "Het proces dat deze taak deed, is gestopt voordat zij klaar was. Start de taak opnieuw."
    refused = service.get(f"{lost}/results")
    assert (refused.status_code, "Start de taak opnieuw" in refused.json()["detail"]) == (400, True)
    again = service.post(f"{lost}/herstart")
    assert (again.status_code, again.headers["Location"], again.json()["status"]) == (201, lost, "accepted")
    wait_for(service, lost, "successful")
    assert service.get(f"{lost}/results").json() == "opnieuw"
    assert service.post(f"{lost}/herstart").status_code == 409


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"inputs": {"echo": 3}}, "hier hoort een tekst"),
        ({"inputs": {"echo": "a", "pause": 100, "luid": True}}, "luid: deze invoer is onbekend"),
        ({"inputs": {"echo": {"href": "http://169.254.169.254/"}}}, "een verwijzing (href) kan niet"),
        ({"inputs": {"echo": "a"}, "subscriber": {"successUri": "http://127.0.0.1/"}}, "roept geen andere adressen aan"),
        ({"inputs": {"echo": "a"}, "response": "xml"}, "raw of document"),
        ({"inputs": {"echo": "a"}, "outputs": {"iets": {}}}, "bestaat niet; er is alleen 'uitkomst'"),
        ({"input": {"echo": "a"}}, "'input' is onbekend"),
        ({"inputs": []}, "'inputs' is een object"),
        ({"inputs": {"echo": "a"}, "mode": "async"}, "'mode' is onbekend"),
    ],
)
def test_what_cannot_be_executed_is_refused_with_every_reason(service: httpx.Client, body: dict[str, Any], said: str) -> None:
    for headers in ({}, LATER):
        answer = service.post("/v1/processes/echo/execution", json=body, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert said in " ".join(each["detail"] for each in answer.json()["errors"])


def test_a_text_that_nobody_can_keep_is_refused(service: httpx.Client) -> None:
    for headers in ({}, LATER):
        answer = execute(service, "echo", {"echo": "a\0b"}, later=bool(headers))
        assert (answer.status_code, "NUL" in answer.json()["detail"]) == (400, True)
    assert execute(service, "echo", {"echo": "a\\u0000b"}).json() == "a\\u0000b"


def test_jobs_of_others_are_not_listed_and_unknown_ones_named(service: httpx.Client) -> None:
    assert service.get("/v1/jobs").status_code == 404
    for number in ("1", "00000000-0000-4000-8000-000000000000"):
        answer = service.get(f"/v1/jobs/{number}")
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (404, "no-such-job")


def test_only_so_many_jobs_may_wait(service: httpx.Client, settings: Settings) -> None:
    with connect(settings, Role.TAKEN) as connection:
        # Waiting for a worker that is busy with the first.
        busy = execute(service, "echo", {"echo": "lang", "pause": 50}, later=True).headers["Location"]
        wait_for(service, busy, "running")
        connection.execute(
            "insert into taken.taak (id, proces, invoer, antwoordvorm, adres)"
            " select gen_random_uuid(), 'echo', '{\"echo\": \"vol\"}', 'raw', '' from generate_series(1, 49)"
        )
        [failed] = connection.execute(
            "insert into taken.taak (id, proces, invoer, antwoordvorm, adres, status, bericht)"
            " values (gen_random_uuid(), 'echo', '{\"echo\": \"weer\"}', 'raw', '', 'failed', 'Omgevallen.') returning id"
        ).fetchone() or [None]
        connection.commit()
        full = execute(service, "echo", {"echo": "te veel"}, later=True)
        assert (full.status_code, full.headers["Retry-After"]) == (503, "5")
        # Starting again is no way around that, and leaves the job as it was.
        again = service.post(f"/v1/jobs/{failed}/herstart")
        assert (again.status_code, again.headers["Retry-After"], again.json()["detail"]) == (503, "5", full.json()["detail"])
        assert service.get(f"/v1/jobs/{failed}").json()["status"] == "failed"
        assert execute(service, "echo", {"echo": "meteen"}).json() == "meteen"
        connection.execute("delete from taken.taak where status = 'accepted'")
        connection.commit()
    assert service.post(f"/v1/jobs/{failed}/herstart").status_code == 201
    service.delete(busy)
    wait_for(service, f"/v1/jobs/{failed}", "successful")


@contextmanager
def read_only(settings: Settings) -> Iterator[None]:
    """Let new sessions only read, and end all that there are; afterwards sessions that began so are left as they are."""
    with psycopg.connect(settings.database_url or "", autocommit=True) as administrator:
        database = sql.Identifier(administrator.info.dbname)
        administrator.execute(sql.SQL("alter database {} set default_transaction_read_only = on").format(database))
        try:
            administrator.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            )
            yield
        finally:
            administrator.execute(sql.SQL("alter database {} reset default_transaction_read_only").format(database))


def test_a_database_that_may_only_be_read_answers_and_takes_no_jobs(service: httpx.Client, settings: Settings) -> None:
    del service
    with served(settings) as running, httpx.Client(base_url=running.address, timeout=30) as client:
        started = execute(client, "echo", {"echo": "begonnen", "pause": 1}, later=True).headers["Location"]
        with read_only(settings):
            for _ in range(2):
                later = execute(client, "overlaptoets", SOLAR, later=True)
                assert (later.status_code, later.headers["content-type"]) == (503, "application/problem+json")
                assert "Taken kunnen nu niet worden aangenomen" in later.json()["detail"]
                toetsen = execute(client, "overlaptoets", SOLAR).json()["toetsen"]
                [natuur] = [each for each in toetsen[0]["bevindingen"] if each["beperking"] == "NA-N2K"]
                assert natuur["overlapOppervlakteHa"] == 0.50
                # Time for the runner to look in vain, and for the job to end without a place for its outcome.
                time.sleep(1.5)
            assert client.get(started).json()["status"] in {"accepted", "running"}
        # Within a few seconds jobs are taken again, and what was begun is kept.
        deadline = time.monotonic() + 10
        while (after := execute(client, "echo", {"echo": "weer"}, later=True)).status_code != 201:
            assert time.monotonic() < deadline, after.text
            time.sleep(0.1)
        for job in (started, after.headers["Location"]):
            assert wait_for(client, job, "successful", "failed")["status"] == "successful"
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_without_a_place_for_jobs_questions_are_still_answered(service: httpx.Client, settings: Settings) -> None:
    with connect(settings, Role.OWNER) as owner:
        owner.execute("alter table taken.taak rename to weg")
    try:
        assert execute(service, "echo", {"echo": "hoor"}).json() == "hoor"
        later = execute(service, "echo", {"echo": "hoor"}, later=True)
        assert later.status_code == 503
        assert "respond-async" in later.json()["detail"]
    finally:
        with connect(settings, Role.OWNER) as owner:
            owner.execute("alter table taken.weg rename to taak")


def test_only_questions_and_jobs_take_a_post(service: httpx.Client) -> None:
    assert "POST" in service.options("/v1/processes/echo/execution").headers["Allow"]
    assert "POST" not in service.options("/v1/collections/proef-natura/items").headers["Allow"]
