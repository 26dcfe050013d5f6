"""What is asked of a ticket, and what an answer may look at; the rules for each command get it."""

from datetime import datetime

import attrs

from ticketcore.decide.attributes import lacks
from ticketcore.errors import Reason, Refused
from ticketcore.events import Assigned, TicketEvent, Unassigned
from ticketcore.facts import Facts
from ticketcore.lifecycle import ENDING, HouseRules, Passage, passage
from ticketcore.model import Actor, Configuration, Loss, Move, Placement, Relation, Stage, Ticket


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
        workflow = self.configuration.workflow_of(self.ticket.origin.type)
        return passage(workflow, self.ticket, move, self.actor, self.house, state)

    def allowed(self, move: Move, state: str | None = None, stage: Stage | None = None) -> Passage:
        """The move, if nothing forbids it, and nothing lacks for the ``stage``; ``Refused`` with every reason."""
        ticket, configuration = self.ticket, self.configuration
        workflow = configuration.workflow_of(ticket.origin.type)
        asked = passage(workflow, ticket, move, self.actor, self.house, state)
        children = () if ticket.ties is None or move not in ENDING else self._children()
        reasons = () if asked.clear else asked.objections(ticket, self.actor, self.at, self.house, state, children)
        if stage is not None and configuration.demands:
            reasons += lacks(configuration, ticket, stage, asked.target, self.actor)
        if reasons:
            raise self.refused(*reasons)
        return asked

    def _children(self) -> tuple[Ticket, ...]:
        return tuple(self.facts.ticket(id) for id in self.ticket.linked(Relation.PARENT_OF))

    def refused(self, *reasons: Reason) -> Refused:
        """The answer no."""
        return Refused(type(self.command).__name__, reasons)

    def assigned(self, agent: str, placement: Placement | None, assigning: Passage) -> tuple[TicketEvent, ...]:
        """The ticket is the agent's."""
        return (
            Assigned(self.at, self.actor, agent, placement),
            *assigning.change(self.ticket, self.actor, self.at),
        )

    def unassigned(self, reason: Loss) -> tuple[TicketEvent, ...]:
        """The ticket is nobody's, if it was somebody's; it is as old as before."""
        return unassigned(self.ticket.assignee, reason, self.ticket.routing_origin, self.actor, self.at)


def unassigned(
    agent: str | None, reason: Loss, routing_origin: datetime, actor: Actor, at: datetime
) -> tuple[TicketEvent, ...]:
    """The agent, if there is one, loses a ticket, which counts as waiting from ``routing_origin`` on."""
    return () if agent is None else (Unassigned(at, actor, agent, reason, routing_origin),)
