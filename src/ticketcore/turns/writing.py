"""The words and files of a message, on their way into Text records and attachments."""

from collections.abc import Sequence

from ticketcore.model import Attachment, Blob, File, Text
from ticketcore.model.values import making
from ticketcore.turns.work import Ids

_text = making(Text)


class Words:
    """Gives each text that is written an id, and keeps the texts for the commit.  Empty ones are not kept."""

    def __init__(self, ids: Ids, key: str) -> None:
        self._ids = ids
        self._key = key
        self.texts: list[Text] = []

    def add(self, role: str, words: str, id: str | None = None) -> str | None:
        """The id of the Text with these words, which are the message's ``role``: ``id``, or else a new one."""
        if not words:
            return None
        text = _text(id or self._ids("text", f"{self._key}/{role}"), 1, words)
        self.texts.append(text)
        return text.id

    def attributes(self, given: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The names of attributes with the ids of what was worded for them."""
        if not given:
            return ()
        ids = ((name, self.add(f"attribute/{name}", value)) for name, value in given)
        return tuple((name, id) for name, id in ids if id is not None)

    def attach(self, files: Sequence[File], blobs: Sequence[Blob]) -> tuple[Attachment, ...]:
        """The files as attachments whose contents are the blobs."""
        kept = enumerate(zip(files, blobs, strict=True))
        return tuple([Attachment(blob, file.media_type, self.add(f"file{i}", file.name)) for i, (file, blob) in kept])
