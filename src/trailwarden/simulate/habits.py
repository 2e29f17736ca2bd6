"""Which calls each kind of principal makes, and how often one compared with another."""

from __future__ import annotations

from trailwarden.simulate.call import Call
from trailwarden.simulate.calls import audit, compute, ec2, iam, keys, s3, signin
from trailwarden.simulate.routine import Choice

AGENT = Choice[Call](
    [
        (compute.UPDATE_INSTANCE_INFORMATION, 10),
        (compute.LIST_INSTANCE_ASSOCIATIONS, 3),
        (compute.PUT_INVENTORY, 0.5),
    ]
)
AUTOSCALER = Choice[Call](
    [
        (compute.DESCRIBE_AUTO_SCALING_GROUPS, 6),
        (compute.DESCRIBE_AUTO_SCALING_INSTANCES, 2),
        (ec2.DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, 3),
        (ec2.DESCRIBE_ONE_INSTANCE, 4),
        (ec2.DESCRIBE_NETWORK_INTERFACES, 2),
        (ec2.DESCRIBE_TAGS, 2),
        (compute.DESCRIBE_TARGET_HEALTH, 3),
        (compute.GET_AUTHORIZATION_TOKEN, 2),
        (compute.BATCH_GET_IMAGE, 2),
        (compute.THROTTLED, 0.1),
    ]
)
BACKUP = Choice[Call]([(ec2.DESCRIBE_VOLUMES, 3), (ec2.CREATE_SNAPSHOT, 4), (ec2.CREATE_TAGS, 4)])
FUNCTION = Choice[Call](
    [
        (audit.CREATE_LOG_STREAM, 4),
        (keys.GET_PARAMETER, 5),
        (keys.GET_PARAMETERS_BY_PATH, 1),
        (keys.GET_SECRET_VALUE, 3),
        (compute.GET_QUEUE_ATTRIBUTES, 2),
        (compute.DESCRIBE_TABLE, 1),
    ]
)
FUNCTION_KEYS = Choice[Call](
    [
        (keys.DECRYPT_FOR_LAMBDA, 3),
        (keys.DECRYPT_FOR_PARAMETER, 4),
        (keys.DECRYPT_FOR_SECRET, 3),
        (keys.DECRYPT_FOR_S3, 4),
        (keys.GENERATE_FOR_S3, 3),
        (keys.GENERATE_FOR_QUEUE, 2),
    ]
)
ASSUME = Choice[Call]([(signin.ASSUME_ROLE, 1)])
INTERRUPTIONS = Choice[Call]([(ec2.SPOT_INTERRUPTION, 1)])
TRAIL_KEEPER = Choice[Call]([(s3.GET_BUCKET_ACL, 2), (keys.GENERATE_FOR_TRAIL, 5)])
RECORDER = Choice[Call](
    [
        (ec2.DESCRIBE_INSTANCES, 3),
        (ec2.DESCRIBE_VPC_GROUPS, 3),
        (ec2.DESCRIBE_VOLUMES, 3),
        (ec2.DESCRIBE_NETWORK_INTERFACES, 3),
        (ec2.DESCRIBE_SUBNETS, 2),
        (ec2.DESCRIBE_ROUTE_TABLES, 2),
        (s3.GET_BUCKET_POLICY, 1),
        (s3.NO_BUCKET_POLICY, 1),
        (s3.GET_BUCKET_TAGGING, 1),
        (keys.DESCRIBE_KEY, 1),
        (audit.PUT_EVALUATIONS, 2),
    ]
)
SCALING_SERVICE = Choice[Call](
    [
        (ec2.DESCRIBE_INSTANCE_STATUS, 6),
        (ec2.DESCRIBE_ONE_INSTANCE, 2),
        (ec2.DESCRIBE_IMAGES, 1),
        (ec2.DESCRIBE_SECURITY_GROUPS, 1),
        (compute.DESCRIBE_TARGET_HEALTH, 3),
    ]
)
PARTNER = Choice[Call](
    [
        (ec2.DESCRIBE_INSTANCES, 4),
        (ec2.DESCRIBE_VOLUMES, 2),
        (ec2.DESCRIBE_REGIONS, 1),
        (compute.DESCRIBE_AUTO_SCALING_GROUPS, 2),
        (compute.DESCRIBE_LOAD_BALANCERS, 2),
        (compute.DESCRIBE_DB_INSTANCES, 2),
        (compute.DESCRIBE_TABLE, 2),
        (compute.LIST_FUNCTIONS, 1),
        (compute.GET_QUEUE_ATTRIBUTES, 2),
        (audit.LIST_METRICS, 5),
        (audit.DESCRIBE_ALARMS, 1),
        (audit.LIST_DETECTORS.denied(), 0.03),
    ]
)
AUDITOR = Choice[Call](
    [
        (iam.GET_ACCOUNT_SUMMARY, 1),
        (iam.GET_ACCOUNT_PASSWORD_POLICY, 1),
        (iam.GENERATE_CREDENTIAL_REPORT, 0.3),
        (iam.LIST_USERS, 1),
        (iam.LIST_ACCESS_KEYS, 4),
        (iam.LIST_MFA_DEVICES, 4),
        (iam.LIST_ATTACHED_ROLE_POLICIES, 5),
        (iam.GET_ROLE_POLICY, 4),
        (iam.GET_POLICY_VERSION, 4),
        (s3.GET_BUCKET_ACL, 3),
        (s3.GET_BUCKET_ENCRYPTION, 3),
        (s3.GET_BUCKET_POLICY_STATUS, 3),
        (s3.GET_BUCKET_PUBLIC_ACCESS_BLOCK, 3),
        (s3.GET_BUCKET_LOGGING, 3),
        (s3.NO_BUCKET_POLICY, 2),
        (keys.GET_KEY_ROTATION_STATUS, 3),
        (keys.GET_KEY_POLICY, 2),
        (audit.DESCRIBE_TRAILS, 1),
        (audit.GET_TRAIL_STATUS, 1),
        (audit.GET_EVENT_SELECTORS, 1),
        (audit.DESCRIBE_CONFIGURATION_RECORDERS, 1),
        (ec2.DESCRIBE_VPC_GROUPS, 3),
    ]
)
PIPELINE = Choice[Call](
    [
        (compute.GET_AUTHORIZATION_TOKEN, 2),
        (compute.PUT_IMAGE, 2),
        (compute.BATCH_GET_IMAGE, 2),
        (compute.UPDATE_SERVICE, 2),
        (compute.DESCRIBE_SERVICES, 8),
        (compute.DESCRIBE_TASKS, 4),
        (compute.UPDATE_FUNCTION_CODE, 2),
        (compute.GET_FUNCTION, 3),
        (compute.DESCRIBE_STACKS, 3),
    ]
)
TERRAFORM_PLAN = Choice[Call](
    [
        (signin.GET_CALLER_IDENTITY, 1),
        (ec2.DESCRIBE_VPCS, 4),
        (ec2.DESCRIBE_VPC_ATTRIBUTE, 6),
        (ec2.DESCRIBE_SUBNETS, 5),
        (ec2.DESCRIBE_ROUTE_TABLES, 8),
        (ec2.DESCRIBE_SECURITY_GROUPS, 8),
        (ec2.DESCRIBE_NETWORK_ACLS, 3),
        (ec2.DESCRIBE_INTERNET_GATEWAYS, 3),
        (ec2.DESCRIBE_AVAILABILITY_ZONES, 2),
        (ec2.DESCRIBE_ACCOUNT_ATTRIBUTES, 2),
        (iam.GET_ROLE, 8),
        (iam.LIST_ROLE_POLICIES, 6),
        (iam.LIST_ATTACHED_ROLE_POLICIES, 8),
        (iam.LIST_INSTANCE_PROFILES_FOR_ROLE, 2),
        (iam.GET_POLICY, 5),
        (iam.GET_POLICY_VERSION, 5),
        (s3.GET_BUCKET_POLICY, 3),
        (s3.GET_BUCKET_ACL, 2),
        (s3.GET_BUCKET_VERSIONING, 3),
        (s3.GET_BUCKET_ENCRYPTION, 3),
        (s3.GET_BUCKET_LOCATION, 3),
        (keys.DESCRIBE_KEY, 3),
        (keys.GET_KEY_POLICY, 3),
        (keys.DESCRIBE_SECRET, 3),
        (compute.GET_FUNCTION, 4),
        (compute.DESCRIBE_TABLE, 2),
        (audit.DESCRIBE_LOG_GROUPS, 3),
    ]
)
ENGINEER = Choice[Call](
    [
        (ec2.DESCRIBE_INSTANCES, 6),
        (ec2.DESCRIBE_INSTANCE_STATUS, 3),
        (ec2.DESCRIBE_VPC_GROUPS, 2),
        (ec2.DESCRIBE_SUBNETS, 1),
        (compute.DESCRIBE_SERVICES, 4),
        (compute.DESCRIBE_TASKS, 3),
        (compute.LIST_FUNCTIONS, 2),
        (compute.GET_FUNCTION, 3),
        (compute.DESCRIBE_STACKS, 2),
        (compute.DESCRIBE_DB_INSTANCES, 1),
        (compute.DESCRIBE_INSTANCE_INFORMATION, 1),
        (audit.DESCRIBE_LOG_GROUPS, 4),
        (audit.DESCRIBE_LOG_STREAMS, 5),
        (audit.START_QUERY, 3),
        (audit.DESCRIBE_ALARMS, 5),
        (audit.GET_DASHBOARD, 3),
        (audit.DESCRIBE_EVENT_AGGREGATES, 3),
        (audit.GET_COST_AND_USAGE, 0.5),
        (s3.LIST_BUCKETS, 2),
        (s3.GET_BUCKET_LOCATION, 2),
        (iam.LIST_ROLES, 0.7),
        (iam.GET_ROLE, 1),
        (keys.DESCRIBE_SECRET, 1),
        (keys.DESCRIBE_PARAMETERS, 1),
        (ec2.DESCRIBE_INSTANCE_ATTRIBUTE.denied(
            "arn:aws:ec2:<region>:<account>:instance/<instance>"), 0.05),
        (keys.GET_SECRET_VALUE.denied(
            "arn:aws:secretsmanager:<region>:<account>:secret:<secret>"), 0.04),
    ]
)  # fmt: skip
ADMINISTRATOR = Choice[Call](
    [
        (iam.LIST_USERS, 2),
        (iam.LIST_ROLES, 3),
        (iam.GET_ROLE, 3),
        (iam.LIST_ATTACHED_ROLE_POLICIES, 2),
        (iam.GET_ACCOUNT_SUMMARY, 2),
        (audit.DESCRIBE_TRAILS, 1),
        (audit.LOOKUP_EVENTS, 2),
        (audit.DESCRIBE_ORGANIZATION, 1),
        (audit.LIST_ACCOUNTS, 1),
        (audit.LIST_FINDINGS, 2),
        (audit.DESCRIBE_COMPLIANCE, 2),
        (audit.DESCRIBE_ALARMS, 2),
        (audit.GET_COST_AND_USAGE, 1),
        (ec2.DESCRIBE_VPC_GROUPS, 2),
        (s3.LIST_BUCKETS, 1),
        (keys.LIST_KEYS, 1),
        (keys.LIST_ALIASES, 1),
    ]
)
SCRIPT = Choice[Call](
    [
        (signin.GET_CALLER_IDENTITY, 1),
        (ec2.DESCRIBE_INSTANCES, 4),
        (ec2.DESCRIBE_SNAPSHOTS, 2),
        (s3.LIST_BUCKETS, 2),
        (s3.GET_BUCKET_LOCATION, 2),
        (audit.DESCRIBE_LOG_GROUPS, 1),
    ]
)
