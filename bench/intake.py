"""Mail turned into stored tickets, against ``django-helpdesk``; and what 100,000 messages do to a desk.

The desk is the one of ``make demo``: its 25 rules route each ticket, and it is given to one of its 11 agents, who all
have room.  The mails are for the broker, who promises nothing; beside that stands what they cost if each ticket is
promised what the jeweller promises, and what they cost without a desk (``bare``).  A mail is decoded and received, in a
commit of its own; after every ten whatever is due is done, as a desk does that polls a mailbox.  Files are kept in a
directory, and brought to the disk.  Every candidate has a process of its own.
"""

import tempfile
import time
from pathlib import Path

import attrs

from bench import bare, django_helpdesk
from bench.growth import grow
from bench.mails import DESK, Sent, generate
from bench.measure import apart, begun, goal, report
from ticketcore import Desk, Parts
from ticketcore.channels.email import Decoded, EmailChannel
from ticketcore.config import read_desk
from ticketcore.model import Configuration, Kind, Message, Presence, Ticket
from ticketcore.model.service import Coverage
from ticketcore.ports import Query
from ticketcore.stores import DirectoryBlobs, SqliteStore

AREA = "intake"
PEER = "django-helpdesk"
MAILS = 1000
MESSAGES = 100_000
ROUNDS = 3
DEMO = Path(__file__).parents[1] / "examples/sample_desk/desk.toml"


def main() -> None:
    mails_taken_in()
    growth()


def mails_taken_in() -> None:
    given = generate(MAILS)
    measured: dict[str, list[float]] = {
        "sqlite normal": [],
        "sqlite full": [],
        "sqlite normal, promised": [],
        "bare, sqlite normal": [],
        "bare, sqlite full": [],
        "peer sqlite normal": [],
    }
    for _ in range(ROUNDS):
        for durability in ("normal", "full"):
            with tempfile.TemporaryDirectory() as folder:
                measured[f"sqlite {durability}"].append(apart(take_in, folder, durability, given))
            with tempfile.TemporaryDirectory() as folder:
                done = apart(bare.take_in, folder, durability, given, demo(), check)
                measured[f"bare, sqlite {durability}"].append(done)
        with tempfile.TemporaryDirectory() as folder:
            measured["sqlite normal, promised"].append(apart(take_in, folder, "normal", given, True))
        with tempfile.TemporaryDirectory() as folder:
            measured["peer sqlite normal"].append(apart(django_helpdesk.take_in, folder, given))
    report(AREA, "mails to stored tickets, one commit a mail", measured, PEER)
    for durability, bound in (("normal", 20), ("full", 12)):
        ours, theirs = measured[f"sqlite {durability}"], measured["peer sqlite normal"]
        goal(AREA, f"mails, sqlite {durability} over normal", ours, theirs, bound)


def growth() -> None:
    with tempfile.TemporaryDirectory() as folder:
        grown = apart(grow, folder, MESSAGES)
    first, last = [grown.facts / grown.spent[0]], [grown.facts / grown.spent[-1]]
    report(AREA, f"facts of {MESSAGES:,} messages imported", {"first tenth": first, "last tenth": last}, PEER)
    goal(AREA, "CPU time of the last tenth over the first", first, last, 1.3, at_most=True)
    memory = [float(size) for size in grown.memory]
    goal(AREA, "resident memory at the end over that at one tenth", memory[-1:], memory[:1], 1.1, at_most=True)


def take_in(folder: str, durability: str, mails: list[Sent], promised: bool = False) -> float:
    """Mails per CPU second; what came of them is checked."""
    config = demo()
    if promised:
        config = attrs.evolve(config, policies=[attrs.evolve(config.policies[0], when=Coverage())])
    channel = EmailChannel([DESK])
    parts = Parts(blobs=DirectoryBlobs(f"{folder}/files"))
    with SqliteStore(f"{folder}/desk.db", durability=durability) as store:
        desk = Desk(store, tenant=bare.TENANT, config=config, parts=parts)
        start = begun()
        for i, mail in enumerate(mails):
            decoded = channel.decode(mail.raw)
            assert isinstance(decoded, Decoded)
            desk.receive(decoded.inbound)
            if i % 10 == 9:
                desk.tick()
        spent = time.process_time() - start
        check(desk, mails)
    return len(mails) / spent


def demo() -> Configuration:
    """The demo's configuration, with everybody at work and room for all mails."""
    configuration = read_desk(DEMO.read_text(encoding="utf-8")).configuration
    agents = [attrs.evolve(agent, presence=Presence.AVAILABLE, capacity=MAILS) for agent in configuration.agents]
    return attrs.evolve(configuration, agents=agents)


def check(desk: Desk, mails: list[Sent]) -> None:
    """Every mail is a message with its words, in the ticket of its thread, which has an agent."""
    page = desk.find(Query(Kind.MESSAGE, limit=len(mails)))
    messages = {item.provider_id.id: item for item in page.values if isinstance(item, Message) and item.provider_id}
    assert len(messages) == len(page.values) == len(mails)
    assert page.next is None
    words = desk.words(message.text for message in messages.values())
    threads = {mail.thread: messages[mail.message_id.strip("<>")].ticket for mail in mails}
    for mail in mails:
        message = messages[mail.message_id.strip("<>")]
        assert message.ticket == threads[mail.thread]
        assert words[message.text or ""].split() == mail.text.split()
    tickets = desk.find(Query(Kind.TICKET, limit=len(mails))).values
    assert {ticket.id for ticket in tickets if isinstance(ticket, Ticket) and ticket.assignee} == set(threads.values())
    assert len(tickets) == len(threads) == len(set(threads.values()))
