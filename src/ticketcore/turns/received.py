"""What a desk answers to an inbound message."""

import attrs

from ticketcore.model import Action, Cause, Decision, Disposition, Segmentation, Ticket, Verdict
from ticketcore.model.values import quick, replaced
from ticketcore.ports import Recorded
from ticketcore.reopening import RESTING


@quick
@attrs.frozen
class Received:
    """What became of an inbound message.

    ``disposition`` is the answer in a word.  ``ticket`` is the one that it is in, or that it concerns if it was kept
    without one; ``message`` is the id under which it is kept.  ``events`` are what was recorded, with their positions,
    and ``decisions`` why, in the order in which they were made.  A duplicate names what its first delivery came to, and
    has no events.  ``missing`` are the attributes that a new ticket lacks though its type requires them of customers.
    ``may_acknowledge`` says that the host may send an automatic answer; never to what was kept, or was here before.
    """

    disposition: Disposition
    ticket: Ticket | None
    message: str
    events: tuple[Recorded, ...] = ()
    decisions: tuple[Decision, ...] = ()
    missing: tuple[str, ...] = ()
    may_acknowledge: bool = False


def held_back(segmentation: Segmentation, cause: Cause) -> Segmentation:
    """The same as one that comes to nothing yet; it names the ticket that it was to join, or goes on from."""
    ticket = None if segmentation.opens and not segmentation.follows_up else segmentation.ticket
    quarantined, likelihood = Verdict.QUARANTINED, segmentation.likelihood
    return Segmentation(segmentation.reason, ticket, verdict=quarantined, held=cause, likelihood=likelihood)


def explained(said: Segmentation, held: Cause | None) -> Segmentation:
    """What the segmenter said, and why the message is held back nevertheless, if it is."""
    return replaced(said, held=held, verdict=said.verdict if held is None else Verdict.QUARANTINED)


def disposition(segmentation: Segmentation, before: Ticket | None, after: Ticket | None) -> Disposition:
    """The answer in a word, by the ticket that the message names as it was ``before`` and as it is ``after``."""
    if segmentation.held is not None:
        return Disposition.ASKED if segmentation.held is Cause.UNSURE else Disposition.QUARANTINED
    if segmentation.verdict is not None:
        return Disposition.KEPT
    if segmentation.opens:
        return Disposition.FOLLOW_UP if segmentation.follows_up else Disposition.OPENED
    assert before is not None
    assert after is not None
    return Disposition.CONTINUED if before.state == after.state else Disposition.REOPENED


def brought_about(segmentation: Segmentation, before: Ticket | None) -> Action | None:
    """What the message does of itself that can be limited, if anything."""
    if segmentation.verdict is not None:
        return None
    if segmentation.opens:
        return Action.OPEN
    resting = segmentation.reopens and before is not None and before.category in RESTING
    return Action.REOPEN if resting else None
