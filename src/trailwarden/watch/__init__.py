"""Continuous: a stack over records as they come."""
