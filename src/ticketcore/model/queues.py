"""Teams, and the queues in which tickets wait for them, as a desk declares them.

Each class here raises ``InvalidInput`` naming the field that cannot be used.
"""

from datetime import timedelta

import attrs

from ticketcore.checks import instance, is_name, is_optional_name, is_words
from ticketcore.model.offer import Offering
from ticketcore.model.rules import DEFAULT
from ticketcore.model.wrap_up import is_wrap_up


@attrs.frozen
class Team:
    """A group of agents who share queues: its ``id``, and its ``name`` for people."""

    id: str = attrs.field(validator=is_name)
    name: str = attrs.field(default="", validator=is_words)


@attrs.frozen
class Queue:
    """Where tickets wait for an agent of one ``team``: its ``id``, and its ``name`` for people.

    ``escalation`` is the plan of its tickets that name none themselves.
    ``offering`` says how agents are offered its tickets; None for a queue whose tickets are theirs at once.
    ``wrap_up`` is how long, up to a week, who is done with one of its tickets still has no room for another by it; None
    for as long as its channel says.
    """

    id: str = attrs.field(validator=is_name)
    team: str = attrs.field(default=DEFAULT, validator=is_name)
    name: str = attrs.field(default="", validator=is_words)
    escalation: str | None = attrs.field(default=None, validator=is_optional_name)
    offering: Offering | None = attrs.field(default=None, validator=attrs.validators.optional(instance(Offering)))
    wrap_up: timedelta | None = attrs.field(default=None, validator=is_wrap_up)
