"""A browser for the tests of the HTML report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.rendering import rendered
from trailwarden.monitor.outcome import Outcome

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps"),
    *("--disable-dev-shm-usage", "--disable-extensions"),
)

OpenReport = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless. A machine that lacks it skips; CI must have it."""
    if not CHROMIUM.exists() and "CI" not in os.environ:
        pytest.skip(f"needs {CHROMIUM}: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(ARGUMENTS), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def open_report(chromium: Browser, tmp_path: Path) -> Iterator[OpenReport]:
    """Opens an outcome's page as a file.

    At the end of the test no page may have logged anything to the console, opened a dialog, or
    asked for anything but its own file.
    """
    contexts = []
    troubles: list[str] = []

    def watch(page: Page, address: str) -> None:
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))

        def on_dialog(dialog: Any) -> None:
            troubles.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        def on_request(request: Any) -> None:
            if request.url.partition("#")[0] != address and not request.url.startswith("data:"):
                troubles.append(f"request: {request.url}")

        page.on("dialog", on_dialog)
        page.on("request", on_request)

    def open_page(outcome: Outcome, **options: Any) -> Page:
        path = tmp_path / f"report-{len(contexts)}.html"
        path.write_text(rendered(outcome, "html"), encoding="ascii")
        context = chromium.new_context(**{"offline": True, "reduced_motion": "reduce"} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch(page, path.as_uri())
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
