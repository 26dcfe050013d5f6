"""The turn of a command: load what it is about, decide, place what waits and who is free, commit.

When somebody else changed what the decision rested on, all of it is made again, a bounded number of times; the last
attempts leave the placing to the next tick, so that a command never fails for other agents' sake.
"""

from datetime import datetime

import attrs

from ticketcore.checks import MAX_NAME, check_name, instant
from ticketcore.commands import (
    AcceptMessage,
    Acknowledge,
    AddAgent,
    AddAlias,
    AddMessage,
    AgentCommand,
    Assign,
    Command,
    Configure,
    Delete,
    DescribeContact,
    HandOver,
    Hold,
    Join,
    LetGo,
    Link,
    LinkAlias,
    Merge,
    MergeContacts,
    NameOrganisation,
    Note,
    Pend,
    RejectMessage,
    Release,
    Remind,
    Reply,
    SetAttributes,
    SetCapacityProfile,
    SetLeave,
    SetOrganisation,
    SetPresence,
    SetShifts,
    SetTeams,
    Solve,
    Split,
    Unlink,
    Unmerge,
    UnmergeContacts,
    Unsplit,
)
from ticketcore.errors import Conflict, InvalidInput, NotFound, Reason, Refused
from ticketcore.evolve import Entity
from ticketcore.identity import alias_of
from ticketcore.model import (
    ActorKind,
    Blob,
    Category,
    Contact,
    Kind,
    Loss,
    Message,
    MessageKind,
    Move,
    Organisation,
    ProviderId,
    Ref,
    Role,
    Ticket,
)
from ticketcore.ports import Condition, OutboxEntry, Query
from ticketcore.records import alias_key
from ticketcore.turns.configuring import current_configuration, reconfigure
from ticketcore.turns.deleting import delete
from ticketcore.turns.describing import hand_over, note_of, set_attributes
from ticketcore.turns.knowing import bring_along, know_children
from ticketcore.turns.limiting import ACKNOWLEDGE, acknowledge
from ticketcore.turns.linking import link
from ticketcore.turns.merging import merge, unmerge
from ticketcore.turns.people import set_profile
from ticketcore.turns.placing import PLACING_ATTEMPTS, defer, place_all, save_and_look_again
from ticketcore.turns.quarantine import accept
from ticketcore.turns.requests import Turn, all_of, keep, load
from ticketcore.turns.router import all_agents
from ticketcore.turns.splitting import split, unsplit
from ticketcore.turns.uniting import merge_contacts, unmerge_contacts
from ticketcore.turns.work import ATTEMPTS, Context, Handled, Work
from ticketcore.turns.writing import Words

_DONE = (Category.SOLVED, Category.CLOSED)

SEND = "message"
"""The kind of the outbox entry of a message that is to be sent to the customer."""


def handle(context: Context, command: Command, at: datetime, key: str | None = None) -> Turn[Handled]:
    """Carry out a command, once under the same key.  Raises ``Refused``, ``NotFound`` or ``InvalidInput``, and
    ``Conflict`` when others were first every time; nothing was written then.
    """
    if not isinstance(command, Command):
        raise InvalidInput("command", f"must be a command, not {type(command).__name__}")
    if isinstance(command, Acknowledge):
        key = f"{ACKNOWLEDGE}/{command.message}"[:MAX_NAME]
    if key is not None:
        check_name(key, "key")
        if (yield from load((Ref(Kind.IDEMPOTENCY_KEY, key),)))[0] is not None:
            return Handled(repeated=True)
    at = instant(at, "at")
    blobs = yield from keep(command.attachments if isinstance(command, Reply | Note) else ())
    for attempt in range(1, ATTEMPTS):
        try:
            return (yield from _attempt(context, command, at, key, blobs, placing=attempt <= PLACING_ATTEMPTS))
        except Conflict as conflict:
            if key is not None and (Kind.IDEMPOTENCY_KEY, key) in conflict.blockers:
                return Handled(repeated=True)
    return (yield from _attempt(context, command, at, key, blobs, placing=False))


