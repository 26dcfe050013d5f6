"""Figures from a tenant's history."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ticketcore.calendar.days import microseconds
from ticketcore.checks import instant
from ticketcore.errors import InvalidInput
from ticketcore.model import Agent, Configuration, Presence, SkillLevel
from ticketcore.ports import Store
from ticketcore.records import CURRENT
from ticketcore.report.figures import (
    TOP,
    TOP_AGENTS,
    TOP_REJECTED,
    AgentFigures,
    Breakdown,
    ChannelTimes,
    Counted,
    Counts,
    Figures,
    MissingSkill,
    OpenTickets,
    Percentiles,
    QueueWaits,
    Rejected,
    Speed,
    TagGrowth,
    Volume,
    Waiting,
    WaitingGroup,
    Work,
)
from ticketcore.report.history import DONE, AgentLife, History, TicketLife

PAGE = 1000
"""How many events are read at once."""

MAX_POINTS = 200
"""How many instants the course of open tickets has at most."""

_MINUTE = 60_000_000
_STEPS = [minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)]
_NUMBERS = 5


def gather(
    store: Store, tenant: str, at: datetime, rejected: Sequence[tuple[str, int | None, str, str]] = ()
) -> Figures:
    """The figures of a tenant as its history has them.

    ``at`` is the instant of the report: until then is waited and on duty, and its day, in its own time zone, is today.
    The history is taken whole, also what it has after that.  ``rejected`` is what the caller could not take in, each
    with source, line, field and reason; it is only passed on.

    Reads each event once, in pages.  ``InvalidInput`` for an instant without time zone, or at an end of the calendar.
    """
    now = microseconds(instant(at, "at"))
    history = History(_day(at))
    position = 0
    while page := store.events(tenant, position, limit=PAGE):
        for item in page:
            history.add(item.stream, item.event)
        position = page[-1].position
    (stored,) = store.load(tenant, [CURRENT])
    names = _Names(stored if isinstance(stored, Configuration) else Configuration())
    breakdown = _breakdown(history, names)
    return Figures(
        tenant,
        at,
        at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else str(at.tzinfo),
        None if history.first is None else history.first.astimezone(at.tzinfo),
        None if history.last is None else history.last.astimezone(at.tzinfo),
        _volume(history),
        breakdown,
        _open(history, at),
        _speed(history, breakdown, now),
        _work(history, names, now),
        _waiting(history, names, now),
        tuple(Rejected(*item) for item in rejected[:TOP_REJECTED]),
        len(rejected),
        history.promises.figures(),
        tuple(sorted(history.returns.items(), key=lambda item: (-item[1], item[0]))),
    )


class _Names:
    """What people call queues, agents and skills: the name that the configuration has, or the id."""

    def __init__(self, configuration: Configuration) -> None:
        self._queues = {item.id: item.name for item in configuration.queues}
        self._agents = {item.id: item.name for item in configuration.agents}
        self._skills = {item.id: item.name for item in configuration.skills}

    def queue(self, id: str | None) -> str:
        return "no queue" if id is None else self._queues.get(id) or id

    def agent(self, id: str) -> str:
        return self._agents.get(id) or id

    def skill(self, need: SkillLevel) -> SkillLevel:
        return SkillLevel(self._skills.get(need.skill) or need.skill, need.level)


def _day(at: datetime) -> tuple[int, int]:
    """From when until before when it is the day of an instant, in its zone."""
    try:
        days = (at.date(), at.date() + timedelta(days=1))
        begin, end = (microseconds(datetime.combine(day, time(), at.tzinfo)) for day in days)
    except OverflowError as error:
        raise InvalidInput("at", "must not be on the first or last day of the calendar") from error
    return begin, end


def _volume(history: History) -> Volume:
    return Volume(
        tuple(sorted(history.messages.items())),
        tuple(sorted(history.kept.items())),
        len(history.tickets),
        history.customers,
        history.solved,
        history.reopened,
    )


def _breakdown(history: History, names: _Names) -> Breakdown:
    lives = history.tickets.values()
    tags = _counts(Counter(tag for life in lives for tag in life.tags))
    return Breakdown(
        _counts(Counter(life.channel for life in lives)),
        _counts(Counter(life.queue for life in lives), names.queue),
        _counts(Counter(life.state for life in lives), lambda state: state.replace("_", " ")),
        tags,
        sum(not life.tags for life in lives),
        *_growth(history, [item.name for item in tags.top]),
    )


def _counts(counted: Mapping[str, int] | Mapping[str | None, int], name: Callable[..., str] = str) -> Counts:
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0] or ""))
    top = tuple(Counted(id, name(id), tickets) for id, tickets in ranked[:TOP])
    return Counts(top, len(ranked) - len(top), sum(tickets for _, tickets in ranked[TOP:]))


def _growth(history: History, tags: list[str]) -> tuple[tuple[TagGrowth, ...], tuple[int, int]]:
    """How the tags grew, and all tickets, from the first half of the time to the second."""
    if history.first is None or history.last is None:
        return (), (0, 0)
    middle = (microseconds(history.first) + microseconds(history.last)) // 2
    halves: Counter[tuple[str, bool]] = Counter()
    late = 0
    for life in history.tickets.values():
        late += life.opened > middle
        halves.update((tag, life.opened > middle) for tag in life.tags)
    growth = tuple(TagGrowth(tag, halves[tag, False], halves[tag, True]) for tag in tags)
    return growth, (len(history.tickets) - late, late)


def _open(history: History, at: datetime) -> OpenTickets | None:
    """The course of open tickets, in the shortest steps that fit; days double until they do."""
    if history.first is None or history.last is None or not history.tickets:
        return None
    first, last = microseconds(history.first), microseconds(history.last)
    step = next((step for step in _STEPS if (last - first) // step + 2 < MAX_POINTS), _STEPS[-1])
    while (last - first) // step + 2 >= MAX_POINTS:
        step *= 2
    offset = (history.first.astimezone(at.tzinfo).utcoffset() or timedelta()) // timedelta(microseconds=1)
    start = (first + offset) // step * step - offset
    deltas = [[0, 0, 0, 0] for _ in range((last - start) // step + 1)]
    for moved_at, move in zip(history.moves_at, history.moves, strict=True):
        bucket = deltas[(moved_at - start) // step]
        bucket[move // 4] -= 1
        bucket[move % 4] += 1
    points = [(0, 0, 0)]
    for one, two, three, _ in deltas:
        before = points[-1]
        points.append((before[0] + one, before[1] + two, before[2] + three))
    begin = (history.first - timedelta(microseconds=first - start)).astimezone(at.tzinfo)
    return OpenTickets(begin, timedelta(microseconds=step), tuple(points))


def percentiles(values: Iterable[int]) -> Percentiles:
    """The percentiles of lengths of time in microseconds.  O(n log n).

    >>> percentiles([3_000_000, 1_000_000, 2_000_000]).within(50).seconds
    2
    """
    ranked = sorted(values)
    ranks = (-(-percent * len(ranked) // 100) for percent in range(1, 101))
    curve = tuple(timedelta(microseconds=ranked[rank - 1]) for rank in ranks) if ranked else ()
    return Percentiles(len(ranked), curve)


def _speed(history: History, breakdown: Breakdown, now: int) -> Speed:
    solved: defaultdict[str, array[int]] = defaultdict(lambda: array("q"))
    waiting: defaultdict[str | None, list[int]] = defaultdict(list)
    for life in history.tickets.values():
        if life.category in DONE and life.solved is not None:
            solved[life.channel].append(max(0, life.solved - life.opened))
        if life.band == 0:
            waiting[life.queue].append(max(0, now - life.band_since))
    channels = tuple(
        ChannelTimes(item.name, percentiles(history.answers[item.name]), percentiles(solved[item.name]))
        for item in breakdown.channels.top
    )
    queues = tuple(
        QueueWaits(
            item.name,
            percentiles(history.waits[item.id]),
            len(waiting[item.id]),
            timedelta(microseconds=max(waiting[item.id], default=0)),
        )
        for item in breakdown.queues.top
    )
    return Speed(ChannelTimes("all channels", _together(history.answers), _together(solved)), channels, queues)


def _together(values: Mapping[str, "array[int]"]) -> Percentiles:
    return percentiles(value for some in values.values() for value in some)


def _work(history: History, names: _Names, now: int) -> Work:
    """Shares of work: what is even is so by time on duty times weight."""
    entitled = {id: life.duty_until(now) * life.agent.weight for id, life in history.agents.items()}
    compared = [id for id, entitlement in entitled.items() if entitlement]
    assigned = sum(history.agents[id].assigned for id in compared)
    total = sum(entitled.values())
    open_now = Counter(life.assignee for life in history.tickets.values() if life.band == 1)

    def figures(id: str, life: AgentLife) -> AgentFigures:
        return AgentFigures(
            id,
            names.agent(id),
            life.assigned,
            open_now[id],
            life.handled,
            life.handled_today,
            timedelta(microseconds=life.duty_until(now)),
            assigned * entitled[id] / total if entitled[id] else None,
        )

    ranked = sorted(history.agents.items(), key=lambda item: (-item[1].assigned, item[0]))
    return Work(
        tuple(figures(id, life) for id, life in ranked[:TOP_AGENTS]),
        max(0, len(ranked) - TOP_AGENTS),
        sum(life.handled_today for life in history.agents.values()),
        fairness([history.agents[id].assigned / entitled[id] for id in compared]),
        len(compared),
    )


def fairness(shares: Sequence[float]) -> float | None:
    """Jain's index of some shares: the square of their sum by their number times the sum of their squares.

    None for fewer than two, or when nobody has any.

    >>> fairness([2, 2, 2]), fairness([6, 0, 0])
    (1.0, 0.3333333333333333)
    """
    if len(shares) < 2 or not any(shares):
        return None
    scale = max(shares)
    scaled = [share / scale for share in shares]
    return sum(scaled) ** 2 / (len(scaled) * sum(share * share for share in scaled))


def _waiting(history: History, names: _Names, now: int) -> Waiting:
    groups: defaultdict[object, list[TicketLife]] = defaultdict(list)
    for life in history.tickets.values():
        if life.band == 0:
            decision = life.placement
            filters = None if decision is None else frozenset(item.filter for item in decision.excluded)
            groups[life.queue, life.needs, filters].append(life)
    for group in groups.values():
        group.sort(key=lambda life: (life.band_since, life.number))
    ranked = sorted(groups.values(), key=lambda group: (-len(group), group[0].number))
    total = sum(map(len, ranked))
    top = tuple(_group(group, names, now) for group in ranked[:TOP])
    missing = _missing(history, names, ranked)
    return Waiting(total, top, total - sum(group.tickets for group in top), missing)


def _group(group: list[TicketLife], names: _Names, now: int) -> WaitingGroup:
    latest = max(group, key=lambda life: (life.decided, life.number)).placement
    return WaitingGroup(
        names.queue(group[0].queue),
        tuple(names.skill(need) for need in group[0].needs),
        latest is not None,
        0 if latest is None else latest.pool,
        () if latest is None else latest.excluded,
        len(group),
        timedelta(microseconds=max(0, now - group[0].band_since)),
        tuple(life.number for life in group[:_NUMBERS]),
    )


def _missing(history: History, names: _Names, groups: Iterable[list[TicketLife]]) -> tuple[MissingSkill, ...]:
    needed: Counter[SkillLevel] = Counter()
    for group in groups:
        for need in group[0].needs:
            needed[need] += len(group)
    agents = [life.agent for life in history.agents.values()]
    best = _best_levels(agents)
    best_on_duty = _best_levels(agent for agent in agents if agent.presence is Presence.AVAILABLE)
    missing = [
        MissingSkill(names.skill(need), tickets, best.get(need.skill, 0) >= need.level)
        for need, tickets in needed.items()
        if best_on_duty.get(need.skill, 0) < need.level
    ]
    return tuple(sorted(missing, key=lambda item: (-item.tickets, item.skill.skill, item.skill.level))[:TOP])


def _best_levels(agents: Iterable[Agent]) -> dict[str, int]:
    """The highest level at which one of the agents has each skill."""
    best: dict[str, int] = {}
    for agent in agents:
        for have in agent.skills:
            best[have.skill] = max(have.level, best.get(have.skill, 0))
    return best
