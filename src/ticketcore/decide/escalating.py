"""The rules for what a ticket asks while it waits, and for those that wait in vain."""

from ticketcore.commands import Escalate, GiveUp, Part
from ticketcore.decide.asked import Asked
from ticketcore.errors import Reason
from ticketcore.escalation import reached_by, wanted_by
from ticketcore.events import AffinityEnded, Escalated, RoutingFailed, TicketEvent


def escalate(asked: Asked, command: Escalate) -> tuple[TicketEvent, ...]:
    """The ticket reaches a step, or passes it; nothing when it has reached it."""
    check_waiting(asked)
    if command.step in reached_by(asked.ticket.requirement):
        return ()
    said = (command.plan, command.step, command.granted, asked.configuration.version, command.queues)
    return (Escalated(asked.at, asked.actor, *said),)


def part(asked: Asked, command: Part) -> tuple[TicketEvent, ...]:
    """The ticket goes the normal way; nothing when it does already."""
    check_waiting(asked)
    wanted = wanted_by(asked.ticket.requirement)
    return () if wanted is None else (AffinityEnded(asked.at, asked.actor, *wanted, command.reason),)


def give_up(asked: Asked, command: GiveUp) -> tuple[TicketEvent, ...]:
    """That nothing is to come which gives the ticket an agent."""
    check_waiting(asked)
    return (RoutingFailed(asked.at, asked.actor, command.reason, command.unmet, command.plan),)


def check_waiting(asked: Asked) -> str:
    """The queue in which the ticket waits; refused when it does not."""
    if asked.ticket.queued_since is None:
        raise asked.refused(Reason("not_waiting", asked.ticket.id))
    assert asked.ticket.queue is not None, "what waits is in a queue"
    return asked.ticket.queue
