"""Imports: every fact once, in its time, and the same whatever interrupts it."""

import json
import os
import random
import signal

import attrs
import pytest
from desks import AT, DAY, MINUTE, check_laws, check_whole, everything, kinds

from ticketcore import AgentProfile, Configuration, Desk
from ticketcore.events import StateChanged
from ticketcore.feeds import JsonLines
from ticketcore.feeds.facts import Rejection, Remark
from ticketcore.importing import Import
from ticketcore.model import Attribute, Kind, Queue, Ref, Relation, TicketType
from ticketcore.ports import Query
from ticketcore.shell import content_id
from ticketcore.stores import MemoryStore, SqliteStore
from ticketcore.turns.ticking import TIMERS

AGENTS = [AgentProfile(name, capacity=5, skills={"gold": 1}) for name in ("ana", "bo")]
CONFIG = Configuration(agents=AGENTS, skills=["gold"])
KIM = {"channel": "chat", "account": "shop", "contact": "kim"}


def fact(kind, minutes=0, **more):
    return {"at": (AT + minutes * MINUTE).isoformat(), "fact": kind, **more}


def message(text, minutes=0, sender="kim", **more):
    return fact("message", minutes, **{"channel": "chat", "account": "shop", "sender": sender, "text": text, **more})


def a_desk(store):
    return Desk(store, tenant="acme", config=CONFIG, ids=content_id)


def taken(lines, tmp_path, store=None, **how):
    """The desk after an import of these lines, and what it came to."""
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    one = a_desk(store or MemoryStore())
    feed = Import(one, **how)
    for item in JsonLines(path).facts():
        feed.take(item)
    return one, feed.summary


def counted(summary):
    return (summary.read, summary.stored, summary.duplicates, len(summary.rejected))


STORY = [
    message("Is the ring ready?", 0, id="m1"),
    fact("reply", 5, about=KIM, text="Which one?", then="pend", id="r1"),
    message("The gold one", 20, id="m2", answers=["r1"]),
    message("And thanks!", 21),
    fact("note", 22, about={"number": 1}, text="A regular"),
    fact("tags", 23, about={"channel": "chat", "account": "shop", "answers": "m2"}, add=["vip"]),
    fact("focus", 24, about={"number": 1}, agent="bo", open=True),
    fact("focus", 30, about={"number": 1}, agent="bo", open=False),
    fact("presence", 31, agent="bo", presence="away"),
    fact("skills", 32, agent="bo", skills={"gold": 3}),
    fact("resolve", 40, about=KIM),
    message("Hello?", 50, sender="lee"),
]


def test_a_story_comes_to_what_it_tells(tmp_path):
    one, summary = taken(STORY, tmp_path)
    assert counted(summary) == (12, 12, 0, 0)
    assert summary.tickets == 2
    first, second = one.tickets().tickets
    assert (first.state, first.tags, first.assignee) == ("solved", ("vip",), "ana")
    assert second.assignee == "ana", "bo is away"
    assert kinds(one, Ref(Kind.TICKET, first.id))[-3:] == ["Focused", "FocusLeft", "StateChanged"]
    assert one.store.claim("acme", ["message"], AT + DAY, AT + DAY, 9) == (), "what was sent is owed to nobody"
    check_laws(one)
    check_whole(one)


def test_a_second_import_adds_nothing_and_says_so(tmp_path):
    store = MemoryStore()
    taken(STORY, tmp_path, store)
    before = store.events("acme")
    _, again = taken(STORY, tmp_path, store)
    assert counted(again) == (12, 0, 12, 0)
    assert store.events("acme") == before


def test_a_longer_feed_adds_what_is_new(tmp_path):
    store = MemoryStore()
    taken(STORY[:7], tmp_path, store)
    _, summary = taken(STORY, tmp_path, store)
    assert counted(summary) == (12, 5, 7, 0)
    whole, _ = taken(STORY, tmp_path)
    assert [(item.stream, item.version, item.event) for item in store.events("acme")] == [
        (item.stream, item.version, item.event) for item in whole.store.events("acme")
    ]


