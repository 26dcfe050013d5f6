"""What speaks for a message belonging to a ticket, and for its opening one: numbers with names, in a fixed order.

Flags are 0 or 1; a length is the logarithm of a count, a gap that of seconds, -1 where there is none.
"""

import math
from collections.abc import Mapping, Sequence, Set

from ticketcore.segmenting.matters import Matter, age
from ticketcore.segmenting.reading import FLAGS, PLACE, Heard

STATE = (
    "gap",
    "gap to customer",
    "rank",
    "by customer",
    "since agent",
    "last by agent",
    "resolved",
    "told",
    "closings",
    "closed by customer",
    "closed by agent",
    "offered more",
    "done",
    "agent waits",
    "agent asks",
    "agent asks consent",
    "agent asks for more",
    "agent offers help",
    "agent length",
    "customer only greets",
    "customer asks",
    "customer needs",
    "customer closes",
    "customer length",
    "waits for answer",
    "slots",
)
"""What is said of a ticket as it stands."""

TIES = (
    "overlap",
    "overlap with last",
    "overlap with first",
    "overlap of customer",
    "shared numbers",
    "replies to it",
    "replies elsewhere",
    "same channel",
    "fits",
    "unfits",
    "same subject",
    "other subject",
    "others",
    "others asking",
    "others unclosed",
    "gap more than nearest",
    "gap against usual",
    "unclosed before",
    "overlap more than others",
    "fits more than others",
)
"""What is said of a message and a ticket together, and of the other tickets that it may be for."""

PAIR = (*STATE, *TIES, *FLAGS)
"""The features of a message and one ticket."""

AROUND = (
    "gap of stream",
    "tickets",
    "agents",
    "replies",
    "kind of channel",
    "seen",
    "usual gap",
    "greeted",
    "ended",
    "new subjects",
)
"""What is said of the stream."""

OPENING = (
    *FLAGS,
    *AROUND,
    "likeliest",
    "second likeliest",
    *(f"likeliest: {name}" for name in (*STATE, *TIES)),
    *(f"latest: {name}" for name in (*STATE, *TIES)),
)
"""The features of a message that may open a ticket: the odds of the two likeliest tickets among them."""

_SLOTS = ("asks name", "asks number", "asks mail", "asks date", "asks to choose", "asks where", "asks how much")
_KINDS = {"chat": 0.0, "livechat": 0.0, "whatsapp": 1.0, "messenger": 1.0, "sms": 1.0, "email": 2.0, "mail": 2.0}


def kind_of(channel: str) -> float:
    """How fast the channel is: 0 a chat, 1 a messenger, 2 mail, 3 not known."""
    return _KINDS.get(channel, 3.0)


def state(matter: Matter, rank: int, now: float | None) -> list[float]:
    """The values of ``STATE`` for a ticket, of which ``rank`` are more recent."""
    agent, customer = matter.last_agent, matter.last_customer
    found = [
        age(matter.last_at, now),
        age(matter.customer_at, now),
        float(rank),
        float(min(matter.by_customer, 20)),
        float(min(matter.since_agent, 9)),
        float(matter.by_agent),
        float(matter.resolved),
        float(matter.told),
        float(min(matter.closings, 3)),
        float(matter.closed),
    ]
    if agent is not None and matter.by_agent:
        said = agent.flags
        found += (
            max(said[PLACE["closes only"]], said[PLACE["parts"]], said[PLACE["wishes well"]]),
            float(matter.offered_more),
            float(matter.done),
            float("waits" in agent.cues),
            said[PLACE["asks"]],
            said[PLACE["asks consent"]],
            said[PLACE["asks for more"]],
            said[PLACE["offers help"]],
            said[PLACE["length"]],
        )
    else:
        found += (0.0, float(matter.offered_more), float(matter.done), 0.0, 0.0, 0.0, 0.0, 0.0, -1.0)
    if customer is not None:
        said = customer.flags
        found += (
            said[PLACE["only greets"]],
            said[PLACE["asks"]],
            max(said[PLACE["says a need"]], said[PLACE["wants"]]),
            max(said[PLACE["closes only"]], said[PLACE["parts"]], said[PLACE["ends it"]]),
            said[PLACE["length"]],
        )
    else:
        found += (0.0, 0.0, 0.0, 0.0, -1.0)
    found.append(float(not matter.by_agent and not matter.closed))
    found.append(float(matter.asked(_SLOTS)))
    return found


def fits(heard: Heard, matter: Matter) -> tuple[float, float]:
    """How many of the kinds of answer that a ticket waits for the message is, and how many it is not.

    The slots are a word of consent, a number, a date, an address, a name, and a choice.
    """
    if matter.last_agent is None or not matter.by_agent:
        return 0.0, 0.0
    asked = matter.last_agent.cues
    flags = heard.flags
    digits, short = flags[PLACE["digits"]], heard.length < 4
    answers = []
    if "asks consent" in asked or "asks whether" in asked or "asks for more" in asked:
        answers.append(any(flags[PLACE[name]] for name in ("agrees", "denies", "takes in", "ends it")))
    if "asks number" in asked or "asks how much" in asked:
        answers.append(bool(digits))
    if "asks date" in asked:
        answers.append(bool(flags[PLACE["time or date"]] or digits))
    if "asks mail" in asked:
        answers.append(bool(flags[PLACE["mail address"]]))
    if "asks name" in asked:
        answers.append(bool(flags[PLACE["says who"]] or (short and not digits and not flags[PLACE["thanks"]])))
    if "asks to choose" in asked or "asks where" in asked:
        answers.append(heard.length < 8 and not flags[PLACE["asks"]])
    return float(sum(answers)), float(len(answers) - sum(answers))


def ties(
    heard: Heard, matter: Matter, worth: Mapping[str, float], whole: float, replied: int | None, channel: str
) -> tuple[float, ...]:
    """The values of ``TIES`` that need no other ticket.

    ``worth`` says how rare each word of the message is, ``whole`` is their sum.  ``replied`` is the ticket of the
    message that this one answers.
    """
    customer = matter.last_customer
    fit, unfit = fits(heard, matter)
    return (
        shared(heard.words & matter.words.keys(), worth) / whole,
        shared(heard.words & matter.last.words, worth) / whole,
        shared(heard.words & matter.first.words, worth) / whole,
        0.0 if customer is None else shared(heard.words & customer.words, worth) / whole,
        float(len(heard.numbers & matter.numbers)),
        float(replied == matter.label),
        float(replied is not None and replied != matter.label),
        float(channel == matter.channel),
        fit,
        unfit,
        float(len(heard.subjects & matter.subjects)),
        float(bool(heard.subjects and matter.subjects) and heard.subjects.isdisjoint(matter.subjects)),
    )


def shared(words: Set[str], worth: Mapping[str, float]) -> float:
    """What the words are worth together, the same whatever the order of the set."""
    return math.fsum(map(worth.__getitem__, words)) if words else 0.0


def opening(
    heard: Heard, around: Sequence[float], pairs: Sequence[Sequence[float]], odds: Sequence[float]
) -> list[float]:
    """The values of ``OPENING``, from those of ``PAIR`` for each ticket, the most recent one first, and their odds."""
    top = max(range(len(odds)), key=odds.__getitem__)
    second = max((each for at, each in enumerate(odds) if at != top), default=-9.0)
    own = len(STATE) + len(TIES)
    return [*heard.flags, *around, odds[top], second, *pairs[top][:own], *pairs[0][:own]]
