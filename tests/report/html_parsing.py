"""Reading the HTML report without a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from tests.report.rendering import rendered
from trailwarden.monitor.outcome import Outcome


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page:
    """A parsed page. An element's text is that of itself and of everything inside it."""

    source: str
    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.tag == tag and attributes.items() <= element.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element

    @cached_property
    def data(self) -> Any:
        return json.loads(self.one("script", id="data").text)

    @property
    def policy(self) -> dict[str, list[str]]:
        meta = self.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]
        parts = [part.split() for part in meta.attributes["content"].split(";")]
        return {name: values for name, *values in parts}


class _Parser(HTMLParser):
    VOID = frozenset({"meta", "link", "br", "img", "input", "wbr"})

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.page.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def parsed_page(outcome: Outcome) -> Page:
    page = Page(rendered(outcome, "html"))
    parser = _Parser(page)
    parser.feed(page.source)
    parser.close()
    assert parser.open == []
    return page
