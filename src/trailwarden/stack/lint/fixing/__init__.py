"""``fix``: mend what lint finds where the cure is mechanical, by small edits of the text."""

# Importing the modules registers their fixes.
from trailwarden.stack.lint.fixing import alarms as _alarms
from trailwarden.stack.lint.fixing import patterns as _patterns
from trailwarden.stack.lint.fixing import resources as _resources
from trailwarden.stack.lint.fixing import trails as _trails
from trailwarden.stack.lint.fixing.registry import FIXERS, Fixer
from trailwarden.stack.lint.fixing.rounds import Fixed, fix

MODULES = (_alarms, _patterns, _resources, _trails)

__all__ = ["FIXERS", "MODULES", "Fixed", "Fixer", "fix"]
