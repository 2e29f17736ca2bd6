"""What the system tells about a folder, and what of it may be a log file."""

from __future__ import annotations

from collections.abc import Generator
from threading import Event
from typing import NamedTuple

from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.layout import Window, delivery_minute

LOOK = 0.2  # seconds that one look waits for news
_STEP, _DEBOUNCE = 20, 50  # milliseconds: no change for so long ends a look, or so long in all
# What writers call a file before it is whole, beside a dot at the beginning.
_UNFINISHED = ("~", ".tmp", ".part", ".partial", ".crdownload", ".filepart")


class Change(NamedTuple):
    """Something happened at this path: it came (``is_new``), changed, or went."""

    path: str
    is_new: bool


def changes_of(root: str, stop: Event) -> Generator[frozenset[Change] | None, None, None]:
    """Sets of changes, an empty one after each quiet moment. Ends when ``stop`` is set.

    When the first one comes, everything after it will be told. None, as the last, says that the
    system tells no more: not at all (it is the first), or that something was missed.
    """
    import watchfiles  # noqa: PLC0415 - only this source needs it
    from watchfiles._rust_notify import WatchfilesRustInternalError  # noqa: PLC0415

    try:
        for changes in watchfiles.watch(
            root,
            watch_filter=None,
            debounce=_DEBOUNCE,
            step=_STEP,
            stop_event=stop,
            rust_timeout=round(LOOK * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            yield frozenset(Change(path, kind is watchfiles.Change.added) for kind, path in changes)
    except (WatchfilesRustInternalError, OSError):
        yield None  # limits of the system, a name that is no text, a folder that is gone


def wants(root: str, path: str, window: Window) -> bool:
    """Whether a walk would take this path below ``root``. That of a folder ends with a slash."""
    relative = path[len(root.rstrip("/")) + 1 :]
    folders, _, name = relative.rpartition("/")
    if any(part.startswith(".") for part in folders.split("/")):
        return False
    parents = path[: len(path) - len(name)]
    if not window.takes_folder(parents):
        return False
    return not name or (not kind_of_name(path) and window.takes_file(delivery_minute(name)))


def is_unfinished(name: str) -> bool:
    """True for a name that a file has only as long as it is written."""
    return name.lower().endswith(_UNFINISHED)
