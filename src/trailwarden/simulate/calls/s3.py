"""S3's management calls. Calls for objects are data events, which no archive holds by default."""

from __future__ import annotations

from trailwarden.simulate.call import Call, Json

_EXTRA: Json = {
    "SignatureVersion": "SigV4",
    "CipherSuite": "TLS_AES_128_GCM_SHA256",
    "bytesTransferredIn": 0,
    "AuthenticationMethod": "AuthHeader",
    "x-amz-id-2": "<amz_id>",
    "bytesTransferredOut": 552,
}
_BUCKET = ("arn:aws:s3:::<bucket>", "AWS::S3::Bucket")


def _call(name: str, parameter: str, *, read_only: bool = True, **request: object) -> Call:
    where = {"bucketName": "<bucket>", "Host": "<bucket>.s3.<region>.amazonaws.com"}
    return Call(
        "s3",
        name,
        {**request, **where, parameter: ""},
        extra=_EXTRA,
        resource=_BUCKET,
        read_only=read_only,
    )


LIST_BUCKETS = Call("s3", "ListBuckets", {"Host": "s3.<region>.amazonaws.com"}, extra=_EXTRA)
GET_BUCKET_ACL = _call("GetBucketAcl", "acl")
GET_BUCKET_LOCATION = _call("GetBucketLocation", "location")
GET_BUCKET_ENCRYPTION = _call("GetBucketEncryption", "encryption")
GET_BUCKET_VERSIONING = _call("GetBucketVersioning", "versioning")
GET_BUCKET_TAGGING = _call("GetBucketTagging", "tagging")
GET_BUCKET_LOGGING = _call("GetBucketLogging", "logging")
GET_BUCKET_POLICY = _call("GetBucketPolicy", "policy")
GET_BUCKET_POLICY_STATUS = _call("GetBucketPolicyStatus", "policyStatus")
GET_BUCKET_PUBLIC_ACCESS_BLOCK = _call("GetBucketPublicAccessBlock", "publicAccessBlock")
NO_BUCKET_POLICY = GET_BUCKET_POLICY.failing(
    "NoSuchBucketPolicy", "The bucket policy does not exist"
)
DELETE_PUBLIC_ACCESS_BLOCK = _call(
    "DeleteBucketPublicAccessBlock", "publicAccessBlock", read_only=False
)
PUT_PUBLIC_ACCESS_BLOCK = _call(
    "PutBucketPublicAccessBlock",
    "publicAccessBlock",
    read_only=False,
    PublicAccessBlockConfiguration={
        "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    },
)
PUT_PUBLIC_POLICY = _call(
    "PutBucketPolicy",
    "policy",
    read_only=False,
    bucketPolicy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": ["arn:aws:s3:::<bucket>", "arn:aws:s3:::<bucket>/*"],
            }
        ],
    },
)
DELETE_BUCKET_POLICY = _call("DeleteBucketPolicy", "policy", read_only=False)
PUT_BUCKET_LIFECYCLE = _call(
    "PutBucketLifecycle",
    "lifecycle",
    read_only=False,
    LifecycleConfiguration={
        "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
        "Rule": {
            "ID": "expire-old-builds",
            "Status": "Enabled",
            "Filter": {"Prefix": "builds/"},
            "Expiration": {"Days": 90},
        },
    },
)
