"""What a report says, as values.

However large the desk, they are small: what comes most often is named, and the rest summed up.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import attrs

from ticketcore.model import Excluded, MessageKind, Outcome, ReopenReason, SkillLevel, Verdict

TOP = 12
"""How many values of a kind are named: channels, queues, states, tags, groups of waiting tickets, missing skills."""

TOP_AGENTS = 30
"""How many agents are named."""

TOP_REJECTED = 50
"""How many rejected inputs are named."""

BANDS = ("no agent yet", "with an agent", "pending or on hold")
"""The three kinds of open tickets: new or open and nobody's, new or open and an agent's, and those that sleep."""


@attrs.frozen
class Counted:
    """How many ``tickets`` have one value: its ``id``, None for none, and its ``name`` for people."""

    id: str | None
    name: str
    tickets: int


@attrs.frozen
class Counts:
    """Tickets by value.

    ``top`` are those that most tickets have, most first and equal ones by id.  ``others`` says how many further values
    there are, and ``in_others`` how many tickets those have.
    """

    top: tuple[Counted, ...]
    others: int
    in_others: int

    @property
    def total(self) -> int:
        """All that was counted."""
        return sum(item.tickets for item in self.top) + self.in_others


@attrs.frozen
class Percentiles:
    """How long something took, in ``count`` cases.

    ``curve`` has the time of each percent from 1 to 100, and is empty without a case.  The p-th is the shortest of
    the times within which at least p percent of the cases were done (the nearest rank: Hyndman and Fan, "Sample
    quantiles in statistical packages", 1996, definition 1), so it is always the time of one of them.
    """

    count: int
    curve: tuple[timedelta, ...]

    def within(self, percent: int) -> timedelta:
        """The time within which this many percent, from 1 to 100, were done; no time at all without a case."""
        return self.curve[percent - 1] if self.curve else timedelta()


@attrs.frozen
class ChannelTimes:
    """How long customers waited on one ``channel``.

    ``answered`` is from the opening of a ticket to the first message of an agent that the customer sees, of all
    tickets that have one; ``solved`` from the opening to the last time that it was solved, of all that are solved or
    closed now.
    """

    channel: str
    answered: Percentiles
    solved: Percentiles

    @property
    def any(self) -> bool:
        """Whether anybody was served at all."""
        return bool(self.answered.count or self.solved.count)


@attrs.frozen
class QueueWaits:
    """How long tickets waited for an agent in one queue, called ``name``.

    ``waited`` is from when it was new or open and no agent had it, to its agent, each time that it got one.
    ``waiting`` tickets wait now, the first of them for ``longest``.
    """

    name: str
    waited: Percentiles
    waiting: int
    longest: timedelta


@attrs.frozen
class OpenTickets:
    """How many tickets were open, of each of ``BANDS``, at instants that are ``step`` apart.

    ``start`` is the first instant, in the zone of the report; each of ``points`` is what was just before one.  The
    first is nothing, the last what is open now.
    """

    start: datetime
    step: timedelta
    points: tuple[tuple[int, int, int], ...]


@attrs.frozen
class AgentFigures:
    """What one agent, by ``id`` and ``name``, was given and did.

    ``assigned`` counts the tickets that the agent was given, not those that came back; ``open`` those that fill a
    slot now.  ``handled`` counts how often a ticket was solved while it was theirs, ``handled_today`` on the day of
    the report.  ``duty`` is how long the agent was available.  ``even`` is how many would have been assigned to the
    agent if the tickets of all had been shared by time on duty and weight; None without any.
    """

    id: str
    name: str
    assigned: int
    open: int
    handled: int
    handled_today: int
    duty: timedelta
    even: float | None


@attrs.frozen
class WaitingGroup:
    """Some ``tickets`` that wait in one queue, called ``queue``, with the same ``needs`` and for the same reason.

    Of the same reason are those for which the same filters left nobody.

    ``is_decided`` says whether the router has looked for an agent since they wait.  ``pool`` and ``excluded`` are
    what its latest decision about one of them says: how many agents there were, and how many each filter removed.
    ``longest`` is how long the first has waited; ``numbers`` are those of some of them, the longest waiting first.
    """

    queue: str
    needs: tuple[SkillLevel, ...]
    is_decided: bool
    pool: int
    excluded: tuple[Excluded, ...]
    tickets: int
    longest: timedelta
    numbers: tuple[int, ...]


@attrs.frozen
class TagGrowth:
    """A ``tag``, and how many tickets opened in the ``first`` half of the time, and in the ``second``, have it."""

    tag: str
    first: int
    second: int


@attrs.frozen
class MissingSkill:
    """A ``skill`` at a level that no agent who is available now has, and how many ``tickets`` wait for it.

    ``known`` says that some agent has it who is not available.
    """

    skill: SkillLevel
    tickets: int
    known: bool


class Rejected(NamedTuple):
    """Input that was not taken in: from which ``source`` and ``line``, which ``field`` of it, and the ``reason``.

    ``line`` is None where there are no lines, as in a file that cannot be read.
    """

    source: str
    line: int | None
    field: str
    reason: str


@attrs.frozen
class Volume:
    """How much there was.

    ``messages`` counts those in tickets by who wrote them, ``kept`` those in none by verdict.  ``tickets`` and
    ``customers`` are all there are.  ``solved`` counts how often a ticket was solved, ``reopened`` how often a solved
    one was opened again.
    """

    messages: tuple[tuple[MessageKind, int], ...]
    kept: tuple[tuple[Verdict, int], ...]
    tickets: int
    customers: int
    solved: int
    reopened: int

    @property
    def kept_total(self) -> int:
        """How many messages are in no ticket."""
        return sum(count for _, count in self.kept)

    @property
    def written(self) -> int:
        """How many messages customers wrote, in tickets or not."""
        return dict(self.messages).get(MessageKind.CUSTOMER, 0) + self.kept_total

    @property
    def total(self) -> int:
        """How many messages there are, whoever wrote them."""
        return sum(count for _, count in self.messages) + self.kept_total


@attrs.frozen
class Breakdown:
    """Tickets by what they have now: ``channels``, ``queues``, ``states`` and ``tags``.

    A ticket has one of each but of tags, of which it has any number; ``untagged`` have none.  ``growth`` is of each
    named tag, and ``halves`` counts all tickets opened in the first half of the time, from the first event to the last,
    and in the second.
    """

    channels: Counts
    queues: Counts
    states: Counts
    tags: Counts
    untagged: int
    growth: tuple[TagGrowth, ...]
    halves: tuple[int, int]


@attrs.frozen
class Speed:
    """How long customers waited: on ``all`` channels, on each named one of ``channels`` and in each of ``queues``."""

    all: ChannelTimes
    channels: tuple[ChannelTimes, ...]
    queues: tuple[QueueWaits, ...]


@attrs.frozen
class Work:
    """How the work was shared.

    ``agents`` are those who were assigned most, and ``more`` how many others there are; ``handled_today`` is of all.
    ``fairness`` is Jain's index of assignments by time on duty and weight (Jain, Chiu and Hawe, "A quantitative
    measure of fairness", 1984) of ``compared`` agents, those who were on duty at all: 1 when it was the same for all,
    1 by their number when one had everything.  None for fewer than two, or nothing assigned.
    """

    agents: tuple[AgentFigures, ...]
    more: int
    handled_today: int
    fairness: float | None
    compared: int


@attrs.frozen
class Waiting:
    """The ``tickets`` that wait for an agent now, how many.

    ``groups`` are the largest groups of them, and ``in_others`` how many are in no named one.  ``missing`` are the
    skills that they need and nobody on duty has, those that most need first.
    """

    tickets: int
    groups: tuple[WaitingGroup, ...]
    in_others: int
    missing: tuple[MissingSkill, ...]


class Return(NamedTuple):
    """What a message to a solved ticket came to: its ``outcome``, and the ``reason``."""

    outcome: Outcome
    reason: ReopenReason


@attrs.frozen
class Promise:
    """What became of the promises of one ``metric`` of service levels, each a cycle that had a target.

    So many were ``kept`` and ``missed``, and are ``running``, on hold or not, with their deadline not missed yet.
    """

    metric: str
    kept: int
    missed: int
    running: int

    @property
    def made(self) -> int:
        """How many there were."""
        return self.kept + self.missed + self.running


@attrs.frozen
class Figures:
    """What a report says about a ``tenant``.  Instants are in the ``zone`` of ``at``, by whose days is counted.

    ``at`` is the instant of the report.  ``first`` and ``last`` are the first and the last event, None without any.
    ``volume`` is how much there was, ``breakdown`` tickets by what they have, ``speed`` how long customers waited,
    ``work`` how it was shared, ``waiting`` what nobody has taken.  ``open`` is None without tickets.
    ``rejected`` is the beginning of what was not taken in, ``rejected_total`` how much that was.  ``promises`` are what
    became of service levels, by metric, and ``returns`` what messages to solved tickets came to, most frequent first.
    """

    tenant: str
    at: datetime
    zone: str
    first: datetime | None
    last: datetime | None
    volume: Volume
    breakdown: Breakdown
    open: OpenTickets | None
    speed: Speed
    work: Work
    waiting: Waiting
    rejected: tuple[Rejected, ...]
    rejected_total: int
    promises: tuple[Promise, ...] = ()
    returns: tuple[tuple[Return, int], ...] = ()
