"""One turn that touches everything a commit can hold, to see whether it is there whole, or not at all.

Ticket 1 is there before the turn, with its agent, its customer, two timers and two outbox entries, one of them
claimed.  The turn opens ticket 2 with a message and its words, gives the agent and the customer a new version,
sets, moves and cancels timers, owes one more message, settles the claim, and erases a text.
"""

from collections.abc import Callable, Mapping

import attrs

from ticketcore.model import Kind, Ref
from ticketcore.ports import Claim, Commit, Query, Record, Recorded, Settle, Store, Timer
from ticketcore.records import alias_key, provider_key
from ticketcore.testing.samples import (
    LATER,
    agent_ref,
    agent_step,
    at,
    commit_of,
    contact_step,
    delivered,
    mail,
    opened_ticket,
    owed,
    ticket_ref,
    timer,
    words,
)

OLD, NEW = ticket_ref("old"), ticket_ref("new")

BEFORE = {
    ("quiet", "ticket:old", at(100)),
    ("remind", "ticket:old", at(200)),
    ("send", "settled", at(0)),
    ("send", "owed", at(10)),
}
"""The timers and outbox entries before the turn: kind, id, due."""

AFTER = {
    ("quiet", "ticket:old", at(500)),
    ("route", "ticket:new", at(300)),
    ("send", "owed", at(10)),
    ("send", "more", at(20)),
}
"""The same after it."""


def prepare(store: Store, tenant: str) -> Claim:
    """What is there before the turn; gives the claim that it settles."""
    store.commit(
        commit_of(
            tenant,
            opened_ticket("old"),
            agent_step("ana", 1),
            contact_step("bob", 1, "bob@example.org"),
            records=(words("secret"),),
            timers=(timer("quiet", OLD, 100), timer("remind", OLD, 200)),
            outbox=(owed("settled"), owed("owed", 10)),
        )
    )
    (claim,) = store.claim(tenant, ("send",), at(1), at(1000), 1)
    return claim


def turn(tenant: str, claim: Claim) -> Commit:
    """The turn."""
    return commit_of(
        tenant,
        opened_ticket("new"),
        agent_step("ana", 2),
        contact_step("bob", 2, "bob@example.org", "bob@example.net"),
        records=(delivered("message", "<1@example.org>", "new"), words("text")),
        timers=(timer("route", NEW, 300), timer("quiet", OLD, 500), Timer("remind", OLD, None)),
        outbox=(owed("more", 20),),
        settles=(Settle(claim),),
        erased=("secret",),
    )


def extended(commit: Commit, *records: Record, events: tuple[Recorded, ...] = ()) -> Commit:
    """The commit with something at its end."""
    return attrs.evolve(commit, records=(*commit.records, *records), events=(*commit.events, *events))


Part = Callable[[Store, str], bool]
"""Whether one part of a commit is there, in a store and tenant."""


def _stored(kind: Kind, id: str) -> Part:
    return lambda store, tenant: store.load(tenant, [Ref(kind, id)])[0] is not None


def _erased(id: str) -> Part:
    return lambda store, tenant: store.load(tenant, [Ref(Kind.TEXT, id)])[0] is None


def _version_2(kind: Kind, id: str) -> Part:
    def stored(store: Store, tenant: str) -> bool:
        (value,) = store.load(tenant, [Ref(kind, id)])
        return value is not None and value.version == 2

    return stored


def _numbered(store: Store, tenant: str) -> bool:
    page = store.find(tenant, Query(Kind.TICKET, sort="number"))
    return [(value.id, value.number) for value in page.values] == [("old", 1), ("new", 2)]  # type: ignore[union-attr]  # tickets


def _message_of_ticket(store: Store, tenant: str) -> bool:
    return len(store.find(tenant, Query(Kind.MESSAGE, where={"ticket": "new"})).values) == 1


def _by_provider_id(store: Store, tenant: str) -> bool:
    key = provider_key("email", "help@example.org", "<1@example.org>")
    return store.load(tenant, [key])[0] is not None


def _by_new_address(store: Store, tenant: str) -> bool:
    return store.load(tenant, [alias_key(mail("bob@example.net"))])[0] is not None


def _logged(stream: Ref, version: int) -> Part:
    return lambda store, tenant: any((e.stream, e.version) == (stream, version) for e in store.events(tenant))


def _in_history(stream: Ref, version: int) -> Part:
    return lambda store, tenant: any(e.version == version for e in store.events(tenant, stream=stream))


PARTS: Mapping[str, Part] = {
    "the ticket": _stored(Kind.TICKET, "new"),
    "the ticket's number": _numbered,
    "the message": _stored(Kind.MESSAGE, "message"),
    "the message, found by its ticket": _message_of_ticket,
    "the message, by its provider's id": _by_provider_id,
    "the words": _stored(Kind.TEXT, "text"),
    "the end of the erased words": _erased("secret"),
    "the agent": _version_2(Kind.AGENT, "ana"),
    "the customer": _version_2(Kind.CONTACT, "bob"),
    "the customer, by the new address": _by_new_address,
    "the ticket's opening in the log": _logged(NEW, 1),
    "the agent's work in the log": _logged(agent_ref("ana"), 2),
    "the customer's event in the log": _logged(Ref(Kind.CONTACT, "bob"), 2),
    "the ticket's history": _in_history(NEW, 1),
    "the agent's history": _in_history(agent_ref("ana"), 2),
}
"""What shows that the turn happened; looking changes nothing."""


def happened(store: Store, tenant: str) -> bool:
    """Whether the turn happened, which every part of it must agree on.

    Takes what is due away and opens one more ticket, so it looks once at each tenant.
    """
    parts = {name: part(store, tenant) for name, part in PARTS.items()}
    due = store.claim(tenant, ("quiet", "remind", "route", "send"), LATER, LATER, 100)
    agenda = {(claim.kind, claim.id, claim.due) for claim in due}
    assert agenda in (BEFORE, AFTER), "timers and outbox are those before the turn or those after it"
    parts["the timers and the outbox"] = agenda == AFTER
    following = store.commit(commit_of(tenant, opened_ticket("following"))).numbers["following"]
    assert following in (2, 3), "the next number is the one after the last ticket's"
    parts["the sequence of numbers"] = following == 3
    assert len(set(parts.values())) == 1, "the commit is there whole or not at all"
    return parts["the ticket"]
