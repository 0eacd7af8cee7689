"""The build of the web map: skipped when nothing changed, clear when the packages cannot be had, and sound in its types."""

import shutil

import pytest

from app.portal import build as building
from app.portal.build import BuildFault, build, check_types
from app.settings import Settings


def test_a_second_build_of_the_same_sources_does_nothing(portal_home):
    said = []

    folder = build(Settings(home=portal_home), said.append)

    assert said == []
    assert (folder / "index.html.br").exists()
    assert list((folder / "assets").glob("kaart-map-*.js.gz"))


def test_nothing_that_is_built_names_another_host(portal_home):
    page = (portal_home / "portal" / "index.html").read_text(encoding="utf-8")

    assert "http" not in page
    assert "<style" not in page


def test_the_types_are_sound(portal_home):
    check_types(Settings(home=portal_home), print)


def test_without_the_registry_the_fault_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))

    with pytest.raises(BuildFault) as caught:
        build(Settings(home=tmp_path), print)

    assert "Is het pakketregister van npm bereikbaar" in caught.value.detail
    assert caught.value.errors
    assert not (tmp_path / "portal").exists()


def test_a_fault_in_the_sources_keeps_what_was_built(portal_home, tmp_path, monkeypatch):
    sources = tmp_path / "bron"
    shutil.copytree(building.SOURCES, sources, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    (sources / "src" / "main.ts").write_text("import './bestaat-niet';", encoding="utf-8")
    monkeypatch.setattr(building, "SOURCES", sources)
    before = (portal_home / "portal" / "index.html").read_bytes()

    with pytest.raises(BuildFault, match="Vite kon de webkaart niet bouwen"):
        build(Settings(home=portal_home), print)

    assert (portal_home / "portal" / "index.html").read_bytes() == before
