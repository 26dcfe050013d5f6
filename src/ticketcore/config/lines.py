"""On which line each key of a TOML text stands, which the standard library's reader does not tell.

The text is one that ``tomllib`` has read, so that only what tells keys, values and tables apart is looked at here, by
the grammar of version 1.0.0 on toml.io.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from ticketcore.config.notation import Path

_BLANK = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{3,5}"
    r'|"(?:[^"\\]++|\\.)*+"'
    r"|'[^']*+'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> Mapping[Path, int]:
    r"""The line, from 1, of every key and every item of a list.  ``text`` must be valid TOML; linear in it.

    A table has the line on which it is first named.

    >>> key_lines("[a]\nb = [\n  {c = 1},\n]")
    {('a',): 1, ('a', 'b'): 2, ('a', 'b', 0): 3, ('a', 'b', 0, 'c'): 3}
    """
    scan = _Scan(text.replace("\r\n", "\n"))
    scan.document()
    return scan.lines


class _Scan:
    """A place in a text, and the keys that stand before it."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._last: dict[Path, int] = {}
        """The place of the last table of each array of tables."""

    def document(self) -> None:
        table: Path = ()
        self._take(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._take(_BLANK)

    def _header(self) -> Path:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *parents, last = self._key()
        path: Path = ()
        for part in parents:
            path = self._met((*path, part))
            if path in self._last:
                path = (*path, self._last[path])
        path = self._met((*path, last))
        if brackets == 2:
            self._last[path] = self._last.get(path, -1) + 1
            path = self._met((*path, self._last[path]))
        self._at += brackets
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for part in self._key():
            path = self._met((*path, part))
        self._at += len("=")
        self._take(_BLANK)
        self._value(path)

    def _value(self, path: Path) -> None:
        match self._text[self._at]:
            case "[":
                for i, _ in enumerate(self._items("]")):
                    self._value(self._met((*path, i)))
            case "{":
                for _ in self._items("}"):
                    self._pair(path)
            case '"' | "'":
                self._take(_STRING)
            case _:
                self._take(_SCALAR)

    def _items(self, end: str) -> Iterator[None]:
        """Stops before each item of a list or an inline table, and after the last one behind its end."""
        self._at += 1
        self._take(_BLANK)
        while self._text[self._at] != end:
            yield
            self._take(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1
                self._take(_BLANK)
        self._at += 1

    def _key(self) -> list[str]:
        """The parts of a dotted key; what follows is an equals sign or a bracket."""
        parts = []
        while True:
            self._take(_BLANK)
            if self._text[self._at] in "\"'":
                parts.append(str(tomllib.loads(f"key = {self._take(_STRING)}")["key"]))
            else:
                parts.append(self._take(_BARE_KEY))
            self._take(_BLANK)
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _take(self, shape: re.Pattern[str]) -> str:
        found = shape.match(self._text, self._at)
        assert found is not None, "tomllib read what this grammar does not have"
        self._at = found.end()
        return found[0]

    def _met(self, path: Path) -> Path:
        self.lines.setdefault(path, bisect_left(self._ends, self._at) + 1)
        return path
