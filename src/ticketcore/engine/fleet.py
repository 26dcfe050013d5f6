"""All agents as sets: who has which skill, team and attribute, each set one whole number, a bit for each agent.

An agent has a slot, which is the number of their bit.  A set that changes is stamped, so that whatever was made from it
knows when it is out of date, and an edit costs no more than the sets that it touches.
"""

from collections.abc import Iterable, Iterator, Mapping
from sys import intern

from ticketcore.engine.agents import AgentFacts, AgentLoad
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.model import SkillLevel
from ticketcore.model.requirements import (
    AgentIn,
    All,
    AnyOf,
    AtLeast,
    Attribute,
    Everybody,
    Expression,
    HasSkill,
    InTeam,
    Leaf,
    Not,
    Value,
)

ALL_AGENTS = "*"
"""The name of the set of all."""


def name_of(leaf: Leaf) -> str:
    """The name of what a leaf looks at; every agent whom it holds for bears one of the leaf's ``names_of``."""
    match leaf:
        case HasSkill(skill):
            return f"skill {skill}"
        case InTeam(team):
            return f"team {team}"
        case Attribute(name):
            return f"attribute {name}"
        case AgentIn() | Everybody():
            return ALL_AGENTS


class Fleet:
    """The agents by id and slot, and their sets.

    An agent who comes twice is ``InvalidInput``, one who is not known ``NotFound``.  A bit costs a copy of its set:
    O(agents / 64) words.  ``loads`` are the agents by id, ``everybody`` the set of all; ``stamp`` counts the changes of
    sets.
    """

    def __init__(self, agents: Iterable[AgentFacts], kind: type[AgentLoad] = AgentLoad) -> None:
        self._kind = kind
        self.loads: dict[str, AgentLoad] = {}
        self.by_slot: list[AgentLoad | None] = []
        self.everybody = 0
        self.stamp = 0
        self._changed: dict[str, int] = {}
        self._skills: dict[str, dict[int, int]] = {}
        self._teams: dict[str, int] = {}
        self._attributes: dict[Attribute, int] = {}
        self._levels: dict[str, dict[int, int]] = {}
        self._free: list[int] = []
        self._load(list(agents))

    def __len__(self) -> int:
        return len(self.loads)

    def __iter__(self) -> Iterator[AgentLoad]:
        return iter(self.loads.values())

    def load(self, agent: str) -> AgentLoad:
        """The agent with this id, or ``NotFound``."""
        try:
            return self.loads[agent]
        except KeyError:
            raise NotFound("agent", agent) from None

    def changed_since(self, names: Iterable[str], stamp: int) -> bool:
        """Whether a set with one of these names has changed after the stamp."""
        changed = self._changed
        return any(changed.get(name, 0) > stamp for name in names)

    # The sets.

    def holders(self, expression: Expression) -> int:
        """The set of agents who meet it.  O(parts x agents / 64) once its attributes have been seen."""
        match expression:
            case HasSkill(skill, level):
                return self._at_level(skill, level)
            case InTeam(team):
                return self._teams.get(team, 0)
            case All(parts):
                found = self.holders(parts[0])
                for part in parts[1:]:
                    found &= self.holders(part)
                return found
            case AnyOf(parts):
                return _united(map(self.holders, parts))
            case Not(part):
                return self.everybody & ~self.holders(part)
            case AtLeast(count, parts):
                return _at_least(count, [self.holders(part) for part in parts])
            case AgentIn(agents):
                return _united(1 << self.loads[agent].slot for agent in agents if agent in self.loads)
            case Attribute():
                return self._with_attribute(expression)
            case Everybody():
                return self.everybody

    def _at_level(self, skill: str, level: int) -> int:
        """Who has the skill at the level or above: one set for all plans that ask it."""
        known = self._levels.setdefault(skill, {})
        if level not in known:
            known[level] = _united(bits for have, bits in self._skills.get(skill, {}).items() if have >= level)
        return known[level]

    def _with_attribute(self, leaf: Attribute) -> int:
        found = self._attributes.get(leaf)
        if found is None:
            meeting = (load.slot for load in self if leaf.meets(load.attributes.get(leaf.name)))
            found = self._attributes[leaf] = self.set_of(meeting)
        return found

    def members(self, bits: int) -> list[AgentLoad]:
        """The agents of a set, by falling slot.  O(agents / 64) for each."""
        found = []
        while bits:
            slot = bits.bit_length() - 1
            load = self.by_slot[slot]
            assert load is not None
            found.append(load)
            bits ^= 1 << slot
        return found

    def set_of(self, slots: Iterable[int]) -> int:
        """The set of the agents with these slots."""
        return _set(slots, len(self.by_slot))

    # The changes.

    def add(self, facts: AgentFacts) -> AgentLoad:
        """Somebody joins.  ``InvalidInput`` if there is one of this id."""
        if facts.id in self.loads:
            raise InvalidInput("AgentFacts.id", f"{facts.id!r} is here already")
        if self._free:
            slot = self._free.pop()
        else:
            slot = len(self.by_slot)
            self.by_slot.append(None)
        load = self._kind(facts, slot)
        self.loads[load.id] = self.by_slot[slot] = load
        load.names = _names(load)
        bit = 1 << slot
        self.everybody |= bit
        self._flip(bit, load.skills, load.teams, load.attributes)
        self._touch(ALL_AGENTS)
        return load

    def remove(self, load: AgentLoad) -> None:
        """Somebody is gone for good; their slot is the next one's."""
        bit = 1 << load.slot
        self._flip(bit, load.skills, load.teams, load.attributes)
        self.everybody ^= bit
        del self.loads[load.id]
        self.by_slot[load.slot] = None
        self._free.append(load.slot)
        self._touch(ALL_AGENTS)

    def change(
        self,
        load: AgentLoad,
        skills: Iterable[SkillLevel] | None = None,
        teams: tuple[str, ...] | None = None,
        attributes: Mapping[str, Value] | None = None,
    ) -> None:
        """The agent has these instead; None leaves what is.  O(what differs x agents / 64)."""
        after = load.skills if skills is None else {item.skill: item.level for item in skills}
        moved = dict(load.skills.items() ^ after.items())
        joined = load.teams if teams is None else teams
        given = load.attributes if attributes is None else dict(attributes)
        bit = 1 << load.slot
        self._flip(bit, {name: load.skills[name] for name in moved if name in load.skills}, (), {})
        self._flip(bit, {name: after[name] for name in moved if name in after}, (), {})
        self._flip(bit, {}, set(load.teams) ^ set(joined), {})
        if given != load.attributes:
            self._flip(bit, {}, (), load.attributes)
            self._flip(bit, {}, (), given)
        load.skills, load.teams, load.attributes = after, joined, given
        load.names, load.epoch = _names(load), -1

    def _flip(
        self,
        bit: int,
        skills: Mapping[str, int],
        teams: Iterable[str],
        attributes: Mapping[str, Value],
    ) -> None:
        for skill, level in skills.items():
            levels = self._skills.setdefault(skill, {})
            levels[level] = levels.get(level, 0) ^ bit
            self._levels.pop(skill, None)
            self._touch(f"skill {skill}")
        for team in teams:
            self._teams[team] = self._teams.get(team, 0) ^ bit
            self._touch(f"team {team}")
        if attributes and self._attributes:
            for leaf in self._attributes:
                if leaf.name in attributes and leaf.meets(attributes[leaf.name]):
                    self._attributes[leaf] ^= bit
                    self._touch(f"attribute {leaf.name}")

    def _touch(self, name: str) -> None:
        self.stamp += 1
        self._changed[name] = self.stamp

    def _load(self, agents: list[AgentFacts]) -> None:
        """All at once, in O(agents x what each has): the first given has the highest slot."""
        skills: dict[str, dict[int, list[int]]] = {}
        teams: dict[str, list[int]] = {}
        for slot, facts in enumerate(reversed(agents)):
            if facts.id in self.loads:
                raise InvalidInput("AgentFacts.id", f"{facts.id!r} comes twice")
            load = self._kind(facts, slot)
            load.names = _names(load)
            self.loads[load.id] = load
            self.by_slot.append(load)
            for skill, level in load.skills.items():
                skills.setdefault(skill, {}).setdefault(level, []).append(slot)
            for team in load.teams:
                teams.setdefault(team, []).append(slot)
        size = len(agents)
        self.everybody = (1 << size) - 1
        self._skills = {
            skill: {level: _set(slots, size) for level, slots in levels.items()} for skill, levels in skills.items()
        }
        self._teams = {team: _set(slots, size) for team, slots in teams.items()}


