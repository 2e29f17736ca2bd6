"""What a channel's table in the settings may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OptionType = Literal["text", "integer", "boolean", "list", "secret"]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a kind of channel.

    ``type`` is what the settings hold: ``list`` is one of texts, ``secret`` a text that is never
    shown; with ``secret``, the items of a list are not either. ``choices`` are all possible values
    of a text, where they are few. An integer lies in ``least`` to ``most``. ``help`` is one line.
    """

    name: str
    type: OptionType
    help: str
    required: bool = False
    default: str | int | bool | tuple[str, ...] | None = None
    secret: bool = False
    choices: tuple[str, ...] = ()
    least: int = 1
    most: int = 65_535
