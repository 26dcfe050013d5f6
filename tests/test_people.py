"""The people at a desk: what is arranged with them, and that the very next decision goes by it."""

import pytest
from desks import AT, EVE, agent, check_laws, desk, opened
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Condition, InvalidInput, NotFound, RoutingRule
from ticketcore.commands import SetAgentAttributes, Solve
from ticketcore.model import AgentAttribute
from ticketcore.requirement import satisfies, whole_requirement

UPSTAIRS = RoutingRule(
    "upstairs", Condition(keywords=["lift"]), requirement={"must": {"attribute": "floor", "at_least": 2}}
)


# Attributes.


def test_an_edit_of_attributes_is_seen_by_the_very_next_decision():
    people = AgentProfile("ana", attributes={"floor": 1}), AgentProfile("bo")
    one = desk(*people, rules=[UPSTAIRS], agent_attributes=["floor", "district"])
    waiting = opened(one, text="The lift is stuck")
    assert waiting.assignee is None
    one.handle(SetAgentAttributes("ana", EVE, {"floor": 3, "district": "north"}), AT)
    assert one.ticket(waiting.id).assignee == "ana", "the change pulls what waits for it"
    one.handle(SetAgentAttributes("bo", EVE, {"floor": 2}), AT)
    one.handle(SetAgentAttributes("ana", EVE, {"floor": 0}), AT)
    assert opened(one, text="The lift again", sender="lee").assignee == "bo"
    assert agent(one, "ana").arranged.attributes == (AgentAttribute("floor", 0),)
    assert one.ticket(waiting.id).assignee == "ana", "what somebody has stays theirs"
    check_laws(one)


def test_the_same_attributes_again_change_nothing():
    one = desk(AgentProfile("ana", attributes={"floor": 1}))
    assert one.handle(SetAgentAttributes("ana", EVE, {"floor": 1}), AT).events == ()
    one.handle(SetAgentAttributes("ana", EVE, {}), AT)
    assert agent(one, "ana").terms is None, "nothing is arranged any more"
    with pytest.raises(InvalidInput, match=r"SetAgentAttributes.attributes.*'flor'"):
        one.handle(SetAgentAttributes("ana", EVE, {"flor": 1}), AT)
    with pytest.raises(NotFound):
        one.handle(SetAgentAttributes("eva", EVE, {}), AT)


values = st.dictionaries(st.sampled_from("ab"), st.integers(0, 2) | st.sampled_from(["x", "y"]))
leaves = st.builds(
    lambda name, how, value: {"attribute": name, how: value}, st.sampled_from("ab"), st.just("is"), st.just("x")
) | st.builds(
    lambda name, how, value: {"attribute": name, how: value},
    st.sampled_from("ab"),
    st.sampled_from(["is", "is_not", "at_least", "at_most", "above", "below"]),
    st.integers(0, 2),
)
expressions = st.recursive(
    leaves,
    lambda parts: (
        st.builds(
            lambda form, items: {form: items}, st.sampled_from(["all", "any"]), st.lists(parts, min_size=1, max_size=3)
        )
        | parts.map(lambda part: {"not": part})
    ),
    max_leaves=4,
)


@given(st.lists(values, min_size=1, max_size=4), expressions)
def test_engine_and_rules_compare_attributes_alike(people, expression):
    rule = RoutingRule("any", Condition(), requirement={"must": expression})
    agents = [AgentProfile(f"a{i}", attributes=value) for i, value in enumerate(people)]
    one = desk(*agents, rules=[rule], agent_attributes=["a", "b"])
    ticket = opened(one)
    meeting = {f"a{i}" for i in range(len(people)) if satisfies(agent(one, f"a{i}"), ticket.requirement)}
    assert whole_requirement((), ticket.requirement).must is not None
    if ticket.assignee is None:
        assert not meeting
    else:
        assert ticket.assignee in meeting
        one.handle(Solve(ticket.id, EVE), AT)
