"""A desk in a file: what is written is read again, every fault has its key and line, and differences are all found."""

import re
import tomllib
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from struct import pack
from zoneinfo import ZoneInfo

import attrs
import pytest
from desks import AT, agent, desk, say
from hypothesis import example, given
from hypothesis import strategies as st
from workflows import variants, workflows

from ticketcore import Actor, AgentProfile, Condition, Configuration, InvalidInput, RoutingRule
from ticketcore.calendar import BusinessCalendar, Holiday
from ticketcore.commands import AddAgent, SetAgentAttributes, SetCapacity, SetPresence, SetSkills, SetTeams
from ticketcore.config import DeskFile, Difference, differences, read_desk, write_desk
from ticketcore.config.durations import read_duration, written_duration
from ticketcore.config.lines import key_lines
from ticketcore.config.notation import key, string
from ticketcore.config.sections import KEYS
from ticketcore.feeds import FeedSettings
from ticketcore.feeds.whatsapp import DateOrder
from ticketcore.model import (
    EMAIL,
    MAX_REOPENS,
    REQUEST,
    Attribute,
    AttributeKind,
    Calendar,
    CapacityProfile,
    Channel,
    Coverage,
    Delay,
    Discipline,
    Distribution,
    Exhausted,
    Goal,
    Metric,
    Misfit,
    Offering,
    OnReopen,
    Presence,
    Priority,
    Queue,
    QueueCondition,
    Rate,
    ReopenRule,
    Signal,
    Skill,
    SlaPolicy,
    Stage,
    Step,
    Team,
    Threading,
    TicketKind,
    TicketType,
    Visibility,
    WorkShift,
)
from ticketcore.model.shifts import WORKDAYS

ROOT = Path(__file__).parents[1]

SHOP = """\
# The desk of a jeweller.
[desk]
tenant = "jeweller"
account = "shop"
default_queue = "counter"
solve_after = "2 days"

[channels.chat]
quiet_gap = "90 min"

[channels.letters]
threading = "reply_ids"
shared_addresses = true

[skills.gold]
name = "Gold and silver"

[skills.pearl]

[teams.front]
name = "Front of house"

[teams.workshop]

[queues]
counter.team = "front"
repairs = {team = "workshop", name = "Repairs"}

[agents.ana]
name = "Ana"
teams = [
  "front",
  "workshop",  # on Tuesdays
]
skills = {gold = 2, pearl = 1}
capacity = 3

[agents."bo b"]
teams = ["front"]
skills = ["pearl"]
weight = 50
presence = "away"

[[rules]]
name = "regulars"
when = {tags = ["vip"], accounts = ["shop"]}
then = {priority = "urgent", queue = "counter"}

[[rules]]
name = "rings"

[rules.when]
keywords = ["ring", '戒指']
channels = ["chat"]
attributes = {source = "Ad"}

[rules.then]
queue = "repairs"
tags = ["ring"]

[rules.then.skills]
gold = 2

[mail]
addresses = ["help@jeweller.example"]

[whatsapp]
zone = "Europe/Berlin"
own_name = "The Jeweller"
dates = "day first"

[[reopening]]
name = "chats"
channels = ["chat"]
types = ["request"]
states = ["solved"]
within = "5 days"
limit = 3
period = "1 day"
otherwise = "new"

[[reopening]]
name = "closed"
states = ["closed"]
then = "follow_up"
"""

READ = DeskFile(
    "jeweller",
    Configuration(
        agents=[
            AgentProfile("ana", "Ana", ["front", "workshop"], {"gold": 2, "pearl": 1}, capacity=3),
            AgentProfile("bo b", "", ["front"], ["pearl"], weight=50, presence=Presence.AWAY),
        ],
        teams=[Team("front", "Front of house"), Team("workshop")],
        queues=[Queue("counter", "front"), Queue("repairs", "workshop", "Repairs")],
        skills=[Skill("gold", "Gold and silver"), Skill("pearl")],
        rules=[
            RoutingRule("regulars", Condition(tags=["vip"], accounts=["shop"]), "counter", priority=Priority.URGENT),
            RoutingRule(
                "rings",
                Condition(keywords=["ring", "戒指"], channels=["chat"], attributes={"source": "Ad"}),
                "repairs",
                ["ring"],
                {"gold": 2},
            ),
        ],
        channels=[
            Channel("chat", quiet_gap=timedelta(minutes=90)),
            Channel("letters", Threading.REPLY_IDS, shared_addresses=True),
        ],
        default_queue="counter",
        solve_after=timedelta(days=2),
        reopening=[
            ReopenRule(
                "chats",
                ["chat"],
                ["request"],
                ["solved"],
                timedelta(days=5),
                None,
                3,
                timedelta(days=1),
                otherwise="new",
            ),
            ReopenRule("closed", states=["closed"], then="follow_up"),
        ],
    ),
    FeedSettings(
        ["help@jeweller.example"], "shop", ZoneInfo("Europe/Berlin"), "The Jeweller", dates=DateOrder.DAY_FIRST
    ),
)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
names = st.sampled_from(["support", "vip", "a.b", "Größe", "x y", "email", "7", "-"]) | words.filter(bool)
labels = st.dictionaries(st.sampled_from(["en", "de", "pt-BR"]), names, max_size=2)
spans = st.timedeltas(timedelta(microseconds=1)) | st.integers(1, 99).map(lambda n: timedelta(hours=n))


def some(items, **how):
    return st.lists(items, max_size=3, **how)


def levels(skills):
    return st.dictionaries(st.sampled_from(skills), st.integers(1, 10), max_size=3) if skills else st.just({})


@st.composite
def attributes(draw):
    """Attributes of a type; those that depend on another one ask for a value that it can have."""
    made = []
    for id in draw(st.lists(names, max_size=4, unique=True)):
        kind = draw(st.sampled_from(AttributeKind))
        options = draw(some(names, unique=True)) if kind is AttributeKind.LIST else ()
        stages, public = some(st.sampled_from(Stage), unique=True), draw(st.booleans())
        plain = [one for one in made if one.options or one.kind in (AttributeKind.BOOLEAN, AttributeKind.INTEGER)]
        asked = [one for one in plain if one.visibility is Visibility.PUBLIC or not public]
        when = [
            (one.id, value)
            for one in draw(some(st.sampled_from(asked), unique_by=id_of) if asked else st.just([]))
            for value in draw(st.lists(st.sampled_from(one.options or VALUES[one.kind]), min_size=1, unique=True))
        ]
        made.append(
            Attribute(
                id,
                kind,
                draw(labels),
                draw(labels) or ("Label" if public else ()),
                "public" if public else "internal",
                options,
                draw(stages),
                draw(stages) if public else (),
                when,
            )
        )
    return made


def id_of(one):
    return one.id


VALUES = {AttributeKind.BOOLEAN: ["true", "false"], AttributeKind.INTEGER: ["0", "-3", "12"]}


@st.composite
def lives(draw):
    """Workflows, in which a state means the same in all, and the types that follow them."""
    ids = draw(st.lists(names | st.just("request"), min_size=1, max_size=3, unique=True))
    made = []
    for i, id in enumerate(ids):
        one = draw(variants(id) | workflows(id, ids=names.map(f"{i} {{}}".format)))
        meanings = {state.id: state.category for other in made for state in other.states}
        if all(meanings.get(state.id, state.category) is state.category for state in one.states):
            made.append(one)
    types = [
        TicketType(
            id,
            draw(words),
            draw(st.sampled_from(made)).id,
            draw(st.sampled_from(TicketKind)) if i else "customer",
            draw(attributes()),
        )
        for i, id in enumerate(draw(st.lists(names, min_size=1, max_size=3, unique=True)))
    ]
    return draw(st.sampled_from([(made, types), ([REQUEST], [TicketType("request")])]))


