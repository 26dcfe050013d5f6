"""Decisions, as data: what was chosen, and what spoke for and against it.  Ids and counts only, no words."""

from enum import StrEnum

import attrs

from ticketcore.model.filters import Excluded
from ticketcore.model.machine import MachineVerdict
from ticketcore.model.matching import Cause, Likelihood, TicketClaim
from ticketcore.model.message import Verdict
from ticketcore.model.reopening import Reopening
from ticketcore.model.rules import QueueState
from ticketcore.model.skills import SkillLevel
from ticketcore.model.values import quick


class Disposition(StrEnum):
    """What became of an inbound message.

    ``OPENED``: it opened a ticket.  ``FOLLOW_UP``: it opened one that goes on from a closed one.  ``CONTINUED``: it
    joined a ticket.  ``REOPENED``: it joined one, and changed its state.  ``KEPT``: it is in no ticket, with a verdict.
    ``DUPLICATE``: it was here before.  ``REJECTED``: it cannot be taken in.  ``QUARANTINED``: it is kept, in no ticket,
    until somebody accepts or rejects it.  ``ASKED``: so it is, since nobody knows well enough which ticket it is for.
    """

    OPENED = "opened"
    CONTINUED = "continued"
    REOPENED = "reopened"
    FOLLOW_UP = "follow_up"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"
    ASKED = "asked"


class SegmentReason(StrEnum):
    """What decided which ticket a message is for.

    ``REPLY_ID``: it answers a message of that ticket.  ``REPLY_TO_CLOSED``: it answers one of a closed ticket.
    ``NO_REPLY_ID``: it answers nothing, on a channel that goes by answers.  ``NO_CONVERSATION``: its sender never
    wrote here.  ``NO_TICKET_YET``: they did, without any ticket.  ``TICKET_CLOSED``: the ticket of their thread is
    closed.  ``QUIET_GAP``: it was quiet for too long.  ``WITHIN_GAP``: it was not.  ``ASYNCHRONOUS``: their thread was
    handed over and is not solved yet.  ``NOTHING_SAID``: it has neither words nor files.  ``AUTO_SUBMITTED``: no person
    sent it.  ``REOPEN_RULE``: a rule for solved tickets says so.  ``BOUNCED``: it says that one of ours came
    back.  ``CAME_AROUND``: it is one of ours itself.  ``ACCEPTED``: somebody let it out of quarantine.
    ``LIKELIEST``: it is the likeliest by what was learned.  ``DELETED``: what it names, or their thread is about, was
    deleted.
    """

    REPLY_ID = "reply_id"
    REPLY_TO_CLOSED = "reply_to_closed"
    NO_CONVERSATION = "no_conversation"
    NO_REPLY_ID = "no_reply_id"
    NO_TICKET_YET = "no_ticket_yet"
    TICKET_CLOSED = "ticket_closed"
    QUIET_GAP = "quiet_gap"
    WITHIN_GAP = "within_gap"
    ASYNCHRONOUS = "asynchronous"
    NOTHING_SAID = "nothing_said"
    AUTO_SUBMITTED = "auto_submitted"
    REOPEN_RULE = "reopen_rule"
    BOUNCED = "bounced"
    CAME_AROUND = "came_around"
    ACCEPTED = "accepted"
    LIKELIEST = "likeliest"
    DELETED = "deleted"


@quick
@attrs.frozen
class Segmentation:
    """Which ticket a message is for.

    ``reason`` is what decided it.  ``ticket`` is the ticket that it continues, or that the evidence named when it
    does not; ``opens`` says that it opens a new one, which then is a follow-up of ``ticket`` if ``follows_up``;
    ``verdict`` that it gets none, and why.  ``reopens`` is False for a message that must not reopen what it
    continues and wants no answer, as an automatic reply.  ``claims`` are what each matcher found, in their order, each
    ticket once; ``held`` is why the message is in quarantine instead.  ``likelihood`` is how sure it is, None where a
    rule said so.
    """

    reason: SegmentReason
    ticket: str | None = None
    opens: bool = False
    follows_up: bool = False
    reopens: bool = True
    verdict: Verdict | None = None
    claims: tuple[TicketClaim, ...] = ()
    held: Cause | None = None
    likelihood: Likelihood | None = None


@quick
@attrs.frozen
class RuleMatch:
    """That a ``rule`` applied, by its id, and why.

    ``keywords`` are those of its own, sorted, that stand in the message; ``queues`` the states that it looked at.
    """

    rule: str
    keywords: tuple[str, ...] = ()
    queues: tuple[QueueState, ...] = ()


