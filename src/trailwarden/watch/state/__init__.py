"""What outlives a process: one SQLite database under the home."""

from trailwarden.watch.state.database import Database
from trailwarden.watch.state.ledger import Ledger, SharedMemory
from trailwarden.watch.state.outbox import Outbox, Result, Waiting

__all__ = ["Database", "Ledger", "Outbox", "Result", "SharedMemory", "Waiting"]
