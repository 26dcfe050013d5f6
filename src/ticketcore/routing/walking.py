"""The way of one ticket through the rules."""

from collections.abc import Generator, Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import lru_cache

import attrs

from ticketcore.model import (
    Condition,
    Configuration,
    Contact,
    Inbound,
    Priority,
    QueueCondition,
    QueueState,
    Routing,
    RoutingRule,
    RuleMatch,
    SkillLevel,
)
from ticketcore.model.requirement_notation import requirement_from, text_of
from ticketcore.model.requirements import joined
from ticketcore.model.values import making, quick
from ticketcore.routing.ready import QueueLook, Ready, Stage, ready
from ticketcore.text import folded


@quick
@attrs.frozen
class Routable:
    """What rules look at: the ``inbound`` message that opens a ticket, ``at`` an instant, from a ``contact``.

    The contact is None for a customer who writes for the first time.  An organisation that the message names goes
    before that of the contact.
    """

    inbound: Inbound
    at: datetime
    contact: Contact | None = None


_matched, _routed = making(RuleMatch), making(Routing)

Walk = Generator[QueueLook, QueueState, Routing]
"""Asks for the states of queues, one after the other, and comes to a routing."""


def route(configuration: Configuration, routable: Routable, states: Mapping[str, QueueState] | None = None) -> Routing:
    """Where the ticket goes, and why.

    ``states`` are those of the queues that rules look at.  ``KeyError`` names one that is missing and matters.
    O(text + rules without keywords + rules one of whose keywords stands in the text), for each team on the way.

    >>> rules = [RoutingRule("rings", Condition(keywords=["ring"]), tags=["jewels"])]
    >>> said = Inbound("chat", "shop", "kim", "My gold RING broke")
    >>> route(Configuration(rules=rules), Routable(said, datetime.max)).matches
    (RuleMatch(rule='rings', keywords=('ring',), queues=()),)
    """
    walk_on = walk(configuration, routable, ready(configuration))
    try:
        look = next(walk_on)
        while True:
            look = walk_on.send((states or {})[look.queue])
    except StopIteration as end:
        routing: Routing = end.value
        return routing


def walk(configuration: Configuration, routable: Routable, rules: Ready) -> Walk:
    """The same for who finds out how queues are: asks about each at most once, and only if it matters."""
    way = _Way(configuration, routable, rules)
    team = None
    while True:
        stage = rules.stages[team]
        place = yield from way.first(stage)
        if place is not None:
            way.take(stage, place)
        asked, team = team, configuration.team_of(way.queue) if len(rules.stages) > 1 else None
        if team == asked or team not in rules.stages:
            return way.routing()


