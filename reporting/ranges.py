"""Byte ranges of a static file, as RFC 9110 has them: what a browser asks of a Parquet file it reads in parts."""

import re
from typing import BinaryIO

RANGE = re.compile(r"bytes=\s*(\d*)\s*-\s*(\d*)\s*")


class NotSatisfiable(ValueError):
    """The range asked for begins behind the end of the file."""


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of a `Range` header, None where the whole file is to be sent.

    Several ranges, other units and headers that make no sense are ignored, as the standard allows. Raises
    NotSatisfiable for a range that no byte of the file lies in.
    """
    found = RANGE.fullmatch(header or "")
    if not found or found.group(1) == found.group(2) == "":
        return None
    first, last = found.group(1), found.group(2)
    if first == "":
        if int(last) == 0 or size == 0:
            raise NotSatisfiable
        return max(size - int(last), 0), size - 1
    if int(first) >= size:
        raise NotSatisfiable
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


class Part:
    """A file from its position on, `length` bytes of it: read until nothing is left, then closed as the file."""

    def __init__(self, file: BinaryIO, length: int):
        self._file = file
        self._left = length

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        content = self._file.read(wanted)
        self._left -= len(content)
        return content

    def close(self) -> None:
        self._file.close()
