"""What can be asked of a desk.  A command is imperative and may be refused; ``ticketcore.decide`` holds the rules.

Those in ``Command`` are for everybody, through ``Desk.handle``.  Those in ``Step`` are what a turn asks of the
rules on its way from a message to a commit; they speak of ids that the turn has given out.

In each, ``actor`` is who asks.  A ``Command`` that cannot be used is ``InvalidInput`` naming the field, already when it
is made; what is refused, and why, turns out when it is handled.
"""

import attrs

from ticketcore.checks import (
    as_tuple,
    each,
    instance,
    is_name,
    is_optional_name,
    is_words,
    member,
    names,
)
from ticketcore.commands.about import StateMove, TicketCommand
from ticketcore.commands.attribute_steps import AttributeStep, ChangeAttributes, PassOn, TurnAsynchronous
from ticketcore.commands.attributes import HandOver, SetAttributes
from ticketcore.commands.customers import (
    CustomerCommand,
    DescribeContact,
    LinkAlias,
    MergeContacts,
    NameOrganisation,
    SetOrganisation,
    UnmergeContacts,
)
from ticketcore.commands.held import (
    AcceptMessage,
    Acknowledge,
    Count,
    Dispute,
    HeldCommand,
    HeldStep,
    HoldBack,
    LetGo,
    NoteAnswer,
    NoteBounce,
    RejectMessage,
    Verify,
    Weigh,
)
from ticketcore.commands.offers import AcceptOffer, DeclineOffer, EndOffer, Forgive, MakeOffer, OfferCommand, OfferStep
from ticketcore.commands.people import (
    AgentCommand,
    EndWrapUp,
    FinishWrapUps,
    FollowShift,
    SetAgentAttributes,
    SetCapacity,
    SetCapacityProfile,
    SetLeave,
    SetPresence,
    SetShifts,
    SetSkills,
    SetTeams,
)
from ticketcore.commands.routing_steps import Escalate, GiveUp, Part, RoutingStep
from ticketcore.commands.steps import (
    AddAlias,
    AddContact,
    AddMessage,
    Adopt,
    DropAlarm,
    Join,
    KeepMessage,
    Migrate,
    OpenTicket,
    Place,
    Release,
    RemindNow,
    Route,
    StartConversation,
    Step,
    TalkOf,
)
from ticketcore.commands.tie_steps import Erase, JoinAgain, Rise, SplitOff, TellLinked, TieStep, Wake
from ticketcore.commands.ties import Delete, Link, Merge, Split, TieCommand, Unlink, Unmerge, Unsplit
from ticketcore.commands.timed import Pend, Remind, Snooze
from ticketcore.errors import InvalidInput
from ticketcore.model import (
    Actor,
    AgentProfile,
    Configuration,
    File,
    Move,
    Priority,
)
from ticketcore.model.ticket import as_move, as_priority
from ticketcore.model.values import quick

__all__ = [
    "AcceptMessage",
    "AcceptOffer",
    "Acknowledge",
    "AddAgent",
    "AddAlias",
    "AddContact",
    "AddMessage",
    "Adopt",
    "AgentCommand",
    "Assign",
    "AttributeStep",
    "ChangeAttributes",
    "Close",
    "Command",
    "Configure",
    "Count",
    "CustomerCommand",
    "DeclineOffer",
    "Delete",
    "DescribeContact",
    "Dispute",
    "DropAlarm",
    "EndOffer",
    "EndWrapUp",
    "Erase",
    "Escalate",
    "FinishWrapUps",
    "Focus",
    "FollowShift",
    "Forgive",
    "GiveUp",
    "HandOver",
    "HeldCommand",
    "HeldStep",
    "Hold",
    "HoldBack",
    "Join",
    "JoinAgain",
    "KeepMessage",
    "LetGo",
    "Link",
    "LinkAlias",
    "MakeOffer",
    "Merge",
    "MergeContacts",
    "Migrate",
    "NameOrganisation",
    "Note",
    "NoteAnswer",
    "NoteBounce",
    "OfferCommand",
    "OfferStep",
    "OpenTicket",
    "Part",
    "PassOn",
    "Pend",
    "Place",
    "RejectMessage",
    "Release",
    "Remind",
    "RemindNow",
    "Reopen",
    "Reply",
    "Resume",
    "Rise",
    "Route",
    "RoutingStep",
    "SetAgentAttributes",
    "SetAttributes",
    "SetCapacity",
    "SetCapacityProfile",
    "SetLeave",
    "SetOrganisation",
    "SetPresence",
    "SetPriority",
    "SetShifts",
    "SetSkills",
    "SetTags",
    "SetTeams",
    "Snooze",
    "Solve",
    "Split",
    "SplitOff",
    "StartConversation",
    "StateCommand",
    "StateMove",
    "Step",
    "TalkOf",
    "TellLinked",
    "TicketCommand",
    "TieCommand",
    "TieStep",
    "Transfer",
    "TurnAsynchronous",
    "Unassign",
    "Unfocus",
    "Unlink",
    "Unmerge",
    "UnmergeContacts",
    "Unsplit",
    "Verify",
    "Wake",
    "Weigh",
]


