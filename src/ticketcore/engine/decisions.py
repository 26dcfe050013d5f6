"""Why an agent got a ticket, or nobody: as ids and counts, and in full."""

import attrs

from ticketcore.model import Excluded, Filter, Placement
from ticketcore.model.values import making, quick


@quick
@attrs.frozen
class Counts:
    """How many agents there are (``pool``), and how many each filter ``excluded`` and left ``eligible``."""

    pool: int
    excluded: tuple[Excluded, ...]
    eligible: int


@quick
@attrs.frozen
class Decision:
    """Which ``agent`` gets a ticket, None for nobody, by the ``policy`` of this name.

    ``rank`` is what the policy gave the chosen agent, ``runner_up`` who would be next and ``runner_up_rank`` their
    rank; ``tier`` is how many tiers of preference come before that of the chosen one.  ``credit`` is what it costs the
    chosen one.  ``configuration`` is the version of the rules, ``position`` that of the last fact seen.  ``counts`` is
    None when nobody asked for them.
    """

    agent: str | None
    policy: str
    rank: tuple[int, ...]
    tier: int
    runner_up: str | None
    runner_up_rank: tuple[int, ...]
    credit: int
    configuration: int
    position: int
    counts: Counts | None

    @property
    def placement(self) -> Placement:
        """The same as it is stored in events; without counts it has no pool."""
        counts = self.counts or Counts(0, (), 0)
        return _PLACEMENT(
            self.agent,
            self.policy,
            counts.pool,
            counts.excluded,
            self.rank,
            self.runner_up,
            self.runner_up_rank,
            self.credit,
            self.tier,
            False,
            self.configuration,
            self.position,
        )


_PLACEMENT = making(Placement)


@attrs.frozen
class Explanation:
    """A ``decision`` in full: the ``candidates`` in the order of their ranks, and who was ``excluded`` by what.

    Both are pairs, of an agent's id and of the rank or the first filter that removed them; the excluded are sorted.
    """

    decision: Decision
    candidates: tuple[tuple[str, tuple[int, ...]], ...]
    excluded: tuple[tuple[str, Filter], ...]


@attrs.frozen
class Pull:
    """Which ``ticket`` an agent gets, None for none, by the ``discipline`` of this name.

    ``waiting`` tickets wait, less those ``excluded``, by what kept them from the ``agent``, were to choose from.
    A ticket that is not ripe yet counts as a candidate.  ``position`` is that of the last fact seen.
    """

    agent: str
    ticket: str | None
    discipline: str
    waiting: int
    excluded: tuple[Excluded, ...]
    position: int
