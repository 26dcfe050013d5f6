"""All messages of a stream at once, as an import of history has them."""

from collections.abc import Sequence

from ticketcore.segmenting.chats import GroupChat
from ticketcore.segmenting.deciding import Contact
from ticketcore.segmenting.recent import Said
from ticketcore.segmenting.topics import topics, whole_topics


def segmented(messages: Sequence[Said], *, batch: bool = False) -> list[int]:
    """The ticket, conversation or topic of each message: those of one have the same number.

    As in a group chat where messages name their speakers, as one contact's where they have roles or times, else by the
    turns of topic that the words tell.  Each is decided from itself and those before it; with ``batch``, turns of topic
    are decided with the whole stream at hand.
    """
    if any(each.speaker for each in messages):
        chat = GroupChat()
        return [chat.decide(each).ticket for each in messages]
    if any(each.role or each.at is not None for each in messages):
        contact = Contact()
        return [contact.decide(each).ticket for each in messages]
    texts = [each.text for each in messages]
    return whole_topics(texts) if batch else topics(texts)