hours = st.sampled_from(
    [
        BusinessCalendar("Europe/Berlin", "24/7"),
        BusinessCalendar("UTC", [(0, "09:00", "17:00"), (4, "22:00", "06:00")], ["2026-12-25"], "shift"),
        BusinessCalendar(
            "Asia/Kolkata",
            [(1, "09:00", "24:00")],
            [Holiday("2026-01-01", "New", ("09:00", "12:00")), Holiday("2026-05-01", rule="FREQ=YEARLY", excluded=[])],
            overrides={"2026-12-24": [("09:00", "12:00")], "2026-12-31": []},
        ),
    ]
)
some_signals = some(st.sampled_from(Signal), unique=True)


@st.composite
def service_levels(draw, queues, types):
    """Calendars, metrics, and policies that promise of both."""
    calendars = [Calendar(id, draw(hours)) for id in draw(some(names, unique=True))]
    metrics = [
        Metric(
            id,
            draw(some_signals.filter(bool)),
            *(draw(some_signals) for _ in range(4)),
            draw(st.sampled_from([None, "agent_work"])),
            draw(st.sampled_from(OnReopen)),
        )
        for id in draw(some(names, unique=True))
    ]
    known = [*(calendar.id for calendar in calendars), "24/7"]
    measured = [
        "agent_work",
        *draw(some(st.sampled_from([*(one.id for one in metrics), "time_in_queue"]), unique=True)),
    ]

    def step(id):
        offset = draw(spans.map(lambda span: span * draw(st.sampled_from([1, 0, -1]))))
        return Step(id, offset, draw(some(names, unique=True)), draw(st.none() | st.sampled_from(known)))

    def goal(metric):
        targets = draw(st.dictionaries(st.none() | st.sampled_from(Priority), spans, max_size=3))
        steps = [step(id) for id in draw(some(names, unique=True))]
        return Goal(metric, targets, draw(st.sampled_from(known)), steps, draw(st.none() | st.sampled_from(OnReopen)))

    def covered(items):
        return draw(some(st.sampled_from(items), unique=True))

    policies = [
        SlaPolicy(
            id,
            [goal(metric) for metric in measured],
            Coverage(
                draw(some(names, unique=True)),
                covered([one.id for one in types]),
                covered(queues),
                covered(list(Priority)),
                *(draw(some(names, unique=True)) for _ in range(2)),
            ),
            draw(some_signals.filter(lambda signals: Signal.RESPONSE not in signals)),
            draw(words),
        )
        for id in draw(some(names, unique=True))
    ]
    return {"calendars": calendars, "metrics": metrics, "policies": policies}


def requirements(teams, skills):
    """Requirements as plain data."""
    named = [*({"team": team} for team in teams), *({"skill": skill} for skill in skills)]
    leaves = st.sampled_from([{"everybody": True}, *named])
    several = st.lists(leaves, min_size=1, max_size=2)
    trees = st.one_of(leaves, st.fixed_dictionaries({"any": several}), st.fixed_dictionaries({"not": leaves}))
    return st.fixed_dictionaries({"must": trees}, optional={"prefer": several})


wrap_ups = st.sampled_from([None, None, timedelta(0), timedelta(seconds=90)])
offerings = st.builds(
    *(
        Offering,
        spans,
        some(names, unique=True),
        st.sampled_from(Exhausted),
        st.sampled_from(Misfit),
        st.none() | spans,
    ),
    away_after=st.integers(0, 9),
)


@st.composite
def queue_conditions(draw, queues):
    """What is demanded of some of the queues."""
    counts, waits = st.none() | st.integers(0, 1000), st.none() | spans
    return [
        QueueCondition(queue, *(draw(one) for one in (counts, counts, waits, waits, counts, counts)))
        for queue in draw(some(st.sampled_from(queues), unique=True))
    ]


@st.composite
def capacity_profiles(draw, queues):
    units = st.dictionaries(names, st.integers(0, 10_000), max_size=2)
    of_queues = st.dictionaries(st.sampled_from(queues), st.integers(0, 9), max_size=2)
    rates = st.none() | st.builds(Rate, st.integers(1, 200), spans)
    return [
        CapacityProfile(
            id,
            draw(st.integers(0, 9)),
            draw(units),
            draw(units),
            draw(of_queues),
            draw(st.none() | st.integers(0, 9)),
            draw(rates),
            draw(st.just([]) | st.just(["a", "b"])),
            draw(st.just([]) | st.just(["c"])),
        )
        for id in draw(some(names, unique=True))
    ]


def work_shifts(id):
    clocks = st.sampled_from(["06:00", "14:30", "22:00"])
    rules = st.sampled_from([WORKDAYS, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"])
    first = st.sampled_from(["2024-01-01", "2026-03-02"])
    return st.builds(WorkShift, st.just(id), clocks, clocks, st.sampled_from(["UTC", "Asia/Kolkata"]), rules, first)


@st.composite
def configurations(draw):
    teams = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    queues = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    skills = draw(some(names, unique=True))
    distinct = some(names, unique=True)
    profiles = draw(capacity_profiles(queues))
    rota = [draw(work_shifts(id)) for id in draw(some(names, unique=True))]
    agents = [
        AgentProfile(
            id,
            draw(words),
            draw(some(st.sampled_from(teams), unique=True)),
            draw(levels(skills)),
            draw(st.integers(0, 10_000)),
            draw(st.integers(1, 1_000)),
            draw(st.sampled_from(Presence)),
            attributes=draw(st.dictionaries(names, words | st.integers(-9, 9), max_size=2)),
            shifts=draw(some(st.sampled_from(rota).map(lambda shift: shift.id), unique=True)) if rota else (),
            capacity_profile=draw(st.sampled_from([None, *(profile.id for profile in profiles)])),
        )
        for id in draw(distinct)
    ]
    channels = [
        Channel(name, draw(st.sampled_from(Threading)), draw(spans), draw(st.booleans()), draw(wrap_ups))
        for name in draw(distinct)
    ]
    rules = [
        RoutingRule(
            id,
            Condition(
                *(draw(distinct) for _ in range(4)),
                draw(st.dictionaries(names, words, max_size=2)),
                *(draw(distinct) for _ in range(2)),
                draw(st.sampled_from([(), ["de"], ["zh-Hant", "en"]])),
                queues=draw(queue_conditions(queues)),
            ),
            draw(st.sampled_from(queues)),
            draw(distinct),
            draw(levels(skills)),
            draw(st.none() | st.sampled_from(Priority)),
            team=draw(st.none() | st.just(teams[0])) if len(teams) == 1 else None,
            raised=draw(st.integers(-3, 3)),
            requirement=draw(st.none() | requirements(teams, skills)),
        )
        for id in draw(distinct)
    ]
    follow, types = draw(lives())
    return Configuration(
        agents,
        [Team(id, draw(words)) for id in teams],
        [
            Queue(id, draw(st.sampled_from(teams)), draw(words), None, draw(st.none() | offerings), draw(wrap_ups))
            for id in queues
        ],
        [Skill(id, draw(words)) for id in skills],
        rules,
        draw(st.sampled_from([channels, [EMAIL]])),
        draw(st.sampled_from(queues)),
        draw(st.none() | spans),
        types,
        follow,
        reopening=draw(reopenings(types, follow)),
        close_after=draw(st.none() | spans),
        zone=draw(st.sampled_from(["UTC", "Asia/Kolkata"])),
        capacity_profiles=profiles,
        shifts=rota,
        reassign_on=draw(st.sampled_from([["reopen"], [], ["away", "reply", "reopen"]])),
        absence_grace=draw(st.just(timedelta(0)) | spans),
        presence_settles=draw(st.just(timedelta(0)) | spans),
        discipline=draw(st.sampled_from(["priority_fifo", Discipline("score_with_age", timedelta(hours=2))])),
        distribution=draw(st.sampled_from(["round_robin", Distribution("duty_rate", prior=timedelta(hours=1))])),
        **(draw(service_levels(queues, types)) if draw(st.sampled_from([False, False, True])) else {}),
    )


@st.composite
def reopenings(draw, types, workflows):
    """Rules for tickets that are solved or closed."""
    resting = [state.id for one in workflows for state in one.states if state.category in ("solved", "closed")]
    return [
        ReopenRule(
            id,
            draw(some(names, unique=True)),
            draw(some(st.sampled_from([type.id for type in types]), unique=True)),
            draw(some(st.sampled_from(resting), unique=True)) if resting else (),
            draw(st.none() | spans),
            None,
            *draw(st.just((None, None)) | st.tuples(st.integers(1, MAX_REOPENS), spans)),
            draw(st.sampled_from(["reopen", "follow_up", "new"])),
            draw(st.sampled_from(["follow_up", "new"])),
        )
        for id in draw(some(names, unique=True))
    ]


feed_sections = st.builds(
    FeedSettings,
    some(st.sampled_from(["help@jeweller.example", "Größe@x.example", "a+b@x.example"]), unique=True),
    names,
    st.none() | st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]).map(ZoneInfo),
    st.none() | names,
    st.none() | st.sampled_from(DateOrder),
)
files = st.builds(DeskFile, names, st.just(Configuration()) | configurations(), feed_sections)


