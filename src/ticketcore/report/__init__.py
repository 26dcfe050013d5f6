"""What became of a desk's messages and work: figures from its history, and the most interesting of them in words.

``gather`` reads the history of a tenant once; ``highlights`` says what stands out.  Both need nothing but ticketcore.
``ticketcore.report.page.render`` makes a page to look at, and needs the extra ``report``.  No words of a customer and
no address is in any of it: figures come from events and from the configuration.
"""

from ticketcore.report.figures import (
    AgentFigures,
    Breakdown,
    ChannelTimes,
    Counted,
    Counts,
    Figures,
    MissingSkill,
    OpenTickets,
    Percentiles,
    Promise,
    QueueWaits,
    Rejected,
    Return,
    Speed,
    TagGrowth,
    Volume,
    Waiting,
    WaitingGroup,
    Work,
)
from ticketcore.report.gathering import gather
from ticketcore.report.highlights import highlights

__all__ = [
    "AgentFigures",
    "Breakdown",
    "ChannelTimes",
    "Counted",
    "Counts",
    "Figures",
    "MissingSkill",
    "OpenTickets",
    "Percentiles",
    "Promise",
    "QueueWaits",
    "Rejected",
    "Return",
    "Speed",
    "TagGrowth",
    "Volume",
    "Waiting",
    "WaitingGroup",
    "Work",
    "gather",
    "highlights",
]
