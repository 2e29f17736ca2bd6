"""What watches (CloudTrail, Config, GuardDuty, CloudWatch) and governs (Organizations)."""

from __future__ import annotations

from trailwarden.simulate.call import Call, Json

TRAIL_ARN = "arn:aws:cloudtrail:us-east-1:<account>:trail/<trail>"


def _change(service: str, name: str, request: Json, response: Json = None) -> Call:
    return Call(service, name, request, response, read_only=False)


DESCRIBE_TRAILS = Call(
    "cloudtrail", "DescribeTrails", {"trailNameList": [], "includeShadowTrails": True}
)
GET_TRAIL_STATUS = Call("cloudtrail", "GetTrailStatus", {"name": TRAIL_ARN})
GET_EVENT_SELECTORS = Call("cloudtrail", "GetEventSelectors", {"trailName": TRAIL_ARN})
LOOKUP_EVENTS = Call(
    "cloudtrail",
    "LookupEvents",
    {
        "startTime": "<hour_ago>",
        "endTime": "<event_time>",
        "maxResults": 50,
        "lookupAttributes": [{"attributeKey": "ReadOnly", "attributeValue": "false"}],
    },
)
STOP_LOGGING = _change("cloudtrail", "StopLogging", {"name": "<trail>"})
START_LOGGING = _change("cloudtrail", "StartLogging", {"name": "<trail>"})


def put_event_selectors(*, management: bool) -> Call:
    """Say whether ``<trail>`` records management events."""
    selectors: list[Json] = [
        {
            "readWriteType": "All" if management else "ReadOnly",
            "includeManagementEvents": management,
            "dataResources": [],
            "excludeManagementEventSources": [],
        }
    ]
    return _change(
        "cloudtrail",
        "PutEventSelectors",
        {"trailName": "<trail>", "eventSelectors": selectors},
        {"trailARN": TRAIL_ARN, "eventSelectors": selectors},
    )


_RECORDER = "configurationRecorderName"
DESCRIBE_CONFIGURATION_RECORDERS = Call("config", "DescribeConfigurationRecorders")
DESCRIBE_COMPLIANCE = Call("config", "DescribeComplianceByConfigRule", {"configRuleNames": []})
PUT_EVALUATIONS = _change(
    "config",
    "PutEvaluations",
    {
        "evaluations": [
            {
                "complianceResourceType": "AWS::EC2::SecurityGroup",
                "complianceResourceId": "<group>",
                "complianceType": "COMPLIANT",
                "orderingTimestamp": "<event_time>",
            }
        ],
        "resultToken": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "testMode": False,
    },
    {"failedEvaluations": []},
)
STOP_RECORDER = _change("config", "StopConfigurationRecorder", {_RECORDER: "default"})
START_RECORDER = _change("config", "StartConfigurationRecorder", {_RECORDER: "default"})
DELETE_RECORDER = _change("config", "DeleteConfigurationRecorder", {_RECORDER: "default"})
PUT_RECORDER = _change(
    "config",
    "PutConfigurationRecorder",
    {
        "configurationRecorder": {
            "name": "default",
            "roleARN": "arn:aws:iam::<account>:role/aws-service-role/config.amazonaws.com/"
            "AWSServiceRoleForConfig",
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    },
)

LIST_DETECTORS = Call("guardduty", "ListDetectors", {"maxResults": 50})
LIST_FINDINGS = Call("guardduty", "ListFindings", {"detectorId": "<detector>", "maxResults": 50})
DELETE_DETECTOR = _change("guardduty", "DeleteDetector", {"detectorId": "<detector>"})

DESCRIBE_ALARMS = Call("monitoring", "DescribeAlarms", {"maxRecords": 100, "stateValue": "ALARM"})
_ALARMS: Json = {"alarmNames": ["security-root-usage", "security-trail-changes"]}
DISABLE_ALARM_ACTIONS = _change("monitoring", "DisableAlarmActions", _ALARMS)
ENABLE_ALARM_ACTIONS = _change("monitoring", "EnableAlarmActions", _ALARMS)
LIST_METRICS = Call("monitoring", "ListMetrics", {"namespace": "AWS/EC2", "recentlyActive": "PT3H"})
GET_DASHBOARD = Call("monitoring", "GetDashboard", {"dashboardName": "<app>"})
DESCRIBE_LOG_GROUPS = Call(
    "logs", "DescribeLogGroups", {"logGroupNamePrefix": "/aws/lambda/<function>", "limit": 50}
)
DESCRIBE_LOG_STREAMS = Call(
    "logs",
    "DescribeLogStreams",
    {"logGroupName": "/aws/lambda/<function>", "orderBy": "LastEventTime", "descending": True},
)
DELETE_METRIC_FILTER = _change(
    "logs",
    "DeleteMetricFilter",
    {"logGroupName": "/cloudtrail/<trail>", "filterName": "security-iam-changes"},
)
CREATE_LOG_STREAM = _change(
    "logs",
    "CreateLogStream",
    {"logGroupName": "/aws/lambda/<function>", "logStreamName": "[$LATEST]<uuid>"},
)
START_QUERY = Call(
    "logs",
    "StartQuery",
    {
        "logGroupName": "/aws/lambda/<function>",
        "queryString": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "startTime": 0,
        "endTime": 0,
    },
    {"queryId": "<uuid>"},
)
GET_COST_AND_USAGE = Call(
    "ce", "GetCostAndUsage", {"granularity": "DAILY", "metrics": ["UnblendedCost"]}
)
DESCRIBE_EVENT_AGGREGATES = Call(
    "health",
    "DescribeEventAggregates",
    {
        "aggregateField": "eventTypeCategory",
        "filter": {
            "eventStatusCodes": ["open", "upcoming"],
            "startTimes": [{"from": "<now_long>"}],
        },
    },
)

DESCRIBE_ORGANIZATION = Call("organizations", "DescribeOrganization")
LIST_ACCOUNTS = Call("organizations", "ListAccounts", {"maxResults": 20})
LEAVE_ORGANIZATION = _change("organizations", "LeaveOrganization", None)
DETACH_POLICY = _change(
    "organizations", "DetachPolicy", {"policyId": "<guardrail>", "targetId": "<unit>"}
)
MOVE_ACCOUNT = _change(
    "organizations",
    "MoveAccount",
    {"accountId": "<moved_account>", "sourceParentId": "<unit>", "destinationParentId": "<unit2>"},
)
