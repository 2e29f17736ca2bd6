"""The rule of a composite alarm: text → postfix code → true or false (rules C-21 to C-25).

Neither parsing nor evaluation recurses, so that no rule can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from trailwarden.alarms.model import State
from trailwarden.errors import RuleError

MAX_LENGTH, MAX_CHILDREN, MAX_ELEMENTS = 10_240, 100, 500  # rule C-25
_STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
_TOKEN = re.compile(
    r'(?P<mark>[(),])|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<word>[^\s(),"]+)|(?P<open>")', re.DOTALL
)
_ESCAPE = re.compile(r'\\(["\\])')
_COUNT = re.compile(r"(\d{1,9})(%?)", re.ASCII)
_ARN = re.compile(r"arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class InState:
    """Holds where at least ``least`` of the alarms are in ``state`` (``negated``: are not)."""

    names: tuple[str, ...]
    state: State
    least: int = 1
    negated: bool = False

    def holds(self, states: Mapping[str, State]) -> bool:
        count = sum((states[name] == self.state) != self.negated for name in self.names)
        return count >= self.least


Operator = Literal["NOT", "AND", "OR", "("]
_Operand = InState | bool
_QUOTE_IT = "a name with spaces, brackets or commas must be quoted"
_PRECEDENCE = {"(": 0, "OR": 1, "AND": 2, "NOT": 3}  # rule C-22


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed alarm rule; ``text`` is what was written."""

    text: str
    code: tuple[_Operand | Operator, ...]

    def children(self) -> tuple[str, ...]:
        """The names of the alarms it refers to, each once, in the order of the text."""
        names = (name for part in self.code if isinstance(part, InState) for name in part.names)
        return tuple(dict.fromkeys(names))

    def evaluate(self, states: Mapping[str, State]) -> bool:
        """True where the composite alarm is in ALARM. ``states`` holds every child's state."""
        stack: list[bool] = []
        for part in self.code:
            if isinstance(part, bool):
                stack.append(part)
            elif isinstance(part, InState):
                stack.append(part.holds(states))
            elif part == "NOT":
                stack.append(not stack.pop())
            else:
                right, left = stack.pop(), stack.pop()
                stack.append((left and right) if part == "AND" else (left or right))
        return stack.pop()


def alarm_name(reference: str) -> str:
    """The name of the alarm that a name or an ARN means (rule C-21)."""
    found = _ARN.fullmatch(reference)
    return found[1] if found else reference


