"""A levering is stored whole or not at all; it supersedes the one before, and real data withdraws the demo."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import ClassVar

import psycopg
import pytest

from app.database.connections import administrator_conninfo
from app.ingest.importing import Options, import_all, import_source
from app.ingest.report import RefusedImport
from app.problems import Unavailable

HERE = (1, "hier", 155000, 463000)
THERE = (2, "daar", 155100, 463000)


def leveringen(steward):
    return steward.query("select bron, status, superseded_by is not null from facts.levering order by id")


def test_a_new_levering_supersedes_the_one_before_which_stays(steward):
    steward.deliver(steward.points(), steward.csv(HERE))
    report = steward.deliver(steward.points(), steward.csv(HERE, THERE))
    assert leveringen(steward) == [("proef", "SUPERSEDED", True), ("proef", "CURRENT", False)]
    assert steward.query("select count(*) from facts.object") == [(3,)]
    assert steward.query("select count(*) from facts.current_object") == [(2,)]
    kept = steward.query(
        "select report->>'outcome', report->'datasets'->0->>'stored' from facts.levering where id = %s", report.levering_id
    )
    assert kept == [("opgeslagen", "2")]


def test_the_same_files_change_nothing(steward):
    steward.deliver(steward.points(), steward.csv(HERE))
    before = steward.contents()
    assert steward.deliver(steward.points(), steward.csv(HERE)).outcome == "ongewijzigd"
    assert steward.contents() == before


def test_the_same_files_read_otherwise_are_another_levering(steward):
    steward.deliver(steward.points(), steward.csv(HERE))
    source = steward.points({"columns": {"titel": {"source": "naam"}}})
    assert steward.deliver(source, steward.csv(HERE)).outcome == "opgeslagen"


def test_the_levering_cites_its_source_and_files(steward):
    path = steward.csv(HERE)
    steward.deliver(steward.points(), path)
    ((title, license_, peildatum, files),) = steward.query("select title, license, peildatum::text, files from facts.levering")
    assert (title, peildatum) == ("Proeflevering", "2025-01-01")
    assert license_.startswith("https://creativecommons.org/")
    assert files[0]["name"] == "levering.csv"
    assert files[0]["bytes"] == path.stat().st_size
    assert len(files[0]["sha256"]) == 64
    assert steward.query("select facts, rows from facts.levering_facts") == [("object/vlakken", 1)]


def test_a_dry_run_reports_and_stores_nothing(steward):
    before = steward.contents()
    report = steward.deliver(steward.points(), steward.csv(HERE), Options(dry_run=True))
    assert (report.outcome, report.datasets[0].read) == ("proef", 1)
    assert steward.contents() == before


def test_a_levering_that_lost_more_than_half_needs_confirmation(steward):
    steward.deliver(steward.points(), steward.csv(HERE, THERE, (3, "ginds", 155200, 463000)))
    steward.refused(steward.points(), steward.csv(HERE))
    report = steward.deliver(steward.points(), steward.csv(HERE), Options(confirm=True))
    assert report.warnings == 1


class TestDemo:
    def test_the_first_real_data_withdraws_it_and_says_so(self, steward):
        steward.deliver(steward.points(id="doggerland-punten", demo=True), steward.csv(HERE))
        report = steward.deliver(steward.points(), steward.csv(THERE))
        assert report.withdrawn == ("doggerland-punten",)
        assert leveringen(steward) == [("doggerland-punten", "WITHDRAWN", False), ("proef", "CURRENT", False)]

    def test_it_stays_when_asked(self, steward):
        steward.deliver(steward.points(id="doggerland-punten", demo=True), steward.csv(HERE))
        assert steward.deliver(steward.points(), steward.csv(THERE), Options(keep_demo=True)).withdrawn == ()
        assert [status for _, status, _ in leveringen(steward)] == ["CURRENT", "CURRENT"]

    def test_a_demo_does_not_withdraw_a_demo(self, steward):
        steward.deliver(steward.points(id="doggerland-punten", demo=True), steward.csv(HERE))
        steward.deliver(steward.points(id="doggerland-meer", demo=True), steward.csv(THERE))
        assert [status for _, status, _ in leveringen(steward)] == ["CURRENT", "CURRENT"]

    def test_a_refused_levering_leaves_it_alone(self, steward):
        steward.deliver(steward.points(id="doggerland-punten", demo=True), steward.csv(HERE))
        steward.refused(steward.points(), steward.csv((1, "Parijs", 2.3, 48.8)))


def test_two_sources_may_not_use_one_id_in_a_collection(steward, findings_of):
    steward.deliver(steward.points(), steward.csv(HERE))
    report = steward.refused(steward.points(id="ander"), steward.csv(HERE))
    (finding,) = findings_of(report, "sleutel-in-gebruik")
    assert (finding.value, "proef" in finding.reason) == ("1", True)
    assert steward.deliver(steward.points({"id_prefix": "ander-"}, id="ander"), steward.csv(HERE)).outcome == "opgeslagen"


class TestGebieden:
    """Codes are held against the gebieden that are valid at the peildatum."""

    GEBIED: ClassVar = {
        "facts": "gebied",
        "collection": None,
        "soort": "GEMEENTE",
        "key": ["id"],
        "valid_from": "2022-01-01",
        "valid_to": "2024-01-01",
    }

    @pytest.fixture(autouse=True)
    def gemeenten(self, steward, polygon):
        steward.deliver(steward.source("geojson", self.GEBIED, id="gemeenten"), steward.geojson(polygon, ids=["GM9001"]))

    def points(self, steward, peildatum):
        columns = {"gemeente_code": {"source": "naam"}}
        return steward.points({"columns": columns, "gebied_codes": {"gemeente_code": "GEMEENTE"}}, peildatum=peildatum)

    def test_gebieden_are_stored_as_multipolygons_with_their_period(self, steward):
        rows = steward.query(
            "select code, naam, soort, geldig_vanaf::text, geldig_tot::text, geometrytype(geometrie) from facts.current_gebied"
        )
        assert rows == [("GM9001", "vlak GM9001", "GEMEENTE", "2022-01-01", "2024-01-01", "MULTIPOLYGON")]

    def test_unknown_code_for_the_year(self, steward, findings_of):
        path = steward.csv((1, "GM9001", 155000, 463000), (2, "GM0457", 155001, 463000), (3, "", 155002, 463000))
        (finding,) = findings_of(steward.refused(self.points(steward, "2023-06-01"), path), "onbekende-gebiedscode")
        assert (finding.row, finding.column, finding.value) == (3, "naam", "GM0457")

    def test_another_year_has_no_gebieden_to_check_against(self, steward):
        report = steward.deliver(self.points(steward, "2025-01-01"), steward.csv((1, "GM9001", 155000, 463000)))
        assert [each.code for each in report.findings if each.ernst == "waarschuwing"] == ["codes-niet-gecontroleerd"]

    def test_a_key_file_becomes_relations(self, steward):
        parents = [{"code": "pv_code", "name": "pv_naam", "soort": "PROVINCIE"}, {"code": "es_code", "name": "es_naam", "soort": "REGIO"}]
        dataset = {"facts": "gebied_relatie", "collection": None, "geometry": None, "csv_geometry": None, "crs": None, "columns": {}}
        dataset |= {"key": ["gm_code"], "valid_from": "2022-01-01", "parents": parents}
        header = ("gm_code", "pv_code", "pv_naam", "es_code", "es_naam")
        path = steward.csv(("GM9001", "PV98", "Noord", "ES98", "Bank"), header=header)
        steward.deliver(steward.source("csv", dataset, peildatum="2022-01-01"), path)
        rows = steward.query("select kind_code, ouder_code, ouder_soort, ouder_naam from facts.current_gebied_relatie order by 2")
        assert rows == [("GM9001", "ES98", "REGIO", "Bank"), ("GM9001", "PV98", "PROVINCIE", "Noord")]
        assert steward.query("select rows from facts.levering_facts where facts = 'gebied_relatie'") == [(2,)]


class TestAll:
    def test_gebieden_first_and_one_refused_does_not_stop_the_others(self, steward, polygon):
        (steward.folder / "diep").mkdir()
        steward.geojson(polygon, ids=["GM9001"]).rename(steward.folder / "diep" / "gemeenten.geojson")
        steward.csv((1, "GM9001", 155000, 463000)).rename(steward.folder / "punten.csv")
        steward.csv((1, "x", 0, 0)).rename(steward.folder / "fout.csv")
        columns = {"columns": {"code": {"source": "naam"}}, "gebied_codes": {"code": "GEMEENTE"}}
        sources = [
            steward.points(columns, id="a-punten", files=files("punten.csv")),
            steward.points({"collection": "fout"}, id="b-fout", files=files("fout.csv")),
            steward.points(id="c-elders", files=files("elders.csv")),
            steward.source(
                "geojson", TestGebieden.GEBIED | {"valid_to": None}, id="z-gemeenten", files=files("diep/gemeenten.geojson", "geojson")
            ),
        ]
        reports = import_all(steward.settings, {each.id: each for each in sources}, steward.folder, Options())
        assert [(each.bron, each.outcome) for each in reports] == [
            ("z-gemeenten", "opgeslagen"),
            ("a-punten", "opgeslagen"),
            ("b-fout", "geweigerd"),
        ]
        assert reports[1].warnings == 0


def files(pattern, kind="csv"):
    return {"bestand": {"pattern": pattern, "format": kind}}


IMPORTING = """
select pid from pg_stat_activity
where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()
"""


def at_the_last_moment(steward, do):
    """Progress that, when everything is copied and nothing committed, does something to the process in PostgreSQL that imports."""

    def progress(message, _=None):
        if message == "vastleggen":
            with psycopg.connect(administrator_conninfo(steward.settings), autocommit=True) as administrator:
                for (pid,) in administrator.execute(IMPORTING).fetchall():
                    do(administrator, pid)

    return progress


def test_losing_the_connection_half_way_leaves_nothing_behind(steward):
    steward.deliver(steward.points(), steward.csv(HERE))
    before = steward.contents()
    cut_off = at_the_last_moment(steward, lambda administrator, pid: administrator.execute("select pg_terminate_backend(%s)", [pid]))
    with pytest.raises(Unavailable, match="niets half opgeslagen"):
        import_source(steward.settings, steward.points(), {"bestand": steward.csv(HERE, THERE)}, Options(), cut_off)
    assert steward.contents() == before


@pytest.mark.slow
@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="alleen een eigen PostgreSQL mag omvallen")
def test_a_crash_of_postgresql_half_way_leaves_nothing_behind(steward):
    steward.deliver(steward.points(), steward.csv(HERE))
    before = steward.contents()
    crash = at_the_last_moment(steward, lambda _, pid: os.kill(pid, signal.SIGKILL))
    with pytest.raises(Unavailable, match="niets half opgeslagen"):
        import_source(steward.settings, steward.points(), {"bestand": steward.csv(HERE, THERE)}, Options(), crash)
    wait_for_recovery(steward)
    assert steward.contents() == before
    assert steward.deliver(steward.points(), steward.csv(HERE, THERE)).datasets[0].stored == 2


def wait_for_recovery(steward):
    for _ in range(100):
        try:
            steward.contents()
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["object/vlakken opslaan", "vastleggen"])
def test_killing_the_importing_process_half_way_leaves_nothing_behind(steward, moment):
    steward.deliver(steward.points(), steward.csv(HERE))
    before = steward.contents()
    path = steward.csv(*((number, "punt", 155000 + number, 463000) for number in range(5000)))
    source = steward.text("bron.json", steward.points().model_dump_json())
    program = textwrap.dedent(f"""
        import os, signal, pathlib
        from app.ingest.importing import Options, import_source
        from app.ingest.source import Source
        from app.settings import Settings

        def die(message, done=None):
            if message == {moment!r}:
                os.kill(os.getpid(), signal.SIGKILL)

        source = Source.model_validate_json(pathlib.Path({str(source)!r}).read_text())
        import_source(Settings(), source, {{"bestand": pathlib.Path({str(path)!r})}}, Options(), die)
    """)
    environment = os.environ | {
        "PYTHONPATH": ".",
        "DATABASE_URL": steward.settings.database_url,
        "ENERGIEBEELD_DATABASE_URL_IMPORT": steward.settings.database_url_import or steward.settings.database_url,
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert steward.contents() == before
    assert steward.deliver(steward.points(), path).datasets[0].stored == 5000


def test_a_refusal_is_raised_with_its_report(steward):
    with pytest.raises(RefusedImport) as refusal:
        steward.deliver(steward.points(), steward.csv((1, "Parijs", 2.3, 48.8)))
    assert refusal.value.report.faults == 1
    assert refusal.value.errors
