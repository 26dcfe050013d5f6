"""Facts from lines of JSON, one object a line, in the order of time."""

import gzip
import json
import os
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import BinaryIO, NoReturn, TypeVar

import attrs

from ticketcore.errors import InvalidInput
from ticketcore.feeds.facts import Fact, Item, MessageFact, Rejection
from ticketcore.feeds.files import is_packed, open_file, shown_path, why
from ticketcore.feeds.shapes import called, shaped_fact, shown

MAX_LINE = 16 * 1024 * 1024
"""The longest line that is read, in bytes."""

_BOM = b"\xef\xbb\xbf"
_T = TypeVar("_T")


def read_fact(text: str, source: str = "", line: int | None = None) -> Fact | Rejection:
    """The fact that one line of JSON tells, or what is wrong with it, whatever the text.

    Strict: an object of exactly the published shape, in which no property stands twice.  Linear in the text.
    """
    return _shaped(lambda body: shaped_fact(body, source, line), text, source, line)


def _shaped(shape: Callable[[dict[str, object]], _T], text: str, source: str, line: int | None) -> _T | Rejection:
    try:
        return shape(_object(text))
    except InvalidInput as error:
        return Rejection(source, line, error.field, error.reason)
    except json.JSONDecodeError as error:
        return Rejection(
            source, line, "line", f"is not JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1}"
        )
    except RecursionError:
        return Rejection(source, line, "line", "is nested too deeply")
    except ValueError:  # the one kind that is left: Python reads no number of thousands of digits
        return Rejection(source, line, "line", "has a number that is too large")


def _object(text: str) -> dict[str, object]:
    body = _decoder.decode(text)
    if not isinstance(body, dict):
        raise InvalidInput("line", f"must be an object, not {called(body)}")
    return body


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    body = dict(pairs)
    if len(body) < len(pairs):
        names = Counter(name for name, _ in pairs)
        raise InvalidInput(shown(max(names, key=names.__getitem__)), "stands twice in one object")
    return body


def _no_number(text: str) -> NoReturn:
    raise InvalidInput("line", f"is not JSON, which has no {text}")


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


@attrs.frozen
class JsonLines:
    """The facts in a file of JSON lines at ``path``, in UTF-8, as they stand or packed with gzip.

    Read from start to end, never held whole: memory grows with the longest line, which may have 16 MiB, and with
    the facts of one instant.  Blank lines are passed over; a line that is wrong, or that lies before one above it,
    is rejected alone.
    """

    path: str | os.PathLike[str]

    @property
    def name(self) -> str:
        """The path as it was given."""
        return shown_path(self.path)

    def facts(self) -> Iterator[Item]:
        """The facts in the order of the file, which is that of time, and what was rejected in between."""
        order = _Order()
        for item in read_lines(self.path, lambda body, line: shaped_fact(body, self.name, line)):
            yield item if isinstance(item, Rejection) else order.placed(item)


def read_lines(path: str | os.PathLike[str], shape: Callable[[dict[str, object], int], _T]) -> Iterator[_T | Rejection]:
    """What ``shape`` makes of the object in each line of JSON and the line's number, or why the line is rejected.

    For any shape of lines; the file is read as ``JsonLines`` reads one.  ``shape`` raises ``InvalidInput`` for an
    object that it cannot use.
    """
    name = shown_path(path)
    number = 0
    try:
        with gzip.open(path) if is_packed(path) else open_file(path) as file:
            for number, raw in enumerate(_lines(file), 1):
                if not raw.isspace():
                    yield _read(raw, name, number, shape)
    except (OSError, EOFError, zlib.error) as error:
        yield Rejection(name, number + 1 if number else None, "file", why(error))


def _lines(file: gzip.GzipFile | BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long, so much that it can be seen."""
    raw = file.readline(MAX_LINE + 1).removeprefix(_BOM)
    while raw:
        yield raw
        while len(raw) > MAX_LINE and raw[-1:] != b"\n":
            raw = file.readline(MAX_LINE + 1)
        raw = file.readline(MAX_LINE + 1)


def _read(raw: bytes, source: str, number: int, shape: Callable[[dict[str, object], int], _T]) -> _T | Rejection:
    if len(raw) > MAX_LINE:
        return Rejection(source, number, "line", f"has more than {MAX_LINE} bytes")
    try:
        item = _shaped(lambda body: shape(body, number), raw.decode(), source, number)
    except UnicodeDecodeError as error:
        item = Rejection(source, number, "line", f"is not UTF-8 at byte {error.start + 1}")
    if isinstance(item, Rejection) and raw[-1:] != b"\n":
        return attrs.evolve(item, reason=f"{item.reason}; the file ends within this line")
    return item


class _Order:
    """Holds the facts of one file to the order of time, and counts those that are equal."""

    def __init__(self) -> None:
        self._last: Fact | None = None
        self._seen: Counter[Hashable] = Counter()

    def placed(self, fact: Fact) -> Fact | Rejection:
        """The fact with its number among equal ones; equal facts are of one instant."""
        last = self._last
        if last is not None and fact.at < last.at:
            return Rejection(fact.source, fact.line, "at", f"lies before that of line {last.line}")
        if last is not None and fact.at != last.at:
            self._seen.clear()
        self._last = fact
        if isinstance(fact, MessageFact) and fact.inbound.external_id is not None:
            return fact
        identity = fact.identity
        self._seen[identity] += 1
        nth = self._seen[identity] - 1
        return fact if nth == 0 else attrs.evolve(fact, nth=nth)
