"""Which queue a new ticket goes to, of which type it is, what it is tagged with and which skills it asks for."""

from ticketcore.model import Condition, Configuration, Inbound, Routing
from ticketcore.text import folded, mentions


def route(configuration: Configuration, inbound: Inbound, organisation: str | None = None) -> Routing:
    """What the first rule that applies says; without one, the default queue.  O(rules x text).

    ``organisation`` is the one that the sender belongs to, if any.  The tags are those that the message came with and
    those of the rule, sorted.
    """
    tags = inbound.tags
    words = folded(f"{inbound.subject}\n{inbound.text}")
    for rule in configuration.rules:
        if applies(rule.when, inbound, words, organisation):
            return Routing(rule.queue, rule.id, _united(tags, rule.tags), rule.skills, rule.priority, rule.type)
    return Routing(configuration.default_queue, tags=_united(tags, ()))


def applies(condition: Condition, inbound: Inbound, folded_words: str, organisation: str | None) -> bool:
    """Whether every part of the condition that is given holds."""
    return (
        (not condition.channels or inbound.channel in condition.channels)
        and (not condition.accounts or inbound.account in condition.accounts)
        and (not condition.organisations or organisation in condition.organisations)
        and (not condition.tags or any(tag in condition.tags for tag in inbound.tags))
        and (not condition.attributes or _has(inbound, condition.attributes))
        and (not condition.keywords or mentions(folded_words, condition.keywords))
    )


def _has(inbound: Inbound, wanted: tuple[tuple[str, str], ...]) -> bool:
    attributes = dict(inbound.attributes)
    return all(folded(attributes.get(name, "")) == folded(value) for name, value in wanted)


def _united(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*some, *others}))
