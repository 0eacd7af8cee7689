"""`/v1/cijfers` and `/v1/aansluiting` over HTTP, on figures that a person can add up."""

import csv
import io
import itertools

import httpx
import openpyxl
import pyarrow.parquet
import pytest

from app.beeld.columns import ALL
from tests.api.conftest import FIGURES, problem_of

WONEN_STROOM = "indicator=finale-vraag&drager=ELEKTRICITEIT&subsector=WONINGEN&jaar=2023"


def values(answer: httpx.Response) -> dict[str, float | None]:
    assert answer.status_code == 200, answer.text
    return {each["gebiedCode"]: each["waarde"] for each in answer.json()["cijfers"]}


def test_all_figures_in_long_format(service):
    answer = service.get("/cijfers").json()
    assert answer["aantal"] == answer["totaal"] == len(answer["cijfers"]) == len(FIGURES)
    first = answer["cijfers"][0]
    assert first == {
        "energiebeeld": "NL01-2026-0.1",
        "gebiedCode": "GM0001",
        "gebiedNaam": "Aa",
        "niveau": "GEMEENTE",
        "thema": "VRAAG",
        "indicator": "finale-vraag",
        "drager": "ELEKTRICITEIT",
        "keten": "ELEKTRICITEIT",
        "subsector": "WONINGEN",
        "hoofdsector": "WONEN",
        "techniek": None,
        "richting": None,
        "jaar": 2023,
        "beeld": "HUIDIG",
        "waarde": 10,
        "eenheid": "TJ",
        "ondergrens": None,
        "bovengrens": None,
        "redenLeeg": None,
        "soort": "REALISATIE",
        "herkomst": "CONCEPT_RIJK",
        "kwaliteit": "GEMODELLEERD",
        "methode": None,
        "bron": "etlocal-2023",
        "peiljaar": 2023,
        "indeling": "2023-01-01",
        "leveringId": 1,
        "aansluiting": None,
    }


def test_missing_is_not_zero_and_suppressed_is_not_missing(service):
    (figure,) = service.get(f"/cijfers?gebied=GM0004&{WONEN_STROOM}").json()["cijfers"]
    assert figure["waarde"] is None
    assert figure["redenLeeg"] == "ONTHULLING"


def test_a_computed_level_shows_how_it_was_computed(service):
    (figure,) = service.get(f"/cijfers?gebied=PV25&{WONEN_STROOM}").json()["cijfers"]
    assert figure["waarde"] == 32
    assert figure["aansluiting"] == {
        "oordeel": "SLUITEND_MET_REST",
        "geleverd": None,
        "som": 30,
        "rest": 2,
        "verschil": None,
        "kinderen": 2,
        "ontbrekend": [],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{WONEN_STROOM}&niveau=GEMEENTE", {"GM0001": 10, "GM0002": 20, "GM0003": 30, "GM0004": None}),
        (f"{WONEN_STROOM}&gebied=GM0002,GM0003", {"GM0002": 20, "GM0003": 30}),
        (f"{WONEN_STROOM}&niveau=REGIO,PROVINCIE", {"PV25": 32, "PV26": None, "ES09": 50}),
        (f"{WONEN_STROOM}&gebied=PV25-NTI", {"PV25-NTI": 2}),
        ("niveau=NTI", {"PV25-NTI": 2}),
        ("drager=AARDGAS", {"GM0001": 31.65, "GM0002": 63.3}),
        ("keten=KOOLSTOF&gebied=GM0002", {"GM0002": 63.3}),
        ("sector=WERKEN", {"GM0001": 1.5}),
        ("indicator=finale-vraag&subsector=-", {"GM0001": 11.5}),
        ("thema=VRAAG&indicator=piekvraag&niveau=GEMEENTE", {"GM0001": 7, "GM0002": 8}),
        ("jaar=2030", {"GM0001": 12}),
        ("jaar=2030,2050", {"GM0001": 12}),
        ("jaar=2024/2050", {"GM0001": 12}),
        ("jaar=2024/..", {"GM0001": 12}),
        ("beeld=II3050V3_KM", {"GM0001": 12}),
        ("versie=NL01-2026-0.1&jaar=2030", {"GM0001": 12}),
        ("thema=AANBOD", {}),
    ],
)
def test_filters(service, query, expected):
    assert values(service.get(f"/cijfers?{query}")) == expected


