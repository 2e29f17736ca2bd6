"""The source of a folder, with real files and real notifications of the system."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from tests.watch.sources.running import Taken, once, watching
from trailwarden.errors import UsageError
from trailwarden.settings import SourceSettings
from trailwarden.watch.sources import folder as folder_module
from trailwarden.watch.sources import open_source
from trailwarden.watch.sources.folder import FolderSource

NAME = "111122223333_CloudTrail_us-east-1_20240501T1205Z_AbCdEfGh01234567.json.gz"
LOG = b'{"Records":[]}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    return made


def source(root: Path, *, limit: int = 10_000_000, since: datetime | None = None) -> FolderSource:
    made = open_source(SourceSettings("folder", str(root)), since=since, limit=limit)
    assert isinstance(made, FolderSource)
    return made


def grow_old(path: Path) -> None:
    """As if it had been written long ago."""
    os.utime(path, (time.time() - 3600, time.time() - 3600))


def place(path: Path, content: bytes = LOG) -> Path:
    """A whole file appears."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}")
    hidden.write_bytes(content)
    hidden.rename(path)
    return path


def test_a_link_to_a_device_is_named_and_holds_nothing_up(root: Path) -> None:
    (root / "a.json").symlink_to("/dev/zero")
    place(root / "b.json")
    run = once(source(root))
    assert run.keys == ["b.json"]
    assert run.codes == ["special-file"]


def test_what_is_there_is_offered_in_order(root: Path) -> None:
    for name in ("b/2.json", "b/1.json", "a.json", NAME):
        place(root / name, name.encode() + LOG)
    run = once(source(root))
    assert run.keys == [NAME, "a.json", "b/1.json", "b/2.json"]
    first = run.portions[0]
    assert first.content == NAME.encode() + LOG
    assert first.label == str(root / NAME)
    assert first.delivered == datetime(2024, 5, 1, 12, 5, tzinfo=UTC)
    assert first.source == f"folder:{root}"
    assert [type(offer).__name__ for offer in run.offers] == ["Portion"] * 4 + ["Drained"]
    assert not run.troubles


def test_what_cannot_be_a_log_is_left_alone(root: Path) -> None:
    digest = root / "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2024/05/01/x.json.gz"
    for path in ("notes.txt", ".hidden.json", ".git/a.json", "a.json.tmp", "a~", "b.part"):
        place(root / path)
    place(digest)
    assert once(source(root)).keys == []
    with watching(source(root)) as run:
        run.wait_drained()
        for path in ("notes.txt", ".hid/a.json", "c.json.tmp", "c~"):
            place(root / path)
        place(digest.with_name("y.json.gz"))
        place(root / "last.json")
        run.wait_for(1)
        run.wait_drained()
        assert run.keys == ["last.json"]


def test_only_days_that_matter(root: Path) -> None:
    base = "AWSLogs/111122223333/CloudTrail/us-east-1"
    since = datetime(2024, 5, 2, 12, tzinfo=UTC)
    old, new = f"{base}/2024/04/01/a.json", f"{base}/2024/05/02/b.json"
    place(root / old)
    with watching(source(root, since=since)) as run:
        run.wait_drained()
        place(root / f"{base}/2024/04/01/c.json")
        place(root / f"{base}/2024/04/01" / NAME.replace("0501", "0401"))
        place(root / NAME.replace("0501", "0401"))
        place(root / new)
        run.wait_for(1)
        run.wait_drained()
        assert run.keys == [new]


def test_files_that_come_are_offered(root: Path) -> None:
    with watching(source(root)) as run:
        run.wait_drained()
        place(root / "new.json")
        place(root / "deep/er/still.json")
        run.wait_for(2)
        moved = root.parent / "moved"
        place(moved / "inner/m.json")
        moved.rename(root / "moved")
        run.wait_for(3)
        run.wait_drained()
        assert sorted(run.keys) == ["deep/er/still.json", "moved/inner/m.json", "new.json"]
        before = datetime.now(UTC)
        run.wait(lambda: run.drained[-1].at >= before)
        assert run.drained == sorted(run.drained, key=lambda drained: drained.at)


