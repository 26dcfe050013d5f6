"""Kill the taking in of recorded streams, begin again, and compare what is stored: ``python -m bench.streams_killed``.

``ticketcore run`` is killed (SIGKILL) at twenty moments: in the first second, near the end, and anywhere, and each time
begun again with the same command.  Then one run is killed twenty times in succession.  Both are done with JSON lines
alone, and with an mbox, chats of WhatsApp and JSON lines merged.  Each prints a line of JSON; ``different`` names every
table that is not as it is without a kill, and the command then ends with 1.  ``--seed N`` for other moments.

Everything stored is compared, down to the positions of the events, but for the tokens and the attempts of claims: a
timer that was claimed and not settled is claimed again, under the next token.
"""

import argparse
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from bench.streams import OURS, OWN_NAME, RUN, desk_file, write_feed
from bench.streams_to_facts import STREAMS, all_facts, streams

KILLS = 20
CAPACITY = 5
PASSED_OVER = {"ticketcore_agenda": {"token", "attempt", "lease_until"}, "ticketcore_counter": {"token"}}
"""The columns of a table that say how often something was claimed, and not what came of it."""

Rows = list[tuple[object, ...]]


def stored(path: Path) -> dict[str, Rows]:
    """Every table of the file as its sorted rows, and what SQLite thinks of the file."""
    connection = sqlite3.connect(path)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, Rows] = {"integrity": connection.execute("PRAGMA integrity_check").fetchall()}
    for table in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        kept = ", ".join(f'"{column}"' for column in columns if column not in PASSED_OVER.get(table, ()))
        found[table] = sorted(connection.execute(f"SELECT {kept} FROM {table}"), key=repr)
    connection.close()
    return found


def different(one: dict[str, Rows], other: dict[str, Rows]) -> list[str]:
    """The names of the tables that differ."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def events_in(path: Path) -> int:
    """How many events the file has; none before there are any tables.  Counted in a copy: reading mends a file."""
    looked_at = path.with_name("copy.db")
    for ending in ("", "-wal"):
        Path(f"{looked_at}{ending}").unlink(missing_ok=True)
        if Path(f"{path}{ending}").exists():
            shutil.copy(f"{path}{ending}", f"{looked_at}{ending}")
    connection = sqlite3.connect(looked_at)
    try:
        return int(connection.execute("SELECT count(*) FROM ticketcore_event").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def run(folder: Path, feeds: Sequence[str], store: str, after: float | None = None) -> bool:
    """Run the command, and kill it after so many seconds; whether it came to its end before."""
    command = (*RUN, *feeds, "--desk", "desk.toml", "--store", store, "--json")
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            _, said = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            return False
    if process.returncode not in (0, 1):
        raise SystemExit(f"ended with {process.returncode}: {said.decode()}")
    return True


def moments(chance: random.Random, whole: float) -> list[float]:
    """Twenty moments of a run that takes so long: six in its first second, six near its end, and eight anywhere."""
    early = [chance.uniform(0.05, min(1.0, whole)) for _ in range(6)]
    late = [whole * chance.uniform(0.85, 1.0) for _ in range(6)]
    return [*early, *late, *(chance.uniform(0, whole) for _ in range(KILLS - 12))]


def killed(folder: Path, feeds: Sequence[str], store: str, moment: float) -> float:
    """Run and kill at this moment, or sooner if the run has ended by then; when it was."""
    while run(folder, feeds, store, moment):
        moment *= 0.9
        for file in folder.glob(f"{store}*"):
            file.unlink()
    return moment


def trial(folder: Path, feeds: Sequence[str], seed: int) -> dict[str, Any]:
    """Kill at twenty moments, then twenty times in succession; what differs from a run that nobody kills."""
    chance = random.Random(seed)
    start = time.monotonic()
    run(folder, feeds, "whole.db")
    whole = time.monotonic() - start
    expected = stored(folder / "whole.db")
    unlike: list[str] = []
    began: list[int] = []
    for number, planned in enumerate(moments(chance, whole)):
        store = f"{number}.db"
        moment = killed(folder, feeds, store, planned)
        began.append(events_in(folder / store))
        run(folder, feeds, store)
        unlike += [f"{moment:.3f} s: {name}" for name in different(expected, stored(folder / store))]
    chain: list[int] = []
    for nth in range(KILLS):
        longest = min(1.0, whole) / 2 + whole * nth / KILLS / 2
        while run(folder, feeds, "chain.db", chance.uniform(longest / 2, longest)):
            longest /= 2
        chain.append(events_in(folder / "chain.db"))
    run(folder, feeds, "chain.db")
    unlike += [f"chain: {name}" for name in different(expected, stored(folder / "chain.db"))]
    return {
        "seconds": round(whole, 1),
        "events": len(expected["ticketcore_event"]),
        "events at a kill": sorted(began),
        "events at a kill in the chain": chain,
        "different": unlike,
    }


def write_mbox(path: Path, given: Iterable[Any]) -> None:
    """The customers' messages of some streams as an mbox, in the order of the streams."""
    mails = []
    for stream in given:
        for index, message in enumerate(stream["messages"]):
            if message["role"] == "agent":
                continue
            mail = EmailMessage()
            mail["From"], mail["To"] = f"{stream['id']}@customers.example", OURS
            mail["Date"] = format_datetime(datetime.fromisoformat(message["t"]))
            mail["Message-ID"] = f"<{stream['id']}.{index}@customers.example>"
            if message.get("reply_to") is not None:
                mail["In-Reply-To"] = f"<{stream['id']}.{message['reply_to']}@customers.example>"
            mail.set_content(message["text"])
            mails.append(b"From - Mon Jan  6 12:00:00 2025\n" + mail.as_bytes() + b"\n")
    path.write_bytes(b"".join(mails))


