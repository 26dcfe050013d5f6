"""Threads that get in each other's way: races in step, and a commit that is stopped between two statements.

An adapter in memory has no statements to stop at.  There the threads stumble: at random lines they let another
thread go first, so that what is not locked is met by somebody else within a few rounds.
"""

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from itertools import count
from types import FrameType
from typing import Any, Protocol, TypeVar

import attrs

from ticketcore.ports import Store
from ticketcore.testing.under_test import AnyStoreUnderTest, UnderTest, new_tenant, opened

A = TypeVar("A")
T = TypeVar("T")
U = TypeVar("U")

PATIENCE = 60.0
"""Seconds after which a thread or process that does not come back is given up."""

_PAUSE = 0.05
"""Seconds that a stopped commit waits for the other, which may itself be waiting for it."""

_STUMBLE = 0.04
"""How likely a line makes its thread stumble."""


class Barrier(Protocol):
    """Of threads or of processes."""

    def wait(self, timeout: float | None = None) -> int:
        """Until all have come."""
        ...

    def abort(self) -> None:
        """Let nobody wait any longer."""
        ...


def background(work: Callable[[], T]) -> "Future[T]":
    """The work in a thread of its own, which does not keep the program from ending."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def in_threads(works: Sequence[Callable[[], T]]) -> list[T]:
    """What each gives, all running at once and stumbling.  Raises what the first of them raised that did not wait."""
    with _frequent_switches():
        futures = [background(partial(_stumbling, work, seed)) for seed, work in enumerate(works)]
        errors = [future.exception(PATIENCE) for future in futures]
    for error in sorted(filter(None, errors), key=lambda error: isinstance(error, threading.BrokenBarrierError)):
        raise error
    return [future.result() for future in futures]


@contextmanager
def _frequent_switches() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def _stumbling(work: Callable[[], T], seed: int) -> T:
    chance = random.Random(seed)

    def trace(_frame: FrameType, event: str, _: object) -> Any:
        if event == "line" and chance.random() < _STUMBLE:
            time.sleep(1e-5)
        return trace

    sys.settrace(trace)
    try:
        return work()
    finally:
        sys.settrace(None)


Round = Callable[[A, int, int], T]
"""What a rival does in one round: given its instance of the adapter, its own number and the number of the round."""


def rival(under_test: UnderTest[A], work: "Round[A, T]", own: int, rounds: int, barrier: Barrier) -> list[T]:
    """One rival of a race: opens an instance of its own, and begins each round together with the others."""
    try:
        with opened(under_test) as instance:
            done = []
            for number in range(rounds):
                barrier.wait(PATIENCE)
                done.append(work(instance, own, number))
            return done
    except BaseException:
        barrier.abort()
        raise


def race_in_threads(under_test: UnderTest[A], work: "Round[A, T]", rounds: int, rivals: int = 3) -> list[tuple[T, ...]]:
    """What the rivals came to in each round, each in a thread: the last with an instance of its own, the others with
    one between them.
    """
    barrier = threading.Barrier(rivals)
    with opened(under_test) as instance:
        shared = attrs.evolve(under_test, open=lambda: instance, close=lambda _: None)
        ways = [shared] * (rivals - 1) + [under_test]
        done = in_threads([partial(rival, each, work, own, rounds, barrier) for own, each in enumerate(ways)])
    return list(zip(*done, strict=True))


class _Stop:
    """A hook that stops whoever comes for the nth time, until it may go on."""

    def __init__(self, nth: int) -> None:
        self._left = nth
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __call__(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            self.go_on.wait(PATIENCE)


def stopped_everywhere(
    under_test: AnyStoreUnderTest,
    prepare: Callable[[Store, str], object],
    first: Callable[[Store, str], T],
    second: Callable[[Store, str], U],
) -> Iterator[tuple[str, T, U]]:
    """Stop ``first`` before its first, second, ... statement, and run ``second`` there; then let ``first`` end.

    Each time on a fresh tenant that ``prepare`` fills.  Gives the tenant and what the two came to.  Gives nothing
    for an adapter without ``before_statement``.
    """
    install = under_test.before_statement
    if install is None:
        return
    for nth in count(1):
        tenant = new_tenant()
        stop = _Stop(nth)
        with opened(under_test) as one, opened(under_test) as other:
            prepare(one, tenant)
            install(one, stop)
            stopped = background(partial(first, one, tenant))
            while not stop.reached.wait(0.001) and not stopped.done():
                pass
            meanwhile = background(partial(second, other, tenant))
            try:
                meanwhile.exception(_PAUSE)
            except TimeoutError:
                pass
            finally:
                stop.go_on.set()
            yield tenant, stopped.result(PATIENCE), meanwhile.result(PATIENCE)
        if not stop.reached.is_set():
            assert nth > 1, "the hook of before_statement was never called"
            return
