"""All messages of a stream at once, as an import of history has them."""

from collections.abc import Sequence

from ticketcore.segmenting.deciding import Contact
from ticketcore.segmenting.stream import Said


def segmented(messages: Sequence[Said]) -> list[int]:
    """The ticket of each message: those of one ticket have the same number.

    Each is decided from itself and those before it.
    """
    contact = Contact()
    return [contact.decide(each).ticket for each in messages]
