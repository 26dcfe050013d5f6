"""What is asked of a ticket, and what an answer may look at; the rules for each command get it."""

from datetime import datetime

import attrs

from ticketcore.decide.attributes import lacks
from ticketcore.errors import Reason, Refused
from ticketcore.escalation import access_of
from ticketcore.events import Assigned, TicketEvent, Unassigned
from ticketcore.facts import Facts
from ticketcore.lifecycle import ENDING, HouseRules, Passage, passage
from ticketcore.model import Actor, Configuration, Loss, Move, Placement, Relation, Stage, Ticket
from ticketcore.model.values import making
from ticketcore.requirement import holds

_assigned = making(Assigned)


@attrs.define(eq=False)
class Asked:
    """What is asked of a ``ticket``, and all that the answer may look at.  Made for each command, so not frozen.

    ``command`` is what is asked, by ``actor``, ``at`` an instant; ``configuration``, ``facts`` and the rules of the
    ``house`` are what holds.
    """

    configuration: Configuration
    facts: Facts
    ticket: Ticket
    command: object
    actor: Actor
    at: datetime
    house: HouseRules

    def passage(self, move: Move, state: str | None = None) -> Passage:
        """What the lifecycle says about the move, or about the one to the ``state``."""
        return passage(self.configuration, self.ticket, move, self.actor, self.house, state)

    def allowed(self, move: Move, state: str | None = None, stage: Stage | None = None) -> Passage:
        """The move, if nothing forbids it, and nothing lacks for the ``stage``; ``Refused`` with every reason."""
        asked = self.passage(move, state)
        self.check(asked, state, stage)
        return asked

    def check(self, asked: Passage, state: str | None, stage: Stage | None) -> None:
        """``Refused`` with everything that forbids the passage to the ``state``, and what lacks for the ``stage``."""
        ticket, actor, configuration = self.ticket, self.actor, self.configuration
        children = self._children() if asked.move in ENDING else ()
        reasons = () if asked.clear else asked.objections(ticket, actor, self.at, self.house, state, children)
        if stage is not None and configuration.demands:
            reasons += lacks(configuration, ticket, stage, asked.target, actor)
        if reasons:
            raise self.refused(*reasons)

    def _children(self) -> tuple[Ticket, ...]:
        return tuple(self.facts.ticket(id) for id in self.ticket.linked(Relation.PARENT_OF))

    def refused(self, *reasons: Reason) -> Refused:
        """The answer no."""
        return Refused(type(self.command).__name__, reasons)

    def assigned(self, agent: str, placement: Placement | None, assigning: Passage) -> tuple[TicketEvent, ...]:
        """The ticket is the agent's.  ``Refused`` for one who may not have tickets of its queue."""
        access = access_of(self.configuration, self.ticket.queue)
        if access is not None and not holds(access, self.facts.agent(agent)):
            raise self.refused(Reason("no_access", agent))
        return (
            _assigned(self.at, self.actor, agent, placement),
            *assigning.change(self.ticket, self.actor, self.at),
        )

    def unassigned(self, reason: Loss) -> tuple[TicketEvent, ...]:
        """The ticket is nobody's, if it was somebody's; it is as old as before."""
        return unassigned(self.ticket.assignee, reason, self.ticket.routing_origin, self.actor, self.at)


def check_whole(ticket: Ticket, command: object) -> None:
    """``Refused`` for a ticket that was deleted, or is a part of another one."""
    if ticket.is_deleted:
        raise Refused(type(command).__name__, (Reason("deleted", ticket.id),))
    if ticket.merged_into is not None:
        raise Refused(type(command).__name__, (Reason("merged", ticket.merged_into),))


def unassigned(
    agent: str | None, reason: Loss, routing_origin: datetime, actor: Actor, at: datetime
) -> tuple[TicketEvent, ...]:
    """The agent, if there is one, loses a ticket, which counts as waiting from ``routing_origin`` on."""
    return () if agent is None else (Unassigned(at, actor, agent, reason, routing_origin),)
