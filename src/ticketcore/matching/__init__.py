"""Which ticket a message names, how far that is to be believed, and what a machine may bring about.

``naming`` reads what a message says, each matcher its own place; ``tokens`` makes and checks what nobody can make up;
``trust`` says what may come of it, and why a message is held back; ``machines`` tells what may come of a message that
no person wrote, and ``counting`` what is counted against loops of machines that do not say so.
"""

from ticketcore.matching.counting import cause_of, exceeded, fingerprint, tallies
from ticketcore.matching.machines import PERSON, machine_verdict
from ticketcore.matching.naming import MAX_ANSWERED, NamedTicket, Names, names_in
from ticketcore.matching.tokens import Key, Keyring, ReplyToken, Tokens, read_token
from ticketcore.matching.trust import disagree, doubt, may_count

__all__ = [
    "MAX_ANSWERED",
    "PERSON",
    "Key",
    "Keyring",
    "NamedTicket",
    "Names",
    "ReplyToken",
    "Tokens",
    "cause_of",
    "disagree",
    "doubt",
    "exceeded",
    "fingerprint",
    "machine_verdict",
    "may_count",
    "names_in",
    "read_token",
    "tallies",
]
