"""The web map as built, a service on a database, and a browser that may only talk to that service."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.portal.build import build
from app.settings import ROOT, Settings

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


@contextmanager
def serving(settings: Settings, portal_home: Path) -> Iterator[str]:
    """Run the service as its own process on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    names = {"DATABASE_URL": settings.database_url, "ENERGIEBEELD_DATABASE_URL_READ": settings.database_url_read}
    given = {name: value for name, value in names.items() if value}
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--log-level", "warning"],
        cwd=ROOT,
        env={**os.environ, **given, "ENERGIEBEELD_HOME": str(portal_home)},
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/ready", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} gives no answer")


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
