"""Archives in S3: against a server that behaves like it, and one that misbehaves."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

boto3 = pytest.importorskip("boto3")
from moto.server import ThreadedMotoServer  # noqa: E402

from trailwarden.errors import InputError, UsageError  # noqa: E402
from trailwarden.problems import Problem  # noqa: E402
from trailwarden.trail import LogFile, check_archive, list_archive, open_log_file, s3  # noqa: E402

ACCOUNT = "111122223333"


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    s3._client.cache_clear()
    yield
    s3._client.cache_clear()


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    made = boto3.resource("s3", region_name="us-east-1").create_bucket(Bucket="trail-logs")
    yield made
    made.objects.all().delete()
    made.delete()


class Listed:
    def __init__(self, archive: str, **options: Any) -> None:
        self.problems: list[Problem] = []
        self.skipped: Counter[str] = Counter()
        self.files: list[LogFile] = list(
            list_archive(
                archive,
                problems=self.problems.append,
                skipped=lambda kind: self.skipped.update((kind,)),
                **options,
            )
        )

    @property
    def keys(self) -> list[str]:
        return [file.key for file in self.files]


def key(day: str, region: str = "us-east-1", service: str = "CloudTrail", prefix: str = "") -> str:
    name = f"{ACCOUNT}_{service}_{region}_{day.replace('/', '')}T1205Z_AbCdEfGh01234567.json.gz"
    return f"{prefix}AWSLogs/{ACCOUNT}/{service}/{region}/{day}/{name}"


def put(bucket: Any, *keys: str, body: bytes = b"[]") -> None:
    for one in keys:
        bucket.put_object(Key=one, Body=body)


def test_a_bucket_is_listed_and_read(bucket: Any) -> None:
    put(bucket, key("2024/05/02"), key("2024/05/01"), body=b"content")
    put(bucket, "AWSLogs/", "AWSLogs/README.md", key("2024/05/01", service="CloudTrail-Digest"))
    listed = Listed("s3://trail-logs")
    assert listed.keys == [key("2024/05/01"), key("2024/05/02")]
    assert listed.skipped == {"other": 1, "digest": 1}
    assert not listed.problems
    (file, _) = listed.files
    assert file.is_remote
    assert file.size == 7
    assert file.source == f"s3://trail-logs/{key('2024/05/01')}"
    assert file.delivered == datetime(2024, 5, 1, 12, 5, tzinfo=UTC)
    assert open_log_file(pickle.loads(pickle.dumps(file))) == b"content"


def test_files_are_read_in_parallel(bucket: Any) -> None:
    for number in range(40):
        put(bucket, f"{number:02}.json", body=b"%d" % number)
    files = Listed("s3://trail-logs/").files
    with ThreadPoolExecutor(16) as threads:
        contents = list(threads.map(open_log_file, files))
    assert contents == [b"%d" % number for number in range(40)]


def test_a_prefix_need_not_end_at_a_slash(bucket: Any) -> None:
    put(bucket, "a/1.json", "ab/2.json", "b/3.json")
    assert Listed("s3://trail-logs/a").keys == ["a/1.json", "ab/2.json"]
    assert Listed("s3://trail-logs/a/").keys == ["a/1.json"]


def test_an_object_named_itself_is_read_whatever_its_name(bucket: Any) -> None:
    put(bucket, "notes.txt", "notes.txt.gz")
    for options in ({}, {"since": datetime(2024, 5, 1, tzinfo=UTC)}):
        listed = Listed("s3://trail-logs/notes.txt", **options)
        assert listed.keys == ["notes.txt"]
        assert listed.skipped == {"other": 1}


def test_odd_keys_are_read_and_shown_harmless(bucket: Any) -> None:
    put(bucket, "a b/é?#%25\u202e.json", body=b"odd")
    (file,) = Listed("s3://trail-logs").files
    assert open_log_file(file) == b"odd"
    assert file.source == r"s3://trail-logs/a b/é?#%25\u202e.json"


def test_an_empty_bucket_is_a_problem(bucket: Any) -> None:
    listed = Listed("s3://trail-logs/AWSLogs/")
    assert [problem.code for problem in listed.problems] == ["no-log-files"]


@pytest.mark.parametrize(
    "root", ["AWSLogs/", "some/where/AWSLogs/", "AWSLogs/o-abc123def4/", "a/AWSLogs/o-abc123def4/"]
)
def test_days_outside_the_interval_are_never_listed(bucket: Any, root: str) -> None:
    days = ["2022/05/02", "2024/04/30", "2024/05/01", "2024/05/02", "2024/05/04", "2024/05/09"]
    keys = [
        key(day, region).replace("AWSLogs/", root)
        for region in ("eu-west-1", "us-east-1")
        for day in days
    ]
    put(bucket, *keys, "loose.json")
    asked: list[str] = []
    s3.client().meta.events.register(
        "provide-client-params.s3.ListObjectsV2",
        lambda params, **_: asked.append(params["Prefix"]),
    )
    listed = Listed(
        "s3://trail-logs",
        since=datetime(2024, 5, 2, tzinfo=UTC),
        until=datetime(2024, 5, 3, tzinfo=UTC),
    )
    wanted = [one for one in keys if any(day in one for day in days[2:5])]
    assert listed.keys == sorted([*wanted, "loose.json"])
    assert not listed.problems
    assert not [one for one in asked if "/2022/" in one or one.endswith("/04/30/") or "/09/" in one]
    assert sum(one.endswith("/05/02/") for one in asked) == 2
    assert len(asked) < 25


def test_an_interval_that_begins_in_the_middle_of_the_layout(bucket: Any) -> None:
    put(bucket, key("2024/05/01"), key("2024/05/09"))
    base = f"s3://trail-logs/AWSLogs/{ACCOUNT}/CloudTrail/us-east-1"
    since = datetime(2024, 5, 8, tzinfo=UTC)
    for prefix in ("", "/", "/2024", "/2024/05/", "/2024/05/0", "/2024/05/09/"):
        assert Listed(base + prefix, since=since).keys == [key("2024/05/09")]
    listed = Listed(f"{base}/2024/05/01/", since=since)
    assert not listed.keys
    assert not listed.problems


def test_deep_folders_of_another_layout_are_listed_all_the_same(bucket: Any) -> None:
    put(bucket, "firehose/2020/01/02/03/04/05/06/stream-1-2020-01-02")
    assert len(Listed("s3://trail-logs", since=datetime(2024, 5, 8, tzinfo=UTC)).files) == 1


def test_an_object_that_vanishes_is_an_input_error(bucket: Any) -> None:
    put(bucket, "a.json")
    (file,) = Listed("s3://trail-logs").files
    bucket.Object("a.json").delete()
    with pytest.raises(InputError) as caught:
        open_log_file(file)
    assert caught.value.code == "vanished"
    assert caught.value.cure


def test_a_bucket_that_does_not_exist_is_bad_usage(bucket: Any) -> None:
    with pytest.raises(UsageError, match="no bucket trail-lgos") as caught:
        Listed("s3://trail-lgos/AWSLogs")
    assert caught.value.cure


def test_without_credentials_the_cure_is_told(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(UsageError, match="no usable AWS credentials") as caught:
        Listed("s3://trail-logs")
    assert "AWS_PROFILE" in caught.value.cure


def test_an_unknown_profile_is_bad_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match="nobody") as caught:
        Listed("s3://trail-logs")
    assert "AWS_PROFILE" in caught.value.cure


def test_without_boto3_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['boto3'] = None\n"
        "from trailwarden.errors import UsageError\n"
        "from trailwarden.trail import check_archive, list_archive\n"
        "def listed(archive): list(list_archive(archive, problems=print, skipped=print))\n"
        "for call in (check_archive, listed):\n"
        "    try:\n        call('s3://bucket')\n"
        "    except UsageError as error:\n        print(error.cure)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["install it with: pip install 'trailwarden[aws]'"] * 2


def test_boto3_is_not_imported_for_folders() -> None:
    program = (
        "import sys\nfrom trailwarden.trail import list_archive\n"
        "list(list_archive('.', problems=id, skipped=id))\n"
        "print([name for name in sys.modules if name.startswith(('boto', 'urllib3'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("uri", ["s3://a", "s3://my_bucket/x", "s3://a.b-c/d"])
def test_buckets_names(uri: str) -> None:
    if uri == "s3://a":
        with pytest.raises(UsageError):
            check_archive(uri)
    else:
        check_archive(uri)


# --- a server that misbehaves -----------------------------------------------------------------

Answer = Callable[[BaseHTTPRequestHandler], None]


def reply(status: int, body: bytes, *, length: int | None = None) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(length or len(body)))
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(body)

    return answer


def error(status: int, code: str) -> Answer:
    return reply(status, f"<Error><Code>{code}</Code><Message>…</Message></Error>".encode())


cut_off, whole = reply(200, b"only this", length=100), reply(200, b"whole")


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answer]]:
    """A server that gives these answers, one after the other, the last for ever."""
    answers: list[Answer] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    yield answers
    server.shutdown()
    thread.join()
    server.server_close()


FILE = LogFile(source="s3://b/a.json", size=1, is_remote=True, bucket="bucket", key="a.json")


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (403, "AccessDenied", "access-denied"),
        (403, "SomethingNew", "access-denied"),
        (403, "InvalidObjectState", "archived"),
        (404, "NoSuchKey", "vanished"),
        (404, "NoSuchBucket", "no-such-bucket"),
        (400, "ExpiredToken", "expired-credentials"),
        (403, "InvalidAccessKeyId", "bad-credentials"),
        (403, "SignatureDoesNotMatch", "bad-credentials"),
        (503, "SlowDown", "throttled"),
        (429, "TooManyRequests", "throttled"),
        (500, "InternalError", "server-error"),
        (418, "Teapot", "s3-error"),
    ],
)
def test_every_refusal_has_its_code_and_cure(
    misbehaving: list[Answer], status: int, answer: str, code: str
) -> None:
    misbehaving.append(error(status, answer))
    with pytest.raises(InputError) as caught:
        open_log_file(FILE)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.cure
    if code == "no-such-bucket":
        with pytest.raises(UsageError):
            Listed("s3://bucket")
    elif code != "vanished":
        listed = Listed("s3://bucket/prefix")
        assert not listed.files
        (problem,) = listed.problems
        assert (problem.source, problem.code) == ("s3://bucket/prefix", code)


def test_a_download_that_breaks_off_is_repeated(misbehaving: list[Answer]) -> None:
    misbehaving += [cut_off, cut_off, whole]
    assert open_log_file(FILE) == b"whole"


def test_a_download_that_always_breaks_off_is_an_input_error(misbehaving: list[Answer]) -> None:
    misbehaving.append(cut_off)
    with pytest.raises(InputError) as caught:
        open_log_file(FILE)
    assert caught.value.code == "connection"


def test_requests_are_repeated_when_s3_is_busy(
    misbehaving: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_ATTEMPTS", 3)
    monkeypatch.setattr("time.sleep", lambda _: None)
    misbehaving += [error(503, "SlowDown"), error(500, "InternalError"), whole]
    assert open_log_file(FILE) == b"whole"


def test_no_connection_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(InputError) as caught:
        open_log_file(FILE)
    assert caught.value.code == "connection"
    assert "AWS_ENDPOINT_URL" in caught.value.cure
    listed = Listed("s3://bucket")
    assert [problem.code for problem in listed.problems] == ["connection"]


def page(*keys: str, more: bool) -> Answer:
    entries = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
    token = f"<NextContinuationToken>{keys[0]}</NextContinuationToken>" if more else ""
    body = (
        f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}{entries}"
        "</ListBucketResult>"
    )
    return reply(200, body.encode())


def test_a_listing_goes_on_over_many_pages(misbehaving: list[Answer]) -> None:
    misbehaving += [
        page("a.json", more=True),
        page("b.json", more=True),
        page("c.json", more=False),
    ]
    listed = Listed("s3://bucket")
    assert listed.keys == ["a.json", "b.json", "c.json"]
    assert not listed.problems


def test_a_listing_that_fails_halfway_keeps_what_it_had(misbehaving: list[Answer]) -> None:
    misbehaving += [page("a.json", more=True), error(403, "AccessDenied")]
    listed = Listed("s3://bucket")
    assert listed.keys == ["a.json"]
    assert [problem.code for problem in listed.problems] == ["access-denied"]
