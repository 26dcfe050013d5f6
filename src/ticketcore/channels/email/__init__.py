"""E-mail: any bytes that came as a mail, to a message for a desk.

``channel`` is what a host uses, ``reading`` and ``values`` a mail and what was odd about it.  Beneath them, each with
one subject: ``entities`` takes a mail apart, ``blocks`` reads header fields and ``fields`` their values,
``addresses``, ``charsets`` and ``transfer`` what they say, ``contents`` and ``hypertext`` give the text that a person
reads, ``machine`` tells mail that nobody wrote.

Mail is written by anybody, so nothing here raises on any bytes, and all of it is linear in their number.
"""

from ticketcore.channels.email.channel import Decoded, EmailChannel, Rejected
from ticketcore.channels.email.reading import read_mail
from ticketcore.channels.email.values import Delivery, Limits, Machine, Mail, Note, Part, Role, Sign

__all__ = [
    "Decoded",
    "Delivery",
    "EmailChannel",
    "Limits",
    "Machine",
    "Mail",
    "Note",
    "Part",
    "Rejected",
    "Role",
    "Sign",
    "read_mail",
]
