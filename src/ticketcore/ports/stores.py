"""What keeps records, events, timers and the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from ticketcore.codec import Value
from ticketcore.model import Ref, Stream, UniqueKey
from ticketcore.ports.commits import Claim, Commit, Committed, Recorded
from ticketcore.ports.queries import Page, Query


class Store(Protocol):
    """Keeps one or many tenants' records, events, timers and outbox.

    **All or nothing.**  A commit is stored whole or not at all, whatever fails or dies when, and is seen whole.

    **Versions.**  Each record has the version that the commit expects of it, and each event is later in its stream
    than all that are there; otherwise the commit is a ``Conflict``.  A commit holds a record once.  What it relies on
    as unchanged has that version when it is stored, or it is a ``Conflict`` too.

    **Erased texts.**  A Text record that a commit erases is not there any more, as if it had never been; one that is
    not there is no hindrance.  It goes after all else of the commit, and what the store can do so that nobody finds its
    words in the data either, it does.  A unique key that it held remains its own.

    **Keys.**  A unique key belongs to one record of a tenant, and claiming it for another is a ``Conflict``.

    **Numbers.**  A ticket whose opening event says 0 gets the tenant's next number inside the commit
    (``Commit.numbered``), from 1 on and without gaps: a commit that fails gives its numbers back.  No number comes
    twice, nor does one that an opening event brought along.

    **Order.**  The events of a tenant have growing positions, those of one commit consecutive ones, and a reader past
    position p never later meets an event at or before p.  Between commits positions may skip.

    **Timers and outbox.**  An entry is due when its instant has come (``due <= now``).  It is claimed by one worker at
    a time; a lease has ended at ``lease_until``.  A claim settles once, also after its lease while nobody else has
    claimed the entry, but not after a newer claim, nor after the timer was set anew; otherwise the commit is a
    ``Conflict``.  Owing an outbox id that is
    outstanding is a ``Conflict``.  Within a commit, settles come before timers, and timers before the outbox.

    **Tenants.**  Nothing of one tenant is seen or touched through another.

    A ``Conflict`` names what stood in the way, at least one of it and nothing else, and leaves nothing behind.  All of
    this holds within one commit too.  One instance may be used from many threads.  Every instant has a time zone.
    """

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """The value of the record for each reference or unique key, in order; None where there is none."""
        ...

    def find(self, tenant: str, query: Query) -> Page:
        """One page of the records that the query asks for.

        Ids are in the order of their code points; descending turns the order of ids around as well.
        """
        ...

    def commit(self, commit: Commit) -> Committed:
        """Store it all.  ``Conflict`` when it does not fit, ``StoreFailure`` when the database cannot."""
        ...

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """The events past a position, of one stream or of all, in order, at most ``limit``."""
        ...

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """Claim up to ``limit`` entries of these kinds that are due and not leased, the longest due first."""
        ...


class AsyncStore(Protocol):
    """A ``Store`` whose methods are awaited: the same five, with the same contract.

    A call that is cancelled has ended when the cancellation is raised: nothing of it goes on behind the caller's
    back.  A cancelled ``commit`` is stored whole or not at all.
    """

    async def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store.load``."""
        ...

    async def find(self, tenant: str, query: Query) -> Page:
        """See ``Store.find``."""
        ...

    async def commit(self, commit: Commit) -> Committed:
        """See ``Store.commit``."""
        ...

    async def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store.events``."""
        ...

    async def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store.claim``."""
        ...
