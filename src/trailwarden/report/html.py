"""``--output html``: one page that needs nothing but a browser, and no network.

The strings of a log are hostile. They reach the page in two ways: escaped into the markup, and as
JSON that the page's script only ever turns into text nodes. Should a string break out all the same,
the page's policy lets no script or style run but its own, which it knows by their hashes.
"""

from __future__ import annotations

from string import Template
from typing import IO

from trailwarden.json_text import encode
from trailwarden.monitor.outcome import Outcome
from trailwarden.report.html_data import page_data
from trailwarden.report.html_page import digest, write_ascii
from trailwarden.report.html_remarks import remarks
from trailwarden.report.html_script import asset, script
from trailwarden.report.html_table import alarm_table
from trailwarden.report.html_verdict import foot, head, title

# "<" and ">" would be markup, "&" is what older parsers stumble over.
_JSON_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render_html(outcome: Outcome, stream: IO[str]) -> None:
    """Write the page."""
    style, code = asset("report.css"), script()
    page = Template(asset("page.html")).substitute(
        policy=_policy(style, code),
        title=title(outcome),
        head=head(outcome),
        summary=alarm_table(outcome),
        remarks=remarks(outcome),
        foot=foot(outcome),
        style=style,
        script=code,
        data=encode(page_data(outcome)).translate(_JSON_ESCAPES),
    )
    write_ascii(page, stream)


def _policy(style: str, code: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{digest(style)}'",
            f"script-src '{digest(code)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
