"""What follows from a command: the events, or a refusal with every reason.  All rules of the desk come together here.

``decide`` is pure: it looks at the configuration, at the facts that were loaded and at the instant it is given, and
changes nothing.  ``evolve`` then folds its events.  What each rule says stands where it belongs (``lifecycle`` for
states, ``assignment`` for who may take a ticket); ``tickets`` and ``agents`` here ask them in turn.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from ticketcore.commands import (
    AddAgent,
    AddAlias,
    AddContact,
    Adopt,
    AgentCommand,
    Configure,
    DescribeContact,
    Erase,
    HeldStep,
    Join,
    JoinAgain,
    KeepMessage,
    Link,
    MakeOffer,
    Merge,
    MergeContacts,
    NameOrganisation,
    OpenTicket,
    Pend,
    Rise,
    SetOrganisation,
    SplitOff,
    StartConversation,
    StateCommand,
    TalkOf,
    TellLinked,
    TieStep,
    TurnAsynchronous,
    Unlink,
    Unmerge,
    UnmergeContacts,
    Wake,
)
from ticketcore.decide.agents import CONFIGURATION, AgentDecidable, add_agent, change_agent, configure
from ticketcore.decide.deleting import erase
from ticketcore.decide.held import held_step
from ticketcore.decide.linking import link, tell_linked
from ticketcore.decide.merging import merge, rise, unmerge, wake
from ticketcore.decide.moving import MOVES, move_ticket
from ticketcore.decide.placing import make_offer
from ticketcore.decide.splitting import join_again, split_off
from ticketcore.decide.tickets import RULES, TicketDecidable, change_ticket, open_ticket, pend_ticket
from ticketcore.decide.uniting import part, unite
from ticketcore.errors import InvalidInput
from ticketcore.events import (
    AliasLinked,
    ContactAdded,
    ContactAffiliated,
    ContactDescribed,
    ConversationStarted,
    Event,
    MessageKept,
    OrganisationNamed,
    ParticipantJoined,
    TicketLinked,
    TurnedAsynchronous,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HOUSE_RULES, HouseRules
from ticketcore.model import Configuration, Kind, Role, Stream, Threading
from ticketcore.model.identifiers import ref_to
from ticketcore.model.values import making

_CONTACT, _CONVERSATION, _REQUESTER = Kind.CONTACT, Kind.CONVERSATION, Role.REQUESTER
_started, _joined = making(ConversationStarted), making(ParticipantJoined)
_added, _linked = making(ContactAdded), making(AliasLinked)

Beginning = OpenTicket | AddContact | StartConversation
"""The commands by which something begins."""

Other = (
    AgentDecidable
    | AddAgent
    | Configure
    | Adopt
    | AddAlias
    | SetOrganisation
    | DescribeContact
    | NameOrganisation
    | Join
    | KeepMessage
    | TalkOf
    | TurnAsynchronous
)
"""The other commands that change no ticket."""

Decidable = (
    TicketDecidable
    | StateCommand
    | MergeContacts
    | UnmergeContacts
    | Merge
    | Unmerge
    | Link
    | Unlink
    | TieStep
    | HeldStep
    | MakeOffer
    | Beginning
    | Other
)
"""The commands that the rules decide; the words of a ``Reply`` or ``Note`` become a message first.

