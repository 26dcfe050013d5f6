"""What becomes of the work of agents who are not there, and when they count as there again.

What cannot be used is ``InvalidInput`` naming the field.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import attrs

from ticketcore.checks import as_member, as_tuple
from ticketcore.errors import InvalidInput
from ticketcore.model.agent import MICROSECOND, Agent, Presence
from ticketcore.model.values import replaced

ABSENT = frozenset((Presence.AWAY, Presence.OFFLINE))
"""Who is so does not work on what they have."""


class Reassign(StrEnum):
    """When a ticket is taken from an agent who is not there, and goes to somebody else.

    ``AWAY``: once they have been away or offline for a while.  ``REPLY``: its customer writes, whatever its state.
    ``REOPEN``: it becomes active again, as when a customer answers a ticket that was pending or solved.
    """

    AWAY = "away"
    REPLY = "reply"
    REOPEN = "reopen"


class Absence(NamedTuple):
    """When tickets are taken from those who are absent, ``reassign``, and for how long they may be: ``grace``.

    A change of presence counts once it has lasted for ``settling``, which is no longer than the grace.
    """

    reassign: tuple[Reassign, ...] = (Reassign.REOPEN,)
    grace: timedelta = timedelta(0)
    settling: timedelta = timedelta(0)

    def is_long(self, agent: Agent, at: int) -> bool:
        """Whether the agent is away or offline, and has been for the grace, at an instant in microseconds."""
        if agent.presence not in ABSENT:
            return False
        return at >= agent.memory.absent_since + self.grace // MICROSECOND

    def keeps(self, agent: Agent, at: int) -> bool:
        """Whether an agent who is not available keeps a ticket that becomes active again."""
        if Reassign.REOPEN not in self.reassign:
            return True
        return agent.presence in ABSENT and not self.is_long(agent, at)

    def settled(self, agent: Agent) -> int | None:
        """From which instant on, in microseconds, somebody who is available is given work; None for at once."""
        if not self.settling or agent.presence is not Presence.AVAILABLE:
            return None
        return agent.memory.available_since + self.settling // MICROSECOND

    def as_settled(self, agent: Agent, at: int) -> Agent:
        """The agent as for what they are offered: who went just now has not gone yet."""
        if not self.settling or agent.presence not in ABSENT:
            return agent
        gone = agent.memory.absent_since + self.settling // MICROSECOND
        return agent if at >= gone else replaced(agent, presence=Presence.AVAILABLE)

    @property
    def looks_back(self) -> bool:
        """Whether somebody who has been absent for the grace has something to lose."""
        return Reassign.AWAY in self.reassign or bool(self.grace and self.reassign) or bool(self.settling)


def as_reassign(value: Iterable[Reassign | str]) -> tuple[Reassign, ...]:
    """An attrs converter: when tickets are taken, as a tuple.  What is none passes, for the validator to refuse."""
    items = as_tuple(value)
    return tuple(as_member(Reassign, item) for item in items) if isinstance(items, tuple) else items


def is_grace(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a timedelta that is not negative."""
    if not isinstance(value, timedelta) or value < timedelta(0):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", "must be a timedelta, and no negative one")
