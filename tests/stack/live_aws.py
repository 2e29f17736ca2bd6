"""A local AWS (moto) behind a front for what moto lacks: pages, refusals, composite alarms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

# operation -> (lists of the answer, token, items on a page); AWS's own page sizes
PAGES = {
    "DescribeMetricFilters": (("metricFilters",), "nextToken", 50),
    "DescribeAlarms": (("MetricAlarms", "CompositeAlarms"), "NextToken", 50),
}
FAULT_XML = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
    "<Message>{message}</Message></Error><RequestId>0</RequestId></ErrorResponse>"
)


class Front:
    """A WSGI application before moto.

    ``faults`` are error codes by operation; one in a list is used up by one call. ``rewrites``
    change the body of an operation's answers. ``calls`` are the operations that were called.
    """

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self.faults: dict[str, str | list[str]] = {}
        self.rewrites: dict[str, Callable[[bytes], bytes]] = {}
        self.calls: list[str] = []
        self.composites: dict[str, list[dict[str, Any]]] = {}  # by region

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        request = environ["wsgi.input"].read(size)
        environ["wsgi.input"] = BytesIO(request)
        target = environ.get("HTTP_X_AMZ_TARGET")
        operation = target.rpartition(".")[2] if target else _action(request)
        self.calls.append(operation)
        if code := self._fault(operation):
            return _fault(start_response, code, is_json=bool(target))
        region = _region(environ)
        if operation == "PutCompositeAlarm":
            self.composites.setdefault(region, []).append(_composite(region, json.loads(request)))
            start_response("200 OK", [("Content-Type", "application/x-amz-json-1.0")])
            return [b"{}"]
        answer: list[Any] = []
        body = b"".join(self._moto(environ, lambda *given: answer.extend(given)))
        if operation in PAGES and answer[0].startswith("200"):
            whole = json.loads(body)
            if operation == "DescribeAlarms":
                whole["CompositeAlarms"] = self.composites.get(region, [])
            body = _page(operation, json.loads(request or b"{}"), whole)
        if operation in self.rewrites:
            body = self.rewrites[operation](body)
        headers = [pair for pair in answer[1] if pair[0].lower() != "content-length"]
        start_response(answer[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _fault(self, operation: str) -> str:
        fault = self.faults.get(operation, "")
        if isinstance(fault, list):
            return fault.pop(0) if fault else ""
        return fault


def _region(environ: dict[str, Any]) -> str:
    """The region that the request is signed for."""
    return environ.get("HTTP_AUTHORIZATION", "////").split("/")[2]


def _composite(region: str, request: dict[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:cloudwatch:{region}:123456789012:alarm:{request['AlarmName']}"
    return {"ActionsEnabled": True, **request, "AlarmArn": arn, "StateValue": "OK"}


def _action(request: bytes) -> str:
    return parse_qs(request.decode("latin-1")).get("Action", [""])[0]


def _fault(start_response: Any, code: str, *, is_json: bool) -> Iterable[bytes]:
    message = f"no {code} today"
    if is_json:
        text, kind = json.dumps({"__type": code, "message": message}), "application/x-amz-json-1.1"
    else:
        text, kind = FAULT_XML.format(code=code, message=message), "text/xml"
    start_response("400 Bad Request", [("Content-Type", kind), ("Content-Length", str(len(text)))])
    return [text.encode()]


def _page(operation: str, request: dict[str, Any], answer: dict[str, Any]) -> bytes:
    """One page of moto's complete answer. Without AlarmTypes there are no composite alarms."""
    lists, token, size = PAGES[operation]
    if operation == "DescribeAlarms" and "CompositeAlarm" not in request.get("AlarmTypes", ()):
        answer["CompositeAlarms"] = []
    start = int(request.get(token) or 0)
    items = [(name, item) for name in lists for item in answer.get(name) or ()]
    page: dict[str, Any] = {name: [] for name in lists}
    for name, item in items[start : start + size]:
        page[name].append(item)
    if start + size < len(items):
        page[token] = str(start + size)
    return json.dumps(page).encode()


def pending(endpoint: str) -> Callable[[bytes], bytes]:
    """A rewrite of ListSubscriptionsByTopic: ``endpoint`` has not confirmed yet (moto's have)."""

    def rewrite(body: bytes) -> bytes:
        members = re.split(rb"(?=<member>)", body)
        return b"".join(
            re.sub(rb"(<SubscriptionArn>).*?(</Sub)", rb"\1PendingConfirmation\2", member)
            if endpoint.encode() in member
            else member
            for member in members
        )

    return rewrite


@contextmanager
def running() -> Iterator[tuple[str, Front]]:
    """The front's URL and the front itself, while the block runs."""
    front = Front()
    server = make_server("127.0.0.1", 0, front, True, request_handler=MotoRequestHandler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
