"""``ticketcore agents``: who is there, what they have, and why somebody is given less."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs
import click
from rich.table import Table
from rich.text import Text

from ticketcore.assignment import mean_virtual_time
from ticketcore.calendar.days import day_began, microseconds
from ticketcore.cli.common import (
    everything,
    harmless,
    json_option,
    kept,
    kept_tenant_option,
    opened,
    plain,
    print_json,
    print_rich,
    store_option,
)
from ticketcore.cli.listing import instant_of
from ticketcore.desk import Desk
from ticketcore.model import CREDIT, Agent, Filter, Kind, Presence
from ticketcore.ports import Query

_HOUR = 3_600_000_000

FULL = {
    Filter.CAPACITY: "full",
    Filter.CHANNEL_LIMIT: "at the limit of a channel",
    Filter.QUEUE_LIMIT: "at the limit of a queue",
    Filter.EXCLUSIVE: "on exclusive work",
    Filter.DAILY_CAP: "at the cap of the day",
    Filter.RATE: "at the rate",
}
"""What keeps work from somebody who is there, in words."""


@attrs.frozen
class Standing:
    """How an ``agent`` stands at an instant.

    ``name``, ``presence``, ``teams`` and ``weight`` are theirs; ``skills`` have their levels.  They have ``open``
    tickets, are ``offered`` some and are ``wrapping`` up others, which take ``used`` of the ``total`` that they take at
    once, in tickets or in the units of their profile; ``debt`` is what that is too much.  ``today`` counts the tickets
    that they were given since midnight, and ``hours`` for how long they were available since.  ``ahead`` is by how many
    tickets of a full share they have had more than the mean of those who are available, None where nobody is.  ``why``
    is what keeps them from more, or makes them fewer.
    """

    agent: str
    name: str
    presence: Presence
    teams: tuple[str, ...]
    skills: dict[str, int]
    weight: int
    open: int
    offered: int
    wrapping: int
    used: int
    total: int
    debt: int
    today: int
    hours: float
    ahead: float | None
    why: tuple[str, ...]


@click.command()
@store_option
@kept_tenant_option
@click.option("--team", default=None, help="Only those of this team.")
@click.option("--at", default=None, metavar="TIME", help="At this instant, such as 2026-03-02T09:00+01:00, not now.")
@json_option
def agents(store_file: Path, tenant: str | None, team: str | None, at: str | None, as_json: bool) -> None:
    """List agents: who is there, what they have, what they were given today, and why some are given fewer.

    Example: ticketcore agents --store desk.db --team support
    """
    instant = datetime.now(UTC) if at is None else instant_of(at, "--at")
    with opened(kept(store_file, tenant), store_file) as desk:
        found = [one for one in standings(desk, instant) if team is None or team in one.teams]
    if as_json:
        print_json({"at": instant.isoformat(), "agents": [plain(one) for one in found]})
    else:
        print_rich(_table(found) if found else "no agents")


def standings(desk: Desk, at: datetime) -> list[Standing]:
    """How every agent of the desk stands, by id.  O(agents)."""
    configuration = desk.configuration()
    names = {profile.id: profile.name for profile in configuration.agents}
    pool = [one for one in everything(desk, Query(Kind.AGENT)) if isinstance(one, Agent)]
    day, now, mean = microseconds(day_began(configuration.zone, at)), microseconds(at), mean_virtual_time(pool)
    hours = {agent.id: _duty(agent, day, now) / _HOUR for agent in pool}
    there = [each for each in hours.values() if each]
    usual = sum(there) / len(there) if there else 0.0
    return [_standing(agent, names.get(agent.id, ""), day, now, mean, hours[agent.id], usual) for agent in pool]


def _standing(agent: Agent, name: str, day: int, at: int, mean: int | None, hours: float, usual: float) -> Standing:
    load = agent.workload(day, at)
    ahead = None if mean is None else round((agent.memory.virtual_time - mean) / CREDIT, 1) + 0.0
    return Standing(
        agent.id,
        name,
        agent.presence,
        agent.teams,
        {item.skill: item.level for item in agent.skills},
        agent.weight,
        agent.open,
        len(agent.offers),
        len(agent.wrapping),
        agent.held if load is None else load.profile.used(load.held),
        agent.capacity if load is None else load.profile.total,
        agent.debt,
        agent.memory.of_day(day).handled,
        round(hours, 1),
        ahead,
        tuple(_reasons(agent, day, at, ahead, hours, usual)),
    )


def _reasons(agent: Agent, day: int, at: int, ahead: float | None, hours: float, usual: float) -> Iterator[str]:
    """What keeps an agent from more work now, and what has kept them from it today."""
    load = agent.workload(day, at)
    full = load.bound("", None) if load is not None else Filter.CAPACITY if agent.held >= agent.capacity else None
    if agent.presence is not Presence.AVAILABLE:
        yield f"is {agent.presence}"
    if agent.debt:
        yield f"has {agent.debt} more than they take"
    elif full is not None:
        yield f"is {FULL[full]}"
    if hours < usual - 0.05:
        yield f"was there {hours:.1f} hours, usual are {usual:.1f}"
    if agent.weight < 100:
        yield f"has a share of {agent.weight} percent"
    if ahead is not None and ahead >= 1:
        yield f"has had {ahead:.1f} tickets more than the others"


def _duty(agent: Agent, day: int, at: int) -> int:
    memory = agent.memory.of_day(day)
    since = max(memory.available_since, day) if agent.presence is Presence.AVAILABLE else at
    return memory.duty + max(0, at - since)


def _table(found: Sequence[Standing]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("agent", "presence", "load", "open", "offered", "wrapping", "debt", "today", "hours", "ahead", "why"):
        right = head not in ("agent", "presence", "why")
        table.add_column(head, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    for one in found:
        cells = (
            one.agent,
            one.presence.value,
            f"{one.used}/{one.total}",
            *(str(number) for number in (one.open, one.offered, one.wrapping, one.debt, one.today)),
            f"{one.hours:.1f}",
            "-" if one.ahead is None else f"{one.ahead:+.1f}",
            "; ".join(one.why),
        )
        table.add_row(*(Text(harmless(cell)) for cell in cells))
    return table
