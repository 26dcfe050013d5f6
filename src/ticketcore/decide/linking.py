"""The rules for links between tickets, and what a change of one end does to the other."""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import Link, Solve, TellLinked, Unlink
from ticketcore.decide.moving import move_ticket
from ticketcore.errors import Reason, Refused
from ticketcore.events import ChainJoined, Event, LinkAdded, LinkedMoved, LinkRemoved
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules
from ticketcore.model import LINKS, Category, Configuration, Kind, Reach, Relation, Shape, Stream, Ticket
from ticketcore.model.links import MAX_LINKS

LINK = "link"
"""The right that a link, and taking it away, demand of both tickets, if the host gives rights."""

_DONE = (Category.SOLVED, Category.CLOSED)


def link(
    _: Configuration, facts: Facts, command: Link | Unlink, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """The link is made or taken away, in both tickets; nothing when it is, or is not, there already.

    ``Refused`` for what the kind of link does not allow: a cycle, a second one of which there is one only, or to be at
    both ends of one that does not go on.
    """
    relation, lower, upper = ends(facts, command)
    actor, name = command.actor, type(command).__name__
    reasons: list[Reason] = []
    for one in (lower, upper):
        if one.is_deleted:
            reasons.append(Reason("deleted", one.id))
        elif one.merged_into is not None:
            reasons.append(Reason("merged", one.merged_into))
        elif house.has_right is not None and not house.has_right(actor, LINK, one):
            reasons.append(Reason("no_right", LINK))
    streams = Stream(Kind.TICKET, lower.id), Stream(Kind.TICKET, upper.id)
    is_there = upper.id in lower.linked(relation)
    if isinstance(command, Unlink):
        if reasons:
            raise Refused(name, tuple(dict.fromkeys(reasons)))
        if not is_there:
            return {}
        return {
            streams[0]: (LinkRemoved(at, actor, relation, upper.id),),
            streams[1]: (LinkRemoved(at, actor, relation.opposite, lower.id),),
        }
    is_there = is_there or (LINKS[relation].shape is Shape.CHAIN and leads_to(relation, lower) == upper.id)
    if not is_there:
        reasons.extend(_misshapen(facts, relation, lower, upper))
    if reasons:
        raise Refused(name, tuple(dict.fromkeys(reasons)))
    if is_there:
        return {}
    events: dict[Stream, tuple[Event, ...]] = {
        streams[0]: (LinkAdded(at, actor, relation, upper.id),),
        streams[1]: (LinkAdded(at, actor, relation.opposite, lower.id),),
    }
    if LINKS[relation].shape is Shape.CHAIN and (end := links_up(facts, relation, upper)[-1]).id != upper.id:
        events[Stream(Kind.TICKET, end.id)] = (ChainJoined(at, actor, relation, lower.id),)
    return events


def tell_linked(
    configuration: Configuration, facts: Facts, command: TellLinked, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """A ticket is told, once, in which state the other is, and solved with it where that is what the link means.

    What keeps it from being solved is told too.  What is solved already is not solved again, nor what is told only.
    """
    ticket, other = facts.ticket(command.ticket), facts.ticket(command.other)
    if any(
        (link.relation, link.other, link.told, link.told_since)
        == (command.relation, other.id, other.state, other.state_since)
        for link in ticket.links
    ):
        return {}
    stream = Stream(Kind.TICKET, ticket.id)
    events: dict[Stream, tuple[Event, ...]] = {}
    refused: tuple[str, ...] = ()
    solves = LINKS[command.relation].reach is Reach.SOLVES and not command.only_tell
    if solves and other.category is Category.SOLVED and ticket.category not in _DONE:
        try:
            events.update(move_ticket(configuration, facts, Solve(ticket.id, command.actor), at, house))
        except Refused as error:
            refused = tuple(dict.fromkeys(reason.rule for reason in error.reasons))
    told = LinkedMoved(
        at, command.actor, command.relation, other.id, other.state, other.category, other.state_since, refused
    )
    events[stream] = (told, *events.get(stream, ()))
    return events


def reached(ticket: Ticket) -> tuple[tuple[Relation, str], ...]:
    """Whom a change of the ticket's state reaches: what each is to it, and its id."""
    return tuple(
        (link.relation.opposite, link.other)
        for link in ticket.links
        if (kind := LINKS.get(link.relation.opposite)) is not None and kind.reach is not Reach.NOTHING
    )


def ends(facts: Facts, command: Link | Unlink) -> tuple[Relation, Ticket, Ticket]:
    """The link as it is declared: the relation, the ticket that is it, and the one to which it is."""
    ticket, other = facts.ticket(command.ticket), facts.ticket(command.other)
    if command.relation in LINKS:
        return command.relation, ticket, other
    return command.relation.opposite, other, ticket


def links_up(facts: Facts, relation: Relation, ticket: Ticket) -> tuple[Ticket, ...]:
    """The ticket, what it is this to, and so on to the end of the chain."""
    chain = [ticket]
    while (above := leads_to(relation, chain[-1])) is not None:
        chain.append(facts.ticket(above))
    return tuple(chain)


def leads_to(relation: Relation, ticket: Ticket) -> str | None:
    """The ticket to which it is this, in a chain."""
    return next(iter(ticket.linked(relation)), None)


def _misshapen(facts: Facts, relation: Relation, lower: Ticket, upper: Ticket) -> list[Reason]:
    """What the shape of the kind of link, or the number of links, has against it."""
    reasons = []
    if lower.id == upper.id:
        reasons.append(Reason("cycle", upper.id))
    elif LINKS[relation].shape is Shape.CHAIN:
        if (above := leads_to(relation, lower)) is not None:
            reasons.append(Reason("only_one", above))
        if lower in links_up(facts, relation, upper):
            reasons.append(Reason("cycle", upper.id))
    else:
        reasons.extend(Reason("only_one_level", one) for one in lower.linked(relation.opposite))
        reasons.extend(Reason("only_one_level", one) for one in upper.linked(relation))
    reasons.extend(Reason("too_many_links", one.id) for one in (lower, upper) if len(one.links) >= MAX_LINKS)
    return reasons
