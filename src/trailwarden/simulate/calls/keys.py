"""Keys and secrets: KMS, Secrets Manager, Parameter Store."""

from __future__ import annotations

from trailwarden.simulate.call import Call, Json
from trailwarden.simulate.calls.audit import TRAIL_ARN

_KEY_ARN = "arn:aws:kms:<region>:<account>:key/<key>"
_KEY = (_KEY_ARN, "AWS::KMS::Key")
_SECRET_ARN = "arn:aws:secretsmanager:<region>:<account>:secret:<secret>"  # noqa: S105
_PARAMETER_ARN = "arn:aws:ssm:<region>:<account>:parameter<parameter>"


def _decrypt(context: dict[str, str]) -> Call:
    request = {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    return Call("kms", "Decrypt", request, resource=_KEY)


def _generate(context: dict[str, str]) -> Call:
    request: Json = {"keyId": _KEY_ARN, "keySpec": "AES_256", "encryptionContext": context}
    return Call("kms", "GenerateDataKey", request, resource=_KEY)


_OBJECT = {"aws:s3:arn": "arn:aws:s3:::<bucket>"}
DECRYPT_FOR_S3 = _decrypt(_OBJECT)
DECRYPT_FOR_LAMBDA = _decrypt(
    {"aws:lambda:FunctionArn": "arn:aws:lambda:<region>:<account>:function:<function>"}
)
DECRYPT_FOR_SECRET = _decrypt({"SecretARN": _SECRET_ARN, "SecretVersionId": "<uuid>"})
DECRYPT_FOR_PARAMETER = _decrypt({"PARAMETER_ARN": _PARAMETER_ARN})
GENERATE_FOR_S3 = _generate(_OBJECT)
GENERATE_FOR_TRAIL = _generate(
    {
        "aws:cloudtrail:arn": TRAIL_ARN,
        "aws:s3:arn": "arn:aws:s3:::<log_bucket>/AWSLogs/<account>/CloudTrail/<region>/"
        "<number>.json.gz",
    }
)
GENERATE_FOR_QUEUE = _generate({"aws:sqs:arn": "arn:aws:sqs:<region>:<account>:<queue>"})
DESCRIBE_KEY = Call("kms", "DescribeKey", {"keyId": "<key>"}, resource=_KEY)
LIST_KEYS = Call("kms", "ListKeys", {"limit": 100})
LIST_ALIASES = Call("kms", "ListAliases", {"limit": 100})
GET_KEY_POLICY = Call(
    "kms", "GetKeyPolicy", {"keyId": _KEY_ARN, "policyName": "default"}, resource=_KEY
)
GET_KEY_ROTATION_STATUS = Call("kms", "GetKeyRotationStatus", {"keyId": "<key>"}, resource=_KEY)


def _change(name: str, request: Json, response: Json = None) -> Call:
    return Call("kms", name, request, response, read_only=False, resource=_KEY)


DISABLE_KEY = _change("DisableKey", {"keyId": "<key>"}, {"keyId": _KEY_ARN})
ENABLE_KEY = _change("EnableKey", {"keyId": "<key>"}, {"keyId": _KEY_ARN})
SCHEDULE_KEY_DELETION = _change(
    "ScheduleKeyDeletion",
    {"keyId": "<key>", "pendingWindowInDays": 7},
    {"keyId": _KEY_ARN, "keyState": "PendingDeletion", "pendingWindowInDays": 7},
)
CANCEL_KEY_DELETION = _change("CancelKeyDeletion", {"keyId": "<key>"}, {"keyId": _KEY_ARN})
PUT_KEY_POLICY = _change(
    "PutKeyPolicy",
    {
        "keyId": "<key>",
        "policyName": "default",
        "policy": '{"Version":"2012-10-17","Id":"key-default","Statement":[{"Effect":"Allow",'
        '"Principal":{"AWS":"arn:aws:iam::<account>:root"},"Action":"kms:*","Resource":"*"}]}',
        "bypassPolicyLockoutSafetyCheck": False,
    },
)

GET_SECRET_VALUE = Call("secretsmanager", "GetSecretValue", {"secretId": _SECRET_ARN})
DESCRIBE_SECRET = Call("secretsmanager", "DescribeSecret", {"secretId": _SECRET_ARN})
LIST_SECRETS = Call("secretsmanager", "ListSecrets", {"maxResults": 100})

GET_PARAMETER = Call(
    "ssm",
    "GetParameter",
    {"name": "<parameter>", "withDecryption": True},
    resource=(_PARAMETER_ARN, "AWS::SSM::Parameter"),
)
GET_PARAMETERS_BY_PATH = Call(
    "ssm",
    "GetParametersByPath",
    {"path": "/<app>/", "recursive": True, "withDecryption": True, "maxResults": 10},
)
DESCRIBE_PARAMETERS = Call("ssm", "DescribeParameters", {"maxResults": 50})
