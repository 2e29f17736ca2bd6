"""The same stack for Terraform: its resources translated, one type after the other."""

from trailwarden.deploy.terraform.text import to_terraform

__all__ = ["to_terraform"]
