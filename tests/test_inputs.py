"""Bad arguments: each is a typed error that names the field, and nothing is written."""

import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest
from desks import ANA, AT, NAIVE, desk, new_desk, opened

from ticketcore import (
    Actor,
    AgentProfile,
    Condition,
    Configuration,
    Conflict,
    Inbound,
    InvalidInput,
    NotFound,
    Refused,
    RoutingRule,
    StoreFailure,
    TicketCoreError,
)
from ticketcore.commands import Assign, LinkAlias, SetCapacity, SetPresence, SetPriority, SetSkills, SetTags, Solve
from ticketcore.errors import Reason, StoreFault
from ticketcore.model import Channel, File, Kind, Queue, Skill, SkillLevel, Team
from ticketcore.ports import MAX_PAGE, Query
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")

BAD = [
    (lambda: Inbound("", "a", "s"), "Inbound.channel"),
    (lambda: Inbound("c", None, "s"), "Inbound.account"),
    (lambda: Inbound("c", "a", "s" * 1001), "Inbound.sender"),
    (lambda: Inbound("c", "a", "s", text=7), "Inbound.text"),
    (lambda: Inbound("c", "a", "s", text="nul\0"), "Inbound.text"),
    (lambda: Inbound("c", "a", "s", text="half \ud800"), "Inbound.text"),
    (lambda: Inbound("c", "a", "s", subject=None), "Inbound.subject"),
    (lambda: Inbound("c", "a", "s", sender_name=b"x"), "Inbound.sender_name"),
    (lambda: Inbound("c", "a", "s", external_id=""), "Inbound.external_id"),
    (lambda: Inbound("c", "a", "s", reply_to="one"), "Inbound.reply_to"),
    (lambda: Inbound("c", "a", "s", reply_to=["one", ""]), "Inbound.reply_to[1]"),
    (lambda: Inbound("c", "a", "s", attachments=["file"]), "Inbound.attachments[0]"),
    (lambda: Inbound("c", "a", "s", sent_at=NAIVE), "Inbound.sent_at"),
    (lambda: Inbound("c", "a", "s", sent_at="today"), "Inbound.sent_at"),
    (lambda: Inbound("c", "a", "s", headers={"a": 3}), "Inbound.headers['a']"),
    (lambda: Inbound("c", "a", "s", headers=3), "Inbound.headers"),
    (lambda: Inbound("c", "a", "s", headers=["x"]), "Inbound.headers[0]"),
    (lambda: Inbound("c", "a", "s", attributes={"": "x"}), "Inbound.attributes[0]"),
    (lambda: Inbound("c", "a", "s", tags="vip"), "Inbound.tags"),
    (lambda: Inbound("c", "a", "s", tags=[["vip"]]), "Inbound.tags[0]"),
    (lambda: File("text"), "File.content"),
    (lambda: Actor("robot", "r"), "Actor.kind"),
    (lambda: Actor.agent(""), "Actor.id"),
    (lambda: SkillLevel("gold", 0), "SkillLevel.level"),
    (lambda: SkillLevel("gold", 11), "SkillLevel.level"),
    (lambda: SkillLevel("gold", True), "SkillLevel.level"),
    (lambda: AgentProfile(""), "AgentProfile.id"),
    (lambda: AgentProfile("a", capacity=-1), "AgentProfile.capacity"),
    (lambda: AgentProfile("a", capacity=1.5), "AgentProfile.capacity"),
    (lambda: AgentProfile("a", weight=0), "AgentProfile.weight"),
    (lambda: AgentProfile("a", presence="asleep"), "AgentProfile.presence"),
    (lambda: AgentProfile("a", skills=["x", "x"]), "AgentProfile.skills"),
    (lambda: AgentProfile("a", skills="x"), "AgentProfile.skills"),
    (lambda: AgentProfile("a", teams="support"), "AgentProfile.teams"),
    (lambda: AgentProfile("a", attributes={"floor": 2.5}), "AgentAttribute.value"),
    (lambda: AgentProfile("a", attributes={"floor": 2**53}), "AgentAttribute.value"),
    (lambda: AgentProfile("a", attributes=["floor"]), "AgentProfile.attributes[0]"),
    (lambda: Condition(keywords="word"), "Condition.keywords"),
    (lambda: Condition(keywords=[""]), "Condition.keywords[0]"),
    (lambda: Condition(accounts="shop"), "Condition.accounts"),
    (lambda: RoutingRule("r", when=None), "RoutingRule.when"),
    (lambda: RoutingRule("r", Condition(), priority=9), "RoutingRule.priority"),
    (lambda: Channel("c", threading="magic"), "Channel.threading"),
    (lambda: Channel("c", quiet_gap=3), "Channel.quiet_gap"),
    (lambda: Channel("c", quiet_gap=timedelta(0)), "Channel.quiet_gap"),
    (lambda: Configuration(agents=[AgentProfile("a"), AgentProfile("a")]), "Configuration.agents[1].id"),
    (lambda: Configuration(agents=["a"]), "Configuration.agents[0]"),
    (lambda: Configuration(agents=[AgentProfile("a", teams=["support", "x"])]), "Configuration.agents[0].teams[1]"),
    (
        lambda: Configuration(agents=[AgentProfile("a", skills=["x"])], skills=["y"]),
        "Configuration.agents[0].skills[0]",
    ),
    (lambda: Configuration(teams=[Team("support"), Team("support")]), "Configuration.teams[1].id"),
    (lambda: Configuration(queues=[Queue("support", "moon")]), "Configuration.queues[0].team"),
    (lambda: Configuration(queues=[Queue("support"), Queue("support")]), "Configuration.queues[1].id"),
    (lambda: Configuration(default_queue="moon"), "Configuration.default_queue"),
    (lambda: Configuration(skills=["gold", Skill("gold")]), "Configuration.skills[1].id"),
    (lambda: Configuration(rules=[RoutingRule("r", Condition(), "moon")]), "Configuration.rules[0].queue"),
    (lambda: Configuration(rules=[RoutingRule("r", Condition(), skills=["x"])]), "Configuration.rules[0].skills[0]"),
    (lambda: Configuration(rules=2 * [RoutingRule("r", Condition())]), "Configuration.rules[1].id"),
    (lambda: Configuration(channels=["chat"]), "Configuration.channels[0]"),
    (lambda: Configuration(channels=[Channel("chat"), Channel("chat")]), "Configuration.channels[1].name"),
    (lambda: Configuration(solve_after=4), "Configuration.solve_after"),
    (lambda: Configuration(version=-1), "Configuration.version"),
    (lambda: Solve("", ANA), "Solve.ticket"),
    (lambda: Solve("t", "ana"), "Solve.actor"),
    (lambda: Assign("t", ANA, ""), "Assign.agent"),
    (lambda: SetTags("t", ANA, "vip"), "SetTags.add"),
    (lambda: SetPriority("t", ANA, 5), "SetPriority.priority"),
    (lambda: SetPresence("ana", ANA, "asleep"), "SetPresence.presence"),
    (lambda: SetSkills("ana", ANA, {"gold": 99}), "SkillLevel.level"),
    (lambda: SetCapacity("ana", ANA, -3), "SetCapacity.capacity"),
    (lambda: LinkAlias("c", "chat", "", ANA), "LinkAlias.address"),
    (lambda: Query(Kind.TICKET, {"colour": "red"}), "Query.where['colour']"),
    (lambda: Query(Kind.TICKET, {"state": 1.5}), "Query.where['state']"),
    (lambda: Query(Kind.TICKET, {"state": [["new"]]}), "Query.where['state']"),
    (lambda: Query(Kind.TICKET, sort="colour"), "Query.sort"),
    (lambda: Query(Kind.TICKET, limit="ten"), "Query.limit"),
    (lambda: Query(Kind.TICKET, limit=0), "Query.limit"),
    (lambda: Query(Kind.TICKET, limit=MAX_PAGE + 1), "Query.limit"),
    (lambda: new_desk(MemoryStore(), tenant=""), "Desk.tenant"),
    (lambda: new_desk(MemoryStore(), tenant="acme", config={}), "Desk.config"),
]


