"""Styles as MapLibre layers: the same features are drawn, at the same scales, in the same measures."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.styles.expressions import none_of, to_expression
from app.styles.maplibre import to_maplibre
from app.styles.model import And, Comparison, IsNull, Not, Operator, Or
from app.styles.sld import read_styles

from .conftest import GROUP, LINE, POLYGON, compare, layer, point, rule, where

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
VALUES = {"soort": ["a", "b"], "spanning_kv": [110.0, 150.0, 380.0], "op_zee": [True, False]}


def holds(filter_, feature):
    """What the filter means, straight from its definition."""
    match filter_:
        case Comparison(op, name, literal):
            given_value = feature.get(name)
            wanted = {"soort": str, "spanning_kv": float, "op_zee": lambda text: text == "true"}[name](literal)
            return given_value is not None and COMPARE[op.value](given_value, wanted)
        case IsNull(name):
            return feature.get(name) is None
        case Not(part):
            return not holds(part, feature)
        case And(parts):
            return all(holds(part, feature) for part in parts)
        case Or(parts):
            return any(holds(part, feature) for part in parts)


def evaluate(expression, feature):
    """What MapLibre makes of an expression: to order a missing value is an error there."""
    name, *arguments = expression
    if name in {"all", "any"}:
        return {"all": all, "any": any}[name](evaluate(part, feature) for part in arguments)
    if name == "!":
        return not evaluate(arguments[0], feature)
    if name == "has":
        return feature.get(arguments[0]) is not None
    value = feature.get(arguments[0][1])
    assert value is not None or name in {"==", "!="}
    return COMPARE[name](value, arguments[1])


def comparisons():
    texts = st.builds(Comparison, st.sampled_from(Operator), st.just("soort"), st.sampled_from(["a", "b"]))
    numbers = st.builds(Comparison, st.sampled_from(Operator), st.just("spanning_kv"), st.sampled_from(["110", "150.0", "380"]))
    truths = st.builds(
        Comparison, st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL]), st.just("op_zee"), st.sampled_from(["true", "false"])
    )
    return texts | numbers | truths | st.builds(IsNull, st.sampled_from(list(VALUES)))


FILTERS = st.recursive(
    comparisons(),
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=2, max_size=3).map(tuple).flatmap(lambda parts: st.sampled_from([And(parts), Or(parts)]))
    ),
    max_leaves=8,
)
FEATURES = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()})


@given(FILTERS, FEATURES)
def test_an_expression_takes_exactly_the_features_of_its_filter(filter_, feature):
    assert evaluate(to_expression(layer(), filter_), feature) == holds(filter_, feature)


@given(st.lists(FILTERS, min_size=1, max_size=3), FEATURES)
def test_an_else_filter_takes_exactly_what_the_others_leave(filters, feature):
    assert evaluate(none_of(layer(), filters), feature) == (not any(holds(each, feature) for each in filters))


@pytest.fixture
def drawn(write_sld, tmp_path):
    def draw(*rules, geometry="polygon"):
        write_sld(*rules)
        document = to_maplibre(layer(geometry), read_styles([tmp_path])["stijl"], "https://kaart.example/{z}/{y}/{x}", "proef")
        return [
            {name: value for name, value in each.items() if name not in {"metadata", "source", "source-layer"}}
            for each in document["layers"]
        ]

    return draw


def test_scale_denominators_become_zooms_at_the_latitude_of_the_netherlands(drawn):
    scales = "<se:MinScaleDenominator>10000</se:MinScaleDenominator><se:MaxScaleDenominator>100000</se:MaxScaleDenominator>"

    fill, line = drawn(rule("Dichtbij", POLYGON, scales))

    # At 1:100 000 a pixel of 0.28 mm is 28 m; at zoom z it is 40 075 017 · cos(52.1°) / (512 · 2^z) m: z = log2(48 080 / 28).
    assert (fill["minzoom"], fill["maxzoom"]) == (10.75, 14.07)
    assert line["minzoom"] == fill["minzoom"]


def test_dashes_are_counted_in_line_widths(drawn):
    dashed = LINE.replace("</se:Stroke>", '<se:SvgParameter name="stroke-dasharray">8 4</se:SvgParameter></se:Stroke>')

    (line,) = drawn(rule("Gepland", dashed), geometry="line")

    assert line["paint"] == {"line-color": "#112233", "line-width": 4.0, "line-opacity": 1.0, "line-dasharray": [2.0, 1.0]}
    assert line["layout"] == {"line-join": "miter", "line-cap": "butt"}


def test_circles_are_circles_and_other_marks_come_from_the_sprite(drawn):
    circle, square = drawn(rule("Rond", point("circle", 10)), rule("Hoekig", point("square", 10)), geometry="point")

    assert (circle["type"], circle["paint"]["circle-radius"], circle["paint"]["circle-stroke-width"]) == ("circle", 5, 4)
    assert (square["type"], square["layout"]["icon-image"]) == ("symbol", "stijl/0")


def test_an_else_filter_follows_the_scales_of_the_other_rules(drawn):
    near = where(compare("PropertyIsEqualTo", "soort", "a")) + "<se:MaxScaleDenominator>100000</se:MaxScaleDenominator>"

    _, close, far = drawn(rule("A", LINE, near), rule("Rest", LINE, "<se:ElseFilter/>"), geometry="line")

    assert close["filter"] == ["all", ["any", ["!", ["has", "soort"]], ["!=", ["get", "soort"], "a"]]]
    assert (close["minzoom"], "maxzoom" in close) == (10.75, False)
    assert ("filter" in far, far["maxzoom"]) == (False, 10.75)


def test_an_else_filter_beside_a_rule_for_everything_draws_nothing(drawn):
    assert len(drawn(rule("Alles", LINE), rule("Rest", LINE, "<se:ElseFilter/>"), geometry="line")) == 1


def test_groups_are_drawn_over_each_other(drawn):
    wide, narrow = drawn(rule("Rand", LINE), GROUP, rule("Kern", LINE.replace(">4<", ">2<")), geometry="line")

    assert (wide["paint"]["line-width"], narrow["paint"]["line-width"]) == (4, 2)


def test_an_area_without_fill_still_answers_to_a_click(drawn):
    fill, _ = drawn(rule("Grens", POLYGON[: POLYGON.index("<se:Fill>")] + POLYGON[POLYGON.index("<se:Stroke>") :]))

    assert (fill["type"], fill["paint"]["fill-opacity"]) == ("fill", 0)
