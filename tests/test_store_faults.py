"""The conformance suite catches what it is there for: each seeded fault fails the test that is named after it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from faulty_stores import FAULTS, SOUND

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
CAUGHT = [(test, store.__name__) for test, stores in FAULTS.items() for store in stores]
UNHARMED = [(test, store.__name__) for test in FAULTS for store in SOUND]
OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) \S+::(\w+)\[(\w+)\]", re.MULTILINE)


@pytest.fixture(scope="module")
def outcomes():
    """What became of each test on each store, all in one run of pytest."""
    tests = [f"faulty_stores.py::TestStore::{test}[{store}]" for test, store in CAUGHT + UNHARMED]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-p", "no:cacheprovider", *tests],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return {(test, store): outcome for outcome, test, store in OUTCOME.findall(run.stdout)}


@pytest.mark.parametrize(("test", "store"), CAUGHT)
def test_a_fault_is_caught_by_the_test_named_after_it(outcomes, test, store):
    assert outcomes[test, store] == "FAILED"


@pytest.mark.parametrize(("test", "store"), UNHARMED)
def test_a_store_without_a_fault_passes_it(outcomes, test, store):
    skipped = store == "Plain" and test.endswith(("processes", "killed", "again"))
    assert outcomes.get((test, store), "SKIPPED") == ("SKIPPED" if skipped else "PASSED")
