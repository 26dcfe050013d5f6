"""Conformance suites: give one fixture and know whether your adapter is right.  Needs pytest and hypothesis.

A store::

    from ticketcore.testing import StoreConformance, StoreUnderTest

    class TestMyStore(StoreConformance):
        @pytest.fixture
        def under_test(self, tmp_path):
            return StoreUnderTest(
                open=lambda: MyStore(tmp_path / "desk.db"),
                before_statement=lambda store, hook: store.trace(hook),
            )

An asynchronous store is tested by the same suite, inside a ``Blocking``.
A blob store has a suite of its own: ``BlobStoreConformance``, with a ``BlobStoreUnderTest``; so has a policy of
assignment, ``PolicyConformance``, with the fixture ``policy``.

Each test is named after what it protects, and its docstring is the line of the contract that it checks.  What an
adapter does not claim is skipped with the reason, and a closing line of the run says what was not tested.
``HYPOTHESIS_PROFILE=proof`` in the environment makes the random comparison twenty times as long.
"""

import pytest

_ASSERTING = ("agenda", "atomic", "claim", "find", "order", "record", "tenant", "update")
pytest.register_assert_rewrite(
    *(f"{__name__}.{name}_contract" for name in _ASSERTING),
    *(
        f"{__name__}.{name}"
        for name in ("blob_store", "blob_work", "machine", "policies", "processes", "samples", "store", "turn")
    ),
)

from ticketcore.testing.blob_store import BlobStoreConformance  # noqa: E402  (after the registration)
from ticketcore.testing.blocking import Blocking  # noqa: E402  (after the registration)
from ticketcore.testing.policies import PolicyConformance  # noqa: E402  (after the registration)
from ticketcore.testing.store import StoreConformance  # noqa: E402  (after the registration)
from ticketcore.testing.under_test import BlobStoreUnderTest, StoreUnderTest  # noqa: E402  (after the registration)

__all__ = [
    "BlobStoreConformance",
    "BlobStoreUnderTest",
    "Blocking",
    "PolicyConformance",
    "StoreConformance",
    "StoreUnderTest",
]
