"""A figure that is 3.6 or 1000 times that of the year before, or a part of it, is a wrong unit until the steward confirms it."""

import pytest

from app.ingest.importing import Options

from .test_figures import Bureau, bureau

__all__ = ["bureau"]


@pytest.mark.parametrize(
    ("waarde", "told"),
    [
        ("360", "3.6 keer de waarde in het jaar daarvoor: GWh en TJ verwisseld?"),
        ("27,8", "1/3.6 van de waarde in het jaar daarvoor: GWh en TJ verwisseld?"),
        ("100000", "1000 keer de waarde in het jaar daarvoor: een factor 1000 in de eenheid?"),
        ("0,1", "1/1000 van de waarde in het jaar daarvoor: een factor 1000 in de eenheid?"),
    ],
)
def test_each_ratio_asks_for_confirmation(bureau: Bureau, findings_of, waarde, told):
    path = bureau.csv({"waarde": "100", "eenheid": "TJ"}, {"waarde": waarde, "eenheid": "TJ", "jaar": "2024"})
    (found,) = findings_of(bureau.refused(path), "verhouding-verdacht")
    assert (found.row, found.column, found.value) == (3, "waarde", waarde)
    assert told in found.reason
    assert "--confirm" in found.remedy
    report = bureau.deliver(path, options=Options(confirm=True))
    assert (report.outcome, report.warnings) == ("opgeslagen", 1)


@pytest.mark.parametrize("waarde", ["200", "50", "1,1", "720"])
def test_another_ratio_is_a_change(bureau: Bureau, waarde):
    rows = ({"waarde": "100", "eenheid": "TJ"}, {"waarde": waarde, "eenheid": "TJ", "jaar": "2024"})
    assert bureau.deliver(bureau.csv(*rows)).warnings == 0
