"""Changes of networks: VPCs, gateways, routes, network ACLs, security groups."""

from __future__ import annotations

from trailwarden.simulate.call import Call, Json

_DONE: Json = {"requestId": "<request_id>", "_return": True}
_TAGS = [{"key": "Name", "value": "<label>"}, {"key": "team", "value": "<app>"}]
_TAG_SET: Json = {"items": _TAGS}


def _tags(kind: str) -> dict[str, object]:
    return {"items": [{"resourceType": kind, "tags": _TAGS}]}


def _change(name: str, request: Json, response: Json = _DONE) -> Call:
    return Call("ec2", name, request, response, read_only=False)


CREATE_VPC = _change(
    "CreateVpc",
    {
        "cidrBlock": "<cidr>",
        "instanceTenancy": "default",
        "amazonProvidedIpv6CidrBlock": False,
        "tagSpecificationSet": _tags("vpc"),
    },
    {
        "requestId": "<request_id>",
        "vpc": {
            "vpcId": "<vpc>",
            "ownerId": "<account>",
            "state": "pending",
            "cidrBlock": "<cidr>",
            "cidrBlockAssociationSet": {
                "items": [
                    {
                        "cidrBlock": "<cidr>",
                        "associationId": "vpc-cidr-assoc-0<hex>",
                        "cidrBlockState": {"state": "associated"},
                    }
                ]
            },
            "ipv6CidrBlockAssociationSet": {},
            "instanceTenancy": "default",
            "tagSet": _TAG_SET,
            "isDefault": False,
        },
    },
)
MODIFY_VPC_ATTRIBUTE = _change(
    "ModifyVpcAttribute", {"vpcId": "<vpc>", "enableDnsHostnames": {"value": True}}
)
CREATE_VPC_PEERING = _change(
    "CreateVpcPeeringConnection",
    {"vpcId": "<vpc>", "peerVpcId": "<peer_vpc>", "peerOwnerId": "<peer_account>"},
    {
        "requestId": "<request_id>",
        "vpcPeeringConnection": {
            "vpcPeeringConnectionId": "<peering>",
            "requesterVpcInfo": {"ownerId": "<account>", "vpcId": "<vpc>", "region": "<region>"},
            "accepterVpcInfo": {"ownerId": "<peer_account>", "vpcId": "<peer_vpc>"},
            "status": {
                "code": "initiating-request",
                "message": "Initiating Request to <peer_account>",
            },
        },
    },
)
CREATE_SUBNET = _change(
    "CreateSubnet",
    {
        "vpcId": "<vpc>",
        "cidrBlock": "<cidr>",
        "availabilityZone": "<region>a",
        "tagSpecificationSet": _tags("subnet"),
    },
    {
        "requestId": "<request_id>",
        "subnet": {
            "subnetId": "<subnet>",
            "state": "available",
            "vpcId": "<vpc>",
            "cidrBlock": "<cidr>",
            "availableIpAddressCount": 251,
            "availabilityZone": "<region>a",
            "ownerId": "<account>",
            "defaultForAz": False,
            "mapPublicIpOnLaunch": False,
            "tagSet": _TAG_SET,
        },
    },
)
CREATE_INTERNET_GATEWAY = _change(
    "CreateInternetGateway",
    {"tagSpecificationSet": _tags("internet-gateway")},
    {
        "requestId": "<request_id>",
        "internetGateway": {
            "internetGatewayId": "<gateway>",
            "ownerId": "<account>",
            "attachmentSet": {},
            "tagSet": _TAG_SET,
        },
    },
)
ATTACH_INTERNET_GATEWAY = _change(
    "AttachInternetGateway", {"internetGatewayId": "<gateway>", "vpcId": "<vpc>"}
)
DETACH_INTERNET_GATEWAY = _change(
    "DetachInternetGateway", {"internetGatewayId": "<gateway>", "vpcId": "<vpc>"}
)
CREATE_ROUTE_TABLE = _change(
    "CreateRouteTable",
    {"vpcId": "<vpc>", "tagSpecificationSet": _tags("route-table")},
    {
        "requestId": "<request_id>",
        "routeTable": {
            "routeTableId": "<route_table>",
            "vpcId": "<vpc>",
            "ownerId": "<account>",
            "routeSet": {
                "items": [
                    {
                        "destinationCidrBlock": "10.0.0.0/16",
                        "gatewayId": "local",
                        "state": "active",
                        "origin": "CreateRouteTable",
                    }
                ]
            },
            "associationSet": {},
            "propagatingVgwSet": {},
            "tagSet": _TAG_SET,
        },
    },
)
ASSOCIATE_ROUTE_TABLE = _change(
    "AssociateRouteTable",
    {"routeTableId": "<route_table>", "subnetId": "<subnet>"},
    {
        "requestId": "<request_id>",
        "associationId": "rtbassoc-0<hex>",
        "associationState": {"state": "associated"},
    },
)
CREATE_ROUTE = _change(
    "CreateRoute",
    {
        "routeTableId": "<route_table>",
        "destinationCidrBlock": "0.0.0.0/0",
        "gatewayId": "<gateway>",
    },
)
CREATE_PEERING_ROUTE = _change(
    "CreateRoute",
    {
        "routeTableId": "<route_table>",
        "destinationCidrBlock": "<cidr>",
        "vpcPeeringConnectionId": "<peering>",
    },
)
DELETE_ROUTE = _change(
    "DeleteRoute", {"routeTableId": "<route_table>", "destinationCidrBlock": "0.0.0.0/0"}
)
CREATE_NETWORK_ACL_ENTRY = _change(
    "CreateNetworkAclEntry",
    {
        "networkAclId": "<acl>",
        "ruleNumber": 1,
        "egress": False,
        "ruleAction": "allow",
        "icmpTypeCode": {},
        "portRange": {},
        "cidrBlock": "0.0.0.0/0",
        "aclProtocol": "-1",
    },
)
DELETE_NETWORK_ACL_ENTRY = _change(
    "DeleteNetworkAclEntry", {"networkAclId": "<acl>", "ruleNumber": 1, "egress": False}
)
CREATE_SECURITY_GROUP = _change(
    "CreateSecurityGroup",
    {
        "groupName": "<label>",
        "groupDescription": "Managed by Terraform",
        "vpcId": "<vpc>",
        "tagSpecificationSet": _tags("security-group"),
    },
    {"requestId": "<request_id>", "_return": True, "groupId": "<group>", "tagSet": _TAG_SET},
)


def _rule(port: int) -> Json:
    ranges = {"items": [{"cidrIp": "<cidr>", "description": "<label>"}]}
    item = {
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "groups": {},
        "ipRanges": ranges,
        "ipv6Ranges": {},
        "prefixListIds": {},
    }
    return {"groupId": "<group>", "ipPermissions": {"items": [item]}}


def authorize_ingress(port: int) -> Call:
    """Open ``port`` of ``<group>`` to ``<cidr>``."""
    rule = {
        "groupOwnerId": "<account>",
        "groupId": "<group>",
        "securityGroupRuleId": "sgr-0<hex>",
        "description": "<label>",
        "isEgress": False,
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "cidrIpv4": "<cidr>",
    }
    return _change(
        "AuthorizeSecurityGroupIngress",
        _rule(port),
        {"requestId": "<request_id>", "_return": True, "securityGroupRuleSet": {"items": [rule]}},
    )


def revoke_ingress(port: int) -> Call:
    """Close ``port`` of ``<group>`` to ``<cidr>``."""
    return _change(
        "RevokeSecurityGroupIngress",
        _rule(port),
        {"requestId": "<request_id>", "_return": True, "unknownIpPermissionSet": {}},
    )
