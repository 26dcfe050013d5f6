"""Workflows: the states that a ticket can be in, and the transitions between them, as one value.

Behaviour hangs on the category of a state, which is code; what a company calls its states, and which it has, is data.
A workflow is checked when it is built, so that a desk never runs one in which a ticket can be lost.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from ticketcore.checks import (
    as_member,
    as_pairs,
    as_tuple,
    check_name,
    each,
    is_name,
    is_optional_name,
    is_words,
    meant,
    member,
    names,
    texts,
)
from ticketcore.errors import InvalidInput
from ticketcore.model.ticket import DELETED, MERGED, Category, Move

NATIVE_RULES = (
    "never_back_to_new",
    "nobody_to_solve",
    "customer_waits",
    "closed_is_final",
    "reply_reopens",
    "assigning_opens",
    "priority_stays_set",
    "leaving_releases",
    "children_open",
)
"""The rules that a workflow has unless it says otherwise; ``ticketcore.lifecycle`` says what each means.

They are the common ground of helpdesks, Zendesk's native rules above all
(support.zendesk.com/hc/en-us/articles/4408894213018).
"""

CUSTOMER_LABELS: Mapping[Category, tuple[tuple[str, str], ...]] = {
    Category.NEW: (("en", "Submitted"), ("de", "Eingegangen"), ("es", "Recibido"), ("zh", "已提交")),
    Category.OPEN: (("en", "In progress"), ("de", "In Bearbeitung"), ("es", "En curso"), ("zh", "处理中")),
    Category.PENDING: (
        ("en", "Waiting for you"),
        ("de", "Wartet auf Sie"),
        ("es", "A la espera de su respuesta"),
        ("zh", "等待您的回复"),
    ),
    Category.ON_HOLD: (("en", "In progress"), ("de", "In Bearbeitung"), ("es", "En curso"), ("zh", "处理中")),
    Category.SOLVED: (("en", "Resolved"), ("de", "Gelöst"), ("es", "Resuelto"), ("zh", "已解决")),
    Category.CLOSED: (("en", "Closed"), ("de", "Geschlossen"), ("es", "Cerrado"), ("zh", "已关闭")),
}
"""What a customer reads of a state that says nothing to customers itself, by category and locale."""

Labels = tuple[tuple[str, str], ...]
"""Words by locale (BCP 47)."""


def worded(labels: Labels, locale: str, otherwise: str) -> str:
    """The label for a locale: its own, or else its language's, the English one, or the first; or ``otherwise``.

    >>> worded((("en", "Open"), ("de", "Offen")), "de-CH", "open")
    'Offen'
    """
    known = {name.lower(): label for name, label in labels}
    tag = locale.lower()
    while tag:
        if tag in known:
            return known[tag]
        tag = tag.rpartition("-")[0]
    return known.get("en") or (labels[0][1] if labels else otherwise)


def _category(value: Category | str) -> Category:
    return as_member(Category, value)


def _move(value: Move | str) -> Move:
    return as_member(Move, value)


def as_labels(value: str | Mapping[str, str] | Iterable[tuple[str, str]]) -> Labels:
    """An attrs converter: labels by locale; a bare text is the English one."""
    return (("en", value),) if isinstance(value, str) else as_pairs(value)


def is_labels(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: labels that are not empty, one for each locale, whatever its case; else ``InvalidInput``."""
    texts(owner, attribute, value)
    path, seen = f"{type(owner).__name__}.{attribute.name}", set()
    for locale, label in as_pairs(value):  # type: ignore[arg-type]  # texts has looked at it
        check_name(label, f"{path}[{locale!r}]")
        if locale.lower() in seen:
            raise InvalidInput(f"{path}[{locale!r}]", "stands twice")
        seen.add(locale.lower())


