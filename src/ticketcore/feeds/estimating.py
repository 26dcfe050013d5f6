"""How much a feed is likely to tell, for whoever shows how far it has been read."""

import os

from ticketcore.feeds.files import is_packed, open_file

_PIECE = 1 << 20
_MAIL = b"\nFrom "


def expected(path: str | os.PathLike[str]) -> int | None:
    """About how many facts the feed at a path tells: its mails, or else its lines.

    It is the entries of a folder, what looks like the beginning of a mail in an mbox, and otherwise the lines of the
    file, which is read once for it.  None where that cannot be known: packed files, and what cannot be read.
    """
    try:
        if os.path.isdir(path):
            return sum(len(names) for _, _, names in os.walk(path))
        if is_packed(path):
            return None
        return _counted(path)
    except OSError:
        return None


def _counted(path: str | os.PathLike[str]) -> int:
    if os.fspath(path).lower().endswith(".eml"):
        return 1
    with open_file(path) as file:
        piece = b"\n" + file.read(_PIECE)
        mark = _MAIL if piece.startswith(_MAIL) else b"\n"
        count = piece.count(mark) - (mark == b"\n")
        while following := file.read(_PIECE):
            overlap = piece[-len(mark) + 1 :] if len(mark) > 1 else b""
            piece = overlap + following
            count += piece.count(mark)
    return max(1, count)
