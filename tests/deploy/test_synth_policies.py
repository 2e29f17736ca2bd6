"""Policies of the synthesized stack: nobody may do what only the stack should."""

from __future__ import annotations

import json

import pytest

from trailwarden.deploy import request
from trailwarden.deploy.writing import written

RESOURCES = json.loads(written(request("whole", "both"), "json"))["Resources"]
ACCOUNT = {"Ref": "AWS::AccountId"}
TRAIL = "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/"
TRAILS = [{"Fn::Sub": f"{TRAIL}${{AWS::StackName}}{end}"} for end in ("", "-data")]


def statements(name):
    properties = RESOURCES[name]["Properties"]
    for key in ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument"):
        if key in properties:
            return {one["Sid"]: one for one in properties[key]["Statement"]}
    raise AssertionError(name)


def test_names_of_trails_are_those_that_policies_are_bound_to():
    names = [RESOURCES[one]["Properties"]["TrailName"]["Fn::Sub"] for one in ("Trail", "DataTrail")]
    assert [TRAIL + name for name in names] == [one["Fn::Sub"] for one in TRAILS]


@pytest.mark.parametrize(
    ("name", "sids"),
    [
        ("TrailBucketPolicy", ["TrailsLook", "TrailsWrite"]),
        ("Key", ["TrailsEncrypt", "TrailsLook"]),
    ],
)
def test_cloudtrail_acts_for_our_trails_only(name, sids):
    found = statements(name)
    granted = [
        sid
        for sid, one in found.items()
        if one["Effect"] == "Allow" and one["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    ]
    assert granted == sids
    for sid in sids:
        assert found[sid]["Condition"]["StringEquals"]["aws:SourceArn"] == TRAILS


def test_log_files_go_where_cloudtrail_puts_those_of_the_account():
    resources = statements("TrailBucketPolicy")["TrailsWrite"]["Resource"]
    assert resources == [
        {"Fn::Sub": "${TrailBucket.Arn}/AWSLogs/${AWS::AccountId}/*"},
        {
            "Fn::If": [
                "HasOrganization",
                {"Fn::Sub": "${TrailBucket.Arn}/AWSLogs/${OrganizationId}/*"},
                {"Ref": "AWS::NoValue"},
            ]
        },
    ]


@pytest.mark.parametrize("bucket", ["TrailBucket", "AccessLogBucket"])
def test_buckets_are_private_and_take_tls_only(bucket):
    properties = RESOURCES[bucket]["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["BucketEncryption"]
    denied = [one for one in statements(f"{bucket}Policy").values() if one["Effect"] == "Deny"]
    # One condition each: a statement with both would hold for neither.
    assert [one["Condition"] for one in denied] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ]
    for one in denied:
        assert (one["Principal"], one["Action"]) == ("*", ["s3:*"])
        assert {"Fn::GetAtt": [bucket, "Arn"]} in one["Resource"]
        assert {"Fn::Sub": f"${{{bucket}.Arn}}/*"} in one["Resource"]


@pytest.mark.parametrize("topic", ["AlarmTopic", "AuditTopic"])
def test_only_alarms_of_the_account_publish(topic):
    (statement,) = statements(f"{topic}Policy").values()
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == ["sns:Publish"]
    assert statement["Resource"] == [{"Ref": topic}]
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_cloudwatch_may_use_the_key_of_the_topics():
    statement = statements("Key")["AlarmsToTopics"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


@pytest.mark.parametrize(
    ("part", "missing"), [("trail", "AlarmsToTopics"), ("alarms", "LogGroups")]
)
def test_the_key_is_for_what_the_part_holds(part, missing):
    policy = json.loads(written(request(part), "json"))["Resources"]["Key"]["Properties"]
    sids = [one["Sid"] for one in policy["KeyPolicy"]["Statement"]]
    assert missing not in sids
    assert sids[0] == "AdministeredByTheAccount"


def test_the_role_may_deliver_events_of_the_account_and_the_organization_and_nothing_else():
    (policy,) = RESOURCES["TrailRole"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
    streams = ":log-stream:${AWS::AccountId}_CloudTrail_*"
    assert statement["Resource"][0] == {"Fn::Sub": f"{group}${{TrailLogGroup}}{streams}"}
    for one in statement["Resource"]:
        text = json.dumps(one)
        assert "${AWS::AccountId}_CloudTrail_*" in text or "${OrganizationId}_*" in text
    assert "RoleName" not in RESOURCES["TrailRole"]["Properties"]


def test_the_trust_policy_asks_for_nothing_that_cloudtrail_does_not_say():
    (statement,) = statements("TrailRole").values()
    assert statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    assert "Condition" not in statement


def _sub(text):
    return {"Fn::Sub": text}


def _if(condition, value):
    return {"Fn::If": [condition, value, {"Ref": "AWS::NoValue"}]}


CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
GROUPS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
ACCOUNT_STREAMS = ":log-stream:${AWS::AccountId}_CloudTrail_*"
ORGANIZATION_STREAMS = ":log-stream:${OrganizationId}_*"
OF_OUR_TRAILS = {"aws:SourceArn": TRAILS}


def _no_old_transport(bucket):
    everything = [{"Fn::GetAtt": [bucket, "Arn"]}, _sub(f"${{{bucket}.Arn}}/*")]
    return {
        "NoPlainHttp": (
            "Deny",
            "*",
            ["s3:*"],
            everything,
            {"Bool": {"aws:SecureTransport": "false"}},
        ),
        "NoOldTls": (
            "Deny",
            "*",
            ["s3:*"],
            everything,
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ),
    }


def _topic(name):
    return {
        "AlarmsOfThisAccount": (
            "Allow", CLOUDWATCH, ["sns:Publish"], [{"Ref": name}],
            {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {
                    "aws:SourceArn": _sub(
                        "arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm:*"
                    )
                },
            },
        )
    }  # fmt: skip


#: Every statement of every policy: effect, principal, actions, resources, condition.
WHOLE = {
    "TrailBucketPolicy": {
        "TrailsLook": (
            "Allow", CLOUDTRAIL, ["s3:GetBucketAcl"], [{"Fn::GetAtt": ["TrailBucket", "Arn"]}],
            {"StringEquals": OF_OUR_TRAILS},
        ),
        "TrailsWrite": (
            "Allow", CLOUDTRAIL, ["s3:PutObject"],
            [
                _sub("${TrailBucket.Arn}/AWSLogs/${AWS::AccountId}/*"),
                _if("HasOrganization", _sub("${TrailBucket.Arn}/AWSLogs/${OrganizationId}/*")),
            ],
            {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **OF_OUR_TRAILS}},
        ),
        **_no_old_transport("TrailBucket"),
    },
    "AccessLogBucketPolicy": {
        "AccessLogs": (
            "Allow", {"Service": "logging.s3.amazonaws.com"}, ["s3:PutObject"],
            [_sub("${AccessLogBucket.Arn}/*")],
            {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["TrailBucket", "Arn"]}},
            },
        ),
        **_no_old_transport("AccessLogBucket"),
    },
    "TrailRole": {"Trails": ("Allow", CLOUDTRAIL, ["sts:AssumeRole"], None, None)},
    "AlarmTopicPolicy": _topic("AlarmTopic"),
    "AuditTopicPolicy": _topic("AuditTopic"),
    "Key": {
        "AdministeredByTheAccount": (
            "Allow", {"AWS": _sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")}, ["kms:*"],
            ["*"], None,
        ),
        "TrailsEncrypt": (
            "Allow", CLOUDTRAIL, ["kms:GenerateDataKey*"], ["*"],
            {
                "StringEquals": OF_OUR_TRAILS,
                "StringLike": {
                    "kms:EncryptionContext:aws:cloudtrail:arn": _sub(
                        "arn:${AWS::Partition}:cloudtrail:*:${AWS::AccountId}:trail/*"
                    )
                },
            },
        ),
        "TrailsLook": (
            "Allow", CLOUDTRAIL, ["kms:DescribeKey"], ["*"], {"StringEquals": OF_OUR_TRAILS},
        ),
        "LogGroups": (
            "Allow", {"Service": _sub("logs.${AWS::Region}.${AWS::URLSuffix}")},
            [
                "kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*",
                "kms:Describe*",
            ],
            ["*"],
            {
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": _sub(GROUPS + "${AWS::StackName}-*")
                }
            },
        ),
        "AlarmsToTopics": (
            "Allow", CLOUDWATCH, ["kms:Decrypt", "kms:GenerateDataKey*"], ["*"], None,
        ),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_whole_statements(name):
    found = {
        sid: tuple(
            one.get(key) for key in ("Effect", "Principal", "Action", "Resource", "Condition")
        )
        for sid, one in statements(name).items()
    }
    assert found == WHOLE[name]


def test_the_role_writes_streams_of_its_own_log_groups():
    (policy,) = RESOURCES["TrailRole"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    own, data = GROUPS + "${TrailLogGroup}", GROUPS + "${DataLogGroup}"
    assert statement == {
        "Sid": "DeliverToLogs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [
            _sub(own + ACCOUNT_STREAMS),
            _if("HasOrganization", _sub(own + ORGANIZATION_STREAMS)),
            _if("HasDataEvents", _sub(data + ACCOUNT_STREAMS)),
            _if("HasDataEvents", _if("HasOrganization", _sub(data + ORGANIZATION_STREAMS))),
        ],
    }
