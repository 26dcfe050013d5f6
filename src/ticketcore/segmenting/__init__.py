"""Which ticket each message of a stream is for: it continues one, returns to an older one, or opens one.

What speaks for it are features with names, from the words, the times and the state of the contact's recent tickets;
what they are worth was learned once and is frozen in the package.
"""

from ticketcore.segmenting.chats import GroupChat
from ticketcore.segmenting.deciding import Contact, Decided, Moved, Option, Weights
from ticketcore.segmenting.labels import labelled
from ticketcore.segmenting.likeness import Likeness
from ticketcore.segmenting.recent import Said
from ticketcore.segmenting.streams import segmented
from ticketcore.segmenting.threads import Mail, threaded

__all__ = [
    "Contact",
    "Decided",
    "GroupChat",
    "Likeness",
    "Mail",
    "Moved",
    "Option",
    "Said",
    "Weights",
    "labelled",
    "segmented",
    "threaded",
]
