"""``ticketcore segment`` and ``ticketcore thread``: streams and lists of messages in, where each belongs out."""

import re
from datetime import UTC, datetime
from pathlib import Path

import attrs
import click

from ticketcore.cli.common import json_option
from ticketcore.cli.texts import Row, answer_all, lines_argument, out_option
from ticketcore.errors import InvalidInput
from ticketcore.segmenting import Mail, Said, segmented, threaded

_DAY = 86_400.0
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")


@click.command()
@lines_argument
@out_option
@click.option("--batch", is_flag=True, help="Tell turns of topic with the whole stream at hand, as for a history.")
@json_option
def segment(lines_file: Path, out_file: Path, batch: bool, as_json: bool) -> None:
    """Say of each message of each stream which ticket it is for.

    IN.jsonl has an object with id and messages in each line, as it stands or packed with gzip; a message has text, and
    may have t, role, channel, reply_to, resolved, speaker, clock and system. Other fields are ignored. OUT.jsonl has id
    and pred, a number for each message: those of one ticket have the same.

    Example: ticketcore segment streams.jsonl --out tickets.jsonl
    """

    def answer(body: Row) -> Row:
        return {"pred": segmented(stream_of(body), batch=batch)}

    answer_all(lines_file, out_file, answer, as_json)


@click.command()
@lines_argument
@out_option
@json_option
def thread(lines_file: Path, out_file: Path, as_json: bool) -> None:
    """Say of each mail of a list which thread it belongs to, also where headers are missing.

    IN.jsonl has an object with id and messages in each line, as it stands or packed with gzip; a message has
    message_id, in_reply_to, references, subject, sender, date and text, of which all but text may be missing.
    OUT.jsonl has id and pred, a number for each message: those of one thread have the same.

    Example: ticketcore thread mails.jsonl --out threads.jsonl
    """

    def answer(body: Row) -> Row:
        return {"pred": threaded([_mail(each, path) for each, path in _listed(body)])}

    answer_all(lines_file, out_file, answer, as_json)


def _mail(message: object, path: str) -> Mail:
    read = _Fields(message, path)
    return Mail(
        message_id=read.text("message_id"),
        text=read.text("text"),
        subject=read.text("subject"),
        sender=read.text("sender"),
        at=read.instant("date"),
        in_reply_to=read.text("in_reply_to"),
        references=read.texts("references"),
    )


def _listed(body: Row) -> list[tuple[object, str]]:
    """The messages of a line, each with its path; ``utterances`` may stand in their place."""
    found = body.get("messages", body.get("utterances"))
    if not isinstance(found, list):
        raise InvalidInput("messages", "must be a list")
    return [(each, f"messages[{at}]") for at, each in enumerate(found)]


def stream_of(body: Row) -> list[Said]:
    """The messages of a stream as a line has them.  ``InvalidInput`` names the field that cannot be used.

    A clock that goes back by half a day and more has begun another day.
    """
    found: list[Said] = []
    last, days = 0.0, 0.0
    for message, path in _listed(body):
        said = _said(message, path)
        if said.at is not None:
            days += _DAY if said.at < _DAY and said.at + days < last - _DAY / 2 else 0.0
            last = said.at + (days if said.at < _DAY else 0.0)
            said = attrs.evolve(said, at=last)
        found.append(said)
    return found


def _said(message: object, path: str) -> Said:
    if isinstance(message, str):
        return Said(message, role="")
    read = _Fields(message, path)
    at = read.instant("t")
    return Said(
        read.text("text"),
        at=read.clock() if at is None else at,
        role="system" if read.flag("system") else read.text("role"),
        channel=read.text("channel"),
        reply_to=read.place("reply_to"),
        resolved=read.flag("resolved"),
        speaker=read.text("speaker"),
    )


class _Fields:
    """The fields of a message, checked."""

    def __init__(self, message: object, path: str) -> None:
        if not isinstance(message, dict):
            raise InvalidInput(path, "must be an object")
        self._message = message
        self._path = path

    def _wrong(self, name: str, reason: str) -> InvalidInput:
        return InvalidInput(f"{self._path}.{name}", reason)

    def text(self, name: str) -> str:
        value = self._message.get(name)
        if value is None and name != "text":
            return ""
        if not isinstance(value, str):
            raise self._wrong(name, "must be a text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._message.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(name, "must be a list of texts")
        return tuple(value)

    def flag(self, name: str) -> bool:
        return self._message.get(name) is True

    def place(self, name: str) -> int | None:
        value = self._message.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self._wrong(name, "must be a whole number")
        return value

    def instant(self, name: str) -> float | None:
        """An instant in seconds, in UTC if it has no offset."""
        said = self.text(name)
        if not said:
            return None
        try:
            at = datetime.fromisoformat(said)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            raise self._wrong(name, "must be an instant as in ISO 8601") from None

    def clock(self) -> float | None:
        """The time of day in seconds."""
        said = self.text("clock")
        if not said:
            return None
        found = _CLOCK.fullmatch(said)
        if found is None:
            raise self._wrong("clock", "must be hours and minutes, as in 09:30")
        return int(found[1]) * 3600.0 + int(found[2]) * 60.0
