"""What holds where features meet: clocks, alarms, reopening, merges, types, hand-overs and migrations on one desk."""

import contextlib
import os
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest
from desks import AT, DAY, HOUR, MINUTE, desk, everything, stored
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule
from sla_stories import NIGHT, OFFICE
from test_laws import Desks, actors, words
from test_tie_laws import TiedDesks

from ticketcore import Actor, AgentProfile, Condition, Inbound, InvalidInput, NotFound, Refused, RoutingRule
from ticketcore.commands import (
    AcceptMessage,
    Acknowledge,
    Configure,
    HandOver,
    Hold,
    RejectMessage,
    SetAttributes,
    SetPriority,
    Snooze,
)
from ticketcore.decide.migrating import is_astray
from ticketcore.lifecycle import REMIND, WAKE, dues
from ticketcore.model import (
    METRICS,
    REQUEST,
    AlarmKind,
    Attribute,
    Category,
    Clock,
    Coverage,
    Delay,
    Disposition,
    Goal,
    Kind,
    Move,
    OnReopen,
    Priority,
    Queue,
    Ref,
    ReopenRule,
    SlaPolicy,
    State,
    Step,
    Team,
    Ticket,
    TicketKind,
    TicketType,
    Transition,
    Workflow,
)
from ticketcore.timekeeping import SLA_TIMER
from ticketcore.turns import migrating
from ticketcore.turns.placing import ROUTE
from ticketcore.turns.work import LINKED

SLEEPING = (Category.PENDING, Category.ON_HOLD)
STEPS = [Step("soon", -20 * MINUTE, ["lead"]), Step("missed", timedelta(0), ["boss"])]
USUAL = SlaPolicy("usual", [Goal(metric.id, 2 * HOUR, "office", STEPS) for metric in METRICS])
URGENT = SlaPolicy(
    "repairs",
    [
        Goal("first_response", {None: HOUR, Priority.URGENT: 10 * MINUTE}, steps=STEPS),
        Goal("total_resolution", DAY, "night", on_reopen=OnReopen.NEW_CYCLE),
    ],
    Coverage(types=["repair"]),
    responses=["agent_message", "solved"],
)


def workshop(state, category, *, final=True, **replaces):
    """The usual workflow with one state more, in place of others."""
    states = [attrs.evolve(one, is_default=True) for one in REQUEST.states]
    ways = [("open", Move.HOLD), ("open", Move.PEND), ("pending", Move.HOLD)]
    back = [(state, Move.RESUME, "open"), (state, Move.REPLY, "open"), (state, Move.SOLVE, "solved")]
    if category is Category.OPEN:
        back += [(state, Move.ASSIGN, state)]
    rules = REQUEST.rules if final else tuple(one for one in REQUEST.rules if one != "closed_is_final")
    back += [] if final else [("closed", Move.REPLY, "open"), ("closed", Move.REOPEN, "open")]
    transitions = [*REQUEST.transitions, *((*way, state) for way in ways), *back]
    return Workflow(
        "workshop",
        [*states, State(state, category)],
        [way if isinstance(way, Transition) else Transition(*way) for way in transitions],
        rules,
        replaces=replaces,
    )


WORKFLOWS = [
    workshop("parts", Category.ON_HOLD, transit="parts", bench="parts"),
    workshop("transit", Category.PENDING, parts="transit", bench="transit"),
    workshop("bench", Category.OPEN, parts="bench", transit="bench"),
    workshop("parts", Category.ON_HOLD, final=False, transit="parts", bench="parts"),
    workshop("parts", Category.ON_HOLD),
    attrs.evolve(REQUEST, id="workshop", replaces={"parts": "pending", "transit": "solved", "bench": "open"}),
]
SERIAL = Attribute(
    "serial", "string", "Serial", "Serial number", "public", required=["solve"], customer_required=["create"]
)
COST = Attribute("cost", "decimal", required=["create"])
TYPES = [
    TicketType("request", "", "request"),
    TicketType("repair", "", "workshop", TicketKind.CUSTOMER, [SERIAL, COST]),
    TicketType("outage", "", "workshop", TicketKind.TRACKER),
]
values = st.fixed_dictionaries(
    {}, optional={"serial": st.sampled_from(["12", None]), "cost": st.sampled_from([Decimal("1.5"), None])}
)


