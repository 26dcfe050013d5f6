"""The desk of the shop, on the database that Django uses."""

import logging
from functools import cache

from django.db import connection, transaction

from ticketcore import AgentProfile, Configuration, Desk, Parts
from ticketcore.stores import JoinedSqliteStore, SqliteStore

log = logging.getLogger(__name__)


def committed(commit, committed):
    """Something is stored for good: time to wake whoever sends what is in the outbox."""
    log.info("committed up to event %d", committed.position)


@cache
def desk_on(path):
    """The desk with connections of its own, for a worker that ticks and sends, and for tests."""
    return Desk(
        SqliteStore(path, shared=True),
        tenant="shop",
        config=Configuration(agents=[AgentProfile("ana", capacity=100), AgentProfile("bo", capacity=100)]),
        parts=Parts(after_commit=committed),
    )


def own_desk():
    """The desk with connections of its own, on the database of the moment."""
    return desk_on(connection.settings_dict["NAME"])


def desk():
    """The desk in the transaction that the request has open; stored or gone with it."""
    return own_desk().within(JoinedSqliteStore(connection.connection), later=transaction.on_commit)
