"""The turn that lists what is in quarantine, with what it says."""

from collections.abc import Mapping

import attrs

from ticketcore.checks import as_member
from ticketcore.errors import InvalidInput
from ticketcore.model import Fate, Kind, Message, Quarantine, Ref
from ticketcore.ports import Condition, Cursor, Query
from ticketcore.turns.reading import words
from ticketcore.turns.requests import Turn, load, page_of


@attrs.frozen
class HeldPage:
    """Some messages of quarantine, ``held``, the one that came first before all others.

    ``texts`` are what they say, by the ids of the messages; ``next`` is where the next page begins, None when there is
    none.
    """

    held: tuple[Quarantine, ...]
    texts: Mapping[str, str]
    next: Cursor | None


def held(fate: Fate | str, ticketless: bool, after: Cursor | None, limit: int) -> Turn[HeldPage]:
    """One page of messages of this fate.  ``InvalidInput`` for what is no fate, and for a limit out of range."""
    known = as_member(Fate, fate)
    if not isinstance(known, Fate):
        raise InvalidInput("fate", f"must be one of {', '.join(Fate)}, not {fate!r}")
    where: dict[str, Condition] = {"fate": known.value, "ticket": None} if ticketless else {"fate": known.value}
    page = yield from page_of(Query(Kind.QUARANTINE, where, "held_at", after=after, limit=limit))
    found = tuple(one for one in page.values if isinstance(one, Quarantine))
    loaded = yield from load(tuple(Ref(Kind.MESSAGE, one.id) for one in found))
    messages = [one for one in loaded if isinstance(one, Message)]
    said = yield from words(message.text for message in messages)
    return HeldPage(found, {one.id: said.get(one.text or "", "") for one in messages}, page.next)
