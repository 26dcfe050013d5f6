"""The suite for blob stores: what the author of one subclasses."""

import os
import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ticketcore.errors import InvalidInput, NotFound, StoreFailure, StoreFault
from ticketcore.model import Blob
from ticketcore.ports import BlobStore
from ticketcore.testing.blob_work import (
    PLACES,
    ROUNDS,
    assert_each_reads_what_it_put,
    die_before,
    effects_of_a_put,
    fresh,
    large,
    looking,
    many,
    put_on,
    there,
)
from ticketcore.testing.concurrency import race_in_threads
from ticketcore.testing.processes import in_process, race_in_processes, until_death
from ticketcore.testing.under_test import AnyBlobStoreUnderTest, Suite, opened

EXAMPLES = 20 * (20 if os.environ.get("HYPOTHESIS_PROFILE") == "proof" else 1)
"""How many contents are tried."""

DIGESTS = {
    b"": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    b"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": (
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
}
"""The examples of SHA-256 that come with FIPS 180-4, and that of no bytes."""


class BlobStoreConformance(Suite):
    """The contract of ``ticketcore.ports.BlobStore`` as tests.  Subclass it and give the fixture ``under_test``.

    Nothing is removed, and what one test puts is in no other's way, so all may use one place.
    """

    @pytest.fixture
    def under_test(self) -> AnyBlobStoreUnderTest:
        """The blob store to be tested; every subclass gives its own."""
        raise NotImplementedError("a conformance class needs a fixture `under_test` that returns a BlobStoreUnderTest")

    @pytest.fixture
    def blobs(self, under_test: AnyBlobStoreUnderTest) -> Iterator[BlobStore]:
        """The blob store, opened."""
        with opened(under_test) as blobs:
            yield blobs

    @pytest.fixture
    def killable(self, under_test: AnyBlobStoreUnderTest) -> None:
        """Skips what kills a process in the middle of a put."""
        if not under_test.killable:
            pytest.skip("a put cannot be killed: needs processes=True and durable=True")

    def test_any_bytes_come_back(self, blobs: BlobStore) -> None:
        """What was put comes back as it was, whatever else was put before and after."""

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
        @given(st.lists(st.binary(max_size=5000), max_size=5))
        def law(contents: list[bytes]) -> None:
            kept = [blobs.put(content) for content in contents]
            assert kept == [Blob.of(content) for content in contents]
            assert [blobs.get(blob) for blob in kept] == contents

        law()

    def test_bytes_are_not_text(self, blobs: BlobStore) -> None:
        """Ends of lines, zeros, spaces at the ends and what is no UTF-8 are bytes like others."""
        for content in (b"\r\n", b"\n", b"\0", b" ", b"", b"\xff\xfe", b"\x1a\x04", bytes(range(256)), b"\xc3\xa9"):
            assert blobs.get(blobs.put(content)) == content

    def test_same_bytes_same_blob(self, under_test: AnyBlobStoreUnderTest) -> None:
        """The same bytes are the same blob, however often and through whichever instance they are put."""
        content = fresh()
        with opened(under_test) as one, opened(under_test) as other:
            assert one.put(content) == one.put(bytes(bytearray(content))) == other.put(content)
            assert one.put(fresh()) != other.put(content)
            assert one.get(Blob.of(content)) == other.get(Blob.of(content)) == content

    def test_digest_is_sha_256(self, blobs: BlobStore) -> None:
        """A blob is named by the SHA-256 of its bytes."""
        for content, sha256 in DIGESTS.items():
            blob = blobs.put(content)
            assert blob == Blob(sha256, len(content))
            assert blobs.get(blob) == content

    def test_missing_blob_is_named(self, blobs: BlobStore) -> None:
        """What is not here is ``NotFound``, which says what is missing."""
        kept = blobs.put(fresh())
        missing = Blob(kept.sha256[:-1] + ("1" if kept.sha256[-1] == "0" else "0"), kept.size)
        for blob in (missing, Blob.of(fresh()), Blob("0" * 64, 0)):
            with pytest.raises(NotFound) as refused:
                blobs.get(blob)
            assert (refused.value.kind, refused.value.id) == ("blob", blob.sha256)

    def test_size_limit(self, under_test: AnyBlobStoreUnderTest, blobs: BlobStore) -> None:
        """A put takes ``max_size`` bytes and not one more, and says how many came; nothing is kept of those."""
        largest = fresh(under_test.max_size)
        assert blobs.get(blobs.put(largest)) == largest
        over = largest + b"!"
        with pytest.raises(InvalidInput) as refused:
            blobs.put(over)
        assert refused.value.field == "content"
        assert refused.value.reason == f"must be at most {under_test.max_size} bytes, is {len(over)}"
        assert not there(blobs, over)

    def test_only_bytes(self, blobs: BlobStore) -> None:
        """What is not bytes is refused, also when it could be taken for them."""
        others: list[Any] = ["text", bytearray(b"array"), memoryview(b"view"), [1, 2], None, 7]
        for content in others:
            with pytest.raises(InvalidInput) as refused:
                blobs.put(content)
            assert refused.value.field == "content"

    def test_wrong_size(self, blobs: BlobStore) -> None:
        """A blob of another size than that of the bytes with its digest is answered with no bytes at all."""
        kept = blobs.put(fresh())
        for size in (0, kept.size - 1, kept.size + 1, 2**70):
            with pytest.raises((NotFound, StoreFailure)):
                blobs.get(Blob(kept.sha256, size))

    def test_puts_at_once(self, under_test: AnyBlobStoreUnderTest) -> None:
        """Threads put the same bytes at once, again and again: each has its blob, and reads it."""
        assert_each_reads_what_it_put(under_test, race_in_threads)

    @pytest.mark.usefixtures("processes")
    def test_puts_at_once_between_processes(self, under_test: AnyBlobStoreUnderTest) -> None:
        """Processes put the same bytes at once, again and again: each has its blob, and reads it."""
        assert_each_reads_what_it_put(under_test, partial(race_in_processes, rivals=3))

    def test_half_a_blob(self, under_test: AnyBlobStoreUnderTest) -> None:
        """Who reads while another thread puts finds the whole blob or none."""
        race_in_threads(under_test, looking(under_test), ROUNDS, rivals=2)

    @pytest.mark.usefixtures("processes")
    def test_half_a_blob_between_processes(self, under_test: AnyBlobStoreUnderTest) -> None:
        """Who reads while another process puts finds the whole blob or none."""
        race_in_processes(under_test, looking(under_test), ROUNDS)

    @pytest.mark.usefixtures("killable")
    def test_half_a_blob_when_killed(self, under_test: AnyBlobStoreUnderTest) -> None:
        """A process that dies anywhere in a put leaves the whole blob or none, and the next put makes it whole.

        A put that has returned is kept.
        """
        places = range(1, in_process(partial(effects_of_a_put, under_test)) + 2)
        for nth in [*places[:: 1 + len(places) // PLACES], places[-1]]:
            content = fresh(large(under_test))
            told, died = until_death(partial(die_before, under_test, content, nth))
            assert died
            with opened(under_test) as blobs:
                assert there(blobs, content) or not told, f"what was put is there: {nth}"
                assert blobs.get(blobs.put(content)) == content

    @pytest.mark.usefixtures("killable")
    def test_half_a_blob_when_killed_at_random(self, under_test: AnyBlobStoreUnderTest) -> None:
        """A process that is killed while it puts leaves each blob whole or not at all, and all that were acknowledged.

        This is for what happens within one call, and in other threads of the adapter.
        """
        seed = random.randrange(2**32)
        print(f"seed of the times of death: {seed}")  # noqa: T201  (pytest shows it when the test fails)
        chance = random.Random(seed)
        for _ in range(3):
            contents = many(under_test, 30)
            told, _ = until_death(partial(put_on, under_test, contents), after=chance.uniform(0, 0.03))
            with opened(under_test) as blobs:
                kept = [there(blobs, content) for content in contents]
                assert kept[: len(told)] == [True] * len(told), f"what was put is there (seed {seed})"
                assert not any(kept[len(told) + 1 :])
                half = contents[min(len(told), len(contents) - 1)]
                assert blobs.get(blobs.put(half)) == half

    def test_damaged_content(self, under_test: AnyBlobStoreUnderTest) -> None:
        """Content that has changed is told and never returned; when it is put again it is whole."""
        if under_test.damage is None:
            pytest.skip("no damage: nothing says how to change what the store keeps")
        content, other = fresh(), fresh()
        with opened(under_test) as blobs:
            blob, unharmed = blobs.put(content), blobs.put(other)
            under_test.damage(blobs, blob)
        for _ in range(2):
            with opened(under_test) as blobs, pytest.raises(StoreFailure) as told:
                blobs.get(blob)
            assert told.value.fault is StoreFault.CORRUPT
            assert told.value.path
        with opened(under_test) as blobs:
            assert blobs.get(unharmed) == other
            assert blobs.put(content) == blob
            assert blobs.get(blob) == content

    @pytest.mark.usefixtures("durable")
    def test_opened_again(self, under_test: AnyBlobStoreUnderTest) -> None:
        """What was put survives the instance."""
        contents = [b"", *many(under_test, 5)]
        with opened(under_test) as blobs:
            kept = [blobs.put(content) for content in contents]
        with opened(under_test) as blobs:
            assert [blobs.get(blob) for blob in kept] == contents
