"""What stands out in the figures, in a sentence each, found by rules."""

from datetime import timedelta

from ticketcore.report.figures import AgentFigures, ChannelTimes, Figures, QueueWaits
from ticketcore.report.wording import counted, duration, number, percent, shown, skills

MOST = 3
"""How many sentences there are at most."""

ENOUGH = 5
"""The fewest cases that a rule goes by."""

FAR = 2
"""How many times as much as usual is worth a sentence."""


def highlights(figures: Figures) -> tuple[str, ...]:
    """The first three of these that hold, what needs somebody to act before what is only good to know.

    1. Tickets wait for a skill that nobody on duty has.
    2. More tickets are open now than at any instant before, and at least 5.
    3. At least half of the open tickets wait for an agent, and at least 5, without those of which rule 1 spoke.
    4. In one queue, nine of ten waits for an agent took up to twice as long or longer than in any other.
    5. An agent was assigned at least twice an even share.
    6. Of a tag's tickets, at least twice as many were opened in the second half of the time, and more than of all.
    7. Of the promises of a metric, at least one in ten was missed.
    8. On one channel, half of the first answers took at least twice as long as on any other.
    9. At least one in ten solved tickets was opened again.
    10. At least one in ten messages of customers was kept without a ticket.

    Rules 4 to 10 look only at what has at least 5 cases.  Rule 2 says how many wait, so that rule 3 does not repeat it.
    """
    rules = (_missing, _rising, _waiting, _slow_queue, _loaded, _growing, _missed, _slow_channel, _reopened, _kept)
    said = (rule(figures) for rule in rules)
    return tuple(sentence for sentence in said if sentence is not None)[:MOST]


def _missing(figures: Figures) -> str | None:
    if not figures.waiting.missing:
        return None
    worst = figures.waiting.missing[0]
    who = "nobody on duty has" if worst.known else "no agent has"
    wait = "waits" if worst.tickets == 1 else "wait"
    return f"{counted(worst.tickets, 'ticket')} {wait} for the skill {skills([worst.skill])}, which {who}."


def _rising(figures: Figures) -> str | None:
    if figures.open is None:
        return None
    *before, now = [sum(point) for point in figures.open.points]
    if now < ENOUGH or now <= max(before):
        return None
    return f"{counted(now, 'ticket')} are open, more than ever before; {number(figures.waiting.tickets)} have no agent."


def _waiting(figures: Figures) -> str | None:
    if figures.open is None or _rising(figures) is not None:
        return None
    open, waiting = sum(figures.open.points[-1]), figures.waiting.tickets
    others = waiting - max((item.tickets for item in figures.waiting.missing), default=0)
    if others < ENOUGH or 2 * others < open:
        return None
    longest = max((group.longest for group in figures.waiting.groups), default=timedelta())
    return (
        f"{number(waiting)} of {counted(open, 'open ticket')} wait for an agent, one of them for {duration(longest)}."
    )


def _slow_queue(figures: Figures) -> str | None:
    def p90(queue: QueueWaits) -> timedelta:
        return queue.waited.within(90)

    queues = sorted((queue for queue in figures.speed.queues if queue.waited.count >= ENOUGH), key=p90)
    if len(queues) < 2 or p90(queues[-1]) < max(FAR * p90(queues[-2]), timedelta(minutes=1)):
        return None
    return (
        f"Tickets wait longest in the queue {shown(queues[-1].name)}: one in ten waited {duration(p90(queues[-1]))}"
        f" or longer for an agent, against {duration(p90(queues[-2]))} in {shown(queues[-2].name)}, the next."
    )


def _loaded(figures: Figures) -> str | None:
    def ratio(agent: AgentFigures) -> float:
        return agent.assigned / agent.even if agent.even else 0

    agents = [agent for agent in figures.work.agents if agent.assigned >= ENOUGH]
    if not agents or figures.work.compared < 2:
        return None
    most = max(agents, key=ratio)
    if ratio(most) < FAR:
        return None
    return (
        f"{shown(most.name)} was assigned {counted(most.assigned, 'ticket')}, {ratio(most):.1f} times"
        " an even share by time on duty."
    )


def _growing(figures: Figures) -> str | None:
    growth = figures.breakdown.growth
    first, second = figures.breakdown.halves
    usual = max(1.0, second / first) if first else 1.0
    grown = [tag for tag in growth if tag.second >= ENOUGH and tag.second >= FAR * usual * tag.first]
    if not grown:
        return None
    most = max(grown, key=lambda tag: tag.second - usual * tag.first)
    return (
        f"The tag {shown(most.tag)} grew from {counted(most.first, 'ticket')} in the first half of the time"
        f" to {number(most.second)} in the second."
    )


def _missed(figures: Figures) -> str | None:
    worst = max(figures.promises, key=lambda one: one.missed, default=None)
    if worst is None or worst.missed < ENOUGH or 10 * worst.missed < worst.made:
        return None
    share = percent(worst.missed, worst.made)
    return f"Of {counted(worst.made, 'promise')} of {shown(worst.metric)}, {number(worst.missed)} were missed, {share}."


def _slow_channel(figures: Figures) -> str | None:
    def p50(channel: ChannelTimes) -> timedelta:
        return channel.answered.within(50)

    channels = sorted((item for item in figures.speed.channels if item.answered.count >= ENOUGH), key=p50)
    if len(channels) < 2 or p50(channels[-1]) < max(FAR * p50(channels[-2]), timedelta(minutes=1)):
        return None
    return (
        f"First answers take longest on {shown(channels[-1].channel)}: half of them {duration(p50(channels[-1]))}"
        f" or longer, against {duration(p50(channels[-2]))} on {shown(channels[-2].channel)}, the next."
    )


def _reopened(figures: Figures) -> str | None:
    volume = figures.volume
    if volume.reopened < ENOUGH or 10 * volume.reopened < volume.solved:
        return None
    share = percent(volume.reopened, volume.solved)
    return f"Solved tickets were opened again {counted(volume.reopened, 'time')}, after {share} of all solutions."


def _kept(figures: Figures) -> str | None:
    kept, written = figures.volume.kept_total, figures.volume.written
    if kept < ENOUGH or 10 * kept < written:
        return None
    return f"{counted(kept, 'message')} of customers, {percent(kept, written)}, were kept without a ticket."
