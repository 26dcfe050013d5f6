"""Feeds: files of messages and of other things that happened, as facts in the order of time.

``facts`` are the values, ``lines`` a feed of JSON, whose shape is in ``shapes``.

A file is written by anybody, so nothing that one holds raises: what cannot be read is a ``Rejection``, and the rest
goes through.
"""

from ticketcore.feeds.facts import (
    About,
    AnsweredMessage,
    Fact,
    FocusFact,
    Item,
    MessageFact,
    NoteFact,
    PresenceFact,
    Rejection,
    Remark,
    ReplyFact,
    ResolveFact,
    SkillsFact,
    TagsFact,
    TeamsFact,
    ThreadOf,
    TicketNumber,
)
from ticketcore.feeds.lines import JsonLines, read_fact

__all__ = [
    "About",
    "AnsweredMessage",
    "Fact",
    "FocusFact",
    "Item",
    "JsonLines",
    "MessageFact",
    "NoteFact",
    "PresenceFact",
    "Rejection",
    "Remark",
    "ReplyFact",
    "ResolveFact",
    "SkillsFact",
    "TagsFact",
    "TeamsFact",
    "ThreadOf",
    "TicketNumber",
    "read_fact",
]