def parse_rule(text: str) -> Rule:
    """Parse an alarm rule. Raises :class:`~trailwarden.errors.RuleError`."""
    return _Parser(text).parse()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # mark, quoted, word or end
    text: str  # as written: with its quotation marks
    offset: int


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) > MAX_LENGTH:
            self._fail(MAX_LENGTH, f"the rule is longer than {MAX_LENGTH:,} characters")
        self._tokens = self._read_tokens()
        self._place = 0
        self._code: list[_Operand | Operator] = []
        self._waiting: list[tuple[Operator, int]] = []  # with their offsets
        self._children: set[str] = set()
        self._elements = 0

    def parse(self) -> Rule:
        if self._peek().kind == "end":
            self._fail(0, "the rule is empty", 'write for instance ALARM("my-alarm")')
        self._operand()
        while (token := self._take()).kind != "end":
            if token.text in ("AND", "OR"):
                self._operator(cast("Operator", token.text), token.offset)
                self._operand()
            elif token.text == ")":
                self._close(token)
            else:
                self._fail(token.offset, "AND, OR or the end of the rule must follow here")
        self._reduce(0)
        if self._waiting:
            self._fail(self._waiting[-1][1], "this bracket is never closed")
        return Rule(self._text, tuple(self._code))

    # --- tokens --------------------------------------------------------------------------
    def _read_tokens(self) -> list[_Token]:
        tokens = []
        for found in _TOKEN.finditer(self._text):
            if found.lastgroup == "open":
                self._fail(found.start(), "this quotation mark is never closed")
            tokens.append(_Token(found.lastgroup or "", found[0], found.start()))
        tokens.append(_Token("end", "", len(self._text.rstrip())))
        return tokens

    def _peek(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._tokens[self._place]
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def _take_mark(self, mark: str, cure: str = "") -> None:
        token = self._take()
        if token.text != mark:
            self._fail(token.offset, f"{mark!r} must follow here", cure)

    def _fail(self, offset: int, message: str, cure: str = "") -> NoReturn:
        raise RuleError(f"AlarmRule: {message}", rule=self._text, offset=offset, cure=cure)

    # --- operators -----------------------------------------------------------------------
    def _operator(self, operator: Operator, offset: int) -> None:
        self._reduce(_PRECEDENCE[operator])
        self._waiting.append((operator, offset))

    def _reduce(self, precedence: int) -> None:
        """Emit the waiting operators that bind at least as tightly."""
        while self._waiting and _PRECEDENCE[self._waiting[-1][0]] >= max(1, precedence):
            self._code.append(self._waiting.pop()[0])

    def _close(self, token: _Token) -> None:
        self._reduce(1)
        if not self._waiting:
            self._fail(token.offset, "this bracket was never opened")
        self._waiting.pop()

    # --- operands ------------------------------------------------------------------------
    def _operand(self) -> None:
        token = self._take()
        while token.text in ("NOT", "("):
            self._waiting.append((cast("Operator", token.text), token.offset))
            if token.text == "(":
                self._count_element(token)
            token = self._take()
        if token.text.upper() in ("TRUE", "FALSE"):  # rule C-23
            self._count_element(token)
            self._code.append(token.text.upper() == "TRUE")
        elif token.text in _STATES:
            self._take_mark("(")
            name = self._name()
            self._take_mark(")", _QUOTE_IT)
            self._code.append(InState((name,), cast("State", token.text)))
        elif token.text == "AT_LEAST":
            self._at_least()
        else:
            self._fail(
                token.offset,
                "a condition must stand here",
                'write ALARM("name"), OK("name"), INSUFFICIENT_DATA("name"), AT_LEAST(…), TRUE, '
                "FALSE or a bracket",
            )

    def _at_least(self) -> None:
        self._take_mark("(")
        count = self._take()
        self._take_mark(",")
        token = self._take()
        negated = token.text == "NOT"
        if negated:
            token = self._take()
        if token.text not in _STATES:
            self._fail(token.offset, "ALARM, OK or INSUFFICIENT_DATA must stand here")
        self._take_mark(",")
        self._take_mark("(")
        names = [self._name()]
        while self._peek().text == ",":
            self._take()
            names.append(self._name())
        self._take_mark(")", _QUOTE_IT)
        self._take_mark(")")
        least = self._least(count, len(names))
        self._code.append(InState(tuple(names), cast("State", token.text), least, negated))

    def _least(self, token: _Token, size: int) -> int:
        """How many of ``size`` alarms the count demands (rule C-24)."""
        found = _COUNT.fullmatch(token.text)
        if found is None:
            self._fail(token.offset, "a count such as 2 or 50% must stand here")
        number = int(found[1])
        least = -(-number * size // 100) if found[2] else number
        if not 1 <= least <= size:
            self._fail(token.offset, f"{token.text} of {size} alarms can never be what is meant")
        return least

    def _name(self) -> str:
        token = self._take()
        if token.kind == "quoted":
            name = _ESCAPE.sub(r"\1", token.text[1:-1])
        elif token.kind == "word":
            name = token.text
        else:
            name = ""
        if not name:
            self._fail(token.offset, "the name of an alarm must stand here")
        self._count_element(token)
        self._children.add(alarm_name(name))
        if len(self._children) > MAX_CHILDREN:
            self._fail(token.offset, f"the rule refers to more than {MAX_CHILDREN} alarms")
        return alarm_name(name)

    def _count_element(self, token: _Token) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            self._fail(token.offset, f"the rule has more than {MAX_ELEMENTS} elements")
