"""Figures in words: numbers, lengths of time, and why a ticket waits."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from ticketcore.model import Excluded, Filter, MessageKind, Outcome, ReopenReason, SkillLevel, Verdict
from ticketcore.report.figures import Return, WaitingGroup

MAX_SHOWN = 80
"""How many characters of a name are shown."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_KEPT_FROM: Mapping[Filter, tuple[str, str]] = {
    Filter.TEAM: ("does not serve its queue", "do not serve its queue"),
    Filter.SKILLS: ("lacks a skill that it needs", "lack a skill that it needs"),
    Filter.EXCLUDED: ("declined it or had it taken away", "declined it or had it taken away"),
    Filter.PRESENCE: ("is not available", "are not available"),
    Filter.CAPACITY: ("has no room", "have no room"),
    Filter.CHANNEL_LIMIT: ("is at their limit for its channel", "are at their limit for its channel"),
    Filter.QUEUE_LIMIT: ("is at their limit for its queue", "are at their limit for its queue"),
    Filter.EXCLUSIVE: ("cannot have it beside what they have", "cannot have it beside what they have"),
    Filter.DAILY_CAP: ("is at today's cap", "are at today's cap"),
    Filter.RATE: ("was given enough for now", "were given enough for now"),
    Filter.AFFINITY: ("is not the one it waits for", "are not the one it waits for"),
    Filter.GUARD: ("may not be given it", "may not be given it"),
}
_WORDS: Mapping[StrEnum, str] = {
    MessageKind.CUSTOMER: "from customers",
    MessageKind.AGENT: "from agents",
    MessageKind.BOT: "from software",
    MessageKind.NOTE: "notes that customers do not see",
    Verdict.EMPTY: "said nothing",
    Verdict.AUTOMATIC: "sent by no person",
    Verdict.THANKS: "thanks for what is closed",
    Verdict.BOUNCE: "said that an answer came back",
    Verdict.LOOP: "sent by us",
    Verdict.QUARANTINED: "in quarantine",
}
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.REOPEN: "took it up again",
    Outcome.FOLLOW_UP: "opened a follow-up",
    Outcome.NEW: "opened a new ticket",
    Outcome.STAY: "left it as it was",
}
_REASONS: Mapping[ReopenReason, str] = {
    ReopenReason.NO_RULE: "no rule speaks of it",
    ReopenReason.IN_TIME: "it came in time",
    ReopenReason.LATE: "it came too late",
    ReopenReason.TOO_OFTEN: "it had been taken up too often",
    ReopenReason.CLOSED: "it was closed",
    ReopenReason.THANKS: "it was only thanks",
    ReopenReason.AUTOMATIC: "no person sent it",
}


def number(value: int) -> str:
    """A whole number with its thousands parted.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{value:,}"


def counted(value: int, one: str, several: str | None = None) -> str:
    """How many of something.

    >>> counted(1, "ticket"), counted(1200, "ticket"), counted(2, "queue with tickets", "queues with tickets")
    ('1 ticket', '1,200 tickets', '2 queues with tickets')
    """
    return f"{number(value)} {one if value == 1 else several or one + 's'}"


def duration(value: timedelta) -> str:
    """A length of time in its largest unit, and the next one while that says much; rounded down.

    >>> duration(timedelta(days=2, hours=3, minutes=9)), duration(timedelta(minutes=12, seconds=3))
    ('2 d 3 h', '12 min')
    """
    rest = value // timedelta(seconds=1)
    for (seconds, unit), (fewer, smaller) in pairwise(_UNITS):
        amount, rest = divmod(rest, seconds)
        if amount:
            more = f" {rest // fewer} {smaller}" if amount < 10 and rest >= fewer else ""
            return f"{number(amount)} {unit}{more}"
    return f"{rest} s"


def hours(value: timedelta) -> str:
    """A length of time as people count what they worked: in hours, below one as ``duration``.

    >>> hours(timedelta(days=7, hours=14, minutes=30)), hours(timedelta(minutes=12))
    ('182 h', '12 min')
    """
    hour = timedelta(hours=1)
    return duration(value) if value < hour else f"{number(value // hour)} h"


def instant(value: datetime) -> str:
    """An instant to the minute, in its own zone.

    >>> instant(datetime(2026, 3, 2, 9, 5, 59))
    '2026-03-02 09:05'
    """
    return f"{value:%Y-%m-%d %H:%M}"


def percent(part: int, whole: int) -> str:
    """A share, as a whole percentage that says neither nothing nor everything when it is not so.

    >>> percent(1, 3), percent(1, 1000), percent(999, 1000), percent(0, 0)
    ('33%', 'under 1%', 'over 99%', '0%')
    """
    if whole and 0 < part < 0.01 * whole:
        return "under 1%"
    if whole and 0.99 * whole < part < whole:
        return "over 99%"
    return f"{100 * part / whole:.0f}%" if whole else "0%"


def shown(text: str, limit: int = MAX_SHOWN) -> str:
    r"""A name or a reason as a page can hold it: not too long, without control characters or half surrogate pairs.

    >>> shown("a" * 5, 4), shown("tab\tand\x1b[31m")
    ('aaa…', 'tab�and�[31m')
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "".join("\ufffd" if _unfit(character) else character for character in text)


def _unfit(character: str) -> bool:
    code = ord(character)
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE


def skills(needs: Iterable[SkillLevel]) -> str:
    """Skills with their levels; every skill has at least the first.

    >>> skills([SkillLevel("gold", 2), SkillLevel("pearl", 1)])
    'gold (level 2), pearl'
    """
    return ", ".join(
        shown(need.skill) if need.level == 1 else f"{shown(need.skill)} (level {need.level})" for need in needs
    )


def in_words(value: MessageKind | Verdict) -> str:
    """Who wrote a message, or why it was kept.

    >>> in_words(Verdict.AUTOMATIC)
    'sent by no person'
    """
    return _WORDS[value]


def returned(what: Return) -> str:
    """What a message to a solved ticket came to, and why.

    >>> returned(Return(Outcome.FOLLOW_UP, ReopenReason.LATE))
    'opened a follow-up, since it came too late'
    """
    return f"{_OUTCOMES[what.outcome]}, since {_REASONS[what.reason]}"


def why(group: WaitingGroup) -> str:
    """Why the tickets of a group wait, by the latest decision about one of them."""
    if not group.is_decided:
        return "no decision yet: the next tick makes it"
    if not group.pool:
        return "there are no agents"
    return left_out(group.pool, group.excluded)


def left_out(pool: int, excluded: Iterable[Excluded]) -> str:
    """How many agents there were, and what kept some of them from a ticket.

    >>> left_out(3, [Excluded(Filter.TEAM, 2)])
    'of 3 agents, 2 do not serve its queue'
    """
    return ", ".join([f"of {counted(pool, 'agent')}", *map(_kept_from, excluded)])


def _kept_from(item: Excluded) -> str:
    one, several = _KEPT_FROM[item.filter]
    return f"{number(item.agents)} {one if item.agents == 1 else several}"
