"""Who must never be excluded: callers whose records also look like an intrusion.

Some calls say so by themselves; extra filters find them, whatever the stack watches for.
"""

from __future__ import annotations

from dataclasses import replace

from trailwarden.patterns import parse
from trailwarden.stack.model import MetricFilter, Stack

_BLINDING = (
    ("cloudtrail", ("StopLogging", "DeleteTrail", "DeleteEventDataStore")),
    ("guardduty", ("DeleteDetector", "DisassociateFromAdministratorAccount")),
    ("config", ("StopConfigurationRecorder", "DeleteConfigurationRecorder")),
    ("ec2", ("DeleteFlowLogs",)),
    ("securityhub", ("DisableSecurityHub",)),
    ("organizations", ("LeaveOrganization",)),
    ("logs", ("DeleteLogGroup", "DeleteMetricFilter")),
    ("monitoring", ("DeleteAlarms", "DisableAlarmActions")),
)


def _blinding() -> str:
    groups = []
    for service, names in _BLINDING:
        calls = "||".join(f"$.eventName={name}" for name in names)
        groups.append(f'($.eventSource="{service}.amazonaws.com"&&({calls}))')
    return f"{{{'||'.join(groups)}}}"


SIGNS = (
    (
        "it also failed to sign in",
        '{ ($.eventName = "ConsoleLogin" && $.responseElements.ConsoleLogin = "Failure") || '
        '($.eventName = "CredentialVerification" && '
        '$.serviceEventDetails.CredentialVerification = "Failure") }',
    ),
    ("it also switched off what watches the account", _blinding()),
    (
        "it also signed in without MFA",
        '{ $.eventName = "ConsoleLogin" && $.userIdentity.type = "IAMUser" && '
        '$.additionalEventData.MFAUsed = "No" && $.responseElements.ConsoleLogin = "Success" }',
    ),
)


def with_signs(stack: Stack) -> Stack:
    """``stack`` with filters behind its own ones that no alarm sees, one for each of SIGNS."""
    signs = tuple(
        MetricFilter(f"sign {number}", "", pattern, parse(pattern), ())
        for number, (_, pattern) in enumerate(SIGNS)
    )
    return replace(stack, metric_filters=(*stack.metric_filters, *signs))
