"""Where a file and what a store follows say different things."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from ticketcore.config.notation import Path, Plain, inline, written
from ticketcore.config.people import agent_table
from ticketcore.config.plain import (
    brief_rule,
    brief_thing,
    channel_table,
    desk_table,
    rule_table,
    thing_tables,
)
from ticketcore.config.reopening import brief_reopening, reopening_table
from ticketcore.config.workflow_tables import Table
from ticketcore.model import Agent, AgentProfile, Configuration, ReopenRule, RoutingRule

_R = TypeVar("_R", RoutingRule, ReopenRule)


@attrs.frozen
class Difference:
    """What a file and a store say about the same thing.

    ``path`` is the key as the file writes it, or would.  ``file_value`` and ``stored_value`` are written as in TOML,
    those that have their default too; None is for what one of them does not have.
    """

    path: str
    file_value: str | None
    stored_value: str | None


def differences(file: Configuration, stored: Configuration, agents: Iterable[Agent] = ()) -> tuple[Difference, ...]:
    """Where a file differs from what a store follows, in the order of the file's tables.

    ``agents`` are those that the store has: what they are now counts, but for their name and presence, which stand
    in the stored configuration only.  Rules are the same when their names are.  ``rules[2]`` is the place in the file,
    for a rule that only the store has its place there; ``rules`` itself is the order of those that both have.

    ``types`` is their order, where another type comes first, and ``sla`` that of the policies that both have.

    Neither versions count nor the order of anything else, nor whether a channel is declared as it is anyway.
    ``InvalidInput`` for a rule that a file cannot say, as in ``write_desk``.  O(n log n) in what the two declare.
    """
    names = dict.fromkeys(channel.name for one in (file, stored) for channel in one.channels)
    ours, theirs = _things(file, file.agents, names), _things(stored, _as_they_are(stored, agents), names)
    found = [*_between(("desk",), desk_table(file), desk_table(stored), 1)]
    for kind in ours:
        for name in dict.fromkeys((*ours[kind], *theirs[kind])):
            found += _of_thing(kind, name, ours[kind].get(name), theirs[kind].get(name))
    types, other_types = ([type.id for type in one.types] for one in (file, stored))
    if types[0] != other_types[0]:
        found.append(Difference("types", inline(types), inline(other_types)))
    policies, other_policies = ([policy.id for policy in one.policies] for one in (file, stored))
    both = [id for id in policies if id in other_policies], [id for id in other_policies if id in policies]
    if both[0] != both[1]:
        found.append(Difference("sla", *map(inline, both)))
    return (
        *found,
        *_of_rules("rules", file.rules, stored.rules, rule_table, brief_rule),
        *_of_rules("reopening", file.reopening, stored.reopening, reopening_table, brief_reopening),
    )


def _things(
    configuration: Configuration, agents: Iterable[AgentProfile], channels: Iterable[str]
) -> Mapping[str, Mapping[str, Table]]:
    return {
        **thing_tables(configuration),
        "channels": {name: channel_table(configuration.channel(name)) for name in channels},
        "agents": {agent.id: agent_table(agent) for agent in agents},
    }


def _as_they_are(stored: Configuration, agents: Iterable[Agent]) -> Iterable[AgentProfile]:
    """The agents of a store: as declared, with what was changed since."""
    profiles = {profile.id: profile for profile in stored.agents}
    for agent in agents:
        profile = profiles.get(agent.id) or AgentProfile(agent.id, presence=agent.presence)
        profiles[agent.id] = attrs.evolve(
            profile,
            teams=agent.teams,
            skills=agent.skills,
            capacity=agent.capacity,
            weight=agent.weight,
            attributes=agent.arranged.attributes,
            shifts=tuple(shift.id for shift in agent.arranged.shifts),
            capacity_profile=None if agent.arranged.profile is None else agent.arranged.profile.id,
        )
    return profiles.values()


def _of_thing(kind: str, name: str, one: Table | None, other: Table | None) -> Iterator[Difference]:
    if one is not None and other is not None:
        yield from _between((kind, name), one, other, 3 if kind in ("types", "workflows", "sla", "escalations") else 1)
    else:
        values = [None if table is None else inline(brief_thing(kind, name, table)) for table in (one, other)]
        yield Difference(written((kind, name)), *values)


def _of_rules(
    section: str, ours: Sequence[_R], theirs: Sequence[_R], whole: Callable[[_R], Table], brief: Callable[[_R], Table]
) -> Iterator[Difference]:
    names, others = [rule.id for rule in ours], {rule.id: rule for rule in theirs}
    for i, rule in enumerate(ours):
        if rule.id in others:
            yield from _between((section, i), whole(rule), whole(others[rule.id]), 2)
        else:
            yield Difference(f"{section}[{i}]", inline(brief(rule)), None)
    known = frozenset(names)
    for i, rule in enumerate(theirs):
        if rule.id not in known:
            yield Difference(f"{section}[{i}]", None, inline(brief(rule)))
    order, other_order = [name for name in names if name in others], [name for name in others if name in known]
    if order != other_order:
        yield Difference(section, inline(order), inline(other_order))


def _between(path: Path, one: Mapping[str, Plain], other: Mapping[str, Plain], depth: int) -> Iterator[Difference]:
    """Where two tables differ, in tables within them down to this depth; deeper ones are the same or not."""
    for name in dict.fromkeys((*one, *other)):
        value, another = one.get(name), other.get(name)
        if depth > 1 and isinstance(value, Mapping) and isinstance(another, Mapping):
            yield from _between((*path, name), value, another, depth - 1)
        elif _in_any_order(value) != _in_any_order(another):
            yield Difference(written((*path, name)), _text(value), _text(another))


def _in_any_order(value: Plain | None) -> Plain | None:
    return sorted(value, key=str) if isinstance(value, list) else value


def _text(value: Plain | None) -> str | None:
    return None if value is None else inline(value)
