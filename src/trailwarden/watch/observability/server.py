"""A small web server that tells how a watch is: ``/metrics`` and ``/healthz``."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Thread
from types import TracebackType

from trailwarden.errors import UsageError
from trailwarden.settings import Secret
from trailwarden.text import visible
from trailwarden.watch.observability.address import resolve
from trailwarden.watch.observability.connections import ConnectionServer
from trailwarden.watch.observability.metering import Metering
from trailwarden.watch.observability.pages import Health, Pages
from trailwarden.watch.observability.token import VARIABLE, check_token, listen_token

__all__ = ["Health", "ObservabilityServer"]

_LOOK = 0.2  # seconds between two looks at whether to stop


class ObservabilityServer:
    """Answers from threads of its own, from when it is made until :meth:`close`.

    ``address`` is ``HOST:PORT``, ``[IPv6]:PORT``, or ``PORT`` on 127.0.0.1; port 0 takes a free
    one. Beyond loopback it wants a ``token``, which each request must then bear; without one given
    here, that of TRAILWARDEN_LISTEN_TOKEN counts. ``health`` is called from several threads.
    Raises UsageError where it must not or cannot listen.
    """

    def __init__(
        self,
        address: str,
        metrics: Metering,
        health: Callable[[], Health],
        *,
        token: Secret | None = None,
    ) -> None:
        endpoint = resolve(address)
        token = token or listen_token(os.environ)
        if token is not None:
            check_token(token)
        elif not endpoint.is_loopback:
            raise UsageError(
                f"listening on {visible(address, 200)!r}, which others can reach, needs a token",
                cure=f"set listen_token in [watch], or {VARIABLE}; or listen on 127.0.0.1",
            )
        pages = Pages(metrics, health, token, is_loopback=endpoint.is_loopback)
        try:
            self._server = ConnectionServer(endpoint, pages)
        except OSError as error:
            raise UsageError(
                f"cannot listen on {visible(address, 200)!r}: {error.strerror or error}",
                cure="choose a free port above 1023, and an address of this machine",
            ) from None
        self._thread = Thread(
            target=self._server.serve_forever, args=(_LOOK,), name="observability", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop listening and end what is being answered. May be called again."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> ObservabilityServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
