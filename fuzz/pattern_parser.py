"""Fuzz target: the parser, printer and matchers of filter patterns.

Whatever the text, parsing either raises PatternError inside the text, or gives a pattern whose
spelling parses to an equal tree and whose matchers raise for no message. Runs with atheris where
that is installed, else as a loop of random mutations:

    python -m fuzz.pattern_parser --runs 100000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from trailwarden.errors import PatternError
from trailwarden.patterns import FilterPattern, parse

SEEDS = [
    "{ ($.eventName = \"StopLogging\") && $.userIdentity.type != Root* || $.x.['a b'][0] > 1e3 }",
    "{ $.a[*] IS NULL || $.b.* NOT EXISTS && ($.c IS TRUE || $.d = %^x[^y]{2,}\\d$%) }",
    "[ip, ..., status = 404 || status != 4* && status > 1, , bytes >= 10]",
    '?ERROR -"disk full" %a|b% us-east-1 "say \\"hi\\""',
    "",
]
MESSAGES = [
    '{"eventName":"StopLogging","a":[1,null,"x"],"b":{},"c":true,"d":"xaa9","x":{"a b":[1e4]}}',
    '192.0.2.1 - [10/Oct/2000 -0700] "GET /" 404 12',
    'ERROR us-east-1 "unclosed',
    "",
]
PIECES = [
    *"{}[]()\"%$.,*=!<>&|?- \\'^+\n\x00é\u2028",
    *["&&", "||", "!=", "NOT EXISTS", "IS ", "NULL", "$.", "['", "']", "[*]", "...", "1e9", "null"],
    *["AND", "%x%", '"x"', "\ud800", "(" * 50, "$.a=1", "a" * 300],
]


def check(text: str, message: str) -> bool:
    """Check one pattern on one message; returns whether the pattern was accepted."""
    pattern = parsed(text)
    if isinstance(pattern, PatternError):
        assert 0 <= pattern.offset <= len(text)
        assert pattern.caret()
        return False
    printed = parse(str(pattern))
    assert printed.syntax == pattern.syntax, (text, str(pattern))
    answer = pattern.matches(message)
    assert printed.matches(message) is answer
    assert isinstance(pattern.matches(message.encode("utf-8", "surrogatepass")), bool)
    assert (pattern.extracted_values(message) is not None) is answer
    return True


def parsed(text: str) -> FilterPattern | PatternError:
    try:
        return parse(text)
    except PatternError as error:
        return error


def mutated(rng: random.Random, text: str) -> str:
    """``text`` after a few cuts, insertions and exchanges."""
    for _ in range(rng.choice([0, 1, 1, 2, 3, 8])):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.choice([0, 0, 1, 2, 10]))
        text = text[:start] + rng.choice([rng.choice(PIECES), ""]) + text[end:]
    return text


def loop(runs: int, seed: int) -> None:
    """Check ``runs`` random mutations, and say how many patterns were refused and accepted."""
    rng = random.Random(seed)
    accepted = 0
    for _ in range(runs):
        text = mutated(rng, rng.choice(SEEDS))
        accepted += check(text, mutated(rng, rng.choice(MESSAGES)))
    print(f"refused {runs - accepted} accepted {accepted}")


def fuzz_with_atheris(arguments: Sequence[str]) -> None:
    """Hand over to atheris, which never returns."""
    import atheris  # type: ignore[import-untyped]

    def target(data: bytes) -> None:
        text, _, message = data.decode("utf-8", "surrogateescape").partition("\x00")
        check(text, message)

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Fuzz the filter pattern language.")
    parser.add_argument("--runs", type=int, help="random mutations, without atheris")
    parser.add_argument("--seed", type=int, default=0)
    known, others = parser.parse_known_args(arguments)
    if known.runs is None and find_spec("atheris"):
        fuzz_with_atheris(others)
    loop(known.runs or 100_000, known.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
