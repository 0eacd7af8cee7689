"""The code lists: complete, consistent, and refused with every fault named when they are not."""

import csv
from pathlib import Path

import psycopg
import pytest

from app.problems import ConfigurationFault
from app.register.begrippen import DIMENSIONS, Aggregatie, Begrippen, digest_of, read_begrippen, store_begrippen
from app.register.eenheden import factor
from app.settings import ROOT, Settings

SEED = ROOT / "seed"
HEADER = "code,naam,definitie,bron,ouder,exact_match"


@pytest.fixture(scope="module")
def begrippen() -> Begrippen:
    return read_begrippen((SEED,))


def write(folder: Path, name: str, *rows: str, header: str = HEADER) -> None:
    (folder / "begrippen").mkdir(parents=True, exist_ok=True)
    (folder / "begrippen" / f"{name}.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")


def faults_of(folder: Path) -> str:
    with pytest.raises(ConfigurationFault) as fault:
        read_begrippen((SEED, folder))
    return "\n".join(fault.value.errors)


def test_every_begrip_has_a_definition_that_is_a_sentence_and_a_source(begrippen: Begrippen) -> None:
    for each in begrippen:
        assert each.definitie[0].isupper() or each.definitie[0].isdigit(), each
        assert each.definitie.endswith("."), each
        assert each.bron, each
        assert len(each.naam) <= 60, each


def test_the_lists_that_the_model_needs_are_there(begrippen: Begrippen) -> None:
    assert set(begrippen.lijsten) == {path.stem for path in (SEED / "begrippen").glob("*.csv")}
    assert tuple(begrippen["schaalniveau"]) == ("GEMEENTE", "REGIO", "PROVINCIE", "LAND")
    assert tuple(begrippen["thema"])[:5] == ("VRAAG", "AANBOD", "INFRASTRUCTUUR", "OPSLAG", "RUIMTEBESLAG")
    assert set(begrippen["keten"]) == {"ELEKTRICITEIT", "WARMTE", "WATERSTOF", "KOOLSTOF"}
    assert tuple(begrippen["hoofdsector"]) == ("WONEN", "WERKEN", "VERVOER", "ENERGIEPRODUCTIE")
    assert tuple(begrippen["kwaliteit"]) == ("GEMETEN", "GEREGISTREERD", "GEMODELLEERD", "GESCHAT", "TOEGEDEELD")
    assert tuple(begrippen["reden-leeg"]) == ("ONTHULLING", "ONBEKEND", "NVT")
    assert set(begrippen["aggregatie"]) == set(Aggregatie)
    assert {"CONCEPT", "AANGEVULD", "GEDRAGEN"} <= begrippen["energiebeeldstatus"].keys()
    assert len(begrippen["oordeel"]) == 5
    assert len(begrippen["energiedrager"]) == 27
    assert next(iter(begrippen["ernst"])) == "UITSLUITING"


def test_every_subsector_has_a_hoofdsector(begrippen: Begrippen) -> None:
    without = {code for code in begrippen["subsector"] if begrippen.hoofdsector_of(code) is None}
    # International shipping and aviation belong to no area below the country.
    assert without == {"BUNKERS"}
    assert {begrippen.hoofdsector_of(code) for code in begrippen["subsector"]} - {None} == set(begrippen["hoofdsector"])


def test_every_drager_has_a_keten(begrippen: Begrippen) -> None:
    assert {code for code in begrippen["energiedrager"] if begrippen.keten_of(code) is None} == {"TOTAAL"}
    assert begrippen.keten_of("GASMIX") == "KOOLSTOF"
    assert begrippen.keten_of("WARMTE_REST") == "WARMTE"


def test_every_indicator_says_what_it_measures_and_how_it_adds_up(begrippen: Begrippen) -> None:
    assert begrippen.indicatoren.keys() == begrippen["indicator"].keys()
    for each in begrippen.indicatoren.values():
        assert each.thema in begrippen["thema"]
        assert (each.aggregatie is Aggregatie.GEWOGEN_GEMIDDELDE) == (each.gewicht is not None), each
        assert each.gewicht is None or begrippen.indicatoren[each.gewicht].aggregatie is Aggregatie.SOM
        assert set(each.dimensies) <= set(DIMENSIONS)
        assert each.decimalen is not None
        assert factor(begrippen["grootheid"][each.grootheid].kenmerken["eenheid"], each.eenheid) > 0
    assert begrippen.indicatoren["piekvraag"].aggregatie is Aggregatie.NIET
    assert begrippen.indicatoren["gas-per-woning"].gewicht == "woningen"
    assert begrippen.indicatoren["netto-stroomlevering-per-woning"].minimum is None
    assert begrippen.indicatoren["finale-vraag"].minimum == 0.0
    assert (begrippen.indicatoren["opgesteld-vermogen"].eenheid, begrippen.indicatoren["opgesteld-piekvermogen"].eenheid) == ("MW", "MWp")