MAIL = {"channel": "email", "account": "shop"}
TIES = [
    message("My ring", 0, id="m1", **MAIL),
    message("The ring again", 1, id="m2", **MAIL),
    message("And my invoice is wrong", 2, id="m3", answers=["m1"], **MAIL),
    fact("merge", 10, about={"number": 2}, into={"number": 1}, agent="bo"),
    fact("split", 11, **MAIL, messages=["m3"], clocks="inherited"),
    fact("link", 12, about={"number": 3}, relation="child_of", other={**MAIL, "answers": "m2"}),
    fact("organisation", 13, organisation="acme", name="Acme Rings"),
    fact("member", 14, **MAIL, contact="kim", organisation="acme"),
    fact("attributes", 15, about={"number": 3}, values={"order": "A-1"}, agent="bo"),
    fact("hand_over", 16, about={"number": 3}, queue="money", type="claim", note="Hers", values={"why": "late"}),
    fact("unlink", 20, about={"number": 3}, relation="child_of", other={"number": 1}),
    fact("unmerge", 21, about={**MAIL, "answers": "m2"}),
    fact("unsplit", 22, about={"number": 3}),
]


def tied(lines, tmp_path, store=None):
    """The desk after an import of these lines, with a queue and a type for what is handed over."""
    fields = [Attribute("order", "order"), Attribute("why")]
    config = attrs.evolve(
        CONFIG,
        queues=[Queue("support"), Queue("money")],
        types=[TicketType("request", attributes=fields), TicketType("claim", attributes=fields)],
    )
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    one = Desk(store or MemoryStore(), tenant="acme", config=config, ids=content_id)
    feed = Import(one)
    for item in JsonLines(path).facts():
        feed.take(item)
    return one, feed.summary


def test_a_feed_merges_splits_and_links_and_undoes_it(tmp_path):
    one, summary = tied(TIES[:10], tmp_path)
    assert (counted(summary), summary.rejected) == ((10, 10, 0, 0), [])
    first, second, third = one.tickets().tickets
    assert second.merged_into == first.id
    assert third.linked(Relation.SPLIT_FROM) == third.linked(Relation.CHILD_OF) == (first.id,)
    assert (third.queue, third.type, {value.attribute for value in third.attributes}) == (
        "money",
        "claim",
        {"order", "why"},
    )
    assert one.customer_view(first.id).organisation == "Acme Rings"
    done = [(type(item.event).__name__, item.event.actor.id) for item in one.store.events("acme")]
    assert {("TicketMerged", "bo"), ("TicketSplit", "feed")} <= set(done)
    assert {who for what, who in done if what == "HandedOver"} <= {"ana", "bo"}
    check_laws(one)
    one, summary = tied(TIES, tmp_path)
    assert (counted(summary), summary.rejected) == ((13, 13, 0, 0), [])
    first, second, third = one.tickets().tickets
    assert (second.merged_into, third.merged_into, third.linked(Relation.CHILD_OF)) == (None, first.id, ())
    check_laws(one)
    store = MemoryStore()
    tied(TIES, tmp_path, store)
    assert counted(tied(TIES, tmp_path, store)[1]) == (13, 0, 13, 0)


PERSON = {"channel": "email", "account": "shop"}
PEOPLE = [
    message("My ring", 0, id="m1", sender="kim@home.example", **PERSON),
    message("My ring again", 1, id="m2", sender="kim@work.example", **PERSON),
    message("Let me in", 2, id="m3", sender="kim@home.example", authenticated=False, answers=["m1"], **PERSON),
    message("And me", 3, id="m4", sender="kim@home.example", authenticated=False, **PERSON),
    fact("merge_contacts", 10, **PERSON, contact="kim@home.example", into={**PERSON, "contact": "kim@work.example"}),
    fact("quarantine", 11, **PERSON, message="m3", accept=True, anew=True, agent="bo"),
    fact("quarantine", 12, **PERSON, message="m4", accept=True, about={"number": 2}),
    fact("delete", 13, about={"number": 1}, cause="asked", agent="bo"),
    fact("unmerge_contacts", 14, **PERSON, contact="kim@home.example", agent="bo"),
]


