"""What follows from a command: the events, or a refusal with every reason.  All rules of the desk come together here.

``decide`` is pure: it looks at the configuration, at the facts that were loaded and at the instant it is given, and
changes nothing.  ``evolve`` then folds its events.  What each rule says stands where it belongs (``lifecycle`` for
states, ``assignment`` for who may take a ticket); ``tickets`` and ``agents`` here ask them in turn.
"""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import (
    AddAgent,
    AddAlias,
    AddContact,
    AddMessage,
    Adopt,
    Configure,
    DropAlarm,
    Join,
    KeepMessage,
    Migrate,
    OpenTicket,
    Place,
    Release,
    RemindNow,
    Route,
    SetCapacity,
    SetPresence,
    SetSkills,
    SetTeams,
    StartConversation,
    TicketCommand,
)
from ticketcore.decide.agents import CONFIGURATION, AgentDecidable, add_agent, change_agent, configure
from ticketcore.decide.tickets import TicketDecidable, change_ticket, open_ticket
from ticketcore.events import (
    AliasLinked,
    ContactAdded,
    ConversationStarted,
    Event,
    MessageKept,
    ParticipantJoined,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HOUSE_RULES, HouseRules
from ticketcore.model import Configuration, Kind, Role, Stream

Decidable = (
    TicketDecidable
    | AgentDecidable
    | OpenTicket
    | AddAgent
    | Configure
    | Adopt
    | AddContact
    | AddAlias
    | StartConversation
    | Join
    | KeepMessage
)
"""The commands that the rules decide; the words of a ``Reply`` or ``Note`` become a message first."""

__all__ = ["CONFIGURATION", "Decidable", "decide"]


def decide(
    configuration: Configuration, facts: Facts, command: Decidable, at: datetime, house: HouseRules = HOUSE_RULES
) -> Mapping[Stream, tuple[Event, ...]]:
    """The events that the command leads to, by stream; none when it would change nothing.

    ``house`` are the rules of the host.

    Raises ``Refused`` with every reason, ``NotFound`` for what is not among the facts, ``InvalidInput`` for what
    the configuration does not know.
    """
    match command:
        case TicketCommand() | AddMessage() | Place() | Route() | Release() | RemindNow() | DropAlarm() | Migrate():
            return change_ticket(configuration, facts, command, at, house)
        case OpenTicket():
            return open_ticket(configuration, facts, command, at)
        case AddContact(contact, alias, channel, actor):
            linked = AliasLinked(at, actor, alias, channel)
            return {Stream(Kind.CONTACT, contact): (ContactAdded(at, actor, contact), linked)}
        case StartConversation(id, channel, account, contact, actor):
            started = ConversationStarted(at, actor, id, channel, account, contact)
            return {Stream(Kind.CONVERSATION, id): (started, ParticipantJoined(at, actor, Role.REQUESTER, contact))}
        case KeepMessage(id, message, verdict, ticket, actor):
            facts.conversation(id)
            return {Stream(Kind.CONVERSATION, id): (MessageKept(at, actor, message, verdict, ticket),)}
        case Join(id, role, participant, actor):
            if any(known.id == participant and known.role is role for known in facts.conversation(id).participants):
                return {}
            return {Stream(Kind.CONVERSATION, id): (ParticipantJoined(at, actor, role, participant),)}
        case AddAlias(contact, alias, channel, actor):
            facts.contact(contact)
            return {Stream(Kind.CONTACT, contact): (AliasLinked(at, actor, alias, channel),)}
        case SetPresence() | SetSkills() | SetTeams() | SetCapacity():
            return change_agent(configuration, facts, command, at)
        case AddAgent():
            return add_agent(configuration, facts, command, at)
        case Configure() | Adopt():
            return configure(configuration, facts, command, at, house)
