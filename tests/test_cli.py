"""The command line: what it prints, where, and how it ends."""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import click
import pytest
from click.testing import CliRunner

from ticketcore import Desk, Inbound
from ticketcore.cli.common import REJECTED, UNSERVED, UNUSABLE
from ticketcore.cli.main import INTERRUPTED, ticketcore
from ticketcore.cli.routing import routed_because
from ticketcore.commands import SetCapacity
from ticketcore.config import read_desk
from ticketcore.drawing import dot, mermaid
from ticketcore.events import Routed
from ticketcore.model import REQUEST, Actor, Kind, QueueState, Ref, RuleMatch
from ticketcore.ports import Commit
from ticketcore.records import message_record
from ticketcore.stores import SqliteStore

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DESK = """
[desk]
tenant = "shop"

[agents.ana]
capacity = 2
"""
CHAT = {"fact": "message", "channel": "chat", "account": "s"}
FEED = [
    {**CHAT, "at": "2026-03-02T09:00:00Z", "sender": "kim", "text": "Hi", "id": "1"},
    {**CHAT, "at": "2026-03-02T09:01:00Z", "sender": "lee", "text": "Hello", "id": "2"},
    {"at": "2026-03-02T09:02:00Z", "fact": "tags", "about": {"number": 2}, "add": ["vip"]},
    {**CHAT, "at": "2026-03-02T09:03:00Z", "sender": "max", "text": "\u001b[2J[red]Boo", "id": "3"},
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a desk and a feed, in which the commands are called."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text(DESK)
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in FEED))
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(ticketcore, [str(each) for each in arguments])


def run(*more):
    return call("run", "feed.jsonl", "--desk", "desk.toml", "--store", "desk.db", *more)


def stored(command, *arguments):
    return call(command, *arguments, "--store", "desk.db", "--tenant", "shop")


def test_a_report_is_written_and_what_stands_out_is_said(folder):
    (folder / "desk.toml").write_text(DESK.replace("capacity = 2", "capacity = 1"))
    messages = [{**CHAT, "at": f"2026-03-02T09:{i:02}:00Z", "sender": f"c{i}", "text": "Hi"} for i in range(12)]
    (folder / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [*messages, {"at": "soon"}]))
    done = run("--report", "out.html")
    assert done.exit_code == 1
    *_, where, highlight = done.stdout.splitlines()
    assert where == "report: out.html"
    assert highlight == "  - 12 tickets are open, more than ever before; 11 have no agent."
    page = (folder / "out.html").read_text()
    assert highlight.removeprefix("  - ") in page
    assert "feed.jsonl" in page, "what was rejected is named"
    assert json.loads(run("--json", "--report", "again.html").stdout)["duplicates"] == 12
    assert (folder / "again.html").read_text() == page


def test_a_report_of_a_feed_that_told_nothing(folder):
    (folder / "feed.jsonl").write_text("\n")
    assert run("--report", "out.html").exit_code == 0
    assert "</html>" in (folder / "out.html").read_text()


def test_a_report_that_cannot_be_written_loses_nothing(folder):
    done = run("--report", "nowhere/out.html")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith("ticketcore: nowhere/out.html: ")
    assert "3 new tickets" in done.stdout
    assert run("--json").stdout.count('"duplicates": 4')


