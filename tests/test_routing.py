"""Which queue, tags, skills and priority a message's ticket gets, and how keywords are found."""

import re

import pytest
from desks import AT, desk, kinds, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Condition, Configuration, Inbound, RoutingRule
from ticketcore.model import Kind, Priority, Queue, Ref, SkillLevel, Team
from ticketcore.routing import route
from ticketcore.text import folded, mentions

CHARACTERS = "aé -我\u0301"

pytestmark = pytest.mark.usefixtures("every_driver")


def rule_for(id="r", queue="support", **when):
    return RoutingRule(id, Condition(**when), queue=queue)


def routed(*rules, text="Hello", **inbound):
    config = Configuration(
        rules=rules, skills=["gold"], teams=[Team("support")], queues=[Queue("support"), Queue("vip")]
    )
    return route(config, Inbound("chat", "shop", "kim", text, **inbound))


def test_the_first_rule_that_applies_wins():
    rules = [rule_for("no", keywords=["bye"]), rule_for("yes", "vip", keywords=["hello"]), rule_for("late")]
    assert (routed(*rules).rule, routed(*rules).queue) == ("yes", "vip")


def test_without_a_rule_the_default_queue_and_nothing_else():
    routing = routed(rule_for("no", keywords=["bye"]))
    assert (routing.rule, routing.queue, routing.tags, routing.needs, routing.priority) == (
        None,
        "support",
        (),
        (),
        None,
    )


def test_the_tags_of_a_message_stay_without_a_rule():
    assert routed(tags=["vip", "ad"]).tags == ("ad", "vip")


def test_a_rule_without_conditions_always_applies():
    assert routed(rule_for("all")).rule == "all"


@pytest.mark.parametrize(
    ("when", "inbound", "applies"),
    [
        ({"channels": ["chat"]}, {}, True),
        ({"channels": ["sms"]}, {}, False),
        ({"accounts": ["shop"]}, {}, True),
        ({"accounts": ["outlet", "shop"]}, {}, True),
        ({"accounts": ["outlet"]}, {}, False),
        ({"tags": ["vip", "gold"]}, {"tags": ["gold"]}, True),
        ({"tags": ["vip"]}, {"tags": ["gold"]}, False),
        ({"attributes": {"source": "Ad"}}, {"attributes": {"source": "AD"}}, True),
        ({"attributes": {"source": "Ad"}}, {"attributes": {"source": "web"}}, False),
        ({"attributes": {"source": "Ad"}}, {}, False),
        ({"keywords": ["invoice"]}, {"subject": "Invoice 7"}, True),
        ({"keywords": ["hello"], "channels": ["chat"]}, {}, True),
        ({"keywords": ["hello"], "channels": ["sms"]}, {}, False),
        ({"keywords": ["hello"], "accounts": ["shop"]}, {}, True),
        ({"keywords": ["hello"], "accounts": ["outlet"]}, {}, False),
        ({"channels": ["shop"], "accounts": ["chat"]}, {}, False),
        ({"keywords": ["hello"], "tags": ["vip"]}, {}, False),
        ({"keywords": ["bye"], "channels": ["chat"]}, {}, False),
        ({"keywords": ["hello"], "attributes": {"a": "b"}}, {}, False),
    ],
)
def test_every_condition_given_must_hold(when, inbound, applies):
    assert (routed(rule_for(**when), **inbound).rule is not None) == applies


def test_a_rule_gives_tags_skills_and_priority_to_the_ticket():
    rule = RoutingRule("rings", Condition(keywords=["ring"]), "vip", ["ring", "gold"], {"gold": 3}, 3)
    one = desk(AgentProfile("ana", skills={"gold": 3}), rules=[rule], queues=[Queue("support"), Queue("vip")])
    ticket = say(one, "My RING broke", tags=["ad"]).ticket
    assert (ticket.queue, ticket.tags, ticket.needs) == ("vip", ("ad", "gold", "ring"), (SkillLevel("gold", 3),))
    assert (ticket.priority, ticket.assignee) == (Priority.HIGH, "ana")
    assert kinds(one, Ref(Kind.TICKET, ticket.id)) == [
        "TicketOpened",
        "MessageAdded",
        "Routed",
        "TagsChanged",
        "PriorityChanged",
        "Assigned",
        "StateChanged",
    ]
    event = one.history(Ref(Kind.TICKET, ticket.id))[2].event
    assert (event.rule, event.configuration) == ("rings", 1)


def test_every_decision_on_the_way_is_returned():
    one = desk("ana", rules=[rule_for("greeting", keywords=["hello"])])
    segmentation, routing, placement = say(one, "Hello").decisions
    assert (segmentation.opens, routing.rule, placement.agent) == (True, "greeting", "ana")


def test_a_ticket_without_tags_or_priority_has_no_such_events():
    one = desk("ana")
    ticket = say(one, at=AT).ticket
    assert kinds(one, Ref(Kind.TICKET, ticket.id)) == [
        "TicketOpened",
        "MessageAdded",
        "Routed",
        "Assigned",
        "StateChanged",
    ]
    assert one.history(Ref(Kind.TICKET, ticket.id))[2].event.rule is None


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("art", "Modern art.", True),
        ("art", "Please start", False),
        ("art", "arts", False),
        ("art", "cart", False),
        ("gold ring", "a Gold Ring!", True),
        ("refund", "Refund!!!", True),
        ("C++", "I write c++ code", True),
        ("größe", "GRÖSSE 38", True),
        ("cafe", "Café", True),
        ("ＶＩＰ", "vip", True),
        ("退款", "我要退款,谢谢", True),
        ("iphone", "我的iPhone壞了", True),
        ("ring", "Ring壞了", True),
        ("ガラス", "窓ガラス", True),
        ("カラス", "窓ガラス", False),
        ("кольцо", "Золотое КОЛЬЦО", True),
        ("anillo", "el anillito", False),
        ("a.c", "abc", False),
        ("สวัสดี", "ครับสวัสดีครับ", True),
    ],
)
def test_keywords(keyword, text, found):
    assert mentions(folded(text), (keyword,)) is found
    assert mentions(folded(text), ("unheard", keyword, "of")) is found


def test_no_keyword_is_in_no_text():
    assert mentions("anything", ()) is False


def searched(text, keyword):
    """The oracle: a regular expression that allows no letter beside a letter at the keyword's ends."""
    letter, words = r"[^\W我款]", folded(keyword).strip()
    before = f"(?<!{letter})" if re.match(letter, words) else ""
    after = f"(?!{letter})" if re.search(f"{letter}$", words) else ""
    return re.search(before + re.escape(words) + after, folded(text)) is not None


@given(st.text(CHARACTERS, max_size=6), st.lists(st.text(CHARACTERS, max_size=3), max_size=2))
def test_keywords_are_found_as_the_oracle_finds_them(text, keywords):
    assert mentions(folded(text), tuple(keywords)) is any(searched(text, keyword) for keyword in keywords)
