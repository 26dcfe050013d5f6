"""The rules for attributes of tickets: what they can be, which lack forbids what, and what a hand-over needs."""

from datetime import datetime

from ticketcore.attributes import audience_of, lacking
from ticketcore.checks import meant
from ticketcore.commands import ChangeAttributes, PassOn
from ticketcore.errors import InvalidInput, NotFound, Reason, Refused
from ticketcore.events import AttributesChanged, HandedOver
from ticketcore.evolve import evolve_ticket
from ticketcore.model import (
    Actor,
    AttributeValue,
    Category,
    Configuration,
    Stage,
    State,
    Ticket,
    TicketKind,
    TicketType,
)
from ticketcore.model.attribute_values import plain_text

_SOLVE, _SOLVED = Stage.SOLVE, Category.SOLVED

REQUIRED = "attribute_required"
"""The rule of the reasons of a lack; the subject of each is the attribute that is missing."""


def lacks(
    configuration: Configuration, ticket: Ticket, stage: Stage, target: State | None, actor: Actor
) -> tuple[Reason, ...]:
    """Why the ticket does not reach the stage by this actor: a reason for each attribute that it lacks.

    ``target`` is the state that the move leads to; what a ticket needs to be solved it needs only where that is solved.
    """
    if stage is _SOLVE and (target is None or target.category is not _SOLVED or ticket.category is _SOLVED):
        return ()
    audience = audience_of(actor)
    if audience is None:
        return ()
    missing = lacking(configuration, ticket.origin.type, ticket.attributes, stage, audience)
    return tuple([Reason(REQUIRED, name) for name in missing]) if missing else ()


def changed_attributes(
    configuration: Configuration, ticket: Ticket, command: ChangeAttributes | PassOn, at: datetime
) -> tuple[AttributesChanged, ...]:
    """The attributes of the ticket from now on; nothing when it has them so already.

    ``InvalidInput`` for an attribute that its type does not declare, or a value that is none of it.
    """
    type = configuration.type(ticket.type)
    for value in command.values:
        _check(type, value)
    before = {value.attribute: _texts(ticket.attributes, value.attribute) for value in ticket.attributes}
    values = tuple(
        value
        for value in command.values
        if value.is_words or before.get(value.attribute) != _texts(command.values, value.attribute)
    )
    cleared = tuple(name for name in command.cleared if name in before)
    return (AttributesChanged(at, command.actor, values, cleared),) if values or cleared else ()


def _texts(values: tuple[AttributeValue, ...], name: str) -> tuple[tuple[str, str], ...]:
    return tuple((value.kind, value.text) for value in values if value.attribute == name)


def _check(type: TicketType | None, value: AttributeValue) -> None:
    attribute = None if type is None else type.attribute(value.attribute)
    field = f"values[{value.attribute!r}]"
    if attribute is None:
        raise undeclared(type, value.attribute, field)
    if value.kind is not attribute.value_kind:
        raise InvalidInput(field, f"must be {attribute.value_kind}, not {value.kind}")
    if attribute.options and value.text not in attribute.options:
        raise InvalidInput(field, f"is none of its options: {value.text!r}")
    if not (value.is_words or plain_text(value.kind, value.text, field) == value.text):
        raise InvalidInput(field, f"is not written as it should be: {value.text!r}")


def undeclared(type: TicketType | None, name: str, field: str) -> InvalidInput:
    """What to say of an attribute that the type does not declare."""
    known = () if type is None else [attribute.id for attribute in type.attributes]
    return InvalidInput(field, f"no attribute {name!r} is declared{meant(name, known)}")


def handed_over(
    configuration: Configuration, ticket: Ticket, command: PassOn, at: datetime
) -> tuple[HandedOver | AttributesChanged, ...]:
    """The ticket as one of the other type, with all that this one requires to be created.

    ``Refused`` while it lacks some of that, when the type is not for customers, or when nothing in its workflow means
    what the ticket's state does.  ``NotFound`` for a type or queue that is not declared.
    """
    type = configuration.type(command.type)
    if type is None:
        raise NotFound("type", command.type)
    if configuration.team_of(command.queue) is None:
        raise NotFound("queue", command.queue)
    if type.kind is not TicketKind.CUSTOMER:
        raise Refused("PassOn", (Reason("not_for_customers", type.id),))
    state = _same_state(configuration, ticket, type)
    if state is None:
        raise Refused("PassOn", (Reason("no_such_state", f"{ticket.category} in {type.workflow}"),))
    passed = HandedOver(at, command.actor, type.id, state.id, state.category)
    after = evolve_ticket(ticket, passed)
    changed = changed_attributes(configuration, after, command, at)
    for event in changed:
        after = evolve_ticket(after, event)
    if reasons := lacks(configuration, after, Stage.CREATE, state, command.actor):
        raise Refused("PassOn", reasons)
    return (passed, *changed)


def _same_state(configuration: Configuration, ticket: Ticket, type: TicketType) -> State | None:
    """The state of the same name in the workflow of a type, or else the usual one that means the same to the rules."""
    workflow = configuration.workflow_of(type.id)
    return workflow.state(ticket.state) or workflow.default(ticket.category)