def _attempt(
    context: Context, command: Command, at: datetime, key: str | None, blobs: tuple[Blob, ...], *, placing: bool
) -> Turn[Handled]:
    """Load, decide, place what waits unless that is left to a tick, and commit."""
    configuration = yield from current_configuration(context, at)
    work = Work(configuration, at, (yield from _facts(command)), context.house)
    work.key = key
    for entity in tuple(work.before.values()):
        if isinstance(entity, Ticket):
            yield from bring_along(work, entity)
            yield from know_children(work, entity)
    match command:
        case Reply() | Note():
            _write(context, work, command, blobs)
        case NameOrganisation():
            yield from _name(work, command)
        case MergeContacts():
            yield from merge_contacts(work, command)
        case UnmergeContacts():
            yield from unmerge_contacts(work, command)
        case LinkAlias():
            yield from _link(context, work, command)
        case Configure():
            yield from reconfigure(work, command)
        case SetTeams():
            yield from _change_teams(work, command)
        case SetCapacityProfile():
            yield from set_profile(work, command)
        case Merge():
            yield from merge(work, command)
        case Unmerge():
            yield from unmerge(work, command)
        case Split():
            yield from split(context, work, command)
        case Unsplit():
            yield from unsplit(work, command)
        case Delete():
            yield from delete(work, command)
        case Link() | Unlink():
            yield from link(work, command)
        case SetAttributes():
            set_attributes(context, work, command)
        case HandOver():
            if note := note_of(command):
                _write(context, work, note, ())
            hand_over(context, work, command)
        case AcceptMessage():
            yield from accept(context, work, command)
        case Acknowledge():
            yield from acknowledge(work, command)
        case RejectMessage():
            work.do(LetGo(command.message, None, command.actor))
        case _:
            work.do(command)
    if not work.events and key is None:
        return Handled()
    if placing:
        yield from place_all(context, work)
    else:
        yield from defer(context, work)
    return (yield from save_and_look_again(context, work))


def _facts(command: Command) -> Turn[dict[Ref, Entity]]:
    """What the command is about.  Who changes the pool of agents is judged by all of it."""
    match command:
        case NameOrganisation() | MergeContacts() | UnmergeContacts():
            return {}
        case LinkAlias(contact=contact) | SetOrganisation(contact=contact) | DescribeContact(contact=contact):
            return (yield from _loaded(Ref(Kind.CONTACT, contact)))
        case AddAgent() | Configure() | SetPresence() | SetShifts() | SetLeave():
            return {Ref(Kind.AGENT, agent.id): agent for agent in (yield from all_agents())}
        case Acknowledge():
            return {}
        case AcceptMessage(message=message) | RejectMessage(message=message):
            return (yield from _loaded(Ref(Kind.QUARANTINE, message)))
        case AgentCommand():
            return (yield from _loaded(Ref(Kind.AGENT, command.agent)))
    facts = yield from _loaded(Ref(Kind.TICKET, command.ticket))
    (ticket,) = facts.values()
    assert isinstance(ticket, Ticket)
    agents = {*ticket.holders, command.agent if isinstance(command, Assign | Remind) else None} - {None}
    facts.update((yield from _loaded(*(Ref(Kind.AGENT, id) for id in sorted(filter(None, agents))))))
    if isinstance(command, Reply | Note | HandOver):
        facts.update((yield from _loaded(Ref(Kind.CONVERSATION, ticket.conversation))))
    return facts


def _loaded(*refs: Ref) -> Turn[dict[Ref, Entity]]:
    values = yield from load(refs)
    for ref, value in zip(refs, values, strict=True):
        if value is None:
            raise NotFound(ref.kind, ref.id)
    return {ref: value for ref, value in zip(refs, values, strict=True) if isinstance(value, Entity)}