def test_every_beeld_has_a_kind_and_a_scenario_its_family(begrippen: Begrippen) -> None:
    for each in begrippen["beeld"].values():
        assert each.kenmerken["soort"] in begrippen["beeldsoort"]
        assert (each.ouder is None) == (each.code in {"HUIDIG", "PLAN"}), each
    assert sum(each.ouder == "II3050V3" for each in begrippen["beeld"].values()) == 4
    assert [code for code, each in begrippen["zichtjaar"].items() if each.kenmerken["verplicht"] == "ja"] == ["2035", "2040", "2050"]


def test_children_are_found_across_lists(begrippen: Begrippen) -> None:
    koolstof = begrippen["keten"]["KOOLSTOF"]
    assert {"AARDGAS", "CO2"} <= {each.code for each in begrippen.children_of(koolstof)}
    aardgas = begrippen["energiedrager"]["AARDGAS"]
    assert begrippen.ouder_of(aardgas) == koolstof
    assert {each.code for each in begrippen.children_of(begrippen["techniek"]["ZON_PV"])} >= {"ZON_DAK", "ZON_VELD", "ZON_WATER"}


def test_an_unknown_list_is_a_key_error(begrippen: Begrippen) -> None:
    with pytest.raises(KeyError):
        begrippen["onzin"]


def test_a_folder_of_ones_own_adds_codes_and_lists(tmp_path: Path) -> None:
    write(tmp_path, "beeld", "EIGEN_GRONINGEN,Gronings beeld,Beeld van de provincie zelf.,Provincie Groningen,,", header=HEADER)
    write(tmp_path, "lijst", "wijktype,Wijktypen,Soorten wijken.,Eigen,,,", header=f"{HEADER},ouderlijst")
    write(tmp_path, "wijktype", "", "TUINDORP,Tuindorp,Wijk met tuinen.,Eigen,,https://example.nl/a https://example.nl/b")
    begrippen = read_begrippen((SEED, tmp_path))
    assert begrippen["beeld"]["EIGEN_GRONINGEN"].naam == "Gronings beeld"
    assert begrippen.lijsten[-1] == "wijktype"
    assert begrippen["wijktype"]["TUINDORP"].exact_match == ("https://example.nl/a", "https://example.nl/b")


def test_every_fault_is_named_with_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, "thema", "VRAAG,Vraag,Staat er al.,Eigen,,", "NIEUW,,,Eigen,,", "A/B,Schuin,Met een streep.,Eigen,,geen-adres")
    write(tmp_path, "keten", "KORT,Te kort", header=HEADER)
    write(tmp_path, "hoofdsector", "X,X,Zonder kolom.", header="code,naam,definitie")
    write(tmp_path, "onbekend", "X,X,Een lijst die niemand kent.,Eigen,,")
    (tmp_path / "begrippen" / "soort.csv").write_bytes(b"code,naam\n\xff\xfe,\n")
    faults = faults_of(tmp_path)
    for said in (
        "thema.csv:2: de code 'VRAAG' staat al in",
        "thema.csv:3: de kolom 'naam' is leeg",
        "thema.csv:3: de kolom 'definitie' is leeg",
        "thema.csv:4: de code 'A/B' bevat een teken",
        "thema.csv:4: 'geen-adres' in 'exact_match' is geen webadres",
        "keten.csv:2: 2 waarden bij 6 kolommen",
        "hoofdsector.csv: de kolom 'bron' ontbreekt",
        "soort.csv: geen leesbare CSV in UTF-8",
        "de lijst 'onbekend' staat niet in lijst.csv",
    ):
        assert said in faults


INDICATOR = f"{HEADER},thema,grootheid,eenheid,aggregatie,gewicht,dimensies,decimalen,minimum,tolerantie"