def refused(text):
    with pytest.raises(InvalidInput) as invalid:
        read_desk(text)
    return invalid.value


# What is written is read again.


def test_a_file_is_read():
    assert read_desk(SHOP) == READ


def test_what_is_not_said_is_as_usual():
    assert read_desk('desk.tenant = "acme"') == DeskFile("acme", Configuration(), FeedSettings())
    usual = read_desk(
        'desk = {tenant = "acme"}\nchannels = {email = {}, chat = {}}\nagents.ana = {}\n[[rules]]\nname = "r"'
    )
    assert usual.configuration == Configuration(
        [AgentProfile("ana")], channels=[EMAIL, Channel("chat")], rules=[RoutingRule("r", Condition())]
    )


def test_what_differs_in_one_key_is_otherwise_as_usual():
    email = read_desk('desk.tenant = "acme"\nchannels.email.quiet_gap = "1h"').configuration.channel("email")
    assert email == attrs.evolve(EMAIL, quiet_gap=timedelta(hours=1))
    assert read_desk('desk = {tenant = "acme", solve_after = "never"}').configuration.solve_after is None
    assert read_desk('desk = {tenant = "acme", close_after = "9h"}').configuration.close_after == timedelta(hours=9)


def test_a_file_may_begin_with_a_byte_order_mark_and_end_its_lines_as_windows_does():
    assert read_desk("\ufeff" + SHOP.replace("\n", "\r\n")) == READ


@given(files)
@example(READ)
@example(DeskFile("t", Configuration(channels=[])))
def test_what_is_written_is_read_again(file):
    text = write_desk(file)
    assert read_desk(text) == file
    assert write_desk(read_desk(text)) == text


def test_the_version_is_the_store_s():
    file = DeskFile("acme", Configuration(version=7))
    assert write_desk(file) == '[desk]\ntenant = "acme"\n'


def test_what_a_file_cannot_say_is_refused():
    twice = Configuration(rules=[RoutingRule("r", Condition(attributes=[("a", "1"), ("a", "2")]))])
    with pytest.raises(InvalidInput, match="two values of one"):
        write_desk(DeskFile("acme", twice))
    utc = b"TZif" + bytes(16) + pack(">6l", 0, 0, 0, 0, 1, 4) + pack(">lbb", 0, 0, 0) + b"UTC\0"
    with pytest.raises(InvalidInput, match="has no name"):
        write_desk(DeskFile("acme", feeds=FeedSettings(zone=ZoneInfo.from_file(BytesIO(utc)))))


# Where it stands.


SCALARS = [
    *("1", "-1.5e3", "true", "inf", "1979-05-27 07:32:00Z", "07:32:00", "0xff  # ] } [x]"),
    *('""', "''", r'"\"#]"', "'\\'", '"= [x] {"', '"""\n[x]\ny = "" \\""" \\\n\\\\"""', "'''\n]}'' '''''"),
    *('""""quoted"""""', '""""""', "''''''"),
]
"""Values, some with what would be a key or an end elsewhere."""


class Page:
    """Makes TOML texts in which every key, ``k1``, and every text in a list that says so, ``n1``, comes once."""

    def __init__(self, draw):
        self.draw = draw
        self.number = count()

    def key(self):
        name = f"k{next(self.number)}"
        return self.draw(st.sampled_from([name, f'"{name}"', f"'{name}'"]))

    def value(self, depth, comment):
        kind = self.draw(st.sampled_from(["scalar", "list", "list", "table"] if depth else ["scalar"]))
        if kind == "table":
            return f"{{{', '.join(self.pair(depth - 1, '') for _ in range(self.times()))}}}"
        if kind == "list":
            items = [self.item(depth) for _ in range(self.times())]
            gap = self.draw(st.sampled_from(["", " ", "\n", "  # ] [x]\n\n"]))
            trailing = self.draw(st.sampled_from(["", ","])) if items else ""
            return f"[{gap}{f'{gap},{gap}'.join(items)}{gap}{trailing}{gap}]"
        scalar = self.draw(st.sampled_from(SCALARS))
        return scalar if comment else scalar.partition("  #")[0]

    def item(self, depth):
        return f'"n{next(self.number)}"' if self.draw(st.booleans()) else self.value(depth - 1, "")

    def pair(self, depth, comment="yes"):
        dot = self.draw(st.sampled_from([".", " . "]))
        keys = dot.join(self.key() for _ in range(self.draw(st.integers(1, 2))))
        return f"{keys} = {self.value(depth, comment)}"

    def pairs(self):
        return [self.pair(2) for _ in range(self.times())]

    def table(self):
        name = self.key()
        if self.draw(st.booleans()):
            return [f"[ {name} . {self.key()} ] # [x]", *self.pairs()]
        lines = []
        for _ in range(1 + self.times()):
            lines += ["", f"[[{name}]]", *self.pairs()]
            if self.draw(st.booleans()):
                lines += [f"  [{name}.{self.key()}]", *self.pairs()]
        return lines

    def times(self):
        return self.draw(st.integers(0, 2))


@st.composite
def pages(draw):
    page = Page(draw)
    lines = ["# k0 = 1", *page.pairs()]
    for _ in range(page.times()):
        lines += page.table()
    return draw(st.sampled_from(["\n", "\r\n"])).join("\n".join(lines).split("\n"))


