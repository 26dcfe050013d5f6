"""Taking work from agents who are not there, as the desk says when."""

from collections.abc import Sequence

from ticketcore.calendar.days import microseconds
from ticketcore.commands import Release
from ticketcore.events import Event, MessageAdded
from ticketcore.model import ACTIVE, Actor, Kind, Loss, MessageKind, Reassign, Ticket
from ticketcore.ports import Claim, Query
from ticketcore.turns.agent_timers import ABSENT_LONG, absence_timer
from ticketcore.turns.knowing import bring_along, know_agent
from ticketcore.turns.offering import rescind_from
from ticketcore.turns.requests import Turn, all_of, load
from ticketcore.turns.work import Work

_RULE = Actor.rule("absence")


def release_on_reply(work: Work) -> Turn[None]:
    """Take the tickets whose customers have written from agents who have been away for long."""
    absence, at = work.configuration.absence, microseconds(work.at)
    for stream, events in tuple(work.events.items()):
        if stream.kind is not Kind.TICKET or not _is_written_to(events):
            continue
        ticket = work.facts.ticket(stream.id)
        if ticket.assignee is None or not ticket.is_active:
            continue
        yield from know_agent(work, ticket)
        if absence.is_long(work.facts.agent(ticket.assignee), at):
            work.do(Release(ticket.id, Loss.PRESENCE, _RULE))


def _is_written_to(events: Sequence[Event]) -> bool:
    return any(isinstance(event, MessageAdded) and event.kind is MessageKind.CUSTOMER for event in events)


def release_from_absent(work: Work, claim: Claim) -> Turn[None]:
    """Take from an agent who has been away for long what is to be taken then.  O(tickets of theirs).

    All of it, or else that whose customers have written since they went; and what they were offered.
    """
    (agent,) = yield from load((claim.subject,))
    absence, at = work.configuration.absence, microseconds(work.at)
    if agent is None:
        return
    work.know(agent)  # type: ignore[arg-type]  # the subject of such a timer is an agent
    away = work.facts.agent(claim.subject.id)
    if not absence.is_long(away, at):
        work.timers.append(absence_timer(work.configuration, away, work.at))
        return
    yield from rescind_from(work, away.id)
    if not absence.reassign:
        return
    states = tuple(state for state, category in work.configuration.states.items() if category in ACTIVE)
    for ticket in (yield from all_of(Query(Kind.TICKET, {"assignee": away.id, "state": states}), Ticket)):
        since = None if ticket.waiting_since is None else microseconds(ticket.last_message_at)
        if Reassign.AWAY in absence.reassign or (since is not None and since >= away.memory.absent_since):
            work.know(ticket)
            yield from bring_along(work, ticket)
            work.do(Release(ticket.id, Loss.PRESENCE, Actor.timer(ABSENT_LONG)))
