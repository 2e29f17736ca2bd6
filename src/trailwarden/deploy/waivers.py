"""Checks of checkov that do not hold for the stack, and why: the only list of them."""

from __future__ import annotations

from collections.abc import Mapping

_KEY_POLICY = "in the policy of a key, * is this key, and the account has to administer it"

WAIVERS: Mapping[str, str] = {
    "CKV_AWS_18": "this bucket holds the access logs; its own would go round in a circle",
    "CKV_AWS_109": _KEY_POLICY,
    "CKV_AWS_111": _KEY_POLICY,
    "CKV_AWS_144": "whether there is a copy in another Region is for the account to decide",
    "CKV_AWS_145": "the trail encrypts its files with the key, and access logs come with S3's only",
    "CKV_AWS_252": "a topic of the trail is told of every log file, every few minutes",
    "CKV_AWS_356": _KEY_POLICY,
    "CKV2_AWS_62": "nothing here waits for log files to arrive; the alarms read the log group",
}
"""In a template those that apply stand in Metadata; in Terraform's JSON checkov reads none."""
