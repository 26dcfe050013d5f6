"""The sample desk: what its README says of each odd case is what comes out, and the demo says what the library says."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from desks import check_laws, check_whole, everything

from ticketcore import Desk
from ticketcore.config import read_desk
from ticketcore.events import (
    AgentAdded,
    Assigned,
    MessageAdded,
    MessageBounced,
    MessageKept,
    NoEligibleAgent,
    Routed,
    SkillsChanged,
    StateChanged,
    TeamsChanged,
    TicketOpened,
)
from ticketcore.feeds import MessageFact, Remark, SkillsFact, merge, opened
from ticketcore.importing import Import
from ticketcore.model import Category, Kind, MessageKind, Move, Placement, Ref
from ticketcore.report import gather, highlights
from ticketcore.requirement import meets
from ticketcore.shell import Parts, content_id
from ticketcore.stores import MemoryBlobs, MemoryStore, SqliteBlobs, SqliteStore

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "examples" / "sample_desk"
README = (SAMPLE / "README.md").read_text(encoding="utf-8")
FEEDS = ("roster.jsonl", "desk.jsonl", "mail.mbox", "whatsapp-lin.txt", "whatsapp-carmen.txt")
FILE = read_desk((SAMPLE / "desk.toml").read_text(encoding="utf-8"))
QUEUES = {
    "morgenstern": {"jewels", "workshop"},
    "kestrel": {"orders"},
    "kaipraxen": {"patients"},
    "three-doors": {"front"},
}
ODD = re.findall(r"^\| ([^|]+) \| `([\w.-]+:\d+)` \| ([^|]+) \|", README, re.MULTILINE)


class Run:
    """The feeds, taken in by a desk: ``items`` is what they told, ``outcomes`` what came of each line, in words.

    ``edit`` gives what each item shall be instead, or None for nothing.
    """

    def __init__(self, store, blobs, edit=lambda item: item):
        parts = Parts(blobs=blobs)
        self.desk = Desk(store, tenant=FILE.tenant, config=FILE.configuration, ids=content_id, parts=parts)
        self.items, self.outcomes = [], {}
        taken = Import(self.desk)
        self.summary = taken.summary
        words, position = Words(), 0
        for item in filter(None, map(edit, merge([opened(SAMPLE / name, FILE.feeds) for name in FEEDS]))):
            rejected, again = len(self.summary.rejected), self.summary.duplicates
            taken.take(item)
            new = store.events(FILE.tenant, after=position)
            position = new[-1].position if new else position
            came = words.of(new)
            came += [f"remark: {item.field}"] if isinstance(item, Remark) else []
            came += [f"rejected: {one.field}" for one in self.summary.rejected[rejected:]]
            came += ["here already"] * (self.summary.duplicates - again)
            self.items.append(item)
            self.outcomes.setdefault(f"{Path(item.source).name}:{item.line}", []).extend(came)
        self.until = taken.until

    def outcome(self, where):
        return "; ".join(self.outcomes[where])

    @property
    def figures(self):
        return gather(self.desk.store, FILE.tenant, self.until.astimezone(FILE.feeds.zone))


class Words:
    """Puts into words what events say of tickets, which are called by their numbers."""

    def __init__(self):
        self.numbers, self.solved = {}, set()

    def of(self, recorded):
        words = []
        for one in recorded:
            match one.event:
                case TicketOpened(number=number):
                    self.numbers[one.stream] = number
                    words.append(f"opens ticket {number}")
                case MessageAdded(kind=MessageKind.CUSTOMER) if words != [f"opens {self.ticket(one)}"]:
                    words.append(f"joins {self.ticket(one)}")
                case MessageAdded(kind=MessageKind.AGENT, actor=actor):
                    words.append(f"reply on {self.ticket(one)} by {actor.id}")
                case MessageAdded(kind=MessageKind.NOTE, actor=actor):
                    words.append(f"note on {self.ticket(one)} by {actor.id}")
                case Assigned(agent=agent) if words == [f"opens {self.ticket(one)}"]:
                    words[-1] += f" for {agent}"
                case Assigned(agent=agent):
                    words.append(f"{self.ticket(one)} for {agent}")
                case NoEligibleAgent() if words:
                    words[-1] += ", which waits"
                case MessageBounced():
                    words.append(f"{self.ticket(one)}'s answer came back")
                case MessageKept(verdict=verdict):
                    words.append(f"kept: {verdict}")
                case SkillsChanged() | TeamsChanged():
                    words.append(f"changes {one.stream.id}")
                case StateChanged(category=Category.SOLVED):
                    self.solved.add(one.stream)
                case StateChanged(move=Move.REPLY) if one.stream in self.solved:
                    self.solved.remove(one.stream)
                    words[-1] = words[-1].replace("joins", "reopens")
        return words

    def ticket(self, one):
        return f"ticket {self.numbers.get(one.stream)}"


@pytest.fixture(scope="module")
def run():
    return Run(MemoryStore(), MemoryBlobs())


@pytest.mark.parametrize(("where", "today"), [(where, today) for _, where, today in ODD])
def test_an_odd_case_comes_out_as_the_readme_says(run, where, today):
    assert run.outcome(where) == today.strip()


def test_the_readme_lists_every_rejection_remark_repetition_and_verdict(run):
    listed = {where for _, where, _ in ODD}
    assert len(listed) == len(ODD) > 40
    for mark in ("rejected", "remark", "here already", "kept"):
        odd = {where for where, words in run.outcomes.items() if any(word.startswith(mark) for word in words)}
        # An iPhone's notice of encryption is the same case as that of the other chat.
        assert odd - {"whatsapp-carmen.txt:1"} <= listed, mark


def test_every_message_and_reply_is_stored_once(run):
    told = {item.key for item in run.items if isinstance(item, MessageFact)}
    ours = [word for words in run.outcomes.values() for word in words if word.startswith(("reply on", "note on"))]
    messages = everything(run.desk, Kind.MESSAGE)
    assert len(messages) == len(told) + len(ours)
    assert all((message.ticket is None) != (message.verdict is None) for message in messages)


def test_a_second_run_adds_nothing_and_a_database_makes_no_difference(run, tmp_path):
    path = tmp_path / "desk.db"
    with SqliteStore(path, durability="normal") as store, SqliteBlobs(path, durability="normal") as blobs:
        first = Run(store, blobs)
        assert (first.outcomes, first.figures) == (run.outcomes, run.figures)
        again = Run(store, blobs).summary
        assert store.events(FILE.tenant) == run.desk.store.events(FILE.tenant)
    assert (again.stored, again.duplicates + len(again.rejected)) == (0, run.summary.read)


def test_what_must_hold_of_any_desk_holds(run):
    check_laws(run.desk)
    check_whole(run.desk)


def test_each_ticket_is_in_a_queue_of_its_business_and_waits_only_for_a_reason(run):
    accounts = {one.id: one.account for one in everything(run.desk, Kind.CONVERSATION)}
    for ticket in everything(run.desk, Kind.TICKET):
        account = accounts[ticket.origin.conversation]
        assert ticket.queue in QUEUES[account.partition("@")[2].removesuffix(".example") or account]
        if ticket.queued_since is not None:
            history = [one.event for one in run.desk.history(Ref(Kind.TICKET, ticket.id))]
            decision = [event for event in history if isinstance(event, NoEligibleAgent)][-1].placement
            assert sum(one.agents for one in decision.excluded) == decision.pool == len(FILE.configuration.agents)


def test_whoever_the_router_gave_a_ticket_had_its_skills_at_that_moment(run):
    skills, needs = {}, {}
    for one in run.desk.store.events(FILE.tenant):
        match one.event:
            case AgentAdded(agent=agent, skills=had):
                skills[agent] = had
            case SkillsChanged(skills=had):
                skills[one.stream.id] = had
            case Routed(needs=needed):
                needs[one.stream] = needed
            case Assigned(agent=agent, placement=Placement()):
                assert meets(skills[agent], needs[one.stream])
    assert sum(1 for needed in needs.values() if needed) > 100


@pytest.mark.parametrize(
    ("words", "queue", "tags", "skills"),
    [
        ("請問日圓匯率今天幾點截止", "orders", {"fx"}, {"fx", "chinese"}),
        ("我的股票股息什麼時候到帳", "orders", {"equities"}, {"equities", "chinese"}),
        ("基金定投可以每週一次嗎", "orders", {"funds"}, {"funds", "chinese"}),
        ("我的帳戶連續三次輸入錯誤密碼", "orders", {"account"}, {"chinese"}),
        ("Why was it not filled?", "orders", {"equities"}, {"equities"}),
        ("what exchange rate do you use", "orders", {"fx"}, {"fx"}),
        ("Which ETFs do you charge", "orders", {"funds"}, {"funds"}),
        ("珍珠项链的扣子坏了", "jewels", {"pearl"}, {"pearl"}),
        ("外婆的戒指改成吊墜", "jewels", {"ring"}, {"ring"}),
        ("Der Stein in meinem Verlobungsring", "jewels", {"ring"}, {"ring"}),
        ("la alianza de mi mujer", "jewels", {"ring"}, {"ring"}),
        ("The signet ring you made", "jewels", {"ring", "vip"}, {"vip", "ring"}),
        ("Could I have my pearls restrung", "jewels", {"pearl", "vip"}, {"vip", "pearl"}),
        ("mi reloj se ha parado", "workshop", {"watch"}, {"watch"}),
        ("¿puedo pedir cita", "patients", {"spanish"}, {"spanish"}),
        ("Parkt man bei der Hafenpraxis", "patients", {"harbour"}, {"harbour"}),
        ("Is the old town surgery open", "patients", {"oldtown"}, {"oldtown"}),
        ("Habe ich nie geschrieben", None, set(), set()),
    ],
)
def test_words_of_each_language_find_their_specialists(run, words, queue, tags, skills):
    found = [one.id for one in everything(run.desk, Kind.TEXT) if words in one.words]
    messages = [one for one in everything(run.desk, Kind.MESSAGE) if one.text in found]
    tickets = [run.desk.ticket(one.ticket) for one in messages]
    assert [(one.queue, set(one.tags) - {"warranty"}, {need.skill for need in one.needs}) for one in tickets] == (
        [(queue, tags, skills)] if queue else []
    )


def first_after(run, last):
    """The first ticket that a customer opens after this instant: where, and how much later."""
    for item in run.items:
        if isinstance(item, MessageFact) and item.at > last:
            where = f"{Path(item.source).name}:{item.line}"
            if run.outcome(where).startswith("opens"):
                return where, item.at - last
    raise AssertionError(last)


@pytest.mark.parametrize(
    ("agents", "today", "otherwise"),
    [
        (["wen"], "opens ticket 67 for wen", "opens ticket 67, which waits"),
        (["jonas", "lucia"], "opens ticket 93 for lucia", "opens ticket 93 for jonas"),
    ],
)
def test_an_edit_of_skills_acts_on_the_very_next_ticket_and_nothing_else_does(run, agents, today, otherwise):
    edits = [item for item in run.items if isinstance(item, SkillsFact) and item.agent in agents]
    where, later = first_after(run, edits[-1].at)
    assert later < timedelta(minutes=5)
    assert run.outcome(where) == today
    without = Run(MemoryStore(), MemoryBlobs(), edit=lambda item: None if item in edits else item)
    assert without.outcome(where) == otherwise


def test_the_first_highlight_is_the_work_of_the_misspelt_skill(run):
    assert "North district" in highlights(run.figures)[0]
    hanne = next(item for item in run.items if isinstance(item, SkillsFact) and item.agent == "hanne")
    meant = attrs.evolve(hanne, skills={"north": 1})
    right = Run(MemoryStore(), MemoryBlobs(), edit=lambda item: meant if item == hanne else item)
    assert "North district" not in str(highlights(right.figures))
    assert run.figures.waiting.tickets - right.figures.waiting.tickets == 6


def test_who_writes_on_two_channels_is_two_customers(run):
    tickets = {ticket.number: ticket.origin.contact for ticket in everything(run.desk, Kind.TICKET)}
    assert tickets[29] != tickets[61]


def test_the_pictures_and_papers_are_kept(run):
    names = {word.words for word in everything(run.desk, Kind.TEXT)}
    assert {"IMG-20260311-WA0004.jpg", "verschluss.jpg", "Arztbrief.pdf"} <= names


def test_the_readme_links_to_what_is_there():
    assert all((SAMPLE / link).exists() for link in re.findall(r"\]\(([^)]+)\)", README))


def test_the_readme_says_what_stands_out(run):
    assert len(highlights(run.figures)) == 3
    assert "".join(f"  - {words}\n" for words in highlights(run.figures)) in README


@pytest.mark.slow
def test_the_demo_ends_well_and_says_what_the_library_says(run, tmp_path):
    """As the Makefile has it, but for the folder; without making the environment."""
    done = subprocess.run(
        ["make", "-s", "demo", f"BIN={Path(sys.executable).parent}", "READY=", f"DEMO={tmp_path}"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.replace(str(tmp_path), "build/demo").splitlines()
    assert said[-4:] == ["report: build/demo/report.html", *(f"  - {words}" for words in highlights(run.figures))]
    assert "\n".join(said) in README
    assert (tmp_path / "report.html").stat().st_size > 10_000
