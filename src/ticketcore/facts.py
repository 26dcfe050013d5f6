"""What a decision may look at: the tickets, agents, customers and conversations that were loaded for it."""

from collections.abc import Mapping
from typing import TypeVar

import attrs

from ticketcore.errors import NotFound
from ticketcore.evolve import Entity
from ticketcore.model import Absence, Agent, Contact, Conversation, Kind, Organisation, Quarantine, Ref, Ticket, WrapUps
from ticketcore.model.values import quick

_E = TypeVar("_E", bound=Entity)
AT_ONCE = Absence()
"""Where nothing else is said, what becomes active again is taken from those who are not there."""

_TICKET, _AGENT = Kind.TICKET, Kind.AGENT


@quick
@attrs.frozen
class Facts:
    """What was loaded: ``entities`` by reference.  Asking for one that is not there is ``NotFound``.

    ``day`` is when today began for the desk, in microseconds since 1970 UTC, and ``absence`` what holds at it for the
    work of those who are not there.  ``wrap_ups`` say how long agents wrap up what they are done with.
    """

    entities: Mapping[Ref, Entity]
    day: int = 0
    absence: Absence = AT_ONCE
    wrap_ups: WrapUps | None = None

    def ticket(self, id: str) -> Ticket:
        """The ticket ``id``."""
        try:
            return self.entities[_TICKET, id]  # type: ignore[index,return-value]  # equal to the Ref, made in less time
        except KeyError:
            raise NotFound(_TICKET, id) from None

    def agent(self, id: str) -> Agent:
        """The agent ``id``."""
        try:
            return self.entities[_AGENT, id]  # type: ignore[index,return-value]  # the same
        except KeyError:
            raise NotFound(_AGENT, id) from None

    def contact(self, id: str) -> Contact:
        """The contact ``id``."""
        return self._of((Kind.CONTACT, id), Contact)

    def organisation(self, id: str) -> Organisation:
        """The organisation ``id``."""
        return self._of((Kind.ORGANISATION, id), Organisation)

    def conversation(self, id: str) -> Conversation:
        """The conversation ``id``."""
        return self._of((Kind.CONVERSATION, id), Conversation)

    def quarantine(self, id: str) -> Quarantine:
        """What is known of the message ``id`` in quarantine."""
        return self._of((Kind.QUARANTINE, id), Quarantine)

    def knows(self, kind: Kind, id: str) -> bool:
        """Whether it was loaded."""
        return (kind, id) in self.entities

    def tickets(self) -> tuple[Ticket, ...]:
        """The tickets that were loaded."""
        return tuple([entity for entity in self.entities.values() if type(entity) is Ticket])

    def agents(self) -> tuple[Agent, ...]:
        """The agents that were loaded."""
        return tuple([entity for entity in self.entities.values() if type(entity) is Agent])

    def _of(self, name: tuple[Kind, str], expected: type[_E]) -> _E:
        entity = self.entities.get(name)  # type: ignore[call-overload]  # equal to the Ref, and made in less time
        if type(entity) is expected:
            return entity
        raise NotFound(*name)
