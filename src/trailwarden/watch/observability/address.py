"""Where to listen: the text ``HOST:PORT``, and whether it is this machine's own."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from trailwarden.errors import UsageError
from trailwarden.text import visible

_ADDRESS = re.compile(r"(?:(?:\[([^\[\]]+)\]|([^\[\]:]*)):)?([0-9]{1,5})", re.ASCII)
_HOST_HEADER = re.compile(r"(localhost|[0-9.]+|\[[0-9a-f:.]+\])(?::[0-9]*)?", re.ASCII | re.I)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A numeric address to bind to; ``is_loopback`` if only this machine reaches it."""

    family: socket.AddressFamily
    address: tuple[Any, ...]
    is_loopback: bool


def resolve(text: str) -> Endpoint:
    """``HOST:PORT``, ``[IPv6]:PORT``, or ``PORT`` on 127.0.0.1. Raises UsageError.

    A host name that stands for several addresses is beyond loopback if any of them is.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found[3]) > 65535:
        raise UsageError(
            f"{visible(text, 200)!r} is no address to listen on",
            cure="write HOST:PORT, such as 127.0.0.1:9464 or [::1]:9464",
        )
    host = found[1] or found[2] or "127.0.0.1"
    try:
        choices = socket.getaddrinfo(host, int(found[3]), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UsageError(
            f"no address is known for {visible(host, 200)!r}, to listen there",
            cure="write an address of this machine, such as 127.0.0.1:9464",
        ) from None
    # IPv4 first: it is where a client that is told "localhost" is sure to look.
    family, _, _, _, address = min(choices, key=lambda choice: choice[0] != socket.AF_INET)
    return Endpoint(family, address, all(_is_loopback(str(choice[4][0])) for choice in choices))


def is_own_name(host: str) -> bool:
    """Whether a ``Host`` header names this machine's loopback: by address or as localhost.

    Any other name may be one that a web page made point here (DNS rebinding).
    """
    found = _HOST_HEADER.fullmatch(host)
    return found is not None and (
        found[1].lower() == "localhost" or _is_loopback(found[1].strip("[]"))
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