@pytest.mark.parametrize(
    ("kenmerken", "said"),
    [
        (",ENERGIE,TJ,SOM,,,,,", "de kolom 'thema' is leeg"),
        ("VRAGG,ENERGIE,TJ,SOM,,,,,", "'VRAGG' staat niet in de lijst 'thema'"),
        ("VRAAG,ENERGIE,MW,SOM,,,,,", "de eenheid 'MW' hoort niet bij de grootheid 'ENERGIE'"),
        ("VRAAG,PIEKVERMOGEN,MW,SOM,,,,,", "de eenheid 'MW' hoort niet bij de grootheid 'PIEKVERMOGEN'"),
        ("VRAAG,ENERGIE,Tj,SOM,,,,,", "'Tj' staat niet in de lijst 'eenheid'"),
        ("VRAAG,ENERGIE,TJ,OPTELLEN,,,,,", "'OPTELLEN' staat niet in de lijst 'aggregatie'"),
        ("VRAAG,ENERGIE,TJ,GEWOGEN_GEMIDDELDE,,,,,", "een gewogen gemiddelde heeft een gewicht"),
        ("VRAAG,ENERGIE,TJ,SOM,inwoners,,,,", "en alleen een gewogen gemiddelde"),
        ("VRAAG,ENERGIE,TJ,GEWOGEN_GEMIDDELDE,mensen,,,,", "'mensen' staat niet in de lijst 'indicator'"),
        ("VRAAG,ENERGIE,TJ,SOM,,kleur drager,,,", "onbekende dimensies kleur"),
        ("VRAAG,ENERGIE,TJ,SOM,,,veel,,", "'decimalen' is 'veel' in plaats van een getal"),
    ],
)
def test_an_indicator_that_contradicts_itself_is_refused(tmp_path: Path, kenmerken: str, said: str) -> None:
    write(tmp_path, "indicator", f"nieuw,Nieuw,Een nieuwe indicator.,Eigen,,,{kenmerken}", header=INDICATOR)
    (fault,) = [each for each in faults_of(tmp_path).splitlines() if "indicator.csv:2" in each]
    assert said in fault


def test_what_codes_roll_up_to_must_exist_and_may_not_go_round(tmp_path: Path) -> None:
    write(tmp_path, "subsector", "NIEUW,Nieuw,Nieuwe subsector.,Eigen,SPORT,")
    write(tmp_path, "thema", "KIND,Kind,Thema met een ouder.,Eigen,VRAAG,")
    write(tmp_path, "techniek", "KIP,Kip,Komt uit het ei.,Eigen,EI,", "EI,Ei,Komt uit de kip.,Eigen,KIP,")
    write(tmp_path, "soort", "GEHEIM,Geheim,,Eigen,,")
    faults = faults_of(tmp_path)
    assert "soort.csv:2: de kolom 'definitie' is leeg" in faults
    assert "subsector.csv:2: 'SPORT' staat niet in de lijst 'hoofdsector'" in faults
    assert "thema.csv:2: 'KIND' heeft een ouder, maar lijst.csv noemt bij 'thema' geen ouderlijst" in faults
    assert "techniek.csv:2: 'KIP' is langs zijn ouders een ouder van zichzelf" in faults
    assert "techniek.csv:3: 'EI' is langs zijn ouders een ouder van zichzelf" in faults


def test_the_database_holds_what_the_files_say(database_settings: Settings, begrippen: Begrippen, tmp_path: Path) -> None:
    assert store_begrippen(database_settings, begrippen)
    assert not store_begrippen(database_settings, begrippen)
    with psycopg.connect(database_settings.database_url or "") as connection:
        count = connection.execute("select count(*) from facts.begrip").fetchone()
        assert count == (sum(len(list(csv.DictReader(path.open(encoding="utf-8")))) for path in (SEED / "begrippen").glob("*.csv")),)
        finale = connection.execute(
            "select kenmerken->>'aggregatie', kenmerken->>'eenheid', volgorde from facts.begrip where (lijst, code) = ('indicator', %s)",
            ["finale-vraag"],
        ).fetchone()
        assert finale == ("SOM", "TJ", 1)
        worst = connection.execute("select code from facts.begrip where lijst = 'kwaliteit' order by volgorde desc limit 1").fetchone()
        assert worst == ("TOEGEDEELD",)
    write(tmp_path, "beeld", "EIGEN_X,Eigen beeld,Beeld van het gebied zelf.,Eigen,,")
    changed = read_begrippen((SEED, tmp_path))
    assert store_begrippen(database_settings, changed)
    assert store_begrippen(database_settings, begrippen)
    with psycopg.connect(database_settings.database_url or "") as connection:
        assert connection.execute("select from facts.begrip where code = 'EIGEN_X'").fetchone() is None


def test_the_digest_follows_what_derivations_use(begrippen: Begrippen, tmp_path: Path) -> None:
    assert digest_of(begrippen) == digest_of(read_begrippen((SEED,)))
    write(tmp_path, "subsector", "SPORT,Sport,Sportvelden en zwembaden.,Eigen,WERKEN,")
    assert digest_of(begrippen) != digest_of(read_begrippen((SEED, tmp_path)))
