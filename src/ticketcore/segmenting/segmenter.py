"""What was learned, as a segmenter of a desk."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

import attrs

from ticketcore.model import (
    Category,
    Cause,
    Likelihood,
    Moving,
    Segmentation,
    SegmentReason,
    Threading,
)
from ticketcore.ports import Recall, RecentTicket, Segmentable, Segmenter
from ticketcore.segmenting.deciding import WEIGHTS, Moved, Option, Weights, weighed
from ticketcore.segmenting.likeness import Likeness, Vector
from ticketcore.segmenting.matters import REMEMBERED, Matter, Uttered
from ticketcore.segmenting.reading import LOOK, heard
from ticketcore.segmenting.recent import LATEST, RECENT, Recent, Said

TOLD = 3
"""So many features are told that spoke for a decision, and as many against it."""

RECALL = Recall(LATEST, RECENT, REMEMBERED)
"""How far it looks back."""

READ = 5 * LOOK
"""In so many characters of a mail is looked for what its author wrote."""

_heard = lru_cache(maxsize=2048)(heard)


def _as_it_is(text: str) -> str:
    return text


@attrs.frozen
class Learned:
    """Segments by what the words, the times and the state of the sender's recent tickets make most likely.

    ``otherwise`` decides about what says nothing, what no person wrote, and whoever has no ticket yet.  What is less
    probable than ``ask_below`` is held back, for somebody to say: what it names is then the best guess.
    ``newly_written`` gives what its author wrote in a mail, without what it quotes, from its first ``READ`` characters;
    of recent mails it is asked again.  Decides as ``Contact`` does of the same messages; ``weights`` are what was
    learned.  ``likeness`` lets vectors of the host's own speak too.
    """

    otherwise: Segmenter
    ask_below: float = 0.0
    newly_written: Callable[[str], str] = _as_it_is
    weights: Weights = WEIGHTS
    likeness: Likeness | None = None

    @property
    def recall(self) -> Recall:
        """See ``Recalling``."""
        return RECALL

    def segment(self, message: Segmentable, at: datetime) -> Segmentation:
        """See ``Segmenter``.  Linear in the characters that are looked at, of so many messages as ``RECALL`` says.

        Raises ``InvalidInput`` as ``Likeness.vector`` does.
        """
        inbound, tickets = message.inbound, message.recent
        text = inbound.text if inbound.text.strip() else inbound.subject
        if not tickets or inbound.is_automatic or not text.strip():
            return self.otherwise.segment(message, at)
        read = self._read if message.channel.threading is Threading.REPLY_IDS else _as_it_is
        matters = [_matter(label, ticket, read, self._vector) for label, ticket in enumerate(tickets)]
        answered = next((answer.ticket.id for answer in message.answers if answer.ticket is not None), None)
        ids = [each.ticket.id for each in tickets]
        recent = Recent(matters, message.opened, ids.index(answered) if answered in ids else None)
        said = Said(read(text), at.timestamp(), channel=inbound.channel)
        told = _heard(said.text[:LOOK])
        best, next_best, moved = weighed(
            recent, said, told, self.weights, self.likeness, self._vector(said.text), explained=True
        )
        likelihood = Likelihood(
            round(best.probability, 4),
            None if next_best.ticket is None else ids[next_best.ticket],
            round(next_best.probability, 4),
            _told(moved),
        )
        return _segmentation(best, tickets, likelihood, best.probability < self.ask_below)

    def _read(self, text: str) -> str:
        return self.newly_written(text[:READ]) or text

    def _vector(self, text: str) -> Vector:
        return () if self.likeness is None else self.likeness.vector(text[:LOOK])


def _matter(label: int, recent: RecentTicket, read: Callable[[str], str], vector: Callable[[str], Vector]) -> Matter:
    said = []
    for each in recent.messages:
        text = read(each.text)
        heard_in_it = _heard(text[:LOOK])
        said.append(Uttered(heard_in_it, each.at.timestamp(), each.channel, each.by_agent, each.resolved, vector(text)))
    return Matter.of(label, said)


def _told(moved: tuple[Moved, ...]) -> tuple[Moving, ...]:
    """The features that moved a decision most, for it and against it."""
    sides = ([each for each in moved if sign * each.weight > 0][:TOLD] for sign in (1, -1))
    return tuple(
        Moving(each.name, round(each.value, 4), round(each.weight, 4))
        for each in sorted((each for side in sides for each in side), key=lambda each: -abs(each.weight))
    )


def _segmentation(best: Option, tickets: tuple[RecentTicket, ...], likelihood: Likelihood, asks: bool) -> Segmentation:
    """What the most likely option comes to; a closed ticket is gone on from."""
    ticket = None if best.ticket is None else tickets[best.ticket].ticket
    is_closed = ticket is not None and ticket.category is Category.CLOSED
    return Segmentation(
        SegmentReason.LIKELIEST,
        None if ticket is None else ticket.id,
        opens=ticket is None or is_closed,
        follows_up=is_closed,
        held=Cause.UNSURE if asks else None,
        likelihood=likelihood,
    )
