"""Trailwarden runs the AWS security monitoring stack anywhere."""

__version__ = "0.1.0"
