"""Events about attributes and hand-overs.  Import these from ``ticketcore.events``."""

import attrs

from ticketcore.model import AttributeValue, Category, Kind
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class AttributesChanged(Event):
    """The ticket has these ``values``, instead of those that it had of the same attributes, and none of ``cleared``."""

    STREAM = Kind.TICKET

    values: tuple[AttributeValue, ...] = ()
    cleared: tuple[str, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class HandedOver(Event):
    """The ticket was handed over to other people, on the customer's behalf.

    From now on it is of the ``type``, in the ``state`` of that one's workflow, which means the ``category`` to the
    rules.  Who had it loses it, and where it goes is said by what follows.
    """

    STREAM = Kind.TICKET

    type: str
    state: str
    category: Category


@quick
@attrs.frozen(weakref_slot=False)
class TurnedAsynchronous(Event):
    """The conversation is not live any more: its ticket was handed over, and the answer comes when it comes."""

    STREAM = Kind.CONVERSATION