def test_drained_is_not_said_before_what_was_there_is_offered(root: Path) -> None:
    with watching(source(root)) as run:
        run.wait_drained()
        for number in range(5):
            place(root / f"{number}.json")
            placed = datetime.now(UTC)
            run.wait(lambda placed=placed: run.drained[-1].at >= placed)
            drained = run.drained[-1]
            offered = run.offers[: run.offers.index(drained)]
            assert f"{number}.json" in [getattr(offer, "key", "") for offer in offered]


def test_a_file_that_is_written_slowly_is_offered_whole(root: Path) -> None:
    whole = gzip.compress(os.urandom(5000).hex().encode())
    with watching(source(root)) as run:
        run.wait_drained()
        with (root / "slow.json.gz").open("wb") as stream:
            for start in range(0, len(whole), 1000):
                stream.write(whole[start : start + 1000])
                stream.flush()
                time.sleep(0.03)
        (portion,) = run.wait_for(1)
        assert portion.content == whole
        with (root / "plain.json").open("wb") as stream:
            for piece in (b'{"Records":', b"[{", b"}", b"]", b"}"):
                stream.write(piece)
                stream.flush()
                time.sleep(0.03)
        run.wait_for(2)
        run.wait(lambda: run.portions[-1].content == b'{"Records":[{}]}')


def test_a_file_without_its_end_is_offered_as_it_is_after_a_while(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trailwarden.watch.sources.folder_files._YOUNG", 0.3)
    cut = gzip.compress(LOG * 100)[:-9]
    with watching(source(root)) as run:
        run.wait_drained()
        place(root / "cut.json.gz", cut)
        (portion,) = run.wait_for(1)
        assert portion.content == cut


def test_an_old_file_without_its_end_does_not_wait(root: Path) -> None:
    cut = gzip.compress(LOG * 100)[:-9]
    grow_old(place(root / "cut.json.gz", cut))
    assert once(source(root)).portions[0].content == cut


def test_a_file_that_grows_on_and_on_is_not_read_for_every_line(root: Path) -> None:
    with watching(source(root)) as run:
        run.wait_drained()
        with (root / "grows.jsonl").open("ab") as stream:
            for _ in range(20):
                stream.write(b'{"a":1}\n')
                stream.flush()
                time.sleep(0.01)
        run.wait(lambda: run.portions and run.portions[-1].content.count(b"\n") == 20)
        assert len(run.portions) <= 3
        assert len({portion.version for portion in run.portions}) == len(run.portions)


def test_a_changed_file_is_offered_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trailwarden.watch.sources.folder_files._YOUNG", 0.05)
    place(root / "a.json", LOG)
    with watching(source(root)) as run:
        run.wait_for(1)
        place(root / "a.json", LOG + b"\n")
        run.wait_for(2)
        assert run.keys == ["a.json"] * 2


def test_what_is_too_large_is_refused_once(root: Path) -> None:
    place(root / "large.json", b"x" * 101)
    place(root / "small.json", b"[" + b" " * 98 + b"]")
    run = once(source(root, limit=100))
    assert run.keys == ["small.json"]
    (trouble,) = run.troubles
    assert (trouble.lasting, trouble.problem.code) == (True, "too-large")
    assert trouble.problem.source == str(root / "large.json")
    assert run.drained


def test_a_link_to_nothing_is_trouble_until_it_leads_somewhere(root: Path) -> None:
    (root / "link.json").symlink_to(root.parent / "target.json")
    with watching(source(root)) as run:
        run.wait(lambda: run.troubles)
        assert not run.troubles[0].lasting
        assert run.troubles[0].problem.code == "vanished"
        place(root.parent / "target.json")
        (portion,) = run.wait_for(1)
        assert portion.key == "link.json"
        run.wait_drained()


def test_a_link_to_nothing_does_not_hold_back_the_rest_for_ever(root: Path) -> None:
    (root / "link.json").symlink_to(root.parent / "nothing.json")
    place(root / "good.json")
    run = once(source(root))
    assert run.keys == ["good.json"]
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (True, "vanished")
    ]
    assert run.drained


