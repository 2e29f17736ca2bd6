"""A page without a script, that needs no network.

Every string in it is escaped; should one break out all the same, the page's policy lets no script
run, and no style but its own.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from string import Template
from typing import IO

from trailwarden import __version__
from trailwarden.report.html_script import asset


def write_plain_page(
    stream: IO[str], *, kind: str, title: str, head: str, body: str, remark: str = ""
) -> None:
    """Write the page of a ``kind`` ("stack"), which has a style of its own beside the report's.

    ``title``, ``head``, ``body`` and ``remark``, the end of the footer, are markup.
    """
    style = asset("report.css") + asset(f"{kind}.css")
    page = Template(asset("plain_page.html")).substitute(
        policy=f"default-src 'none'; style-src '{digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        title=title,
        subject=kind,
        kind=kind.capitalize(),
        head=head,
        body=body,
        foot=f"Trailwarden {__version__}. This page loads nothing.{remark}",
        style=style,
    )
    write_ascii(page, stream)


def digest(text: str) -> str:
    """What a policy knows a script or a style by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def write_ascii(page: str, stream: IO[str]) -> None:
    """Write ``page`` in ASCII, so that no encoding can change what its digests stand for."""
    stream.write(page.encode("ascii", "xmlcharrefreplace").decode("ascii"))
