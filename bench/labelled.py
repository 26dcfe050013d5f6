"""Labelled texts that ``TICKETCORE_DATA`` names, the commands that answer about them, and the scorers beside them.

Nothing of the data is in this project.  Where it is absent, a bench says so and does nothing.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("TICKETCORE_DATA", Path(__file__).parents[2] / "shared" / "data"))
QUERIES = DATA / "query_request" / "dev" / "queries.jsonl.gz"
QUERY_SCORER = DATA / "query_request" / "score_query.py"
STREAMS = DATA / "segmentation" / "dev" / "streams.jsonl.gz"
CHATS = DATA / "segmentation" / "dev" / "irc-dev.jsonl.gz"
STREAM_SCORER = DATA / "segmentation" / "score.py"
CHAT_SCORER = DATA / "segmentation" / "score_irc.py"
MAILS = DATA / "threading" / "dev" / "threads.jsonl.gz"
REPLIES = DATA / "email" / "dev" / "reply_strip_dev.jsonl.gz"
REPLY_SCORER = DATA / "email" / "score_reply.py"

Row = Mapping[str, Any]
"""A line of the data."""


def absent(path: Path) -> bool:
    """Whether the data is not there, which is then said."""
    if not path.is_file():
        print(f"skipped: no such file at TICKETCORE_DATA: {path}", file=sys.stderr)
    return not path.is_file()


def rows(path: Path) -> list[Row]:
    """The lines of a packed file of the data."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def answered(command: str, path: Path) -> list[Row]:
    """What ``ticketcore COMMAND`` answers about the lines of a file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        program = "from ticketcore.cli import main; main()"
        done = [sys.executable, "-c", program, command, str(path), "--out", str(out)]
        subprocess.run(done, check=True, stdout=subprocess.DEVNULL)
        return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def score(scorer: Path, gold: Iterable[Row], answers: Iterable[Row], *options: str) -> str:
    """What the scorer of the data prints about the answers."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            _written(Path(folder) / name, lines) for name, lines in (("gold.jsonl", gold), ("pred.jsonl", answers))
        ]
        done = subprocess.run(
            [sys.executable, str(scorer), *paths, *options], check=True, capture_output=True, text=True
        )
    return done.stdout.rstrip()


def _written(path: Path, lines: Iterable[Row]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)