def test_loops_of_links_end(root: Path) -> None:
    place(root / "a/one.json")
    (root / "a/again").symlink_to(root)
    (root / "self.json").symlink_to(root / "self.json")
    with watching(source(root)) as run:
        run.wait_for(1)
        run.wait(lambda: run.troubles)
        assert run.keys == ["a/one.json"]


def test_odd_names(root: Path) -> None:
    names = (b"\xff.json", "\u202e.json".encode(), b"a\n\x1b[31m.json")
    for name in names:
        place(root / os.fsdecode(name))
    run = once(source(root))
    assert sorted(run.keys) == sorted(name.decode("utf-8", "backslashreplace") for name in names)
    for portion in run.portions:
        assert portion.label.isprintable()
        portion.key.encode()


def test_a_name_that_is_no_text_does_not_end_the_watch(root: Path) -> None:
    odd = root / os.fsdecode(b"\xfe.json")
    with watching(source(root)) as run:
        run.wait_drained()
        place(odd)
        run.wait_for(1)
        place(root / "after.json")
        run.wait_for(2)
        run.wait_drained()
        assert run.keys == [r"\xfe.json", "after.json"]


def test_what_the_system_does_not_tell_is_found_by_walking(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_module, "changes_of", _nothing)
    monkeypatch.setattr(folder_module, "_REWALK_BLIND", 0.2)
    with watching(source(root)) as run:
        run.wait_drained()
        assert run.codes == ["not-told"]
        place(root / "quiet.json")
        placed = datetime.now(UTC)
        run.wait_for(1)
        run.wait(lambda: run.drained[-1].at >= placed)


def _nothing(_root: str, _stop: object) -> Iterator[None]:
    yield None


def test_a_folder_that_goes_and_comes_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "_REWALK_BLIND", 0.2)
    place(root / "a.json")
    with watching(source(root)) as run:
        run.wait_for(1)
        root.rename(root.with_name("away"))
        run.wait(lambda: "vanished" in run.codes)
        count = len(run.drained)
        root.mkdir()
        place(root / "b.json")
        run.wait_for(2)
        run.wait(lambda: len(run.drained) > count)
        place(root / "c.json")
        run.wait_for(3)
        assert run.keys == ["a.json", "b.json", "c.json"]


def test_after_a_restart_only_what_is_not_safe_is_offered(root: Path) -> None:
    for number in range(10):
        place(root / f"{number}.json")
    memory = Taken()
    first = once(source(root), memory, takes=lambda portion: portion.key < "4", most=7)
    assert len(first.portions) == 7
    assert not first.drained
    second = once(source(root), memory)
    assert second.keys == [f"{number}.json" for number in range(4, 10)]
    assert once(source(root), memory).keys == []


def test_nothing_is_lost_or_offered_twice_under_load(root: Path) -> None:
    def write(part: int) -> None:
        for number in range(50):
            place(root / f"{part}/{number % 7}/{number:02}.json")

    writers = [Thread(target=write, args=(part,)) for part in range(4)]
    with watching(source(root)) as run:
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        done = datetime.now(UTC)
        run.wait(lambda: run.drained and run.drained[-1].at >= done)
        assert len(run.keys) == len(set(run.keys)) == 200


def test_a_stop_ends_a_run_that_is_blocked_by_nobody(root: Path) -> None:
    with watching(source(root)) as run:
        run.wait_drained()


@pytest.mark.parametrize("address", ["/nowhere/at/all", "\0", __file__])
def test_what_is_no_folder_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="there is no folder here"):
        open_source(SourceSettings("folder", address), since=None, limit=1)


def test_a_name_can_be_given(root: Path) -> None:
    named = open_source(SourceSettings("folder", str(root), "mine"), since=None, limit=1)
    assert named.name == "mine"
    again = open_source(SourceSettings("folder", f"{root}/"), since=None, limit=1)
    assert again.name == f"folder:{root}"
