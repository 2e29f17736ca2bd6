"""The options of webhooks that need a closer look."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from trailwarden.notify.channels.given import Given

_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([\x20-\x7e\t]*)")
_OURS = ("host", "content-length", "transfer-encoding", "connection")


def checked_url(given: Given) -> str:
    """The option ``url``. Raises UsageError, which never shows it: some have secrets in them."""
    url = given.text("url")
    if not _is_usable(url):
        raise given.refused(
            "url",
            "this is not an address to post to",
            "write http:// or https://, a host and a path; user and password go into headers",
        )
    return url


def more_headers(given: Given) -> dict[str, str]:
    """The option ``headers``. Raises UsageError."""
    headers: dict[str, str] = {}
    for number, line in enumerate(given.many("headers"), 1):
        found = _HEADER.fullmatch(line)
        if found is None:
            raise given.refused(
                "headers",
                f"header number {number} is not usable",
                "write it as 'Name: value', in ASCII and on one line",
            )
        if found[1].lower() in _OURS or found[1].lower().startswith("x-amz-sns-"):
            raise given.refused("headers", f"{found[1]} is set by Trailwarden", "leave it out")
        headers[found[1]] = found[2].strip()
    return headers


def _is_usable(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        address: SplitResult = urlsplit(url)
        _ = address.port  # raises for one that is no number
        (address.hostname or "").encode("idna")  # raises for empty and long labels
    except ValueError:
        return False
    has_login = address.username is not None
    return address.scheme in ("http", "https") and bool(address.hostname) and not has_login