def test_a_feed_unites_and_parts_people_says_where_messages_go_and_deletes(tmp_path):
    one, summary = tied(PEOPLE[:8], tmp_path)
    assert (counted(summary), summary.rejected) == ((8, 8, 0, 0), [])
    assert [
        (ticket.number, ticket.state) for ticket in one.tickets(contact=one.tickets().tickets[0].contact).tickets
    ] == [
        (1, "deleted"),
        (2, "open"),
        (3, "open"),
    ]
    second = one.tickets(number=2).tickets[0]
    words = [text.words for text in everything(one, Kind.TEXT)]
    assert sorted(words) == ["And me", "Let me in", "My ring again"]
    assert len(one.find(Query(Kind.MESSAGE, {"ticket": second.id})).values) == 2
    check_laws(one)
    store = MemoryStore()
    one, summary = tied(PEOPLE, tmp_path, store)
    assert (counted(summary), summary.rejected) == ((9, 9, 0, 0), [])
    assert len(one.tickets(contact=second.contact).tickets) == 1
    assert counted(tied(PEOPLE, tmp_path, store)[1]) == (9, 0, 9, 0)
    check_laws(one)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (fact("delete", 60, about={"number": 9}, cause="asked"), "about"),
        (fact("delete", 60, about={"number": 1}, cause="whim"), "cause"),
        (
            fact("merge_contacts", 60, **PERSON, contact="max", into={**PERSON, "contact": "kim@home.example"}),
            "contact",
        ),
        (fact("merge_contacts", 60, **PERSON, contact="kim@home.example", into={**PERSON, "contact": "max"}), "into"),
        (fact("merge_contacts", 60, **PERSON, contact="kim@home.example", into={**PERSON}), "into.contact"),
        (fact("unmerge_contacts", 60, **PERSON, contact="kim@home.example"), "fact"),
        (fact("quarantine", 60, **PERSON, message="m3", accept=False, anew=True), "anew"),
        (fact("quarantine", 60, **PERSON, message="m3", accept=True, anew=True, about={"number": 1}), "anew"),
        (fact("quarantine", 60, **PERSON, message="m3", accept=False, about={"number": 1}), "about"),
        (fact("quarantine", 60, **PERSON, message="m3", accept=True, about={"number": 9}), "about"),
    ],
)
def test_what_cannot_be_of_people_is_rejected_by_line(tmp_path, line, field):
    _, summary = tied([*PEOPLE[:4], line], tmp_path)
    assert [(one.line, one.field) for one in summary.rejected] == [(5, field)]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (fact("split", 60, **MAIL, messages=["m3", "m9"]), "messages[1]"),
        (fact("split", 60, **MAIL, messages=["m2"]), "fact"),
        (fact("member", 60, **MAIL, contact="nobody", organisation="acme"), "contact"),
        (fact("merge", 60, about={"number": 1}, into={"number": 9}), "about"),
        (fact("unmerge", 60, about={"number": 1}), "fact"),
        (fact("attributes", 60, about={"number": 1}, values={"colour": "red"}), "values['colour']"),
        (fact("hand_over", 60, about={"number": 1}, queue="nowhere"), "queue"),
        (fact("link", 60, about={"number": 1}, relation="child_of", other={"number": 1}), "fact"),
    ],
)
def test_what_cannot_be_between_tickets_is_rejected_by_line(tmp_path, line, field):
    _, summary = tied([*TIES[:3], line], tmp_path)
    assert [(one.line, one.field) for one in summary.rejected] == [(4, field)]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (fact("resolve", 60, about={"number": 99}), "about"),
        (fact("resolve", 60, about={**KIM, "contact": "nobody"}), "about"),
        (fact("tags", 60, about={"channel": "chat", "account": "shop", "answers": "x"}, add=["a"]), "about"),
        (fact("presence", 60, agent="eve", presence="away"), "agent"),
        (fact("reply", 60, about=KIM, text=""), "fact"),
        (fact("skills", 60, agent="bo", skills={"chess": 1}), "skills"),
    ],
)
def test_what_cannot_be_is_rejected_by_line_and_the_rest_goes_on(tmp_path, line, field):
    store = MemoryStore()
    one, summary = taken([*STORY, line, message("Still there", 61, sender="max")], tmp_path, store)
    (rejected,) = summary.rejected
    assert (rejected.line, rejected.field) == (13, field)
    assert rejected.reason
    assert len(one.tickets().tickets) == 3
    _, again = taken([*STORY, line], tmp_path, store)
    assert counted(again) == (13, 0, 13, 0), "what was rejected once stays so"