def test_on_a_terminal_run_shows_how_far_it_is(folder):
    lines = [{**CHAT, "at": "2026-03-02T09:00:00Z", "sender": f"c{i}", "text": "Hi"} for i in range(1500)]
    (folder / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    ours, theirs = pty.openpty()
    arguments = ["run", "feed.jsonl", "--desk", "desk.toml"]
    with program(*arguments, stderr=theirs, stdout=subprocess.PIPE) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # The other side was closed: how a terminal ends on Linux.
            while piece := os.read(ours, 65536):
                shown += piece
        assert b"1500" in process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert re.search(rb"[\d,]+ read", shown)
    assert re.search(rb"\d/s", shown)
    assert re.search(rb"\d:\d\d:\d\d", shown)


def test_run_without_a_desk_goes_on_with_the_one_that_the_store_keeps(folder):
    run()
    again = call("run", "feed.jsonl", "--store", "desk.db", "--json")
    assert json.loads(again.stdout)["duplicates"] == 4
    other = call("run", "feed.jsonl", "--store", "desk.db", "--tenant", "other", "--json")
    assert json.loads(other.stdout)["stored"] == 4
    both = call("run", "feed.jsonl", "--store", "desk.db")
    assert (both.exit_code, "--tenant" in both.stderr) == (2, True)


def test_remarks_that_say_the_same_are_one_line_but_each_skipped_file_is_named(folder):
    mails = folder / "mails"
    mails.mkdir()
    for i in range(3):
        (mails / f"{i}.eml").write_text(
            f"From: k@x.example\nDate: Mon, 2 Mar 2026 09:00:0{i} +0000\nSubject: a\nSubject: b\n\nHi\n"
        )
        (mails / f"{i}.txt").write_text("x")
    told = call("run", "mails").stderr.splitlines()
    assert [line.split(": ")[1] for line in told] == ["file", "file", "file", "subject"]
    assert told[-1].startswith("mails/0.eml: subject: ")
    assert told[-1].endswith("(3 times)")


@pytest.mark.parametrize("asked", [["--tenant", ""], ["--tenant", "a\ud800"], ["--tag", "a\ud800"]])
def test_a_text_that_no_database_can_hold_is_one_clear_line(folder, asked):
    run()
    done = call("tickets", "--store", "desk.db", *asked)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert asked[0].removeprefix("--") in done.stderr


def test_a_number_that_no_ticket_can_have(folder):
    run()
    assert stored("show", "9" * 30).exit_code == 2


@pytest.mark.parametrize("needed", ["desk.db", "feed.jsonl", "desk.toml", "./desk.toml"])
def test_a_report_is_not_written_over_what_is_needed(folder, needed):
    run()
    before = (folder / needed).read_bytes()
    done = run("--report", needed)
    assert (done.exit_code, done.stderr) == (
        2,
        f"ticketcore: --report: {folder.joinpath(needed).relative_to(folder)} would be written over, and is needed\n",
    )
    assert (folder / needed).read_bytes() == before


def test_an_address_of_ours_that_is_none_is_named_in_its_file(folder):
    with open(folder / "desk.toml", "a") as file:
        file.write('[mail]\naddresses = ["nobody"]\n')
    done = run()
    assert (done.exit_code, done.stderr) == (
        2, "ticketcore: desk.toml: line 8: mail.addresses[0]: must be an address, not 'nobody'\n"
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_before_anything_was_done_is_one_word(folder, number):
    script = [sys.executable, "-W", "error", "-c", "from ticketcore_command import main; main()", "run", "feed.jsonl"]
    ended = []
    for wait in range(2, 40, 3):
        with subprocess.Popen(script, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            time.sleep(wait / 100)
            process.send_signal(number)
            told = process.stderr.read().decode()
        ended.append(process.returncode)
        if process.returncode == 130:
            assert told.startswith("ticketcore: interrupted; ")
            assert told.count("\n") == 1
    assert 130 in ended


def test_one_ticket_is_one(folder):
    (folder / "feed.jsonl").write_text(json.dumps(FEED[0]))
    assert run().stdout.splitlines()[0].endswith("; 1 new ticket")


def test_run_says_what_it_came_to(folder):
    done = run("--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {
        "read": 4, "stored": 4, "duplicates": 0, "tickets": 3, "kept": {}, "rejected": []
    }  # fmt: skip
    again = run("--json")
    assert json.loads(again.stdout)["duplicates"] == 4
    assert "4 here before" in run().stdout


def test_what_is_rejected_is_listed_and_the_rest_goes_on(folder):
    with (folder / "feed.jsonl").open("a") as file:
        file.write('{"at": "2026-03-02T08:00:00Z", "fact": "presence", "agent": "ana", "presence": "away"}\n{"at": 7')
    done = run("--json")
    assert done.exit_code == 1
    summary = json.loads(done.stdout)
    first = summary["rejected"][0]
    assert (first["line"], first["field"]) == (5, "at")
    assert summary["read"] == summary["stored"] + summary["duplicates"] + len(summary["rejected"]) == 6
    assert "feed.jsonl:5: at:" in done.stderr


def test_tickets_are_found_sorted_and_paged(folder):
    run()
    page = json.loads(stored("tickets", "--limit", "2", "--json").stdout)
    assert [ticket["number"] for ticket in page["tickets"]] == [1, 2]
    rest = json.loads(stored("tickets", "--limit", "2", "--page", page["next"], "--json").stdout)
    assert ([ticket["number"] for ticket in rest["tickets"]], rest["next"]) == ([3], None)

    def numbers(*asked):
        done = stored("tickets", *asked, "--json")
        assert done.exit_code == 0, done.stderr
        return [ticket["number"] for ticket in json.loads(done.stdout)["tickets"]]

    assert numbers("--tag", "vip") == [2]
    assert numbers("--tag", "none", "--tag", "vip", "--descending") == [3, 2, 1]
    assert numbers("--assignee", "none") == [3]
    assert numbers("--contact", "lee", "--channel", "chat", "--account", "s") == [2]
    assert numbers("--opened-since", "2026-03-02T09:01+00:00", "--opened-before", "2026-03-02T09:03Z") == [2]
    assert numbers("--sort", "updated", "--descending")[0] == 3
    assert "vip" in stored("tickets").stdout


@pytest.mark.parametrize(
    "asked",
    [
        ["--priority", "huge"],
        ["--opened-since", "yesterday"],
        ["--page", "?"],
        ["--contact", "nobody"],
        ["--sort", "colour"],
        ["--state", "active"],
        ["--category", "active"],
        ["--limit", "0"],
    ],
)
def test_an_argument_that_cannot_be_used_is_one_clear_line(folder, asked):
    run()
    done = stored("tickets", *asked)
    assert done.exit_code == 2
    assert asked[0] in done.stderr


def test_a_store_of_one_desk_need_not_be_told_whose(folder):
    run()
    alone = call("tickets", "--store", "desk.db", "--json").stdout
    assert alone == stored("tickets", "--json").stdout
    assert len(json.loads(alone)["tickets"]) == 3
    assert "ticket 2" in call("show", 2, "--store", "desk.db").stdout
    wrong = call("tickets", "--store", "desk.db", "--tenant", "shp")
    assert (wrong.exit_code, wrong.stderr) == (2, "ticketcore: --tenant: desk.db keeps no desk of 'shp', but of shop\n")
    call("run", "feed.jsonl", "--store", "desk.db", "--tenant", "other")
    unsaid = call("tickets", "--store", "desk.db")
    assert (unsaid.exit_code, unsaid.stdout) == (2, "")
    assert "say which with --tenant: other, shop" in unsaid.stderr
    assert "ticket 2" in stored("show", 2).stdout


def test_what_is_printed_for_people_has_no_spaces_at_the_ends_of_lines(folder):
    run()
    assert not [line for line in stored("tickets").stdout.splitlines() if line != line.rstrip()]


def test_a_ticket_is_shown_with_its_reasons_and_without_commands_to_the_terminal(folder):
    run()
    done = stored("show", 3, "--explain")
    assert done.exit_code == 0, done.stderr
    assert "because of 1 agent, 1 has no room: nobody is left" in done.stdout
    assert "[red]Boo" in done.stdout
    assert "from max by chat" in done.stdout
    assert "\x1b" not in done.stdout
    told = json.loads(stored("show", 2, "--json").stdout)
    assert (told["number"], told["messages"][0]["text"], told["tags"]) == (2, "Hello", ["vip"])
    assert stored("show", 9).exit_code == 2


def test_why_a_ticket_is_in_its_queue():
    at, queue = datetime(2026, 3, 2, tzinfo=UTC), QueueState("money", 20, timedelta(minutes=90), 0)
    said = Routed(at, Actor.rule("router"), "front", (), "busy", 1)
    assert routed_because(said) == "because the rule busy applies"
    assert routed_because(attrs.evolve(said, rule=None)) == "because no rule applies"
    matches = (RuleMatch("refund", ("money back", "refund")), RuleMatch("busy", queues=(queue,)))
    assert routed_because(attrs.evolve(said, matches=matches)) == (
        "because the rule refund (keyword money back, keyword refund), "
        "then busy (money with 20 waiting up to 1 hour 30 minutes and 0 on duty) applies"
    )


def test_tickets_that_a_file_would_move_or_has_no_state_for_are_counted(folder):
    run()
    moves = {
        "new.assign": "working",
        "pending.reply": "working",
        "pending.resume": "working",
        "on_hold.reply": "working",
        "on_hold.resume": "working",
        "solved.reply": "working",
        "working.assign": "working",
        "working.reply": "working",
        "working.pend": "pending",
        "working.hold": "on_hold",
        "working.solve": "solved",
    }
    told = "".join(f'moves.{cell} = "{state}"\n' for cell, state in moves.items())
    life = f'\n[workflows.request]\nbased_on = "request"\nwithout = ["open"]\nstates.working.category = "open"\n{told}'
    (folder / "desk.toml").write_text(DESK + life)
    done = call("config", "diff", "desk.toml", "--store", "desk.db")
    count = len(json.loads(stored("tickets", "--state", "open", "--json").stdout)["tickets"])
    several = "ticket is" if count == 1 else "tickets are"
    assert f"{count} request {several} in 'open', which the file has not" in done.stdout
    (folder / "desk.toml").write_text(DESK + life + 'replaces.open = "working"\n')
    done = call("config", "diff", "desk.toml", "--store", "desk.db")
    assert f"{count} request {several} in 'open', and would go to 'working'" in done.stdout
    assert "workflows.request.replaces" in done.stdout


def test_a_desk_file_is_checked_and_compared(folder):
    run()
    assert "shop: 1 agent, 1 team," in call("config", "check", "desk.toml").stdout
    (folder / "skilled.toml").write_text(DESK + "skills = {gold = 1}\n")
    assert json.loads(call("config", "check", "skilled.toml", "--json").stdout)["skills"] == 1
    assert call("config", "diff", "desk.toml", "--store", "desk.db").exit_code == 0
    (folder / "desk.toml").write_text(DESK.replace("2", "3"))
    done = call("config", "diff", "desk.toml", "--store", "desk.db")
    assert done.exit_code == 1
    assert "agents.ana.capacity: 3 in the file, 2 stored" in done.stdout
    (folder / "desk.toml").write_text(DESK + "colour = 3\n")
    broken = call("config", "check", "desk.toml")
    assert broken.exit_code == 2
    assert "line 7" in broken.stderr


LIFE = (
    DESK
    + """
[types.repair]
workflow = "repair"

[workflows.repair]
based_on = "request"

[workflows.repair.states]
on_hold.default = true
parts = {category = "on_hold", labels = {de = "Teile"}, customer_labels = "Being repaired"}

[workflows.repair.moves]
open.hold = ["on_hold", "parts"]
parts = {reply = "open", solve = {to = "solved", guards = ["tested"]}}
"""
)


def test_every_fault_of_a_lifecycle_is_listed(folder):
    (folder / "desk.toml").write_text(LIFE)
    done = call("lifecycle", "check", "desk.toml", "--guard", "tested")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "desk.toml: repair: no faults\n", "")
    assert call("lifecycle", "check", "desk.toml", "--guard", "tested", "--json").stdout == "[]\n"
    done = call("lifecycle", "check", "desk.toml", "--guard", "weighed")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "desk.toml: line 20: workflows.repair.moves.parts.solve.guards: nobody defines 'tested'",
        "Only native rules are known here; say with --guard which others your program defines.",
    ]
    (folder / "desk.toml").write_text(
        LIFE.replace('"parts"]', '"parst"]').replace("reply =", "pend =") + '[workflows.b]\nbased_on = "c"\n'
    )
    done = call("lifecycle", "check", "desk.toml", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout) == [
        {
            "line": 19,
            "field": "workflows.repair.moves.open.hold[1]",
            "reason": "no state 'parst' is declared; did you mean 'parts'?",
        },
        {"line": 22, "field": "workflows.b.based_on", "reason": "no sound workflow 'c' stands above"},
    ]
    assert "Only native" not in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [("x", "line 1: TOML"), ("workflows = 1", "workflows: must be a table"), ("[desk]\nx = 1", "desk.x")],
)
def test_what_else_is_wrong_with_a_file_is_said_by_the_check_of_a_lifecycle(folder, text, words):
    (folder / "desk.toml").write_text(text)
    done = call("lifecycle", "check", "desk.toml")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr
    assert call("lifecycle", "check", "nothing.toml").stderr == (
        "ticketcore: nothing.toml: No such file or directory\n"
    )


