"""Reading log files into digests: what a batch and a continuous run have in common."""

from trailwarden.reading.files import FileDigest, Task, Worker

__all__ = ["FileDigest", "Task", "Worker"]