def every_path(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in items:
        yield (*path, part), item
        yield from every_path(item, (*path, part))


@given(pages())
def test_every_key_has_its_line(text):
    lines = key_lines(text)
    found = dict(every_path(tomllib.loads(text)))
    assert lines.keys() == found.keys()
    for path, value in found.items():
        token = path[-1] if isinstance(path[-1], str) else value
        if re.fullmatch(r"[kn]\d+", str(token)):
            before = re.split(rf"\b{token}\b", text.removeprefix("# k0 = 1"), maxsplit=1)[0]
            assert lines[path] == before.count("\n") + 1, (path, text)


def test_tables_of_an_array_have_the_lines_of_their_headers():
    text = "[[a]]\n[[a]]\nb = 1\n[[a.c]]\n[a.c.d]\n[[a.c]]\n[[a]]\n[[a.c]]\n"
    assert key_lines(text) == {
        ("a",): 1,
        ("a", 0): 1,
        ("a", 1): 2,
        ("a", 1, "b"): 3,
        ("a", 1, "c"): 4,
        ("a", 1, "c", 0): 4,
        ("a", 1, "c", 0, "d"): 5,
        ("a", 1, "c", 1): 6,
        ("a", 2): 7,
        ("a", 2, "c"): 8,
        ("a", 2, "c", 0): 8,
    }


@given(words, words)
def test_keys_and_texts_are_written_as_toml_reads_them(name, text):
    assert tomllib.loads(f"{key(name)} = {string(text)}") == {name: text}


KEYWORDS = "keywords = [\"ring\", '戒指']"
FAULTS = [
    # what to replace, by what, the line, the key and words of the reason
    ("[desk]", "[desk", 2, "TOML", "expected ']' at the end of a table declaration at column 6"),
    ('"jeweller"', '"""', 86, "TOML", "unterminated string at the end"),
    ("capacity = 3", "capacity = 3\ncapacity = 3", 37, "TOML", "cannot overwrite a value"),
    ("capacity = 3", f"capacity = {'9' * 5000}", None, "TOML", "too many digits"),
    ("capacity = 3", f"capacity = {'[' * 5000}", None, "TOML", "nested too deeply"),
    ("[mail]", "[mial]", 64, "mial", "is not known here; did you mean 'mail'?"),
    ("own_name", "name", 69, "whatsapp.name", "did you mean 'own_name'?"),
    ("own_name", '"a\\nb"', 69, 'whatsapp."a\\nb"', "known are zone, own_name, dates"),
    ("capacity = 3", "capcity = 3", 36, "agents.ana.capcity", "did you mean 'capacity'?"),
    ("{tags =", "{tag =", 46, "rules[0].when.tag", "did you mean 'tags'?"),
    ('tenant = "jeweller"', "", 2, "desk.tenant", "is missing"),
    ('"jeweller"', '""', 3, "desk.tenant", "must have 1 to 1000 characters, has 0"),
    ('"jeweller"', "1979-05-27", 3, "desk.tenant", "must be a text, not a date or time"),
    ('"shop"\ndefault', '"\\u0000"\ndefault', 4, "desk.account", "NUL"),
    (
        'queue = "counter"\n',
        'queue = "counter"\nzone = "Europe/Berln"\n',
        6,
        "desk.zone",
        "did you mean 'Europe/Berlin'?",
    ),
    ('queue = "counter"\n', 'queue = "countr"\n', 5, "desk.default_queue", "did you mean 'counter'?"),
    ('"2 days"', '"2 dyas"', 6, "desk.solve_after", "must be a length of time, such as '8h'"),
    ('"2 days"', '"0 s"', 6, "desk.solve_after", "must be longer than nothing"),
    ('"2 days"', "2", 6, "desk.solve_after", "must be a text, not a whole number"),
    ("[channels.chat]", '[channels.""]', 8, 'channels.""', "must have 1 to 1000 characters"),
    ('"90 min"', '"0 min"', 9, "channels.chat.quiet_gap", "must be longer than nothing"),
    ('"reply_ids"', '"reply-ids"', 12, "channels.letters.threading", "did you mean 'reply_ids'?"),
    ("= true", '= "yes"', 13, "channels.letters.shared_addresses", "must be true or false, not a text"),
    ("[skills.gold]", '[skills."a\\u0000"]', 15, 'skills."a\\u0000"', "NUL"),
    ("[skills.pearl]", "[skills]\npearl = 1", 19, "skills.pearl", "must be a table, not a whole number"),
    ('"Front of house"', '"\\u0000"', 21, "teams.front.name", "NUL"),
    ('counter.team = "front"', 'counter.team = "frnt"', 26, "queues.counter.team", "did you mean 'front'?"),
    ('{team = "workshop"', '{team = "shop"', 27, "queues.repairs.team", "did you mean 'workshop'?"),
    ('"workshop",  #', '"wokshop",  #', 33, "agents.ana.teams[1]", "did you mean 'workshop'?"),
    ('"workshop",  #', '"front",  #', 33, "agents.ana.teams[1]", "repeats 'front'"),
    ('"workshop",  #', "1.5,  #", 33, "agents.ana.teams[1]", "must be a text, not a number with a fraction"),
    ("teams = [\n", 'teams = "front"\nx = [\n', 31, "agents.ana.teams", "must be a list of texts, not a text"),
    ('teams = ["front"]', "", 38, 'agents."bo b".teams[0]', "no team 'support' is declared"),
    ("gold = 2, pearl", "silver = 2, pearl", 35, "agents.ana.skills.silver", "no skill 'silver' is declared"),
    ("gold = 2, pearl", "gold = 11, pearl", 35, "agents.ana.skills.gold", "must be from 1 to 10, is 11"),
    (
        "gold = 2, pearl",
        "gold = true, pearl",
        35,
        "agents.ana.skills.gold",
        "must be a whole number, not true or false",
    ),
    ("{gold = 2, pearl = 1}", "1", 35, "agents.ana.skills", "must be a table, not a whole number"),
    ('["pearl"]', '["perl"]', 40, 'agents."bo b".skills.perl', "did you mean 'pearl'?"),
    ('["pearl"]', '["pearl", ""]', 40, 'agents."bo b".skills[1]', "must have 1 to 1000 characters"),
    ('["pearl"]', '["pearl", "pearl"]', 40, 'agents."bo b".skills', "names the skill 'pearl' twice"),
    ("capacity = 3", "capacity = -3", 36, "agents.ana.capacity", "must be from 0 to 10000, is -3"),
    ("capacity = 3", f"capacity = 0x{'f' * 9999}", 36, "agents.ana.capacity", "more digits than"),
    ("weight = 50", "attributes.floor = 2.5", 41, 'agents."bo b".attributes.floor', "must be a text or a whole number"),
    ("[agents.ana]", '[shifts.x]\nstart = "09:00"\nend = "17:00"\n[agents.ana]', 29, "shifts.x.zone", "is missing"),
    ("weight = 50", 'capacity_profile = "x"', 41, 'agents."bo b".capacity_profile', "no profile 'x' is declared"),
    (
        "[agents.ana]",
        "[capacity_profiles.x]\ntotal = -1\n[agents.ana]",
        30,
        "capacity_profiles.x.total",
        "must be from 0 to 10000",
    ),
    (
        "[agents.ana]",
        "[capacity_profiles.x]\nqueue_limits = {y = 1}\n[agents.ana]",
        30,
        "capacity_profiles.x.queue_limits.y",
        "no queue",
    ),
    (
        "[agents.ana]",
        "[capacity_profiles.x]\ncosts.chat = -1\n[agents.ana]",
        30,
        "capacity_profiles.x.costs.chat",
        "from 0 to 10000",
    ),
    (
        "[agents.ana]",
        "[capacity_profiles.x]\nrate.at_most = 1\n[agents.ana]",
        30,
        "capacity_profiles.x.rate.period",
        "is missing",
    ),
    ("weight = 50", "weight = 0", 41, 'agents."bo b".weight', "must be from 1 to 1000"),
    ('"away"', '"a way"', 42, 'agents."bo b".presence', "must be one of available, draining, away, offline, not"),
    ('[[rules]]\nname = "rings"', "[[rules]]", 49, "rules[1].name", "is missing"),
    ('"rings"', '"regulars"', 50, "rules[1].name", "'regulars' is declared twice"),
    ("'戒指'", '""', 53, "rules[1].when.keywords[1]", "must have 1 to 1000 characters"),
    ('"Ad"', "1", 55, "rules[1].when.attributes.source", "must be a text"),
    ('"Ad"', '"\\u0000"', 55, "rules[1].when.attributes.source", "NUL"),
    ("{source", '{""', 55, 'rules[1].when.attributes.""', "must have 1 to 1000 characters"),
    ('queue = "repairs"', 'queue = "repair"', 58, "rules[1].then.queue", "did you mean 'repairs'?"),
    ('["ring"]', '["ring", "ring"]', 59, "rules[1].then.tags[1]", "repeats 'ring'"),
    ("\ngold = 2\n", "\ngodl = 2\n", 62, "rules[1].then.skills.godl", "did you mean 'gold'?"),
    (KEYWORDS, 'during = "office"', 53, "rules[1].when.during", "no calendar 'office' is declared"),
    (KEYWORDS, "outside = 9", 53, "rules[1].when.outside", "must be a text"),
    (KEYWORDS, 'languages = ["de", "zh_TW"]', 53, "rules[1].when.languages[1]", "must be a language tag"),
    (KEYWORDS, "queues = {countr = {}}", 53, "rules[1].when.queues.countr", "did you mean 'counter'?"),
    (KEYWORDS, "queues.counter.waiting_below = -1", 53, "rules[1].when.queues.counter.waiting_below", "from 0 to 1000"),
    (KEYWORDS, "queues.counter.wait_below = '1 dya'", 53, "rules[1].when.queues.counter.wait_below", "length of time"),
    ('tags = ["ring"]', "requirement = 1", 59, "rules[1].then.requirement", "must be a mapping"),
    (
        'tags = ["ring"]',
        'requirement.must = {any = [{skill = "gold"}, {not = {skill = "gohld"}}]}',
        59,
        "rules[1].then.requirement.must.any[1].not.skill",
        "did you mean 'gold'?",
    ),
    (
        'tags = ["ring"]',
        'requirement.prefer = [{at_least = 3, of = [{team = "front"}]}]',
        59,
        "rules[1].then.requirement.prefer[0].at_least",
        "must be from 1 to 1",
    ),
    ('name = "rings"', 'name = "rings"\nteam = "frnt"', 51, "rules[1].team", "did you mean 'front'?"),
    ('tags = ["ring"]', 'type = "reqest"', 59, "rules[1].then.type", "did you mean 'request'?"),
    ('tags = ["ring"]', "raised = 4", 59, "rules[1].then.raised", "must be from -3 to 3, is 4"),
    ('"urgent"', '"uregnt"', 47, "rules[0].then.priority", "did you mean 'urgent'?"),
    ('["help@jeweller.example"]', '[""]', 65, "mail.addresses[0]", "must have 1 to 1000 characters"),
    ("Europe/Berlin", "Europe/Berln", 68, "whatsapp.zone", "did you mean 'Europe/Berlin'?"),
    ("Europe/Berlin", "/etc", 68, "whatsapp.zone", "must be a time zone, such as"),
    ("Europe/Berlin", "Europe", 68, "whatsapp.zone", "must be a time zone, such as"),
    ("Europe/Berlin", "a" * 5000, 68, "whatsapp.zone", "must be a time zone, such as"),
    ('"The Jeweller"', '"\\u0000"', 69, "whatsapp.own_name", "NUL"),
    ('"day first"', '"day"', 70, "whatsapp.dates", "must be one of day first, month first, year first"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "reason"), FAULTS, ids=lambda value: str(value)[:30])
def test_a_fault_has_its_key_its_line_and_its_reason(old, new, line, field, reason):
    assert SHOP.count(old) == 1
    error = refused(SHOP.replace(old, new))
    assert (error.field, error.line) == (field, line), error
    assert reason in error.reason
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "line", "field", "reason"),
    [
        ("", None, "desk.tenant", "is missing"),
        ("desk = 1", 1, "desk", "must be a table"),
        ('rules = "none"', 1, "rules", "must be a list of tables, each begun by [[rules]], not a text"),
        ("[rules.vip]", 1, "rules", "must be a list of tables, each begun by [[rules]], not a table"),
        ("\n\nrules = [\n{name = 'a'},\n1]", 5, "rules[1]", "must be a table"),
        ("desk = {tenant = 't', after_calendar = 'x'}", 1, "desk.after_calendar", "no calendar 'x' is declared"),
        ("[[reopening]]\nwithin = '1h'", 1, "reopening[0].name", "is missing"),
        ("[[reopening]]\nname = 'a'\nlimit = 99\nperiod = '1h'", 3, "reopening[0].limit", "must be from 1 to 20"),
        ("[[reopening]]\nname = 'a'\nlimit = 9", 1, "reopening[0].period", "is missing"),
        ("[[reopening]]\nname = 'a'\nthen = 'stay'", 3, "reopening[0].then", "must be one of reopen, follow_up, new"),
        ("desk.tenant = 't'\n[[reopening]]\nname = 'a'\ntypes = ['x']", 4, "reopening[0].types[0]", "no type 'x'"),
        ("desk.tenant = 't'\n[[reopening]]\nname = 'a'\nstates = ['open']", 4, "reopening[0].states[0]", "neither"),
        (2 * "[[reopening]]\nname = 'a'\n" + "[desk]\ntenant='t'", 4, "reopening[1].name", "is declared twice"),
        ('desk.tenant = "t"\nteams.front = {}', None, "queues.support.team", "no team 'support' is declared"),
        ('desk.tenant = "t"\nqueues = {}', 1, "desk.default_queue", "no queue 'support' is declared"),
        ('desk.tenant = "t"\nagents.ana.skills = ["x"]\nskills.y = {}', 2, "agents.ana.skills.x", "no skill 'x'"),
    ],
)
def test_a_fault_of_a_short_file(text, line, field, reason):
    error = refused(text)
    assert (error.field, error.line) == (field, line), error
    assert reason in error.reason


