"""What a kernel leaves to others: work that is not plain, and tickets of which more becomes while they wait."""

from typing import Protocol, TypeAlias

from ticketcore.sim.drawing import Course, Drawn
from ticketcore.sim.recording import Kind

Ticket: TypeAlias = Drawn[Kind]
"""A ticket with all that was drawn for it."""


class Handling(Protocol):
    """Work that is not plain: in several touches, or several tickets at once that slow each other down.

    ``away`` is how many customers are silent, or will come again.
    """

    away: int

    def start(self, ticket: Ticket, agent: str, work: int, at: int) -> None:
        """An agent begins a touch that takes so long if it is alone."""
        ...

    def left(self, ticket: Ticket, course: Course, at: int) -> None:
        """The customer of a ticket left, and may come again."""
        ...

    def hand_back(self, agent: str, at: int) -> None:
        """What the agent works on waits again, and takes what is left of its time."""
        ...

    def count_from(self, at: int) -> None:
        """Work counts from now on; what was done before does not any more."""
        ...

    def count_until(self, at: int) -> None:
        """Work that goes on counts until now."""
        ...


class Asking(Protocol):
    """What becomes of tickets of some classes while they wait: agents are asked first, and what they ask gives way."""

    def begins(self, ticket: Ticket, at: int) -> None:
        """A ticket begins to wait."""
        ...

    def offer(self, ticket: Ticket, agent: str, at: int) -> None:
        """An agent is asked whether they take a ticket, which the engine knows to be theirs."""
        ...

    def left(self, ticket: Ticket, at: int) -> bool:
        """The customer of a ticket leaves: whether somebody was being asked."""
        ...

    def look_again(self, agent: str, at: int) -> None:
        """The agent went off, or is another: they are asked no more what they cannot take."""
        ...
