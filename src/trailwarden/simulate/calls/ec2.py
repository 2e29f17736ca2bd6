"""EC2 as it is read all day long, and its instances."""

from __future__ import annotations

from trailwarden.simulate.call import SERVICE_EVENT, Call, Json

_NONE: Json = {}


def _filter(name: str, value: str) -> dict[str, object]:
    return {"items": [{"name": name, "valueSet": {"items": [{"value": value}]}}]}


DESCRIBE_INSTANCES = Call(
    "ec2",
    "DescribeInstances",
    {"maxResults": 1000, "instancesSet": _NONE, "filterSet": _NONE},
)
DESCRIBE_ONE_INSTANCE = Call(
    "ec2",
    "DescribeInstances",
    {
        "instancesSet": {"items": [{"instanceId": "<instance>"}]},
        "filterSet": _filter("instance-state-name", "running"),
    },
)
DESCRIBE_INSTANCE_STATUS = Call(
    "ec2",
    "DescribeInstanceStatus",
    {
        "instancesSet": {"items": [{"instanceId": "<instance>"}, {"instanceId": "<instance2>"}]},
        "filterSet": _NONE,
        "includeAllInstances": True,
    },
)
DESCRIBE_INSTANCE_ATTRIBUTE = Call(
    "ec2", "DescribeInstanceAttribute", {"instanceId": "<instance>", "attribute": "userData"}
)
DESCRIBE_VOLUMES = Call(
    "ec2",
    "DescribeVolumes",
    {
        "volumeSet": {"items": [{"volumeId": "<volume>"}, {"volumeId": "<volume2>"}]},
        "filterSet": _NONE,
    },
)
DESCRIBE_TAGS = Call(
    "ec2", "DescribeTags", {"filterSet": _filter("resource-id", "<instance>"), "maxResults": 1000}
)
DESCRIBE_NETWORK_INTERFACES = Call(
    "ec2",
    "DescribeNetworkInterfaces",
    {"networkInterfaceIdSet": _NONE, "filterSet": _filter("attachment.instance-id", "<instance>")},
)
DESCRIBE_SECURITY_GROUPS = Call(
    "ec2",
    "DescribeSecurityGroups",
    {
        "securityGroupSet": _NONE,
        "securityGroupIdSet": {"items": [{"groupId": "<group>"}]},
        "filterSet": _NONE,
    },
)
DESCRIBE_VPC_GROUPS = Call(
    "ec2",
    "DescribeSecurityGroups",
    {
        "securityGroupSet": _NONE,
        "securityGroupIdSet": _NONE,
        "filterSet": _filter("vpc-id", "<vpc>"),
    },
)
DESCRIBE_SUBNETS = Call(
    "ec2",
    "DescribeSubnets",
    {"subnetSet": _NONE, "filterSet": _filter("vpc-id", "<vpc>"), "maxResults": 200},
)
DESCRIBE_VPCS = Call(
    "ec2", "DescribeVpcs", {"vpcSet": {"items": [{"vpcId": "<vpc>"}]}, "filterSet": _NONE}
)
DESCRIBE_VPC_ATTRIBUTE = Call(
    "ec2", "DescribeVpcAttribute", {"vpcId": "<vpc>", "attribute": "enableDnsHostnames"}
)
DESCRIBE_ROUTE_TABLES = Call(
    "ec2",
    "DescribeRouteTables",
    {"routeTableIdSet": {"items": [{"routeTableId": "<route_table>"}]}, "filterSet": _NONE},
)
DESCRIBE_NETWORK_ACLS = Call(
    "ec2",
    "DescribeNetworkAcls",
    {"networkAclIdSet": _NONE, "filterSet": _filter("vpc-id", "<vpc>")},
)
DESCRIBE_INTERNET_GATEWAYS = Call(
    "ec2",
    "DescribeInternetGateways",
    {"internetGatewayIdSet": {"items": [{"internetGatewayId": "<gateway>"}]}, "filterSet": _NONE},
)
DESCRIBE_AVAILABILITY_ZONES = Call(
    "ec2",
    "DescribeAvailabilityZones",
    {"availabilityZoneSet": _NONE, "availabilityZoneIdSet": _NONE},
)
DESCRIBE_REGIONS = Call("ec2", "DescribeRegions", {"regionSet": _NONE, "allRegions": True})
DESCRIBE_IMAGES = Call(
    "ec2",
    "DescribeImages",
    {
        "executableBySet": _NONE,
        "imagesSet": {"items": [{"imageId": "<image>"}]},
        "ownersSet": {"items": [{"owner": "self"}]},
        "filterSet": _NONE,
    },
)
DESCRIBE_SNAPSHOTS = Call(
    "ec2",
    "DescribeSnapshots",
    {
        "maxResults": 500,
        "snapshotSet": _NONE,
        "ownersSet": {"items": [{"owner": "<account>"}]},
        "sharedUsersSet": _NONE,
        "filterSet": _filter("volume-id", "<volume>"),
    },
)
DESCRIBE_LAUNCH_TEMPLATE_VERSIONS = Call(
    "ec2",
    "DescribeLaunchTemplateVersions",
    {
        "DescribeLaunchTemplateVersionsRequest": {
            "LaunchTemplateId": "<launch_template>",
            "LaunchTemplateVersion": {"tag": 1, "content": "$Latest"},
        }
    },
)
DESCRIBE_ACCOUNT_ATTRIBUTES = Call(
    "ec2",
    "DescribeAccountAttributes",
    {
        "accountAttributeNameSet": {"items": [{"attributeName": "supported-platforms"}]},
        "filterSet": _NONE,
    },
)
CREATE_TAGS = Call(
    "ec2",
    "CreateTags",
    {
        "resourcesSet": {"items": [{"resourceId": "<volume>"}]},
        "tagSet": {
            "items": [{"key": "backup", "value": "daily"}, {"key": "team", "value": "<app>"}]
        },
    },
    {"requestId": "<request_id>", "_return": True},
    read_only=False,
)
CREATE_SNAPSHOT = Call(
    "ec2",
    "CreateSnapshot",
    {"volumeId": "<volume>", "description": "Created by the nightly backup of <app>"},
    {
        "requestId": "<request_id>",
        "snapshotId": "snap-0<hex>",
        "volumeId": "<volume>",
        "status": "pending",
        "startTime": "<millis>",
        "ownerId": "<account>",
        "volumeSize": "100",
        "description": "Created by the nightly backup of <app>",
        "encrypted": True,
    },
    read_only=False,
)
RUN_INSTANCES = Call(
    "ec2",
    "RunInstances",
    {
        "instancesSet": {"items": [{"imageId": "<image>", "minCount": 1, "maxCount": 8}]},
        "instanceType": "p4d.24xlarge",
        "blockDeviceMapping": _NONE,
        "monitoring": {"enabled": False},
        "subnetId": "<subnet>",
        "disableApiTermination": False,
        "disableApiStop": False,
        "clientToken": "<uuid>",
    },
    read_only=False,
)
SPOT_INTERRUPTION = Call(
    "ec2",
    "BidEvictedEvent",
    details={"instanceIdSet": ["<instance>"]},
    read_only=False,
    event_type=SERVICE_EVENT,
)
DELETE_FLOW_LOGS = Call(
    "ec2",
    "DeleteFlowLogs",
    {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-0<hex>"}}},
    {
        "DeleteFlowLogsResponse": {
            "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
            "unsuccessful": "",
            "requestId": "<request_id>",
        }
    },
    read_only=False,
)
