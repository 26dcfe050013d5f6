"""What every event is."""

from datetime import datetime
from typing import ClassVar

import attrs

from ticketcore.model.identifiers import Actor, Kind


@attrs.frozen(weakref_slot=False)
class Event:
    """Something that happened at an instant, done by somebody.

    ``at`` is when, in UTC; ``actor`` is who did it.  ``STREAM`` is the kind of thing in whose history it stands, and
    ``SCHEMA`` the version of its shape.
    """

    STREAM: ClassVar[Kind]
    SCHEMA: ClassVar[int] = 1

    at: datetime
    actor: Actor
