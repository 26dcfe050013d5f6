"""What decides which ticket a message is for, and finds what rules look for in it."""

from collections.abc import Set
from datetime import datetime
from typing import Protocol

import attrs

from ticketcore.model import Channel, Conversation, Inbound, Matcher, Segmentation, Strength, Ticket
from ticketcore.model.values import quick


@quick
@attrs.frozen
class Evidence:
    """What may tie a message to a ticket: the ``ticket`` and ``conversation`` that it names, or those of a message.

    ``matcher`` is by what it names them, and ``strength`` how far that is to be believed.
    """

    ticket: Ticket | None
    conversation: Conversation
    matcher: Matcher = Matcher.STORED_ID
    strength: Strength = Strength.KNOWN


@quick
@attrs.frozen
class RecentMessage:
    """What was said in a ticket: its ``text``, ``at`` an instant in UTC, by a ``channel``, and whether ``by_agent``.

    ``resolved`` says that the ticket was solved with it.
    """

    text: str
    at: datetime
    channel: str
    by_agent: bool = False
    resolved: bool = False


@quick
@attrs.frozen
class RecentTicket:
    """A ``ticket`` that a message may be for, and its latest ``messages``, the last one last; of those there is one."""

    ticket: Ticket
    messages: tuple[RecentMessage, ...]


@attrs.frozen
class Recall:
    """How far a segmenter looks back.

    At the ``tickets`` most recently talked of, among the ``latest`` that the sender opened, and at the last so many
    ``messages`` of each, notes included.
    """

    latest: int
    tickets: int
    messages: int


@quick
@attrs.frozen
class Segmentable:
    """A message to be segmented, and what is known around it.

    ``inbound`` is the message and ``channel`` how its channel threads.  ``answers`` are the tickets and earlier
    messages that it names, in the order of the matchers, and of one matcher the newest first; only those that its
    sender is part of.  What is signed is no evidence to be weighed: about such a message no segmenter is asked.
    ``conversation`` and ``current`` are the sender's own thread on this channel account and the ticket it is about, on
    a channel that has one thread per customer.  ``recent`` are the sender's tickets for a segmenter that looks back,
    the one with the latest message first, and last what the message answers if that is no recent one; ``opened`` is
    how many tickets the sender has had, as far as it looks.
    """

    inbound: Inbound
    channel: Channel
    answers: tuple[Evidence, ...]
    conversation: Conversation | None
    current: Ticket | None
    recent: tuple[RecentTicket, ...] = ()
    opened: int = 0


class Segmenter(Protocol):
    """Decides which ticket a message is for.  Pure: the same input gives the same answer."""

    def segment(self, message: Segmentable, at: datetime) -> Segmentation:
        """The ticket that it continues, or that it opens one, or that it gets none, with the reason."""
        ...


class Recalling(Segmenter, Protocol):
    """A segmenter that looks at what was said before, which is loaded for it."""

    @property
    def recall(self) -> Recall:
        """How far it looks back."""
        ...


class KeywordIndex(Protocol):
    """Finds which of the keywords that it was made of stand in a text.  Pure."""

    def find(self, text: str) -> Set[str]:
        """Those that do, of a text as ``ticketcore.text.folded`` gives it; each folded too, and on one line."""
        ...
