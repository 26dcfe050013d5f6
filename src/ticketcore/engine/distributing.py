"""The policy by which a desk shares, from what its configuration says."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from ticketcore.engine.chains import default_policy
from ticketcore.engine.comparing import IdlenessRatio, PowerOfChoices
from ticketcore.engine.policies import (
    BestSkill,
    Chance,
    DistributionPolicy,
    DutyRate,
    FairShare,
    FewestWaitingAndHandled,
    LeastActive,
    LeastFlexibleFirst,
    LeastHandled,
    LeastSkilled,
    LeastUtilised,
    LongestIdle,
    MostAvailable,
    RoundRobin,
    WeightedScore,
)
from ticketcore.model import Distribution, Share
from ticketcore.model.agent import MICROSECOND
from ticketcore.model.distribution import SHARE_NUMBERS

_MADE: Mapping[Share, Callable[..., DistributionPolicy]] = {
    Share.FAIR_SHARE_IN_BANDS: default_policy,
    Share.FAIR_SHARE: FairShare,
    Share.ROUND_ROBIN: RoundRobin,
    Share.LONGEST_IDLE: LongestIdle,
    Share.LEAST_ACTIVE: LeastActive,
    Share.MOST_AVAILABLE: MostAvailable,
    Share.LEAST_UTILISED: LeastUtilised,
    Share.LEAST_HANDLED: LeastHandled,
    Share.FEWEST_WAITING_AND_HANDLED: FewestWaitingAndHandled,
    Share.DUTY_RATE: DutyRate,
    Share.WEIGHTED_SCORE: WeightedScore,
    Share.LEAST_FLEXIBLE_FIRST: LeastFlexibleFirst,
    Share.BEST_SKILL: BestSkill,
    Share.LEAST_SKILLED: LeastSkilled,
    Share.POWER_OF_CHOICES: PowerOfChoices,
    Share.IDLENESS_RATIO: IdlenessRatio,
    Share.RANDOM: Chance,
}


def policy_of(said: Distribution) -> DistributionPolicy:
    """What shares by what a desk says.

    >>> policy_of(Distribution("power_of_choices", draws=3)).name
    'power_of_3(least_active)'
    """
    given = {field: getattr(said, field) for field in SHARE_NUMBERS.get(said.by, ())}
    return _MADE[said.by](**{field: _counted(value) for field, value in given.items() if value not in (None, ())})


def _counted(value: object) -> object:
    return value // MICROSECOND if isinstance(value, timedelta) else value
