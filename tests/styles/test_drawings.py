"""Legends and sprites: what users see of a style outside the map itself."""

import struct
import zlib

import numpy as np
import pytest
from defusedxml import ElementTree

from app.styles.legend import legend_svg, make_legend
from app.styles.model import Fill, PointSymbolizer, Shape, Stroke
from app.styles.sld import read_styles
from app.styles.sprites import draw_mark, make_sprite

from .conftest import GROUP, LINE, POLYGON, point, rule

SVG = "{http://www.w3.org/2000/svg}"


def test_a_class_drawn_in_two_groups_is_one_line_of_the_legend(write_sld, tmp_path):
    write_sld(rule("380 kV", LINE), rule("150 kV", LINE), GROUP, rule("380 kV", LINE.replace(">4<", ">2<")))

    legend = make_legend(read_styles([tmp_path])["stijl"])

    assert [item.title for item in legend.items] == ["380 kV", "150 kV"]
    assert [swatch.stroke.width for swatch in legend.items[0].swatches] == [4, 2]


def test_a_legend_is_an_image_whose_texts_cannot_escape(write_sld, tmp_path):
    write_sld(rule("&lt;script&gt;&amp; meer", POLYGON), rule("Punt", point("triangle")))

    image = ElementTree.fromstring(legend_svg(make_legend(read_styles([tmp_path])["stijl"])))

    assert [text.text for text in image.iter(f"{SVG}text")] == ["Een stijl", "<script>& meer", "Punt"]
    assert len(list(image.iter(f"{SVG}rect"))) == 1


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_square_of_10_pixels_covers_100_square_pixels(ratio):
    image = draw_mark(PointSymbolizer(Shape.SQUARE, 10, Fill("#ff8000"), None), ratio)

    assert image[..., 3].sum() / 255 == pytest.approx(100 * ratio**2)
    middle = image[image.shape[0] // 2, image.shape[1] // 2]
    assert middle.tolist() == [255, 128, 0, 255]


def test_a_triangle_covers_half_its_box_and_points_up():
    image = draw_mark(PointSymbolizer(Shape.TRIANGLE, 20, Fill("#000000"), None), 1)

    covered = image[..., 3] / 255
    assert covered.sum() == pytest.approx(200, rel=0.02)
    assert covered[: len(covered) // 2].sum() < covered[len(covered) // 2 :].sum()


def test_a_stroke_lies_half_inside_and_half_outside():
    image = draw_mark(PointSymbolizer(Shape.SQUARE, 10, Fill("#ffffff"), Stroke("#000000", 2)), 1)

    assert image[..., 3].sum() / 255 == pytest.approx(12**2)
    assert (image[..., :3].sum(axis=2) == 3 * 255).sum() == 8**2


def test_a_sprite_is_a_png_that_holds_each_mark_where_its_index_says(write_sld, tmp_path):
    write_sld(rule("A", point("square")), rule("B", point("triangle", 20)), rule("C", point("circle")), rule("D", point("square")))

    sprite = make_sprite(read_styles([tmp_path]).values(), 2)

    width, height = struct.unpack(">II", sprite.png[16:24])
    assert set(sprite.places) == {"stijl/0", "stijl/1"}
    assert sum(place.width for place in sprite.places.values()) == width
    start = sprite.png.index(b"IDAT") + 4
    rows = (
        np.frombuffer(zlib.decompress(sprite.png[start:-16]), dtype=np.uint8)
        .reshape(height, width * 4 + 1)[:, 1:]
        .reshape(height, width, 4)
    )
    for place in sprite.places.values():
        assert rows[place.height // 2, place.x + place.width // 2].tolist() == [0xAA, 0xBB, 0xCC, 255]