@pytest.mark.parametrize(("make", "field"), BAD, ids=[f"{i}-{field}" for i, (_, field) in enumerate(BAD)])
def test_what_cannot_be_used_is_refused_by_field(make, field):
    with pytest.raises(InvalidInput) as invalid:
        make()
    assert invalid.value.field == field
    assert invalid.value.reason
    assert str(invalid.value) == f"{field}: {invalid.value.reason}"


@pytest.mark.parametrize(
    "at",
    [
        NAIVE,
        "now",
        7,
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=2))),
    ],
)
def test_an_instant_has_a_time_zone_and_lies_in_the_calendar(at):
    one = desk("ana")
    for call in (
        lambda: one.receive(Inbound("c", "a", "s", "x"), at),
        lambda: one.handle(Solve("t", ANA), at),
        lambda: one.tick(at),
    ):
        with pytest.raises(InvalidInput) as invalid:
            call()
        assert invalid.value.field == "at"
    assert one.store.events("acme") == ()


def test_a_clock_without_time_zone_is_refused():
    one = new_desk(MemoryStore(), tenant="acme", clock=lambda: NAIVE)
    with pytest.raises(InvalidInput, match="time zone"):
        one.tick()


def test_the_clock_is_asked_only_when_no_instant_is_given():
    one = new_desk(MemoryStore(), tenant="acme", clock=lambda: AT)
    assert one.receive(Inbound("c", "a", "s", "x")).ticket.opened_at == AT
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    later = one.receive(Inbound("c", "a", "t", "x"), elsewhere).ticket.opened_at
    assert (later, later.tzinfo) == (AT, UTC)


