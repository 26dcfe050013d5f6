"""The conformance suite for blob stores catches what it is there for: each seeded fault fails the test for it."""

import pytest
from faults import outcomes_of
from faulty_blobs import FAULTS, SOUND

from ticketcore.testing import BlobStoreConformance

pytestmark = pytest.mark.slow

TESTS = [name for name in dir(BlobStoreConformance) if name.startswith("test_")]
CAUGHT = [(test, blobs.__name__) for test, several in FAULTS.items() for blobs in several]
UNHARMED = [(test, blobs.__name__) for test in TESTS for blobs in SOUND]
NEEDS_MORE = ("processes", "killed", "killed_at_random", "content", "again")
"""How tests end that a store in memory does not claim."""


@pytest.fixture(scope="module")
def outcomes():
    return outcomes_of("faulty_blobs.py::TestBlobs", CAUGHT + UNHARMED)


def test_every_test_has_a_fault_to_catch():
    assert sorted(FAULTS) == sorted(TESTS)


@pytest.mark.parametrize(("test", "blobs"), CAUGHT)
def test_a_fault_is_caught_by_the_test_for_it(outcomes, test, blobs):
    assert outcomes[test, blobs] == "FAILED"


@pytest.mark.parametrize(("test", "blobs"), UNHARMED)
def test_a_blob_store_without_a_fault_passes(outcomes, test, blobs):
    skipped = blobs == "Plain" and test.endswith(NEEDS_MORE)
    assert outcomes.get((test, blobs), "SKIPPED") == ("SKIPPED" if skipped else "PASSED")
