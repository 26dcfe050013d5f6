"""The store in memory keeps the contract of a store."""

import pytest

from ticketcore.stores import MemoryStore
from ticketcore.testing import StoreConformance, StoreUnderTest


class TestMemoryStore(StoreConformance):
    @pytest.fixture
    def under_test(self):
        store = MemoryStore()
        return StoreUnderTest(open=lambda: store, processes=False, durable=False)
