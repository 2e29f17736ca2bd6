"""Functions, containers, fleets and the agents on instances."""

from __future__ import annotations

from trailwarden.simulate.call import Call

_INSTANCE = ("arn:aws:ec2:<region>:<account>:instance/<instance>", "AWS::EC2::Instance")

UPDATE_INSTANCE_INFORMATION = Call(
    "ssm",
    "UpdateInstanceInformation",
    {
        "instanceId": "<instance>",
        "agentVersion": "3.3.1611.0",
        "agentStatus": "Active",
        "platformType": "Linux",
        "platformName": "Amazon Linux",
        "platformVersion": "2023",
        "iPAddress": "10.20.4.<host_octet>",
        "computerName": "ip-10-20-4-<host_octet>.<region>.compute.internal",
        "agentName": "amazon-ssm-agent",
        "availabilityZone": "<region>a",
        "availabilityZoneId": "az1",
        "sSMConnectionChannel": "ssmmessages",
    },
    read_only=False,
)
LIST_INSTANCE_ASSOCIATIONS = Call(
    "ssm",
    "ListInstanceAssociations",
    {"instanceId": "<instance>", "maxResults": 20},
    resource=_INSTANCE,
)
PUT_INVENTORY = Call(
    "ssm",
    "PutInventory",
    {
        "instanceId": "<instance>",
        "items": [
            {
                "typeName": kind,
                "schemaVersion": "1.0",
                "captureTime": "<event_time>",
                "contentHash": "<digest>",
            }
            for kind in ("AWS:Application", "AWS:Network", "AWS:InstanceDetailedInformation")
        ],
    },
    read_only=False,
    resource=_INSTANCE,
)
DESCRIBE_INSTANCE_INFORMATION = Call(
    "ssm", "DescribeInstanceInformation", {"maxResults": 50, "filters": []}
)
DESCRIBE_AUTO_SCALING_GROUPS = Call(
    "autoscaling", "DescribeAutoScalingGroups", {"autoScalingGroupNames": ["<fleet>"]}
)
DESCRIBE_AUTO_SCALING_INSTANCES = Call(
    "autoscaling", "DescribeAutoScalingInstances", {"instanceIds": ["<instance>", "<instance2>"]}
)
DESCRIBE_TARGET_HEALTH = Call(
    "elasticloadbalancing",
    "DescribeTargetHealth",
    {
        "targetGroupArn": "arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<app>/"
        "<target_group>"
    },
)
DESCRIBE_LOAD_BALANCERS = Call("elasticloadbalancing", "DescribeLoadBalancers", {"pageSize": 400})
GET_AUTHORIZATION_TOKEN = Call("ecr", "GetAuthorizationToken", {"registryIds": ["<account>"]})
BATCH_GET_IMAGE = Call(
    "ecr",
    "BatchGetImage",
    {
        "registryId": "<account>",
        "repositoryName": "<app>/service",
        "imageIds": [{"imageDigest": "sha256:<digest>"}],
        "acceptedMediaTypes": [
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
        ],
    },
    {
        "images": [
            {
                "registryId": "<account>",
                "repositoryName": "<app>/service",
                "imageId": {"imageDigest": "sha256:<digest>"},
                "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
            }
        ],
        "failures": [],
    },
)
PUT_IMAGE = Call(
    "ecr",
    "PutImage",
    {
        "registryId": "<account>",
        "repositoryName": "<app>/service",
        "imageTag": "<number>",
        "imageDigest": "sha256:<digest>",
    },
    {
        "image": {
            "registryId": "<account>",
            "repositoryName": "<app>/service",
            "imageId": {"imageDigest": "sha256:<digest>", "imageTag": "<number>"},
        }
    },
    read_only=False,
)
DESCRIBE_SERVICES = Call(
    "ecs", "DescribeServices", {"cluster": "<cluster>", "services": ["<app>"], "include": ["TAGS"]}
)
DESCRIBE_TASKS = Call("ecs", "DescribeTasks", {"cluster": "<cluster>", "tasks": ["<digest>"]})
UPDATE_SERVICE = Call(
    "ecs",
    "UpdateService",
    {
        "cluster": "<cluster>",
        "service": "<app>",
        "taskDefinition": "arn:aws:ecs:<region>:<account>:task-definition/<app>:<number>",
        "forceNewDeployment": False,
    },
    {
        "service": {
            "serviceArn": "arn:aws:ecs:<region>:<account>:service/<cluster>/<app>",
            "serviceName": "<app>",
            "clusterArn": "arn:aws:ecs:<region>:<account>:cluster/<cluster>",
            "status": "ACTIVE",
            "desiredCount": 3,
            "runningCount": 3,
            "launchType": "FARGATE",
        }
    },
    read_only=False,
)
GET_FUNCTION = Call("lambda", "GetFunction20150331v2", {"functionName": "<function>"})
LIST_FUNCTIONS = Call("lambda", "ListFunctions20150331", {"maxItems": 50})
UPDATE_FUNCTION_CODE = Call(
    "lambda",
    "UpdateFunctionCode20150331v2",
    {
        "fullyQualifiedArn": {
            "arnPrefix": {"partition": "aws", "region": "<region>", "account": "<account>"},
            "relativeId": {"functionName": "<function>"},
            "functionQualifier": {},
        },
        "functionName": "arn:aws:lambda:<region>:<account>:function:<function>",
        "s3Bucket": "<bucket>",
        "s3Key": "builds/<function>/<number>.zip",
        "publish": True,
        "dryRun": False,
    },
    {
        "functionName": "<function>",
        "functionArn": "arn:aws:lambda:<region>:<account>:function:<function>",
        "runtime": "python3.12",
        "handler": "app.handler",
        "codeSha256": "<digest>",
        "timeout": 30,
        "memorySize": 512,
        "lastModified": "<event_time>",
        "state": "Active",
        "lastUpdateStatus": "InProgress",
    },
    read_only=False,
)
DESCRIBE_DB_INSTANCES = Call("rds", "DescribeDBInstances", {"dBInstanceIdentifier": "<database>"})
DESCRIBE_TABLE = Call(
    "dynamodb",
    "DescribeTable",
    {"tableName": "<table>"},
    resource=("arn:aws:dynamodb:<region>:<account>:table/<table>", "AWS::DynamoDB::Table"),
)
DESCRIBE_STACKS = Call("cloudformation", "DescribeStacks", {"stackName": "<stack>"})
GET_QUEUE_ATTRIBUTES = Call(
    "sqs",
    "GetQueueAttributes",
    {
        "queueUrl": "https://sqs.<region>.amazonaws.com/<account>/<queue>",
        "attributeNames": ["ApproximateNumberOfMessages"],
    },
)
THROTTLED = DESCRIBE_TARGET_HEALTH.failing("Throttling", "Rate exceeded")
