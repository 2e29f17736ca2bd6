"""The monitoring controls of the CIS AWS Foundations Benchmark, all versions side by side."""

from trailwarden.stack.controls.catalogue import control, controls
from trailwarden.stack.controls.model import VERSIONS, Calls, Control, Version
from trailwarden.stack.controls.witnesses import Witness, witnesses

__all__ = [
    "VERSIONS",
    "Calls",
    "Control",
    "Version",
    "Witness",
    "control",
    "controls",
    "witnesses",
]
