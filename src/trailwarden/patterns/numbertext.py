"""JSON whose numbers keep their spelling, because ``= "1"`` matches 1 and not 1.0 (rule 5.3)."""

from __future__ import annotations

import json
from typing import NoReturn


class NumberText(str):
    """A JSON number, as the characters that stand in the message."""

    __slots__ = ()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")  # RFC 8259 has no NaN and no Infinity


DECODER = json.JSONDecoder(parse_int=NumberText, parse_float=NumberText, parse_constant=_refuse)