def test_a_lifecycle_is_drawn(folder):
    (folder / "desk.toml").write_text(LIFE)
    usual = call("lifecycle", "draw")
    assert (usual.exit_code, usual.stdout) == (0, mermaid(REQUEST))
    assert call("lifecycle", "draw", "--format", "dot").stdout == dot(REQUEST)
    drawn = call("lifecycle", "draw", "desk.toml", "--locale", "de").stdout
    assert 'state "Teile (on_hold)" as s6' in drawn
    assert "s6 --> s4 : solve [tested]" in drawn
    assert "Being repaired (on_hold)" in call("lifecycle", "draw", "desk.toml", "--customer").stdout
    as_json = json.loads(call("lifecycle", "draw", "desk.toml", "--json").stdout)
    assert (as_json["workflow"], as_json["format"]) == ("repair", "mermaid")
    (folder / "desk.toml").write_text(LIFE.replace("[workflows.repair]", "[types.request]\n[workflows.repair]"))
    unsaid = call("lifecycle", "draw", "desk.toml")
    assert (unsaid.exit_code, unsaid.stdout) == (2, "")
    assert "say which with --workflow: repair, request" in unsaid.stderr
    assert call("lifecycle", "draw", "desk.toml", "--workflow", "request").stdout == mermaid(REQUEST)
    wrong = call("lifecycle", "draw", "desk.toml", "--workflow", "moon")
    assert (wrong.exit_code, wrong.stderr) == (2, "ticketcore: --workflow: there is no 'moon', but repair, request\n")


