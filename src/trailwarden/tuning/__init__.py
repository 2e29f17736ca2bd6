"""Noise: what fires on an archive, and what each way to quiet it would cost.

The first pass collects every match by who, what and where from (:mod:`~trailwarden.tuning.noise`).
From it come candidates (:mod:`~trailwarden.tuning.candidates`): patterns that leave a caller out,
and thresholds. A second pass runs them all at once (:mod:`~trailwarden.tuning.trial`), and what it
counted becomes proposals (:mod:`~trailwarden.tuning.proposals`).

The whole is run by ``trailwarden.scan.tuning.tune``, which reads the archive and returns a
:class:`Tuning`.
"""

from trailwarden.tuning.model import (
    AlarmTuning,
    Exclusion,
    Habit,
    Refusal,
    Share,
    Threshold,
    ThresholdAdvice,
    Tuning,
)
from trailwarden.tuning.target import Target

__all__ = [
    "AlarmTuning",
    "Exclusion",
    "Habit",
    "Refusal",
    "Share",
    "Target",
    "Threshold",
    "ThresholdAdvice",
    "Tuning",
]
