"""What a child process and the bot say to each other: frames of JSON and bytes.

The child has seen hostile bytes, so nothing that comes from it is trusted to be more than that:
lengths are bounded before anything is read, and JSON makes no objects of ours.
"""

import json
from collections.abc import Mapping
from struct import Struct
from typing import Any, BinaryIO

LENGTHS = Struct(">II")  # of the JSON and of the bytes that follow it
MOST_JSON = 100_000
BEGUN = b"+"
"""What a child says once it has a whole request; from then on a file counts as tried."""

Frame = tuple[Mapping[str, Any], bytes]


class BadFrame(Exception):
    """The other side ended, or says what no side of ours says."""


def write_frame(stream: BinaryIO, about: Mapping[str, Any], body: bytes) -> None:
    """Write a frame whole; raises OSError where nobody reads it."""
    head = json.dumps(about).encode()
    stream.write(LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO, most: int) -> Frame:
    """The next frame, of at most `most` bytes besides its JSON; raises BadFrame."""
    head_length, length = LENGTHS.unpack(read_exactly(stream, LENGTHS.size))
    if head_length > MOST_JSON or length > most:
        raise BadFrame("a frame is longer than it may be")
    try:
        about = json.loads(read_exactly(stream, head_length))
    except (ValueError, RecursionError):
        raise BadFrame("a frame holds no JSON") from None
    if not isinstance(about, dict):
        raise BadFrame("a frame does not say what it is")
    return about, read_exactly(stream, length)


def read_exactly(stream: BinaryIO, length: int) -> bytes:
    """So many bytes; raises BadFrame where there are fewer."""
    data = stream.read(length)
    if len(data) < length:
        raise BadFrame("the other side ended")
    return data
