"""What is counted for the limits: the tally of a sender, and that of a subject whatever its numbers and tokens."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from ticketcore.model import Action, Alias, Cause, Configuration, Limit, Per, Tally

_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_PREFIX = re.compile(r"\b\w{1,5}\s?[:\uff1a]")
_TOKEN = re.compile(r"[a-z_-]*[0-9][0-9a-z_-]*|[a-z]{16,}")
_WORDS = re.compile(r"[^\W\d_]+")
_MAX_SUBJECT = 500


def fingerprint(subject: str) -> str:
    """What stays of a subject when the same thing is said once more of another ticket: words without numbers, tokens,
    what stands in brackets, and the prefixes of answers wherever they stand.  Linear in its first 500 characters; empty
    for none.

    >>> fingerprint("Re: AW: [Desk #4711] Your request 2026-03-02/17 was received")
    'your request was received'
    >>> fingerprint("#4712"), fingerprint("")
    ('#', '')
    """
    text = unicodedata.normalize("NFKC", subject[:_MAX_SUBJECT]).casefold()
    words = _WORDS.findall(_TOKEN.sub(" ", _PREFIX.sub(" ", _BRACKETED.sub(" ", text))))
    return " ".join(words) or ("#" if subject.strip() else "")


def tallies(
    configuration: Configuration, action: Action, alias: Alias, account: str, subject: str
) -> Mapping[str, Limit]:
    """The ids of the tallies that count an action which a message brings about, each with its limit.

    ``alias`` is its sender's address.  A message without a subject counts for its sender only.
    """
    found = {}
    for limit in configuration.limits:
        if limit.action is action:
            said = fingerprint(subject) if limit.per is Per.SUBJECT else alias.address
            if said:
                within = account if limit.per is Per.SUBJECT else alias.account
                counted = "\0".join((limit.id, alias.channel, within, said))
                found[sha256(counted.encode(errors="surrogatepass")).hexdigest()[:32]] = limit
    return found


def exceeded(counted: Mapping[str, Limit], known: Mapping[str, Tally], at: datetime) -> Limit | None:
    """The first limit that is reached already; None for one that leaves room.  ``known`` are the tallies by id."""
    for id, limit in counted.items():
        tally = known.get(id)
        if tally is not None and tally.within(limit.period, at) >= limit.at_most:
            return limit
    return None


def cause_of(limit: Limit) -> Cause:
    """Why a message is held back that would go beyond the limit."""
    if limit.per is Per.SUBJECT:
        return Cause.LIKELY_LOOP
    return Cause.TOO_MANY_REOPENS if limit.action is Action.REOPEN else Cause.TOO_MANY_TICKETS
