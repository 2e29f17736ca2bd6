"""Markup for strings that somebody else wrote, and for times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from trailwarden.text import visible


def text(string: str, limit: int = 300) -> str:
    """``string`` as harmless HTML text, on one line, cut at ``limit`` characters."""
    return escape(visible(string, limit))


def path(string: str) -> str:
    """A path or an address as HTML text that may break after its slashes."""
    return text(string).replace("/", "/<wbr>")


def minute(time: datetime) -> str:
    """A <time> element to the minute; ``time`` is UTC."""
    return f'<time datetime="{time:%Y-%m-%dT%H:%M:%SZ}">{time:%Y-%m-%d&nbsp;%H:%M}</time>'


def aside(string: str) -> str:
    """Markup in the quieter colour."""
    return f'<span class="muted">{string}</span>'


def panel(name: str, title: str, remark: str, body: str) -> str:
    """A section of a page with the id ``name``. All but that is markup; ``remark`` may be empty."""
    beside = f'<span class="range">{remark}</span>' if remark else ""
    return (
        f'<section id="{name}" class="panel" aria-labelledby="{name}-title">\n'
        f'<div class="section-head"><h2 id="{name}-title">{title}</h2>{beside}</div>\n'
        f"{body}\n</section>\n"
    )


def columns(names: Iterable[str]) -> str:
    """The cells that head the columns of a table."""
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def headline(title: str, lead: str, facts: Iterable[tuple[str, str]]) -> str:
    """The head of a page: markup, with those of its ``facts`` that have a value."""
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if value)
    return f'<h1>{title}</h1>\n<p class="lead">{lead}</p>\n<dl class="facts">{shown}</dl>'
