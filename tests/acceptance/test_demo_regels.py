"""The rules beside the demo: from a rule to the layer of its beperking, and from every layer of opgaven back to its rules."""

import httpx

from app.layers import read_layers
from app.settings import ROOT

from ..running import Service


def test_a_rule_leads_to_the_layers_where_its_beperking_lies(doggerland: Service) -> None:
    with httpx.Client(base_url=doggerland.api, timeout=30) as client:
        published = {each["id"] for each in client.get("/collections").json()["collections"]}
        for layer in read_layers((ROOT / "layers",)).values():
            for beperking in layer.opgave.codes if layer.opgave else ():
                first = client.get("/regels", params={"beperking": beperking}).json()["regels"][0]
                rule = client.get(first["href"]).json()
                assert (layer.id in [each["id"] for each in rule["lagen"]]) == (layer.id in published)
        natura = client.get("/regels/R-WIND-N2K").json()
        assert "natura-2000" in [each["id"] for each in natura["lagen"]]
        (items,) = [each["href"] for each in natura["links"] if each["rel"] == "item"]
        assert client.get(items, params={"limit": 1}).status_code == 200
