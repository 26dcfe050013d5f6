"""What a report has to say, read off a history as published JSON, slowly and plainly.  Imports nothing of ticketcore.

A history is a list of events, each with ``stream``, the kind and id of what it happened to.
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction

DONE = ("solved", "closed")
ASLEEP = ("pending", "on_hold")


def when(event):
    return datetime.fromisoformat(event["at"])


def streams(history, kind):
    """The events of each thing of a kind, by its id."""
    found = defaultdict(list)
    for event in history:
        if event["stream"][0] == kind:
            found[event["stream"][1]].append(event)
    return found


def last(events, *names):
    """The last event with one of these names."""
    return next((event for event in reversed(events) if event["event"] in names), None)


def category(events):
    return last(events, "TicketOpened", "StateChanged")["category"]


def state(events):
    return last(events, "TicketOpened", "StateChanged")["state"]


def queue(events):
    routed = last(events, "Routed")
    return routed and routed["queue"]


def needs(events):
    routed = last(events, "Routed")
    return tuple((need["skill"], need.get("level", 1)) for need in routed["needs"]) if routed else ()


def assignee(events):
    changed = last(events, "Assigned", "Unassigned")
    return changed["agent"] if changed and changed["event"] == "Assigned" else None


def tags(events):
    found = set()
    for event in events:
        if event["event"] == "TagsChanged":
            found |= set(event.get("added", ()))
            found -= set(event.get("removed", ()))
    return found


def band(events):
    """Which of the three kinds of open tickets it is, or None."""
    if not events or category(events) in DONE:
        return None
    if category(events) in ASLEEP:
        return 2
    return 0 if assignee(events) is None else 1


def band_since(events):
    """When it came into the band that it is in."""
    since = len(events)
    while since > 1 and band(events[: since - 1]) == band(events):
        since -= 1
    return when(events[since - 1])


def opened(events):
    return when(events[0])


def answer_time(events):
    """From the opening to the first message of an agent, or None."""
    for event in events:
        if event["event"] == "MessageAdded" and event["kind"] == "agent":
            return when(event) - opened(events)
    return None


def solution_time(events):
    """From the opening to the last solution, of what is solved or closed, or None."""
    solutions = [event for event in events if event["event"] == "StateChanged" and event["category"] == "solved"]
    return when(solutions[-1]) - opened(events) if solutions and category(events) in DONE else None


def waits(events):
    """Each wait for an agent that ended with one: in which queue, and for how long."""
    return [
        (queue(events[:i]), when(event) - band_since(events[:i]))
        for i, event in enumerate(events)
        if event["event"] == "Assigned" and band(events[:i]) == 0
    ]


def solutions(events):
    """Who had it each time that it was solved, and when."""
    return [
        (assignee(events[:i]), when(event))
        for i, event in enumerate(events)
        if event["event"] == "StateChanged" and event["category"] == "solved"
    ]


def reopenings(events):
    return sum(
        event["event"] == "StateChanged" and event["category"] not in DONE and category(events[:i]) == "solved"
        for i, event in enumerate(events)
    )


def decision(events):
    """The decision that left it without an agent, or None."""
    found = last(events, "NoEligibleAgent", "Assigned")
    return found["placement"] if found and found["event"] == "NoEligibleAgent" else None


def decided_at(events):
    """When that was; long ago, if it was not."""
    return when(last(events, "NoEligibleAgent")) if decision(events) else datetime.min.replace(tzinfo=UTC)


def filters(events):
    """The filters of that decision, or None."""
    found = decision(events)
    return found and frozenset(item["filter"] for item in found["excluded"])


def open_at(history, instant=None):
    """How many tickets of each band there were just before an instant, or are at the end."""
    counts = Counter()
    for events in streams(history, "ticket").values():
        counts[band([event for event in events if instant is None or when(event) < instant])] += 1
    return (counts[0], counts[1], counts[2])


def percentile(values, percent):
    """The shortest of the times within which at least this many percent were done."""
    return min(value for value in values if 100 * sum(other <= value for other in values) >= percent * len(values))


def duty(events, until):
    """How long an agent was available."""
    total = timedelta()
    presences = [event for event in events if "presence" in event]
    for event, following in zip(presences, [*presences[1:], None], strict=True):
        if event["presence"] == "available":
            total += max(timedelta(), (when(following) if following else until) - when(event))
    return total


def skills(events):
    changed = last(events, "AgentAdded", "SkillsChanged")
    return {need["skill"]: need.get("level", 1) for need in changed["skills"]}


def is_available(events):
    return last(events, "AgentAdded", "PresenceChanged")["presence"] == "available"


def assignments(history, agent):
    """How many tickets an agent was given, without those that came back."""
    return sum(
        event["event"] == "Assigned"
        and event["agent"] == agent
        and not (event.get("placement") or {}).get("returned", False)
        for event in history
    )


def jain(shares):
    """The index by its definition, exactly."""
    return Fraction(sum(shares) ** 2, len(shares) * sum(share * share for share in shares))
