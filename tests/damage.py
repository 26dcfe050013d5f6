"""How tests damage what a store keeps, and what the store then says."""

import sqlite3
from contextlib import closing

import pytest

from ticketcore import StoreFailure


def raw(path):
    return closing(sqlite3.connect(path, isolation_level=None))


def fault_of(work):
    with pytest.raises(StoreFailure) as caught:
        work()
    assert caught.value.path
    assert caught.value.detail
    return caught.value.fault
