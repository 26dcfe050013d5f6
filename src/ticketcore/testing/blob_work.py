"""What rivals and the dying do with a blob store, and what they find there."""

import ctypes
import itertools
import random
import time
from collections.abc import Callable
from functools import partial

from ticketcore.errors import NotFound
from ticketcore.model import Blob
from ticketcore.ports import BlobStore
from ticketcore.testing.concurrency import PATIENCE, Round
from ticketcore.testing.processes import Report, before_each_effect, die, shared_counts
from ticketcore.testing.under_test import AnyBlobStoreUnderTest, opened

ROUNDS = 10
"""How often rivals meet."""

PLACES = 200
"""Most places of a put at which a process dies, or waits for others to come in between."""

LINGER = 0.001
"""Seconds in which rivals come as far as each other."""

LOOK = 0.05
"""Seconds in which somebody reads a blob, unless they wait for the put to end."""

SEEN = 2**30
"""More looks than anybody takes: the count of those who have seen the blob."""

Race = Callable[..., list[tuple[bool, ...]]]
"""Lets rivals work at once, in threads or processes; what each of them came to, round by round."""


def fresh(size: int = 1000) -> bytes:
    """So many bytes that nobody has put."""
    return random.SystemRandom().randbytes(size)


def large(under_test: AnyBlobStoreUnderTest) -> int:
    """A size that no buffer holds, if the store takes it."""
    return min(300_000, under_test.max_size)


def many(under_test: AnyBlobStoreUnderTest, count: int = ROUNDS) -> list[bytes]:
    """So many contents that nobody has put."""
    return [fresh(large(under_test)) for _ in range(count)]


def there(blobs: BlobStore, content: bytes) -> bool:
    """Whether the blob of these bytes is here, and if so, whole."""
    try:
        found = blobs.get(Blob.of(content))
    except NotFound:
        return False
    assert found == content, "never other bytes than those that were put"
    return True


def _step(under_test: AnyBlobStoreUnderTest) -> int:
    """How many effects there are from one place at which a put waits to the next."""
    return 1 + effects_of_a_put(under_test) // PLACES


def _put(blobs: BlobStore, content: bytes, step: int, wait: Callable[[], object]) -> Blob:
    """Put the content slowly: wait before every so many effects."""
    effects = itertools.count()

    def hook() -> None:
        if next(effects) % step == 0:
            wait()

    return before_each_effect(partial(blobs.put, content), hook)


def _put_and_get(contents: list[bytes], step: int, blobs: BlobStore, _own: int, number: int) -> bool:
    """Put the content of this round, in every other one slowly, and read it."""
    content = contents[number]
    blob = blobs.put(content) if number % 2 else _put(blobs, content, step, partial(time.sleep, LINGER))
    return blobs.get(blob) == content


def assert_each_reads_what_it_put(under_test: AnyBlobStoreUnderTest, race: Race) -> None:
    """Rivals put the same content in each round; each reads it at once, and it is there in the end."""
    contents = many(under_test)
    done = race(under_test, partial(_put_and_get, contents, _step(under_test)), ROUNDS)
    assert all(all(rivals) for rivals in done)
    with opened(under_test) as blobs:
        assert all(there(blobs, content) for content in contents)


def looking(under_test: AnyBlobStoreUnderTest) -> "Round[BlobStore, None]":
    """A race of one that puts and one that looks."""
    return partial(_put_or_look, many(under_test), _step(under_test), shared_counts(ROUNDS))


def _put_or_look(
    contents: list[bytes], step: int, looks: "ctypes.Array[ctypes.c_long]", blobs: BlobStore, own: int, number: int
) -> None:
    """The first rival puts the content of this round; the second reads until it is there.

    In every other round the first waits for looks of the second, so that nothing is between two effects unseen.
    """
    if own == 1:
        end = time.monotonic() + PATIENCE / 2
        while not there(blobs, contents[number]):
            assert time.monotonic() < end, "what was put is never there"
            looks[number] += 1
        looks[number] = SEEN
    elif number % 2:
        blobs.put(contents[number])
    else:
        _put(blobs, contents[number], step, partial(_wait_for_a_look, looks, number))


def _wait_for_a_look(looks: "ctypes.Array[ctypes.c_long]", number: int) -> None:
    """Until somebody has begun to look and ended, or waits for this put to end."""
    enough, end = min(looks[number] + 2, SEEN), time.monotonic() + LOOK
    while looks[number] < enough and time.monotonic() < end:
        time.sleep(LOOK / 1000)


def effects_of_a_put(under_test: AnyBlobStoreUnderTest) -> int:
    """How many calls a put makes in which it could change something."""
    effects = 0

    def count() -> None:
        nonlocal effects
        effects += 1

    with opened(under_test) as blobs:
        before_each_effect(partial(blobs.put, fresh(large(under_test))), count)
    return effects


def die_before(under_test: AnyBlobStoreUnderTest, content: bytes, nth: int, report: Report) -> None:
    """Put the content and die before its nth effect, or just after it was put."""
    left = nth

    def hook() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            die()

    before_each_effect(partial(under_test.open().put, content), hook)
    report("put")
    die()


def put_on(under_test: AnyBlobStoreUnderTest, contents: list[bytes], report: Report) -> None:
    """Put one content after the other, and tell of each."""
    blobs = under_test.open()
    for number, content in enumerate(contents):
        blobs.put(content)
        report(number)