def test_a_desk_with_guards_of_its_own_is_compared_and_not_run(folder):
    run()
    (folder / "desk.toml").write_text(LIFE)
    done = run()
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "nobody defines 'tested'; a desk with guards of its own is run by the program" in done.stderr
    compared = call("config", "diff", "desk.toml", "--store", "desk.db")
    assert compared.exit_code == 1
    assert "workflows.repair: {" in compared.stdout
    assert "workflows.request: nothing in the file" in compared.stdout


def test_files_that_cannot_be_read_are_one_clear_line(folder):
    assert call("run", "missing.jsonl").exit_code == 1
    unread = call("run", "feed.jsonl", "--desk", "missing.toml")
    assert (unread.exit_code, unread.stderr) == (2, "ticketcore: missing.toml: No such file or directory\n")
    (folder / "other.db").write_bytes(b"Dear Sir or Madam" * 99)
    done = call("run", "feed.jsonl", "--store", "other.db")
    assert (done.exit_code, done.stderr.count("\n")) == (3, 1)
    assert "not a ticketcore database" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        *([], ["run"], ["tickets"], ["show"], ["config"], ["config", "check"], ["config", "diff"]),
        *(["lifecycle"], ["lifecycle", "check"], ["lifecycle", "draw"]),
    ],
)
def test_every_command_helps_with_an_example(command):
    done = call(*command, "--help")
    assert done.exit_code == 0
    assert "Example: ticketcore" in done.stdout


