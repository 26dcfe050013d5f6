"""The conformance suite catches what it is there for: each seeded fault fails the test that is named after it."""

import pytest
from faults import outcomes_of
from faulty_stores import FAULTS, SOUND

pytestmark = pytest.mark.slow

CAUGHT = [(test, store.__name__) for test, stores in FAULTS.items() for store in stores]
UNHARMED = [(test, store.__name__) for test in FAULTS for store in SOUND]


@pytest.fixture(scope="module")
def outcomes():
    return outcomes_of("faulty_stores.py::TestStore", CAUGHT + UNHARMED)


@pytest.mark.parametrize(("test", "store"), CAUGHT)
def test_a_fault_is_caught_by_the_test_named_after_it(outcomes, test, store):
    assert outcomes[test, store] == "FAILED"


@pytest.mark.parametrize(("test", "store"), UNHARMED)
def test_a_store_without_a_fault_passes_it(outcomes, test, store):
    skipped = store == "Plain" and test.endswith(("processes", "killed", "again"))
    assert outcomes.get((test, store), "SKIPPED") == ("SKIPPED" if skipped else "PASSED")