A ``Split``, an ``Unsplit`` and a ``Delete`` become steps once what they are about is loaded, what is asked of a
message in quarantine once that is.
"""

__all__ = ["CONFIGURATION", "Beginning", "Decidable", "Other", "decide"]


def decide(
    configuration: Configuration, facts: Facts, command: Decidable, at: datetime, house: HouseRules = HOUSE_RULES
) -> Mapping[Stream, tuple[Event, ...]]:
    """The events that the command leads to, by stream; none when it would change nothing.

    ``house`` are the rules of the host.

    Raises ``Refused`` with every reason, ``NotFound`` for what is not among the facts, ``InvalidInput`` for what
    the configuration does not know, and for a command that nobody decides.
    """
    try:
        rule = _RULES[type(command)]
    except KeyError:
        name = type(command).__name__
        raise InvalidInput("command", f"must be one of those that are known, not {name}") from None
    return rule(configuration, facts, command, at, house)


def _add_contact(
    _configuration: Configuration, _facts: Facts, command: AddContact, at: datetime, _house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    actor = command.actor
    linked = _linked(at, actor, command.alias, command.channel)
    return {ref_to((_CONTACT, command.contact)): (_added(at, actor, command.contact), linked)}


def _start_conversation(
    _configuration: Configuration, _facts: Facts, command: StartConversation, at: datetime, _house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    id, actor, contact = command.conversation, command.actor, command.contact
    started = _started(at, actor, id, command.channel, command.account, contact)
    about = () if command.ticket is None else (TicketLinked(at, actor, command.ticket),)
    return {ref_to((_CONVERSATION, id)): (started, _joined(at, actor, _REQUESTER, contact), *about)}


def _decide_other(
    configuration: Configuration, facts: Facts, command: Other, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    match command:
        case KeepMessage(id, message, verdict, ticket, actor):
            facts.conversation(id)
            return {Stream(Kind.CONVERSATION, id): (MessageKept(at, actor, message, verdict, ticket),)}
        case Join(id, role, participant, actor):
            if any(known.id == participant and known.role is role for known in facts.conversation(id).participants):
                return {}
            return {Stream(Kind.CONVERSATION, id): (ParticipantJoined(at, actor, role, participant),)}
        case TalkOf(id, ticket, actor):
            if facts.conversation(id).ticket == ticket:
                return {}
            return {Stream(Kind.CONVERSATION, id): (TicketLinked(at, actor, ticket),)}
        case TurnAsynchronous():
            return _turn_asynchronous(configuration, facts, command, at)
        case AddAlias(contact, alias, channel, actor):
            facts.contact(contact)
            return {Stream(Kind.CONTACT, contact): (AliasLinked(at, actor, alias, channel),)}
        case SetOrganisation(contact, organisation, actor):
            if facts.contact(contact).organisation == organisation:
                return {}
            return {Stream(Kind.CONTACT, contact): (ContactAffiliated(at, actor, organisation),)}
        case DescribeContact(contact, actor, tier, language, owner):
            known = facts.contact(contact)
            if (known.tier, known.language, known.owner) == (tier, language, owner):
                return {}
            return {Stream(Kind.CONTACT, contact): (ContactDescribed(at, actor, tier, language, owner),)}
        case NameOrganisation(id, name, actor):
            if facts.knows(Kind.ORGANISATION, id) and facts.organisation(id).name == name:
                return {}
            return {Stream(Kind.ORGANISATION, id): (OrganisationNamed(at, actor, id),)}
        case AgentCommand():
            return change_agent(configuration, facts, command, at)
        case AddAgent():
            return add_agent(configuration, facts, command, at)
        case Configure() | Adopt():
            return configure(configuration, facts, command, at, house)


def _turn_asynchronous(
    configuration: Configuration, facts: Facts, command: TurnAsynchronous, at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """The conversation is about the ticket; and if its channel is one of chats, it is live no more."""
    conversation, actor = facts.conversation(command.conversation), command.actor
    linked = () if conversation.ticket == command.ticket else (TicketLinked(at, actor, command.ticket),)
    is_chat = configuration.channel(conversation.channel).threading is Threading.QUIET_GAP
    turned = (TurnedAsynchronous(at, actor),) if is_chat and (linked or not conversation.asynchronous) else ()
    events = (*linked, *turned)
    return {Stream(Kind.CONVERSATION, conversation.id): events} if events else {}


_RULES: Mapping[type, Callable[..., Mapping[Stream, tuple[Event, ...]]]] = {
    **dict.fromkeys(RULES, change_ticket),
    **dict.fromkeys(MOVES, move_ticket),
    Pend: pend_ticket,
    MergeContacts: unite,
    UnmergeContacts: part,
    Merge: merge,
    Wake: wake,
    Unmerge: unmerge,
    Rise: rise,
    SplitOff: split_off,
    JoinAgain: join_again,
    Erase: erase,
    Link: link,
    Unlink: link,
    TellLinked: tell_linked,
    MakeOffer: make_offer,
    **dict.fromkeys(HeldStep.__args__, held_step),
    OpenTicket: open_ticket,
    AddContact: _add_contact,
    StartConversation: _start_conversation,
    **dict.fromkeys(Other.__args__, _decide_other),
}
"""What decides each command."""
