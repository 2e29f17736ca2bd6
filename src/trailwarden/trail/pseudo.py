"""Files that are no files: devices, pipes, and what the kernel makes up when it is read.

Reading one may wait for ever (``/proc/kmsg``) or never end, though some claim to be regular files.
"""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path

from trailwarden.errors import InputError
from trailwarden.problems import Problem
from trailwarden.text import visible

_MOUNTS = Path("/proc/self/mountinfo")
_MADE_UP = frozenset(
    (
        *("proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs", "devpts"),
        *("devtmpfs", "mqueue", "configfs", "bpf", "pstore", "efivarfs", "binfmt_misc", "fusectl"),
    )
)


def is_made_up(about: os.stat_result) -> bool:
    """Whether this file or folder lies in a file system that the kernel makes up."""
    return about.st_dev in _devices()


def is_readable(about: os.stat_result) -> bool:
    """Whether it is a regular file whose content is stored somewhere."""
    return stat.S_ISREG(about.st_mode) and not is_made_up(about)


def open_regular(path: str) -> int:
    """A handle to a regular file; nothing is read yet. Raises OSError and InputError.

    What has become a pipe or a device since it was listed is never waited for.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not is_readable(os.fstat(handle)):
        os.close(handle)
        problem = special_file(path)
        raise InputError(problem.message, code=problem.code, cure=problem.cure)
    return handle


def special_file(path: str) -> Problem:
    """The problem of a link to a device, a pipe or a file that the kernel makes up."""
    return Problem(
        visible(path),
        "special-file",
        "this leads to a device, a pipe or a file of the kernel's, and was left unread",
        "remove the link: only regular files are read from a folder",
    )


@cache
def _devices() -> frozenset[int]:
    """The numbers of these file systems; none where the system does not tell."""
    try:
        lines = _MOUNTS.read_text(errors="replace").splitlines()
    except OSError:
        return frozenset()
    found: set[int] = set()
    for line in lines:
        mount, _, about = line.partition(" - ")
        fields = mount.split()
        if about.split(" ", 1)[0] in _MADE_UP and len(fields) > 2:
            major, _, minor = fields[2].partition(":")
            found.add(os.makedev(int(major), int(minor)))
    return frozenset(found)