class JointDesks(TiedDesks):
    """A desk with everything, on which anything is asked in any order."""

    tickets = Desks.tickets
    held = Bundle("held")

    @initialize(target=tickets, capacity=st.integers(1, 3), first=words, order=st.integers(0, 7))
    def begin(self, capacity, first, order):
        self.at = AT
        self.seen = 0
        self.desk = desk(
            AgentProfile("ana", capacity=capacity, skills={"gold": 2}),
            AgentProfile("bo", capacity=1, teams=["support", "sales"]),
            AgentProfile("eve", capacity=2),
            teams=[Team("support"), Team("sales")],
            queues=[Queue("support"), Queue("sales", "sales")],
            skills=["gold", "lead"],
            rules=[RoutingRule("gold", Condition(keywords=["gold"]), "support", ["gold"], {"gold": 2}, Priority.HIGH)],
            solve_after=DAY,
            close_after=2 * DAY,
            reopening=[ReopenRule("r", within=DAY, limit=2, period=DAY)],
            calendars=[OFFICE, NIGHT],
            policies=[URGENT, USUAL],
            workflows=[REQUEST, WORKFLOWS[0]],
            types=TYPES,
            order=order,
        )
        self.serial = 0
        received = [
            self.desk.receive(Inbound("chat", "shop", f"early{i}", first or "Hi", type=TYPES[i].id), AT)
            for i in (0, 1, 1)
        ]
        return multiple(*(item.ticket.id for item in received))

    def handle(self, command):
        with contextlib.suppress(Refused, NotFound, InvalidInput):
            self.desk.handle(command, self.at)

    @rule(target=tickets, sender=st.sampled_from("kl"), channel=st.sampled_from(["chat", "email"]), values=values)
    def bring(self, sender, channel, values):
        self.serial += 1
        given = {name: str(value) for name, value in values.items() if value is not None}
        inbound = Inbound(
            channel,
            "shop",
            f"{sender}@example.org",
            "Broken",
            external_id=str(self.serial),
            type="repair" if self.desk.configuration().type("repair") else None,
            attributes=given,
        )
        received = self.desk.receive(inbound, self.at)
        return received.ticket.id if received.ticket else multiple()

    @rule(
        target=held,
        sender=st.sampled_from("klm"),
        number=st.integers(1, 5),
        authenticated=st.sampled_from([None, False]),
        elsewhere=st.booleans(),
    )
    def write_of_another(self, sender, number, authenticated, elsewhere):
        """With the number of a ticket, whoever's it is."""
        self.serial += 1
        inbound = Inbound(
            "email",
            "shop",
            f"{sender}@example.org",
            "Let me in",
            f"[#{number}]",
            external_id=str(self.serial),
            authenticated=authenticated,
            return_address="x@example.org" if elsewhere else "",
        )
        received = self.desk.receive(inbound, self.at)
        return received.message if received.disposition is Disposition.QUARANTINED else multiple()

    @rule(message=held, actor=actors, ticket=st.none() | tickets, accepts=st.booleans())
    def judge(self, message, actor, ticket, accepts):
        self.handle(AcceptMessage(message, actor, ticket) if accepts else RejectMessage(message, actor))

    @rule(ticket=tickets, actor=actors)
    def acknowledge(self, ticket, actor):
        for message in everything(self.desk, Kind.MESSAGE):
            if message.ticket == ticket:
                self.handle(Acknowledge(message.id, actor))

    @rule(ticket=tickets, actor=actors, values=values)
    def describe(self, ticket, actor, values):
        self.handle(SetAttributes(ticket, actor, values))

    @rule(
        ticket=tickets,
        actor=actors,
        queue=st.sampled_from(["support", "sales"]),
        type=st.sampled_from([None, "request", "repair"]),
        values=values,
        note=st.sampled_from(["", "Look"]),
    )
    def hand_over(self, ticket, actor, queue, type, values, note):
        self.handle(HandOver(ticket, actor, queue, type, note, values))

    @rule(ticket=tickets, actor=actors, state=st.sampled_from(["parts", "transit"]), sleeps=st.booleans())
    def lay_aside(self, ticket, actor, state, sleeps):
        self.handle(Snooze(ticket, actor, Delay(HOUR, "office"), state) if sleeps else Hold(ticket, actor, state))

    @rule(
        workflow=st.integers(0, len(WORKFLOWS) - 1),
        moves_all=st.booleans(),
        policies=st.integers(0, 2),
        hours=st.integers(1, 60),
        types=st.integers(1, 3),
    )
    def reconfigure(self, workflow, moves_all, policies, hours, types):
        """Some types or all follow another workflow, or are no more."""
        declared = TYPES[:types]
        promised = [URGENT, USUAL] if types > 1 else [USUAL]
        config = attrs.evolve(
            self.desk.configuration(),
            workflows=[REQUEST, WORKFLOWS[workflow]],
            types=[attrs.evolve(type, workflow="workshop") for type in declared] if moves_all else declared,
            policies=promised[:policies],
            solve_after=hours * HOUR,
        )
        self.handle(Configure(config, Actor.rule("manager")))

    @rule(ticket=tickets, actor=actors, priority=st.sampled_from(Priority))
    def rate(self, ticket, actor, priority):
        self.handle(SetPriority(ticket, actor, priority))

    @rule()
    def tick(self):
        self.desk.tick(self.at, lease=timedelta(0))

    def is_as_before(self, before, messages, undone, concerned):
        """Clocks go on as they went, but for a cycle that began anew since the survivor was woken.

        What was astray has moved.
        """
        config, after = self.desk.configuration(), stored(self.desk)
        kept = {}
        for ref, entity in before.items():
            if isinstance(entity, Clock):
                was, now = before[Ref(Kind.TICKET, ref.id)], after[Ref(Kind.TICKET, ref.id)]
                same = (was.assignee, was.state) == (now.assignee, now.state)
                if same and entity.configuration == after[ref].configuration:
                    self.goes_on(entity, after[ref])
            elif not (isinstance(entity, Ticket) and is_astray(config, entity)):
                kept[ref] = entity
        super().is_as_before(kept, messages, undone, concerned)

    def goes_on(self, before, after):
        ahead = self.at + MINUTE
        for was in before.readings:
            now = after.reading(was.metric)
            if now.cycle == was.cycle:
                assert (now.active, now.held, now.target) == (was.active, was.held, was.target)
                assert max(now.due or AT, ahead) == max(was.due or AT, ahead)

    def clock_follows(self, config, ticket):
        """What is measured of the wait for an agent runs just while the ticket waits for one."""
        clock = self.desk.clock(ticket.id)
        queued = None if clock is None else clock.reading("time_in_queue")
        if queued is not None and clock.configuration == config.version and clock.policy == "usual":
            assert (queued.since is not None) is (ticket.queued_since is not None)

    def runs(self, clock):
        return any(one.since is not None for one in clock.readings)

    @invariant()
    def features_go_together(self):
        if not hasattr(self, "desk"):
            return
        config = self.desk.configuration()
        agenda = self.desk.store._tenants["acme"].agenda.entries
        later = {name for name, entry in agenda.items() if entry.due > self.at}  # What is due now only has a look.
        events = self.desk.store.events("acme", after=self.seen)
        touched = {item.stream.id for item in events if item.stream.kind is Kind.TICKET}
        self.seen += len(events)
        for ticket in everything(self.desk, Kind.TICKET):
            state = config.workflow_of(ticket.type).state(ticket.state)
            merged = ticket.ties.merged if ticket.ties is not None else None
            self.clock_follows(config, ticket)
            if merged is None and not ticket.is_deleted:
                assert is_astray(config, ticket) is (state is None or state.category is not ticket.category)
                assert not (is_astray(config, ticket) and ticket.id in touched)
            else:
                assert ticket.queued_since is None
                assert not dues(config, ticket)
                assert {kind for kind, id in later if id == f"ticket:{ticket.id}"} <= {ROUTE, LINKED}
            for kind in dues(config, ticket).keys() & {WAKE, REMIND}:
                armed = agenda.get((kind, f"ticket:{ticket.id}"))
                assert armed is not None
                assert armed.due <= dues(config, ticket)[kind]
            if (clock := self.desk.clock(ticket.id)) is not None and not self.runs(clock):
                assert (SLA_TIMER, f"clock:{ticket.id}") not in later
            category = ticket.category if merged is None else merged.category
            for alarm in ticket.alarms:
                assert alarm.kind is AlarmKind.REMIND or category in SLEEPING
            type = config.type(ticket.type)
            if type is None or type.kind is TicketKind.CUSTOMER:
                hidden = type is None or ticket.is_deleted
                with contextlib.suppress(NotFound) if hidden else contextlib.nullcontext():
                    self.desk.customer_view(ticket.id)


@pytest.fixture(autouse=True, scope="module")
def _few_move_at_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "PORTION", 1)
        yield


EXAMPLES = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "proof" else 30
JointDesks.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=40)
TestJointDesks = JointDesks.TestCase
