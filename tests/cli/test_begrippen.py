"""The commands keep the code lists in the database equal to the files, and refuse lists with faults before anything else."""

from pathlib import Path

import psycopg

from app.settings import Settings
from tests.running import run_command


def stored(settings: Settings) -> int:
    with psycopg.connect(settings.database_url or "") as connection:
        row = connection.execute("select count(*) from facts.begrip").fetchone()
    return row[0] if row else 0


def test_publishing_brings_the_code_lists_up_to_date(database_settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "begrippen"
    own.mkdir()
    told = run_command(database_settings, "publish")
    assert told.returncode == 0, told.stderr
    before = stored(database_settings)
    assert before > 400

    row = "EIGEN_ZUINIG,Zuinig beeld,Beeld waarin iedereen bespaart.,Provincie,,"
    (own / "beeld.csv").write_text(f"code,naam,definitie,bron,ouder,exact_match\n{row}\n", encoding="utf-8")
    settings = database_settings.model_copy(update={"seed": (tmp_path,)})
    assert run_command(settings, "publish").returncode == 0
    assert stored(settings) == before + 1

    (own / "beeld.csv").write_text(f"code,naam,definitie,bron,ouder,exact_match\n{row}\nLEEG,Leeg,,Provincie,NERGENS,\n", encoding="utf-8")
    refused = run_command(settings, "publish")
    assert refused.returncode == 1
    assert "beeld.csv:3: de kolom 'definitie' is leeg" in refused.stderr
    assert "beeld.csv:3: 'NERGENS' staat niet in de lijst 'scenariofamilie'" in refused.stderr
    assert stored(settings) == before + 1