def reads_or_refuses(text):
    """Reads a text, or is refused in the way that is promised; any other error is one of the test."""
    try:
        return read_desk(text)
    except InvalidInput as error:
        refusal = error
    assert refusal.field
    assert refusal.line is None or 1 <= refusal.line <= text.count("\n") + 1
    return None


@given(st.text() | st.text(st.characters()))
def test_no_text_is_too_strange(text):
    reads_or_refuses(text)


@given(
    st.integers(0, len(SHOP)), st.integers(0, 20), st.text(max_size=5) | st.sampled_from(SCALARS + list("[]{}'\"=."))
)
def test_no_damage_is_too_strange(at, length, instead):
    reads_or_refuses(SHOP[:at] + instead + SHOP[at + length :])


@given(
    st.lists(
        st.tuples(
            st.lists(
                st.sampled_from([*{key for keys in KEYS.values() for key in keys}, "ana"]), min_size=1, max_size=4
            ),
            st.sampled_from([*SCALARS, "{}", "[]", "[{}]", '["a"]', "-1", '"8h"', "{a = 1}", '{a = "b"}', '"UTC"']),
        ),
        max_size=3,
    )
)
def test_no_value_is_too_strange(pairs):
    reads_or_refuses("".join(f"{'.'.join(keys)} = {value}\n" for keys, value in pairs))
    reads_or_refuses("".join(f"[{'.'.join(keys[:-1]) or 'desk'}]\n{keys[-1]} = {value}\n" for keys, value in pairs))