@pytest.mark.parametrize(("then", "state"), [("pend", "pending"), ("hold", "on_hold"), ("solve", "solved")])
def test_a_reply_may_say_what_is_so_already(tmp_path, then, state):
    replies = [fact("reply", 5 + i, about=KIM, text="Done.", then=then, id=f"r{i}") for i in range(2)]
    desk, summary = taken([message("My ring broke", id="m1"), *replies], tmp_path)
    assert (summary.rejected, summary.stored) == ([], 3)
    [ticket] = everything(desk, Kind.TICKET)
    assert ticket.state == state
    assert len(everything(desk, Kind.MESSAGE)) == 3


def test_a_reply_is_kept_also_where_what_should_follow_is_refused(tmp_path):
    odd = fact("reply", 60, about=KIM, text="And?", then="pend")
    one, summary = taken([*STORY, odd], tmp_path)
    assert (summary.stored, summary.rejected) == (13, [])
    (remark,) = summary.remarks
    assert (remark.line, remark.field, remark.reason) == (13, "then", "no_such_move (pend from solved)")
    assert one.tickets().tickets[0].state == "solved"


def test_who_answers_a_ticket_that_nobody_has_has_it(tmp_path):
    lines = [
        fact("presence", 0, agent="ana", presence="offline"),
        fact("presence", 0, agent="bo", presence="offline"),
        message("My ring broke", 1, id="m1"),
        fact("reply", 5, about=KIM, text="Bring it.", agent="bo"),
        message("Mine too", 6, sender="lee", id="m2"),
        fact("reply", 7, about={**KIM, "contact": "lee"}, text="Bought elsewhere.", agent="eve", then="solve"),
    ]
    one, summary = taken(lines, tmp_path)
    assert (summary.rejected, summary.remarks) == ([], [])
    first, second = one.tickets().tickets
    assert (first.assignee, first.state) == ("bo", "open")
    assert (second.assignee, second.state) == (None, "solved"), "the desk has no eve, and yet it was answered"
    check_laws(one)


def test_who_answers_has_no_more_than_they_have_room_for(tmp_path):
    lines = [fact("presence", 0, agent=agent, presence="offline") for agent in ("ana", "bo")]
    for i in range(7):
        thread = {**KIM, "contact": f"c{i}"}
        lines += [message("Hi", 1 + i, f"c{i}"), fact("reply", 1 + i, about=thread, text="Hello", agent="bo")]
    one, summary = taken(lines, tmp_path)
    assert (summary.rejected, summary.remarks) == ([], [])
    assert [ticket.assignee for ticket in one.tickets().tickets] == ["bo"] * 5 + [None] * 2
    assert len(everything(one, Kind.MESSAGE)) == 14
    check_laws(one)


def test_what_the_feed_rejects_and_remarks_is_passed_on(tmp_path):
    feed = Import(a_desk(MemoryStore()))
    feed.take(Rejection("x", 3, "at", "no"))
    feed.take(Remark("x", None, "file", "odd"))
    assert counted(feed.summary) == (1, 0, 0, 1)
    assert len(feed.summary.remarks) == 1


