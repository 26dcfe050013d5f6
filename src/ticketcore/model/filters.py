"""What can keep a ticket from an agent, and how many agents it kept it from."""

from enum import StrEnum

import attrs


class Filter(StrEnum):
    """What can exclude an agent from a ticket, in the order in which it is asked.

    ``TEAM``: they do not serve its queue.  ``SKILLS``: they lack one that it needs.  ``EXCLUDED``: it was taken from
    them, or they declined it.  ``PRESENCE``: they are not available.  ``CAPACITY``: they have no units left.
    ``CHANNEL_LIMIT`` and ``QUEUE_LIMIT``: they have as many tickets of its channel, or from its queue, as they take.
    ``EXCLUSIVE``: it, or what they have, goes with nothing else.  ``DAILY_CAP``: they were given their share of the
    day.  ``RATE``: that of the period.  ``AFFINITY``: it waits for an agent of its own.  ``GUARD``: a rule of its
    workflow keeps it from everybody.
    """

    TEAM = "team"
    SKILLS = "skills"
    EXCLUDED = "excluded"
    PRESENCE = "presence"
    CAPACITY = "capacity"
    CHANNEL_LIMIT = "channel_limit"
    QUEUE_LIMIT = "queue_limit"
    EXCLUSIVE = "exclusive"
    DAILY_CAP = "daily_cap"
    RATE = "rate"
    AFFINITY = "affinity"
    GUARD = "guard"


BOUNDS = (
    Filter.CAPACITY,
    Filter.CHANNEL_LIMIT,
    Filter.QUEUE_LIMIT,
    Filter.EXCLUSIVE,
    Filter.DAILY_CAP,
    Filter.RATE,
)
"""What of how much an agent takes keeps a ticket from one who is there and may have it, in the order in which it is
asked.
"""


@attrs.frozen
class Excluded:
    """How many ``agents`` one ``filter`` removed, of those that the filters before it had left."""

    filter: Filter
    agents: int
