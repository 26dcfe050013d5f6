"""Runs a conformance suite over adapters that have a fault, and says what became of each test."""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) \S+::(\w+)\[(\w+)\]", re.MULTILINE)


def outcomes_of(suite, cases):
    """What became of each test on each adapter, all in one run of pytest; a skipped one is not listed.

    ``suite`` is the file and the class in it, ``cases`` pairs of a test and the name of an adapter.
    """
    tests = [f"{suite}::{test}[{adapter}]" for test, adapter in cases]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-p", "no:cacheprovider", *tests],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return {(test, adapter): outcome for outcome, test, adapter in OUTCOME.findall(run.stdout)}
