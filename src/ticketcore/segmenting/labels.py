"""What agents made of a contact's tickets, as a stream that segmenting can be learned from."""

from collections.abc import Callable, Iterable, Mapping

from ticketcore.model import Message, MessageKind

_ROLES = {MessageKind.CUSTOMER: "customer", MessageKind.AGENT: "agent", MessageKind.BOT: "agent"}


def labelled(
    id: str, messages: Iterable[Message], words: Mapping[str, str], now_in: Callable[[str], str]
) -> dict[str, object]:
    """A line of JSON for ``bench.train_segments --also``: what was said to and by one contact, and in which tickets.

    ``messages`` are those of all the contact's tickets, in any order; notes, and what is in no ticket, are left out.
    ``words`` are those of their texts, by id.  ``now_in`` says of a ticket which one it is now, as ``Desk.resolve``
    does, so that tickets that an agent merged count as one, and messages that were split off as what they became.
    """
    said = sorted(
        (each for each in messages if each.ticket is not None and each.kind in _ROLES),
        key=lambda each: (each.received_at, each.id),
    )
    place = {each.provider_id.id: at for at, each in enumerate(said) if each.provider_id is not None}
    lines = []
    for at, each in enumerate(said):
        line: dict[str, object] = {
            "t": each.received_at.isoformat(),
            "role": _ROLES[each.kind],
            "text": "" if each.text is None else words[each.text],
        }
        answered = [place[id] for id in each.reply_to if place.get(id, at) < at]
        if answered:
            line["reply_to"] = answered[0]
        lines.append(line)
    gold = [now_in(each.ticket) for each in said if each.ticket is not None]
    return {"id": id, "source": "corrections", "messages": lines, "gold": gold}
