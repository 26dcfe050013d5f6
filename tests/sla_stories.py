"""Stories of one ticket, told event by event to its clock: the pure layer alone, each event a turn of its own."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from ticketcore.calendar import BusinessCalendar
from ticketcore.events import (
    Assigned,
    MessageAdded,
    PriorityChanged,
    Routed,
    StateChanged,
    TagsChanged,
    TicketOpened,
    Unassigned,
)
from ticketcore.evolve import evolve_ticket
from ticketcore.model import (
    Actor,
    Calendar,
    Category,
    Configuration,
    Goal,
    Loss,
    MessageKind,
    Move,
    Priority,
    Queue,
    SlaPolicy,
)
from ticketcore.sla import Timekeeper, policy_for

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANA, BOT, KIM = Actor.agent("ana"), Actor.bot("bot"), Actor.contact("kim")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Calendar("office", BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)]))
NIGHT = Calendar("night", BusinessCalendar("Europe/Berlin", [(day, "22:00", "06:00") for day in range(7)]))
_STATES = {
    Category.NEW: "new",
    Category.OPEN: "open",
    Category.PENDING: "pending",
    Category.ON_HOLD: "on_hold",
    Category.SOLVED: "solved",
    Category.CLOSED: "closed",
}


def berlin(text: str) -> datetime:
    """The instant at which clocks in Berlin show it."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def promising(*goals: Goal, calendars=(OFFICE, NIGHT), **more: object) -> Configuration:
    """A desk with one policy of these goals, at its first version."""
    return Configuration(
        calendars=calendars,
        policies=[SlaPolicy("promise", goals, **more)],
        queues=[Queue("support"), Queue("second")],
        version=1,
    )


class Story:
    """A ticket and its clock.  Every method takes the instant at which it happens; nothing is looked at in between."""

    def __init__(self, configuration: Configuration, live: bool = True) -> None:
        self.configuration = configuration
        self.ticket = self.clock = None
        self.live = live
        self.events = []

    def happen(self, *events) -> None:
        """What one turn does to the ticket."""
        after, at = reduce(evolve_ticket, events, self.ticket), events[0].at
        keeper = self._keeper(after)
        keeper.advance(at)
        keeper.apply(self.configuration, policy_for(self.configuration, after), after.priority, at, self.live)
        for event in events:
            before, self.ticket = self.ticket, evolve_ticket(self.ticket, event)
            self.passed(before, event)
            keeper.take(before, event, self.ticket)
        self._keep(keeper)

    def passed(self, before, event) -> None:
        """Called for each event, when the ticket is as it left it."""

    def look(self, at: datetime) -> None:
        """Somebody looks, as a tick does."""
        keeper = self._keeper(self.ticket)
        keeper.advance(at)
        self._keep(keeper)

    def configure(self, configuration: Configuration, at: datetime) -> None:
        keeper = self._keeper(self.ticket)
        keeper.advance(at)
        keeper.apply(configuration, policy_for(configuration, self.ticket), self.ticket.priority, at, self.live)
        self._keep(keeper)
        self.configuration = configuration

    def _keeper(self, ticket) -> Timekeeper:
        return Timekeeper("t", self.clock, self.configuration, (self.ticket or ticket).priority)

    def _keep(self, keeper: Timekeeper) -> None:
        self.events += keeper.events
        self.clock = keeper.clock
        self.wake_at = keeper.wake_at()

    def open(self, at: datetime) -> "Story":
        self.happen(
            TicketOpened(at, KIM, "t", 1, "request", "new", Category.NEW, "kim", "c", "chat"),
            MessageAdded(at, KIM, "m", MessageKind.CUSTOMER),
            Routed(at, Actor.rule("router"), "support", (), None, 1),
        )
        return self

    def customer(self, at: datetime) -> None:
        self.happen(MessageAdded(at, KIM, "m", MessageKind.CUSTOMER))

    def agent(self, at: datetime) -> None:
        self.happen(MessageAdded(at, ANA, "m", MessageKind.AGENT))

    def bot(self, at: datetime) -> None:
        self.happen(MessageAdded(at, BOT, "m", MessageKind.BOT))

    def note(self, at: datetime) -> None:
        self.happen(MessageAdded(at, ANA, "m", MessageKind.NOTE))

    def go(self, category: Category, at: datetime, actor: Actor = ANA) -> None:
        self.happen(StateChanged(at, actor, Move.HOLD, _STATES[category], category))

    def pend(self, at: datetime) -> None:
        self.go(Category.PENDING, at)

    def hold(self, at: datetime) -> None:
        self.go(Category.ON_HOLD, at)

    def work(self, at: datetime, actor: Actor = ANA) -> None:
        self.go(Category.OPEN, at, actor)

    def solve(self, at: datetime, actor: Actor = ANA) -> None:
        self.go(Category.SOLVED, at, actor)

    def close(self, at: datetime) -> None:
        self.go(Category.CLOSED, at)

    def assign(self, at: datetime, actor: Actor = ANA) -> None:
        self.happen(Assigned(at, actor, "ana"))

    def unassign(self, at: datetime) -> None:
        self.happen(Unassigned(at, ANA, "ana", Loss.ASKED, at))

    def transfer(self, at: datetime, actor: Actor = ANA, queue: str = "second") -> None:
        self.happen(Routed(at, actor, queue, (), None, 1))

    def rate(self, priority: Priority, at: datetime) -> None:
        self.happen(PriorityChanged(at, ANA, priority))

    def tag(self, *tags: str, at: datetime) -> None:
        self.happen(TagsChanged(at, ANA, tags))

    def reading(self, metric: str):
        return self.clock.reading(metric)

    def spent(self, metric: str, at: datetime) -> timedelta:
        """What has elapsed in the metric's cycle by then, were it stopped."""
        return timedelta(microseconds=self._keeper(self.ticket)._spent(self.reading(metric), at))

    def breaches(self, metric: str) -> list[datetime]:
        return [one.at for one in self.events if type(one).__name__ == "ClockBreached" and one.metric == metric]

    def steps(self) -> list[tuple[str, datetime, bool]]:
        return [(one.step, one.at, one.told) for one in self.events if type(one).__name__ == "StepReached"]
