"""Rules with a fault stop the commands and the service before anything else, with the place and the remedy."""

from pathlib import Path

import pytest

from app.main import create_app
from app.problems import ConfigurationFault
from app.register.regels import COLUMNS
from app.settings import Settings
from tests.running import run_command

ROW = "EIGEN-1,BATT,WB-RAK,OVERLAPT,,,,,UITSLUITING,JURIDISCH,Wij willen dit niet.,Provincie,ja,PV25,,"
SAID = "regels/2026-11.csv:2: 'ernst' is 'UITSLUITING' bij WB-RAK, en dat is beleid (regime WBS); kies hoogstens ZWAARWEGEND"


def test_rules_with_a_fault_are_refused_before_anything_else(database_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "regels").mkdir()
    (tmp_path / "regels" / "2026-11.csv").write_text(f"{','.join(COLUMNS)}\n{ROW}\n", encoding="utf-8")
    settings = database_settings.model_copy(update={"seed": (tmp_path,)})
    refused = run_command(settings, "publish")
    assert refused.returncode == 1
    assert SAID in refused.stderr
    with pytest.raises(ConfigurationFault) as fault:
        create_app(settings)
    assert SAID in str(fault.value)
