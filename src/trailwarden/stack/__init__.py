"""Definitions as frozen data: metric filters, alarms, topics and trails, and how to load them."""

from trailwarden.stack.loading import load
from trailwarden.stack.model import (
    LogGroup,
    MetricFilter,
    MetricTransformation,
    Note,
    NotRun,
    Stack,
    Subscription,
    Topic,
    TopicPolicy,
    Trail,
)

__all__ = [
    "LogGroup",
    "MetricFilter",
    "MetricTransformation",
    "NotRun",
    "Note",
    "Stack",
    "Subscription",
    "Topic",
    "TopicPolicy",
    "Trail",
    "load",
]
