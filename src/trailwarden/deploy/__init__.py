"""A stack to AWS: the built-in stack as CloudFormation and as Terraform."""

from trailwarden.deploy.request import PARTS, STYLES, Format, Part, Request, Style, request

__all__ = ["PARTS", "STYLES", "Format", "Part", "Request", "Style", "request"]
