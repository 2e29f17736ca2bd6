"""Whatever the file holds: settings, or errors that say where. Never anything else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tests.settings.conftest import settings_of
from tests.settings.test_reader import WHOLE
from trailwarden.errors import DefinitionErrors, TrailwardenError

LINES = WHOLE.strip().splitlines()
VALUES = (
    *("1", "-1", "1.5", "nan", "1e400", "true", '""', '"x"', "'${A}'", "'${'", "[]", "[[]]"),
    *("{}", "{file = 'x'}", "{env = 1}", "[1, 'x', {}]", "1979-05-27", "07:32:00", "9" * 30),
    *('"""\n"""', "'\\'", "0x" + "f" * 99, '"\\u0000"', "{a.b = 1, c = [{}]}"),
)
changes = st.lists(
    st.tuples(
        st.integers(0, len(LINES) - 1),
        st.sampled_from(["drop", "again", "value", "key", "table"]),
        st.sampled_from(VALUES),
    ),
    min_size=1,
    max_size=5,
)


def changed(edits: list[tuple[int, str, str]]) -> str:
    lines = list(LINES)
    for place, what, value in edits:
        key, equals, old = lines[place].partition(" = ")
        lines[place] = {
            "drop": "",
            "again": f"{lines[place]}\n{lines[place]}",
            "value": f"{key} = {value}" if equals else lines[place],
            "key": f"x{key} = {old}" if equals else lines[place],
            "table": f"{key}.x = {value}" if equals else lines[place].replace("[[", "["),
        }[what]
    return "\n".join(lines)


@given(changes | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace").decode()))
def test_any_file_is_read_or_refused_with_places(edits: list[tuple[int, str, str]] | str) -> None:
    text = edits if isinstance(edits, str) else changed(edits)
    environment = {"TOKEN": "s3cret-1", "HOST": "s3cret-2", "PASSWORD": "s3cret-3", "A": "s3cret-4"}
    failure: TrailwardenError | None = None
    told = ""
    with TemporaryDirectory() as folder:
        try:
            found = settings_of(text, Path(folder), environment)
            told = f"{found.channels}{found.listen_token}{found.notes}"
        except TrailwardenError as error:
            failure, told = error, str(error)
    assert "s3cret" not in told
    errors = failure.errors if isinstance(failure, DefinitionErrors) else (failure,)
    for one in errors if failure else ():
        assert one is not None
        assert one.cure
        assert one.location is not None
        assert one.location.line or not isinstance(failure, DefinitionErrors), told
