"""What takes room of agents and is not simply theirs: what they are offered, and what they wrap up."""

from collections.abc import Iterable, Mapping

from ticketcore.engine.agents import AgentFacts, AgentLoad
from ticketcore.engine.plans import Plan
from ticketcore.engine.policies import DistributionPolicy
from ticketcore.engine.staff import Staff
from ticketcore.errors import NotFound
from ticketcore.model import CapacityProfile, Held, Workload


class Offer:
    """Of whom (``load``) it was asked at ``since`` whether they take a ticket.

    It counts for so much ``credit``; ``before`` is when they were last given or offered something else.
    """

    __slots__ = ("before", "credit", "load", "since")

    def __init__(self, load: AgentLoad, credit: int, since: int, before: int) -> None:
        self.load, self.credit, self.since, self.before = load, credit, since, before


class Booked(Staff):
    """The part of an ``Engine`` that is about these, which a router tells it with all else of an agent.

    A ticket that is not known to be offered, or held, is ``NotFound``, as is an agent.
    """

    __slots__ = ("_offers",)

    def __init__(
        self, agents: Iterable[AgentFacts], policy: DistributionPolicy, costs: Mapping[str, int], scanned: int | None
    ) -> None:
        super().__init__(agents, policy, costs, scanned)
        self._offers: dict[str, Offer] = {}

    @property
    def open_offers(self) -> int:
        """How many of these they are only asked about."""
        return len(self._offers)

    def suits(self, agent: str, plan: Plan) -> bool:
        """Whether an agent is one to whom tickets of the plan can go, on duty or not, with room or without."""
        return self._plans.qualifies(plan, self._fleet.load(agent))

    def accepted(self, ticket: str, at: int) -> None:
        """The agent who is asked takes the ticket."""
        load = self._no_longer_offered(ticket).load
        load.last_assigned = at
        self._moved(load)

    def refused(self, ticket: str) -> None:
        """The agent who is asked does not take the ticket, or is asked no more: it was never theirs."""
        offer = self._no_longer_offered(ticket)
        load, since = offer.load, offer.since
        later = next((one for one in self._offers.values() if one.load is load and one.before == since), None)
        if later is not None:
            later.before = offer.before
        elif load.last_assigned == since:
            load.last_assigned = offer.before
        self._give_back(ticket, load, offer.credit)

    def _no_longer_offered(self, ticket: str) -> Offer:
        offer = self._offers.pop(ticket, None)
        if offer is None:
            raise NotFound("offered ticket", ticket)
        return offer

    def wraps_up(self, ticket: str, at: int) -> None:
        """A ticket is done, and its agent wraps it up: it takes their room until it is released."""
        load = self._held.get(ticket)
        if load is None:
            raise NotFound("held ticket", ticket)
        load.last_released = at
        self._moved(load)

    def rested(self, agent: str) -> None:
        """What somebody was given is so long ago that it counts for the rate of their capacity profile no more."""
        load = self._fleet.load(agent)
        if load.workload is not None:
            load.workload = load.workload.rested()
            self._settle(load, 1 << load.slot)

    def workload(self, agent: str) -> Workload | None:
        """What somebody with a capacity profile has; None of others."""
        return self._fleet.load(agent).workload

    def workload_under(self, agent: str, profile: CapacityProfile, held: Iterable[Held]) -> Workload:
        """What somebody has, and was given today, as this profile counts it; ``held`` if they had no profile before."""
        load = self._fleet.load(agent)
        if load.workload is not None:
            return load.workload._replace(profile=profile)
        return Workload(profile, tuple(held), load.handled)

    def _give_back(self, ticket: str, load: AgentLoad, credit: int) -> None:
        """The ticket, which was offered, takes no room and has not counted."""
        del self._held[ticket]
        load.open -= 1
        load.used -= self._dear.pop(ticket, 1)
        load.assigned -= 1
        load.virtual_time -= credit
        if load.available:
            self._total -= credit
        if load.workload is not None:
            load.workload = load.workload.released(ticket).refused()
        self._settle(load, 1 << load.slot)
        self._moved(load)
