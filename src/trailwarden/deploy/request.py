"""What to write: which part of the stack, which filters, for which controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trailwarden.errors import UsageError
from trailwarden.stack.controls import controls
from trailwarden.text import nearest, visible

Part = Literal["whole", "trail", "alarms"]
Style = Literal["detect", "strict", "both"]
Format = Literal["yaml", "json", "terraform"]
PARTS: tuple[Part, ...] = ("whole", "trail", "alarms")
STYLES: tuple[Style, ...] = ("detect", "strict", "both")

TAMPERING = "monitoring-tampering"
"""The control that is in no benchmark; there is no strict text of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """``controls`` are keys, in the order of their numbers; ``chosen`` is how they were asked for,
    as options of the command line.
    """

    part: Part = "whole"
    style: Style = "detect"
    controls: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()

    @property
    def has_trail(self) -> bool:
        return self.part != "alarms"

    @property
    def has_alarms(self) -> bool:
        return self.part != "trail"

    def command(self, format: Format) -> str:  # noqa: A002 - the name of the option
        """The command line that writes this."""
        words = ["trailwarden stack synth", f"--part {self.part}"]
        if self.has_alarms:
            words += [f"--style {self.style}", *self.chosen]
        return " ".join([*words, f"--format {format}"])


def keys() -> tuple[str, ...]:
    """The keys of all controls that filters can be written for."""
    return (*(control.key for control in controls()), TAMPERING)


def request(
    part: Part = "whole",
    style: Style = "detect",
    only: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Request:
    """Check and order what was asked for. ``only`` and ``exclude`` are keys of controls.

    Raises :class:`~trailwarden.errors.UsageError` for a key that there is not, and where nothing
    would be left.
    """
    known = keys()
    for key in (*only, *exclude):
        if key not in known:
            raise _unknown(key, known)
    chosen = [key for key in known if (not only or key in only) and key not in exclude]
    if style == "strict" and TAMPERING in chosen and TAMPERING not in only:
        chosen.remove(TAMPERING)
    if style == "strict" and TAMPERING in chosen:
        raise UsageError(
            f"no benchmark has the control {TAMPERING}, so there is no strict filter for it",
            cure="leave it out, or give --style detect or both",
        )
    if not chosen and part != "trail":
        raise UsageError(
            "--exclude leaves no control", cure="exclude fewer, or give --part trail for no alarms"
        )
    words = [
        f"--{option} {key}"
        for option, given in (("control", only), ("exclude", exclude))
        for key in dict.fromkeys(given)
    ]
    return Request(part, style, tuple(chosen), tuple(words))


def _unknown(key: str, known: Sequence[str]) -> UsageError:
    close = nearest(key, known)
    return UsageError(
        f"there is no control {visible(key, 60)!r}",
        cure=f"did you mean {close[0]}?" if close else f"name one of {', '.join(known)}",
    )
