"""Whatever a file of tests holds, it runs or says what is wrong with it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.cli.test_notices import composing
from trailwarden.errors import TrailwardenError
from trailwarden.scan.cases import StackCoverage, read_cases, run_cases
from trailwarden.scan.cases.events import KEYS

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["00:05", "5m", "400d", "StopLogging", "ec2", "OK", "records", "\ud800", "."]),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["eventTime", "eventID", "userIdentity"]), st.none()),
)
_EVENTS = st.dictionaries(st.sampled_from(KEYS), _VALUES, max_size=5) | st.builds(
    lambda more: {"event": "StopLogging", "source": "cloudtrail", "at": "1m", **more},
    st.dictionaries(st.sampled_from(KEYS), _VALUES, max_size=3),
)
_LINES = st.text("aZ:(=,).$\"' at05", max_size=20) | st.builds(
    lambda key, value: f"StopLogging({key}={value}) at 00:01",
    st.sampled_from([*KEYS, "a.b", "$.a"]),
    st.sampled_from(["x", "'", "1", "no", "Admin/bob", ""]),
)
_NOTICES = st.dictionaries(
    st.sampled_from(["at", "topic", "state", "subject", "contains", "json", "count"]),
    _VALUES | st.dictionaries(st.sampled_from(["a.b", "$", "Trigger.Period"]), _VALUES),
    max_size=3,
)
_ALARMS = st.dictionaries(
    st.sampled_from(["at", "state", "fired", "principals"]), _VALUES, max_size=3
).map(lambda more: {"alarm": "cis-root-usage", **more})
_TESTS = st.fixed_dictionaries(
    {"name": st.just("t"), "events": st.lists(_EVENTS | _LINES, min_size=1, max_size=2) | _VALUES},
    optional={
        "start": _VALUES,
        "expect": st.fixed_dictionaries(
            {},
            optional={
                "alarms": st.lists(_ALARMS, max_size=2) | _VALUES,
                "matches": _VALUES,
                "notifications": st.lists(_NOTICES, max_size=2) | _VALUES,
            },
        )
        | _VALUES,
    },
)


@settings(max_examples=60, deadline=None)
@given(_TESTS)
def test_any_file(case: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tests.yaml"
        path.write_text(json.dumps({"stack": "cis", "tests": [case]}))
        try:
            file = read_cases(str(path))
            coverage = StackCoverage(file.stack)
            [result] = run_cases(file, coverage, composing(file.stack))
            assert coverage.covered <= coverage.clauses
        except TrailwardenError as error:
            assert str(error)  # noqa: PT017 - either a result or an error
        else:
            assert result.name == "t"
