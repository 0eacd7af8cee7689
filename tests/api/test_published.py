"""From facts to answer: what was delivered is published by the real publication and asked over HTTP."""

from collections.abc import Iterator

import httpx
import pytest

from app.database import Role, connect
from app.layers import read_layers
from app.publish import publish
from app.register.begrippen import read_begrippen, store_begrippen
from app.register.crs import use_grid
from app.settings import Settings
from tests.api.conftest import deliver_gebieden, problem_of
from tests.conftest import DATA
from tests.running import served

# Stroom van woningen in TJ: Gelderland 10 + 20 + 2 (niet toegedeeld); Utrecht 30 + onbekend; Foodvalley 20 + 30, maar 49 geleverd.
DELIVERED = {"GM0001": 10.0, "GM0002": 20.0, "GM0003": 30.0, "PV25-NTI": 2.0, "ES09": 49.0}


@pytest.fixture(scope="module")
def client(database_settings: Settings) -> Iterator[httpx.Client]:
    with connect(database_settings, Role.IMPORT) as connection:
        deliver_gebieden(connection)
        (levering,) = connection.execute("select max(id) from facts.levering").fetchone()
        for gebied, waarde in DELIVERED.items():
            connection.execute(
                "insert into facts.cijfer (levering_id, energiebeeld, gebied, indicator, drager, subsector, jaar, beeld, indeling, waarde,"
                " soort, herkomst, kwaliteit, waarde_bron, eenheid_bron) values (%(levering)s, 'NL01-2026-0.1', %(gebied)s, 'finale-vraag',"
                " 'ELEKTRICITEIT', 'WONINGEN', 2023, 'HUIDIG', '2023-01-01', %(waarde)s, 'REALISATIE', 'CONCEPT_RIJK', 'GEMODELLEERD',"
                " %(waarde)s, 'TJ')",
                {"levering": levering, "gebied": gebied, "waarde": waarde},
            )
        for kind in ("gebied", "gebied_relatie", "gebied_opvolging", "cijfer"):
            connection.execute("insert into facts.levering_facts values (%s, %s, 1)", [levering, kind])
    store_begrippen(database_settings, read_begrippen(database_settings.seed_folders))
    use_grid(DATA / "proj")
    publish(database_settings, read_layers(database_settings.layer_folders), {}, lambda _: None)
    with served(database_settings) as running, httpx.Client(base_url=f"{running.address}/v1", timeout=30) as asking:
        yield asking


def test_parents_are_the_sums_of_their_gemeenten(client):
    figures = {each["gebiedCode"]: each for each in client.get("/cijfers?indicator=finale-vraag&jaar=2023").json()["cijfers"]}
    assert {code: each["waarde"] for code, each in figures.items() if code.startswith("GM")} == {"GM0001": 10, "GM0002": 20, "GM0003": 30}
    assert (figures["PV25"]["waarde"], figures["PV25"]["aansluiting"]["oordeel"]) == (32, "SLUITEND_MET_REST")
    assert (figures["ES09"]["waarde"], figures["ES09"]["aansluiting"]["oordeel"]) == (50, "NIET_SLUITEND")
    assert figures["PV26"]["waarde"] is None
    assert figures["PV25-NTI"]["waarde"] == 2


def test_reconciliation_names_what_is_missing(client):
    rows = {each["gebiedCode"]: each for each in client.get("/aansluiting?indicator=finale-vraag").json()["aansluiting"]}
    assert set(rows) == {"NL01", "PV25", "PV26", "ES09"}
    assert rows["PV26"]["ontbrekend"] == rows["NL01"]["ontbrekend"] == [{"code": "GM0004", "naam": "Dee"}]
    assert (rows["ES09"]["geleverd"], rows["ES09"]["som"], rows["ES09"]["verschil"]) == (49, 50, -1)


@pytest.mark.parametrize("form", ["csv", "csv-nl", "xlsx", "parquet"])
def test_every_file_is_made(client, form):
    answer = client.get(f"/cijfers?f={form}")
    assert answer.status_code == 200
    assert len(answer.content) > 500


def test_gebieden_lead_to_figures_and_layers(client):
    gebied = client.get("/gebieden/GM0002").json()
    ways = [each["href"].rsplit("/v1", 1)[1] for each in gebied["links"]]
    assert "/cijfers?gebied=GM0002" in ways
    assert "/collections/gemeenten/items?code=GM0002" in ways
    assert "/collections/provincies/items?code=GM0002" not in ways
    assert client.get("/collections/gemeenten/items?code=GM0002").json()["numberMatched"] == 1


def test_a_code_that_no_figure_has_is_an_empty_answer_but_an_unknown_code_a_fault(client):
    assert client.get("/cijfers?gebied=GM0004").json()["cijfers"] == []
    problem_of(client.get("/cijfers?gebied=GM0005"), 400)
