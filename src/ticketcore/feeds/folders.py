"""Facts from mails that are a file each: a Maildir, ``.eml`` files, or a folder of them."""

import os
from collections.abc import Iterable, Iterator
from functools import partial

import attrs

from ticketcore.channels.email import EmailChannel
from ticketcore.feeds.facts import Item, Rejection, Remark
from ticketcore.feeds.files import open_file, shown_path, unread
from ticketcore.feeds.mails import Found, head_of, item_of, turns

_MAILDIR = ("cur", "new")


def is_maildir(path: str | os.PathLike[str]) -> bool:
    """Whether the folder has the three folders of a Maildir (cr.yp.to/proto/maildir.html)."""
    return all(os.path.isdir(os.path.join(path, name)) for name in ("cur", "new", "tmp"))


def _paths(value: Iterable[str | os.PathLike[str]] | str | os.PathLike[str]) -> tuple[str | os.PathLike[str], ...]:
    return (value,) if isinstance(value, str | os.PathLike) else tuple(value)


@attrs.frozen
class Maildir:
    """The mails in the Maildir at ``path``, new and seen, as ``channel`` reads them.

    Memory: one mail, and a name and a date for each.  Mails of one instant, and those without a date, are in the
    order of their file names, which begin with when they were delivered.
    """

    path: str | os.PathLike[str]
    channel: EmailChannel

    @property
    def name(self) -> str:
        """The path as it was given."""
        return shown_path(self.path)

    def facts(self) -> Iterator[Item]:
        """A message or reply for each mail in the order of time, or why it is none."""
        try:
            folders = [os.path.join(self.path, name) for name in _MAILDIR]
            files = sorted((name, folder) for folder in folders for name in os.listdir(folder))
        except (OSError, ValueError) as error:
            yield unread(self.path, error)
            return
        yield from _facts([os.path.join(folder, name) for name, folder in files if name[0] != "."], self.channel)


@attrs.frozen
class MailFiles:
    """The mails in ``paths``: files of one mail each, or folders of them, as ``channel`` reads them.

    In a folder, files that end in ``.eml`` are mails, sorted by name; all else in it is named and skipped.  Memory:
    one mail, and a name and a date for each.
    """

    paths: tuple[str | os.PathLike[str], ...] = attrs.field(converter=_paths)
    channel: EmailChannel

    @property
    def name(self) -> str:
        """The first path as it was given, and how many others there are."""
        first = shown_path(self.paths[0]) if self.paths else "no mails"
        return first if len(self.paths) < 2 else f"{first} and {len(self.paths) - 1} more"

    def facts(self) -> Iterator[Item]:
        """A message or reply for each mail in the order of time, or why it is none."""
        mails: list[str] = []
        for given in self.paths:
            path = os.fspath(given)
            if not os.path.isdir(path):
                mails.append(path)
                continue
            try:
                within = [os.path.join(path, name) for name in sorted(os.listdir(path))]
            except OSError as error:
                yield unread(path, error)
                continue
            mails += filter(_is_mail, within)
            if not within:
                yield Remark(shown_path(path), None, "file", "skipped: it is an empty folder")
            yield from (_other(entry) for entry in within if not _is_mail(entry))
        yield from _facts(mails, self.channel)


def _is_mail(path: str) -> bool:
    return path.lower().endswith(".eml")


def _other(path: str) -> Remark:
    reason = "is a folder in a folder of mails" if os.path.isdir(path) else "does not end in .eml, as mails do"
    return Remark(shown_path(path), None, "file", f"skipped: {reason}; name it by itself to read it")


def _facts(paths: Iterable[str], channel: EmailChannel) -> Iterator[Item]:
    found = []
    for path in paths:
        try:
            with open_file(path) as file:
                head = head_of(file.read(channel.limits.header_bytes), channel.limits)
        except OSError as error:
            yield unread(path, error)
        else:
            found.append(Found(shown_path(path), None, head, partial(_raw, path, channel.limits.size)))
    order = turns([mail.head for mail in found])
    if not order:
        reason = "neither this mail nor one beside it has a date, so there is no telling when it came"
        yield from (Rejection(mail.source, None, "date", reason) for mail in found)
    for at, place in order:
        yield from item_of(found[place], at, channel)


def _raw(path: str, limit: int) -> bytes | Rejection:
    try:
        with open_file(path) as file:
            return file.read(limit + 1)
    except OSError as error:
        return unread(path, error)
