"""The filter pattern language of CloudWatch Logs: text → syntax tree → matcher.

A pattern is parsed once, and then asked about messages (str, UTF-8 bytes, or decoded objects)::

    >>> from trailwarden.patterns import parse
    >>> root = parse('{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }')
    >>> root.matches('{"userIdentity": {"type": "Root"}, "eventName": "ConsoleLogin"}')
    True
    >>> root.matches(b"not JSON")
    False

Terms and space-delimited patterns work alike; the latter give names to what they find::

    >>> access = parse("[ip, ..., status = 4*, bytes]")
    >>> access.extracted_values('192.0.2.7 "GET /" 404 512')
    {'$ip': '192.0.2.7', '$2': 'GET /', '$status': '404', '$bytes': '512'}
    >>> access.extract('192.0.2.7 "GET /" 404 512', "$bytes", {"Status": "$status"})
    Extracted(value=512.0, dimensions={'Status': '404'})

An error says where it is, what would be accepted there, and what was probably meant::

    >>> parse("{ $.errorCode == 403 }")
    Traceback (most recent call last):
    trailwarden.errors.PatternError: a value must stand here: "text", text, a number or %regex% ...

Patterns are immutable, hashable and picklable. ``pattern.syntax`` is a tree of
:mod:`~trailwarden.patterns.model`, and ``str(pattern)`` its canonical spelling. To ask thousands
of patterns about millions of records, see :class:`~trailwarden.patterns.many.PatternIndex`. What
PutMetricFilter would refuse beyond the pattern itself, :func:`check_request` finds.

Where AWS is silent: a message nested to any depth is matched; bytes that are not UTF-8 spoil only
the string they stand in; a last field that takes the rest of a message loses the white space at
its end; a key under a wildcard does ``NOT EXISTS`` when no element has it; a sample whose value is
not finite, or whose dimension is blank or longer than 1,024 characters, is not published.
"""

from trailwarden.patterns.explain_model import Explanation
from trailwarden.patterns.explaining import explain
from trailwarden.patterns.extraction import Extracted
from trailwarden.patterns.many import PatternIndex
from trailwarden.patterns.pattern import FilterPattern, parse
from trailwarden.patterns.request import check_log_group, check_request
from trailwarden.patterns.trial import MetricFilterMatchRecord, test_metric_filter

__all__ = [
    "Explanation",
    "Extracted",
    "FilterPattern",
    "MetricFilterMatchRecord",
    "PatternIndex",
    "check_log_group",
    "check_request",
    "explain",
    "parse",
    "test_metric_filter",
]