def test_only_messages_are_received_and_only_commands_are_handled():
    one = desk("ana")
    with pytest.raises(InvalidInput) as invalid:
        one.receive({"text": "hello"}, AT)
    assert invalid.value.field == "inbound"
    with pytest.raises(InvalidInput) as invalid:
        one.handle("solve", AT)
    assert invalid.value.field == "command"


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput("field", "reason"),
        InvalidInput("field", "reason", 7),
        NotFound("ticket", "7"),
        Conflict((("ticket", "7"),)),
        Refused("Solve", (Reason("rule", "t"),)),
        StoreFailure("x.db", StoreFault.FULL, "disk full"),
    ],
)
def test_errors_cross_process_boundaries_whole(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), vars(copy), str(copy)) == (type(error), vars(error), str(error))
    assert isinstance(error, TicketCoreError)
    assert "\n" not in str(error)


def test_an_error_names_its_line_where_one_is_known():
    assert str(InvalidInput("field", "reason")) == "field: reason"
    assert str(InvalidInput("field", "reason", 7)) == "line 7: field: reason"


def test_an_unknown_name_is_answered_with_the_one_that_is_most_like_it():
    with pytest.raises(InvalidInput, match=r"no queue 'repair' is declared; did you mean 'repairs'\?"):
        Configuration(queues=[Queue("support"), Queue("returns"), Queue("repairs")], default_queue="repair")
    with pytest.raises(InvalidInput, match=r"no queue 'moon' is declared$"):
        Configuration(default_queue="moon")


def test_what_a_channel_says_twice_counts_once():
    inbound = Inbound("c", "a", "s", reply_to=["2", "1", "2"], tags=["vip", "vip"])
    assert (inbound.reply_to, inbound.tags) == (("2", "1"), ("vip",))


def test_several_values_may_come_in_any_collection():
    assert Query(Kind.TICKET, {"state": ["new"]}) == Query(Kind.TICKET, {"state": ("new",)})


def test_values_are_frozen_and_equal_by_content():
    with pytest.raises(AttributeError):
        opened(desk("ana")).state = "solved"
    assert Configuration(agents=[AgentProfile("ana")]) == Configuration(agents=(AgentProfile("ana"),))
    assert Inbound("c", "a", "s", headers={"B": "2", "A": "1"}).headers == (("a", "1"), ("b", "2"))