@attrs.frozen
class State:
    """One state, by its ``id``, which never changes, and what it means to the rules: its ``category``.

    ``labels`` are what agents call it and ``customer_labels`` what the customer reads, each by locale.  Without labels
    agents read the id; customers never read an agent's label, but the one of ``CUSTOMER_LABELS``.  ``is_default`` is
    the state of its category that is meant where only the category is said; a state that is alone in its category is.

    Raises ``InvalidInput`` naming the field.
    """

    id: str = attrs.field(validator=is_name)
    category: Category = attrs.field(converter=_category, validator=member(Category))
    labels: Labels = attrs.field(default=(), converter=as_labels, validator=is_labels)
    customer_labels: Labels = attrs.field(default=(), converter=as_labels, validator=is_labels)
    is_default: bool = False

    def label(self, locale: str = "en") -> str:
        """What agents call it."""
        return worded(self.labels, locale, self.id)

    def customer_label(self, locale: str = "en") -> str:
        """What the customer reads."""
        return worded(self.customer_labels or CUSTOMER_LABELS[self.category], locale, self.id)


@attrs.frozen
class Transition:
    """A way from the state ``source`` to the state ``target`` by a ``move``; from None, a ticket is opened.

    All ``guards`` must allow it, and whoever makes it must have all ``rights``; both are names, whose meaning the host
    gives (``ticketcore.lifecycle``).  Of several ways by one move the first is meant where no state is named.

    Raises ``InvalidInput`` naming the field.
    """

    source: str | None = attrs.field(validator=is_optional_name)
    move: Move = attrs.field(converter=_move, validator=member(Move))
    target: str = attrs.field(validator=is_name)
    guards: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    rights: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)


@attrs.frozen
class Fault:
    """What is wrong with a workflow: the ``field`` and the ``reason``."""

    field: str
    reason: str


