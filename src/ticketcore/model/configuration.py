"""How a desk is set up: channels, skills, teams, queues, rules and the agents it starts with, as one value.

A Configuration is immutable and checked when it is built: what refers to something unknown is refused by name.
It names policies and their numbers and holds no secrets and no code.

Ids are what the rest of the desk refers to; a ``name`` is for people, and may be empty.  Each class here raises
``InvalidInput`` naming the field that cannot be used.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

import attrs

from ticketcore.calendar.days import is_zone
from ticketcore.checks import (
    as_member,
    as_tuple,
    each,
    instance,
    is_name,
    is_optional_name,
    is_words,
    meant,
    member,
    names,
    whole,
)
from ticketcore.errors import InvalidInput
from ticketcore.model.absence import Absence, Reassign, as_reassign, is_grace
from ticketcore.model.affinity import Affinity, check_affinities
from ticketcore.model.attributes import Attribute, Audience, Stage
from ticketcore.model.capacity import CapacityProfile
from ticketcore.model.discipline import Discipline, as_discipline
from ticketcore.model.distribution import Distribution, as_distribution
from ticketcore.model.escalation import EscalationPlan, check_escalations
from ticketcore.model.limits import LIMITS, Limit
from ticketcore.model.matching import MATCHERS, Matcher, as_matchers
from ticketcore.model.offer import Offering, offerings_of
from ticketcore.model.people import AgentProfile, Arrangements, check_agents, check_profiles
from ticketcore.model.queues import Queue, Team, check_queues
from ticketcore.model.reopening import ReopenRule, check_reopening
from ticketcore.model.rules import DEFAULT, Known, RoutingRule, check_rules
from ticketcore.model.service import METRICS, Calendar, Metric, SlaPolicy
from ticketcore.model.service_checks import check_service
from ticketcore.model.shifts import WorkShift
from ticketcore.model.ticket import Category
from ticketcore.model.ticket_type import TicketKind, TicketType, demands_of
from ticketcore.model.workflow import REQUEST, State, Workflow
from ticketcore.model.wrap_up import WrapUps, is_wrap_up, wrap_ups_of

_T = TypeVar("_T")
_RESTING = (Category.SOLVED, Category.CLOSED)


class Threading(StrEnum):
    """How a channel tells one matter from the next.

    ``REPLY_IDS``: by the messages that a message says it answers, as e-mail does.  ``QUIET_GAP``: by how long it was
    quiet in the one stream of each customer, as in a chat.
    """

    REPLY_IDS = "reply_ids"
    QUIET_GAP = "quiet_gap"


class Segmenting(StrEnum):
    """What tells which of a customer's tickets a message is for, where the host has nothing of its own for it.

    ``RULES``: what the message answers, whether the ticket is closed, and how long it was quiet.  ``LEARNED``: the
    words, the times and the state of the customer's recent tickets, by what was learned once.
    """

    RULES = "rules"
    LEARNED = "learned"


def _segmenting(value: Segmenting | str) -> Segmenting:
    return as_member(Segmenting, value)


def _threading(value: Threading | str) -> Threading:
    return as_member(Threading, value)


def _span(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if value is None and attribute.default is not attrs.NOTHING and attribute.metadata.get("optional"):
        return
    if not isinstance(value, timedelta):
        raise InvalidInput(path, f"must be a timedelta, not {type(value).__name__}")
    if value <= timedelta(0):
        raise InvalidInput(path, f"must be longer than nothing, is {value}")


@attrs.frozen
class Channel:
    """How the messages of one channel, by its ``name``, are told apart.

    ``threading`` says by what.  ``quiet_gap``: on a channel of that threading, a message that comes later than
    this after the last one opens a new ticket.  ``shared_addresses``: an address is the same person on whichever
    account of ours, as in e-mail.  ``wrap_up`` is how long, up to a week, an agent who is done with a ticket of the
    channel still has no room for another by it, where its queue does not say; None for not at all.
    """

    name: str = attrs.field(validator=is_name)
    threading: Threading = attrs.field(default=Threading.QUIET_GAP, converter=_threading, validator=member(Threading))
    quiet_gap: timedelta = attrs.field(default=timedelta(hours=8), validator=_span)
    shared_addresses: bool = False
    wrap_up: timedelta | None = attrs.field(default=None, validator=is_wrap_up)


EMAIL = Channel("email", Threading.REPLY_IDS, shared_addresses=True)
"""E-mail as it is unless a Configuration says otherwise; every other channel is a chat."""


@attrs.frozen
class Skill:
    """Something that agents can or cannot do, such as a language or a product; levels run from 1 to 10.

    ``id`` is what agents and rules call it, ``name`` what people do.
    """

    id: str = attrs.field(validator=is_name)
    name: str = attrs.field(default="", validator=is_words)


def _skills(value: Iterable[Skill | str]) -> tuple[Skill, ...]:
    items = as_tuple(value)
    if isinstance(items, tuple):
        return tuple(Skill(item) if isinstance(item, str) else item for item in items)
    return items


_USUAL_METRICS: Mapping[str, Metric] = {metric.id: metric for metric in METRICS}


@attrs.frozen
class Configuration:
    """All that a desk is told about itself.

    ``agents`` are those that it starts with.  ``teams`` and ``queues`` are one each, called support, unless given.
    ``rules`` are asked in order.  ``channels`` are those that differ from a chat with the usual gap; e-mail is known.
    ``skills`` may be left out: those that the agents have are then the ones that exist.  ``default_queue`` takes
    what no rule claims.  ``solve_after`` is how long a ticket that waits for its customer stays silent before it
    is solved by itself; None for never.  ``types`` are the types of tickets, the first of them for those of which
    nothing else is said, so that it is for customers, and ``workflows`` what they follow; one each, called request,
    unless given.  A state that several workflows have means the same in all.  ``policies`` are asked in order which of
    them covers a ticket, ``calendars`` are those that they count in, and ``metrics`` what they measure besides, or
    other than, the usual ``METRICS``.  ``version`` is set by the store: 0 in a value that was never stored.

    ``reopening`` are the rules for messages to solved tickets, asked in order; where none speaks of a ticket, it is
    reopened whenever its customer writes.  ``close_after`` is how long a ticket stays solved until it is closed by
    itself; None for never.  ``calendars`` are those in whose open time something is counted: ``solve_after`` and
    ``close_after`` in that of the one that ``after_calendar`` names, None for all time.  ``zone`` is the time zone by
    whose clocks a day begins, such as "Europe/Berlin".  ``matchers`` are asked in order which ticket a message names.
    ``limits`` say how often something may happen of itself.  ``agent_attributes`` are the names of those that agents
    can have; left out, those that the agents have are the ones that exist.  ``capacity_profiles`` and ``shifts`` are
    those that agents can name.  ``segmenting`` tells which ticket a message is for, and ``ask_below`` is the
    probability in percent below which what was learned is not believed, and somebody is asked.  ``escalations`` are the
    plans by which what a ticket asks of its agent gives way while it waits.  ``affinities`` are asked in order
    whether a new ticket is for one agent first; the first that finds one counts.  ``reassign_on`` says when a ticket is
    taken from an agent who is not there, and ``absence_grace`` for how long they may be away or offline before that.
    ``presence_settles`` is for how long a change of presence has to last before it gives or takes work.
    ``discipline`` says which waiting ticket goes first, ``distribution`` who gets a ticket; or they name what it is by.

    Raises ``InvalidInput`` naming the field of whatever is unknown, doubled or out of range.
    """

    agents: tuple[AgentProfile, ...] = attrs.field(default=(), converter=as_tuple, validator=each(AgentProfile))
    teams: tuple[Team, ...] = attrs.field(default=(Team(DEFAULT),), converter=as_tuple, validator=each(Team))
    queues: tuple[Queue, ...] = attrs.field(default=(Queue(DEFAULT),), converter=as_tuple, validator=each(Queue))
    skills: tuple[Skill, ...] = attrs.field(default=(), converter=_skills, validator=each(Skill))
    rules: tuple[RoutingRule, ...] = attrs.field(default=(), converter=as_tuple, validator=each(RoutingRule))
    channels: tuple[Channel, ...] = attrs.field(default=(EMAIL,), converter=as_tuple, validator=each(Channel))
    default_queue: str = attrs.field(default=DEFAULT, validator=is_name)
    solve_after: timedelta | None = attrs.field(default=timedelta(days=4), validator=_span, metadata={"optional": True})
    types: tuple[TicketType, ...] = attrs.field(
        default=(TicketType(REQUEST.id),), converter=as_tuple, validator=each(TicketType)
    )
    workflows: tuple[Workflow, ...] = attrs.field(default=(REQUEST,), converter=as_tuple, validator=each(Workflow))
    close_after: timedelta | None = attrs.field(default=None, validator=_span, metadata={"optional": True})
    after_calendar: str | None = attrs.field(default=None, validator=is_optional_name)
    calendars: tuple[Calendar, ...] = attrs.field(default=(), converter=as_tuple, validator=each(Calendar))
    metrics: tuple[Metric, ...] = attrs.field(default=(), converter=as_tuple, validator=each(Metric))
    policies: tuple[SlaPolicy, ...] = attrs.field(default=(), converter=as_tuple, validator=each(SlaPolicy))
    version: int = attrs.field(default=0, validator=whole(0))
    reopening: tuple[ReopenRule, ...] = attrs.field(default=(), converter=as_tuple, validator=each(ReopenRule))
    zone: str = attrs.field(default="UTC", validator=is_zone)
    matchers: tuple[Matcher, ...] = attrs.field(default=MATCHERS, converter=as_matchers)
    limits: tuple[Limit, ...] = attrs.field(default=LIMITS, converter=as_tuple, validator=each(Limit))
    agent_attributes: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    capacity_profiles: tuple[CapacityProfile, ...] = attrs.field(
        default=(), converter=as_tuple, validator=each(CapacityProfile)
    )
    segmenting: Segmenting = attrs.field(default=Segmenting.RULES, converter=_segmenting, validator=member(Segmenting))
    ask_below: int = attrs.field(default=0, validator=whole(0, 100))
    shifts: tuple[WorkShift, ...] = attrs.field(default=(), converter=as_tuple, validator=each(WorkShift))
    escalations: tuple[EscalationPlan, ...] = attrs.field(
        default=(), converter=as_tuple, validator=each(EscalationPlan)
    )
    affinities: tuple[Affinity, ...] = attrs.field(default=(), converter=as_tuple, validator=each(Affinity))
    reassign_on: tuple[Reassign, ...] = attrs.field(
        default=(Reassign.REOPEN,), converter=as_reassign, validator=each(Reassign)
    )
    absence_grace: timedelta = attrs.field(default=timedelta(0), validator=is_grace)
    discipline: Discipline = attrs.field(default=Discipline(), converter=as_discipline, validator=instance(Discipline))
    distribution: Distribution = attrs.field(
        default=Distribution(), converter=as_distribution, validator=instance(Distribution)
    )
    presence_settles: timedelta = attrs.field(default=timedelta(0), validator=is_grace)
    _followed: Mapping[str, Workflow] = attrs.field(factory=dict, init=False, eq=False, repr=False)
    _demanded: Mapping[tuple[str, Stage, Audience], tuple[Attribute, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )
    _absence: Absence = attrs.field(factory=Absence, init=False, eq=False, repr=False)
    _offering: Mapping[str, Offering] = attrs.field(factory=dict, init=False, eq=False, repr=False)
    _wrap_ups: WrapUps | None = attrs.field(default=None, init=False, eq=False, repr=False)
    _made: dict[Hashable, Any] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _distinct("agents", self.agents)
        grace = max(self.absence_grace, self.presence_settles)
        object.__setattr__(self, "_absence", Absence(self.reassign_on, grace, self.presence_settles))
        _distinct("limits", self.limits)
        teams = _distinct("teams", self.teams)
        queues = _distinct("queues", self.queues)
        _distinct("skills", self.skills)
        _distinct("rules", self.rules)
        _distinct("channels", self.channels, "name")
        _distinct("types", self.types)
        workflows = _distinct("workflows", self.workflows)
        if not self.types:
            raise InvalidInput("Configuration.types", "must name at least one type")
        for i, type in enumerate(self.types):
            _known(f"types[{i}].workflow", "workflow", type.workflow, workflows)
        if self.types[0].kind is not TicketKind.CUSTOMER:
            raise InvalidInput("Configuration.types[0].kind", f"must be customer, since {self.types[0].id!r} is first")
        object.__setattr__(self, "_demanded", demands_of(self.types))
        self._same_states()
        known = {workflow.id: workflow for workflow in self.workflows}
        object.__setattr__(self, "_followed", {type.id: known[type.workflow] for type in self.types})
        plans = _distinct("escalations", self.escalations)
        skills = self.known_skills
        attributes = self.known_agent_attributes
        calendars = frozenset(calendar.id for calendar in self.calendars)
        served = {queue.id: queue.team for queue in self.queues}
        kinds = {type.id: type.kind for type in self.types}
        named = Known(served, teams, skills, calendars, kinds, attributes, plans)
        check_queues(self.queues, named)
        for team, _ in self.distribution.parts:
            _known(f"distribution.parts[{team}]", "team", team, teams)
        _known("default_queue", "queue", self.default_queue, queues)
        profiles = _distinct("capacity_profiles", self.capacity_profiles)
        check_profiles(self.capacity_profiles, queues)
        check_agents(self.agents, Arrangements(teams, skills, attributes, profiles, _distinct("shifts", self.shifts)))
        check_rules(self.rules, named)
        check_escalations(self.escalations, named)
        _distinct("affinities", self.affinities)
        check_affinities(self.affinities, named)
        if self.after_calendar is not None:
            _known("after_calendar", "calendar", self.after_calendar, calendars)
        object.__setattr__(
            self, "_offering", offerings_of([(queue.id, queue.offering) for queue in self.queues], calendars)
        )
        wrapped = ([(one.id, one.wrap_up) for one in self.queues], [(one.name, one.wrap_up) for one in self.channels])
        object.__setattr__(self, "_wrap_ups", wrap_ups_of(*wrapped))
        if self.reopening:
            resting = {id: category in _RESTING for id, category in self.states.items()}
            check_reopening(self.reopening, self._followed.keys(), resting, calendars)
        for field in ("calendars", "metrics", "policies"):
            _distinct(field, getattr(self, field))
        check_service(self.policies, self.known_metrics, calendars, queues, frozenset(kinds))

    def _same_states(self) -> None:
        known: dict[str, State] = {}
        for i, workflow in enumerate(self.workflows):
            for j, state in enumerate(workflow.states):
                other = known.setdefault(state.id, state)
                if other.category is not state.category:
                    field = f"Configuration.workflows[{i}].states[{j}].category"
                    raise InvalidInput(field, f"{state.id!r} is {other.category} in another workflow")

    @property
    def states(self) -> Mapping[str, Category]:
        """The states of all workflows, and what each means to the rules."""
        return {state.id: state.category for workflow in self.workflows for state in workflow.states}

    def workflow_of(self, type: str) -> Workflow:
        """The workflow of the tickets of a type; that of the first type, of one that is not declared."""
        try:
            return self._followed[type]
        except KeyError:
            return self._followed[self.types[0].id]

    def type(self, id: str) -> TicketType | None:
        """The type ``id``, if it is declared."""
        return next((type for type in self.types if type.id == id), None)

    def demanded(self, type: str, stage: Stage, audience: Audience) -> tuple[Attribute, ...]:
        """The attributes without which the audience does not bring a ticket of the type to the stage, if shown."""
        return self._demanded.get((type, stage, audience), ())

    absence = property(attrgetter("_absence"))
    """When tickets are taken from agents who are not there.  It is asked at every message."""

    demands = property(attrgetter("_demanded"))
    """What types demand, by type, stage and audience; empty where nothing is.  It is asked at every move."""

    offerings = property(attrgetter("_offering"))
    """How each queue that offers its tickets does so, by its id.  It is asked at every placement."""

    wrap_ups = property(attrgetter("_wrap_ups"))
    """How long agents wrap up what they are done with; None for not at all.  It is asked at every turn."""

    def once(self, name: Hashable, make: Callable[[], _T]) -> _T:
        """What ``make`` makes of this value; made once under a ``name``, and kept as long as the value is."""
        if name not in self._made:
            self._made[name] = make()
        made: _T = self._made[name]
        return made

    @property
    def known_skills(self) -> frozenset[str]:
        """The ids of the skills that exist: those declared, or else those that some declared agent has."""
        if self.skills:
            return frozenset(skill.id for skill in self.skills)
        return frozenset(item.skill for agent in self.agents for item in agent.skills)

    @property
    def known_agent_attributes(self) -> frozenset[str]:
        """The attributes that agents can have: those declared, or else those that some declared agent has."""
        return frozenset(self.agent_attributes or (item.name for agent in self.agents for item in agent.attributes))

    @property
    def known_metrics(self) -> Mapping[str, Metric]:
        """What can be measured, by id: the usual metrics, and those of this desk."""
        return {**_USUAL_METRICS, **{metric.id: metric for metric in self.metrics}}

    def metric(self, id: str) -> Metric | None:
        """What is measured under this id, if anything: by this desk, or usually."""
        return next((metric for metric in self.metrics if metric.id == id), None) or _USUAL_METRICS.get(id)

    def channel(self, name: str) -> Channel:
        """The settings of the channel ``name``; of one that is not declared, those of a chat, or of e-mail."""
        for channel in self.channels:
            if channel.name == name:
                return channel
        return EMAIL if name == EMAIL.name else Channel(name)

    def capacity_profile(self, id: str) -> CapacityProfile | None:
        """The capacity profile ``id``, if it is declared."""
        return next((profile for profile in self.capacity_profiles if profile.id == id), None)

    def calendar(self, id: str) -> Calendar:
        """The calendar ``id``.  ``InvalidInput`` where none of that name is declared."""
        for calendar in self.calendars:
            if calendar.id == id:
                return calendar
        known = [calendar.id for calendar in self.calendars]
        raise InvalidInput("calendar", f"no calendar {id!r} is declared{meant(id, known)}")

    def team_of(self, queue: str) -> str | None:
        """The team that serves ``queue``, or None if there is no such queue."""
        for candidate in self.queues:
            if candidate.id == queue:
                return candidate.team
        return None

    def queues_of(self, teams: Iterable[str]) -> tuple[str, ...]:
        """The queues that these teams serve, in the order in which they are declared."""
        served = frozenset(teams)
        return tuple(queue.id for queue in self.queues if queue.team in served)


def _distinct(field: str, values: tuple[Any, ...], by: str = "id") -> frozenset[str]:
    seen: set[str] = set()
    for i, value in enumerate(values):
        id = getattr(value, by)
        if id in seen:
            raise InvalidInput(f"Configuration.{field}[{i}].{by}", f"{id!r} is declared twice")
        seen.add(id)
    return frozenset(seen)


def _known(field: str, kind: str, wanted: str, known: Collection[str]) -> None:
    if wanted not in known:
        raise InvalidInput(f"Configuration.{field}", f"no {kind} {wanted!r} is declared{meant(wanted, known)}")