# Lengths of time.


@given(st.timedeltas(timedelta(0)))
@example(timedelta.max)
def test_a_length_of_time_that_is_written_is_read_again(span):
    assert read_duration(written_duration(span), "gap") == span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("8h", timedelta(hours=8)),
        ("2 days", timedelta(days=2)),
        ("90 min", timedelta(minutes=90)),
        ("90m", timedelta(minutes=90)),
        ("1 Day 12 hours", timedelta(hours=36)),
        ("1h30m", timedelta(minutes=90)),
        ("1.5 h", timedelta(minutes=90)),
        ("2w", timedelta(weeks=2)),
        ("0.000001 sec", timedelta(microseconds=1)),
        ("30 s", timedelta(seconds=30)),
    ],
)
def test_lengths_of_time(text, span):
    assert read_duration(text, "gap") == span


@pytest.mark.parametrize(
    "text",
    [
        *("", "8", "h", "8 H h", "-8h", "8  h", " 8h", "8h ", "8h\n", "8h, 3m", "8 months", "٨h", "1_0 h"),
        *("1e3 h", ".5h", "5.h", "0.0000001 s", "9999999999 days", f"{'9' * 5000} s"),
    ],
)
def test_what_is_no_length_of_time(text):
    with pytest.raises(InvalidInput) as invalid:
        read_duration(text, "gap")
    assert invalid.value.field == "gap"


# Where file and store differ.


@pytest.mark.slow
@given(configurations())
def test_a_configuration_does_not_differ_from_itself(configuration):
    assert differences(configuration, configuration) == ()


@pytest.mark.slow
@given(configurations(), st.randoms(use_true_random=False))
def test_neither_versions_count_nor_the_order_of_named_things(configuration, rng):
    def mixed(items):
        return rng.sample(items, len(items))

    other = attrs.evolve(
        configuration,
        agents=[attrs.evolve(one, teams=mixed(one.teams)) for one in mixed(configuration.agents)],
        teams=mixed(configuration.teams),
        queues=mixed(configuration.queues),
        skills=mixed(configuration.skills),
        channels=mixed(configuration.channels),
        rules=[attrs.evolve(rule, tags=mixed(rule.tags)) for rule in configuration.rules],
        calendars=mixed(configuration.calendars),
        metrics=[attrs.evolve(one, stop=mixed(one.stop)) for one in mixed(configuration.metrics)],
        policies=[
            attrs.evolve(one, goals=mixed(one.goals), responses=mixed(one.responses)) for one in configuration.policies
        ],
        types=[configuration.types[0], *mixed(configuration.types[1:])],
        workflows=mixed(
            [attrs.evolve(one, rules=mixed(one.rules), states=mixed(one.states)) for one in configuration.workflows]
        ),
        version=8,
    )
    assert differences(configuration, other) == ()


@pytest.mark.slow
@given(configurations(), configurations())
def test_differences_are_the_same_from_the_other_side(one, other):
    there = [(d.file_value, d.stored_value) for d in differences(one, other)]
    back = [(d.stored_value, d.file_value) for d in differences(other, one)]
    assert sorted(there, key=str) == sorted(back, key=str)
    assert all(value != another for value, another in there)


def reordered(configuration):
    return attrs.evolve(configuration, rules=configuration.rules[::-1])


SHOP_DESK = READ.configuration


def changed(section, i, **fields):
    things = list(getattr(SHOP_DESK, section))
    things[i] = attrs.evolve(things[i], **fields)
    return attrs.evolve(SHOP_DESK, **{section: things})


def when(**fields):
    return changed("rules", 1, when=attrs.evolve(SHOP_DESK.rules[1].when, **fields))


CHANGES = [
    (attrs.evolve(SHOP_DESK, default_queue="repairs"), "desk.default_queue", '"counter"', '"repairs"'),
    (attrs.evolve(SHOP_DESK, solve_after=None), "desk.solve_after", '"2 days"', '"never"'),
    (changed("channels", 0, threading="reply_ids"), "channels.chat.threading", '"quiet_gap"', '"reply_ids"'),
    (changed("channels", 0, quiet_gap=timedelta(1)), "channels.chat.quiet_gap", '"1 hour 30 minutes"', '"1 day"'),
    (changed("channels", 1, shared_addresses=False), "channels.letters.shared_addresses", "true", "false"),
    (
        attrs.evolve(SHOP_DESK, channels=SHOP_DESK.channels[1:]),
        "channels.chat.quiet_gap",
        '"1 hour 30 minutes"',
        '"8 hours"',
    ),
    (changed("skills", 0, name="Gold"), "skills.gold.name", '"Gold and silver"', '"Gold"'),
    (attrs.evolve(SHOP_DESK, skills=[*SHOP_DESK.skills, Skill("ice", "Ice")]), "skills.ice", None, '{name = "Ice"}'),
    (changed("teams", 1, name="Wise"), "teams.workshop.name", '""', '"Wise"'),
    (attrs.evolve(SHOP_DESK, teams=[*SHOP_DESK.teams, Team("x y")]), 'teams."x y"', None, "{}"),
    (changed("queues", 1, team="front"), "queues.repairs.team", '"workshop"', '"front"'),
    (changed("queues", 1, name=""), "queues.repairs.name", '"Repairs"', '""'),
    (changed("agents", 0, name="Anna"), "agents.ana.name", '"Ana"', '"Anna"'),
    (changed("agents", 0, teams=["front"]), "agents.ana.teams", '["front", "workshop"]', '["front"]'),
    (changed("agents", 0, skills=["gold"]), "agents.ana.skills", "{gold = 2, pearl = 1}", "{gold = 1}"),
    (changed("agents", 0, attributes={"floor": 2}), "agents.ana.attributes", "{}", "{floor = 2}"),
    (changed("agents", 0, capacity=5), "agents.ana.capacity", "3", "5"),
    (changed("agents", 1, weight=100), 'agents."bo b".weight', "50", "100"),
    (changed("agents", 1, presence="offline"), 'agents."bo b".presence', '"away"', '"offline"'),
    (attrs.evolve(SHOP_DESK, agents=SHOP_DESK.agents[1:]), "agents.ana", ..., None),
    (changed("rules", 1, queue="counter"), "rules[1].then.queue", '"repairs"', '"counter"'),
    (changed("rules", 1, tags=[]), "rules[1].then.tags", '["ring"]', "[]"),
    (changed("rules", 1, skills=[]), "rules[1].then.skills", "{gold = 2}", "{}"),
    (changed("rules", 1, priority=1), "rules[1].then.priority", None, '"low"'),
    (when(keywords=["ring"]), "rules[1].when.keywords", '["ring", "戒指"]', '["ring"]'),
    (when(channels=[]), "rules[1].when.channels", '["chat"]', "[]"),
    (when(accounts=["shop"]), "rules[1].when.accounts", "[]", '["shop"]'),
    (when(tags=["vip"]), "rules[1].when.tags", "[]", '["vip"]'),
    (when(attributes={}), "rules[1].when.attributes", '{source = "Ad"}', "{}"),
    (when(tiers=["gold"]), "rules[1].when.tiers", "[]", '["gold"]'),
    (when(languages=["de"]), "rules[1].when.languages", "[]", '["de"]'),
    (
        when(queues=[QueueCondition("counter", 5, wait_below=timedelta(hours=1))]),
        "rules[1].when.queues",
        "{}",
        '{counter = {waiting_at_least = 5, wait_below = "1 hour"}}',
    ),
    (changed("rules", 1, team="front"), "rules[1].team", None, '"front"'),
    (
        changed("rules", 1, requirement={"must": {"team": "front"}}),
        "rules[1].then.requirement",
        None,
        '{must = {team = "front"}}',
    ),
    (changed("rules", 1, raised=-1), "rules[1].then.raised", "0", "-1"),
    (attrs.evolve(SHOP_DESK, rules=SHOP_DESK.rules[:1]), "rules[1]", ..., None),
    (reordered(SHOP_DESK), "rules", '["regulars", "rings"]', '["rings", "regulars"]'),
]


