"""Real processes: rivals in a race, and children that die in the middle of what they do.

A child uses only what it opens itself, reports through a pipe and ends without cleaning up, as a process
that is killed would.
"""

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, TypeVar

import pytest

from ticketcore.testing.concurrency import PATIENCE, Round, rival
from ticketcore.testing.under_test import UnderTest

A = TypeVar("A")
T = TypeVar("T")

_FORKS = "fork" in multiprocessing.get_all_start_methods()
_CONTEXT: Any = multiprocessing.get_context("fork" if _FORKS else "spawn")
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

Report = Callable[[object], None]
"""Tells the parent something."""


def die() -> None:
    """End this process here and now."""
    os.kill(os.getpid(), _KILL)


def before_each_effect(work: Callable[[], T], hook: Callable[[], None]) -> T:
    """Do the work, and call the hook before each call of it to a function that is not written in Python.

    Whatever a thread of Python does to the world is done in such a call, so no two effects are without one between.
    """

    def profile(_frame: FrameType, event: str, _: object) -> None:
        if event == "c_call":
            hook()

    sys.setprofile(profile)
    try:
        return work()
    finally:
        sys.setprofile(None)


def shared_counts(count: int) -> "ctypes.Array[ctypes.c_long]":
    """So many numbers, 0 at first, that a process shares with those that it starts; each is changed by one of them."""
    counts: ctypes.Array[ctypes.c_long] = _CONTEXT.RawArray(ctypes.c_long, count)
    return counts


class _Child:
    """A process that runs ``work(report)``; on a platform without fork, the work has to be picklable."""

    def __init__(self, work: Callable[[Report], object]) -> None:
        if not _FORKS:
            _need_pickle(work)
        self._pipe, theirs = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_run, args=(theirs, work), daemon=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # a fork while threads wait: the child leaves them
            self._process.start()
        theirs.close()

    def hear(self) -> tuple[str, Any] | None:
        """What it tells next; None when it is gone."""
        if not self._pipe.poll(PATIENCE):
            raise TimeoutError("a process of the suite does not come back")
        try:
            return self._pipe.recv()  # type: ignore[no-any-return]  # what the child sent
        except EOFError:
            return None

    def kill(self) -> None:
        """Kill it, if it still lives, and forget it."""
        self._process.kill()
        self._process.join(PATIENCE)

    def close(self) -> None:
        """Kill it, and hear no more."""
        self.kill()
        self._pipe.close()


def _need_pickle(work: object) -> None:
    try:
        pickle.dumps(work)
    except Exception as error:
        pytest.skip(f"this platform cannot fork, and what is under test cannot be pickled: {error}")


def _run(pipe: Connection, work: Callable[[Report], object]) -> None:
    try:
        last = ("result", work(lambda told: pipe.send(("told", told))))
    except BaseException:
        last = ("failed", traceback.format_exc())
    pipe.send(last)
    os._exit(0)


def in_processes(works: Sequence[Callable[[], T]]) -> list[T]:
    """What each gives, each in a process of its own, all running at once."""
    children: list[_Child] = []
    try:
        for work in works:
            children.append(_Child(partial(_alone, work)))
        heard = [child.hear() for child in children]
    finally:
        for child in children:
            child.close()
    failures = [value for kind, value in filter(None, heard) if kind == "failed"]
    failures.sort(key=lambda value: "BrokenBarrierError" in value)
    assert not failures, f"a process of the suite failed:\n{failures[0]}"
    assert None not in heard, "a process of the suite died by itself"
    return [value for _, value in filter(None, heard)]


def _alone(work: Callable[[], T], _report: Report) -> T:
    return work()


def in_process(work: Callable[[], T]) -> T:
    """What it gives, in a process of its own, which then ends."""
    return in_processes([work])[0]


def race_in_processes(
    under_test: UnderTest[A], work: "Round[A, T]", rounds: int, rivals: int = 2
) -> list[tuple[T, ...]]:
    """What the rivals came to in each round, each in a process with an instance of its own."""
    barrier = _CONTEXT.Barrier(rivals)
    done = in_processes([partial(rival, under_test, work, own, rounds, barrier) for own in range(rivals)])
    return list(zip(*done, strict=True))


def until_death(work: Callable[[Report], object], after: float | None = None) -> tuple[list[Any], bool]:
    """What a child told before it died, and whether it died: False when it came to its end.

    It dies by itself, or, with ``after``, is killed so many seconds after the first thing that it tells.
    """
    child = _Child(work)
    told: list[Any] = []
    try:
        while (heard := child.hear()) is not None:
            kind, value = heard
            assert kind != "failed", f"a process of the suite failed:\n{value}"
            if kind == "result":
                return told, False
            told.append(value)
            if after is not None:
                time.sleep(after)
                child.kill()
                after = None
        return told, True
    finally:
        child.close()
