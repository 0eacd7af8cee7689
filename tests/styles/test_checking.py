"""Styles against layers: every contradiction is named before the service starts."""

import pytest

from app.layers import Layers, read_layers
from app.problems import ConfigurationFault
from app.settings import Settings
from app.styles.checking import check_styles, drawn_properties, used_properties
from app.styles.sld import read_styles

from .conftest import LINE, POLYGON, compare, layer, point, rule, where


def faults(styles, *layers):
    with pytest.raises(ConfigurationFault) as caught:
        check_styles(styles, Layers({each.id: each for each in layers}))
    return "\n".join(caught.value.errors)


def test_styles_and_layers_of_the_product_agree():
    settings = Settings()
    check_styles(read_styles(settings.sld_folders), read_layers(settings.layer_folders))


def test_unknown_properties_and_impossible_values_are_named(write_sld, tmp_path):
    write_sld(
        rule("A", POLYGON, where(compare("PropertyIsEqualTo", "kleur", "rood"))),
        rule("B", POLYGON, where(compare("PropertyIsLessThan", "spanning_kv", "hoog"))),
        rule("C", POLYGON, where(compare("PropertyIsGreaterThan", "op_zee", "true"))),
        rule("D", POLYGON, where(compare("PropertyIsLessThan", "geldig_vanaf", "1 januari"))),
    )

    found = faults(read_styles([tmp_path]), layer())

    assert "geen eigenschap 'kleur'" in found
    assert "'hoog' van 'spanning_kv' is geen number" in found
    assert "'op_zee' is waar of onwaar en heeft geen volgorde" in found
    assert "'1 januari' van 'geldig_vanaf' is geen date" in found


@pytest.mark.parametrize(("geometry", "drawn"), [("point", POLYGON), ("line", point()), ("polygon", point()), ("point", LINE)])
def test_a_symbolizer_that_does_not_fit_the_geometry_is_named(write_sld, tmp_path, geometry, drawn):
    write_sld(rule("Past niet", drawn))

    assert f"past niet bij geometrie {geometry!r}" in faults(read_styles([tmp_path]), layer(geometry))


def test_a_layer_without_its_style_is_named(tmp_path):
    found = faults(read_styles([tmp_path]), layer(), layer(id="tweede", style="nergens", background="ook-nergens"))

    assert all(name in found for name in ("laag proef: de stijl 'stijl'", "'nergens'", "'ook-nergens'"))


def test_the_name_of_the_whole_map_is_taken(write_sld, tmp_path):
    write_sld(rule("Alles", POLYGON), name="energiebeeld")
    write_sld(rule("Alles", POLYGON))

    assert "energiebeeld.sld" in faults(read_styles([tmp_path]), layer())


def test_tiles_must_hold_what_the_rules_compare_also_for_the_ground(write_sld, tmp_path):
    either = (
        f"<ogc:Or>{compare('PropertyIsEqualTo', 'soort', 'a')}<ogc:Not>{compare('PropertyIsEqualTo', 'op_zee', 'true')}</ogc:Not></ogc:Or>"
    )
    write_sld(rule("A", POLYGON, where(either)))
    write_sld(rule("B", POLYGON, where(compare("PropertyIsEqualTo", "aantal_circuits", 2))), name="grond")
    styles = read_styles([tmp_path])

    assert used_properties(styles["stijl"]) == {"soort", "op_zee"}
    drawn = drawn_properties(styles, Layers({"proef": layer(background="grond")}))
    assert drawn == {"proef": {"soort", "op_zee", "aantal_circuits"}}
