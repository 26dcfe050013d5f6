"""What stands out: each rule says its sentence, and is silent just short of it."""

from datetime import timedelta

import attrs
import pytest
from desks import AT, HOUR, MINUTE
from report_desks import busy

from ticketcore.model import MessageKind, SkillLevel, Verdict
from ticketcore.report import (
    AgentFigures,
    ChannelTimes,
    MissingSkill,
    OpenTickets,
    Percentiles,
    Promise,
    QueueWaits,
    TagGrowth,
    WaitingGroup,
    gather,
    highlights,
)
from ticketcore.stores import MemoryStore

MOST = 3
NOTHING = gather(MemoryStore(), "acme", AT)


def with_part(figures=NOTHING, /, **parts):
    """The figures with fields of their parts changed: ``volume={"solved": 7}``."""
    changed = {
        name: attrs.evolve(getattr(figures, name), **fields) if isinstance(fields, dict) else fields
        for name, fields in parts.items()
    }
    return attrs.evolve(figures, **changed)


def times(count, *, half=HOUR, most=HOUR):
    """Some times, of which half were ``half`` and the others ``most``."""
    return Percentiles(count, (half,) * 50 + (most,) * 50)


def missing(known=False):
    return with_part(waiting={"missing": (MissingSkill(SkillLevel("gold", 2), 12, known),)})


def course(*totals, waiting=None):
    points = tuple((total, 0, 0) for total in totals)
    tickets = totals[-1] if waiting is None else waiting
    group = WaitingGroup("support", (), True, 1, (), tickets, 3 * HOUR, ())
    return with_part(open=OpenTickets(AT, HOUR, points), waiting={"tickets": tickets, "groups": (group,)})


def queues(count, slow, fast):
    waits = (("repairs", slow), ("<front>", fast), ("few", 99 * HOUR))
    counts = {"few": 4}
    return with_part(
        speed={
            "queues": tuple(
                QueueWaits(name, times(counts.get(name, count), half=MINUTE, most=length), 0, timedelta())
                for name, length in waits
            )
        }
    )


def agents(assigned, even, compared=3):
    given = (("Bo", assigned, even), ("Ana", 9, 9.0), ("new", 4, 1.0), ("off", 9, None))
    return with_part(
        work={
            "agents": tuple(AgentFigures(name, name, got, 0, 0, 0, HOUR, share) for name, got, share in given),
            "compared": compared,
        }
    )


def tags(first, second, halves):
    return with_part(breakdown={"growth": (TagGrowth("ring", first, second),), "halves": halves})


def channels(count, slow, fast):
    some = (("email", slow), ("chat", fast))
    return with_part(
        speed={
            "channels": tuple(
                ChannelTimes(name, times(count, half=length, most=99 * HOUR), Percentiles(0, ()))
                for name, length in some
            )
        }
    )


def messages(customers, kept):
    return with_part(volume={"messages": ((MessageKind.CUSTOMER, customers),), "kept": ((Verdict.AUTOMATIC, kept),)})


def promised(*made):
    return with_part(promises=tuple(Promise(*one) for one in made))


SAID = {
    "a skill that nobody has": (
        missing(),
        "12 tickets wait for the skill gold (level 2), which no agent has.",
    ),
    "a skill that nobody on duty has": (
        missing(known=True),
        "12 tickets wait for the skill gold (level 2), which nobody on duty has.",
    ),
    "a ticket that waits for a skill": (
        with_part(waiting={"missing": (MissingSkill(SkillLevel("pearl", 1), 1, False),)}),
        "1 ticket waits for the skill pearl, which no agent has.",
    ),
    "more open than ever": (
        course(0, 4, 3, 5),
        "5 tickets are open, more than ever before; 5 have no agent.",
    ),
    "a slow queue": (
        queues(5, 2 * HOUR, HOUR),
        "Tickets wait longest in the queue repairs: one in ten waited 2 h or longer for an agent,"
        " against 1 h in <front>, the next.",
    ),
    "a loaded agent": (
        agents(20, 10.0),
        "Bo was assigned 20 tickets, 2.0 times an even share by time on duty.",
    ),
    "a loaded agent of two": (
        agents(5, 2.5, compared=2),
        "Bo was assigned 5 tickets, 2.0 times an even share by time on duty.",
    ),
    "the tag that grew most": (
        with_part(
            breakdown={
                "growth": (TagGrowth("zinc", 40, 90), TagGrowth("ring", 0, 60), TagGrowth("gold", 1, 5)),
                "halves": (90, 90),
            }
        ),
        "The tag ring grew from 0 tickets in the first half of the time to 60 in the second.",
    ),
    "half of the open ones wait": (
        course(0, 20, 10, waiting=5),
        "5 of 10 open tickets wait for an agent, one of them for 3 h.",
    ),
    "a growing tag": (
        tags(4, 16, (20, 40)),
        "The tag ring grew from 4 tickets in the first half of the time to 16 in the second.",
    ),
    "a new tag": (
        tags(0, 5, (20, 40)),
        "The tag ring grew from 0 tickets in the first half of the time to 5 in the second.",
    ),
    "a queue of which nobody waited elsewhere": (
        queues(5, MINUTE, timedelta()),
        "Tickets wait longest in the queue repairs: one in ten waited 1 min or longer for an agent,"
        " against 0 s in <front>, the next.",
    ),
    "a channel that is answered after a minute": (
        channels(5, MINUTE, timedelta()),
        "First answers take longest on email: half of them 1 min or longer, against 0 s on chat, the next.",
    ),
    "a slow channel": (
        channels(5, 2 * HOUR, HOUR),
        "First answers take longest on email: half of them 2 h or longer, against 1 h on chat, the next.",
    ),
    "solved tickets opened again": (
        with_part(volume={"solved": 50, "reopened": 5}),
        "Solved tickets were opened again 5 times, after 10% of all solutions.",
    ),
    "promises missed": (
        promised(("first_response", 44, 5, 1), ("next_response", 10, 4, 0)),
        "Of 50 promises of first_response, 5 were missed, 10%.",
    ),
    "messages kept": (
        messages(45, 5),
        "5 messages of customers, 10%, were kept without a ticket.",
    ),
}

