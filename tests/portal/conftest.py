"""The web map as built, a service on a database, and a browser that may only talk to that service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.portal.build import build
from app.settings import Settings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def portal_home() -> Path:
    """The home where the web map is built once, shared with `start`."""
    settings = Settings()
    build(settings, print)
    return settings.home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages that fail the test on console errors, failed requests, and any request beyond the service itself."""
    wrong: list[str] = []
    pages: list[Page] = []

    def open_at(address: str, *, width: int = 1280, height: int = 800, prepare: str | None = None) -> Page:
        page = browser.new_page(viewport={"width": width, "height": height}, locale="nl-NL", reduced_motion="reduce")
        host = address.split("/", 3)[2]
        page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on(
            "requestfailed", lambda request: "ERR_ABORTED" in (request.failure or "") or wrong.append(f"{request.url} {request.failure}")
        )
        page.on("request", lambda request: request.url.startswith((f"http://{host}/", "data:", "blob:")) or wrong.append(request.url))
        if prepare:
            page.add_init_script(prepare)
        page.goto(address)
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert wrong == []