def _change_teams(work: Work, command: SetTeams) -> Turn[None]:
    """An agent is in other teams, and has no longer what the queues of a team that they left gave them."""
    before = work.facts.agent(command.agent).teams
    work.do(command)
    left = work.configuration.queues_of(set(before) - set(command.teams))
    states = tuple(state for state, category in work.configuration.states.items() if category not in _DONE)
    if not left:
        return
    where: dict[str, Condition] = {"assignee": command.agent, "queue": left, "state": states}
    for ticket in (yield from all_of(Query(Kind.TICKET, where), Ticket)):
        if "leaving_releases" in work.configuration.workflow_of(ticket.type).rules:
            work.know(ticket)
            yield from bring_along(work, ticket)
            work.do(Release(ticket.id, Loss.LEFT_TEAM, command.actor))


def _write(context: Context, work: Work, command: Reply | Note, blobs: tuple[Blob, ...]) -> None:
    """A message to the customer, which is then owed to them, or a note."""
    actor = command.actor
    kind = _kind(command)
    if not command.text.strip() and not blobs:
        raise Refused(type(command).__name__, (Reason("nothing_said", command.ticket),))
    ticket = work.facts.ticket(command.ticket)
    key = f"{ticket.id}/{ticket.version}"
    words = Words(context.ids, key)
    message = Message(
        id=context.ids("message", key),
        version=1,
        kind=kind,
        author=actor,
        conversation=ticket.conversation,
        ticket=ticket.id,
        subject=None,
        text=words.add("text", command.text),
        attachments=words.attach(command.attachments, blobs),
        provider_id=_provider_id(work, ticket, command),
        reply_to=(),
        sent_at=None,
        received_at=work.at,
    )
    work.do(AddMessage(ticket.id, message.id, kind, actor))
    work.messages.append(message)
    work.texts.extend(words.texts)
    if isinstance(command, Reply):
        if actor.kind is ActorKind.AGENT:
            work.do(Join(ticket.conversation, Role.AGENT, actor.id, actor))
        if command.external_id is None:
            work.outbox.append(OutboxEntry(SEND, message.id, Ref(Kind.MESSAGE, message.id), work.at))
        match command.then:
            case Move.PEND:
                work.do(Pend(ticket.id, actor))
            case Move.HOLD:
                work.do(Hold(ticket.id, actor))
            case Move.SOLVE:
                work.do(Solve(ticket.id, actor))


def _provider_id(work: Work, ticket: Ticket, command: Reply | Note) -> ProviderId | None:
    """The id of a reply that was sent before the desk knew of it."""
    if not isinstance(command, Reply) or command.external_id is None:
        return None
    conversation = work.facts.conversation(ticket.conversation)
    return ProviderId(conversation.channel, conversation.account, command.external_id)


def _kind(command: Reply | Note) -> MessageKind:
    """Who wrote it; a contact's own words come in as an inbound message, never as a command."""
    if isinstance(command, Note):
        return MessageKind.NOTE
    if command.actor.kind is ActorKind.CONTACT:
        raise Refused("Reply", (Reason("contact_writes_inbound", command.actor.id),))
    return MessageKind.AGENT if command.actor.kind in (ActorKind.AGENT, ActorKind.IMPORT) else MessageKind.BOT


def _link(context: Context, work: Work, command: LinkAlias) -> Turn[None]:
    """One more address of a contact, if it is nobody else's."""
    channel = work.configuration.channel(command.channel)
    contact = work.facts.contact(command.contact)
    id = context.ids("alias", f"{command.channel}/{command.account}/{command.address}")
    alias = alias_of(channel, command.account, command.address, id)
    (owner,) = yield from load((alias_key(alias),))
    if isinstance(owner, Contact):
        if owner.id != contact.id:
            raise Refused("LinkAlias", (Reason("address_taken", owner.id),))
        return
    work.do(AddAlias(contact.id, alias.id, alias.channel, command.actor))
    linked = work.facts.contact(contact.id)
    work.put_words(attrs.evolve(linked, name=contact.name, aliases=(*contact.aliases, alias)))


def _name(work: Work, command: NameOrganisation) -> Turn[None]:
    """An organisation's name, which its events leave out."""
    (known,) = yield from load((Ref(Kind.ORGANISATION, command.organisation),))
    if isinstance(known, Organisation):
        work.know(known)
    work.do(command)
    if work.events:
        work.put_words(attrs.evolve(work.facts.organisation(command.organisation), name=command.name))
