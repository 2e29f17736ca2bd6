"""AWS's partitions: which one a region lies in, and the domain of its services.

botocore keeps the table that AWS's own tools go by; only its file is read, for importing botocore
takes longer than a whole command. Where it is not installed, or older than a partition, the
beginning of the region's name decides: all names of a partition's regions begin alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_STANDARD = "aws"
# Beginning of a region's name → partition and domain, for want of botocore's table.
_BY_NAME = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}


@lru_cache(maxsize=256)  # whoever writes a log chooses the regions in it
def partition_of(region: str) -> str:
    """The partition of a region, such as ``aws-cn``; ``aws`` for one that nothing is known of."""
    for partition, row in _table().items():
        if region in row["regions"] or re.fullmatch(row["regionRegex"], region, re.ASCII):
            return partition
    by_name = (found for start, (found, _) in _BY_NAME.items() if region.startswith(start))
    return next(by_name, _STANDARD)


def domain_of(partition: str) -> str:
    """What the names of a partition's services end with: ``amazonaws.com.cn`` for ``aws-cn``."""
    return domains().get(partition, "amazonaws.com")


@cache
def domains() -> Mapping[str, str]:
    """The domain of each partition."""
    told = {partition: row["outputs"]["dnsSuffix"] for partition, row in _table().items()}
    return {_STANDARD: "amazonaws.com", **dict(_BY_NAME.values()), **told}


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    """botocore's partitions by name; empty where there are none."""
    spec = find_spec("botocore")
    folders = (spec and spec.submodule_search_locations) or ()
    for folder in folders:
        try:
            text = Path(folder, "data", "partitions.json").read_text("utf-8")
            return {row["id"]: row for row in json.loads(text)["partitions"]}
        except (OSError, ValueError, KeyError):  # a version that keeps it otherwise
            continue
    return {}