def test_silence_between_two_facts_solves_when_it_is_long_enough(tmp_path):
    lines = [
        message("Is the ring ready?"),
        fact("reply", 5, about=KIM, text="Which one?", then="pend"),
        message("Hello", 60 * 24 * 90, sender="lee"),
    ]
    one, _ = taken(lines, tmp_path)
    first = one.tickets().tickets[0]
    solved = [item.event for item in one.history(Ref(Kind.TICKET, first.id)) if isinstance(item.event, StateChanged)][
        -1
    ]
    assert (solved.state, solved.at) == ("solved", AT + 5 * MINUTE + CONFIG.solve_after)


def test_history_is_told_without_effects(tmp_path):
    lines = [
        message("Is the ring ready?"),
        fact("reply", 5, about=KIM, agent="bo", text="Which one?", then="pend"),
        message("Hello", 60 * 24 * 90, sender="lee"),
    ]
    one, summary = taken(lines, tmp_path, history=True)
    first, second = one.tickets().tickets
    assert counted(summary) == (3, 3, 0, 0)
    assert (first.state, first.assignee) == ("pending", "bo"), "who answered has it; no timer has solved it"
    assert second.assignee is None
    assert one.tick(AT + 1000 * DAY).woken == ()
    check_laws(one)


def story(seed, length):
    """Customers, replies, resolutions and changes of presence, at random."""
    chance = random.Random(seed)
    lines = []
    minute = 0
    for i in range(length):
        minute += chance.choice([0, 0, 1, 5, 300])
        who = f"c{chance.randrange(12)}"
        thread = {"channel": "chat", "account": "shop", "contact": who}
        kind = chance.choice(["message"] * 5 + ["reply", "reply", "pend", "resolve", "presence", "tags"])
        if kind == "message":
            lines.append(message(f"message {i}", minute, sender=who, **({"id": f"m{i}"} if i % 3 else {})))
        elif kind in ("reply", "pend"):
            then = {"then": "pend"} if kind == "pend" else {}
            lines.append(fact("reply", minute, about=thread, text=f"reply {i}", **then))
        elif kind == "presence":
            agent = chance.choice(["ana", "bo"])
            lines.append(fact("presence", minute, agent=agent, presence=chance.choice(["away", "available"])))
        elif kind == "tags":
            lines.append(fact("tags", minute, about=thread, add=[f"t{i % 4}"]))
        else:
            lines.append(fact("resolve", minute, about=thread))
    return lines


def state(store):
    """Everything that a store keeps, but for tokens."""
    one = a_desk(store)
    return (
        store.events("acme"),
        {kind: everything(one, kind) for kind in Kind},
        store.find("acme", Query(Kind.TICKET, sort="queued_since", limit=1000)).values,
        [attrs.evolve(claim, token=0) for claim in store.claim("acme", TIMERS, AT + 999 * DAY, AT + 999 * DAY, 999)],
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_an_import_that_is_killed_at_any_moment_and_begun_again_comes_to_the_same(tmp_path, seed):
    lines = story(seed, 120)
    chance = random.Random(seed)
    whole = SqliteStore(tmp_path / "whole.db", durability="normal")
    taken(lines, tmp_path, whole)

    def run(deaths):
        def child():
            store = SqliteStore(tmp_path / "killed.db", durability="normal")
            left = [deaths]

            def count():
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            store.trace(count)
            taken(lines, tmp_path, store)
            store.trace(None)

        return child

    for deaths in [chance.randrange(1, 2000) for _ in range(7)]:
        run_to_death(run(deaths))
    killed = SqliteStore(tmp_path / "killed.db", durability="normal")
    taken(lines, tmp_path, killed)
    assert state(killed) == state(whole), f"seed {seed}"


def run_to_death(work):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status


def test_every_fact_is_stored_a_duplicate_or_rejected(tmp_path):
    store = MemoryStore()
    for length in (40, 80, 80):
        one, summary = taken(story(7, length), tmp_path, store)
        assert summary.read == summary.stored + summary.duplicates + len(summary.rejected) == length
    check_laws(one)
    check_whole(one)
