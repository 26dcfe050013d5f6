"""The rules by which a ticket that is opened gets its queue, tags, skills and priority.

Each class here raises ``InvalidInput`` naming the field that cannot be used.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, NamedTuple

import attrs

from ticketcore.checks import (
    as_pairs,
    as_tuple,
    check_name,
    each,
    instance,
    is_name,
    is_optional_name,
    meant,
    member,
    names,
    texts,
    whole,
)
from ticketcore.errors import InvalidInput
from ticketcore.model.requirement_notation import requirement_from, text_of
from ticketcore.model.requirements import Requirement
from ticketcore.model.skills import SkillLevel, as_skill_levels, skill_levels
from ticketcore.model.ticket import Priority, as_priority
from ticketcore.model.ticket_type import TicketKind
from ticketcore.model.values import quick

DEFAULT = "support"
"""The team and queue of a desk that declares none."""

MOST_COUNTED = 1000
"""The longest that a rule can demand a queue to be."""

_LANGUAGE = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_count = attrs.validators.optional(whole(0, MOST_COUNTED))


def _is_wait(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if value is None:
        return
    if not isinstance(value, timedelta):
        raise InvalidInput(path, f"must be a timedelta, not {type(value).__name__}")
    if value < timedelta(0):
        raise InvalidInput(path, f"must not be negative, is {value}")


def check_language(value: object, field: str) -> None:
    """Refuse what is not a language tag in the form of BCP 47, such as "de" or "zh-Hant"."""
    check_name(value, field)
    if not _LANGUAGE.fullmatch(str(value)):
        raise InvalidInput(field, f"must be a language tag, such as 'de' or 'zh-Hant', not {value!r}")


def _languages(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    names(owner, attribute, value)
    assert isinstance(value, tuple)
    for i, language in enumerate(value):
        check_language(language, f"{type(owner).__name__}.{attribute.name}[{i}]")


@quick
@attrs.frozen
class QueueState:
    """How a ``queue`` was when a rule looked at it.

    ``waiting`` tickets waited in it for an agent, counted no further than the rules ask.  ``wait`` is how long
    somebody who comes now is expected to wait: as long as the one who waits longest has waited, nothing when nobody
    does (Ibrahim and Whitt, Manufacturing & Service Operations Management 11, 2009, the delay of the head of the line).
    ``on_duty`` agents of its team were available, None where no rule asks.
    """

    queue: str
    waiting: int
    wait: timedelta
    on_duty: int | None = None


@attrs.frozen
class QueueCondition:
    """What is demanded of the state of a ``queue``; all of the bounds that are given must hold.

    ``waiting_at_least`` and ``waiting_below`` are about how many tickets wait in it, from 0 to ``MOST_COUNTED``;
    ``wait_at_least`` and ``wait_below`` about the wait that is expected, ``on_duty_at_least`` and ``on_duty_below``
    about how many agents of its team are available.
    """

    queue: str = attrs.field(validator=is_name)
    waiting_at_least: int | None = attrs.field(default=None, validator=_count)
    waiting_below: int | None = attrs.field(default=None, validator=_count)
    wait_at_least: timedelta | None = attrs.field(default=None, validator=_is_wait)
    wait_below: timedelta | None = attrs.field(default=None, validator=_is_wait)
    on_duty_at_least: int | None = attrs.field(default=None, validator=_count)
    on_duty_below: int | None = attrs.field(default=None, validator=_count)

    @property
    def counted(self) -> int:
        """How far the waiting tickets have to be counted; at least to the first, which says how long it waits."""
        return max(1, self.waiting_at_least or 0, self.waiting_below or 0)

    @property
    def asks_staff(self) -> bool:
        """Whether it is about the agents."""
        return self.on_duty_at_least is not None or self.on_duty_below is not None

    def holds(self, state: QueueState) -> bool:
        """Whether a queue in this state meets it."""
        return (
            (self.waiting_at_least is None or state.waiting >= self.waiting_at_least)
            and (self.waiting_below is None or state.waiting < self.waiting_below)
            and (self.wait_at_least is None or state.wait >= self.wait_at_least)
            and (self.wait_below is None or state.wait < self.wait_below)
            and (self.on_duty_at_least is None or (state.on_duty or 0) >= self.on_duty_at_least)
            and (self.on_duty_below is None or (state.on_duty or 0) < self.on_duty_below)
        )


@attrs.frozen
class Condition:
    """When a rule applies: all of the parts that are given must hold; none given holds always.

    ``keywords``: at least one stands in subject or text, as a whole word where the script has words, whatever the
    case and accents.  ``tags``: the ticket has at least one, from its message or from a rule that applied before.
    ``channels``: it came on one of them.
    ``accounts``: it came to one of these accounts of ours.  ``organisations``: its customer belongs to one of them, by
    id.  ``attributes``: each named attribute has the value given, whatever its case.

    ``tiers``: its customer is of one of them.  ``languages``: its customer's language is one of them, or is more
    exactly said than one: "zh-Hant" is "zh" (RFC 4647, 3.3.1).  ``during`` and ``outside`` are calendars: it comes in
    the open hours of the one, and outside of those of the other.  ``queues``: each is as demanded, just then.
    """

    keywords: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    channels: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    accounts: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    attributes: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_pairs, validator=texts)
    organisations: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    tiers: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    languages: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=_languages)
    during: str | None = attrs.field(default=None, validator=is_optional_name)
    outside: str | None = attrs.field(default=None, validator=is_optional_name)
    queues: tuple[QueueCondition, ...] = attrs.field(default=(), converter=as_tuple, validator=each(QueueCondition))

    def __attrs_post_init__(self) -> None:
        seen = [condition.queue for condition in self.queues]
        for i, queue in enumerate(seen):
            if queue in seen[:i]:
                raise InvalidInput(f"Condition.queues[{i}].queue", f"names {queue!r} twice")


def _requirement(value: object) -> str | None:
    return None if value is None else text_of(value, "RoutingRule.requirement")


def _is_requirement(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None and text_of(value, "RoutingRule.requirement") != value:
        raise InvalidInput("RoutingRule.requirement", "is not as it is kept")
    for field in ("reached", "affinity"):
        if isinstance(value, str) and getattr(requirement_from(value), field):
            raise InvalidInput(f"RoutingRule.requirement.{field}", "is for what waits, not for a rule")


@attrs.frozen
class RoutingRule:
    """What happens to a ticket for which ``when`` holds; the first rule that does wins.  Decisions name it by ``id``.

    It goes to ``queue``, gets ``tags``, asks for an agent with ``skills``, and takes ``priority`` if given.  Then the
    priority that it has, normal if none, is ``raised`` by so many steps, -3 to 3, as far as there are some.  The ticket
    is of the ``type``, if given, which is for customers, unless the message itself comes with one.  What else it asks
    of an agent is a ``requirement``: a ``Requirement``, or the data that it is written as, and kept as one line of JSON
    (``model.requirement_notation``).

    A rule of a ``team`` is asked when a ticket comes into a queue of that team, whether by another rule or because
    none applied; the others are the desk's, and asked first.  What several teams' rules say of one ticket adds up:
    all tags and requirements, each skill at the highest level, and the last queue, priority and type.  A rule that
    leads into another queue of its own team ends the way.
    """

    id: str = attrs.field(validator=is_name)
    when: Condition = attrs.field(validator=instance(Condition))
    queue: str = attrs.field(default=DEFAULT, validator=is_name)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    skills: tuple[SkillLevel, ...] = attrs.field(default=(), converter=as_skill_levels, validator=skill_levels)
    priority: Priority | None = attrs.field(
        default=None, converter=as_priority, validator=attrs.validators.optional(member(Priority))
    )
    type: str | None = attrs.field(default=None, validator=is_optional_name)
    requirement: str | None = attrs.field(default=None, converter=_requirement, validator=_is_requirement, kw_only=True)
    team: str | None = attrs.field(default=None, validator=is_optional_name, kw_only=True)
    raised: int = attrs.field(default=0, validator=whole(-3, 3), kw_only=True)


class Known(NamedTuple):
    """What may be named: ``queues`` with their teams, ``teams``, ``skills``, ``calendars``, ``types`` with kinds.

    ``attributes`` are those that agents can have, and ``escalations`` the ids of plans.
    """

    queues: Mapping[str, str]
    teams: Collection[str]
    skills: Collection[str]
    calendars: Collection[str]
    types: Mapping[str, TicketKind]
    attributes: Collection[str] = ()
    escalations: Collection[str] = ()


def check_rules(rules: Sequence[RoutingRule], known: Known) -> None:
    """Refuse rules that name what there is not, and teams that route in a circle: ``InvalidInput`` names the field."""
    for i, rule in enumerate(rules):
        where = f"Configuration.rules[{i}]"
        check_known(f"{where}.queue", "queue", rule.queue, known.queues)
        for j, need in enumerate(rule.skills):
            check_known(f"{where}.skills[{j}]", "skill", need.skill, known.skills)
        if rule.requirement is not None:
            _check_requirement(f"{where}.requirement", requirement_from(rule.requirement), known)
        if rule.team is not None:
            check_known(f"{where}.team", "team", rule.team, known.teams)
        if rule.type is not None:
            check_known(f"{where}.type", "type", rule.type, known.types)
            if known.types[rule.type] is not TicketKind.CUSTOMER:
                raise InvalidInput(f"{where}.type", f"is not for customers: {rule.type!r}")
        for name, calendar in (("during", rule.when.during), ("outside", rule.when.outside)):
            if calendar is not None:
                check_known(f"{where}.when.{name}", "calendar", calendar, known.calendars)
        for j, condition in enumerate(rule.when.queues):
            check_known(f"{where}.when.queues[{j}]", "queue", condition.queue, known.queues)
    _refuse_circles(rules, known.queues)


def _check_requirement(field: str, requirement: Requirement, known: Known) -> None:
    try:
        requirement.check(known.skills, known.teams, known.attributes)
    except InvalidInput as error:
        raise InvalidInput(f"{field}.{error.field.removeprefix('Requirement.')}", error.reason) from None
    if requirement.escalation is not None:
        check_known(f"{field}.escalation", "escalation", requirement.escalation, known.escalations)


def _refuse_circles(rules: Sequence[RoutingRule], team_of: Mapping[str, str]) -> None:
    ways: dict[str, dict[str, None]] = {}
    for rule in rules:
        if rule.team is not None and team_of[rule.queue] != rule.team:
            ways.setdefault(rule.team, {})[team_of[rule.queue]] = None
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        leading = {(rule.team, team_of[rule.queue]): i for i, rule in reversed([*enumerate(rules)])}
        i = min(leading[way] for way in pairwise(circle))
        start = circle.index(rules[i].team)
        around = " -> ".join([*circle[start:-1], *circle[: start + 1]])
        raise InvalidInput(f"Configuration.rules[{i}].queue", f"leads in a circle: {around}") from None


def check_known(field: str, kind: str, wanted: str, known: Iterable[str]) -> None:
    """Refuse a name that is not declared, with ``InvalidInput`` for the ``field``; ``kind`` says what of."""
    if wanted not in known:
        raise InvalidInput(field, f"no {kind} {wanted!r} is declared{meant(wanted, known)}")
