"""What lies under the real constraint layers, gemeente by gemeente, as an independent computation with Shapely finds it."""

import httpx
import pytest

from ..conftest import Netherlands
from .measured_by_shapely import SOURCES, areas, differs, gemeenten, told_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# Natura 2000 with its stacked parts, the layers of Zeeland that hold everything twice, and one huge polygon of Limburg.
SAMPLE = ("NA-N2K", "WB-GWB", "NA-STI", "WB-BVZ", "WB-MEA")
GEMEENTEN = ("GM1963", "GM0299", "GM1773", "GM0677", "GM0716", "GM1676", "GM0687", "GM0983", "GM1641", "GM1507", "GM0363")


@pytest.fixture(scope="module")
def told(netherlands: Netherlands) -> dict[str, dict[tuple[str, str], float]]:
    with httpx.Client(base_url=netherlands.service.api.removesuffix("/v1"), timeout=60) as client:
        return {code: told_of(client, code) for code in GEMEENTEN}


@pytest.mark.parametrize("beperking", SAMPLE)
def test_ground_under_a_constraint_is_what_shapely_finds(told: dict[str, dict[tuple[str, str], float]], beperking: str) -> None:
    (layer,) = [each for each in SOURCES if each[1] == beperking]
    wanted = {code: shape for code, shape in gemeenten().items() if code in GEMEENTEN}
    expected = areas(SOURCES[layer], wanted)
    assert expected
    wrong = {code: (told[code].get(layer, 0.0), expected.get(code, 0.0)) for code in GEMEENTEN}
    assert {code: pair for code, pair in wrong.items() if differs(*pair)} == {}
