"""Why somebody was given more or fewer than the others: by causes that add up, and in words.

Each ticket is shared out in thought among ever fewer agents: among all alike, among those who were there, by their
weights, among those qualified, among those who had room.  What each step changes of an agent's part is what that cause
comes to; the rest is the policy's order and chance.
"""

from collections import defaultdict
from collections.abc import Collection

import attrs

from ticketcore.errors import NotFound
from ticketcore.fairness.history import History
from ticketcore.fairness.ledger import Currency, Ledger


@attrs.frozen
class Causes:
    """Why an ``agent`` was given what they were ``given``, in the ``currency`` of the ledger.

    ``alike`` is what each would have been given if all were alike.  The causes are what they come to more, or less:
    ``duty`` for when they were there, ``weight`` for their share, ``skills`` for what they may take, ``room`` for when
    they had none or others had none, ``turns`` for the rest.  ``alike`` and the five add up to ``given``.

    ``agents`` counts those who were there at all.  ``hours`` is their time there, ``usual_hours`` that of the agents on
    average; ``came`` counts the tickets that came meanwhile, ``could`` those of them for which they were qualified and
    ``full`` those of these for which they had no room.  ``percent`` is their weight.
    """

    agent: str
    currency: Currency
    given: float
    alike: float
    duty: float
    weight: float
    skills: float
    room: float
    turns: float
    agents: int
    hours: float
    usual_hours: float
    came: int
    could: int
    full: int
    percent: int


def causes(history: History, ledger: Ledger, now: int) -> tuple[Causes, ...]:
    """Why everybody who was there was given what they were, by id.  O(given x agents on duty)."""
    shares = {share.agent: share for share in ledger.shares(history, now)}
    weights = {agent: share.weight for agent, share in shares.items()}
    steps: list[dict[str, float]] = [defaultdict(float) for _ in range(5)]
    seen: dict[str, list[int]] = {agent: [0, 0, 0] for agent in shares}
    on_duty = history.on_duty()
    for item in history.given if ledger.currency is Currency.WORK else history.counted():
        part = ledger.window.part(item.at, now) * ledger.amount(item)
        if not ledger.window.part(item.at, now):
            continue
        qualified, able = ([agent for agent in some if agent in weights] for some in (item.qualified, item.able))
        there = on_duty.at(item.at) & weights.keys() | set(qualified)
        _share(steps[0], shares, part)
        _share(steps[1], there, part)
        _share(steps[2], there, part, weights)
        _share(steps[3], qualified, part, weights)
        _share(steps[4], able, part, weights)
        for agent in there:
            seen[agent][0] += 1
        for agent in qualified:
            seen[agent][1] += 1
            seen[agent][2] += agent not in able
    usual = sum(share.hours for share in shares.values()) / len(shares) if shares else 0.0
    found = []
    for agent, share in sorted(shares.items()):
        alike, duty, weight, skills, room = (step[agent] for step in steps)
        came, could, full = seen[agent]
        found.append(
            Causes(
                agent,
                ledger.currency,
                share.given,
                alike,
                duty=duty - alike,
                weight=weight - duty,
                skills=skills - weight,
                room=room - skills,
                turns=share.given - room,
                agents=len(shares),
                hours=share.hours,
                usual_hours=usual,
                came=came,
                could=could,
                full=full,
                percent=share.weight,
            )
        )
    return tuple(found)


def why(history: History, ledger: Ledger, now: int, agent: str) -> str:
    """Why an agent was given more or fewer than they would be if all were alike, in words for whoever leads the team.

    ``NotFound`` for somebody who was not there.
    """
    for found in causes(history, ledger, now):
        if found.agent == agent:
            return told(found)
    raise NotFound("agent", agent)


def told(found: Causes) -> str:
    """The causes in words: the sum first, then what each comes to, where it is at least a tenth."""
    unit = {Currency.TICKETS: "tickets", Currency.UNITS: "units", Currency.WORK: "hours of work"}[found.currency]
    difference = found.given - found.alike
    lines = [
        f"{found.agent} was given {_number(found.given)} {unit}; shared alike among {found.agents} it would be"
        f" {_number(found.alike)} each, so that is {_more(difference)}."
    ]
    reasons = (
        (
            found.duty,
            f"for when they were there: {_number(found.hours)} hours, usual were {_number(found.usual_hours)}",
        ),
        (found.weight, f"for their share of {found.percent} percent"),
        (found.skills, f"for their skills: of {found.came} tickets that came, they may take {found.could}"),
        (found.room, f"for room: of these {found.could}, they had none for {found.full}"),
        (found.turns, "for whose turn it was, and chance"),
    )
    lines += [f"- {_more(gain)} {reason}." for gain, reason in reasons if abs(gain) >= 0.05]
    return "\n".join(lines)


def _share(
    parts: dict[str, float], agents: Collection[str], amount: float, weights: "dict[str, int] | None" = None
) -> None:
    whole = len(agents) if weights is None else sum(weights[agent] for agent in agents)
    for agent in agents:
        parts[agent] += amount * (1 if weights is None else weights[agent]) / whole


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _more(value: float) -> str:
    if abs(value) < 0.05:
        return "just that"
    return f"{_number(abs(value))} {'more' if value > 0 else 'fewer'}"
