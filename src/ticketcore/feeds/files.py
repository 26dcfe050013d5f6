"""Files as feeds meet them: what they are called, whether they are packed, and why they cannot be read."""

import os
import stat
from typing import BinaryIO

from ticketcore.feeds.facts import Rejection

_PACKED = b"\x1f\x8b"


def shown_path(path: str | os.PathLike[str]) -> str:
    """The path as text that can be written anywhere: each byte of it that is not UTF-8 is a question mark."""
    return os.fspath(path).encode("utf-8", "replace").decode()


def why(error: Exception) -> str:
    """The reason for which a file could not be read, without its name.

    >>> why(FileNotFoundError(2, "No such file or directory", "a.mbox"))
    'No such file or directory'
    """
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def unread(path: str | os.PathLike[str], error: Exception) -> Rejection:
    """The rejection of a file or folder that could not be read."""
    return Rejection(shown_path(path), None, "file", why(error))


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """The file, to be read.  ``OSError`` also for what is no file, such as a pipe, at which others would wait."""
    try:
        status = os.stat(path)
    except ValueError as error:
        raise OSError(None, f"cannot be a path: {error}") from None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(None, "is not a file")
    return open(path, "rb")


def is_packed(path: str | os.PathLike[str]) -> bool:
    """Whether gzip packed the file (RFC 1952, 2.3.1: its first two bytes)."""
    with open_file(path) as file:
        return file.read(2) == _PACKED
