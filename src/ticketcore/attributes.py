"""Which attributes of a ticket are shown to whom, and which it lacks.

Only plain values are looked at: no rule reads what a person wrote.
"""

from collections.abc import Iterable

from ticketcore.model import Actor, ActorKind, Attribute, AttributeValue, Audience, Configuration, Stage


def shown(
    attributes: Iterable[Attribute], values: Iterable[AttributeValue], audience: Audience
) -> tuple[Attribute, ...]:
    """Those of a type's attributes that the audience sees while a ticket has these values; O(attributes + values).

    A condition on an attribute that is hidden itself does not hold.

    >>> refund = Attribute("refund", "boolean")
    >>> amount = Attribute("amount", "decimal", when={"refund": "true"})
    >>> [item.id for item in shown((refund, amount), (), Audience.AGENT)]
    ['refund']
    """
    given = frozenset((value.attribute, value.kind, value.text) for value in values)
    held: set[tuple[str, str]] = set()
    found = []
    for attribute in attributes:
        if attribute.sees(audience) and _holds(attribute.when, held):
            found.append(attribute)
            held.update(
                (name, text) for name, kind, text in given if (name, kind) == (attribute.id, attribute.value_kind)
            )
    return tuple(found)


def _holds(when: Iterable[tuple[str, str]], held: set[tuple[str, str]]) -> bool:
    return {name for name, _ in when} <= {name for name, text in when if (name, text) in held}


def lacking(
    configuration: Configuration, type: str, values: tuple[AttributeValue, ...], stage: Stage, audience: Audience
) -> tuple[str, ...]:
    """The attributes that a ticket of the type with these values lacks for a stage, in the order of the type.

    A value of another kind than the attribute has now is none.
    """
    demanded = configuration.demanded(type, stage, audience)
    declared = configuration.type(type) if demanded else None
    if declared is None:
        return ()
    visible = {attribute.id for attribute in shown(declared.attributes, values, audience)}
    present = {(value.attribute, value.kind) for value in values}
    return tuple(one.id for one in demanded if one.id in visible and (one.id, one.value_kind) not in present)


def audience_of(actor: Actor) -> Audience | None:
    """As whom an actor is asked for what a ticket lacks; None of an import, which says what was."""
    if actor.kind is ActorKind.IMPORT:
        return None
    return Audience.CUSTOMER if actor.kind is ActorKind.CONTACT else Audience.AGENT
