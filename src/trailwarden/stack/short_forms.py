"""The names of CloudFormation's functions, and their short forms in YAML: ``!Sub``."""

from __future__ import annotations

LONG_NAMES = {
    "Ref": "Ref",
    "Condition": "Condition",
    **{
        name: f"Fn::{name}"
        for name in (
            "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals",
            "FindInMap", "GetAtt", "GetAZs", "GetStackOutput", "If", "ImportValue", "Join",
            "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub", "ToJsonString", "Transform",
            "ValueOf", "ValueOfAll",
        )
    },
}  # fmt: skip
