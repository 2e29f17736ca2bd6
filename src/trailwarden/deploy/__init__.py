"""A stack to AWS: the built-in stack as CloudFormation and as Terraform."""

from trailwarden.deploy.request import FORMATS, PARTS, STYLES, Format, Part, Request, Style, request

__all__ = ["FORMATS", "PARTS", "STYLES", "Format", "Part", "Request", "Style", "request"]