def test_teams_that_route_in_a_circle_are_told_where_the_file_has_it():
    desk = "[desk]\ntenant = 't'\ndefault_queue = 'q'\n"
    queues = f"{desk}[teams]\na = {{}}\nb = {{}}\n[queues]\nq.team = 'a'\nr.team = 'b'\n"
    rules = [f"[[rules]]\nname = '{a}'\nteam = '{a}'\nthen.queue = '{q}'\n" for a, q in (("b", "q"), ("a", "r"))]
    error = refused(queues + "".join(rules))
    assert (error.field, error.reason) == ("rules[0].then.queue", "leads in a circle: b -> a -> b")
    assert error.line == 13


def test_hours_of_rules_are_written_as_they_are_read():
    office = Calendar("office", BusinessCalendar("UTC", "24/7"))
    rules = [RoutingRule("open", Condition(during="office")), RoutingRule("closed", Condition(outside="office"))]
    file = DeskFile("t", Configuration(rules=rules, calendars=[office]))
    assert read_desk(write_desk(file)) == file
    assert 'when = {during = "office"}' in write_desk(file)


@pytest.mark.parametrize(("stored", "path", "ours", "theirs"), CHANGES, ids=lambda value: str(value)[:30])
def test_each_change_is_one_difference(stored, path, ours, theirs):
    (found,) = differences(SHOP_DESK, stored)
    assert (found.path, found.stored_value) == (path, theirs)
    assert found.file_value == ours or (ours is ... and found.file_value)


def test_a_rule_that_only_the_store_has_is_where_it_stands_there():
    new = RoutingRule("new", Condition(), "repairs")
    stored = attrs.evolve(SHOP_DESK, rules=[new, *SHOP_DESK.rules])
    assert differences(SHOP_DESK, stored) == (
        Difference("rules[0]", None, '{name = "new", then = {queue = "repairs"}}'),
    )


def test_a_channel_declared_as_it_is_anyway_is_no_difference():
    assert differences(Configuration(channels=[]), Configuration(channels=[EMAIL, Channel("chat")])) == ()


def test_what_was_changed_at_work_differs_from_the_file():
    config = Configuration(
        [AgentProfile("ana", "Ana", skills={"gold": 2}), AgentProfile("bo"), AgentProfile("eve")],
        teams=[Team("support"), Team("field")],
        skills=["gold"],
        agent_attributes=["floor"],
    )
    declared = {"teams": config.teams, "skills": config.skills, "agent_attributes": config.agent_attributes}
    one, chief = desk(*config.agents, **declared), Actor.agent("eve")
    say(one)
    for command in (
        SetSkills("ana", chief, {"gold": 3}),
        SetTeams("bo", chief, ["field"]),
        SetCapacity("bo", chief, 9),
        SetAgentAttributes("bo", chief, {"floor": 2}),
        SetPresence("eve", chief, "away"),
        AddAgent(AgentProfile("kim", capacity=2), chief),
    ):
        one.handle(command, AT)
    agents = [agent(one, id) for id in ("ana", "bo", "eve", "kim")]
    assert differences(config, config) == ()
    assert differences(config, config, agents) == (
        Difference("agents.ana.skills", "{gold = 2}", "{gold = 3}"),
        Difference("agents.bo.teams", '["support"]', '["field"]'),
        Difference("agents.bo.capacity", "5", "9"),
        Difference("agents.bo.attributes", "{}", "{floor = 2}"),
        Difference("agents.kim", None, "{capacity = 2}"),
    )
    assert (
        differences(attrs.evolve(config, agents=[*config.agents, AgentProfile("kim", capacity=2)]), config, agents[2:])
        == ()
    )


PROMISE = """\
desk.tenant = "acme"

[calendars.office]
tz = "Europe/Berlin"
weekly = [[0, "09:00", "17:00"]]
holidays = ["2026-12-25", {date = "2027-05-01", name = "May"}]
overrides = {"2026-12-24" = [["09:00", "12:00"]]}

[metrics.typing]
start = ["customer_message"]
stop = ["response", "solved"]

[sla.gold]
when = {tags = ["vip"], priorities = ["urgent"]}
responses = ["agent_message", "note"]

[sla.gold.goals.first_response]
target = "4h"
targets = {urgent = "1h"}
calendar = "office"
steps = {soon = {before = "30 min", notify = ["lead"], hours = "office"}, missed = {notify = ["boss"]}}

[sla.gold.goals.typing]
on_reopen = "new_cycle"

[sla.rest]
"""


