"""Feeds: files of messages and of other things that happened, as facts in the order of time.

``facts`` are the values, ``merging`` says what a feed is and makes one of several.  The feeds: ``lines`` of JSON, whose
shape is in ``shapes``; ``mbox`` and ``folders`` of mails; ``chats``.  ``opening`` finds out which of them a file is,
and ``estimating`` about how much it tells.

A file is written by anybody, so nothing that one holds raises: what cannot be read is a ``Rejection``, and the rest
goes through.
"""

from ticketcore.feeds.chats import WhatsAppChat
from ticketcore.feeds.customers import (
    AttributesFact,
    HandOverFact,
    MemberFact,
    MergeContactsFact,
    OrganisationFact,
    UnmergeContactsFact,
)
from ticketcore.feeds.estimating import expected
from ticketcore.feeds.facts import (
    Fact,
    FocusFact,
    Item,
    MessageFact,
    NoteFact,
    QuarantineFact,
    Rejection,
    Remark,
    ReplyFact,
    ResolveFact,
    TagsFact,
)
from ticketcore.feeds.folders import Maildir, MailFiles
from ticketcore.feeds.lines import JsonLines, read_fact
from ticketcore.feeds.mbox import Mbox
from ticketcore.feeds.merging import Feed, merge
from ticketcore.feeds.observed import About, AnsweredMessage, ThreadOf, TicketNumber
from ticketcore.feeds.offers import AcceptFact, DeclineFact
from ticketcore.feeds.opening import FeedSettings, Unreadable, opened
from ticketcore.feeds.people import (
    AgentAttributesFact,
    CapacityFact,
    CapacityProfileFact,
    LeaveFact,
    PresenceFact,
    ShiftsFact,
    SkillsFact,
    TeamsFact,
    WrappedUpFact,
)
from ticketcore.feeds.ties import DeleteFact, LinkFact, MergeFact, SplitFact, UnlinkFact, UnmergeFact, UnsplitFact

__all__ = [
    "About",
    "AcceptFact",
    "AgentAttributesFact",
    "AnsweredMessage",
    "AttributesFact",
    "CapacityFact",
    "CapacityProfileFact",
    "DeclineFact",
    "DeleteFact",
    "Fact",
    "Feed",
    "FeedSettings",
    "FocusFact",
    "HandOverFact",
    "Item",
    "JsonLines",
    "LeaveFact",
    "LinkFact",
    "MailFiles",
    "Maildir",
    "Mbox",
    "MemberFact",
    "MergeContactsFact",
    "MergeFact",
    "MessageFact",
    "NoteFact",
    "OrganisationFact",
    "PresenceFact",
    "QuarantineFact",
    "Rejection",
    "Remark",
    "ReplyFact",
    "ResolveFact",
    "ShiftsFact",
    "SkillsFact",
    "SplitFact",
    "TagsFact",
    "TeamsFact",
    "ThreadOf",
    "TicketNumber",
    "UnlinkFact",
    "UnmergeContactsFact",
    "UnmergeFact",
    "Unreadable",
    "UnsplitFact",
    "WhatsAppChat",
    "WrappedUpFact",
    "expected",
    "merge",
    "opened",
    "read_fact",
]
