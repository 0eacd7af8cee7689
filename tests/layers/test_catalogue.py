"""The layers, sources and styles of the product fit together, property by property."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ingest.source import Column, Dataset, Facts, read_sources
from app.layers import Layers, read_layers
from app.register.begrippen import read_begrippen
from app.register.columns import check_columns
from app.styles.checking import check_styles
from app.styles.sld import read_styles

ROOT = Path(__file__).parents[2]
STORED_AS = {"year": "integer", "numbers": "number", "texts": "text"}
SCHEME = ("https://", "http://")


@pytest.fixture(scope="module")
def layers() -> Layers:
    return read_layers((ROOT / "layers",))


def test_each_property_of_a_source_is_published_with_the_type_it_is_read_as(layers: Layers) -> None:
    for source, dataset in _object_datasets():
        properties = layers[dataset.collection or ""].properties
        for name, column in dataset.columns.items():
            assert name in properties, f"{source}: {dataset.collection} publiceert {name!r} niet"
            assert properties[name].type == _stored_type(column), f"{source}: {dataset.collection}.{name}"


def test_each_source_delivers_the_geometry_its_layer_publishes(layers: Layers) -> None:
    for source, dataset in _object_datasets():
        assert dataset.geometry == layers[dataset.collection or ""].geometry, source


def test_each_layer_is_derived_or_fed_by_a_source(layers: Layers) -> None:
    fed = {dataset.collection for _, dataset in _object_datasets()}
    assert {layer.id for layer in layers.values() if layer.sql is None and layer.figures is None} == fed


def test_each_column_of_figures_has_codes_that_are_known(layers: Layers) -> None:
    check_columns(layers, read_begrippen((ROOT / "seed",)))


def test_sisters_of_beelden_have_the_columns_of_the_present(layers: Layers) -> None:
    for layer in layers.values():
        if layer.figures and not layer.figures.beelden:
            assert set(layer.properties) <= set(layers[f"{layer.id}-beelden"].properties), layer.id


def test_styles_fit_their_layers_and_none_is_left_over(layers: Layers) -> None:
    styles = read_styles((ROOT / "sld",))
    check_styles(styles, layers)
    assert set(styles) == {name for layer in layers.values() for name in (layer.style, layer.background) if name}


def test_each_source_names_its_licence_and_publisher_by_address() -> None:
    for source in read_sources((ROOT / "seed",)).values():
        assert source.license.startswith(SCHEME), source.id
        assert source.homepage.startswith(SCHEME), source.id


def _object_datasets() -> Iterator[tuple[str, Dataset]]:
    for source in read_sources((ROOT / "seed",)).values():
        yield from ((source.id, dataset) for dataset in source.datasets if dataset.facts is Facts.OBJECT)


def _stored_type(column: Column) -> str:
    return STORED_AS.get(column.type, column.type)
