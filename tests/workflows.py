"""Workflows that can be, made at random, for the laws that hold for each of them."""

from itertools import pairwise

import attrs
from hypothesis import event
from hypothesis import strategies as st

from ticketcore.model import REQUEST, Category, Move, State, Transition, Workflow
from ticketcore.model.workflow import NATIVE_RULES, UNDECLARED, faults

MOVES = [move for move in Move if move not in (Move.OPEN, *UNDECLARED)]
LATER = [Category.OPEN, Category.PENDING, Category.ON_HOLD, Category.SOLVED, Category.CLOSED]
ODD = [
    'say "hi"',
    "a\\b",
    "#1;",
    "[x] {y} <z>",
    "a:b; c",
    "&amp;",
    "צבא",
    "پارس‌ها",
    "👩‍🔧",
    "two\nlines",
    "\u202eback",
    "-->",
]
"""Words that a picture or a file could get wrong."""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6)
names = st.sampled_from(["open", "a.b", "on_hold", "Größe", *ODD]) | words
locales = st.sampled_from(["en", "de", "de-CH", "zh", "he"])
guards = st.lists(st.sampled_from(["tested", "customer_waits", *ODD]), max_size=2, unique=True)
rights = st.lists(st.sampled_from(["workshop", "till", *ODD]), max_size=2, unique=True)


@st.composite
def workflows(draw, id="made", ids=names, guards=guards):
    """A workflow without faults: a middle that is open, states that come before it, and others that lead back to it."""
    held = draw(st.sets(st.sampled_from(NATIVE_RULES)))
    rules = tuple(rule for rule in NATIVE_RULES if rule in held)
    categories = draw(st.lists(st.sampled_from(LATER), min_size=1, max_size=4))
    news = draw(st.integers(0, 2))
    ids = draw(st.lists(ids, min_size=news + 1 + len(categories), max_size=news + 1 + len(categories), unique=True))
    fresh, middle, rest = ids[:news], ids[news], dict(zip(ids[news + 1 :], categories, strict=True))
    category = {**dict.fromkeys(fresh, Category.NEW), middle: Category.OPEN, **rest}
    alive = [middle, *(state for state in rest if category[state] is not Category.CLOSED)]
    ways = [(None, Move.OPEN, [*fresh, *draw(st.permutations(alive))][0])]
    ways += [(one, Move.HOLD, other) for one, other in pairwise(fresh)]
    ways += [(state, Move.ASSIGN, middle) for state in fresh]
    ways += [(state, Move.REPLY, draw(st.sampled_from([state, middle]))) for state in fresh]
    ways += [(state, Move.REPLY, middle) for state in alive]
    ways += [(state, Move.ASSIGN, state) for state in alive if category[state] is Category.OPEN]
    ways += [(middle, draw(st.sampled_from(MOVES)), state) for state in rest]
    more = st.tuples(st.sampled_from(ids), st.sampled_from(MOVES), st.sampled_from(ids))
    ways += [way for way in draw(st.lists(more, max_size=8)) if _may_be(*way, category, rules)]
    transitions = [
        Transition(*way, *([] if way[0] is None else [draw(guards), draw(rights)])) for way in dict.fromkeys(ways)
    ]
    return Workflow(id, draw(_states(category)), transitions, rules, draw(st.just("") | words))


def _may_be(source, move, target, category, rules):
    """Whether a way more is none that the rules forbid."""
    back = category[target] is Category.NEW is not category[source] and "never_back_to_new" in rules
    risen = category[source] is Category.CLOSED and "closed_is_final" in rules
    assigned = category[source] is Category.NEW and move is Move.ASSIGN and category[target] is not Category.OPEN
    return not (back or risen or (assigned and "assigning_opens" in rules))


@st.composite
def _states(draw, category):
    """The states in any order, one of each category its default, with labels that no two of them share."""
    usual = {
        kind: draw(st.sampled_from([id for id in category if category[id] is kind])) for kind in {*category.values()}
    }
    states = []
    for i, id in enumerate(draw(st.permutations(list(category)))):
        alone = sum(one is category[id] for one in category.values()) == 1
        labels = {locale: f"{draw(names)} {i}" for locale in draw(st.sets(locales, max_size=2))}
        said = draw(st.dictionaries(locales, names, max_size=2))
        states.append(
            State(id, category[id], labels, said, draw(st.booleans()) if alone else usual[category[id]] == id)
        )
    return states


@st.composite
def variants(draw, id="request"):
    """The usual workflow, with some states and ways lost, changed or added."""
    lost = draw(st.sets(st.sampled_from(["pending", "on_hold", "solved", "closed", "new"]), max_size=2))
    lost = lost if draw(st.booleans()) else set()
    states = {state.id: state for state in REQUEST.states if state.id not in lost}
    for state in draw(st.lists(st.sampled_from(list(states)), max_size=2)):
        states[state] = attrs.evolve(states[state], labels=draw(st.dictionaries(locales, names, max_size=2)))
    for more in draw(st.sets(st.sampled_from(["parts", "Größe"]))):
        category = draw(st.sampled_from(LATER))
        alike = [one for one in states.values() if one.category is category]
        if alike and not any(one.is_default for one in alike):
            states[alike[0].id] = attrs.evolve(alike[0], is_default=True)
        states[more] = State(more, category)
    ways = [Transition(None, Move.OPEN, "new" if "new" in states else "open")]
    ways += [way for way in REQUEST.transitions if way.source in states and way.target in states]
    ends = st.tuples(st.sampled_from(list(states)), st.sampled_from(MOVES), st.sampled_from(list(states)))
    ways += [Transition(*end, draw(guards), draw(rights)) for end in draw(st.lists(ends, max_size=6, unique=True))]
    ways = list({(way.source, way.move, way.target): way for way in ways}.values())
    gone = draw(st.sets(st.integers(0, len(ways)), max_size=2))
    ways = [way for i, way in enumerate(ways) if i not in gone]
    rules = NATIVE_RULES if draw(st.booleans()) else draw(st.permutations(NATIVE_RULES))[:4]
    wrong = faults(list(states.values()), ways, rules)
    event(f"a variant is {'faulty' if wrong else 'sound'}")
    return attrs.evolve(REQUEST, id=id) if wrong else Workflow(id, list(states.values()), ways, rules)


def is_sound(workflow):
    """Whether nothing is wrong with it, asked once more."""
    return faults(workflow.states, workflow.transitions, workflow.rules) == ()
