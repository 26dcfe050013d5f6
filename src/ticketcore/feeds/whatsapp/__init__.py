"""Reading the chat that WhatsApp's "export chat" writes as a text file.

The format has no specification, so what is read here is what phones were seen to write: in
``test/whatsapp/testlog.txt`` of github.com/joweich/chat-miner, ``tests/parser`` and ``src/lib/parser`` of
github.com/rodrigogs/whats-reader, github.com/mrmelon54/WhatsAppExportViewer-v0/issues/2 (iPhone),
github.com/lucasrodes/whatstk/issues/139 (the group's name as the sender, ``~`` before a name),
github.com/dimagi/open-chat-studio/issues/221 (year first), and github.com/nmoya/whatsapp-parser/issues/4 (old
versions).  The words are in ``wording``, the shapes of dates in ``stamps``, the choice among their orders in ``dates``.

Pure: a text and a time zone come in, values come out.
"""

from ticketcore.feeds.whatsapp.reading import read_export
from ticketcore.feeds.whatsapp.values import DateOrder, Entry, EntryKind, Export, Note, Rejected

__all__ = ["DateOrder", "Entry", "EntryKind", "Export", "Note", "Rejected", "read_export"]