def names_of(leaf: Leaf) -> tuple[str, ...]:
    """What the agents whom a leaf holds for bear at least one of, among their ``names``."""
    if isinstance(leaf, AgentIn):
        return tuple(f"agent {agent}" for agent in leaf.agents)
    return (ALL_AGENTS,) if isinstance(leaf, Attribute) else (name_of(leaf),)


def _names(load: AgentLoad) -> tuple[str, ...]:
    shared = [*(f"team {team}" for team in load.teams), *(f"skill {skill}" for skill in load.skills)]
    return (ALL_AGENTS, f"agent {load.id}", *map(intern, shared))


def _united(sets: Iterable[int]) -> int:
    found = 0
    for bits in sets:
        found = found | bits if found else bits
    return found


def _at_least(count: int, sets: list[int]) -> int:
    """Who is in ``count`` or more of the sets: ``reached[k]`` are those in more than k of the sets seen so far."""
    reached = [0] * count
    for bits in sets:
        for k in range(count - 1, 0, -1):
            reached[k] |= reached[k - 1] & bits
        reached[0] |= bits
    return reached[-1]


def _set(slots: Iterable[int], size: int) -> int:
    """These slots as one whole number, in O(slots + size)."""
    octets = bytearray(size // 8 + 1)
    for slot in slots:
        octets[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(octets, "little")
