"""A place in a pattern, the tokens that can be taken from there, and the errors that stand there.

Whatever cannot be read raises a :class:`~trailwarden.errors.PatternError` at the first character
that cannot be used, and says what would be accepted there.
"""

from __future__ import annotations

import re
import string

from trailwarden.errors import PatternError
from trailwarden.patterns.model import Operator

BLANKS = " \t\n\r\v\f"
WORD = string.ascii_letters + string.digits + "_"
NOT_A_PATTERN = "Invalid metric filter pattern"  # what the service's parser answers
MAX_REGEXES, MAX_WILDCARD_SELECTORS = 2, 3

_BLANK_RUN = re.compile(f"[{BLANKS}]*")
_KEY = re.compile(r"[A-Za-z0-9_-]*")
_BARE = re.compile(r"[A-Za-z0-9_.+*-]*")
_LETTERS = re.compile(r"[A-Za-z_]*")
_QUOTED = re.compile(r'(?:"(?:[^"\\]|\\.)*"?)?', re.DOTALL)
_OPERATOR = re.compile(r"!=|<=|>=|=|<|>")
_CLOSING = {"{": "}", "[": "]"}
_TOO_MANY_REGEXES = (
    f"Your input has exceeded the maximum of {MAX_REGEXES} regular expressions per filter pattern."
)
_TOO_MANY_SELECTORS = (
    f"Your input has exceeded the maximum of {MAX_WILDCARD_SELECTORS} JSON wildcard selectors "
    "allowed per filter pattern."
)


class Scanner:
    """Reads a pattern from left to right. ``at`` is the place, ``end`` where the pattern ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text.rstrip(BLANKS))
        self.at = 0
        self._regexes = 0
        self._wildcard_selectors = 0
        self.skip_blanks()

    # --- looking ---------------------------------------------------------------------------
    def peek(self) -> str:
        """The character at this place; empty at the end."""
        return self.text[self.at] if self.at < self.end else ""

    def peek_word(self) -> str:
        """The letters and underscores that stand here."""
        return self._run(_LETTERS)

    def peek_bare(self) -> str:
        """The unquoted text that stands here."""
        return self._run(_BARE)

    def peek_quoted(self) -> str:
        """The quoted text that stands here, as written; empty where there is none."""
        return self._run(_QUOTED)

    def _run(self, characters: re.Pattern[str]) -> str:
        found = characters.match(self.text, self.at, self.end)
        return found[0] if found else ""

    # --- moving ----------------------------------------------------------------------------
    def skip_blanks(self) -> None:
        self.at += len(self._run(_BLANK_RUN))

    def take(self, mark: str) -> bool:
        """Go past ``mark`` if it stands here."""
        if not self.text.startswith(mark, self.at, self.end):
            return False
        self.at += len(mark)
        return True

    def take_key(self) -> str:
        """Letters, digits, ``_`` and ``-``; empty where there is none."""
        key = self._run(_KEY)
        self.at += len(key)
        return key

    def take_operator(self) -> Operator | None:
        found = self._run(_OPERATOR)
        self.at += len(found)
        return Operator(found) if found else None

    # --- limits ----------------------------------------------------------------------------
    def count_regex(self) -> None:
        """One more regular expression begins here."""
        self._regexes += 1
        if self._regexes > MAX_REGEXES:
            raise self.error(
                f"a pattern can have at most {MAX_REGEXES} regular expressions",
                aws_message=_TOO_MANY_REGEXES,
                cure="use a wildcard such as *text*, or a second filter",
            )

    def count_wildcard_selector(self, offset: int) -> None:
        """One more selector has a wildcard, which stands at ``offset``."""
        self._wildcard_selectors += 1
        if self._wildcard_selectors > MAX_WILDCARD_SELECTORS:
            raise self.error(
                f"a pattern can have at most {MAX_WILDCARD_SELECTORS} selectors with wildcards",
                offset=offset,
                aws_message=_TOO_MANY_SELECTORS,
            )

    # --- errors ----------------------------------------------------------------------------
    def lexical_error(self, start: int, message: str, cure: str = "") -> PatternError:
        """The character here cannot continue the token that began at ``start``."""
        read = self.text[start : self.at + 1]
        return self.error(message, aws_message=f"Invalid character(s) in term '{read}'", cure=cure)

    def error(
        self,
        message: str,
        *,
        offset: int | None = None,
        aws_message: str | None = None,
        cure: str = "",
    ) -> PatternError:
        """What is wrong at this place, or at ``offset``."""
        stripped = self.text.strip(BLANKS)
        closing = _CLOSING.get(stripped[:1])
        if closing and not stripped.endswith(closing):  # the service looks at this first
            aws_message = (
                f"If a filter pattern starts with '{stripped[0]}' it must end with '{closing}'"
            )
        return PatternError(
            message,
            pattern=self.text,
            offset=self.at if offset is None else offset,
            aws_message=aws_message,
            cure=cure,
        )
