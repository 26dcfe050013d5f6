"""Policies made of policies: one after the other, or in bands; and the one that a desk shares by.

What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Callable, Sequence

import attrs

from ticketcore.checks import as_tuple, is_optional_name, whole
from ticketcore.engine.agents import AgentLoad
from ticketcore.engine.comparing import policy_among
from ticketcore.engine.policies import (
    Asked,
    DistributionPolicy,
    FairShare,
    LeastFlexibleFirst,
    LeastUtilised,
    RoundRobin,
)
from ticketcore.errors import InvalidInput
from ticketcore.model import CREDIT


@attrs.frozen
class Banded:
    """``policy`` with its first number counted in bands of ``band``: whoever is in the same band is equal.

    >>> Banded(FairShare(), 2 * CREDIT).name
    'banded(fair_share, 2048)'
    """

    policy: DistributionPolicy
    band: int = attrs.field(default=CREDIT, validator=whole(1))

    @property
    def name(self) -> str:
        """See ``DistributionPolicy``."""
        return f"banded({self.policy.name}, {self.band})"

    @property
    def lasts(self) -> bool:
        """See ``DistributionPolicy``."""
        return self.policy.lasts

    @property
    def takes_turns(self) -> bool:
        """See ``DistributionPolicy``."""
        return self.policy.takes_turns

    def among(self, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
        """See ``Comparing``."""
        return attrs.evolve(self, policy=policy_among(self.policy, candidates, asked))

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (self.policy.rank(load, asked)[0] // self.band,)

    def credit(self, load: AgentLoad) -> int:
        """See ``DistributionPolicy``."""
        return self.policy.credit(load)


def _policies(_owner: object, _attribute: object, value: object) -> None:
    if not isinstance(value, tuple) or not value:
        raise InvalidInput("Chain.policies", "must name at least one policy")


@attrs.frozen
class Chain:
    """``policies`` one after the other: the next ranks those who are equal to the ones before.

    Equals of all take turns if the last of them says so, and an assignment costs what the first says.  ``called`` is
    what decisions call it; None for the names of its policies.
    """

    policies: tuple[DistributionPolicy, ...] = attrs.field(converter=as_tuple, validator=_policies)
    called: str | None = attrs.field(default=None, validator=is_optional_name)
    _ranks: tuple[Callable[[AgentLoad, Asked], tuple[int, ...]], ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_ranks", tuple(policy.rank for policy in self.policies))

    @property
    def name(self) -> str:
        """See ``DistributionPolicy``."""
        return self.called or ", ".join(policy.name for policy in self.policies)

    @property
    def lasts(self) -> bool:
        """See ``DistributionPolicy``."""
        return all(policy.lasts for policy in self.policies)

    @property
    def takes_turns(self) -> bool:
        """See ``DistributionPolicy``."""
        return self.policies[-1].takes_turns

    def among(self, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
        """See ``Comparing``."""
        return Chain([policy_among(policy, candidates, asked) for policy in self.policies])

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        found: tuple[int, ...] = ()
        for rank in self._ranks:
            found += rank(load, asked)
        return found

    def credit(self, load: AgentLoad) -> int:
        """See ``DistributionPolicy``."""
        return self.policies[0].credit(load)


def default_policy() -> Chain:
    """What a desk shares by unless it says otherwise.

    Virtual time in bands of one ticket; in a band, the least flexible, then the least utilised, then in turn.
    """
    chain = (Banded(FairShare(), CREDIT), LeastFlexibleFirst(), LeastUtilised(), RoundRobin())
    return Chain(chain, called="fair_share_in_bands")
