"""A value of every kind and an event of every class, with every field filled: what must come back equal.

They are built from the types of the fields, so that a new field is covered on the day that it is added.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from ticketcore.calendar import BusinessCalendar, Holiday, Override
from ticketcore.codec import VALUES, Value
from ticketcore.events import EVENTS, Event
from ticketcore.model import (
    Attribute,
    Blob,
    CapacityProfile,
    Category,
    Condition,
    Configuration,
    Coverage,
    Discipline,
    Distribution,
    Goal,
    Kind,
    Leave,
    Metric,
    Move,
    Offering,
    Priority,
    Queue,
    QueueCondition,
    Rate,
    Ref,
    ReopenRule,
    RoutingRule,
    Signal,
    SlaPolicy,
    Stage,
    State,
    Step,
    Target,
    TicketKind,
    TicketType,
    Transition,
    Workflow,
    WorkShift,
)
from ticketcore.ports import FIELDS, Indexed, Record, Recorded

PLAYFUL = "Ünïcode 漢字 עברית 👩‍💻 e\u0301 'quote' \"double\" \\back 100% _ \t\r\n;--"
"""Characters that an adapter may trip over."""

ELSEWHERE = datetime(2026, 3, 2, 0, 0, 15, 123456, tzinfo=timezone(timedelta(hours=-9, minutes=-30)))
"""An instant, as a clock far away shows it."""

_SCALARS: Mapping[Any, Any] = {
    str: PLAYFUL,
    int: 7,
    float: 0.5,
    bool: True,
    datetime: ELSEWHERE,
    timedelta: timedelta(days=2, microseconds=3),
    date: ELSEWHERE.date(),
    BusinessCalendar: BusinessCalendar(
        "Europe/Berlin",
        [(0, "09:00", "17:00")],
        [Holiday("2026-12-25", PLAYFUL, ("09:00", "12:00"), "FREQ=YEARLY", ["2027-12-25"])],
        "shift",
        [Override("2026-12-24", [("09:00", "12:00")])],
    ),
    ReopenRule: ReopenRule(PLAYFUL, within=timedelta(days=1), calendar=PLAYFUL, limit=3, period=timedelta(days=2)),
    Metric: Metric(
        PLAYFUL,
        [Signal.OPENED],
        [Signal.SOLVED],
        [Signal.PENDING],
        [Signal.ACTIVE],
        [Signal.NOTE],
        "agent_work",
        "continue",
    ),
    SlaPolicy: SlaPolicy(
        PLAYFUL,
        [
            Goal("agent_work"),
            Goal(
                PLAYFUL,
                [Target(timedelta(days=2), Priority.HIGH), Target(timedelta(days=3))],
                PLAYFUL,
                [Step(PLAYFUL, timedelta(hours=-1), [PLAYFUL], PLAYFUL)],
                "new_cycle",
            ),
        ],
        Coverage([PLAYFUL], [PLAYFUL], [PLAYFUL], [Priority.HIGH], [PLAYFUL], [PLAYFUL]),
        [Signal.NOTE],
        PLAYFUL,
    ),
    RoutingRule: RoutingRule(
        PLAYFUL,
        Condition(
            *([PLAYFUL],) * 4,
            {PLAYFUL: PLAYFUL},
            [PLAYFUL],
            [PLAYFUL],
            ["zh-Hant"],
            PLAYFUL,
            PLAYFUL,
            [QueueCondition(PLAYFUL, 7, 8, timedelta(hours=1), timedelta(hours=2), 7, 8)],
        ),
        PLAYFUL,
        [PLAYFUL],
        {PLAYFUL: 7},
        Priority.HIGH,
        PLAYFUL,
        requirement={"must": {"team": PLAYFUL}, "prefer": [{"not": {"agents": [PLAYFUL]}}]},
        team=PLAYFUL,
        raised=3,
    ),
    Queue: Queue(
        *(PLAYFUL, PLAYFUL, PLAYFUL, PLAYFUL, Offering(timedelta(days=1), [PLAYFUL], excluded_for=timedelta(days=2))),
        wrap_up=timedelta(minutes=1),
        access={"team": PLAYFUL},
    ),
    CapacityProfile: CapacityProfile(
        *(PLAYFUL, 7, {PLAYFUL: 7}, {PLAYFUL: 7}, {PLAYFUL: 7}, 7),
        rate=Rate(7, timedelta(hours=1)),
        exclusive=[PLAYFUL],
        interruptible=["chat"],
    ),
    WorkShift: WorkShift(PLAYFUL, "22:00", "06:00", "Europe/Berlin", "FREQ=DAILY", "2026-03-02"),
    Discipline: Discipline("generalised_c_mu", costs={Priority.LOW: 1, Priority.URGENT: 7}, power=4),
    Distribution: Distribution("weighted_score", prior=timedelta(minutes=20), alpha=70, usual=3),
    Leave: Leave(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)),
    Blob: Blob.of(PLAYFUL.encode()),
    Workflow: Workflow(
        PLAYFUL,
        [State(PLAYFUL, Category.CLOSED, {PLAYFUL: PLAYFUL}, {PLAYFUL: PLAYFUL}, is_default=True)],
        [Transition(None, Move.OPEN, PLAYFUL), Transition(PLAYFUL, Move.REOPEN, PLAYFUL, [PLAYFUL], [PLAYFUL])],
        [PLAYFUL],
        PLAYFUL,
    ),
    TicketType: TicketType(
        PLAYFUL,
        PLAYFUL,
        PLAYFUL,
        TicketKind.CUSTOMER,
        [
            Attribute("kind", "list", PLAYFUL, PLAYFUL, "public", [PLAYFUL], list(Stage), list(Stage)),
            Attribute("part", "string", PLAYFUL, PLAYFUL, "public", (), (), (), {"kind": PLAYFUL}),
        ],
    ),
}
"""Also what takes no value of its fields' types but those that fit together."""


