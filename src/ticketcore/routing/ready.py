"""Rules made ready to be asked, once for all messages."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache

import attrs

from ticketcore.keywords import index_of, sought
from ticketcore.model import Configuration, RoutingRule
from ticketcore.ports import KeywordIndex

IndexOf = Callable[[Iterable[str]], KeywordIndex]
"""Makes an index of keywords."""


@attrs.frozen
class QueueLook:
    """What rules ask about a ``queue``: its waiting tickets, ``counted`` so far, and with ``staff`` its agents."""

    queue: str
    counted: int
    staff: bool


@attrs.frozen
class Stage:
    """The ``rules`` of one team, or of the desk, in order.

    ``plain`` are the places of those without keywords and ``worded`` of those with some; ``naming`` are, by keyword,
    the places of those that have it.
    ``spelled`` are the keywords of each as the configuration spells them, by what is looked for.
    """

    rules: Sequence[RoutingRule]
    plain: Sequence[int]
    worded: Sequence[int]
    naming: Mapping[str, Sequence[int]]
    spelled: Sequence[Mapping[str, str]]

    @classmethod
    def of(cls, rules: Sequence[RoutingRule]) -> "Stage":
        """The stage that has these rules."""
        naming: dict[str, list[int]] = {}
        spelled = [{sought(keyword): keyword for keyword in rule.when.keywords[::-1]} for rule in rules]
        for i, keywords in enumerate(spelled):
            for keyword in keywords:
                naming.setdefault(keyword, []).append(i)
        plain, worded = (
            [i for i, rule in enumerate(rules) if bool(rule.when.keywords) is has] for has in (False, True)
        )
        return cls(rules, plain, worded, naming, spelled)

    def named(self, found: Set[str], before: int) -> list[int]:
        """The places, in order and below ``before``, of the rules that have one of the keywords that were found."""
        naming = self.naming
        return sorted({i for keyword in found if keyword in naming for i in naming[keyword] if i < before})


@attrs.frozen
class Ready:
    """The rules of a configuration: ``stages`` by team, None for the desk's, and the ``index`` of all their keywords.

    ``looks`` are all that the rules ask about each queue that one of them looks at.
    """

    stages: Mapping[str | None, Stage]
    index: KeywordIndex
    looks: Mapping[str, QueueLook]


def ready(configuration: Configuration, index: IndexOf = index_of) -> Ready:
    """The rules of the configuration, made ready once for each value of it; ``index`` finds their keywords."""
    return configuration.once((Ready, index), lambda: _ready(configuration.rules, index))


@lru_cache(maxsize=64)
def _ready(rules: tuple[RoutingRule, ...], index: IndexOf) -> Ready:
    """The same for equal rules, as a store gives them that reads a configuration for each transaction anew."""
    by_team: dict[str | None, list[RoutingRule]] = {None: []}
    looks: dict[str, QueueLook] = {}
    for rule in rules:
        by_team.setdefault(rule.team, []).append(rule)
        for condition in rule.when.queues:
            look = looks.get(condition.queue, QueueLook(condition.queue, 0, False))
            counted, staff = max(look.counted, condition.counted), look.staff or condition.asks_staff
            looks[condition.queue] = QueueLook(condition.queue, counted, staff)
    keywords = [keyword for rule in rules for keyword in rule.when.keywords]
    return Ready({team: Stage.of(those) for team, those in by_team.items()}, index(keywords), looks)
