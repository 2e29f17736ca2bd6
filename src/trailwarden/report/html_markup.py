"""Markup for strings that somebody else wrote, and for times."""

from __future__ import annotations

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