def test_pages_follow_each_other_without_gaps(service):
    seen, address = [], "/cijfers?limit=5"
    while address:
        page = service.get(address).json()
        assert len(page["cijfers"]) <= 5
        seen += page["cijfers"]
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert seen == service.get("/cijfers").json()["cijfers"]


def test_a_larger_limit_is_the_maximum(service):
    assert service.get("/cijfers?limit=20000").json()["aantal"] == len(FIGURES)


def test_values_in_another_unit(service):
    answer = service.get(f"/cijfers?{WONEN_STROOM}&gebied=GM0002,PV25&eenheid=GWh").json()["cijfers"]
    assert {each["eenheid"] for each in answer} == {"GWh"}
    assert [each["waarde"] for each in answer] == pytest.approx([20 / 3.6, 32 / 3.6])
    assert answer[1]["aansluiting"]["som"] == pytest.approx(30 / 3.6)


def test_gas_in_cubic_metres(service):
    """1 m³ is 31.65 MJ: 31.65 TJ is a million m³."""
    assert values(service.get("/cijfers?drager=AARDGAS&eenheid=m3")) == pytest.approx({"GM0001": 1_000_000, "GM0002": 2_000_000})


def test_a_unit_must_fit_every_selected_indicator(service):
    (fault,) = problem_of(service.get("/cijfers?thema=VRAAG&drager=ELEKTRICITEIT&eenheid=GWh"), 400)
    assert "piekvraag" in fault
    assert "MW" in fault


def test_electricity_has_no_cubic_metres(service):
    faults = problem_of(service.get("/cijfers?indicator=finale-vraag&eenheid=m3"), 400)
    assert len(faults) == 1
    assert "ELEKTRICITEIT" in faults[0]


def test_every_fault_at_once(service):
    query = "gebied=GM9999,PV25&indicator=finale-vrag&drager=STROOM&jaar=20x5&beeld=NIETS&versie=X&limit=0&cursor=a&eenheid=ei&niveau=WIJK"
    faults = problem_of(service.get(f"/cijfers?{query}"), 400)
    told = "\n".join(faults)
    assert len(faults) == 10
    assert "'GM9999'" in told
    assert "Bedoelt u 'finale-vraag'?" in told
    assert "II3050V3_KM" in told
    assert "NL01-2026-0.1" in told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("gemeente=GM0001", "'gemeente'"),
        ("gebied=GM0001&gebied=GM0002", "meer dan eens"),
        ("gebied=GM0001,", "lege waarde"),
        ("gebied=GM0001%00", "lege waarde"),
        ("f=xml", "parquet"),
        ("oordeel=SLUITEND", "'oordeel'"),
        ("f=csv&limit=5", "hele selectie"),
        ("jaar=2050/2030", "2050/2030"),
        ("aggregeer=jaar", "techniek"),
    ],
)
def test_bad_questions_say_what_is_wrong(service, query, told):
    assert told in " ".join(problem_of(service.get(f"/cijfers?{query}"), 400))


def test_a_trailing_slash_is_no_address(service):
    problem_of(service.get("/cijfers/"), 404)


def test_the_sum_of_gebieden(service):
    (figure,) = service.get(f"/cijfers?{WONEN_STROOM}&gebied=GM0001,GM0002,GM0003&aggregeer=gebied").json()["cijfers"]
    assert figure["waarde"] == figure["som"] == 60
    assert figure["gebieden"] == ["GM0001", "GM0002", "GM0003"]
    assert figure["herkomst"] == "AFGELEID"


