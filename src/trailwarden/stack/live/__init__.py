"""The live account as a stack: what is deployed there, read through boto3."""

from trailwarden.stack.live.account import load_account

__all__ = ["load_account"]
