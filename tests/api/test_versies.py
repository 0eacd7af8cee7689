"""Energiebeelden and their difference, and answers from earlier publications: imported, published and asked over HTTP.

The concept of the Rijk is of the small country; region Foodvalley (Bee and Cee) makes its own version of it with one correction, one
addition and one withdrawal. Then the Rijk corrects its concept, which gives a second publication.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from openapi_schema_validator import OAS30ReadValidator
from psycopg.types.json import Jsonb

from app.database import Role, connect
from app.ingest.importing import Options, import_source
from app.ingest.source import Source
from app.layers import read_layers
from app.publish import publish
from app.register.begrippen import read_begrippen, store_begrippen
from app.register.crs import use_grid
from app.settings import Settings
from tests.api.conftest import ORIGIN, deliver_gebieden, problem_of
from tests.conftest import DATA, fresh_database
from tests.running import served

CONCEPT, GEDRAGEN = "NL01-2026-0.1", "ES09-2026-1.0"
BEELDEN = [
    {"code": "HUIDIG", "naam": "Huidig", "soort": "HUIDIG"},
    {
        "code": "EIGEN_ZON",
        "naam": "Zon",
        "soort": "TOEKOMST",
        "omschrijving": "Elk dak draagt panelen.",
        "rekening_gehouden_met": ["https://example.nl/omgevingsvisie"],
    },
]
RIJK = {"id": CONCEPT, "gebied": "NL01", "ronde": "2026", "versie": "0.1", "status": "CONCEPT", "opsteller": "Rijk", "beelden": BEELDEN}
REGIO = {
    **RIJK,
    "id": GEDRAGEN,
    "gebied": "ES09",
    "versie": "1.0",
    "status": "GEDRAGEN",
    "opsteller": "Regio Foodvalley",
    "gedragen_door": ["Gemeente Bee", "Gemeente Cee"],
    "datum_gedragen": "2026-05-01",
    "gebaseerd_op": CONCEPT,
    "toelichting": "Gemaakt aan een tafel in Bee.",
}
NAMES = ("gebied", "indicator", "drager", "subsector", "jaar", "beeld", "waarde", "eenheid", "soort", "herkomst", "kwaliteit", "reden_leeg")
STROOM = {"drager": "ELEKTRICITEIT", "subsector": "WONINGEN", "reden_leeg": ""}
GAS = {**STROOM, "drager": "AARDGAS"}
CORRECTED = {**STROOM, "herkomst": "CORRECTIE_GEBIED"}


def rows_of(*rows: dict[str, object]) -> list[list[object]]:
    usual = {"indicator": "finale-vraag", "jaar": 2023, "beeld": "HUIDIG", "eenheid": "TJ"}
    usual |= {"soort": "REALISATIE", "herkomst": "CONCEPT_RIJK", "kwaliteit": "GEREGISTREERD"}
    return [[{**usual, **row}[name] for name in NAMES] for row in rows]


def concept_rows(aa: float) -> list[list[object]]:
    stroom = {"GM0001": aa, "GM0002": 20, "GM0003": 30, "GM0004": 40}
    return rows_of(
        *({**STROOM, "gebied": gebied, "waarde": waarde} for gebied, waarde in stroom.items()),
        *({**GAS, "gebied": gebied, "waarde": waarde} for gebied, waarde in (("GM0002", 5), ("GM0003", 6))),
    )


OWN = rows_of(
    {**CORRECTED, "gebied": "GM0002", "waarde": 21},
    {**STROOM, "gebied": "GM0003", "subsector": "DIENSTEN", "waarde": 7, "herkomst": "AANVULLING_GEBIED"},
    {**CORRECTED, "gebied": "GM0003", "drager": "AARDGAS", "waarde": "", "reden_leeg": "NVT"},
)


@dataclass(frozen=True)
class Land:
    """The service, and the versies of the publication before and after the concept was corrected."""

    client: httpx.Client
    settings: Settings
    first: str
    second: str


def deliver(settings: Settings, energiebeeld: dict[str, object], rows: list[list[object]]) -> None:
    path = settings.home / f"{energiebeeld['id']}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([NAMES, *rows])
    source = Source(
        id=f"bron-{str(energiebeeld['gebied']).lower()}",
        title=f"Cijfers van {energiebeeld['opsteller']}",
        description="Cijfers",
        publisher=str(energiebeeld["opsteller"]),
        license="https://example.org/",
        homepage="https://example.org/",
        peildatum="2025-06-01",
        energiebeelden=[energiebeeld],
        files={"bestand": {"pattern": "*", "format": "csv"}},
        datasets=[{"file": "bestand", "facts": "cijfer", "figures": {"energiebeeld": energiebeeld["id"], "form": "levering"}}],
    )
    import_source(settings, source, {"bestand": path}, Options())


def publish_all(settings: Settings) -> str:
    return publish(settings, read_layers(settings.layer_folders), {}, lambda _: None).versie


@pytest.fixture(scope="module")
def land(postgis, tmp_path_factory) -> Iterator[Land]:
    use_grid(DATA / "proj")
    home: Path = tmp_path_factory.mktemp("versies")
    with fresh_database(postgis, home) as settings:
        with connect(settings, Role.IMPORT) as connection:
            deliver_gebieden(connection)
            connection.execute("delete from facts.energiebeeld")
            connection.execute(
                "insert into facts.levering_facts select id, kind, 1 from facts.levering,"
                " unnest(array['gebied', 'gebied_relatie', 'gebied_opvolging']) kind"
            )
        store_begrippen(settings, read_begrippen(settings.seed_folders))
        deliver(settings, RIJK, concept_rows(10))
        deliver(settings, REGIO, OWN)
        first = publish_all(settings)
        deliver(settings, RIJK, concept_rows(11))
        second = publish_all(settings)
        with served(settings) as running, httpx.Client(base_url=f"{running.address}/v1", timeout=30) as client:
            yield Land(client, settings, first, second)


def differences(land: Land, query: str = "") -> list[tuple[object, ...]]:
    answer = land.client.get(f"/energiebeelden/{GEDRAGEN}/verschil{query}")
    assert answer.status_code == 200, answer.text
    told = ("wijziging", "gebiedCode", "drager", "subsector", "oud", "nieuw", "delta")
    return [tuple(each[name] for name in told) for each in answer.json()["verschillen"]]


CHANGES = {
    ("GEWIJZIGD", "GM0002", "ELEKTRICITEIT", "WONINGEN", 20, 21, 1),
    ("TOEGEVOEGD", "GM0003", "ELEKTRICITEIT", "DIENSTEN", None, 7, None),
    ("VERVALLEN", "GM0003", "AARDGAS", "WONINGEN", 6, None, None),
}


class TestEnergiebeelden:
    def test_all_of_them(self, land):
        answer = land.client.get("/energiebeelden").json()
        assert [(each["id"], each["status"], each["gebiedNaam"]) for each in answer["energiebeelden"]] == [
            ("NL01-2026-actueel", "AANGEVULD", "Nederland"),
            (GEDRAGEN, "GEDRAGEN", "Foodvalley"),
            (CONCEPT, "CONCEPT", "Nederland"),
        ]

    def test_the_one_that_the_service_makes_says_of_what(self, land):
        answer = land.client.get("/energiebeelden/NL01-2026-actueel").json()
        assert (answer["gebaseerdOp"], answer["geleverd"]) == (CONCEPT, 0)
        assert GEDRAGEN in answer["toelichting"]
        assert [each["code"] for each in answer["beelden"]] == ["HUIDIG", "EIGEN_ZON"]

    def test_one_of_them(self, land):
        answer = land.client.get(f"/energiebeelden/{GEDRAGEN}").json()
        assert answer["gedragenDoor"] == ["Gemeente Bee", "Gemeente Cee"]
        assert (answer["datumGedragen"], answer["gebaseerdOp"], answer["peildatum"]) == ("2026-05-01", CONCEPT, "2025-06-01")
        assert answer["toelichting"] == "Gemaakt aan een tafel in Bee."
        assert answer["beelden"][1] == {
            "code": "EIGEN_ZON",
            "naam": "Zon",
            "soort": "TOEKOMST",
            "familie": None,
            "omschrijving": "Elk dak draagt panelen.",
            "rekeningGehoudenMet": ["https://example.nl/omgevingsvisie"],
        }
        assert answer["geleverd"] == 3
        assert answer["cijfers"] == land.client.get(f"/cijfers?versie={GEDRAGEN}").json()["aantal"]
        ways = {each["rel"]: each["href"].rsplit("/v1", 1)[1] for each in answer["links"]}
        assert ways["predecessor-version"] == f"/energiebeelden/{CONCEPT}"

    def test_the_concept_leads_to_what_was_made_of_it(self, land):
        links = land.client.get(f"/energiebeelden/{CONCEPT}").json()["links"]
        assert [each["href"].rsplit("/", 1)[1] for each in links if each["rel"] == "successor-version"] == ["NL01-2026-actueel", GEDRAGEN]

    def test_an_unknown_one(self, land):
        assert CONCEPT in problem_of(land.client.get("/energiebeelden/NL01-2026-9"), 404)[0]

    @pytest.mark.parametrize("path", ["", f"/{GEDRAGEN}", f"/{CONCEPT}", f"/{GEDRAGEN}/verschil"])
    def test_people_get_a_page(self, land, path):
        answer = land.client.get(f"/energiebeelden{path}?f=html")
        assert answer.status_code == 200
        assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("schema", "path"),
    [("Energiebeelden", ""), ("Energiebeeld", f"/{GEDRAGEN}"), ("Energiebeeld", f"/{CONCEPT}"), ("Verschil", f"/{GEDRAGEN}/verschil")],
)
def test_an_answer_is_as_it_is_described(land, schema, path):
    components = land.client.get("/openapi.json").json()["components"]
    answer = land.client.get(f"/energiebeelden{path}").json()
    described = components["schemas"][schema]
    OAS30ReadValidator({**described, "components": components}).validate(answer)
    assert answer.keys() <= described["properties"].keys()


class TestVerschil:
    def test_one_correction_one_addition_one_withdrawal(self, land):
        assert set(differences(land)) == CHANGES
        answer = land.client.get(f"/energiebeelden/{GEDRAGEN}/verschil").json()
        assert (answer["van"], answer["naar"], answer["totaal"]) == (CONCEPT, GEDRAGEN, 3)
        assert answer["aantallen"] == {"TOEGEVOEGD": 1, "GEWIJZIGD": 1, "VERVALLEN": 1, "ONGEWIJZIGD": 2}

    def test_the_other_way_round(self, land):
        found = differences(land, f"?van={GEDRAGEN}&naar={CONCEPT}")
        turned = {"GEWIJZIGD": "GEWIJZIGD", "TOEGEVOEGD": "VERVALLEN", "VERVALLEN": "TOEGEVOEGD"}
        assert {(turned[each[0]], *each[1:4], each[5], each[4]) for each in found} == {each[:6] for each in CHANGES}

    def test_sums_only_when_asked(self, land):
        """Foodvalley: 50 becomes 51; its gas loses Cee, and services have no figure of Bee, so neither has a sum."""
        found = set(differences(land, "?opgeteld=true")) - CHANGES
        assert found == {
            ("GEWIJZIGD", "ES09", "ELEKTRICITEIT", "WONINGEN", 50, 51, 1),
            ("GEWIJZIGD", "ES09", "AARDGAS", "WONINGEN", 11, None, None),
            ("TOEGEVOEGD", "ES09", "ELEKTRICITEIT", "DIENSTEN", None, None, None),
        }

    @pytest.mark.parametrize(
        ("query", "gebieden"),
        [
            ("?gebied=GM0002", {"GM0002"}),
            ("?drager=AARDGAS", {"GM0003"}),
            ("?wijziging=TOEGEVOEGD,GEWIJZIGD", {"GM0002", "GM0003"}),
            ("?jaar=2030", set()),
            ("?niveau=REGIO", set()),
        ],
    )
    def test_filters(self, land, query, gebieden):
        assert {each[1] for each in differences(land, query)} == gebieden

    def test_pages_follow_each_other_without_gaps(self, land):
        seen, address = [], f"/energiebeelden/{GEDRAGEN}/verschil?limit=2"
        while address:
            page = land.client.get(address).json()
            seen += page["verschillen"]
            address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
        assert len(seen) == 3
        assert seen == land.client.get(f"/energiebeelden/{GEDRAGEN}/verschil").json()["verschillen"]

    def test_as_csv(self, land):
        rows = list(csv.DictReader(io.StringIO(land.client.get(f"/energiebeelden/{GEDRAGEN}/verschil?f=csv").text)))
        assert {(row["wijziging"], row["gebied_code"], row["oud"], row["nieuw"], row["delta"]) for row in rows} == {
            ("GEWIJZIGD", "GM0002", "20", "21", "1"),
            ("TOEGEVOEGD", "GM0003", "", "7", ""),
            ("VERVALLEN", "GM0003", "6", "", ""),
        }
        dutch = land.client.get(f"/energiebeelden/{GEDRAGEN}/verschil?f=csv-nl").content.decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(dutch), delimiter=";"))) == 3

    @pytest.mark.parametrize(
        ("address", "told"),
        [
            (f"{CONCEPT}/verschil", "op geen ander"),
            (f"{GEDRAGEN}/verschil?van=X", "geen energiebeeld"),
            (f"{GEDRAGEN}/verschil?van={GEDRAGEN}", "allebei"),
            (f"{GEDRAGEN}/verschil?wijziging=ONGEWIJZIGD", "TOEGEVOEGD"),
            (f"{GEDRAGEN}/verschil?opgeteld=ja", "true of false"),
            (f"{GEDRAGEN}/verschil?gebied=GM0001", "ligt niet in"),
            (f"{GEDRAGEN}/verschil?f=csv&limit=2", "bladzijden"),
            (f"{GEDRAGEN}/verschil?versie=X", "'versie'"),
        ],
    )
    def test_bad_questions_say_what_is_wrong(self, land, address, told):
        assert told in " ".join(problem_of(land.client.get(f"/energiebeelden/{address}"), 400))


class TestPermalinks:
    QUESTION = f"/cijfers?gebied=GM0001&versie={CONCEPT}&drager=ELEKTRICITEIT"

    def test_an_answer_from_an_earlier_publication(self, land):
        now = land.client.get(self.QUESTION).json()
        then = land.client.get(f"{self.QUESTION}&publicatie={land.first}").json()
        assert [(answer["publicatie"], answer["cijfers"][0]["waarde"]) for answer in (now, then)] == [(land.second, 11), (land.first, 10)]

    @pytest.mark.parametrize(
        "address",
        [
            QUESTION,
            "/aansluiting?niveau=REGIO",
            f"/gebieden/GM0001/balans?versie={CONCEPT}",
            f"/gebieden/GM0001/vergelijk?met=GM0004&versie={CONCEPT}",
            f"/gebieden/GM0001/reeks?versie={CONCEPT}",
            f"/energiebeelden/{GEDRAGEN}/verschil",
            f"/energiebeelden/{GEDRAGEN}",
        ],
    )
    def test_every_answer_says_how_to_cite_it(self, land, address):
        (cited,) = [each["href"] for each in land.client.get(address).json()["links"] if each["rel"] == "cite-as"]
        assert f"publicatie={land.second}" in cited
        assert land.client.get(cited).json()["publicatie"] == land.second
        page = land.client.get(address, headers={"Accept": "text/html"}).text
        assert f"publicatie={land.second}" in page
        earlier = land.client.get(f"{address}{'&' if '?' in address else '?'}publicatie={land.first}").json()
        assert earlier["publicatie"] == land.first

    def test_a_page_says_that_there_is_a_newer_publication(self, land):
        pages = [land.client.get(f"{self.QUESTION}&f=html&publicatie={versie}").text for versie in (land.first, land.second)]
        assert ["Er is inmiddels een nieuwere" in page for page in pages] == [True, False]

    def test_numbers_of_an_earlier_publication_lead_to_its_figures(self, land):
        answer = land.client.get(f"/gebieden/GM0001/balans?versie={CONCEPT}&publicatie={land.first}").json()
        side = answer["totaal"]["vraag"]
        assert side["waarde"] == 10
        assert [each["waarde"] for each in land.client.get(side["href"]).json()["cijfers"]] == [10]

    def test_a_new_concept_changes_no_gedragen_version(self, land):
        question = f"/cijfers?versie={GEDRAGEN}"
        now, then = (land.client.get(f"{question}&publicatie={versie}").json()["cijfers"] for versie in (land.second, land.first))
        assert now == then

    def test_an_unknown_publication_is_told_which_there_are(self, land):
        (fault,) = problem_of(land.client.get("/cijfers?publicatie=2020-01-01-1"), 404)
        assert land.first in fault
        assert land.second in fault

    def test_a_table_of_an_earlier_edition_is_refused_by_name(self, land):
        add_publication(land, "2019-01-01-1", "cijfers_00000000000a", "rij, energiebeeld, gebied, waarde")
        (fault,) = problem_of(land.client.get("/cijfers?publicatie=2019-01-01-1"), 404)
        assert "eerdere uitgave" in fault
        assert "indicator" in fault

    def test_a_table_that_is_gone_is_no_fault_of_the_service(self, land):
        add_publication(land, "2019-01-01-2", "cijfers_00000000000b", "*")
        assert land.client.get("/cijfers?publicatie=2019-01-01-2").status_code == 200
        with connect(land.settings, Role.IMPORT) as connection:
            connection.execute("drop table publication.cijfers_00000000000b")
        (fault,) = problem_of(land.client.get("/cijfers?publicatie=2019-01-01-2&limit=5"), 404)
        assert "2019-01-01-2" in fault


def add_publication(land: Land, versie: str, table: str, columns: str) -> None:
    """Add a publication: some columns of the figures of the first one, and its gebieden."""
    with connect(land.settings, Role.IMPORT) as connection:
        ask = (
            "select layer_id, table_name, layer_version.id from publication.layer_version"
            " join publication.publication_layer on layer_version_id = layer_version.id"
            " join publication.publication on publication.id = publication_id where versie = %s"
        )
        versions = {layer: (name, number) for layer, name, number in connection.execute(ask, [land.first])}
        current, gebieden = versions["cijfers"][0], versions["gebieden"][1]
        connection.execute(f"create table publication.{table} as select {columns} from publication.{current}".encode())
        connection.execute(
            "with cijfers as (insert into publication.layer_version (layer_id, table_name, input_hash, description)"
            " values ('cijfers', %s, %s, %s) returning id),"
            " oud as (insert into publication.publication (versie) values (%s) returning id)"
            " insert into publication.publication_layer select oud.id, cijfers.id from oud, cijfers union all select oud.id, %s from oud",
            [table, table, Jsonb({"count": 1, "origins": [ORIGIN]}), versie, gebieden],
        )