@pytest.mark.parametrize("gebieden", ["GM0001,GM0004", "GM0001,GM0008"])
def test_a_sum_with_a_missing_part_is_no_number(service, gebieden):
    """GM0004 is suppressed, GM0008 has no figure at all."""
    (figure,) = service.get(f"/cijfers?{WONEN_STROOM}&gebied={gebieden}&aggregeer=gebied").json()["cijfers"]
    assert figure["waarde"] is None
    assert figure["redenLeeg"] == "ONBEKEND"
    assert figure["som"] == 10


def test_a_sum_over_sectors_leaves_out_the_total_as_delivered(service):
    """WONINGEN 10 and DIENSTEN 1.5; the 11.5 that is not split stands for both."""
    query = "indicator=finale-vraag&drager=ELEKTRICITEIT&gebied=GM0001&jaar=2023"
    (figure,) = service.get(f"/cijfers?{query}&aggregeer=sector").json()["cijfers"]
    assert figure["waarde"] == 11.5
    assert figure["aantal"] == 2


def test_a_sum_in_another_unit(service):
    (figure,) = service.get(f"/cijfers?{WONEN_STROOM}&gebied=GM0001,GM0002&aggregeer=gebied&eenheid=GWh").json()["cijfers"]
    assert figure["waarde"] == pytest.approx(30 / 3.6)
    assert figure["eenheid"] == "GWh"


@pytest.mark.parametrize("dimension", ["gebied", "sector", "drager"])
def test_summing_a_peak_is_refused_with_the_reason(service, dimension):
    (fault,) = problem_of(service.get(f"/cijfers?indicator=piekvraag&gebied=GM0001,GM0002&aggregeer={dimension}"), 400)
    assert "piekvraag" in fault
    assert "niet op te tellen" in fault


def test_summing_an_average_is_refused_with_its_weight(service):
    (fault,) = problem_of(service.get("/cijfers?indicator=gas-per-woning&gebied=GM0001,GM0002&aggregeer=gebied"), 400)
    assert "gemiddelde" in fault


def test_summing_different_levels_is_refused(service):
    (fault,) = problem_of(service.get(f"/cijfers?{WONEN_STROOM}&gebied=GM0001,PV25&aggregeer=gebied"), 400)
    assert "dubbel" in fault


