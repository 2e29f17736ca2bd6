"""Continuous: a stack over records as they come, and whoever must know is told.

A :class:`Watch` takes what its sources offer, runs the stack over it, keeps all of its state in one
:class:`~trailwarden.watch.state.Database`, and hands what is to be told to postmen. It knows no
format of a message and no channel.
"""

from trailwarden.watch.delivery import Postman, Ready
from trailwarden.watch.desk import Destination, Route, Taken, Told
from trailwarden.watch.observer import Observer
from trailwarden.watch.run import Summary, Watch, WatchOptions
from trailwarden.watch.state import Database, Waiting

__all__ = [
    "Database",
    "Destination",
    "Observer",
    "Postman",
    "Ready",
    "Route",
    "Summary",
    "Taken",
    "Told",
    "Waiting",
    "Watch",
    "WatchOptions",
]
