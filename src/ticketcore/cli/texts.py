"""``ticketcore classify`` and ``ticketcore reply-text``: lines of JSON in, a line of JSON out for each."""

import gzip
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from ticketcore.classification import classify as classified
from ticketcore.cli.common import REJECTED, json_option, print_json
from ticketcore.errors import InvalidInput
from ticketcore.feeds import Rejection
from ticketcore.feeds.lines import read_lines
from ticketcore.replytext import reply_text as told_apart

Row = dict[str, object]
"""A line as it is read or written."""

lines_argument = click.argument(
    "lines_file", metavar="IN.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
"""The lines that are answered."""

out_option = click.option(
    "--out",
    "out_file",
    metavar="OUT.jsonl",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write here; packed with gzip if the name ends with .gz.",
)
"""``--out``."""


@click.command()
@lines_argument
@out_option
@json_option
def classify(lines_file: Path, out_file: Path, as_json: bool) -> None:
    """Say of each message whether it is a query or a request.

    IN.jsonl has an object with id and text in each line, as it stands or packed with gzip; other fields are ignored.
    OUT.jsonl has id, label and probability.

    Example: ticketcore classify messages.jsonl --out labels.jsonl
    """

    def answer(body: Row) -> Row:
        found = classified(_text(body))
        return {"label": found.label.value, "probability": round(found.probability, 6)}

    answer_all(lines_file, out_file, answer, as_json)


@click.command("reply-text")
@lines_argument
@out_option
@json_option
def reply_text(lines_file: Path, out_file: Path, as_json: bool) -> None:
    """Tell what was newly written in each mail from quotes and signature.

    IN.jsonl has an object with id and text in each line, as it stands or packed with gzip; other fields are ignored.
    OUT.jsonl has id, reply and signature.

    Example: ticketcore reply-text mails.jsonl --out replies.jsonl
    """

    def answer(body: Row) -> Row:
        found = told_apart(_text(body))
        return {"reply": found.reply, "signature": found.signature}

    answer_all(lines_file, out_file, answer, as_json)


def answer_all(lines_file: Path, out_file: Path, answer: Callable[[Row], Row], as_json: bool) -> None:
    """Write an answer for each line, tell of those that are rejected, and end with the code for them.

    A line has an id that is a text or a whole number.  ``answer`` raises ``InvalidInput`` for one that cannot be used.
    """

    def answered(body: Row, _: int) -> Row:
        id = body.get("id")
        if not isinstance(id, str | int) or isinstance(id, bool):
            raise InvalidInput("id", "must be a text or a whole number")
        return {"id": id, **answer(body)}

    written = rejected = 0
    with _whole(out_file) as out:
        for row in read_lines(lines_file, answered):
            if isinstance(row, Rejection):
                rejected += 1
                where = row.source if row.line is None else f"{row.source}:{row.line}"
                click.echo(f"{where}: {row.field}: {row.reason}", err=True)
            else:
                written += 1
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    if as_json:
        print_json({"written": written, "rejected": rejected, "out": str(out_file)})
    else:
        click.echo(f"{out_file}: {written} written, {rejected} rejected")
    if rejected:
        sys.exit(REJECTED)


def _text(body: Row) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        raise InvalidInput("text", "must be a text")
    return text


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """A file that is put in its place when all of it is written, so that it is never there in part."""
    part = path.with_name(f".{path.name}.part")
    try:
        with io.TextIOWrapper(
            gzip.open(part, "wb") if path.suffix == ".gz" else part.open("wb"),
            encoding="utf-8",
            errors="backslashreplace",  # half a pair of surrogates is written as JSON escapes it
            newline="\n",
        ) as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
