"""What people really have: records inside the envelopes of services, in exports, in tables."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.trail.builders import dumps, log_file, record
from trailwarden.monitor.timing import Timing
from trailwarden.patterns import parse
from trailwarden.reading import FileDigest, Task, Worker
from trailwarden.stack.model import MetricFilter

Records = list[dict[str, Any]]
AT = 1714564800123  # ms
NOTICE = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
          "s3": {"object": {"key": "a.json.gz"}}}  # fmt: skip
CONTROL = {
    "messageType": "CONTROL_MESSAGE",
    "logEvents": [{"id": "", "timestamp": AT, "message": "CWL CONTROL MESSAGE: Checking health."}],
}

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def zipped(content: bytes) -> str:
    return coded(gzip.compress(content, mtime=0))


def subscription(records: Records) -> dict[str, Any]:
    return {
        "messageType": "DATA_MESSAGE",
        "logGroup": "trail",
        "logEvents": [
            {"id": str(n), "timestamp": AT, "message": json.dumps(one)}
            for n, one in enumerate(records)
        ],
    }


def eventbridge(one: dict[str, Any]) -> dict[str, Any]:
    return {"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": one}


def kinesis(data: str) -> dict[str, Any]:
    return {
        "kinesis": {"kinesisSchemaVersion": "1.0", "sequenceNumber": "1", "data": data},
        "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventName": "aws:kinesis:record",
        "eventID": "shardId-000000000000:1",
    }  # fmt: skip


def queued(body: str) -> dict[str, Any]:
    return {"messageId": "1", "receiptHandle": "x", "body": body, "eventSource": "aws:sqs"}


def topic(message: str) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": message}


def hit(source: Any) -> dict[str, Any]:
    return {"_index": "filebeat", "_id": "1", "_source": source}


def ecs(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "@timestamp": "2024-05-01T12:00:00.000Z",
        "event": {"action": one["eventName"], "original": json.dumps(one)},
        "aws": {"cloudtrail": {"event_version": "1.08"}},
    }


def table(names: list[str], rows: list[list[str]], **more: Any) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, **more)
    writer.writerows([names, *rows])
    return text.getvalue().encode()


def cells(row: dict[str, str]) -> list[dict[str, str]]:
    return [{"field": name, "value": value} for name, value in row.items()]


def each(wrap: Callable[[dict[str, Any]], Any]) -> Callable[[Records], bytes]:
    return lambda records: b"\n".join(dumps(wrap(one)) for one in records)


HOLDING: dict[str, Callable[[Records], bytes]] = {
    "control message before, on one line": lambda r: dumps(CONTROL) + dumps(subscription(r)),
    "control message between": lambda r: dumps(subscription(r[:1]))
    + dumps(dict(reversed(CONTROL.items())))
    + dumps(subscription(r[1:])),
    "control message in lines": lambda r: dumps(subscription(r)) + b"\n" + dumps(CONTROL),
    "Lambda": lambda r: dumps({"awslogs": {"data": zipped(dumps(subscription(r)))}}),
    "Lambda, plain base64": lambda r: dumps({"awslogs": {"data": coded(dumps(subscription(r)))}}),
    "only the base64": lambda r: zipped(dumps(subscription(r))).encode() + b"\n",
    "base64 in lines of 76": lambda r: base64.encodebytes(gzip.compress(dumps(subscription(r)))),
    "base64, one a line": lambda r: "\n".join(zipped(dumps(one)) for one in r).encode(),
    "Kinesis, subscription": lambda r: log_file(kinesis(zipped(dumps(subscription(r))))),
    "Kinesis, records": lambda r: log_file(*(kinesis(coded(dumps(one))) for one in r)),
    "Kinesis, documents on end": lambda r: log_file(kinesis(coded(b"".join(map(dumps, r))))),
    "Kinesis, sorted": lambda r: json.dumps(
        {"Records": [kinesis(coded(dumps(one))) for one in r]}, sort_keys=True, indent=2
    ).encode(),
    "Kinesis, source far behind": lambda r: log_file(
        kinesis(coded(dumps({**r[0], "userAgent": "x" * 9000}))), kinesis(coded(dumps(r[1])))
    ),
    "Kinesis, with a control message": lambda r: log_file(
        kinesis(zipped(dumps(CONTROL))), kinesis(zipped(dumps(subscription(r))))
    ),
    "GetRecords": lambda r: dumps(
        {"Records": [{"SequenceNumber": "1", "Data": coded(dumps(one))} for one in r],
         "MillisBehindLatest": 0}
    ),
    "GetRecords, sorted": lambda r: dumps(
        {"MillisBehindLatest": 0, "NextShardIterator": "x",
         "Records": [{"Data": coded(dumps(one)), "SequenceNumber": "1"} for one in r]}
    ),
    "Firehose, to transform": lambda r: dumps(
        {"invocationId": "1", "records": [
            {"recordId": "1", "approximateArrivalTimestamp": AT, "data": coded(dumps(one))}
            for one in r]}
    ),
    "Firehose, subscription": lambda r: dumps(
        {"records": [{"recordId": "1", "data": zipped(dumps(subscription(r)))}]}
    ),
    "Firehose, to a web server": lambda r: dumps(
        {"requestId": "1", "timestamp": AT, "records": [{"data": coded(dumps(one))} for one in r]}
    ),
    "SQS": lambda r: log_file(*(queued(json.dumps(eventbridge(one))) for one in r)),
    "SQS, subscription": lambda r: log_file(queued(json.dumps(subscription(r)))),
    "SQS, SNS": lambda r: log_file(
        *(queued(json.dumps(topic(json.dumps(eventbridge(one))))) for one in r)
    ),
    "SQS beside S3's notice": lambda r: log_file(
        queued(json.dumps({"Records": [NOTICE]})), *(queued(json.dumps(one)) for one in r)
    ),
    "S3's notice beside records": lambda r: log_file(NOTICE, *r),
    "receive-message": lambda r: dumps(
        {"Messages": [{"MessageId": "1", "Body": json.dumps(one)} for one in r]}
    ),
    "SNS": lambda r: log_file(
        *({"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Message": json.dumps(one)}}
          for one in r)
    ),
    "get-query-results": lambda r: json.dumps(
        {"results": [cells({"@timestamp": "2024-05-01 12:00:00.000", "@message": json.dumps(one),
                            "@ptr": "x"}) for one in r],
         "status": "Complete"}, indent=1
    ).encode(),
    "Logs Insights beside columns": lambda r: dumps(
        [{"eventName": one["eventName"], "@message": json.dumps(one)} for one in r]
    ),
    "Logs Insights, decoded": lambda r: dumps([{"@message": one} for one in r]),
    "filter-log-events": lambda r: dumps(
        {"events": [{"logStreamName": "s", "timestamp": AT, "message": json.dumps(one),
                     "ingestionTime": AT, "eventId": "1"} for one in r],
         "searchedLogStreams": []}
    ),
    "get-log-events": lambda r: dumps(
        {"events": [{"timestamp": AT, "message": json.dumps(one)} for one in r],
         "nextForwardToken": "f/1"}
    ),
    "rows of get-query-results alone": lambda r: dumps(
        [cells({"@message": json.dumps(one), "@ptr": "x"}) for one in r]
    ),
    "messages alone": lambda r: dumps([json.dumps(one) for one in r]),
    "CloudTrail Lake": lambda r: dumps(
        {"QueryStatus": "FINISHED", "QueryStatistics": {"ResultsCount": 2},
         "QueryResultRows": [[{"eventName": one["eventName"]}, {"eventJson": json.dumps(one)}]
                             for one in r]}
    ),
    "CloudTrail Lake, one column": lambda r: dumps(
        {"QueryResultRows": [[{"eventJson": json.dumps(one)}] for one in r]}
    ),
    "Elastic, the record": each(hit),
    "Elastic, ECS": each(lambda one: hit(ecs(one))),
    "Elastic, dotted": each(lambda one: hit({"event.original": json.dumps(one)})),
    "Elastic, message": each(lambda one: hit({"event": {"action": "x"},
                                              "message": json.dumps(one)})),
    "Elastic, search": lambda r: dumps(
        {"took": 1, "hits": {"total": {"value": 2}, "hits": [hit(ecs(one)) for one in r]}}
    ),
    "Elastic, fields": each(
        lambda one: {"_id": "1", "fields": {"event.original": [json.dumps(one)]}}
    ),
    "Splunk, JSON lines": each(
        lambda one: {"preview": False, "result": {"_raw": json.dumps(one), "_time": "x"}}
    ),
    "Splunk, with fields": each(
        lambda one: {"result": {"eventName": one["eventName"], "_raw": json.dumps(one)}}
    ),
    "Splunk, results": lambda r: dumps(
        {"preview": False, "fields": [{"name": "_raw"}],
         "results": [{"_raw": json.dumps(one)} for one in r]}
    ),
    "Splunk, to the collector": each(lambda one: {"time": 1, "event": one}),
    "CSV, eventJson": lambda r: table(
        ["eventID", "eventJson"], [["1", json.dumps(one)] for one in r]
    ),
    "CSV, @message": lambda r: table(
        ["@timestamp", "@message"], [["2024-05-01 12:00:00.000", json.dumps(one)] for one in r]
    ),
    "CSV, _raw, one column": lambda r: table(["_raw"], [[json.dumps(one)] for one in r]),
    "CSV, semicolons": lambda r: table(
        ["x", "_raw"], [["1", json.dumps(one)] for one in r], delimiter=";"
    ),
}  # fmt: skip

STOP = MetricFilter("stops", "trail", "x", parse("{ $.eventName = StopLogging }"), ())


def digest(payload: bytes, *, plain: bool = False) -> FileDigest:
    return Worker(Task((STOP,), plain=plain, secret=bytes(16))).content(payload, "a.json")


@pytest.mark.parametrize("name", HOLDING)
def test_records_are_found_in_what_services_wrap_them_in(name: str) -> None:
    records = [record(1, eventName="StopLogging"), record(2, eventName="GetTrail")]
    payload = HOLDING[name](records)
    for content in (payload, gzip.compress(payload)):
        found = digest(content)
        assert not found.kind
        assert not found.digest.problems
        assert len(found.digest.minute_array()) == 2
        assert [hit.position for hit in found.digest.hits] == [0]
        assert found.digest.keys == digest(log_file(*records)).digest.keys
        assert digest(content, plain=True).digest.keys == found.digest.keys


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (log_file(NOTICE), "notification"),
        (log_file(queued(json.dumps({"Records": [NOTICE]}))), "notification"),
        (log_file(queued(json.dumps(topic(json.dumps({"Records": [NOTICE]}))))), "notification"),
        (log_file(queued(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"}))),
         "notification"),
        (dumps(CONTROL), "control-message"),
    ],
)  # fmt: skip
def test_what_only_tells_of_something_is_left_out(payload: bytes, kind: str) -> None:
    assert digest(payload).kind == kind


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (log_file(kinesis(coded(b"\x00\x01"))), "not-cloudtrail"),
        (log_file(kinesis("no base64!")), "not-cloudtrail"),
        (log_file(kinesis(zipped(dumps(record()))[:41])), "not-cloudtrail"),
        (log_file(kinesis(coded(gzip.compress(dumps(record()), mtime=0)[:-20]))), "truncated-gzip"),
        (log_file(queued("hello")), "not-cloudtrail"),
        (log_file(queued('{"eventName":')), "broken-json"),
        (dumps({"awslogs": {"data": "?"}}), "not-cloudtrail"),
        (dumps({"eventSource": "aws:kafka",
                "records": {"trail-0": [{"offset": 7, "value": coded(dumps(record()))}]}}),
         "not-cloudtrail"),
        (dumps({"results": [cells({"eventName": "StopLogging", "count": "1"})]}), "partial-rows"),
        (dumps({"QueryResultRows": [[{"eventName": "X"}, {"n": "1"}]]}), "partial-rows"),
        (dumps(hit({"event": {"action": "X"}, "aws": {"cloudtrail": {}}})), "partial-rows"),
        (b"Event ID,Event name,Event source,Event time,User name\n1,X,y,z,eve\n",
         "event-history-csv"),
        (b"eventtime,eventname,useragent\n2024-05-01T12:00:00Z,StopLogging,x\n", "partial-rows"),
        (b'_raw,x\n"{""eventName"":""A""}",1\nshort\n', "broken-row"),
        (POINTER, "git-lfs-pointer"),
        (gzip.compress(POINTER, mtime=0), "git-lfs-pointer"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_a_problem_with_its_cure(payload: bytes, code: str) -> None:
    found = digest(payload)
    assert not found.kind
    assert code in [problem.code for problem in found.digest.problems]
    assert all(problem.cure for problem in found.digest.problems)


def test_what_is_packed_inside_a_record_is_bounded() -> None:
    bomb = gzip.compress(bytes(200 * 1024 * 1024), 9)
    found = digest(log_file(kinesis(coded(bomb)), kinesis(coded(dumps(record())))))
    assert [problem.code for problem in found.digest.problems] == ["too-large"]
    assert len(found.digest.minute_array()) == 1


COLUMNS = {
    "eventversion": "1.08",
    "useridentity": "{type=AssumedRole, principalid=AROA1:a=b, c, arn=arn:aws:sts::111122223333:"
    "assumed-role/Admin/a=b, accountid=111122223333, invokedby=null, accesskeyid=ASIA1, "
    "username=null, sessioncontext={attributes={mfaauthenticated=false, creationdate="
    "2024-05-01T11:00:00Z}, sessionissuer={type=Role, principalid=AROA1, arn=arn:aws:iam::"
    "111122223333:role/Admin, accountid=111122223333, username=Admin}, ec2roledelivery=null}}",
    "eventtime": "2024-05-01T12:00:00Z",
    "eventsource": "cloudtrail.amazonaws.com",
    "eventname": "StopLogging",
    "awsregion": "us-east-1",
    "sourceipaddress": "198.51.100.7",
    "useragent": "aws-cli",
    "errorcode": "",
    "errormessage": "",
    "requestparameters": '{"name":"org"}',
    "responseelements": "null",
    "additionaleventdata": "",
    "requestid": "r",
    "eventid": "00000000-0000-4000-8000-000000000001",
    "readonly": "false",
    "resources": "[]",
    "eventtype": "AwsApiCall",
    "recipientaccountid": "111122223333",
}
ASKED = (
    '{ $.eventName = StopLogging && $.userIdentity.sessionContext.sessionIssuer.userName = "Admin"'
    ' && $.userIdentity.sessionContext.attributes.mfaAuthenticated = "false"'
    ' && $.requestParameters.name = "org" && $.readOnly IS FALSE && $.errorCode NOT EXISTS'
    ' && $.userIdentity.userName NOT EXISTS && $.userIdentity.principalId = "AROA1:a=b, c" }'
)


def test_athena_writes_records_as_columns() -> None:
    payload = table(list(COLUMNS), [list(COLUMNS.values())], quoting=csv.QUOTE_ALL)
    asked = MetricFilter("asked", "trail", ASKED, parse(ASKED), ())
    found = Worker(Task((asked,))).content(payload, "a.csv")
    assert not found.digest.problems
    assert len(found.digest.hits) == 1
    assert found.digest.principals == ["role/Admin/a=b (111122223333)"]
    assert found.digest.first == 1714564800
    assert Timing().clock == "event"


def test_a_table_without_some_columns_says_which() -> None:
    some = {name: COLUMNS[name] for name in COLUMNS if name != "requestparameters"}
    found = digest(table(list(some), [list(some.values())]))
    (problem,) = found.digest.problems
    assert problem.code == "missing-columns"
    assert "requestParameters" in problem.message
    assert len(found.digest.hits) == 1


def test_rows_of_cloudtrail_lake_without_the_event_are_put_together() -> None:
    row = {
        "eventTime": "2024-05-01 12:00:00.000",
        "eventName": "StopLogging",
        "eventSource": "cloudtrail.amazonaws.com",
        "userIdentity": "{type=Root, principalid=1, arn=arn:aws:iam::111122223333:root, "
        "accountid=111122223333}",
    }
    rows = [[{name: value} for name, value in row.items()]]
    found = digest(dumps({"QueryResultRows": rows}))
    assert not found.digest.problems
    assert found.digest.principals == ["Root (111122223333)"]
    assert found.digest.first == 1714564800
