"""The spots of a template in JSON, which parsers of YAML may refuse."""

from __future__ import annotations

import json
import re

from trailwarden.stack.lint.fixing.spots import ScalarSpot, Spot, SpotBuilder

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+', re.ASCII)


def json_spots(text: str) -> Spot | None:
    """The root of a JSON document that has been read before."""
    builder = SpotBuilder()
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in ("{", "["):
            builder.begin(token.start(), is_object=mark == "{", braces=True)
        elif mark in ("}", "]"):
            builder.end(token.end())
        elif mark[0] == '"':
            value: str = json.loads(mark, strict=False)
            builder.add(ScalarSpot(token.start(), token.end(), False, value, "json"))
        else:
            builder.add(ScalarSpot(token.start(), token.end(), False, mark))
    return builder.root
