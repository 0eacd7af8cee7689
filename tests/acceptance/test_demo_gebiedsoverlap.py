"""The overlap of the gebieden of Doggerland: the matrix of each gebied and the columns of its layer say the same."""

import httpx
import pytest

from ..running import Service

NIVEAUS = {"PROVINCIE": "overlap-provincie", "REGIO": "overlap-regio", "GEMEENTE": "overlap-gemeente"}


@pytest.mark.parametrize(("niveau", "layer"), NIVEAUS.items())
def test_the_layer_has_what_the_matrix_of_every_gebied_says(doggerland: Service, niveau: str, layer: str) -> None:
    with httpx.Client(base_url=doggerland.api, timeout=30) as client:
        gebieden = {each["code"] for each in client.get("/gebieden", params={"niveau": niveau}).json()["gebieden"]}
        features = client.get(f"/collections/{layer}/items", params={"limit": 1_000}).json()["features"]
        assert {each["id"] for each in features} == gebieden
        for feature in features:
            told = client.get(f"/gebieden/{feature['id']}/overlap").json()
            assert told["oppervlakteHa"] == pytest.approx(feature["properties"]["oppervlakte_ha"], abs=0.01)
            for opgave in told["opgaven"]:
                column = opgave["constraintCode"].lower().replace("-", "_")
                # In Doggerland each beperking has one layer.
                assert feature["properties"][f"{column}_ha"] == opgave["overlapHa"], (feature["id"], column)
                if not feature["properties"][f"{column}_objecten"]:
                    assert sum(opgave["objecten"].values()) == opgave["objecten"]["KOPPELKANS"], (feature["id"], column)


def test_gemeenten_add_up_to_their_provincie_where_no_ground_is_left_over(doggerland: Service) -> None:
    with httpx.Client(base_url=doggerland.api, timeout=30) as client:
        columns = "gebied_code,na_n2k_ha,wb_gwb_ha,oppervlakte_ha"
        for provincie in client.get("/gebieden", params={"niveau": "PROVINCIE"}).json()["gebieden"]:
            children = [each["code"] for each in client.get(provincie["href"]).json()["kinderen"]]
            own = client.get(f"/collections/overlap-provincie/items/{provincie['code']}").json()["properties"]
            gemeenten = client.get("/collections/overlap-gemeente/items", params={"limit": 1_000, "properties": columns}).json()["features"]
            mine = [each["properties"] for each in gemeenten if each["id"] in children]
            assert mine
            for column in ("na_n2k_ha", "wb_gwb_ha"):
                assert sum(each[column] or 0 for each in mine) <= (own[column] or 0) + 0.01 * len(mine)


def test_the_page_has_a_table_per_kader_with_headings_for_who_listens(doggerland: Service) -> None:
    with httpx.Client(base_url=doggerland.api, timeout=30) as client:
        code = client.get("/gebieden", params={"niveau": "PROVINCIE"}).json()["gebieden"][0]["code"]
        page = client.get(f"/gebieden/{code}/overlap", params={"f": "html"}).text
        assert page.count("<table") == page.count('aria-labelledby="')
        assert page.count("<table") > 5
        assert page.index('id="water_bodem"') < page.index('id="natuur"') < page.index('id="defensie"')
        assert 'scope="colgroup"' in page
        assert '<th scope="row">' in page
        assert "Signalering; geen besluit of toestemming." in page
