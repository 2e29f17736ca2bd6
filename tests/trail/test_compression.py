from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
import zlib

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.trail import unpack

LIMIT = 1 << 20
TEXT = b'{"Records":[' + b",".join(b'{"eventName":"Event%d"}' % n for n in range(5000)) + b"]}"


def code(data: bytes, limit: int = LIMIT) -> str:
    fault = unpack(data, limit=limit).fault
    if fault is None:
        return ""
    assert fault.message
    assert fault.cure
    return fault.code


def content(data: bytes, limit: int = LIMIT) -> bytes:
    return bytes(unpack(data, limit=limit).payload)


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_gzip(level: int) -> None:
    data = gzip.compress(TEXT, level)
    assert content(data) == TEXT
    assert code(data) == ""


def test_plain() -> None:
    assert content(TEXT) == TEXT
    assert code(TEXT) == ""


def test_zstd_with_and_without_a_size_in_its_header() -> None:
    assert content(zstandard.compress(TEXT)) == TEXT
    streamed = zstandard.ZstdCompressor().compressobj()
    data = streamed.compress(TEXT) + streamed.flush()
    assert content(data) == TEXT
    assert code(data) == ""


@pytest.mark.parametrize("sizes", [(10, 5), (7, 7), (1, 2, 3)])
def test_several_members(sizes: tuple[int, ...]) -> None:
    parts = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    whole = b"".join(parts)
    assert content(b"".join(map(gzip.compress, parts))) == whole
    assert code(b"".join(map(gzip.compress, parts))) == ""
    assert content(b"".join(map(zstandard.compress, parts))) == whole


def test_padding_is_harmless_and_garbage_is_told() -> None:
    data = gzip.compress(TEXT)
    assert content(data + bytes(512)) == TEXT
    assert code(data + bytes(512)) == ""
    assert content(data + b"garbage") == TEXT
    assert code(data + b"garbage") == "trailing-garbage"


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 100])
def test_what_can_be_read_of_truncated_gzip_is_read(cut: int) -> None:
    data = gzip.compress(TEXT)[:-cut]
    expected = zlib.decompressobj(wbits=31).decompress(data)
    assert content(data) == expected
    assert code(data) == "truncated-gzip"
    assert len(expected) > len(TEXT) // 2


def test_a_header_alone_is_truncated_gzip() -> None:
    for end in range(2, 11):
        assert code(gzip.compress(TEXT)[:end]) == "truncated-gzip"


def test_a_wrong_checksum_is_told_and_the_content_kept() -> None:
    data = bytearray(gzip.compress(TEXT))
    data[-8] ^= 1
    assert code(bytes(data)) == "corrupt-gzip"
    assert content(bytes(data)) == TEXT


def test_what_stands_before_damage_is_read() -> None:
    noise = random.Random(1).randbytes(200_000).hex().encode()
    data = bytearray(gzip.compress(noise))
    middle = len(data) // 2
    data[middle : middle + 40] = b"\xff" * 40
    assert code(bytes(data)) == "corrupt-gzip"
    found = content(bytes(data))
    # Up to the damage; the decoder may go on for a little before it notices.
    assert len(found) > len(noise) // 3
    assert found[: len(noise) // 3] == noise[: len(noise) // 3]


def test_what_can_be_read_of_damaged_zstd_is_read() -> None:
    noise = random.Random(1).randbytes(400_000).hex().encode()
    data = zstandard.compress(noise)
    assert code(data[:-10]) == "truncated-zstd"
    assert noise.startswith(content(data[:-10]))
    assert len(content(data[:-10])) > len(noise) // 2
    damaged = bytearray(data)
    damaged[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    assert code(bytes(damaged)) == "corrupt-zstd"
    assert content(bytes(damaged))[:100_000] == noise[:100_000]


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress, bytes])
def test_the_limit_is_exact(compress: object) -> None:
    data = compress(TEXT)  # type: ignore[operator]
    assert content(data, len(TEXT)) == TEXT
    assert code(data, len(TEXT)) == ""
    assert content(data, len(TEXT) - 1) == b""
    assert code(data, len(TEXT) - 1) == "too-large"


def test_bombs_are_refused_without_unpacking_them() -> None:
    zeros = zlib.compressobj(9, wbits=31)
    bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(300)) + zeros.flush()
    assert code(bomb, 1 << 20) == "too-large"
    lying = bomb[:-4] + b"\1\0\0\0"  # claims to be one byte
    assert code(lying, 1 << 20) == "too-large"
    frame = zstandard.ZstdCompressor(level=1).compressobj()
    bomb = b"".join(frame.compress(bytes(1 << 20)) for _ in range(300)) + frame.flush()
    assert len(bomb) < 100_000
    assert code(bomb, 1 << 20) == "too-large"


def test_a_lie_about_the_size_takes_no_memory() -> None:
    data = gzip.compress(b"x")[:-4] + b"\xff\xff\xff\x3f"  # claims a gigabyte
    assert code(data, 1 << 30) == "corrupt-gzip"
    assert content(data, 1 << 30) == b"x"


def test_layers_of_compression_are_taken_off_up_to_a_point() -> None:
    data = TEXT
    for _ in range(3):
        data = gzip.compress(data)
        assert content(data) == TEXT
        assert code(data) == ""
    assert content(zstandard.compress(gzip.compress(TEXT))) == TEXT
    for _ in range(3):
        data = gzip.compress(data)
    assert code(data) == "nested-compression"


def test_an_empty_file_is_a_fault() -> None:
    assert code(b"") == code(gzip.compress(b"")) == code(zstandard.compress(b"")) == "empty-file"


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.json"))
    return stream.getvalue()


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.json", "[]")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (zipped(), "zip"),
        (bz2.compress(TEXT), "bzip2"),
        (lzma.compress(TEXT), "xz"),
        (b"PAR1" + bytes(100), "Parquet"),
        (tar(), "tar"),
        (gzip.compress(tar(), mtime=0), "tar"),
    ],
    ids=["zip", "bzip2", "xz", "parquet", "tar", "tar-in-gzip"],
)
def test_other_formats_are_named(data: bytes, name: str) -> None:
    fault = unpack(data, limit=LIMIT).fault
    assert fault is not None
    assert fault.code == "unsupported-format"
    assert name in fault.message


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from((b"", b"\x1f\x8b", b"\x1f\x8b\x08\0\0\0\0\0\0\3", b"\x28\xb5\x2f\xfd")),
)
def test_no_bytes_raise(data: bytes, prefix: bytes) -> None:
    unpacked = unpack(prefix + data, limit=1000)
    assert len(unpacked.payload) <= 1000


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2000), st.integers(1, 255), st.sampled_from((gzip.compress, zstandard.compress))
)
def test_no_flipped_bits_raise(at: int, mask: int, compress: object) -> None:
    data = bytearray(compress(TEXT))  # type: ignore[operator]
    data[at % len(data)] ^= mask
    unpacked = unpack(bytes(data), limit=LIMIT)
    assert unpacked.fault is not None or unpacked.payload