class _Way:
    """Where a ticket has got to."""

    def __init__(self, configuration: Configuration, routable: Routable, rules: Ready) -> None:
        self.queue = configuration.default_queue
        self._configuration = configuration
        self._routable = routable
        self._rules = rules
        self._tags = frozenset(routable.inbound.tags)
        self._needs: dict[str, SkillLevel] = {}
        self._priority: int | None = None
        self._type: str | None = None
        self._requirement: str | None = None
        self._matches: list[RuleMatch] = []
        self._found: Set[str] | None = None
        self._states: dict[str, QueueState] = {}

    def first(self, stage: Stage) -> Generator[QueueLook, QueueState, int | None]:
        """The place of the first rule of a stage that applies; None if none does."""
        rules = stage.rules
        found = yield from self._first(rules, stage.plain)
        before = len(rules) if found is None else found
        if any(i < before and self._holds(rules[i].when) for i in stage.worded):
            named = yield from self._first(rules, stage.named(self._keywords(), before))
            return found if named is None else named
        return found

    def _first(
        self, rules: Sequence[RoutingRule], places: Iterable[int]
    ) -> Generator[QueueLook, QueueState, int | None]:
        """The first of these places at which a rule stands that applies, whatever its keywords."""
        for i in places:
            when = rules[i].when
            if self._holds(when) and (not when.queues or (yield from self._as_demanded(when.queues))):
                return i
        return None

    def take(self, stage: Stage, place: int) -> None:
        """The rule at this place applies."""
        rule, spelled = stage.rules[place], stage.spelled[place]
        self.queue = rule.queue
        self._tags |= frozenset(rule.tags)
        for need in rule.skills:
            asked = self._needs.get(need.skill)
            if asked is None or asked.level < need.level:
                self._needs[need.skill] = need
        self._type = rule.type or self._type
        if rule.requirement is not None:
            self._requirement = _both(self._requirement, rule.requirement)
        if rule.priority is not None:
            self._priority = rule.priority
        if rule.raised:
            raised = (self._priority or Priority.NORMAL) + rule.raised
            self._priority = min(max(raised, Priority.LOW), Priority.URGENT)
        keywords = sorted([spelled[keyword] for keyword in self._found or () if keyword in spelled])
        looked_at = dict.fromkeys(condition.queue for condition in rule.when.queues)
        self._matches.append(_matched(rule.id, tuple(keywords), tuple([self._states[queue] for queue in looked_at])))

    def routing(self) -> Routing:
        """What it all comes to."""
        needs = tuple([self._needs[skill] for skill in sorted(self._needs)])
        tags = tuple(sorted(self._tags))
        return _routed(self.queue, tuple(self._matches), tags, needs, self._priority, self._type, self._requirement)

    def _keywords(self) -> Set[str]:
        """The keywords of all rules that stand in the message."""
        if self._found is None:
            inbound = self._routable.inbound
            text = f"{inbound.subject}\n{inbound.text}" if inbound.subject else inbound.text
            self._found = self._rules.index.find(folded(text))
        return self._found

    def _as_demanded(self, conditions: Iterable[QueueCondition]) -> Generator[QueueLook, QueueState, bool]:
        """Whether the queues are as demanded; each is asked about when first it matters."""
        for condition in conditions:
            state = self._states.get(condition.queue)
            if state is None:
                state = self._states[condition.queue] = yield self._rules.looks[condition.queue]
            if not condition.holds(state):
                return False
        return True

    def _holds(self, when: Condition) -> bool:
        """Whether all of it holds but for keywords and queues."""
        inbound, contact = self._routable.inbound, self._routable.contact
        return (
            (not when.channels or inbound.channel in when.channels)
            and (not when.accounts or inbound.account in when.accounts)
            and (not when.tags or not self._tags.isdisjoint(when.tags))
            and (not when.organisations or self._organisation in when.organisations)
            and (not when.attributes or _has(inbound, when.attributes))
            and (not when.tiers or (contact is not None and contact.tier in when.tiers))
            and (not when.languages or (contact is not None and _speaks(contact.language, when.languages)))
            and (when.during is None or self._is_open(when.during))
            and (when.outside is None or not self._is_open(when.outside))
        )

    @property
    def _organisation(self) -> str | None:
        contact = self._routable.contact
        return self._routable.inbound.organisation or (None if contact is None else contact.organisation)

    def _is_open(self, calendar: str) -> bool:
        return self._configuration.calendar(calendar).hours.is_open(self._routable.at)


@lru_cache(maxsize=1024)
def _both(one: str | None, other: str) -> str:
    """The requirement of a ticket of which two rules require something."""
    return other if one is None else text_of(joined(requirement_from(one), requirement_from(other)))


def _has(inbound: Inbound, wanted: tuple[tuple[str, str], ...]) -> bool:
    attributes = dict(inbound.attributes)
    return all(folded(attributes.get(name, "")) == folded(value) for name, value in wanted)


def _speaks(language: str | None, wanted: tuple[str, ...]) -> bool:
    """Whether a language is one of those wanted, or a more exact one."""
    said = f"{language or ''}-".lower()
    return any(said.startswith(f"{one.lower()}-") for one in wanted)