@attrs.frozen
class Workflow:
    """The life of a ticket: its ``states``, the ``transitions`` between them, and the ``rules`` that hold for all.

    ``id`` is what ticket types call it, ``name`` what people do.  The transitions are put in the order of their states
    and moves; those of one state by one move stay as they are given.  A rule that is left out of ``rules`` does not
    hold; one that the host defines may be named there as well as in a transition.

    ``replaces`` are states that it has no longer, each with the one that their tickets are in from now on.

    Raises ``InvalidInput`` for the first of its ``faults``, or for a state in ``replaces`` that it has, or has not.
    """

    id: str = attrs.field(validator=is_name)
    states: tuple[State, ...] = attrs.field(converter=as_tuple, validator=each(State))
    transitions: tuple[Transition, ...] = attrs.field(converter=as_tuple, validator=each(Transition))
    rules: tuple[str, ...] = attrs.field(default=NATIVE_RULES, converter=as_tuple, validator=names)
    name: str = attrs.field(default="", validator=is_words)
    replaces: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_pairs, validator=texts)
    _ways: Mapping[tuple[str | None, Move], tuple[Transition, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )
    _states: Mapping[str, State] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for fault in faults(self.states, self.transitions, self.rules):
            raise InvalidInput(f"Workflow.{fault.field}", fault.reason)
        places, moves = [None, *(state.id for state in self.states)], list(Move)
        ordered = sorted(self.transitions, key=lambda way: (places.index(way.source), moves.index(way.move)))
        object.__setattr__(self, "transitions", tuple(ordered))
        ways: dict[tuple[str | None, Move], tuple[Transition, ...]] = {}
        for way in self.transitions:
            ways[way.source, way.move] = (*ways.get((way.source, way.move), ()), way)
        object.__setattr__(self, "_ways", ways)
        object.__setattr__(self, "_states", {state.id: state for state in self.states})
        for source, target in self.replaces:
            if source in self._states:
                raise InvalidInput("Workflow.replaces", f"{source!r} is one of its states, and not replaced")
            if target not in self._states:
                raise InvalidInput("Workflow.replaces", f"no state {target!r} is declared{meant(target, self._states)}")
        if len(dict(self.replaces)) < len(self.replaces):
            raise InvalidInput("Workflow.replaces", "has one state twice")

    def ways(self, source: str | None, move: Move) -> tuple[Transition, ...]:
        """The transitions from a state by a move, the one first that is meant where no state is named."""
        return self._ways.get((source, move), ())

    def state(self, id: str) -> State | None:
        """The state ``id``, if there is one."""
        return self._states.get(id)

    def default(self, category: Category) -> State | None:
        """The state that is meant where only its category is said; None in a workflow without such."""
        return _defaults(self.states).get(category)

    def successor(self, state: str, category: Category) -> State:
        """The state that a ticket is in here that was in ``state``, of the ``category``, elsewhere.

        The one of that name, or that replaces it; where there is neither, the default of its category, or else the one
        in which a ticket is opened.
        """
        known = self._states.get(state) or self._states.get(dict(self.replaces).get(state, state))
        return known or self.default(category) or self.opening

    @property
    def opening(self) -> State:
        """The state in which a ticket is opened."""
        return self._states[self.ways(None, Move.OPEN)[0].target]


def _defaults(states: Iterable[State]) -> Mapping[Category, State]:
    found: dict[Category, State] = {}
    for state in states:
        if state.is_default or state.category not in found:
            found[state.category] = state
    return found


UNDECLARED = (Move.MERGE, Move.UNMERGE, Move.DELETE)
"""The moves that no workflow declares."""


def faults(
    states: Sequence[State], transitions: Sequence[Transition], rules: Sequence[str] = NATIVE_RULES
) -> tuple[Fault, ...]:
    """Everything that is wrong with a workflow of these parts; none for a sound one.

    A state or transition that stands twice, is unknown, or is kept for merging; no way to open a ticket, or several; a
    category of several states without one default; two states that agents would call the same; a state that no ticket
    can reach, or none can leave though it is not closed; and whatever the native rules among ``rules`` demand of the
    table.
    """
    found = tuple(_unknown(states, transitions))
    return found or (*_of_states(states), *_of_ways(states, transitions), *_of_rules(states, transitions, rules))


def _unknown(states: Sequence[State], transitions: Sequence[Transition]) -> Iterator[Fault]:
    known = {state.id for state in states}
    yield from (
        Fault(f"states[{i}].id", f"{state.id!r} is declared twice")
        for i, state in enumerate(states)
        if state.id in {other.id for other in states[:i]}
    )
    for kept, done in ((MERGED, "merged into another"), (DELETED, "deleted")):
        if kept in known:
            yield Fault("states", f"{kept!r} is what every ticket is in that was {done}")
    for i, way in enumerate(transitions):
        for field, id in (("source", way.source), ("target", way.target)):
            if id is not None and id not in known:
                yield Fault(f"transitions[{i}].{field}", f"no state {id!r} is declared{meant(id, known)}")
        if way.move in UNDECLARED:
            done = "deleted" if way.move is Move.DELETE else "merged"
            yield Fault(f"transitions[{i}].move", f"{way.move} is no move of a workflow: any state can be {done}")
        if any((way.source, way.move, way.target) == (one.source, one.move, one.target) for one in transitions[:i]):
            yield Fault(f"transitions[{i}]", "stands twice")
        if (way.source is None) is not (way.move is Move.OPEN):
            yield Fault(f"transitions[{i}].move", "opens a ticket, which comes from no state, and nothing else does")
        if way.source is None and (way.guards or way.rights):
            yield Fault(f"transitions[{i}]", "opens a ticket, which is never refused: no guard or right is asked")
    openings = [way for way in transitions if way.source is None]
    if len(openings) != 1:
        yield Fault("transitions", f"must have one way to open a ticket, not {len(openings)}")


def _of_states(states: Sequence[State]) -> Iterator[Fault]:
    count = Counter(state.category for state in states)
    defaults = Counter(state.category for state in states if state.is_default)
    for category in Category:
        if defaults[category] > 1 or (count[category] > 1 and not defaults[category]):
            yield Fault("states", f"must have one default of the category {category}, not {defaults[category]}")
    labelled: dict[tuple[str, str], str] = {}
    for i, state in enumerate(states):
        for locale, label in state.labels:
            other = labelled.setdefault((locale.lower(), label.casefold()), state.id)
            if other != state.id:
                yield Fault(f"states[{i}].labels", f"{label!r} is what {other!r} is called ({locale})")


def _of_ways(states: Sequence[State], transitions: Sequence[Transition]) -> Iterator[Fault]:
    reached: set[str | None] = {None}
    while more := {way.target for way in transitions if way.source in reached} - reached:
        reached |= more
    left = {way.source for way in transitions if way.source != way.target}
    for i, state in enumerate(states):
        if state.id not in reached:
            yield Fault(f"states[{i}]", f"{state.id!r} cannot be reached")
        elif state.id not in left and state.category is not Category.CLOSED:
            yield Fault(f"states[{i}]", f"{state.id!r} cannot be left, and is not closed")


def _of_rules(states: Sequence[State], transitions: Sequence[Transition], rules: Sequence[str]) -> Iterator[Fault]:
    category: dict[str | None, Category] = {state.id: state.category for state in states}
    for i, way in enumerate(transitions):
        before, after = category.get(way.source), category[way.target]
        where = f"transitions[{i}]"
        if "never_back_to_new" in rules and after is Category.NEW and before not in (None, Category.NEW):
            yield Fault(where, f"leads back to new, from {way.source!r}")
        if "closed_is_final" in rules and before is Category.CLOSED:
            yield Fault(where, f"leaves {way.source!r}, which is closed")
        assigns = before is Category.NEW and way.move is Move.ASSIGN
        if "assigning_opens" in rules and assigns and after is not Category.OPEN:
            yield Fault(where, f"must lead from {way.source!r} to an open state, since to assign is to open")
    for i, state in enumerate(states):
        if state.category is Category.CLOSED:
            continue
        targets = [category[way.target] for way in transitions if (way.source, way.move) == (state.id, Move.REPLY)]
        if not targets:
            yield Fault(f"states[{i}]", f"nothing leaves {state.id!r} by a customer's reply, and nothing stays there")
        elif "reply_reopens" in rules and targets[0] not in (Category.NEW, Category.OPEN):
            yield Fault(f"states[{i}]", f"a customer's reply does not reopen {state.id!r}")
        can_be_assigned = any((way.source, way.move) == (state.id, Move.ASSIGN) for way in transitions)
        if state.category in (Category.NEW, Category.OPEN) and not can_be_assigned:
            yield Fault(f"states[{i}]", f"nobody can be given a ticket in {state.id!r}")


def workflow_of(
    id: str, categories: Mapping[str, Category], table: Mapping[str | None, Mapping[Move, str]]
) -> Workflow:
    """A workflow from the category of each state, and the state that each move leads to from each state."""
    ways = [Transition(source, move, target) for source, moves in table.items() for move, target in moves.items()]
    return Workflow(id, [State(state, category) for state, category in categories.items()], ways)


REQUEST = workflow_of(
    "request",
    {
        "new": Category.NEW,
        "open": Category.OPEN,
        "pending": Category.PENDING,
        "on_hold": Category.ON_HOLD,
        "solved": Category.SOLVED,
        "closed": Category.CLOSED,
    },
    {
        None: {Move.OPEN: "new"},
        "new": {
            Move.ASSIGN: "open",
            Move.REPLY: "new",
            Move.PEND: "pending",
            Move.HOLD: "on_hold",
            Move.SOLVE: "solved",
            Move.CLOSE: "closed",
        },
        "open": {
            Move.ASSIGN: "open",
            Move.REPLY: "open",
            Move.PEND: "pending",
            Move.HOLD: "on_hold",
            Move.SOLVE: "solved",
        },
        "pending": {
            Move.ASSIGN: "pending",
            Move.REPLY: "open",
            Move.RESUME: "open",
            Move.HOLD: "on_hold",
            Move.SOLVE: "solved",
        },
        "on_hold": {
            Move.ASSIGN: "on_hold",
            Move.REPLY: "open",
            Move.RESUME: "open",
            Move.PEND: "pending",
            Move.SOLVE: "solved",
        },
        "solved": {Move.REPLY: "open", Move.REOPEN: "open", Move.CLOSE: "closed"},
    },
)
"""The workflow of a desk that declares none: new until somebody has it, open while somebody works, pending while we
wait for the customer, on hold while we wait for somebody else, solved when the customer has what they asked for, closed
for good."""