_FITTING = {(Configuration, "zone"): "Europe/Berlin"}
"""What a field takes that takes not every text."""


def filled(hint: Any) -> Any:
    """A value of this type with every field filled, down to the last.

    All texts are the same one, so that what refers to something by name finds it.
    """
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return filled(next(part for part in parts if part is not NoneType))
    if origin is tuple:
        return tuple(filled(part) for part in parts if part is not Ellipsis)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1]
    hints = get_type_hints(hint)
    fields = [field.name for field in attrs.fields(hint) if field.init]
    return hint(**{name: _FITTING.get((hint, name)) or filled(hints[name]) for name in fields})


def sparse(hint: Any) -> Any:
    """A value of this type in which all that may be absent or empty is, and all that has a default has it."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType) and NoneType in parts:
        return None
    if origin is tuple and Ellipsis in parts:
        return ()
    if not attrs.has(hint):
        return filled(hint)
    hints = get_type_hints(hint)
    needed = (field.name for field in attrs.fields(hint) if field.init and field.default is attrs.NOTHING)
    return hint(**{name: sparse(hints[name]) for name in needed})


def values() -> dict[Ref, Value]:
    """A filled and a sparse value of every kind at version 1, under the names of their records."""
    stored: dict[Ref, Value] = {}
    for kind, form in VALUES.items():
        stored[Ref(kind, f"filled-{PLAYFUL}")] = attrs.evolve(filled(form), version=1)
        stored[Ref(kind, "sparse")] = attrs.evolve(sparse(form), version=1)
    return stored


def record_of(ref: Ref, value: Value, version: int = 1, expected: int | None = None) -> Record:
    """The value at that version, as a record that has something in each index field."""
    fields: dict[str, Indexed] = dict.fromkeys(FIELDS[ref.kind].equal, PLAYFUL)
    fields.update(dict.fromkeys(FIELDS[ref.kind].order, 2**60))
    fields.update(dict.fromkeys(FIELDS[ref.kind].several, (PLAYFUL, "plain")))
    fields.update(dict.fromkeys(FIELDS[ref.kind].plain, PLAYFUL))
    expected = version - 1 if expected is None else expected
    return Record(ref.kind, ref.id, version, expected, attrs.evolve(value, version=version), fields)


def history() -> tuple[Recorded, ...]:
    """A filled and a sparse event of every class, each in a stream of its kind."""
    events: list[Event] = [*map(filled, EVENTS), *map(sparse, EVENTS)]
    versions = dict.fromkeys(Kind, 0)
    items = []
    for event in events:
        versions[event.STREAM] += 1
        items.append(Recorded(Ref(event.STREAM, f"stream-{PLAYFUL}"), versions[event.STREAM], event))
    return tuple(items)