def test_csv_holds_the_whole_selection(service):
    answer = service.get("/cijfers?f=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert "cijfers-proef-1.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == [column.name for column in ALL]
    assert [(row["gebied_code"], row["waarde"]) for row in rows[:4]] == [
        ("GM0001", "10"),
        ("GM0002", "20"),
        ("GM0003", "30"),
        ("GM0004", ""),
    ]
    assert len(rows) == len(FIGURES)


def test_csv_for_dutch_excel(service):
    content = service.get("/cijfers?drager=AARDGAS,ELEKTRICITEIT&niveau=GEMEENTE&f=csv-nl").content
    assert content.startswith(b"\xef\xbb\xbfenergiebeeld;gebied_code;")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert {row["waarde"] for row in rows} >= {"31,65", "63,3", "10", "1,5"}
    assert next(row["methode"] for row in rows if row["methode"]) == "'=1+1"


def test_xlsx_has_numbers_as_numbers_and_no_formulas(service):
    workbook = openpyxl.load_workbook(io.BytesIO(service.get("/cijfers?f=xlsx").content))
    assert workbook.sheetnames == ["Cijfers", "Toelichting"]
    names, *rows = workbook["Cijfers"].iter_rows()
    assert [cell.value for cell in names] == [column.name for column in ALL]
    assert len(rows) == len(FIGURES)
    by_name = {name.value: [row[number] for row in rows] for number, name in enumerate(names)}
    assert [cell.value for cell in by_name["waarde"][:4]] == [10, 20, 30, None]
    assert (by_name["methode"][2].value, by_name["methode"][2].data_type) == ("=1+1", "s")
    notes = dict(workbook["Toelichting"].iter_rows(values_only=True))
    assert notes["publicatie"] == "proef-1"


def test_parquet_has_types(service):
    table = pyarrow.parquet.read_table(io.BytesIO(service.get("/cijfers?f=parquet").content))
    assert table.num_rows == len(FIGURES)
    assert table.column("waarde").to_pylist()[:4] == [10.0, 20.0, 30.0, None]
    assert table.column("techniek").null_count == len(FIGURES)
    types = {name: str(table.schema.field(name).type) for name in ("gebied_code", "jaar", "waarde", "indeling")}
    assert types == {"gebied_code": "string", "jaar": "int32", "waarde": "double", "indeling": "date32[day]"}
    assert table.schema.metadata[b"publicatie"] == b"proef-1"


@pytest.mark.parametrize("form", ["csv", "csv-nl", "xlsx", "parquet"])
def test_a_file_of_nothing_is_still_a_file(service, form):
    answer = service.get(f"/cijfers?thema=AANBOD&f={form}")
    assert answer.status_code == 200
    assert len(answer.content) > 100


def test_a_file_in_another_unit(service):
    rows = list(csv.DictReader(io.StringIO(service.get(f"/cijfers?{WONEN_STROOM}&gebied=GM0001&eenheid=MWh&f=csv").text)))
    assert (float(rows[0]["waarde"]), rows[0]["eenheid"]) == (pytest.approx(2777.7777777), "MWh")


def test_what_the_client_has_is_not_sent_again(service):
    for address in ("/cijfers?limit=2", "/cijfers?f=csv", "/aansluiting"):
        first = service.get(address)
        again = service.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_head_tells_without_making_the_file(service):
    for form in ("json", "csv", "xlsx", "parquet"):
        answer = service.head(f"/cijfers?f={form}")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["etag"]


def test_pages_are_compressed(service):
    assert service.get("/cijfers", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_who_accepts_csv_gets_csv(service):
    assert service.get("/cijfers", headers={"Accept": "text/csv"}).text.startswith("energiebeeld,gebied_code")


@pytest.mark.parametrize(
    "address", ["/cijfers", "/cijfers?limit=3", f"/cijfers?{WONEN_STROOM}&gebied=GM0001&aggregeer=gebied", "/aansluiting"]
)
def test_people_get_a_page(service, address):
    answer = service.get(address, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "<table>" in answer.text
    assert "script" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_reconciliation_names_what_is_missing(service):
    rows = {each["gebiedCode"]: each for each in service.get(f"/aansluiting?{WONEN_STROOM}").json()["aansluiting"]}
    assert {code: each["oordeel"] for code, each in rows.items()} == {
        "PV25": "SLUITEND_MET_REST",
        "PV26": "ONVOLLEDIG",
        "ES09": "NIET_SLUITEND",
    }
    assert rows["PV26"]["ontbrekend"] == [{"code": "GM0004", "naam": "Dee"}]
    assert (rows["ES09"]["geleverd"], rows["ES09"]["som"], rows["ES09"]["verschil"]) == (49, 50, -1)
    assert (rows["PV25"]["som"], rows["PV25"]["rest"]) == (30, 2)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("oordeel=NIET_SLUITEND", ["ES09"]),
        ("oordeel=NIET_OPTELBAAR,ONVOLLEDIG", ["PV26", "PV25"]),
        ("niveau=REGIO", ["ES09"]),
        ("gebied=GM0001", []),
        ("indicator=piekvraag", ["PV25"]),
        ("jaar=2030", []),
    ],
)
def test_reconciliation_filters(service, query, expected):
    assert [each["gebiedCode"] for each in service.get(f"/aansluiting?{query}").json()["aansluiting"]] == expected


def test_reconciliation_as_csv(service):
    rows = list(csv.DictReader(io.StringIO(service.get("/aansluiting?f=csv&gebied=PV26").text)))
    assert [(row["oordeel"], row["som"], row["ontbrekend"]) for row in rows] == [("ONVOLLEDIG", "30", "GM0004")]


def test_reconciliation_refuses_an_unknown_verdict(service):
    (fault,) = problem_of(service.get("/aansluiting?oordeel=GOED"), 400)
    assert "NIET_SLUITEND" in fault


def test_pages_lead_to_each_other(service):
    for address, other in itertools.permutations(["/cijfers", "/aansluiting"], 2):
        assert [each["href"] for each in service.get(address).json()["links"] if each["href"].endswith(other)]
