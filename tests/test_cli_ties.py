"""What ``ticketcore show`` tells of a ticket and others, which have numbers there and no ids."""

import pytest
from click.testing import CliRunner
from desks import ANA, AT, MINUTE

from ticketcore import AgentProfile, Configuration, Desk, Inbound, Parts
from ticketcore.cli.main import ticketcore
from ticketcore.commands import Close, Delete, Link, Merge, Reply, Solve, Split, Unlink, Unmerge, Unsplit
from ticketcore.model import Kind
from ticketcore.ports import Query
from ticketcore.stores import SqliteStore
from ticketcore.turns.recalling import learned


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What is shown of each ticket after all that can happen between tickets did, by number."""
    path, minutes = tmp_path_factory.mktemp("desk") / "desk.db", iter(range(60))
    with SqliteStore(path) as store:
        config = Configuration(agents=[AgentProfile("ana")])
        desk = Desk(store, tenant="acme", config=config, clock=lambda: AT + next(minutes) * MINUTE)

        def mail(id, text, *answers, subject=""):
            return desk.receive(Inbound("email", "shop", "kim", text, subject, external_id=id, reply_to=answers))

        first, second, third = (mail(f"m{at}", f"Ring {at}").ticket for at in range(3))
        desk.handle(Merge(second.id, ANA, into=first.id))
        mail("m3", "More of it", "m1")
        desk.handle(Split(first.id, ANA, [mail("m4", "And a brooch", "m0").message]))
        (fourth,) = desk.tickets(number=4).tickets
        desk.handle(Unsplit(fourth.id, ANA))
        desk.handle(Unmerge(second.id, ANA))
        desk.handle(Link(third.id, ANA, "child_of", first.id))
        desk.handle(Unlink(third.id, ANA, "child_of", first.id))
        desk.handle(Link(third.id, ANA, "incident_of", second.id))
        desk.handle(Reply(second.id, ANA, "Done", then="solve"))
        mail("m5", "Which one?", "m2", subject="[#1]")
        for command in (Solve, Close):
            desk.handle(command(first.id, ANA))
        mail("m6", "Once more", "m0")
        desk.handle(Delete(first.id, ANA, "asked", with_parts=True))
        wise = Desk(store, tenant="acme", config=config, parts=Parts(segmenter=learned()))
        wise.receive(Inbound("email", "shop", "kim", "and the red one"), AT + 60 * MINUTE)
        ids = [one.id for one in desk.find(Query(Kind.TICKET, {}, "number")).values]
    told = {at: CliRunner().invoke(ticketcore, ["show", str(at), "--store", str(path)]).output for at in range(1, 6)}
    assert len(ids) == 5
    assert not [id for id in ids for one in told.values() if id in one]
    return told


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "ticket 2 merged into ticket 1"),
        (1, "customer, sent to ticket 2:"),
        (1, "1 message of ticket 1 split off as ticket 4"),
        (1, "ticket 4 joined with ticket 1 again"),
        (1, "ticket 2 no longer merged into ticket 1"),
        (1, "is parent of ticket 3"),
        (1, "no longer parent of ticket 3"),
        (1, "is followed by ticket 5"),
        (1, "ticket 1 deleted by agent ana with 1 that had been merged into it: asked"),
        (2, "is problem of ticket 3"),
        (3, "names tickets that do not agree: ticket 3 by stored id (known), ticket 1 by subject (guessable)"),
        (5, "is follow up of ticket 1"),
    ],
)
def test_another_ticket_has_its_number(shown, number, words):
    assert words in shown[number]


def test_the_next_best_has_its_number(shown):
    assert any("; ticket " in one for one in shown.values())
