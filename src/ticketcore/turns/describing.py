"""Attributes on their way into values (words become Text records, the rest stays plain), and handing over with them."""

from collections.abc import Iterable, Mapping

from ticketcore.attributes import lacking
from ticketcore.commands import ChangeAttributes, HandOver, Note, PassOn, SetAttributes, TurnAsynchronous
from ticketcore.decide.attributes import undeclared
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.model import (
    AttributeValue,
    Audience,
    Configuration,
    Given,
    Inbound,
    Routing,
    Stage,
    Ticket,
    TicketKind,
    TicketType,
)
from ticketcore.model.attributes import texts_given
from ticketcore.turns.work import Context, Work
from ticketcore.turns.writing import Words

Described = tuple[tuple[AttributeValue, ...], tuple[str, ...]]
"""The values that attributes get, and the ids of those that lose theirs."""


def set_attributes(context: Context, work: Work, command: SetAttributes) -> None:
    """Give a ticket other values of its attributes.  ``InvalidInput`` names the attribute that cannot have one."""
    ticket = work.facts.ticket(command.ticket)
    type = work.configuration.type(ticket.type)
    values, cleared = _described(context, work, ticket, type, command.values, "SetAttributes")
    work.do(ChangeAttributes(ticket.id, values, cleared, command.actor))


def hand_over(context: Context, work: Work, command: HandOver) -> None:
    """Give a ticket to other people as one of their type, with its conversation, which is not live any more.

    ``NotFound`` for a type that is not declared; ``InvalidInput`` names an attribute that cannot have its value.
    """
    ticket, actor = work.facts.ticket(command.ticket), command.actor
    type = work.configuration.type(command.type or ticket.type)
    if type is None and command.type is not None:
        raise NotFound("type", command.type)
    type = type or work.configuration.types[0]
    values, cleared = _described(context, work, ticket, type, command.values, "HandOver")
    work.do(PassOn(ticket.id, command.queue, type.id, values, cleared, actor))
    work.do(TurnAsynchronous(ticket.conversation, ticket.id, actor))


def note_of(command: HandOver) -> Note | None:
    """The note that goes along with a hand-over, if one does."""
    return Note(command.ticket, command.actor, command.note) if command.note.strip() else None


def _described(
    context: Context,
    work: Work,
    ticket: Ticket,
    type: TicketType | None,
    given: Iterable[tuple[str, Given | None]],
    command: str,
) -> Described:
    words = Words(context.ids, f"{ticket.id}/{ticket.version}/attributes")
    values: list[AttributeValue] = []
    cleared = []
    for name, value in given:
        field = f"{command}.values[{name!r}]"
        attribute = None if type is None else type.attribute(name)
        if value is None:
            cleared.append(name)
            continue
        if attribute is None:
            raise undeclared(type, name, field)
        for i, text in enumerate(texts_given(attribute, value, field)):
            kept = words.add(f"{name}/{i}", text) if attribute.is_words else text
            assert kept is not None, "what says nothing was refused"
            values.append(AttributeValue(name, attribute.value_kind, kept))
    work.texts.extend(words.texts)
    return tuple(values), tuple(cleared)


def opening_type(configuration: Configuration, inbound: Inbound, routing: Routing) -> TicketType:
    """The type of a ticket that the message would open: what the host says, then what its rule says, then the first.

    ``InvalidInput`` for one that the host names and that is not declared, or that no customer knows of.
    """
    if inbound.type is None:
        by_rule = None if routing.type is None else configuration.type(routing.type)
        return by_rule or configuration.types[0]
    type = configuration.type(inbound.type)
    if type is None:
        raise InvalidInput("Inbound.type", f"no type {inbound.type!r} is declared")
    if type.kind is not TicketKind.CUSTOMER:
        raise InvalidInput("Inbound.type", f"is not for customers: {inbound.type!r}")
    return type


def opening_values(
    type: TicketType, given: Iterable[tuple[str, str]]
) -> tuple[tuple[AttributeValue, ...], tuple[tuple[str, str], ...]]:
    """What a message brings along: the values that are not words, and the rest as it came.

    Nothing is refused: what is no value of its attribute, or of none that the type declares, is words.
    """
    values, words = [], []
    declared: Mapping[str, object] = {attribute.id: attribute for attribute in type.attributes}
    for name, text in given:
        attribute = type.attribute(name) if name in declared else None
        try:
            plain = () if attribute is None or attribute.is_words else texts_given(attribute, text, name)
        except InvalidInput:
            plain = ()
        values += [AttributeValue(name, attribute.value_kind, one) for one in plain if attribute is not None]
        words += [] if plain else [(name, text)]
    return tuple(values), tuple(words)


def missing_of(configuration: Configuration, ticket: Ticket) -> tuple[str, ...]:
    """What a ticket that its customer opened lacks of what customers are to give then."""
    return lacking(configuration, ticket.type, ticket.attributes, Stage.CREATE, Audience.CUSTOMER)
