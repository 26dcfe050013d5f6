"""Who of those who can take a ticket gets it, as a desk says it; ``ticketcore.engine`` has what goes by it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import as_member, as_tuple, check_name, check_whole, member, whole
from ticketcore.errors import InvalidInput


class Share(StrEnum):
    """What an even share of the work is: who gets a ticket, of those who can take it.

    ``FAIR_SHARE_IN_BANDS``: who was given least for their weight, to a ticket; of these who has the fewest skills, then
    who is least utilised, then in turn.  ``FAIR_SHARE``: who was given least for their weight.  ``ROUND_ROBIN``: who
    was given work longest ago.  ``LONGEST_IDLE``: who has been idle longest, of those with the fewest open.
    ``LEAST_ACTIVE``: who has the fewest open.  ``MOST_AVAILABLE``: who has the most room left, ``LEAST_UTILISED``: who
    uses the smallest part of theirs.  ``LEAST_HANDLED``: who was given the fewest today.
    ``FEWEST_WAITING_AND_HANDLED``: who has the fewest open, of these who was given the fewest today.  ``DUTY_RATE``:
    who was given the fewest today for their hours and weight.  ``WEIGHTED_SCORE``: who has the least of load and rate
    together.  ``LEAST_FLEXIBLE_FIRST``: who has the fewest skills.  ``BEST_SKILL`` and ``LEAST_SKILLED``: who has the
    highest, or lowest, levels of what the ticket names.  ``POWER_OF_CHOICES``: who has the fewest open of a few by
    chance.  ``IDLENESS_RATIO``: somebody of the team with most spare room for its part.  ``RANDOM``: anybody.

    Whom each of them harms stands with the policy of the same name in ``ticketcore.engine``.
    """

    FAIR_SHARE_IN_BANDS = "fair_share_in_bands"
    FAIR_SHARE = "fair_share"
    ROUND_ROBIN = "round_robin"
    LONGEST_IDLE = "longest_idle"
    LEAST_ACTIVE = "least_active"
    MOST_AVAILABLE = "most_available"
    LEAST_UTILISED = "least_utilised"
    LEAST_HANDLED = "least_handled"
    FEWEST_WAITING_AND_HANDLED = "fewest_waiting_and_handled"
    DUTY_RATE = "duty_rate"
    WEIGHTED_SCORE = "weighted_score"
    LEAST_FLEXIBLE_FIRST = "least_flexible_first"
    BEST_SKILL = "best_skill"
    LEAST_SKILLED = "least_skilled"
    POWER_OF_CHOICES = "power_of_choices"
    IDLENESS_RATIO = "idleness_ratio"
    RANDOM = "random"


class Since(StrEnum):
    """Since when somebody counts as idle: they ``RELEASED`` a ticket, became ``AVAILABLE``, were ``ASSIGNED`` one."""

    RELEASED = "released"
    AVAILABLE = "available"
    ASSIGNED = "assigned"


SHARE_NUMBERS: Mapping[Share, tuple[str, ...]] = {
    Share.LONGEST_IDLE: ("since",),
    Share.DUTY_RATE: ("prior",),
    Share.WEIGHTED_SCORE: ("alpha", "usual", "prior"),
    Share.POWER_OF_CHOICES: ("draws", "seed"),
    Share.IDLENESS_RATIO: ("parts",),
    Share.RANDOM: ("seed",),
}
"""The fields of a ``Distribution`` that count for each; none for the rest."""


def as_since(value: Since | str) -> Since:
    """A word as what it means: a converter, for a validator to refuse the rest."""
    return as_member(Since, value)


def _since(value: Since | str | None) -> Since | None:
    return None if value is None else as_since(value)


def _share(value: Share | str) -> Share:
    return as_member(Share, value)


def _is_prior(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None and (not isinstance(value, timedelta) or value <= timedelta(0)):
        raise InvalidInput("Distribution.prior", f"must be a timedelta longer than nothing, is {value!r}")


def _by_team(value: Any) -> Any:
    items = as_tuple(value.items() if isinstance(value, Mapping) else value)
    return tuple(sorted(items, key=str)) if isinstance(items, tuple) else items


def _is_parts(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, tuple) or not all(isinstance(item, tuple) and len(item) == 2 for item in value):
        raise InvalidInput("Distribution.parts", "must be numbers by team")
    seen = set()
    for team, part in value:
        check_name(team, "Distribution.parts")
        if team in seen:
            raise InvalidInput("Distribution.parts", f"names {team!r} twice")
        seen.add(team)
        check_whole(part, f"Distribution.parts[{team}]", 1)


@attrs.frozen
class Distribution:
    """Who of those who can take a ticket gets it, ``by`` what is an even share.

    ``since`` is since when somebody is idle, ``"released"`` unless given (``LONGEST_IDLE``).  ``prior`` is for how long
    everybody counts at least as having been there today, a quarter of an hour unless given (``DUTY_RATE``,
    ``WEIGHTED_SCORE``).  ``alpha`` is the weight of the load in percent, 50 unless given, and ``usual`` how many
    tickets an hour weigh as much as a full load, 4 unless given (``WEIGHTED_SCORE``).  ``draws`` is how many agents are
    drawn, 2 unless given (``POWER_OF_CHOICES``); ``seed`` is what chance begins with, 0 unless given (``RANDOM``, and
    that).  ``parts`` are what each team's part of the spare room is (``IDLENESS_RATIO``, which needs them); an agent of
    several counts for the first of them by id.  Each is given where it counts, and nowhere else.

    Raises ``InvalidInput`` naming the field.
    """

    by: Share = attrs.field(default=Share.FAIR_SHARE_IN_BANDS, converter=_share, validator=member(Share))
    since: Since | None = attrs.field(
        default=None, converter=_since, validator=attrs.validators.optional(member(Since))
    )
    prior: timedelta | None = attrs.field(default=None, validator=_is_prior)
    alpha: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(0, 100)))
    usual: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(1)))
    draws: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(1)))
    seed: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(0)))
    parts: tuple[tuple[str, int], ...] = attrs.field(default=(), converter=_by_team, validator=_is_parts)

    def __attrs_post_init__(self) -> None:
        counting = SHARE_NUMBERS.get(self.by, ())
        for field in ("since", "prior", "alpha", "usual", "draws", "seed", "parts"):
            if field not in counting and getattr(self, field) not in (None, ()):
                raise InvalidInput(f"Distribution.{field}", f"means nothing where work is shared by {self.by}")
        if self.by is Share.IDLENESS_RATIO and not self.parts:
            raise InvalidInput("Distribution.parts", f"is missing, which {self.by} goes by")


def as_distribution(value: Distribution | Share | str) -> Distribution:
    """One that is only named goes by the usual numbers: a converter, for a validator to refuse the rest."""
    return Distribution(value) if isinstance(value, str) else value