UNSAID = {
    "nothing": NOTHING,
    "as many open as once": course(0, 5, 3, 5, waiting=2),
    "fewer than half wait": course(0, 20, 11, waiting=5),
    "half wait, but few": course(0, 20, 8, waiting=4),
    "more open than ever, but few": course(0, 3, 4),
    "a queue that is not twice as slow": queues(5, 2 * HOUR - MINUTE, HOUR),
    "a queue with few waits": queues(4, 2 * HOUR, HOUR),
    "waits of seconds": queues(5, MINUTE / 2, MINUTE / 60),
    "an agent not far from even": agents(19, 10.0),
    "agents with few tickets": with_part(
        work={"agents": (AgentFigures("ana", "Ana", 4, 0, 0, 0, HOUR, 1.0),), "compared": 3}
    ),
    "nobody to compare with": agents(20, 10.0, compared=1),
    "a tag that grew as all did": tags(4, 16, (20, 41)),
    "a rare tag": tags(0, 4, (20, 20)),
    "a channel that is not twice as slow": channels(5, 2 * HOUR - MINUTE, HOUR),
    "a channel with few answers": channels(4, 2 * HOUR, HOUR),
    "few opened again": with_part(volume={"solved": 40, "reopened": 4}),
    "a small part opened again": with_part(volume={"solved": 51, "reopened": 5}),
    "few promises missed": promised(("first_response", 5, 4, 0)),
    "a small part of promises missed": promised(("first_response", 46, 5, 0)),
    "few kept": messages(4, 4),
    "a small part kept": messages(46, 5),
}


@pytest.mark.parametrize(("figures", "sentence"), SAID.values(), ids=SAID)
def test_what_stands_out_is_said(figures, sentence):
    assert highlights(figures) == (sentence,)


@pytest.mark.parametrize("figures", UNSAID.values(), ids=UNSAID)
def test_what_does_not_stand_out_is_not(figures):
    assert highlights(figures) == ()


def test_what_needs_somebody_to_act_comes_first():
    several = {
        "waiting": missing().waiting,
        "open": course(0, 9).open,
        "speed": queues(5, 2 * HOUR, HOUR).speed,
        "work": agents(20, 10.0).work,
        "breakdown": tags(4, 16, (20, 40)).breakdown,
        "promises": promised(("first_response", 0, 5, 0)).promises,
        "volume": messages(45, 5).volume,
    }
    order = (
        "for the skill",
        "more than ever",
        "longest in the queue",
        "an even share",
        "The tag",
        "missed",
        "were kept",
    )
    for left_out in range(len(several)):
        said = highlights(with_part(**dict(list(several.items())[left_out:])))
        expected = order[left_out : left_out + MOST]
        assert len(said) == len(expected)
        assert all(words in sentence for words, sentence in zip(expected, said, strict=True))


def test_those_who_wait_for_a_missing_skill_are_named_once():
    both = with_part(course(0, 30, 24, waiting=16), waiting={"missing": missing().waiting.missing})
    assert len(highlights(both)) == 1
    assert len(highlights(with_part(both, waiting={"tickets": 24}))) == 2


def test_an_ordinary_desk_has_something_to_say():
    memory = MemoryStore()
    _, at = busy(memory)
    said = highlights(gather(memory, "acme", at))
    assert 0 < len(said) <= MOST
    assert all(sentence.endswith(".") for sentence in said)
