"""What outlives a process: one SQLite database under the home."""

from trailwarden.watch.state.damage import StateError, damage_told, storage_told
from trailwarden.watch.state.database import Database, transaction_of
from trailwarden.watch.state.ledger import Ledger, SharedMemory
from trailwarden.watch.state.outbox import OLDEST, Outbox, Result, Waiting

__all__ = [
    "OLDEST",
    "Database",
    "Ledger",
    "Outbox",
    "Result",
    "SharedMemory",
    "StateError",
    "Waiting",
    "damage_told",
    "storage_told",
    "transaction_of",
]