def leaves(command, *names):
    """The names of all commands that do something."""
    if not isinstance(command, click.Group):
        return [names]
    return [leaf for name, each in command.commands.items() for leaf in leaves(each, *names, name)]


PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("names", leaves(ticketcore))
def test_the_reference_has_every_command_with_its_options(names):
    command = " ".join(("ticketcore", *names))
    assert f"\n## `{command}`\n" in PAGE
    told = CliRunner().invoke(ticketcore, [*names, "--help"], terminal_width=78).stdout  # as where nobody looks
    assert f"\n$ {command} --help\n{told}" in PAGE


def test_the_reference_has_every_exit_code():
    codes = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert [int(code) for code in codes] == [0, REJECTED, UNUSABLE, UNSERVED, INTERRUPTED]


def program(*arguments, **options):
    code = "from ticketcore.cli import main; main()"
    return subprocess.Popen([sys.executable, "-W", "error", "-c", code, *arguments], **options)


@pytest.mark.slow
def test_a_closed_pipe_ends_it_without_a_word(folder):
    run()
    arguments = ("tickets", "--store", "desk.db", "--tenant", "shop")
    with program(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        started.stdout.close()
        assert (started.wait(30), started.stderr.read()) == (0, b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked", [("run", "feed.jsonl", "--store", "new.db", "--json"), ("tickets", "--store", "desk.db")]
)
def test_an_output_that_is_closed_is_no_fault_and_one_that_is_full_is_one_clear_line(folder, asked):
    run()

    def ended(command):
        code = "from ticketcore.cli import main; main()"
        shell = ["sh", "-c", f'"$@" {command}', "sh", sys.executable, "-W", "error", "-c", code, *asked]
        done = subprocess.run(shell, stderr=subprocess.PIPE, timeout=30)
        return done.returncode, done.stderr.decode()

    assert ended(">&-") == (0, "")
    if os.path.exists("/dev/full"):
        assert ended(">/dev/full") == (3, "ticketcore: the output: No space left on device\n")


@pytest.mark.slow
def test_what_an_encoding_lacks_is_escaped(folder):
    line = {**FEED[0], "text": "\u4f60\u597d \U0001f600"}
    (folder / "feed.jsonl").write_text(json.dumps(line) + "\n")
    run()
    arguments = ("show", "1", "--store", "desk.db", "--tenant", "shop")
    for encoding in ("latin-1", "ascii", "cp1252"):
        options = {"stdout": subprocess.PIPE, "env": {**os.environ, "PYTHONIOENCODING": encoding}}
        with program(*arguments, "--json", **options) as process:
            assert json.loads(process.stdout.read())["messages"][0]["text"] == line["text"]
        with program(*arguments, **options) as process:
            assert b"customer: " in process.stdout.read()
            assert process.wait() == 0


@pytest.mark.slow
def test_an_argument_that_is_no_text_is_one_clear_line(folder):
    with program("run", "feed.jsonl", "--tenant", b"\xff", stderr=subprocess.PIPE) as process:
        said = process.stderr.read()
        assert (process.wait(), said.count(b"\n"), b"surrogate" in said) == (2, 1, True)


@pytest.mark.slow
@pytest.mark.parametrize("asked_by", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_was_taken_in(folder, asked_by):
    lines = [{**FEED[0], "id": str(i), "sender": f"c{i}"} for i in range(20_000)]
    (folder / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    started = program("run", "feed.jsonl", "--store", "desk.db", stderr=subprocess.PIPE)
    while not (folder / "desk.db-wal").exists() or os.path.getsize(folder / "desk.db-wal") < 500_000:
        time.sleep(0.01)
        assert started.poll() is None
    started.send_signal(asked_by)
    _, said = started.communicate(timeout=30)
    assert (started.returncode, said) == (130, b"ticketcore: interrupted; what was done before is kept\n")
    page = json.loads(call("tickets", "--store", "desk.db", "--json").stdout)
    assert page["tickets"]


def test_attributes_are_shown_and_tickets_found_by_what_they_are_about(folder):
    (folder / "desk.toml").write_text(f'{DESK}\n[types.refund.attributes]\norder = {{kind = "order"}}\nwhy = {{}}\n')
    about = {"type": "refund", "attributes": {"order": "A-1", "why": "torn"}}
    (folder / "feed.jsonl").write_text(
        "".join(json.dumps({**line, **(about if i == 0 else {})}) + "\n" for i, line in enumerate(FEED))
    )
    assert run().exit_code == 0
    (found,) = json.loads(stored("tickets", "--order", "A-1", "--json").stdout)["tickets"]
    assert (found["number"], found["type"], found["attributes"]) == (1, "refund", {"order": ["A-1"], "why": ["torn"]})
    assert json.loads(stored("tickets", "--service", "A-1", "--json").stdout)["tickets"] == []
    shown = stored("show", 1).stdout
    assert "order: A-1\nwhy: torn\n" in shown
    assert "attributes +order\n" in shown


def test_every_agent_is_compared_and_every_message_shown_however_many_there_are(folder):
    names = [f"a{place:04}" for place in range(1002)]
    rows = "".join(f"[agents.{name}]\n" for name in names)
    (folder / "desk.toml").write_text(f'[desk]\ntenant = "shop"\n{rows}', encoding="utf-8")
    file = read_desk((folder / "desk.toml").read_text(encoding="utf-8"))
    with SqliteStore("many.db", durability="normal") as store:
        desk = Desk(store, tenant="shop", config=file.configuration)
        received = desk.receive(Inbound("chat", "shop", "kim", "First"), AT)
        desk.handle(SetCapacity(names[-1], Actor.bot("host"), 7), AT)
        (first,) = store.load("shop", [Ref(Kind.MESSAGE, received.message)])
        others = [attrs.evolve(first, id=f"m{place}") for place in range(1000)]
        store.commit(Commit("shop", tuple(map(message_record, others))))
    done = call("config", "diff", "desk.toml", "--store", "many.db")
    assert (done.exit_code, done.output) == (1, f"agents.{names[-1]}.capacity: 5 in the file, 7 stored\n")
    shown = json.loads(call("show", "1", "--store", "many.db", "--json").output)
    assert len(shown["messages"]) == 1001