def test_service_levels_are_read():
    read = read_desk(PROMISE).configuration
    hour = timedelta(hours=1)
    days = [(0, "09:00", "17:00")]
    closed, short = ["2026-12-25", Holiday("2027-05-01", "May")], {"2026-12-24": [("09:00", "12:00")]}
    assert read.calendars == (Calendar("office", BusinessCalendar("Europe/Berlin", days, closed, overrides=short)),)
    assert read.metrics == (Metric("typing", ["customer_message"], ["response", "solved"]),)
    steps = [Step("soon", -hour / 2, ["lead"], "office"), Step("missed", notify=["boss"])]
    goals = [
        Goal("first_response", {None: 4 * hour, Priority.URGENT: hour}, "office", steps),
        Goal("typing", on_reopen="new_cycle"),
    ]
    covered = Coverage(tags=["vip"], priorities=[Priority.URGENT])
    assert read.policies == (SlaPolicy("gold", goals, covered, ["agent_message", "note"]), SlaPolicy("rest", []))


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "reason"),
    [
        ('"17:00"', '"25:00"', 5, "calendars.office.weekly[0].end", "must be a time from 00:00 to 24:00, not '25:00'"),
        ("Europe/Berlin", "Berlin", 4, "calendars.office.tz", "no time zone 'Berlin' is known"),
        ('tz = "Europe/Berlin"\n', "", 3, "calendars.office.tz", "is missing"),
        ('"12:00"', '"noon"', 7, "calendars.office.overrides.2026-12-24[0].end", "must be a time"),
        ('"solved"', '"sold"', 11, "metrics.typing.stop[1]", "must be one of"),
        ('start = ["customer_message"]\n', "", 9, "metrics.typing.start", "is missing"),
        ('"urgent"]', '"fast"]', 14, "sla.gold.when.priorities[0]", "must be one of low, normal, high, urgent"),
        ('"note"', '"response"', 15, "sla.gold.responses", "cannot name 'response' itself"),
        ('"4h"', '"0h"', 18, "sla.gold.goals.first_response.target", "must be longer than nothing"),
        ("urgent =", "fast =", 19, "sla.gold.goals.first_response.targets.fast", "must be one of low"),
        ('calendar = "office"', 'calendar = "offic"', 20, "sla.gold.goals.first_response.calendar", "no calendar"),
        ('hours = "office"', 'hours = "of"', 21, "sla.gold.goals.first_response.steps.soon.hours", "no calendar 'of'"),
        (
            'before = "30 min"',
            'before = "1h", after = "1h"',
            21,
            "sla.gold.goals.first_response.steps.soon.after",
            "can",
        ),
        ("goals.typing", "goals.typng", 23, "sla.gold.goals.typng", "no metric 'typng' is declared; did you mean"),
        ('"new_cycle"', '"anew"', 24, "sla.gold.goals.typing.on_reopen", "must be one of continue, new_cycle, ignore"),
        ("[sla.rest]", "[sla.rest]\nwhen.queues = ['x']", 27, "sla.rest.when.queues[0]", "no queue 'x' is declared"),
    ],
)
def test_a_fault_of_service_levels_has_its_key_its_line_and_its_reason(old, new, line, field, reason):
    assert old in PROMISE
    fault = refused(PROMISE.replace(old, new, 1))
    assert (fault.line, fault.field) == (line, field)
    assert fault.reason.startswith(reason)


def test_differences_of_service_levels():
    ours, theirs = read_desk(PROMISE).configuration, read_desk(PROMISE.replace('"4h"', '"5h"')).configuration
    first = ("sla.gold.goals.first_response.target", '"4 hours"', '"5 hours"')
    assert differences(ours, theirs) == (Difference(*first),)
    turned = attrs.evolve(ours, policies=ours.policies[::-1])
    assert differences(ours, turned) == (Difference("sla", '["gold", "rest"]', '["rest", "gold"]'),)
    without = attrs.evolve(ours, policies=ours.policies[:1])
    assert differences(ours, without) == (Difference("sla.rest", "{}", None),)


# How queues offer.

OFFERS = """\
[desk]
tenant = "jeweller"

[calendars.office]
tz = "UTC"
weekly = "24/7"

[queues.support]
team = "support"

[queues.support.offering]
within = "2m"
calendar = "office"
reasons = ["busy"]
exhausted = "ask_again"
misfit = "keep"
"""


def test_how_a_queue_offers_is_read_and_written():
    file = read_desk(OFFERS)
    (queue,) = file.configuration.queues
    assert queue.offering == Offering(Delay(timedelta(minutes=2), "office"), ["busy"], "ask_again", "keep")
    assert read_desk(write_desk(file)) == file
    other = attrs.evolve(file.configuration, queues=[Queue("support")])
    (found,) = differences(file.configuration, other)
    assert (found.path, found.stored_value) == ("queues.support.offering", None)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "reason"),
    [
        ('within = "2m"\n', "", 11, "within", "is missing"),
        ('within = "2m"', 'within = "0s"', 12, "within", "must be longer than nothing, is 0:00:00"),
        ('["busy"]', '["busy", ""]', 14, "reasons[1]", "must have 1 to 1000 characters, has 0"),
        ('"keep"', '"drop"', 16, "misfit", "must be one of rescind, keep, not 'drop'"),
        ('calendar = "office"', 'calendar = "moon"', 11, "", "no calendar 'moon' is declared"),
    ],
)
def test_a_mistake_in_an_offering_is_named(right, wrong, line, field, reason):
    with pytest.raises(InvalidInput) as error:
        read_desk(OFFERS.replace(right, wrong))
    path = ".".join(filter(None, ("queues.support.offering", field)))
    assert (error.value.line, error.value.field, error.value.reason) == (line, path, reason)


# The page of reference.

PAGE = (ROOT / "docs" / "reference" / "desk-toml.md").read_text(encoding="utf-8")


def told(page):
    """The keys that a page explains, by table: what it says in the column of the default."""
    tables, keys = {"": {}}, {}
    for line in page.splitlines():
        if head := re.match(r"#+ (?:`\[+([^\]]+)\]+`|The file)", line):
            keys = tables.setdefault(head[1] or "", {})
        elif row := re.match(r"\| `([a-z_]+)` \| [^|]+ \| ([^|]*) \|", line):
            keys[row[1]] = row[2]
    return tables


def test_the_page_has_every_key_and_no_other():
    assert {table: sorted(keys) for table, keys in told(PAGE).items()} == {
        table: sorted(keys) for table, keys in KEYS.items()
    }


DEFAULTS = [
    (table, key, default.strip("`"))
    for table, keys in told(PAGE).items()
    for key, default in keys.items()
    if table and default.startswith("`")
]


@pytest.mark.parametrize(("table", "key", "default"), DEFAULTS)
def test_the_page_has_the_defaults(table, key, default):
    promise = {"METRIC": "first_response", "STEP": "soon"}
    desk, rule = "[desk]\ntenant = 't'\n", "[[rules]]\nname = 'r'\n"
    for name, one in {
        "ID": "support",
        "NAME": "chat",
        "STATE": "open",
        "MOVE": "hold",
        "ATTRIBUTE": "size",
        **promise,
    }.items():
        table = table.replace(name, one)
    head, life = f"[{table}]\n", "[workflows.support]\nbased_on = 'request'\n"
    opening = "overrides.2026-12-24 = [['09:00', '12:00']]\n" if key == "weekly" else "weekly = '24/7'\n"
    edit = "drop_tiers" if key == "raised" else "raised"
    without = {
        "desk": desk,
        "rules": desk + rule,
        "keys": f"{desk}{head}file = 'keys.toml'\n",
        "reopening": desk + "[[reopening]]\nname = 'r'\n",
        "rules.when": desk + rule + head,
        "rules.then": desk + rule + head,
        "types.support": f"{desk}{life}{head}",
        "types.support.attributes.size": f"{desk}[types.support]\nworkflow = 'request'\n{head}",
        "workflows.support": desk + life,
        "calendars.support": f"{desk}{head}tz = 'UTC'\n{opening}",
        "queues.support.offering": f"{desk}{head}within = '2m'\n",
        "shifts.support": f"{desk}{head}start = '09:00'\nend = '17:00'\nzone = 'UTC'\n",
        "metrics.support": f"{desk}{head}start = ['opened']\n",
        "sla.support.goals.first_response.steps.soon": f"{desk}{head}",
        "affinities.support": f"{desk}{head}to = 'owner'\n",
        "escalations.support.steps.soon": f"{desk}{head}after = '1h'\n{edit} = 1\n",
        "workflows.support.states.open": desk + life + head,
        "workflows.support.moves.open.hold": f"{desk}{life}{head}to = 'on_hold'\n",
    }.get(table, desk + head)
    assert read_desk(f"{without}{key} = {default}\n") == read_desk(without)
