"""``${NAME}`` in a text stands for a variable of the environment, ``$${`` for a plain ``${``."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARK = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class ExpansionError(ValueError):
    """A text whose variables cannot be put in: the message names them, never a value."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


def has_variable(text: str) -> bool:
    """Whether some part of ``text`` comes from the environment."""
    return any(found[0] != "$${" for found in _MARK.finditer(text))


def expand(text: str, environment: Mapping[str, str]) -> str:
    """``text`` with its variables put in; what they hold is not expanded again.

    Raises :class:`ExpansionError`.
    """
    return _MARK.sub(lambda found: _value(found, environment), text)


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    if found[0] == "$${":
        return "${"
    name = found[1]
    if not found[2] or not _NAME.fullmatch(name):
        raise ExpansionError(
            f"{found[0][:60]!r} is no variable of the environment",
            "write ${NAME} with letters, digits and _, or $${ for a plain ${",
        )
    if name not in environment:
        raise ExpansionError(
            f"the environment has no variable {name[:60]!r}", "set it, or correct its name"
        )
    return environment[name]
