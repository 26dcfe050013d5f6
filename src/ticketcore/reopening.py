"""Whether a message takes a solved ticket up again, and what becomes of it if not.

The segmenter has said which ticket a message is for; where that is solved or closed, the rules of ``Configuration``
have the last word.  In this order: an automatic message never reopens anything, nor does one that only says thanks;
then the first rule that speaks of such a ticket decides; where none does, it stays as the segmenter said.

A rule also decides about what came after the quiet gap of its channel, or to a closed ticket: what matters is how
long ago the ticket was last solved, not how long it was quiet.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from ticketcore.clocks import elapsed
from ticketcore.model import (
    Category,
    Configuration,
    Inbound,
    Move,
    Outcome,
    Reopening,
    ReopenReason,
    ReopenRule,
    Segmentation,
    SegmentReason,
    Ticket,
    Verdict,
)
from ticketcore.model.values import replaced

RESTING = (Category.SOLVED, Category.CLOSED)
"""Where a ticket is that nobody works on any more."""

_BY_REST = (
    SegmentReason.QUIET_GAP,
    SegmentReason.TICKET_CLOSED,
    SegmentReason.REPLY_TO_CLOSED,
    SegmentReason.ACCEPTED,
    SegmentReason.LIKELIEST,
)
"""Why a segmenter opens a ticket that a rule for solved ones may see otherwise."""


def reopening(
    configuration: Configuration,
    ticket: Ticket,
    channel: str,
    at: datetime,
    *,
    automatic: bool = False,
    thanks: bool = False,
) -> Reopening | None:
    """What a message that comes by a ``channel`` at the instant ``at`` means for a ``ticket`` that rests.

    None for one that is closed for good, where no rule speaks of it: the segmenter knows what to do.
    """
    if automatic or thanks:
        return Reopening(ticket.id, Outcome.STAY, ReopenReason.AUTOMATIC if automatic else ReopenReason.THANKS)
    rules = configuration.reopening
    rule = next((rule for rule in rules if rule.speaks_of(channel, ticket.type, ticket.state)), None)
    if rule is not None:
        return _by_rule(configuration, rule, ticket, at)
    if ticket.category is Category.CLOSED:
        return None
    return Reopening(ticket.id, Outcome.REOPEN, ReopenReason.NO_RULE)


def _by_rule(configuration: Configuration, rule: ReopenRule, ticket: Ticket, at: datetime) -> Reopening:
    if not _can_reopen(configuration, ticket):
        return Reopening(ticket.id, rule.otherwise, ReopenReason.CLOSED, rule.id)
    solution = ticket.solution
    solved_at = ticket.state_since if solution is None else solution.at
    passed, reopens = None, None
    reason = ReopenReason.IN_TIME
    if rule.within is not None:
        passed = elapsed(configuration, rule.calendar, solved_at, at)
        if passed > rule.within:
            reason = ReopenReason.LATE
    if rule.limit is not None and rule.period is not None:
        reopens = 0 if solution is None else _since(solution.reopened, at, rule.period)
        if reopens >= rule.limit and reason is ReopenReason.IN_TIME:
            reason = ReopenReason.TOO_OFTEN
    outcome = rule.then if reason is ReopenReason.IN_TIME else rule.otherwise
    return Reopening(ticket.id, outcome, reason, rule.id, passed, reopens)


def _can_reopen(configuration: Configuration, ticket: Ticket) -> bool:
    if ticket.category is not Category.CLOSED:
        return True
    workflow = configuration.workflow_of(ticket.type)
    return "closed_is_final" not in workflow.rules and bool(workflow.ways(ticket.state, Move.REPLY))


def _since(instants: tuple[datetime, ...], at: datetime, period: timedelta) -> int:
    """How many of the instants are no longer ago than the period."""
    return sum(at - instant <= period for instant in instants)


def settled(
    configuration: Configuration,
    said: Segmentation,
    ticket: Ticket,
    inbound: Inbound,
    at: datetime,
    is_thanks: Callable[[Inbound], bool] | None,
) -> tuple[Segmentation, Reopening | None]:
    """What the segmentation comes to that names the ``ticket``, and the decision that made it so, if one did.

    ``is_thanks`` is asked only about a ticket that rests, of what a person wrote.
    """
    automatic = inbound.is_automatic
    if not is_concerned(said, ticket):
        continues = said.verdict is None and not said.opens
        return (replaced(said, reopens=False) if automatic and continues else said), None
    thanks = not automatic and is_thanks is not None and is_thanks(inbound)
    decided = reopening(configuration, ticket, inbound.channel, at, automatic=automatic, thanks=thanks)
    if decided is None or (said.opens and decided.reason is ReopenReason.NO_RULE):
        return said, None
    return resegmented(said, ticket, decided), decided


def is_concerned(segmentation: Segmentation, ticket: Ticket) -> bool:
    """Whether the ticket that a segmentation names rests, and it may be that it is not to be left so."""
    if segmentation.verdict is not None or ticket.category not in RESTING:
        return False
    return not segmentation.opens or segmentation.reason in _BY_REST


def resegmented(segmentation: Segmentation, ticket: Ticket, decided: Reopening) -> Segmentation:
    """The segmentation after it was decided about the ticket that it names."""
    match decided.outcome:
        case Outcome.STAY if ticket.category is Category.CLOSED:
            verdict = Verdict.AUTOMATIC if decided.reason is ReopenReason.AUTOMATIC else Verdict.THANKS
            return Segmentation(segmentation.reason, ticket.id, verdict=verdict)
        case Outcome.STAY:
            return replaced(segmentation, opens=False, follows_up=False, reopens=False)
        case Outcome.REOPEN if segmentation.opens:
            return Segmentation(SegmentReason.REOPEN_RULE, ticket.id)
        case Outcome.REOPEN:
            return segmentation
        case Outcome.FOLLOW_UP | Outcome.NEW:
            follows_up = decided.outcome is Outcome.FOLLOW_UP
            return Segmentation(SegmentReason.REOPEN_RULE, ticket.id, opens=True, follows_up=follows_up)
