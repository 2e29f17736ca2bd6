"""How a watch shows its work: metrics, health, logs, and what systemd wants to know."""

from trailwarden.watch.observability.logs import Log, open_log
from trailwarden.watch.observability.metering import DeliveryResult, Metering, NoMetrics
from trailwarden.watch.observability.metrics import Metrics, open_metrics
from trailwarden.watch.observability.server import Health, ObservabilityServer
from trailwarden.watch.observability.systemd import Watchdog, notify_systemd, watchdog_pause
from trailwarden.watch.observability.token import listen_token

__all__ = [
    "DeliveryResult",
    "Health",
    "Log",
    "Metering",
    "Metrics",
    "NoMetrics",
    "ObservabilityServer",
    "Watchdog",
    "listen_token",
    "notify_systemd",
    "open_log",
    "open_metrics",
    "watchdog_pause",
]
