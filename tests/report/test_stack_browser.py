"""The page about a stack in a browser: nothing runs, nothing is asked for, nothing overflows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.report.test_stack_graph import whole_stack
from tests.report.test_stack_reports import hostile_stack, rendered
from trailwarden.stack.model import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("make", [whole_stack, hostile_stack])
def test_the_page_is_calm(
    chromium: Browser, tmp_path: Path, make: Callable[[], Stack], width: int
) -> None:
    path = tmp_path / "stack.html"
    path.write_text(rendered(make(), "html"), encoding="ascii")
    context = chromium.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("dialog", lambda dialog: troubles.append(dialog.message) or dialog.dismiss())
    page.on("request", lambda request: troubles.append(request.url))
    page.goto(path.as_uri())
    assert page.locator("h2", has_text="Graph").is_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.tree')).listStyleType") == "none"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert [one for one in troubles if one not in (path.as_uri(), "data:,")] == []