@quick
@attrs.frozen
class Reply(TicketCommand):
    """Answer the customer with ``text``, ``attachments``, or both.

    ``then`` moves the ticket in the same breath: pend, hold or solve.  ``external_id`` is the provider's id of a reply
    that has been sent already, as when it is imported: it is owed to nobody, and other messages may answer it.
    """

    text: str = attrs.field(validator=is_words)
    attachments: tuple[File, ...] = attrs.field(default=(), converter=as_tuple, validator=each(File))
    then: Move | None = attrs.field(default=None, converter=as_move, validator=attrs.validators.optional(member(Move)))

    external_id: str | None = attrs.field(default=None, validator=is_optional_name)

    def __attrs_post_init__(self) -> None:
        if self.then not in (None, Move.PEND, Move.HOLD, Move.SOLVE):
            raise InvalidInput("Reply.then", f"must be pend, hold or solve, not {self.then}")


@quick
@attrs.frozen
class Note(TicketCommand):
    """Write down something that only agents see: ``text``, ``attachments``, or both."""

    text: str = attrs.field(validator=is_words)
    attachments: tuple[File, ...] = attrs.field(default=(), converter=as_tuple, validator=each(File))


@quick
@attrs.frozen
class Assign(TicketCommand):
    """Give the ticket to ``agent``; one at capacity is refused unless ``over_capacity``.

    With ``unless_taken`` it is refused when somebody else has the ticket, as for an agent who claims what waits.
    """

    agent: str = attrs.field(validator=is_name)
    over_capacity: bool = False
    unless_taken: bool = False


@quick
@attrs.frozen
class Unassign(TicketCommand):
    """Take the ticket from its agent; it goes back to its queue with the age it had there."""


@quick
@attrs.frozen
class Transfer(TicketCommand):
    """Put the ticket into another ``queue``; its agent loses it."""

    queue: str = attrs.field(validator=is_name)


@quick
@attrs.frozen
class Hold(StateMove):
    """Wait for somebody who is not the customer."""


@quick
@attrs.frozen
class Resume(StateMove):
    """Go on working after a wait."""


@quick
@attrs.frozen
class Solve(StateMove):
    """Say that the customer has what they asked for."""


@quick
@attrs.frozen
class Reopen(StateMove):
    """Take up a solved ticket again."""


@quick
@attrs.frozen
class Close(StateMove):
    """End the ticket for good: solved, or never to be worked on."""


@quick
@attrs.frozen
class SetTags(TicketCommand):
    """Add tags, ``add``, and take tags away, ``remove``; one that is in both is taken away."""

    add: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    remove: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)


@quick
@attrs.frozen
class SetPriority(TicketCommand):
    """Rate the ticket with a ``priority``; 1 to 4 will do.  None takes it away, which most workflows refuse."""

    priority: Priority | None = attrs.field(
        converter=as_priority, validator=attrs.validators.optional(member(Priority))
    )


@attrs.frozen
class AddAgent:
    """Somebody joins the desk, as their ``profile`` says."""

    profile: AgentProfile = attrs.field(validator=instance(AgentProfile))
    actor: Actor = attrs.field(validator=instance(Actor))


@attrs.frozen
class Configure:
    """Follow another ``configuration``.  Agents that it declares and the desk does not know join; nobody leaves.

    It is refused while tickets are in a state that it has not for them, unless the ``replaces`` of their workflow says
    where they go: then they do.
    """

    configuration: Configuration = attrs.field(validator=instance(Configuration))
    actor: Actor = attrs.field(validator=instance(Actor))


@quick
@attrs.frozen
class Focus(TicketCommand):
    """The acting agent opens the ticket to work on it; the time until they leave it counts as handling time."""


@quick
@attrs.frozen
class Unfocus(TicketCommand):
    """The acting agent leaves the ticket that they had open, with whatever they had to wrap up done."""


StateCommand = Pend | Hold | Resume | Solve | Reopen | Close
"""The commands that only move a ticket from one state to another."""

Command = (
    Reply
    | Note
    | Assign
    | Unassign
    | Transfer
    | StateCommand
    | SetTags
    | SetPriority
    | Focus
    | Unfocus
    | TieCommand
    | SetAttributes
    | HandOver
    | Snooze
    | Remind
    | OfferCommand
    | SetPresence
    | SetSkills
    | SetTeams
    | SetCapacity
    | SetCapacityProfile
    | SetShifts
    | SetLeave
    | EndWrapUp
    | SetAgentAttributes
    | AddAgent
    | CustomerCommand
    | Configure
    | HeldCommand
)
"""What ``Desk.handle`` takes."""