def write_chat(path: Path, stream: Any) -> None:
    """A stream as WhatsApp would export it."""
    lines = []
    for message in stream["messages"]:
        at = datetime.fromisoformat(message["t"])
        who = OWN_NAME if message["role"] == "agent" else stream["id"]
        lines.append(f"{at:%d.%m.%y, %H:%M} - {who}: {message['text']}\n")
    path.write_text("".join(lines), encoding="utf-8")


def write_feeds(folder: Path, given: Sequence[Any]) -> list[str]:
    """A third of the streams as an mbox, five as a chat each, and the rest as JSON lines; the names of the files."""
    third = len(given) // 3
    write_mbox(folder / "mail.mbox", given[:third])
    for i, stream in enumerate(given[third : third + 5]):
        write_chat(folder / f"chat{i}.txt", stream)
    write_feed(folder / "rest.jsonl", all_facts(given[third + 5 :]))
    return ["mail.mbox", *(f"chat{i}.txt" for i in range(5)), "rest.jsonl"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.streams_killed", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="which moments (default: %(default)s)")
    parser.add_argument("--streams", type=int, default=60, help="how many streams (default: %(default)s of 1,055)")
    asked = parser.parse_args()
    if not STREAMS.is_file():
        print(f"skipped: no streams at TICKETCORE_DATA: {STREAMS}", file=sys.stderr)
        return 0
    given = streams(STREAMS)[:: max(1, 1055 // asked.streams)]
    unlike = False
    for merged in (False, True):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "desk.toml").write_text(desk_file(CAPACITY), encoding="utf-8")
            if merged:
                feeds = write_feeds(folder, given)
            else:
                feeds = ["feed.jsonl"]
                write_feed(folder / feeds[0], all_facts(given))
            came_to = trial(folder, feeds, asked.seed)
        print(json.dumps({"feeds": len(feeds), "seed": asked.seed, **came_to}), flush=True)
        unlike = unlike or bool(came_to["different"])
    return int(unlike)


if __name__ == "__main__":
    sys.exit(main())
