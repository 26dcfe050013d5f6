"""Contacts who turn out to be one person: what a merge of contacts and its undoing need."""

from ticketcore.commands import MergeContacts, UnmergeContacts
from ticketcore.decide.uniting import conflicts, person_of
from ticketcore.model import Conversation, Kept, Kind, Message, Separating, Ticket, Uniting
from ticketcore.ports import Query
from ticketcore.turns import reading
from ticketcore.turns.persons import contacts_of, person
from ticketcore.turns.requests import Turn, all_of
from ticketcore.turns.work import Work


def merge_contacts(work: Work, command: MergeContacts) -> Turn[None]:
    """The two are one person from now on, and where they say different things is told."""
    contact, into = yield from contacts_of((command.contact, command.into))
    work.know(*(yield from person(contact)), *(yield from person(into)))
    work.do(command)
    work.decisions.append(Uniting(contact.id, into.id, conflicts(contact, into)))


def unmerge_contacts(work: Work, command: UnmergeContacts) -> Turn[None]:
    """The two are two again; what either wrote in the other's conversations is told, and which tickets stay merged.

    O(the person's tickets, and the messages of their conversations).
    """
    (contact,) = yield from contacts_of((command.contact,))
    before = yield from person(contact)
    work.know(*before)
    work.do(command)
    taken = {one.id for one in person_of(work.facts, work.facts.contact(contact.id))}
    ids = {one.id for one in before}
    kept = []
    for one in before:
        query = Query(Kind.CONVERSATION, {"contact": one.id})
        for conversation in (yield from all_of(query, Conversation)):
            messages = yield from all_of(Query(Kind.MESSAGE, {"conversation": conversation.id}), Message)
            kept += [
                Kept(message.id, "conversation", "wrote_there")
                for message in messages
                if message.author.id in ids and (message.author.id in taken) != (one.id in taken)
            ]
    for ticket in (yield from all_of(Query(Kind.TICKET, {"contact": tuple(ids)}), Ticket)):
        if ticket.merged_into is not None:
            into = yield from reading.ticket(ticket.merged_into)
            if into.contact in ids and (into.contact in taken) != (ticket.contact in taken):
                kept.append(Kept(ticket.id, "merged_into", "merged_there"))
    work.decisions.append(
        Separating(contact.id, contact.merged_into or "", tuple(sorted(kept, key=lambda each: each.of)))
    )
