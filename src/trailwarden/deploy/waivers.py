"""Checks of checkov that do not hold for the stack, and why: the only list of them."""

from __future__ import annotations

from collections.abc import Mapping

WAIVERS: Mapping[str, str] = {
    "CKV_AWS_18": "this bucket holds the access logs; its own would go round in a circle",
}
