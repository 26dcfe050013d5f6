"""Tests run on a changed module: each time in a fork that has not yet imported ticketcore, several forks at once.

A fork spares each trial the start of the interpreter and the import of the tests' tools.  The change is never
written to the disk: the import of its one module is answered with the changed source.  Hypothesis draws the same
examples every time, and does not look for the smallest one.
"""

import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing import get_context
from types import CodeType

import attrs
import hypothesis.stateful  # noqa: F401  (imported here once for all forks)
import jsonschema  # noqa: F401  (as above)
import msgspec  # noqa: F401  (as above)
import pytest

from proof.plan import ROOT, Target, Tests

PROFILE = "mutants"
"""The settings of Hypothesis, in ``tests/conftest.py``."""

MEMORY = 4 * 2**30
"""Bytes that a trial may use: a change that allocates without end shall end."""

_FORK = get_context("fork")


class Broken(Exception):
    """Tests fail although nothing was changed, so that they can tell nothing."""


@attrs.frozen
class Trial:
    """Tests to be run with a source in place of a module's, and the seconds that they may take."""

    target: Target
    source: bytes = attrs.field(repr=False)
    tests: Tests
    limit: float

    def passes(self) -> bool:
        """Whether every test passed in its time."""
        instead = _Instead(self.target, compile(self.source, str(self.target.path), "exec"))
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            child = _FORK.Process(target=_run, args=(instead, self.tests, folder))
            child.start()
            child.join(self.limit)
            assert child.pid is not None, "it was started"
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # Also what its tests have started.
            child.join()
            return child.exitcode == 0


def surviving(target: Target, sources: Iterable[bytes], workers: int) -> list[bytes]:
    """The sources of a module that pass all its tests, so many trials at once.

    Tests that take several times as long as they do without a change have failed.  Raises ``Broken`` when they fail
    without a change.
    """
    left = list(sources)
    for tests in target.rounds:
        if left:
            limit = 5 + 5 * _seconds(target, tests)
            trials = [Trial(target, source, tests, limit) for source in left]
            with ProcessPoolExecutor(workers, _FORK) as pool:
                left = [source for source, passed in zip(left, pool.map(Trial.passes, trials), strict=True) if passed]
    return left


def _seconds(target: Target, tests: Tests) -> float:
    """How long the tests take without a change."""
    start = time.monotonic()
    if not Trial(target, target.path.read_bytes(), tests, 600).passes():
        raise Broken(f"these fail without a change: HYPOTHESIS_PROFILE={PROFILE} pytest {' '.join(tests)}")
    return time.monotonic() - start


def _run(instead: "_Instead", tests: Tests, folder: str) -> None:
    """Run the tests in this process, which ends with it."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = PROFILE
    assert "ticketcore" not in sys.modules, "the change would come too late"
    sys.meta_path.insert(0, instead)
    options = ["-xqm", "not slow", "-pno:cacheprovider", "--assert=plain", "--tb=no", f"--basetemp={folder}/tests"]
    os._exit(pytest.main([*options, *tests]))


class _Instead(MetaPathFinder):
    """Answers the import of one module with other code."""

    def __init__(self, target: Target, code: CodeType) -> None:
        self.name = f"ticketcore.{target.module}"
        self.path = str(target.path)
        self.code = code

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The one module from here, any other from where it is."""
        if fullname != self.name:
            return None
        return spec_from_file_location(fullname, self.path, loader=_Loader(fullname, self.path, self.code))


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self.code = code

    def get_code(self, _: str) -> CodeType:
        """The other code."""
        return self.code
