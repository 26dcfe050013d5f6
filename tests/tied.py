"""What must hold of tickets that are merged, split and linked, told from the records alone."""

import attrs
from desks import everything

from ticketcore import Desk
from ticketcore.events import AttributesChanged, TicketOpened
from ticketcore.evolve import Entity
from ticketcore.model import LINKS, ActorKind, Agent, Conversation, Kind, Ref, Role, Ticket, Ties


def chain(tickets: dict[str, Ticket], id: str) -> list[str]:
    """The ticket and what it was merged into, and so on.  Fails in a circle."""
    found = [id]
    while (into := tickets[found[-1]].merged_into) is not None:
        assert into not in found, f"a circle: {found}"
        found.append(into)
    return found


def check_ties(desk: Desk) -> None:
    """Merged tickets rest, survivors are the sum of their strands, links stand on both sides and go round nowhere."""
    tickets = {ticket.id: ticket for ticket in everything(desk, Kind.TICKET)}
    homes = {message.ticket for message in everything(desk, Kind.MESSAGE)} - {None}
    parts: dict[str, set[str]] = {id: set() for id in tickets}
    for ticket in tickets.values():
        above = chain(tickets, ticket.id)
        kept = ticket.merged_into is None or not ticket.ties.merged.undoes_split or ticket.id in homes
        for id in above:
            if kept or id == ticket.id:
                parts[id].add(ticket.id)
        assert (ticket.state == "merged") is (ticket.merged_into is not None)
        if ticket.merged_into is not None:
            assert (ticket.category, ticket.waiting_since, ticket.queued_since) == ("closed", None, None)
        assert ticket.ties is None or ticket.ties != Ties()
    for id, ticket in tickets.items():
        assert set(ticket.homes) == parts[id]
        assert len(ticket.homes) == len(parts[id])
        assert ticket.homes[0] == id
        if ticket.merged_into is None and ticket.ties is not None and ticket.ties.strands:
            strands = ticket.ties.strands
            waits = [strand.waiting_since for strand in strands if strand.waiting_since is not None]
            assert ticket.waiting_since == min(waits, default=None)
            assert ticket.last_message_at == max(strand.last_message_at for strand in strands)
    _check_links(tickets)
    _check_sight(desk, tickets, homes)
    _check_own(desk, tickets)
    assert homes <= tickets.keys()


def check_erased(desk: Desk) -> None:
    """What was deleted has no words, and neither has the store: its texts are those of what was not."""
    tickets, messages = everything(desk, Kind.TICKET), everything(desk, Kind.MESSAGE)
    gone = {ticket.id for ticket in tickets if ticket.is_deleted}
    for ticket in tickets:
        if ticket.merged_into is None:
            assert (ticket.state == "deleted") is ticket.is_deleted
        else:
            assert ticket.is_deleted is (desk.resolve(ticket.id).id in gone)
    named = set()
    for ticket in tickets:
        now = [ticket.subject, *(value.text for value in ticket.attributes if value.is_words)]
        assert not (ticket.is_deleted and (now != [None] or ticket.attributes or ticket.alarms))
        for item in desk.history(Ref(Kind.TICKET, ticket.id)) if not ticket.is_deleted else ():
            if isinstance(item.event, TicketOpened):
                named |= {item.event.subject, *(id for _, id in item.event.attributes)}
            elif isinstance(item.event, AttributesChanged):
                named |= {value.text for value in item.event.values if value.is_words}
    for message in messages:
        said = {message.subject, message.text, *(file.name for file in message.attachments)}
        assert message.ticket not in gone or said == {None}
        named |= said
    assert {text.id for text in everything(desk, Kind.TEXT)} == named - {None}


def _check_links(tickets: dict[str, Ticket]) -> None:
    for ticket in tickets.values():
        assert len({(link.relation, link.other) for link in ticket.links}) == len(ticket.links)
        for link in ticket.links:
            assert ticket.id in tickets[link.other].linked(link.relation.opposite)
    for relation, kind in LINKS.items():
        for ticket in tickets.values():
            above, seen = ticket.linked(relation), {ticket.id}
            if kind.shape == "flat":
                assert not (above and ticket.linked(relation.opposite))
                continue
            assert len(above) <= 1
            while above:
                assert above[0] not in seen
                seen.add(above[0])
                above = tickets[above[0]].linked(relation)


def _check_sight(desk: Desk, tickets: dict[str, Ticket], homes: set[str]) -> None:
    """Those whom a merge brought into a conversation are those whose tickets are answered there, and no others."""
    expected: dict[str, set[tuple[str, str]]] = {}
    conversations: list[Conversation] = everything(desk, Kind.CONVERSATION)
    own = {one.id: {who.id for who in one.participants if who.role is not Role.MERGED} for one in conversations}
    for ticket in tickets.values():
        _, *above = chain(tickets, ticket.id)
        if above and ticket.ties.merged.undoes_split:  # It brought nobody in, but what it left is merged with the rest.
            above = above[1:] if ticket.id in homes else []
        for id in above:
            conversation = tickets[id].conversation
            if ticket.contact not in own[conversation]:
                expected.setdefault(conversation, set()).add((ticket.contact, ticket.id))
    for conversation in conversations:
        merged = [(who.id, who.by_ticket) for who in conversation.participants if who.role is Role.MERGED]
        assert len(set(merged)) == len(merged)
        assert set(merged) == expected.get(conversation.id, set())


def _check_own(desk: Desk, tickets: dict[str, Ticket]) -> None:
    """Whoever asked is answered, and what somebody said stands where it was theirs to say it."""
    whose = {one.id: one.contact for one in everything(desk, Kind.CONVERSATION)}
    for ticket in tickets.values():
        assert whose[ticket.conversation] == ticket.contact
    for message in everything(desk, Kind.MESSAGE):
        if message.author.kind is ActorKind.CONTACT:
            assert whose[message.conversation] == message.author.id


def likeness(entity: Entity) -> object:
    """What an undoing has to give back: all but the version, and instants of which nothing hangs."""
    match entity:
        case Ticket():
            at = entity.opened_at
            return attrs.evolve(entity, version=0, updated_at=at, state_since=at, last_message_at=at)
        case Agent():
            return (entity.id, entity.open, entity.presence, entity.teams)
        case Conversation():
            return attrs.evolve(entity, version=0)
        case _:
            return entity
