"""Reading SLD: what the subset holds arrives whole, what lies outside it is named with file, line and element."""

import pytest

from app.problems import ConfigurationFault
from app.settings import Settings
from app.styles.model import And, Comparison, IsNull, Operator, PointSymbolizer, PolygonSymbolizer, Scales, Shape
from app.styles.sld import read_styles

from .conftest import FILL, LINE, POLYGON, compare, point, rule, where


def faults(folder):
    with pytest.raises(ConfigurationFault) as caught:
        read_styles([folder])
    return caught.value.errors


def test_rules_arrive_with_filter_scales_and_symbolizers(write_sld, tmp_path):
    between = (
        "<ogc:PropertyIsBetween><ogc:PropertyName>spanning_kv</ogc:PropertyName>"
        "<ogc:LowerBoundary><ogc:Literal>110</ogc:Literal></ogc:LowerBoundary>"
        "<ogc:UpperBoundary><ogc:Literal>150</ogc:Literal></ogc:UpperBoundary></ogc:PropertyIsBetween>"
    )
    null = "<ogc:PropertyIsNull><ogc:PropertyName>soort</ogc:PropertyName></ogc:PropertyIsNull>"
    scales = "<se:MinScaleDenominator>1000</se:MinScaleDenominator><se:MaxScaleDenominator>50000</se:MaxScaleDenominator>"
    write_sld(rule("110 tot en met 150 kV", POLYGON, where(between) + scales), rule("Zonder soort", point("triangle", 12), where(null)))

    first, second = read_styles([tmp_path])["stijl"].rules

    low = Comparison(Operator.GREATER_OR_EQUAL, "spanning_kv", "110")
    assert first.filter == And((low, Comparison(Operator.LESS_OR_EQUAL, "spanning_kv", "150")))
    assert first.scales == Scales(1000, 50000)
    (polygon,) = first.symbolizers
    assert isinstance(polygon, PolygonSymbolizer)
    assert (polygon.fill.color, polygon.stroke.width) == ("#aabbcc", 4)
    assert second.filter == IsNull("soort")
    (mark,) = second.symbolizers
    assert isinstance(mark, PointSymbolizer)
    assert (mark.shape, mark.size) == (Shape.TRIANGLE, 12)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rule("Tekst", "<se:TextSymbolizer/>"), "se:TextSymbolizer"),
        (rule("Arcering", POLYGON.replace(FILL, "<se:Fill><se:GraphicFill/></se:Fill>")), "se:GraphicFill"),
        (rule("Kleur", POLYGON.replace("#aabbcc", "red")), "'red' van fill"),
        (rule("Breedte", LINE.replace(">4<", ">0<")), "'0' van stroke-width"),
        (rule("Vreemd", LINE.replace("stroke-width", "stroke-dashoffset")), "'stroke-dashoffset'"),
        (rule("Ster", point("star")), "'star' is niet toegestaan"),
        (rule("Leeg", ""), "minstens 1"),
        (rule("Functie", POLYGON, where("<ogc:PropertyIsLike/>")), "ogc:PropertyIsLike"),
        (rule("Alleen", POLYGON, where(f"<ogc:And>{compare('PropertyIsEqualTo', 'soort', 'a')}</ogc:And>")), "minstens 2"),
        (
            rule("Beide", POLYGON, where(compare("PropertyIsEqualTo", "soort", "a")) + "<se:ElseFilter/>"),
            "zowel ogc:Filter als se:ElseFilter",
        ),
        (rule("Meters", POLYGON.replace("<se:PolygonSymbolizer>", '<se:PolygonSymbolizer uom="metre">')), "attribuut uom"),
        ("<se:Rule><se:Name>r</se:Name></se:Rule>", "precies één se:Description"),
    ],
)
def test_what_lies_outside_the_subset_is_named_with_its_line(write_sld, tmp_path, content, expected):
    write_sld(content)

    found = faults(tmp_path)

    assert any(f"{tmp_path / 'stijl.sld'}: regel 4: " in fault and expected in fault for fault in found), found


def test_a_second_rest_is_refused(write_sld, tmp_path):
    write_sld(rule("Rest", POLYGON, "<se:ElseFilter/>"), rule("Rest", POLYGON, "<se:ElseFilter/>"))

    assert faults(tmp_path) == (f"{tmp_path / 'stijl.sld'}: regel 5: se:ElseFilter: mag één keer in een se:FeatureTypeStyle",)


def test_a_reversed_comparison_is_refused_because_it_would_mean_the_opposite(write_sld, tmp_path):
    swapped = (
        "<ogc:PropertyIsLessThan><ogc:Literal>5</ogc:Literal><ogc:PropertyName>spanning_kv</ogc:PropertyName></ogc:PropertyIsLessThan>"
    )
    write_sld(rule("Omgekeerd", POLYGON, where(swapped)))

    assert "volgorde" in faults(tmp_path)[0]


def test_every_fault_of_every_file_is_named_at_once(write_sld, tmp_path):
    write_sld(rule("Kleur", POLYGON.replace("#aabbcc", "red").replace("#112233", "blauw")), name="een")
    write_sld(rule("Ster", point("star")), name="twee")
    (tmp_path / "drie.sld").write_text("<geen xml", encoding="utf-8")

    found = "\n".join(faults(tmp_path))

    assert all(part in found for part in ("een.sld", "'red'", "'blauw'", "twee.sld", "'star'", "drie.sld: geen geldige XML"))


def test_entities_are_never_expanded(tmp_path):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    (tmp_path / "lach.sld").write_text(laughs, encoding="utf-8")

    assert "DTD" in faults(tmp_path)[0]


def test_the_styles_of_the_product_are_within_the_subset():
    assert "provincies" in read_styles(Settings().sld_folders)