@quick
@attrs.frozen
class Routing:
    """Where a ticket goes, its ``queue``, by the rules that applied: ``matches``, in order, none when none did.

    ``tags`` are those that the ticket gets, ``needs`` the skills that it asks for, ``priority`` its rating from 1 to
    4, None for none.  ``type`` is the one that the rule gives it, None where the rule does not say.  ``requirement`` is
    what else is asked of its agent, as ``model.requirement_notation`` writes it.
    """

    queue: str
    matches: tuple[RuleMatch, ...] = ()
    tags: tuple[str, ...] = ()
    needs: tuple[SkillLevel, ...] = ()
    priority: int | None = None
    type: str | None = None
    requirement: str | None = None

    @property
    def rule(self) -> str | None:
        """The id of the rule that named the queue, None when none applied."""
        return self.matches[-1].rule if self.matches else None


class Failure(StrEnum):
    """Why a ticket waits in vain.

    ``UNSERVED``: nobody is in a team that it can go to.  ``UNMET``: nobody at all meets what it asks, on duty or not,
    and no step of its plan is to come that changes it.  ``EXHAUSTED``: its plan has come to its end, and still
    nobody can take it.
    """

    UNSERVED = "unserved"
    UNMET = "unmet"
    EXHAUSTED = "exhausted"


class Shortfall(StrEnum):
    """Why a ticket gets nobody now; whether anything may change that of itself, ``Failure`` says.

    ``ALL_DECLINED``: who is there has declined it, or let its offer expire.  ``NO_ELIGIBLE_AGENT``: who could take it
    is away or full, had it taken from them, or is kept from it by a guard; or nobody could.
    """

    ALL_DECLINED = "all_declined"
    NO_ELIGIBLE_AGENT = "no_eligible_agent"


@quick
@attrs.frozen
class Placement:
    """Which ``agent`` gets a ticket, None for nobody: ``pool`` agents, less those ``excluded``, are the candidates.

    ``policy`` is the name of the policy that chose.  ``rank`` is what the policy gave the chosen agent, smallest
    wins; ``runner_up`` is who came second, and ``runner_up_rank`` what they were given; ``credit`` is what it costs the
    chosen one.  ``tier`` is how many tiers of preference come before that of the chosen one.  ``returned`` says that
    the ticket went back, without ranking, to the agent who had it before.  ``configuration`` is the version by which
    it was decided, and ``position`` that of the last event that had been seen.  ``affinity`` is by which it is for one
    agent first, None where for none.
    """

    agent: str | None
    policy: str
    pool: int
    excluded: tuple[Excluded, ...]
    rank: tuple[int, ...] = ()
    runner_up: str | None = None
    runner_up_rank: tuple[int, ...] = ()
    credit: int = 0
    tier: int = 0
    returned: bool = False
    configuration: int = 0
    position: int = 0
    affinity: str | None = None

    @property
    def candidates(self) -> int:
        """How many agents could have taken the ticket."""
        return self.pool - sum(item.agents for item in self.excluded)


@attrs.frozen
class Sight:
    """That the customer ``contact`` sees the ``conversation`` from now on, and what will be said in it."""

    contact: str
    conversation: str


@attrs.frozen
class Merging:
    """A ``ticket`` was merged ``into`` another; ``survivor`` is the ticket that both now are.

    ``gained`` says who gains sight of what.
    """

    ticket: str
    into: str
    survivor: str
    gained: tuple[Sight, ...] = ()


@attrs.frozen
class Kept:
    """What an undoing left as it is: the ``field`` of the ticket or message ``of``, and the name of the ``reason``."""

    of: str
    field: str
    reason: str


@attrs.frozen
class Undoing:
    """The merge of a ``ticket`` with ``other``, or the split of it from there, was undone.

    ``kept`` is what is not as it was before: nothing, if nothing came between.
    """

    ticket: str
    other: str
    kept: tuple[Kept, ...] = ()


@attrs.frozen
class Uniting:
    """A ``contact`` turned out to be the same person as the contact ``into``.

    ``conflicts`` are the fields in which the two say different things: there ``into`` counts, and neither is changed.
    """

    contact: str
    into: str
    conflicts: tuple[str, ...] = ()


@attrs.frozen
class Separating:
    """A ``contact`` is another person than the contact ``other`` after all.

    ``kept`` is what is not as it was before: the messages that either wrote in a conversation of the other's, and the
    tickets of the one that stay merged into one of the other's.
    """

    contact: str
    other: str
    kept: tuple[Kept, ...] = ()


@attrs.frozen
class Deleting:
    """What was deleted: a ``ticket`` with its ``parts``, and how many ``messages``, ``texts`` and ``files`` they had.

    The texts are erased but for those that another ticket has too; what is in the files stays in the blob store, for a
    sweep of it.
    """

    ticket: str
    parts: tuple[str, ...]
    messages: int
    texts: int
    files: int


Decision = (
    Segmentation
    | MachineVerdict
    | Reopening
    | Routing
    | Placement
    | Merging
    | Undoing
    | Deleting
    | Uniting
    | Separating
)
"""What a turn decided, in the order in which it did."""
