"""What is finished, in a file: a line of JSON for each outcome, found by the content of its task."""

from importlib.metadata import version
from io import BufferedRandom
from pathlib import Path
from types import TracebackType

import attrs
import msgspec
import numpy as np

from ticketcore.errors import InvalidInput
from ticketcore.sim.outcomes import Outcome

FORMAT = 2
"""Of outcomes; another one for each change of what they hold or mean."""


def kind_of_results() -> tuple[str, str, int]:
    """What results depend on besides their task: the versions of ticketcore and numpy, and the ``FORMAT``."""
    return version("ticketcore"), np.__version__, FORMAT


@attrs.frozen
class Line:
    """A line of the file: the ``key`` of a task and its ``outcome``."""

    key: str
    outcome: Outcome


class Kept:
    """The file of what is finished; without a path nothing is kept.

    A line is written at once, so that whatever stops the program takes away one line at most, which is then cut off and
    done again.  Raises ``InvalidInput``, with the line, for a file of something else.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BufferedRandom | None = None
        self._found: dict[str, Outcome] = {}

    def __enter__(self) -> "Kept":
        """Read what is there."""
        if self._path is not None:
            self._path.touch()
            self._file = self._path.open("r+b")
            try:
                self._read(self._file, str(self._path))
            except BaseException:
                self._file.close()
                raise
        return self

    def _read(self, file: BufferedRandom, name: str) -> None:
        whole = 0
        for number, text in enumerate(file, 1):
            if not text.endswith(b"\n"):
                break
            try:
                line = msgspec.json.decode(text, type=Line)
            except msgspec.MsgspecError as error:
                raise InvalidInput(name, f"is no file of results: {error}", number) from error
            self._found[line.key] = line.outcome
            whole += len(text)
        file.truncate(whole)
        file.seek(whole)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self._file is not None:
            self._file.close()

    def found(self, key: str) -> Outcome | None:
        """What was finished before, if it was."""
        return self._found.get(key)

    def add(self, key: str, outcome: Outcome) -> None:
        """Keep what is finished now."""
        if self._file is not None:
            self._file.write(msgspec.json.encode(Line(key, outcome)) + b"\n")
            self._file.flush()
