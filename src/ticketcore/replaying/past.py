"""The history of a desk as a store has it, to be gone through as often as is needed."""

from collections.abc import Iterator

from ticketcore.errors import NotFound
from ticketcore.model import Configuration, Kind, Ref
from ticketcore.ports import Recorded, Store

PAGE = 1000
"""How many events are read at once."""


class Past:
    """All that has happened to a ``tenant``, event by event, and the configurations that it was decided by.

    What comes into the store while it is gone through comes last.
    """

    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self.tenant = tenant

    def __iter__(self) -> Iterator[Recorded]:
        position = 0
        while page := self._store.events(self.tenant, position, limit=PAGE):
            yield from page
            position = page[-1].position

    def configuration(self, version: int) -> Configuration:
        """The configuration of this version; ``NotFound`` for none."""
        (found,) = self._store.load(self.tenant, [Ref(Kind.CONFIGURATION, str(version))])
        if not isinstance(found, Configuration):
            raise NotFound("configuration", str(version))
        return found
