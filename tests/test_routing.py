"""Which queue, tags, skills and priority a message's ticket gets."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from desks import ANA, AT, BO, HOUR, MINUTE, check_laws, desk, kinds, new_desk, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Condition, Configuration, Inbound, InvalidInput, Parts, RoutingRule
from ticketcore.calendar import BusinessCalendar
from ticketcore.commands import DescribeContact, SetPresence, SetTeams, Solve, Transfer
from ticketcore.model import (
    Calendar,
    Contact,
    Excluded,
    Filter,
    Kind,
    Priority,
    Queue,
    QueueCondition,
    QueueState,
    Ref,
    RuleMatch,
    SkillLevel,
    Team,
)
from ticketcore.model.requirement_notation import requirement_from, text_of
from ticketcore.model.requirements import All, HasSkill, InTeam, Requirement
from ticketcore.routing import Routable, ready, route, walk
from ticketcore.stores import MemoryStore

NOTHING = timedelta(0)
FIRST, LAST = (end.replace(tzinfo=UTC) for end in (datetime.min, datetime.max))  # noqa: DTZ901  (it is put right)

driven = pytest.mark.usefixtures("every_driver")


def rule_for(id="r", queue="support", **when):
    return RoutingRule(id, Condition(**when), queue=queue)


def routed(*rules, text="Hello", **inbound):
    config = Configuration(
        rules=rules, skills=["gold"], teams=[Team("support")], queues=[Queue("support"), Queue("vip")]
    )
    return route(config, Routable(Inbound("chat", "shop", "kim", text, **inbound), AT))


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


@driven
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
    assert (event.rule, event.configuration, event.matches) == ("rings", 1, (RuleMatch("rings", ("ring",)),))


@driven
def test_every_decision_on_the_way_is_returned():
    one = desk("ana", rules=[rule_for("greeting", keywords=["hello"])])
    segmentation, routing, placement = say(one, "Hello").decisions
    assert (segmentation.opens, routing.rule, placement.agent) == (True, "greeting", "ana")


@driven
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


TEAMS = ("front", "back", "deep")
QUEUES = {"f1": "front", "f2": "front", "b1": "back", "b2": "back", "d1": "deep"}
WORDS = ("gold", "ring", "gold ring", "退款", "ring!")
counts = st.none() | st.integers(0, 3)
some = lambda items: st.lists(st.sampled_from(items), max_size=2, unique=True)  # noqa: E731  (short, and used once)


@st.composite
def rules(draw):
    """Rules of the desk and of its teams, which lead downwards or stay."""
    found = []
    for i in range(draw(st.integers(0, 8))):
        team = draw(st.sampled_from((None, *TEAMS)))
        below = TEAMS if team is None else TEAMS[TEAMS.index(team) :]
        when = Condition(
            keywords=draw(some(WORDS)),
            channels=draw(some(["chat", "sms"])),
            tags=draw(some(["vip", "new", "ad"])),
            tiers=draw(some(["gold", "silver"])),
            queues=[
                QueueCondition(queue, draw(counts), on_duty_below=draw(counts)) for queue in draw(some(list(QUEUES)))
            ],
        )
        rule = RoutingRule(
            f"r{i}",
            when,
            draw(st.sampled_from([queue for queue, of in QUEUES.items() if of in below])),
            draw(some(["vip", "ring"])),
            draw(st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 3), max_size=2)),
            draw(st.none() | st.sampled_from(Priority)),
            team=team,
            raised=draw(st.integers(-3, 3)),
        )
        found.append(rule)
    return found


def by_hand(rules, text, tags, channel, tier, states):
    """The oracle: every rule is asked about everything, and each word is looked for on its own."""

    def holds(when, tags):
        said = f" {text.replace('!', ' ! ')} "
        return (
            (not when.keywords or matched(when))
            and (not when.channels or channel in when.channels)
            and (not when.tags or set(tags) & set(when.tags))
            and (not when.tiers or tier in when.tiers)
            and all(
                (one.waiting_at_least is None or states[one.queue].waiting >= one.waiting_at_least)
                and (one.on_duty_below is None or states[one.queue].on_duty < one.on_duty_below)
                for one in when.queues
            )
            and said
        )

    def matched(when):
        plain = f" {text} ".replace("!", " ! ")
        shapes = {word: f" {word} ".replace("!", " ! ") for word in WORDS} | {"退款": "退款"}
        return sorted(word for word in when.keywords if shapes[word] in plain)

    queue, needs, priority, applied, team = "f1", {}, None, [], None
    while True:
        rule = next((rule for rule in rules if rule.team == team and holds(rule.when, tags)), None)
        if rule is not None:
            queue, tags = rule.queue, [*tags, *rule.tags]
            for need in rule.skills:
                needs[need.skill] = max(need.level, needs.get(need.skill, 0))
            priority = rule.priority or priority
            if rule.raised:
                priority = sorted((1, (priority or 2) + rule.raised, 4))[1]
            looked = dict.fromkeys(one.queue for one in rule.when.queues)
            applied.append(RuleMatch(rule.id, tuple(matched(rule.when)), tuple(states[one] for one in looked)))
        if QUEUES[queue] == team:
            break
        team = QUEUES[queue]
    return queue, tuple(applied), tuple(sorted(set(tags))), sorted(needs.items()), priority


@given(
    rules(),
    st.lists(st.sampled_from(["gold", "ring", "rings", "退款", "!", "x"]), max_size=5).map(" ".join),
    some(["vip", "ad"]),
    st.sampled_from(["chat", "sms"]),
    st.none() | st.sampled_from(["gold", "silver"]),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=5),
)
def test_the_first_rule_that_applies_wins_for_each_team_on_the_way(rules, text, tags, channel, tier, counts):
    states = {id: QueueState(id, waiting, NOTHING, staff) for id, (waiting, staff) in zip(QUEUES, counts, strict=True)}
    config = Configuration(
        teams=[Team(team) for team in TEAMS],
        queues=[Queue(id, team) for id, team in QUEUES.items()],
        skills=["a", "b"],
        rules=rules,
        default_queue="f1",
    )
    contact = None if tier is None else Contact("c", 1, "", (), tier=tier)
    found = route(config, Routable(Inbound(channel, "shop", "kim", text, tags=tags), AT, contact), states)
    needs = [(need.skill, need.level) for need in found.needs]
    expected = by_hand(rules, text, tags, channel, tier, states)
    assert (found.queue, found.matches, found.tags, needs, found.priority) == expected
    assert found.rule == (found.matches[-1].rule if found.matches else None)


def looks(config, inbound=None, **states):
    """The queues that are asked about, in order, and the routing."""
    going, asked, state = walk(config, Routable(inbound or Inbound("chat", "shop", "kim"), AT), ready(config)), [], None
    while True:
        try:
            look = next(going) if state is None else going.send(state)
        except StopIteration as end:
            return asked, end.value
        asked.append((look.queue, look.counted, look.staff))
        state = states.get(look.queue, QueueState(look.queue, 0, NOTHING, 0))


def busy(id, queue="support", when=None, **bounds):
    return RoutingRule(id, Condition(queues=[QueueCondition(queue, **bounds)], **(when or {})), "other")


def two_queues(*rules):
    return Configuration(queues=[Queue("support"), Queue("other")], rules=rules)


def test_a_queue_is_looked_at_once_and_only_if_it_matters():
    config = two_queues(
        busy("sms", when={"channels": ["sms"]}, waiting_at_least=30),
        busy("long", waiting_at_least=20),
        busy("short", waiting_below=2, on_duty_below=1),
        busy("never", "other", waiting_at_least=1),
    )
    assert looks(config)[0] == [("support", 30, True)]
    assert looks(config)[1].rule == "short"
    asked, _ = looks(config, support=QueueState("support", 5, NOTHING, 1))
    assert asked == [("support", 30, True), ("other", 1, False)]
    assert looks(two_queues(rule_for("all"), busy("late", waiting_at_least=1)))[0] == []
    assert looks(two_queues(busy("word", when={"keywords": ["ring"]}, waiting_at_least=1)))[0] == []


@pytest.mark.parametrize(
    ("bounds", "applies"),
    [
        ({"waiting_at_least": 3}, True),
        ({"waiting_at_least": 4}, False),
        ({"waiting_below": 4}, True),
        ({"waiting_below": 3}, False),
        ({"wait_at_least": HOUR}, True),
        ({"wait_at_least": HOUR + MINUTE}, False),
        ({"wait_below": HOUR + MINUTE}, True),
        ({"wait_below": HOUR}, False),
        ({"on_duty_at_least": 2}, True),
        ({"on_duty_at_least": 3}, False),
        ({"on_duty_below": 3}, True),
        ({"on_duty_below": 2}, False),
        ({"waiting_at_least": 3, "wait_below": HOUR}, False),
    ],
)
def test_every_bound_of_a_queue_must_hold(bounds, applies):
    state = QueueState("support", 3, HOUR, 2)
    found = looks(two_queues(busy("busy", **bounds)), support=state)[1]
    assert found.matches == ((RuleMatch("busy", queues=(state,)),) if applies else ())


@driven
def test_a_desk_counts_who_waits_how_long_and_who_is_on_duty():
    agents = [AgentProfile("ana", capacity=0), AgentProfile("bo", teams=["aside"]), AgentProfile("eve", capacity=0)]
    one = desk(
        *agents,
        teams=[Team("support"), Team("aside")],
        queues=[Queue("support"), Queue("aside", "aside")],
        rules=[
            RoutingRule(
                "aside",
                Condition(queues=[QueueCondition("support", 2, wait_at_least=2 * MINUTE, on_duty_below=2)]),
                "aside",
            ),
        ],
    )
    for i in range(3):
        assert opened(one, sender=f"c{i}", at=AT + i * MINUTE).queue == "support"
    one.handle(SetPresence("eve", ANA, "away"), AT + 2 * MINUTE)
    ticket = opened(one, sender="late", at=AT + 3 * MINUTE)
    assert (ticket.queue, ticket.assignee) == ("aside", "bo")
    event = one.history(Ref(Kind.TICKET, ticket.id))[2].event
    assert event.matches == (RuleMatch("aside", (), (QueueState("support", 2, 3 * MINUTE, 1),)),)


class Counting(MemoryStore):
    """A store that counts what is looked for."""

    def __init__(self):
        super().__init__()
        self.asked = Counter()

    def find(self, tenant, query):
        self.asked[query.kind] += 1
        return super().find(tenant, query)


@driven
def test_no_queue_is_read_where_no_rule_asks():
    asked = []
    for rules in ([rule_for("all")], [busy("long", waiting_at_least=1)]):
        store = Counting()
        one = desk("ana", store=store, queues=[Queue("support"), Queue("other")], rules=rules)
        say(one)
        asked.append(store.asked)
    assert asked[1] - asked[0] == {Kind.TICKET: 1}


def customer(one, tier=None, language=None):
    """A contact who wrote once, as described."""
    ticket = opened(one, sender="kim")
    one.handle(Solve(ticket.id, ANA), AT + MINUTE)
    one.handle(DescribeContact(ticket.contact, ANA, tier, language), AT + MINUTE)
    return ticket.contact


@driven
def test_rules_know_the_tier_and_the_language_of_a_customer():
    rules = [
        rule_for("gold", "vip", tiers=["gold", "platinum"]),
        rule_for("chinese", "vip", languages=["zh", "ja"]),
    ]
    for tier, language, rule in [
        ("gold", "zh-Hant", "gold"),
        ("silver", "zh-Hant", "chinese"),
        (None, "ZH", "chinese"),
        (None, "zho", None),
        ("silver", "de", None),
        (None, None, None),
    ]:
        one = desk("ana", queues=[Queue("support"), Queue("vip")], rules=rules)
        customer(one, tier, language)
        routing = say(one, sender="kim", at=AT + 10 * HOUR).decisions[1]
        assert (routing.rule, tier, language) == (rule, tier, language)


@driven
def test_what_is_said_of_a_contact_is_kept_with_the_name_and_said_once():
    one = desk("ana")
    contact = customer(one, "gold", "de")
    assert one.handle(DescribeContact(contact, ANA, "gold", "de"), AT).events == ()
    (known,) = one.store.load(one.tenant, [Ref(Kind.CONTACT, contact)])
    assert (known.tier, known.language, [alias.address for alias in known.aliases]) == ("gold", "de", ["kim"])
    with pytest.raises(InvalidInput, match=r"DescribeContact.language.*zh_TW"):
        DescribeContact(contact, ANA, language="zh_TW")


OFFICE = Calendar("office", BusinessCalendar("Europe/Berlin", [[0, "09:00", "17:00"]], holidays=["2026-03-09"]))


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-03-02T07:59:59Z", "closed"),
        ("2026-03-02T08:00:00Z", "open"),
        ("2026-03-02T15:59:59Z", "open"),
        ("2026-03-02T16:00:00Z", "closed"),
        ("2026-03-09T12:00:00Z", "closed"),
        ("2026-03-30T07:00:00Z", "open"),
    ],
)
def test_rules_know_open_hours(at, rule):
    rules = [rule_for("open", during="office"), rule_for("closed", outside="office")]
    said = Routable(Inbound("chat", "shop", "kim"), datetime.fromisoformat(at).astimezone(UTC))
    assert route(Configuration(rules=rules, calendars=[OFFICE]), said).rule == rule


@pytest.mark.parametrize(("at", "opened"), [(LAST, True), (FIRST, False)])
def test_hours_at_the_ends_of_time(at, opened):
    hours = BusinessCalendar("UTC", [[at.weekday(), "18:00", "24:00"]])
    assert hours.is_open(at) is opened


def test_the_default_team_routes_on():
    config = Configuration(
        teams=[Team("front"), Team("money"), Team("chinese")],
        queues=[Queue("hall", "front"), Queue("refunds", "money"), Queue("refunds-zh", "chinese")],
        skills=["refunds"],
        default_queue="hall",
        rules=[
            RoutingRule("spam", Condition(keywords=["lottery"]), "hall", ["spam"]),
            RoutingRule("refund", Condition(["refund", "退款"]), "refunds", ["refund"], {"refunds": 1}, team="front"),
            RoutingRule("chinese", Condition(keywords=["退款"], tags=["refund"]), "refunds-zh", raised=1, team="money"),
        ],
    )
    found = route(config, Routable(Inbound("chat", "shop", "kim", "我要退款"), AT))
    assert (found.queue, found.rule, found.priority) == ("refunds-zh", "chinese", Priority.HIGH)
    assert found.matches == (RuleMatch("refund", ("退款",)), RuleMatch("chinese", ("退款",)))
    assert (found.tags, found.needs) == (("refund",), (SkillLevel("refunds"),))
    assert route(config, Routable(Inbound("chat", "shop", "kim", "Hello"), AT)).queue == "hall"


def of_teams(*ways):
    teams = sorted({name for way in ways for name in way})
    return Configuration(
        teams=[Team(team) for team in teams],
        queues=[Queue(f"q{team}", team) for team in teams],
        default_queue=f"q{teams[0]}",
        rules=[RoutingRule(f"{a}{b}", Condition(), f"q{b}", team=a) for a, b in ways],
    )


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=6, unique=True))
def test_teams_route_in_no_circle(ways):
    reached = {a: {b for x, b in ways if x == a and b != a} for a, _ in ways}
    for _ in ways:
        reached = {a: those.union(*(reached.get(b, ()) for b in those)) for a, those in reached.items()}
    if any(a in those for a, those in reached.items()):
        with pytest.raises(InvalidInput) as invalid:
            of_teams(*ways)
        where, _, around = str(invalid.value).partition(": leads in a circle: ")
        circle = around.split(" -> ")
        i = int(where.removeprefix("Configuration.rules[").removesuffix("].queue"))
        assert ways[i] == tuple(circle[:2])
        assert circle[0] == circle[-1]
        assert all(way in ways for way in pairwise(circle))
    else:
        of_teams(*ways)


@pytest.mark.parametrize(
    ("rule", "field", "reason"),
    [
        (rule_for(queue="suport"), "queue", "no queue 'suport' is declared; did you mean 'support'?"),
        (RoutingRule("r", Condition(), team="suport"), "team", "did you mean 'support'?"),
        (RoutingRule("r", Condition(), skills=["glod"]), "skills[0]", "did you mean 'gold'?"),
        (rule_for(during="ofice"), "when.during", "no calendar 'ofice' is declared; did you mean 'office'?"),
        (rule_for(outside="ofice"), "when.outside", "did you mean 'office'?"),
        (rule_for(queues=[QueueCondition("suport")]), "when.queues[0]", "did you mean 'support'?"),
    ],
)
def test_what_is_not_known_is_refused_by_name(rule, field, reason):
    with pytest.raises(InvalidInput) as invalid:
        Configuration(rules=[rule], skills=["gold"], calendars=[OFFICE])
    assert invalid.value.field == f"Configuration.rules[0].{field}"
    assert reason in invalid.value.reason


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Condition(languages=["d!"]), "Condition.languages[0]"),
        (lambda: Condition(queues=[QueueCondition("a"), QueueCondition("a", 1)]), "Condition.queues[1].queue"),
        (lambda: QueueCondition("a", -1), "QueueCondition.waiting_at_least"),
        (lambda: QueueCondition("a", waiting_below=1001), "QueueCondition.waiting_below"),
        (lambda: QueueCondition("a", wait_below=-MINUTE), "QueueCondition.wait_below"),
        (lambda: QueueCondition("a", wait_at_least=5), "QueueCondition.wait_at_least"),
        (lambda: RoutingRule("r", Condition(), raised=4), "RoutingRule.raised"),
    ],
)
def test_what_cannot_be_used_is_refused(make, field):
    with pytest.raises(InvalidInput) as invalid:
        make()
    assert invalid.value.field == field


def test_rules_are_made_ready_once_for_a_configuration_and_for_equal_rules():
    config = two_queues(rule_for("ring", keywords=["ring"]))
    assert ready(config) is ready(config)
    again = Configuration(queues=[Queue("support"), Queue("other")], rules=[rule_for("ring", keywords=["ring"])])
    assert ready(again) is ready(config)
    assert ready(two_queues(rule_for("ring", keywords=["gold"]))) is not ready(config)


@driven
def test_a_desk_may_bring_another_index():
    class Suffixes:
        def __init__(self, keywords):
            self.keywords = list(keywords)

        def find(self, text):
            return {keyword for keyword in self.keywords if text.endswith(keyword)}

    config = Configuration([AgentProfile("ana")], rules=[rule_for("ring", keywords=["ring"])])
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(keywords=Suffixes))
    assert say(one, "start a ring or spring").decisions[1].matches == (RuleMatch("ring", ("ring",)),)
    assert say(one, "ring it", sender="lee").decisions[1].rule is None


NORTH = {"must": {"any": [{"team": "north"}, {"skill": "gold", "level": 3}]}, "prefer": [{"skill": "gold"}]}


def two_districts(*agents, **rule):
    teams, queues = [Team("support"), Team("north"), Team("south")], [Queue("support"), Queue("vip")]
    rules = [RoutingRule("north", Condition(keywords=["north"]), requirement=NORTH, **rule)]
    return desk(*agents, teams=teams, queues=queues, skills=["gold"], rules=rules)


def member(id, *teams, **skills):
    return AgentProfile(id, teams=["support", *teams], skills=skills)


@driven
def test_a_rule_may_ask_for_whom_a_ticket_can_go_to_by_an_expression():
    one = two_districts(member("ana", "south", gold=2), member("bo", "north"), member("cy", "north", gold=1))
    ticket = say(one, "in the north").ticket
    assert (ticket.assignee, ticket.requirement) == ("cy", text_of(NORTH)), "cy is preferred, ana cannot"
    event = one.history(Ref(Kind.TICKET, ticket.id))[2].event
    assert event.requirement == ticket.requirement
    assert say(one, "in the south", sender="lee").ticket.requirement is None
    check_laws(one)


@driven
def test_nobody_else_is_given_what_an_expression_asks_for_until_they_qualify():
    one = two_districts(member("ana", "south", gold=2))
    ticket = say(one, "in the north").ticket
    placement = one.history(Ref(Kind.TICKET, ticket.id))[-2].event.placement
    assert (ticket.assignee, placement.excluded) == (None, (Excluded(Filter.SKILLS, 1),))
    moved = one.handle(Transfer(ticket.id, Actor.bot("host"), "vip"), AT + MINUTE).tickets[0]
    assert (moved.queue, moved.assignee, moved.requirement) == ("vip", None, ticket.requirement)
    (given,) = one.handle(SetTeams("ana", BO, ["support", "north"]), AT + 2 * MINUTE).tickets
    assert (given.id, given.assignee) == (ticket.id, "ana")
    check_laws(one)


@driven
def test_what_rules_ask_for_on_the_way_is_all_asked_for():
    one = desk(
        member("ana", gold=1),
        member("bo", "north"),
        member("cy", "north", gold=1),
        teams=[Team("support"), Team("north")],
        skills=["gold"],
        rules=[
            RoutingRule("first", Condition(), requirement=Requirement(InTeam("north"))),
            RoutingRule("then", Condition(), team="support", requirement={"must": {"skill": "gold"}}),
        ],
    )
    ticket = say(one).ticket
    assert ticket.assignee == "cy"
    assert requirement_from(ticket.requirement) == Requirement(All([InTeam("north"), HasSkill("gold")]))


@pytest.mark.parametrize(
    ("requirement", "field", "reason"),
    [
        ({"must": {"all": [{"team": "suport"}]}}, "must.parts[0].team", "did you mean 'support'?"),
        ({"prefer": [{"not": {"skill": "glod"}}]}, "prefer[0].part.skill", "did you mean 'gold'?"),
        ({"must": {"attribute": "floor", "is": 2}}, "must.attribute", "no attribute 'floor' is declared"),
    ],
)
def test_what_an_expression_names_must_be_known(requirement, field, reason):
    with pytest.raises(InvalidInput) as invalid:
        Configuration(rules=[RoutingRule("r", Condition(), requirement=requirement)], skills=["gold"])
    assert invalid.value.field == f"Configuration.rules[0].requirement.{field}"
    assert reason in invalid.value.reason


@pytest.mark.parametrize(
    ("requirement", "field"),
    [
        ({"must": {"skill": "gold", "level": 11}}, ".must.level"),
        ({"must": {"all": []}}, ".must.all"),
        ({"might": {}}, ".might"),
        ("{", ""),
        ("[" * 100_000, ""),
        (7, ""),
    ],
)
def test_what_is_no_requirement_is_refused(requirement, field):
    with pytest.raises(InvalidInput) as invalid:
        RoutingRule("r", Condition(), requirement=requirement)
    assert invalid.value.field == f"RoutingRule.requirement{field}"
